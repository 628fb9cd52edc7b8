"""Trains on two replicas and prints what is logged beside what it must be: a process of its own, since TensorFlow fixes its devices once."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import keras
import numpy as np
import sklearn.metrics
import tensorflow as tf

from layerscope.keras import Layerscope
from tests.keras.logged import counts, last, points, statistics_of
from tests.keras.models import digits, sequential, two_outputs

tf.config.set_logical_device_configuration(tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2)
data, folder = digits(), Path(sys.argv[1])
x, y = data.x_val[:96], data.y_val[:96]


def logged(name: str, evaluation: str) -> Any:
    return counts(last(folder / name / "layerscope", f"{evaluation}/confusion_matrix")).tolist()


replicas = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
with replicas.scope():
    model, two = sequential(), two_outputs()
    model.compile("sgd", "sparse_categorical_crossentropy")
    two.compile("sgd", ["sparse_categorical_crossentropy", "binary_crossentropy"], run_eagerly=False)
for one, truth, name in [(model, y, "one"), (two, [y, y % 2], "two")]:
    one.fit(x, truth, batch_size=32, validation_data=(x, truth), verbose=0, callbacks=[Layerscope(folder / name)])
digit, odd = two.predict(x, verbose=0)


def labels_and_numbers() -> list[Any]:
    """What is told of several labels, and of a number, and what it must be."""
    labels, number = np.stack([y % 2 == 0, y > 4, np.isin(y, [1, 4, 9])], axis=1).astype(np.float32), (y / 10).astype(np.float32)
    with replicas.scope():
        inputs = keras.Input((8, 8))
        flat = keras.layers.Flatten()(inputs)
        heads = {"traits": keras.layers.Dense(3, activation="sigmoid")(flat), "size": keras.layers.Dense(1)(flat)}
        model = keras.Model(inputs, heads)
        model.compile("sgd", {"traits": "binary_crossentropy", "size": "mse"})
    truth, weight = {"traits": labels, "size": number}, np.linspace(0, 2, len(y), dtype=np.float32)
    model.fit(x, truth, batch_size=32, validation_data=(x, truth, weight), verbose=0, callbacks=[Layerscope(folder / "labels")])

    found, run = model.predict(x, verbose=0), folder / "labels" / "layerscope"
    table, numbers = last(run, "validation/traits/multilabel"), last(run, "validation/size/regression")
    oracle = sklearn.metrics.multilabel_confusion_matrix(labels, found["traits"] > 0.5)
    error = sklearn.metrics.mean_squared_error(number, found["size"][:, 0], sample_weight=weight)
    return [
        [table.table[:, [3, 1, 2, 0]].reshape(-1, 2, 2).tolist(), oracle.tolist()],
        [bool(np.isclose(numbers.error_squares[0] / numbers.weight_sum[0], error, rtol=1e-4)), True],
    ]


def told(name: str, evaluation: str) -> Any:
    """The class that is told to be predicted of each sample."""
    run = points(folder / name / "layerscope")
    predictions = run[f"{evaluation}/predictions"][-1][1]
    truth = run[f"samples/{predictions.samples}"][0][1].truth
    return np.where(predictions.predicted == 0, truth, predictions.predicted - 1).tolist()


def steps(how: str) -> list[Any]:
    """Norms, batch sizes and losses that a training of six steps tells, and its weights, under no strategy or two replicas."""
    keras.utils.set_random_seed(1)
    with replicas.scope() if how == "two" else nullcontext():
        trained = sequential()
        trained.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    trained.fit(x, y, batch_size=32, epochs=2, shuffle=False, verbose=0, callbacks=[Layerscope(folder / f"steps_{how}")])
    told = statistics_of(folder / f"steps_{how}" / "layerscope", "start")
    activity = last(folder / f"steps_{how}" / "layerscope", "activity")
    active = [activity.units.tolist(), activity.never_positive.tolist(), activity.values.tolist()]  # a value may be 0 by its last bit
    return [told.value.tolist(), told.loss.tolist(), told.batch_examples.tolist(), told.learning_rate.tolist(), *active]


def clip_factors() -> Any:
    """What is told of how each replica clips its own gradients before they are summed."""
    with replicas.scope():
        trained = sequential()
        trained.compile(keras.optimizers.SGD(0.5, global_clipnorm=1e-3), "sparse_categorical_crossentropy")
    trained.fit(x, y, batch_size=32, verbose=0, callbacks=[Layerscope(folder / "clipped", activity=False)])
    return statistics_of(folder / "clipped" / "layerscope").clip_factor.tolist()


print(
    json.dumps(
        [
            [logged("one", "validation"), sklearn.metrics.confusion_matrix(y, model.predict(x, verbose=0).argmax(1), labels=range(10)).tolist()],
            [logged("two", "validation/digit"), sklearn.metrics.confusion_matrix(y, digit.argmax(1), labels=range(10)).tolist()],
            [logged("two", "validation/odd"), sklearn.metrics.confusion_matrix(y % 2, odd[:, 0] > 0.5, labels=[0, 1]).tolist()],
            [told("one", "validation"), model.predict(x, verbose=0).argmax(1).tolist()],
            [told("two", "validation/odd"), (odd[:, 0] > 0.5).astype(int).tolist()],
            *labels_and_numbers(),
            [steps("two"), steps("one")],
            clip_factors(),
        ]
    )
)
keras.utils.clear_session()
