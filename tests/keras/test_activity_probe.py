"""What is told of the layers' outputs is what NumPy counts in those of a model of its own, and nothing is changed by looking."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from layerscope.keras import Layerscope
from tb_plugin.schema.activity import Activity
from tests.keras.logged import last, points, steps
from tests.keras.models import Batches, Subclassed, digits, sequential
from writers.frameworks.keras.activity.activities import Activities
from writers.frameworks.keras.model.structure import structure_of
from writers.frameworks.keras.settings import Settings

Array = np.ndarray[Any, Any]

DATA = digits()
X, Y = np.concatenate([DATA.x, DATA.x_val])[:265], np.concatenate([DATA.y, DATA.y_val])[:265]


def fitted(model: keras.Model, folder: Path, x: Any = X, y: Any = Y, *, loss: Any = "sparse_categorical_crossentropy", **options: Any) -> keras.Model:
    compiled = {name: options.pop(name) for name in ("jit_compile", "run_eagerly", "steps_per_execution") if name in options}
    model.compile(keras.optimizers.SGD(0.1), loss, **compiled)
    given = {} if y is None else {"y": y}
    model.fit(x, **given, verbose=0, callbacks=[Layerscope(folder, gradients=False)], **options)
    return model


def looked(model: keras.Model, x: Any = X, **compiled: Any) -> Activity:
    """What is told of a model without training it."""
    model.compile("sgd", "mse", **compiled)
    activities = Activities(model, {"x": x})
    activities.prepare()
    activity = activities.look()
    assert activity is not None, str(activities)
    return activity


def told(folder: Path) -> Activity:
    activity = last(folder / "layerscope", "activity")
    assert isinstance(activity, Activity)
    return activity


def in_words(folder: Path) -> str:
    words: str = last(folder / "layerscope", "training_facts").schedule["activity"]
    return words


def by_numpy(outputs: list[tuple[str, Array]]) -> list[tuple[int, ...]]:
    """Units, units never above 0, values, zeros, saturated, not finite; of each (activation, output)."""
    counted: list[tuple[int, ...]] = []
    for activation, output in outputs:
        flat = output.astype(np.float64).reshape(-1, output.shape[-1])
        ends = {"sigmoid": (flat < 0.01) | (flat > 0.99), "tanh": np.abs(flat) > 0.98}.get(activation)
        silent = sum(bool((flat[:, unit] <= 0).all()) for unit in range(flat.shape[1]))
        counted.append((flat.shape[1], silent, flat.size, int((flat == 0).sum()), -1 if ends is None else int(ends.sum()), int((~np.isfinite(flat)).sum())))
    return counted


def counts(activity: Activity) -> list[tuple[int, ...]]:
    columns = (activity.units, activity.never_positive, activity.values, activity.zeros, activity.saturated, activity.non_finite)
    return [tuple(map(int, row)) for row in zip(*columns, strict=True)]


def outputs_of(model: keras.Model, names: list[str], x: Any) -> list[Array]:
    """Of layers that are called once, as in inference."""
    return [np.asarray(keras.Model(model.input, model.get_layer(name).output)(x, training=False)) for name in names]


def varied() -> keras.Model:
    inputs = keras.Input((8, 8))
    x = layers.Reshape((8, 8, 1))(inputs)
    x = layers.Conv2D(6, 3, activation="relu", name="conv", bias_initializer=keras.initializers.Constant(-0.2))(x)
    x = layers.BatchNormalization(name="norm")(layers.Flatten()(x))
    x = layers.Dense(12, name="wide", kernel_initializer=keras.initializers.RandomNormal(0.0, 0.5))(x)
    x = layers.LeakyReLU(name="leaky")(layers.Dropout(0.5)(x))
    x = layers.Dense(9, activation="tanh", name="tanh", kernel_initializer=keras.initializers.RandomNormal(0.0, 1.0))(x)
    x = layers.Activation("relu", name="apart")(layers.Dense(8, bias_initializer=keras.initializers.Constant(-2.0))(x))
    x = layers.Dense(1, activation="sigmoid", name="odd", kernel_initializer=keras.initializers.RandomNormal(0.0, 4.0))(x)
    return keras.Model(inputs, layers.Activation("linear", dtype="float32")(x))


NAMES = {"conv": "relu", "leaky": "leaky_relu", "tanh": "tanh", "apart": "relu", "odd": "sigmoid"}


@pytest.mark.parametrize("policy", ["float32", "mixed_float16", "mixed_bfloat16"])
def test_it_is_what_numpy_counts(policy: str) -> None:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        model = varied()
    finally:
        keras.config.set_dtype_policy(before)
    model.get_layer("norm").set_weights(np.random.default_rng(0).uniform(0.5, 2, (4, 216)))  # as if trained

    activity = looked(model)

    assert activity.examples == 256
    assert [(layer.path, layer.activation) for layer in activity.layers] == list(NAMES.items())
    assert [layer.path for layer in activity.layers if layer.is_output] == ["odd"]
    assert counts(activity) == by_numpy(list(zip(NAMES.values(), outputs_of(model, list(NAMES), X[:256]), strict=True)))
    assert activity.never_positive.any()
    assert activity.zeros[0] > 0
    assert activity.saturated[2] > 0


@pytest.mark.parametrize("compiled", [{}, {"jit_compile": True}, {"steps_per_execution": 2}])
def test_it_is_that_of_the_weights_after_the_epoch(compiled: Any, tmp_path: Path) -> None:
    model = sequential()

    fitted(model, tmp_path, epochs=2, batch_size=64, **compiled)

    assert counts(told(tmp_path)) == by_numpy([("relu", np.asarray(model.layers[1](X[:256].reshape(-1, 64))))])
    assert keras.tree.flatten(model.predict(X[:4], verbose=0))[0].shape == (4, 10)


def test_it_is_told_after_each_epoch_at_the_step_of_its_end(tmp_path: Path) -> None:
    fitted(sequential(), tmp_path, epochs=3, batch_size=100)

    assert steps(tmp_path / "layerscope", "activity") == [3, 6, 9]
    assert told(tmp_path).examples == 200  # whole passes, no larger than a batch
    assert in_words(tmp_path) == "on the first 200 training examples"


def test_shared_layers_are_one_row_and_shared_activations_one_each() -> None:
    inputs = keras.Input((8, 8))
    shared, activation = layers.Dense(8, activation="relu", name="shared"), layers.ReLU(name="relu")
    inner_inputs = keras.Input((8,))
    inner = keras.Model(inner_inputs, layers.Dense(4, activation="relu", name="within")(inner_inputs), name="inner")
    flat = layers.Flatten()(inputs)
    narrow = activation(layers.Dense(5, name="a")(flat))
    wide = activation(layers.Dense(7, name="b")(narrow))
    once = shared(layers.Dense(8, name="c")(wide))
    twice = shared(once)
    joined = layers.Concatenate()([inner(once), inner(twice), keras.ops.tanh(twice)])
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(joined))

    activity = looked(model)

    within = inner.get_layer("within")
    tensors = [narrow, wide, once, twice]
    a, b, c, d = (np.asarray(keras.Model(inputs, tensor)(X[:256], training=False)) for tensor in tensors)
    merged = np.concatenate([np.asarray(within(c)), np.asarray(within(d))])
    expected = {
        "relu": ("relu", a),
        "relu#2": ("relu", b),
        "shared": ("relu", np.concatenate([c, d])),
        "inner/within": ("relu", merged),
        "tanh": ("tanh", np.tanh(d)),
    }
    assert {layer.path for layer in activity.layers} == set(expected)
    assert counts(activity) == by_numpy([expected[layer.path] for layer in activity.layers])
    assert {node.path for node in structure_of(model).nodes} >= set(expected)


def test_calls_are_numbered_as_in_the_structure() -> None:
    inputs = keras.Input((64,))
    activation = layers.ReLU(name="relu")
    late = activation(layers.Dense(3, name="a")(layers.Dense(3, name="before_a")(layers.Dense(3)(inputs))))
    early = activation(layers.Dense(4, name="b")(inputs))  # called later, and nearer to the input
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.Concatenate()([early, late])))

    activity = looked(model, X.reshape(-1, 64))

    structure = structure_of(model)
    nodes = {node.path: i for i, node in enumerate(structure.nodes)}
    before = {structure.nodes[int(b)].path: structure.nodes[int(a)].path for a, _, b, _ in structure.edge}
    assert {layer.path: int(units) for layer, units in zip(activity.layers, activity.units, strict=True)} == {
        path: {"a": 3, "b": 4}[before[path]] for path in nodes if path.startswith("relu")
    }


def test_a_subclassed_model() -> None:
    model = Subclassed()
    model(X[:1])

    activity = looked(model)

    hidden = np.asarray(model.hidden(model.flat(X[:256])))
    assert [layer.path for layer in activity.layers] == ["hidden"]
    assert counts(activity) == by_numpy([("relu", hidden)])


def test_inputs_by_name_of_other_types() -> None:
    words, size = keras.Input((4,), name="words", dtype="int32"), keras.Input((2,), name="size")
    embedded = layers.Flatten()(layers.Embedding(20, 3)(words))
    hidden = layers.Dense(6, activation="gelu", name="hidden")(layers.Concatenate()([embedded, size]))
    model = keras.Model({"words": words, "size": size}, layers.Dense(10, activation="softmax")(hidden))
    x = {"words": (X[:, 0, 2:6] * 16).astype(np.int64), "size": tf.constant(X[:, 1, :2].astype(np.float64))}

    activity = looked(model, x)

    probe = {"words": x["words"][:256], "size": np.asarray(x["size"], np.float32)[:256]}
    assert counts(activity) == by_numpy([("gelu", np.asarray(keras.Model(model.input, hidden)(probe, training=False)))])


class Counting(layers.Layer):
    """Keeps a count of its calls in a variable of Keras, draws a random number at each, also in inference, and tells a loss."""

    def __init__(self) -> None:
        super().__init__(name="counting")
        self.seeds = keras.random.SeedGenerator(3)
        self.traces = 0

    def build(self, shape: Any) -> None:
        self.calls = self.add_weight(shape=(), trainable=False, initializer="zeros", name="calls")

    def call(self, x: Any) -> Any:
        self.traces += 1
        self.calls.assign_add(1.0)
        self.add_loss(0.001 * keras.ops.mean(x))
        return x + 0.01 * keras.random.normal(keras.ops.shape(x), seed=self.seeds)


def counting_model() -> tuple[keras.Model, Counting]:
    counting = Counting()
    inputs = keras.Input((8, 8))
    hidden = layers.Dense(16, activation="relu", activity_regularizer="l2")(counting(layers.Flatten()(inputs)))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.BatchNormalization()(hidden))), counting


def test_variables_seeds_losses_metrics_and_names_are_as_without(tmp_path: Path) -> None:
    left = []
    for activity in (False, True):
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(2)
        model, counting = counting_model()
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        names = [operation.name for operation in model.operations]
        history = model.fit(X, Y, epochs=3, verbose=0, callbacks=[Layerscope(tmp_path / str(activity), gradients=False, activity=activity)]).history
        variables = [variable.numpy().tolist() for variable in (*model.variables, *model.optimizer.variables, *model.metrics_variables)]
        left.append((history, variables, counting.seeds.state.numpy().tolist(), [metric.name for metric in model.metrics], layers.Dense(1).name))

        assert [operation.name for operation in model.operations] == names
        assert not any("call" in vars(operation) for operation in (model, *model.operations))
        assert "_clear_losses" not in vars(model)
        assert len(model.losses) == 2

    assert left[0] == left[1]
    assert "activity" not in points(tmp_path / "False" / "layerscope")
    assert len(steps(tmp_path / "True" / "layerscope", "activity")) == 3


def test_losses_that_the_model_holds_stay(tmp_path: Path) -> None:
    model, counting = counting_model()
    model.compile("sgd", "sparse_categorical_crossentropy")
    model(X[:4], training=True)
    before = list(map(id, model.losses)), counting.calls.numpy(), counting.traces
    activities = Activities(model, {"x": X})

    activities.prepare()
    assert activities.look() is not None
    assert activities.look() is not None

    assert (list(map(id, model.losses)), counting.calls.numpy(), counting.traces - 1) == before  # traced once


class Touching(layers.Layer):
    """Changes what is not Keras'."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what
        self.own = tf.Variable(0, trainable=False)
        self.generator = tf.random.Generator.from_seed(1)
        self.seen: list[Any] = []

    def call(self, x: Any) -> Any:
        if self.what == "a variable of TensorFlow":
            self.own.assign_add(1)
        elif self.what == "random numbers of TensorFlow":
            return x + tf.random.uniform(())
        elif self.what == "a generator":
            return x + self.generator.uniform(())
        elif self.what == "Python":
            tf.py_function(self.seen.append, [tf.reduce_sum(x)], [])
        elif self.what == "a variable, in a loop":
            return tf.while_loop(lambda i, _: i < 2, lambda i, each: (i + self.own.assign_add(1) * 0 + 1, each), (0, x))[1]
        return x


