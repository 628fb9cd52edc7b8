"""Models that train themselves in a way of their own, as the guides of Keras have it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tb_plugin.schema.structure import Structure
from tb_plugin.schema.tensor_stats import NORMS
from tb_plugin.schema.training_facts import TrainingFacts
from tests.keras.logged import points, statistics_of

X = np.random.default_rng(0).normal(size=(48, 3)).astype(np.float32)
STEPS = 6


class Gan(keras.Model):
    """Keras' "DCGAN to generate face images": its train step calls its parts, and nobody ever calls the model itself."""

    def __init__(self) -> None:
        super().__init__()
        self.discriminator = keras.Sequential([keras.layers.Dense(4, "tanh"), keras.layers.Dense(1)])
        self.generator = keras.Sequential([keras.layers.Dense(3)])
        self.seed_generator = keras.random.SeedGenerator(1)

    def compile(self, d_optimizer: Any, g_optimizer: Any, **options: Any) -> None:
        super().compile(**options)
        self.d_optimizer, self.g_optimizer = d_optimizer, g_optimizer

    def train_step(self, data: Any) -> dict[str, Any]:
        noise = keras.random.normal((8, 2), seed=self.seed_generator)
        with tf.GradientTape() as tape:
            judged = tf.reduce_mean(tf.square(self.discriminator(data))) - tf.reduce_mean(self.discriminator(self.generator(noise)))
        of = self.discriminator.trainable_weights
        self.d_optimizer.apply_gradients(zip(tape.gradient(judged, of), of, strict=True))
        with tf.GradientTape() as tape:
            made = tf.reduce_mean(tf.square(self.discriminator(self.generator(noise)) - 1.0))
        of = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(zip(tape.gradient(made, of), of, strict=True))
        return {"d_loss": judged, "g_loss": made}


class Shelved(Gan):
    """The same, with its optimizers in a mapping."""

    def compile(self, d_optimizer: Any, g_optimizer: Any, **options: Any) -> None:
        keras.Model.compile(self, **options)
        self.optimizers = {"d": d_optimizer, "g": g_optimizer}

    d_optimizer = property(lambda self: self.optimizers["d"])
    g_optimizer = property(lambda self: self.optimizers["g"])


class Listed(Gan):
    """The same, with its optimizers in a list."""

    def compile(self, d_optimizer: Any, g_optimizer: Any, **options: Any) -> None:
        keras.Model.compile(self, **options)
        self.all_optimizers = [d_optimizer, g_optimizer]

    d_optimizer = property(lambda self: self.all_optimizers[0])
    g_optimizer = property(lambda self: self.all_optimizers[1])


class ByHand(keras.Sequential):
    """An update without an optimizer of Keras'."""

    def train_step(self, data: Any) -> dict[str, Any]:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(self(data)))
        for weight, gradient in zip(self.trainable_weights, tape.gradient(loss, [weight.value for weight in self.trainable_weights]), strict=True):
            weight.assign_sub(0.1 * gradient)
        return {"loss": loss}


def fit(folder: Path, model: keras.Model, **options: Any) -> dict[str, list[tuple[int, Any]]]:
    model.fit(X, batch_size=8, shuffle=False, verbose=0, callbacks=[Layerscope(folder, **options)])
    return points(folder / "layerscope")


def gan(kind: type[Gan] = Gan) -> Gan:
    model = kind()
    model.compile(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)), keras.optimizers.SGD(0.25))
    return model


