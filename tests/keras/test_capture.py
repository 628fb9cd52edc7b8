"""What is told of each step, against an independent loop: a tape's own gradients, weights before, weights after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.keras.models import digits, sequential, tied
from writers import tensor_stats
from writers.frameworks.keras.capture.capture import Capture
from writers.frameworks.keras.capture.moments import MOMENTS
from writers.frameworks.keras.capture.ring import Drained
from writers.guard import Guard

Array = np.ndarray[Any, Any]
BATCH, STEPS = 16, 6


class Strict(Guard):
    """Lets failures out: a test wants to see them."""

    def attempt(self, part: str, action: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        return action(*args, **kwargs)


class Telling(keras.callbacks.Callback):
    """Captures a `fit`: every step in full, if not told otherwise."""

    def __init__(self, stretches: Any = ((0, 1),), full_every: int = 1, last: int | None = None) -> None:
        super().__init__()
        self._arguments, self._last = (stretches, full_every), last

    def on_train_begin(self, logs: Any = None) -> None:
        stretches, full_every = self._arguments
        self.capture = Capture(self.model, full_every=full_every, slots=64, guard=Strict())
        self.capture.schedule.begin(0, stretches, self._last)
        self.capture.install()
        self.model.make_train_function(force=True)

    def on_train_end(self, logs: Any = None) -> None:
        self.counted = self.capture.schedule.now
        self.told: Drained = self.capture.drain()
        self.capture.remove()
        self.model.make_train_function(force=True)


class Step(NamedTuple):
    """What the independent loop saw of one step: each variable's arrays, in the order of `model.weights`."""

    before: list[Array]
    gradients: list[Array | None]
    after: list[Array]
    loss: float
    rate: float


def compiled(model: keras.Model, optimizer: Any = "adam", **options: Any) -> keras.Model:
    model.compile(optimizer, "sparse_categorical_crossentropy", **options)
    return model


def frozen() -> keras.Model:
    model = sequential(noisy=False)
    model.layers[1].trainable = False
    return compiled(model)


def shared() -> keras.Model:
    inputs = keras.Input((8, 8))
    layer = keras.layers.Dense(64, activation="tanh")
    hidden = layer(layer(keras.layers.Flatten()(inputs)))
    return compiled(keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(hidden)))


def embedded() -> keras.Model:
    whole = keras.layers.Lambda(lambda x: tf.cast(x * 16, tf.int32))
    inputs = keras.Input((8, 8))
    words = keras.layers.Embedding(20, 4)(keras.layers.Flatten()(whole(inputs)))
    return compiled(keras.Model(inputs, keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(words))), keras.optimizers.SGD(0.1))


def half(scale: float = 2.0**12, **options: Any) -> keras.Model:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        return compiled(sequential(), keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(), initial_scale=scale, **options))
    finally:
        keras.config.set_dtype_policy("float32")


MODELS: dict[str, Callable[[], keras.Model]] = {
    "plain": lambda: compiled(sequential()),
    "eager": lambda: compiled(sequential(), run_eagerly=True),
    "three steps an execution": lambda: compiled(sequential(), steps_per_execution=3),
    "XLA": lambda: compiled(sequential(), jit_compile=True),
    "clipped by the global norm": lambda: compiled(sequential(), keras.optimizers.Adam(global_clipnorm=0.1)),
    "weight decay": lambda: compiled(sequential(), keras.optimizers.AdamW(weight_decay=0.1)),
    "moving average": lambda: compiled(sequential(), keras.optimizers.SGD(0.1, use_ema=True, ema_overwrite_frequency=2)),
    "accumulated": lambda: compiled(sequential(), keras.optimizers.Adam(gradient_accumulation_steps=3)),
    "scaled by a factor": lambda: compiled(sequential(), keras.optimizers.Adam(loss_scale_factor=64.0)),
    "half precision": half,
    "schedule": lambda: compiled(sequential(), keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5))),
    "moving averages and dropout": lambda: compiled(sequential(noisy=True)),
    "frozen layer": frozen,
    "shared layer": shared,
    "sparse gradients": embedded,
    "tied weights": lambda: compiled(tied(), keras.optimizers.SGD(1.0, momentum=0.9)),
}


