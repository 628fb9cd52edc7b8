"""Steps of a Keras training that tells of weights and gradients, beside steps that do not, and beside histograms of all."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.rounds import side_by_side
from benchmarks.row import Goal, Row
from benchmarks.took import Took

_FAR = 100_000
"""A step that is far in a long training, where few are told."""
_WARM = 60
"""Steps until one was told there, and one was not: each is traced when it first comes."""


@dataclass(frozen=True)
class Case:
    """A model, the shape of an example, and how many steps of it are taken.

    Attributes:
        far, start: Goals of the time of the processor: far in a training, and of its first hundred steps.
    """

    name: str
    model: Callable[[], Any]
    shape: tuple[int, ...]
    batch: int
    steps: int
    far: float
    start: float


def rows(rounds: int = 2) -> list[Row]:
    """On each model: our default far in a training, its first steps, and what people do today.

    Args:
        rounds: How often each way is taken.
    """
    return [row for case in CASES for row in _of(case, rounds)]


def _of(case: Case, rounds: int) -> list[Row]:
    few = min(case.steps, 90)  # of the first hundred, all of which are told in full
    ways: Mapping[str, Callable[[], Took]] = {
        "none": lambda: _train(case, _WARM, case.steps, lambda folder: []),
        "far": lambda: _train(case, _WARM, case.steps, lambda folder: _ours(folder, _FAR)),
        "none, few": lambda: _train(case, 1, few, lambda folder: []),
        "start": lambda: _train(case, 1, few, lambda folder: _ours(folder, 0)),
        "histograms": lambda: _train(case, 1, max(3, few // 30), _histograms),
    }
    took = side_by_side(ways, rounds, warm_up=False)
    wall = {way: [each.wall for each in of] for way, of in took.items()}
    processor = {way: [each.processor for each in of] for way, of in took.items()}
    far, start, against = f"{case.name}: a step of a long training", f"{case.name}: one of the first {few} steps, told in full", "the same without"
    return [
        Row(far, wall["far"], wall["none"], against=against),
        Row(f"{far}, time of the processor", processor["far"], processor["none"], against=against, goal=Goal(case.far)),
        Row(start, wall["start"], wall["none, few"], against=against),
        Row(f"{start}, time of the processor", processor["start"], processor["none, few"], against=against, goal=Goal(case.start)),
        Row(start, wall["start"], wall["histograms"], against="tf.summary.histogram of all weights and gradients, each step"),
        Row(f"{case.name}: what telling adds to a step", _added(wall["start"], wall["none, few"]), _reads(case, rounds), against="one read of each value"),
    ]


def _added(with_it: Sequence[float], without: Sequence[float]) -> list[float]:
    return [ours - theirs for ours, theirs in zip(with_it, without, strict=True)]


def _reads(case: Case, rounds: int) -> list[float]:
    """Seconds that reading each weight and each gradient once takes: no exact statistic is faster."""
    values = np.ones(2 * case.model().count_params(), np.float32)
    found = []
    for _ in range(rounds):
        begin = Took.now()
        for _ in range(10):
            values.dot(values)
        found.append(Took.now().since(begin, 10).wall)
    return found


def _train(case: Case, warm: int, steps: int, way: Callable[[str], list[Any]]) -> Took:
    """Seconds a step after the first `warm`, among which are those traced; all that was logged is written when the clock is stopped."""
    import keras

    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    model = case.model()
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    x, y = np.random.default_rng(0).standard_normal((case.batch, *case.shape), np.float32), np.arange(case.batch) % 10
    clock = _clock(keras.callbacks.Callback, warm)
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        data = _repeated(x, y)
        model.fit(data, epochs=1, steps_per_epoch=warm + steps, verbose=0, callbacks=[*way(folder), clock])
    took: Took = clock.end.since(clock.begin, steps)
    return took


def _clock(callback: Any, warm: int) -> Any:
    class Clock(callback):
        """Looks at the time after the first batches, and when those before it in the list have closed."""

        begin = end = Took(0, 0)

        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            if batch == warm:
                self.begin = Took.now()

        def on_train_end(self, logs: Any = None) -> None:
            self.end = Took.now()

    return Clock()


def _repeated(x: Any, y: Any) -> Any:
    """One batch, again and again: what reading data costs is no part of this."""
    import tensorflow as tf

    return tf.data.Dataset.from_tensors((x, y)).repeat()


def _ours(folder: str, step: int) -> list[Any]:
    from layerscope.keras import Layerscope

    return [Layerscope(folder, initial_step=step)]


def _histograms(folder: str) -> list[Any]:
    """What there is without us: a train step of one's own that gives all tensors to `tf.summary.histogram`."""
    import keras
    import tensorflow as tf

    writer = tf.summary.create_file_writer(folder)

    class Histograms(keras.callbacks.Callback):
        def on_train_begin(self, logs: Any = None) -> None:
            step, inner = tf.Variable(0, dtype=tf.int64, trainable=False), self.model.optimizer.apply

            def apply(grads: Any, variables: Any) -> Any:
                variables = list(variables)
                with writer.as_default(step=step):
                    for gradient, variable in zip(grads, variables, strict=True):
                        tf.summary.histogram(variable.path, variable.value)
                        tf.summary.histogram(f"{variable.path}/gradient", gradient)
                step.assign_add(1)
                return inner(grads, variables)

            self.model.optimizer.apply = apply
            self.model.make_train_function(force=True)

        def on_train_end(self, logs: Any = None) -> None:
            writer.close()

    return [Histograms()]


def _dense(*units: int) -> Callable[[], Any]:
    def make() -> Any:
        import keras

        first, *hidden = units
        layers = [keras.layers.Dense(n, activation="relu") for n in hidden]
        return keras.Sequential([keras.Input((first,)), *layers, keras.layers.Dense(10)])

    return make


def _resnet20() -> Any:
    """He et al. 2015, "Deep Residual Learning", section 4.2, n = 3."""
    import keras

    layers = keras.layers

    def convolved(x: Any, filters: int, stride: int = 1) -> Any:
        return layers.BatchNormalization()(layers.Conv2D(filters, 3, stride, padding="same", use_bias=False)(x))

    inputs = keras.Input((32, 32, 3))
    x = layers.ReLU()(convolved(inputs, 16))
    for filters in (16, 32, 64):
        for block in range(3):
            stride = 2 if filters > 16 and block == 0 else 1
            short = x if stride == 1 else layers.Conv2D(filters, 1, 2, use_bias=False)(x)
            x = layers.ReLU()(layers.Add()([convolved(layers.ReLU()(convolved(x, filters, stride)), filters), short]))
    return keras.Model(inputs, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))


CASES = (
    Case("dense, 0.24 M", _dense(784, 256, 128), (784,), 128, 1000, 1.10, 1.25),
    Case("ResNet-20, 0.27 M", _resnet20, (32, 32, 3), 32, 50, 1.03, 1.05),
    Case("dense, 25 M", _dense(3072, 4096, 2560, 770), (3072,), 32, 50, 1.03, 1.15),
)
"""Those that `tf.summary` and others were measured on, too."""
