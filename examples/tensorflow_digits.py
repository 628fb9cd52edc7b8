"""A training loop with a GradientTape on scikit-learn's digits, and the lines that log it.

Run it, then: tensorboard --logdir logs
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from layerscope import confusion_matrix
from layerscope.tensorflow import watch

digits = load_digits()
images = (digits.data / 16.0).astype(np.float32)
x_train, x_test, y_train, y_test = train_test_split(images, digits.target, test_size=0.3, random_state=0, stratify=digits.target)
names = [str(name) for name in digits.target_names]

keras.utils.set_random_seed(0)
model = keras.Sequential(
    [keras.Input((64,)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(10)],
)
optimizer = keras.optimizers.Adam(1e-3)
criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
epochs, batch_size = 10, 32
data = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(len(x_train)).batch(batch_size)


def step(x: Any, y: Any) -> Any:
    """One step; returns its loss."""
    with tf.GradientTape() as tape:
        loss = criterion(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    return loss


train_step = tf.function(step)
with watch(model, optimizer, "logs/tensorflow_digits", steps=epochs * len(data)) as run:
    for _epoch in range(epochs):
        for x, y in data:
            run.loss(train_step(x, y))
        scores = model(x_test).numpy()
        run.write("validation/confusion_matrix", confusion_matrix.from_scores(y_test, scores, score="logit", labels=names))

print(f"accuracy {(scores.argmax(1) == y_test).mean():.3f} on the held-out images")