def by_hand(model: keras.Model, steps: int) -> list[Step]:
    """Trains with a tape, in a plain loop."""
    data, seen = digits(), []
    optimizer = model.optimizer
    optimizer.build(model.trainable_variables)
    for i in range(steps):
        x, y = (tf.constant(array[i * BATCH : (i + 1) * BATCH]) for array in data[:2])
        before = [weight.numpy() for weight in model.weights]
        rate = float(tf.convert_to_tensor(optimizer.learning_rate))
        with tf.GradientTape() as tape:
            loss = model.compute_loss(x, y, model(x, training=True))
            scaled = optimizer.scale_loss(loss)
        factor = float(scaled) / float(loss)
        gradients = tape.gradient(scaled, [variable.value for variable in model.trainable_variables])
        of = {id(v): tf.convert_to_tensor(g).numpy() / factor for v, g in zip(model.trainable_variables, gradients, strict=True)}
        optimizer.apply(gradients, model.trainable_variables)
        seen.append(Step(before, [of.get(id(w)) for w in model.weights], [w.numpy() for w in model.weights], float(loss), rate))
    return seen


def fitted(model: keras.Model, callback: Any, steps: int = 10, **options: Any) -> None:
    data = digits()
    model.fit(data.x[: steps * BATCH], data.y[: steps * BATCH], batch_size=BATCH, shuffle=False, verbose=0, callbacks=[callback], **options)


def seeded(make: Callable[[], keras.Model]) -> keras.Model:
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(3)
    return make()


def assert_told(told: Drained, seen: list[Step], applied: Callable[[int], bool] = lambda _: True, rtol: float = 2e-3) -> None:
    """Each number of each told step is that of NumPy on the arrays of the other loop."""
    assert len(told.step) > 0
    for i, number in enumerate(told.step):
        step = seen[number]
        np.testing.assert_allclose(told.numbers[i, 0], step.loss, rtol=rtol)
        np.testing.assert_allclose(told.numbers[i, 2], step.rate, rtol=1e-6)
        for row, (before, gradient, after) in enumerate(zip(*step[:3], strict=True)):
            has_update = gradient is not None and applied(int(number))
            one = tensor_stats.of(0, weights={"w": before}, gradients={"w": gradient}, updated={"w": after} if has_update else {})
            wanted = dict(zip(one.statistics, one.value[:, 0, 0], strict=True))
            for of, got in (("weight", told.weights), ("gradient", told.gradients)):
                moments = np.array([wanted[f"{of}_{name}"] for name in MOMENTS])
                if not told.is_full[i]:
                    moments[1:] = np.nan
                    moments[0] = moments[0] if has_gradient(seen, row) else np.nan  # those that are not trained are told in full steps alone
                close(got[i, row], moments, rtol, before.size)
            close(told.updates[i, row], np.array([wanted["update_sum_squares"], wanted["update_max_abs"]]), rtol, before.size)


def has_gradient(seen: list[Step], row: int) -> bool:
    return seen[0].gradients[row] is not None


def close(got: Array, wanted: Array, rtol: float, size: int) -> None:
    # A sum that nearly cancels is no better than its parts.
    spread = rtol * np.sqrt(size * np.nan_to_num(wanted[0])) if len(wanted) == len(MOMENTS) else 1e-7
    np.testing.assert_allclose(got, wanted, rtol=rtol, atol=max(spread, 1e-9))