@pytest.mark.parametrize(("kind", "names"), [(Gan, ("d_optimizer", "g_optimizer")), (Shelved, ("optimizers/d", "optimizers/g"))])
def test_a_model_that_is_never_called_itself_is_told_with_both_its_optimizers(kind: type[Gan], names: tuple[str, str], tmp_path: Path) -> None:
    model = gan(kind)
    logged = fit(tmp_path, model)
    (structure,), (facts,) = ([payload for _, payload in logged[tag]] for tag in ("structure", "training_facts"))
    assert isinstance(structure, Structure)
    assert isinstance(facts, TrainingFacts)
    assert [node.class_ for node in structure.nodes if node.class_ in ("Sequential", "Dense")] == ["Sequential", "Dense", "Dense", "Sequential", "Dense"]
    assert facts.optimizer == "SGD, SGD"

    norms = statistics_of(tmp_path / "layerscope")
    assert norms.groups == names
    assert norms.step.tolist() == list(range(1, STEPS))  # the first batch builds it
    gradient, update = (norms.value[NORMS.index(f"{of}_sum_squares")].astype(np.float64) for of in ("gradient", "update"))
    is_of_generator = np.array([any(weight is own for own in model.generator.weights) for weight in model.weights])
    rate = np.where(is_of_generator[:, None], 0.25, 0.1 * 0.5**norms.step)
    np.testing.assert_allclose(update, rate**2 * gradient, rtol=1e-3)

    rates = {tag: dict(found) for tag, found in logged.items() if tag.startswith("learning_rate")}
    assert list(rates) == [f"learning_rate/{name}" for name in names]
    np.testing.assert_allclose([rates[f"learning_rate/{names[0]}"][step] for step in range(STEPS)], 0.1 * 0.5 ** np.arange(STEPS), rtol=1e-5)
    np.testing.assert_allclose([rates[f"learning_rate/{names[1]}"][step] for step in range(STEPS)], 0.25, rtol=1e-5)
    of_epochs = [tag for tag in points(tmp_path / "train") if "learning_rate" in tag]
    assert of_epochs == [f"epoch_learning_rate_{name}" for name in names]


def test_optimizers_in_a_list_have_their_rates_where_gradients_are_not_told(tmp_path: Path) -> None:
    logged = fit(tmp_path, gan(Listed), gradients=False)
    assert [tag for tag in logged if "learning_rate" in tag] == ["learning_rate/all_optimizers/0", "learning_rate/all_optimizers/1"]
    assert [step for step, _ in logged["learning_rate/all_optimizers/1"]] == list(range(STEPS))


@pytest.mark.parametrize("gradients", [True, False])
def test_an_optimizer_that_nobody_applies_has_no_rate(gradients: bool, tmp_path: Path) -> None:
    model = ByHand([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile()
    logged = fit(tmp_path, model, gradients=gradients)
    assert not [tag for tag in (*logged, *points(tmp_path / "train")) if "learning_rate" in tag]


def test_an_update_that_no_optimizer_makes_is_named_with_the_way_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = ByHand([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile()
    fit(tmp_path, model)
    (message,) = [text for record in caplog.records if "sees no step" in (text := record.getMessage())]
    assert "its weights are not changed by RMSprop" in message
    assert "gradients=False" in message


class Odd(keras.layers.Layer):
    """A weight that is complex, one of integers, and one that counts."""

    def build(self, shape: Any) -> None:
        ones = keras.initializers.Ones()
        self.turn = self.add_weight(shape=(1,), dtype="complex64", initializer=lambda shape, dtype=None: tf.cast(ones(shape), tf.complex64), name="turn")
        self.turn.trainable = False  # Keras clips no complex ones
        self.places = self.add_weight(shape=(4,), dtype="int32", trainable=False, initializer="zeros", name="places")
        self.count = self.add_weight(shape=(), dtype="int32", trainable=False, initializer="zeros", name="count")

    def call(self, x: Any) -> Any:
        return tf.math.real(tf.cast(x, tf.complex64) * self.turn.value) + tf.cast(self.places.value, tf.float32)


def test_weights_of_odd_types_are_named_and_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, dtype="float8_from_float32"), Odd(), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1, global_clipnorm=100.0), "mse")
    model.fit(X, X[:, :1], batch_size=8, verbose=0, callbacks=[Layerscope(tmp_path, activity=False)])
    record = statistics_of(tmp_path / "layerscope")

    (message,) = [text for each in caplog.records if "left out" in (text := each.getMessage())]
    assert message.endswith("these weights are left out: sequential/odd/turn (complex64), sequential/odd/places (int32)")
    has_gradient = np.isfinite(record.value[NORMS.index("gradient_sum_squares")]).all(axis=1)
    wanted = [not weight.overwrite_with_gradient and weight.trainable and "odd" not in weight.path for weight in model.weights]
    assert has_gradient.tolist() == wanted  # what is handed over for the scales of 8-bit floats are no gradients
    assert (record.clip_factor == 1).all()
