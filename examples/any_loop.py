"""A training loop without Keras: NumPy's softmax regression on scikit-learn's digits, logged with RunWriter.

Run it, then: tensorboard --logdir logs
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from layerscope import Evaluation, RunWriter

digits = load_digits()
x_train, x_test, y_train, y_test = train_test_split(digits.data / 16.0, digits.target, test_size=0.3, random_state=0, stratify=digits.target)
names = [str(name) for name in digits.target_names]

rng = np.random.default_rng(0)
weights, bias = np.zeros((64, 10)), np.zeros(10)
batch_size, steps, learning_rate = 32, 1_000, 0.5


def logits(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Scores before softmax, [example, class]."""
    return x @ weights + bias


with RunWriter("logs/any_loop", steps=steps) as run:
    for step in range(steps):
        batch = rng.integers(len(x_train), size=batch_size)
        x, y = x_train[batch], y_train[batch]
        scores = logits(x)
        probabilities = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        loss = -np.log(probabilities[np.arange(batch_size), y]).mean()

        gradient = (probabilities - np.eye(10)[y]) / batch_size
        weights -= learning_rate * x.T @ gradient
        bias -= learning_rate * gradient.sum(axis=0)

        if step % 10 == 0:
            run.write("train/loss", float(loss), step)
        if (step + 1) % 100 == 0:
            evaluation = Evaluation(names, score="logit", examples=200)
            evaluation.update(y_test, logits(x_test), inputs=x_test.reshape(-1, 8, 8))
            evaluation.write(run, "validation", step + 1)

print(f"accuracy {(logits(x_test).argmax(axis=1) == y_test).mean():.3f} on the held-out images")