@pytest.mark.parametrize("what", ["a variable of TensorFlow", "random numbers of TensorFlow", "a generator", "Python", "a variable, in a loop"])
def test_what_may_change_something_is_not_called(what: str) -> None:
    touching = Touching(what)
    model = keras.Sequential([layers.Flatten(), touching, layers.Dense(3, activation="relu")])
    model.compile("sgd", "mse")
    model(X[:2])
    before = touching.own.numpy(), touching.generator.state.numpy().tolist(), len(touching.seen)
    activities = Activities(model, {"x": X})

    activities.prepare()

    assert activities.look() is None
    assert str(activities).startswith("none: calling the model may change something (")
    assert (touching.own.numpy(), touching.generator.state.numpy().tolist(), len(touching.seen)) == before


def batches() -> Iterator[tuple[Array, Array]]:
    while True:
        yield X[:32], Y[:32]


class CallLess(keras.Model):
    """A train step of its own is all that it has, as a GAN."""

    def __init__(self) -> None:
        super().__init__()
        self.part = sequential()
        self.built = True


def regression() -> keras.Model:
    return keras.Sequential([keras.Input((8, 8)), layers.Flatten(), layers.Dense(10, activation="softmax")])


NO_ARRAYS = "the training data are not arrays in memory"


@pytest.mark.parametrize(
    ("make", "x", "compiled", "why"),
    [
        (sequential, lambda: Batches(X, Y), {}, NO_ARRAYS),
        (sequential, batches, {}, NO_ARRAYS),
        (sequential, lambda: {"a": X, "b": None}, {}, NO_ARRAYS),
        (sequential, lambda: np.array([["a"], ["b"]]), {}, "the training data are not numbers"),
        (sequential, lambda: X, {"run_eagerly": True}, "the model runs eagerly"),
        (regression, lambda: X, {}, "the model has no layer with a relu, a sigmoid, a tanh or the like"),
        (Subclassed, lambda: X, {}, "not all of the model's layers are built by its training"),
        (CallLess, lambda: X, {}, "the model has no call of its own"),
    ],
)
def test_why_it_cannot_be_told(make: Any, x: Any, compiled: Any, why: str) -> None:
    model = make()
    model.compile("sgd", "mse", **compiled)
    activities = Activities(model, {"x": x()})

    activities.prepare()

    assert activities.look() is None
    assert str(activities) == f"none: {why}"