@pytest.mark.parametrize("name", MODELS)
def test_steps_are_told_as_an_independent_loop_sees_them_and_the_training_stays_the_same(name: str) -> None:
    def trained(callback: Any) -> list[Array]:
        model = seeded(MODELS[name])
        fitted(model, callback, STEPS)
        assert "train_step" not in vars(model)
        assert "apply" not in vars(model.optimizer)
        return [variable.numpy() for variable in [*model.variables, *model.optimizer.variables, *model.metrics_variables]]

    telling = Telling(((0, 1), (3, 1)), 2)
    with_it, without = trained(telling), trained(keras.callbacks.Callback())
    for one, other in zip(with_it, without, strict=True):
        np.testing.assert_array_equal(one, other)
    assert telling.told.step.tolist() == list(range(STEPS))
    assert telling.told.is_full.tolist() == [True, True, True, True, False, True]
    assert (telling.told.numbers[:, 1] == BATCH).all()
    applied = (lambda i: i % 3 == 2) if name == "accumulated" else (lambda _: True)
    assert_told(telling.told, by_hand(seeded(MODELS[name]), STEPS), applied, rtol=3e-2 if name == "half precision" else 2e-3)


def test_only_due_steps_are_told_and_some_of_them_in_full() -> None:
    telling = Telling(((0, 1), (3, 2), (15, 4)), 2, last=28)
    fitted(seeded(MODELS["plain"]), telling, epochs=3)

    assert telling.told.step.tolist() == [0, 1, 2, 3, 5, 7, 9, 11, 13, 15, 19, 23, 27, 28]
    assert telling.told.is_full.tolist() == [True] * 3 + [True, False, True, False, True, False] + [True, False, True, False] + [True]
    assert telling.counted == 30
    brief = telling.told.gradients[~telling.told.is_full]
    assert np.isfinite(brief[:, :, 0]).all()
    assert np.isnan(brief[:, :, 1:]).all()


def test_steps_that_loss_scaling_skips_say_so() -> None:
    telling = Telling()
    fitted(seeded(lambda: half(2.0**20, dynamic_growth_steps=100)), telling)
    scale, applied = telling.told.numbers[:, 3], telling.told.numbers[:, 4]
    skipped = applied == 0
    assert skipped[0]
    assert not skipped.all()
    assert (scale[1:] < scale[:-1]).tolist() == skipped[:-1].tolist()
    assert (telling.told.gradients[skipped, :, 1].sum(axis=1) > 0).all()
    assert np.isnan(telling.told.updates[skipped]).all()
    assert np.isfinite(telling.told.updates[~skipped]).all()


class Own(keras.Model):
    """A train step of the user's own, with a loss of their own."""

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss}


def test_a_custom_train_step_is_told() -> None:
    def make() -> keras.Model:
        inner = sequential()
        return compiled(Own(inner.inputs, inner.outputs))

    telling = Telling()
    fitted(seeded(make), telling, STEPS)
    assert_told(telling.told, by_hand(seeded(make), STEPS))


class Adversaries(keras.Model):
    """Two networks with an optimizer each, one of them trained inside a condition."""

    def __init__(self) -> None:
        super().__init__()
        self.maker, self.judge = keras.layers.Dense(64, name="maker"), keras.layers.Dense(1, name="judge")
        self.built = True

    def compile(self) -> None:
        super().compile()
        self.maker_optimizer, self.judge_optimizer = keras.optimizers.SGD(0.1), keras.optimizers.Adam(0.01)
        self.maker.build((None, 64))
        self.judge.build((None, 64))

    def train_step(self, data: Any) -> dict[str, Any]:
        flat = tf.reshape(data[0], [-1, 64])
        with tf.GradientTape(persistent=True) as tape:
            judged = tf.reduce_mean(self.judge(flat)) - tf.reduce_mean(self.judge(self.maker(flat)))
            made = tf.reduce_mean(tf.square(self.judge(self.maker(flat)) - 1.0))
        of_judge = tape.gradient(judged, self.judge.trainable_variables)
        of_maker = tape.gradient(made, self.maker.trainable_variables)
        self.judge_optimizer.apply(of_judge, self.judge.trainable_variables)
        tf.cond(made > 0.0, lambda: bool(self.maker_optimizer.apply(of_maker, self.maker.trainable_variables)) or True, lambda: False)
        return {"made": made}


