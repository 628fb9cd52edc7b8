"""Trains on two replicas and on none and prints what is logged of both: a process of its own, since TensorFlow fixes its devices once."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import keras
import tensorflow as tf

from layerscope import MemorySink
from layerscope.tensorflow import watch
from tests.tensorflow.trainings import BATCH, STEPS, X, Y, batch, net
from tests.torch.logged import Logged

tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2)
replicas = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])


def told(is_spread: bool, is_watched: bool = True) -> tuple[Any, Any]:
    """Statistics, losses, rates and steps of a training, and its weights."""
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    with replicas.scope() if is_spread else nullcontext():
        model, optimizer = net(), keras.optimizers.Adam(0.01)
        optimizer.build(model.trainable_variables)

    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            losses = keras.losses.sparse_categorical_crossentropy(y, model(x, training=True), from_logits=True)
            loss = tf.reduce_sum(losses) / BATCH
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
        return loss

    def spread(x: Any, y: Any) -> Any:
        return replicas.reduce("SUM", replicas.run(step, args=(x, y)), axis=None)

    data = [batch(i) for i in range(STEPS)]
    if is_spread:
        data = list(replicas.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices((X, Y)).batch(BATCH)))
    sink, function = MemorySink(), tf.function(spread if is_spread else step)
    run = watch(model, optimizer, to=sink) if is_watched else None
    for x, y in data:
        loss = function(x, y)
        if run is not None:
            run.loss(loss)
    weights = [variable.numpy().tolist() for variable in model.weights]
    if run is None:
        return None, weights
    run.close()
    logged = Logged(sink)
    return [logged.start(name).tolist() for name in ("value", "loss", "learning_rate", "step")], weights


class Other(tf.distribute.MirroredStrategy):
    """A strategy that nobody tried."""


with Other(["CPU:0", "CPU:1"]).scope():
    other = net()
sink = MemorySink()
watch(other, keras.optimizers.SGD(), to=sink).close()
assert {tag.partition("/")[0] for tag in Logged(sink).payloads} == {"parameters", "structure", "training_facts"}

print(json.dumps([told(is_spread=True, is_watched=False), told(is_spread=True), told(is_spread=False)]))