def test_the_facts_say_why_and_no_data_set_is_iterated(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    begun: list[int] = []

    def drawn() -> Iterator[tuple[Array, Any]]:
        begun.append(1)
        yield from zip(X[:64], Y[:64], strict=True)

    data = tf.data.Dataset.from_generator(drawn, output_signature=(tf.TensorSpec((8, 8)), tf.TensorSpec((), tf.int64))).batch(32)
    data = data.apply(tf.data.experimental.assert_cardinality(2))
    with caplog.at_level(logging.WARNING, "layerscope"):
        fitted(sequential(), tmp_path, data, None, shuffle=False)

    assert begun == [1]
    assert "activity" not in points(tmp_path / "layerscope")
    assert in_words(tmp_path) == f"none: {NO_ARRAYS}"
    assert "activity" not in caplog.text


class Fragile(layers.Layer):
    """Cannot be called as in inference."""

    def call(self, x: Any, training: bool = False) -> Any:
        if not training and x.shape[0] is not None:
            raise ValueError("only for training")
        return x


def test_a_failure_is_told_once_and_training_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = keras.Sequential([keras.Input((8, 8)), layers.Flatten(), Fragile(), layers.Dense(10, activation="relu")])
    with caplog.at_level(logging.WARNING, "layerscope"):
        fitted(model, tmp_path, epochs=3)

    assert model.optimizer.iterations.numpy() == 27
    assert caplog.text.count("the activity of units") == 1
    assert "only for training" in caplog.text
    assert in_words(tmp_path) == "none: calling the model failed"


def test_how_many_points_there_are(tmp_path: Path) -> None:
    def kept(budget: float, cost: int, epochs: int) -> int:
        schedule = Settings(str(tmp_path), budget=budget).activities(cost)
        return sum(schedule.due(epoch, length=epochs) for epoch in range(epochs))

    assert kept(1, 600, 60) == 60
    assert 50 <= kept(1, 600, 10_000) <= 100
    assert 8 <= kept(1, 100_000, 10_000) <= 10
    assert 8 <= kept(0.01, 600, 10_000) <= 10
    with pytest.raises(TypeError, match="activity must be True or False"):
        Settings.checked(tmp_path, initial_step=None, budget=1.0, hyperparameters=None, gradients=True, activity=1)