def test_two_optimizers_are_told_each_with_its_own() -> None:
    telling = Telling()
    model = seeded(Adversaries)
    model.compile()
    before = {weight.path: weight.numpy() for weight in model.weights}
    fitted(model, telling, steps=1)
    assert list(telling.capture.optimizers) == ["optimizer", "maker_optimizer", "judge_optimizer"]
    np.testing.assert_allclose(telling.told.numbers[0, [2, 6, 10]], [np.nan, 0.1, 0.01])
    for row, weight in enumerate(model.weights):
        change = weight.numpy() - before[weight.path]
        np.testing.assert_allclose(telling.told.updates[0, row], [(change**2).sum(), np.abs(change).max()], rtol=1e-4)
        assert telling.told.gradients[0, row, 0] > 0 or weight.name == "bias"


class Idle(keras.Model):  # not of Own: Keras makes that a functional model once it was called with inputs and outputs
    """A layer that nothing comes of, and one that gets gradients of zero."""

    train_step = Own.train_step

    def __init__(self) -> None:
        super().__init__()
        self.flat = keras.layers.Flatten()
        self.zero, self.used, self.unused = (keras.layers.Dense(10, name=name) for name in ("zero", "used", "unused"))

    def build(self, shape: Any) -> None:
        for layer in (self.zero, self.used, self.unused):
            layer.build((None, 64))
        self.built = True

    def call(self, x: Any) -> Any:
        flat = self.flat(x)
        return tf.nn.softmax(self.used(flat) + 0.0 * self.zero(flat))


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
def test_a_gradient_that_is_not_there_is_nothing_and_one_of_zeros_is_zero() -> None:
    def make() -> keras.Model:
        model = Idle()
        model.build((None, 8, 8))
        return compiled(model)

    telling = Telling()
    fitted(seeded(make), telling, steps=2)
    rows = {weight.path.split("/")[-2]: row for row, weight in enumerate(telling.model.weights)}
    assert np.isnan(telling.told.gradients[:, rows["unused"]]).all()
    assert np.isnan(telling.told.updates[:, rows["unused"]]).all()
    assert np.isfinite(telling.told.weights[:, rows["unused"]]).all()
    assert (telling.told.gradients[:, rows["zero"], 0] == 0).all()
    assert (telling.told.gradients[:, rows["used"], 0] > 0).all()


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_what_an_optimizer_counts_where_data_of_unknown_length_ends_is_as_without() -> None:
    def trained(callback: Any) -> list[Array]:
        model = seeded(lambda: compiled(sequential(), keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5))))
        batches = tf.data.Dataset.from_tensor_slices((digits().x[:48], digits().y[:48])).batch(BATCH).filter(lambda *_: True)
        model.fit(batches, epochs=4, shuffle=False, verbose=0, callbacks=[callback])
        return [variable.numpy() for variable in [*model.variables, *model.optimizer.variables]]

    telling = Telling()
    for one, other in zip(trained(telling), trained(keras.callbacks.Callback()), strict=True):
        np.testing.assert_array_equal(one, other)
    assert telling.told.step.tolist() == list(range(12))


def test_nothing_is_traced_again() -> None:
    def traces(*callbacks: Any) -> int:
        count = 0

        class Counted(Own):
            def train_step(self, data: Any) -> dict[str, Any]:
                nonlocal count
                count += 1
                return super().train_step(data)

        inner = sequential()
        model = compiled(Counted(inner.inputs, inner.outputs))
        data = digits()
        model.fit(data.x, data.y, epochs=4, verbose=0, callbacks=list(callbacks))
        return count

    assert traces(Telling(((0, 1), (2, 3)), 2)) == traces()


def test_an_optimizer_that_others_wrapped_meanwhile_is_left_as_they_want_it() -> None:
    model = compiled(sequential())
    calls: list[int] = []

    class Theirs(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            inner = model.optimizer.apply

            def apply(*args: Any, **kwargs: Any) -> Any:
                calls.append(1)
                return inner(*args, **kwargs)

            model.optimizer.apply = apply

    data = digits()
    model.fit(data.x[:32], data.y[:32], verbose=0, callbacks=[Telling(), Theirs()])
    assert "apply" in vars(model.optimizer)
    fitted(model, keras.callbacks.Callback(), steps=2)
    assert calls
