"""Train steps with a `tf.function` of the user's inside, which TensorFlow traces once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tb_plugin.schema.tensor_stats import NORMS
from tests.keras.logged import points
from tests.keras.test_capture import Telling

X, Y = np.random.default_rng(0).normal(size=(32, 3)).astype(np.float32), np.ones((32, 1), np.float32)


def traced(method: Callable[[Any, Any], Any] | Callable[[Any, Any, Any], Any]) -> Any:
    """`tf.function`, of a method."""
    return tf.function(method)


class Plain(keras.Sequential):
    """The step that the others make, each in its way."""

    def train_step(self, data: Any) -> dict[str, Any]:
        return {"loss": updated(self, *data)}


class Whole(keras.Sequential):
    """A train step that is a function itself."""

    @traced
    def train_step(self, data: Any) -> dict[str, Any]:
        return {"loss": updated(self, *data)}


class Method(keras.Sequential):
    """One that calls a function that is a method."""

    def train_step(self, data: Any) -> dict[str, Any]:
        return {"loss": self.updated(*data)}

    @traced
    def updated(self, x: Any, y: Any) -> Any:
        return updated(self, x, y)


class Attribute(keras.Sequential):
    """One that calls a function that is an attribute."""

    def train_step(self, data: Any) -> dict[str, Any]:
        return {"loss": self.updated(*data)}


class Elsewhere(keras.Sequential):
    """One that calls a function that the model does not hold."""

    def train_step(self, data: Any) -> dict[str, Any]:
        return {"loss": HELD[id(self)](*data)}


HELD: dict[int, Any] = {}


def updated(model: keras.Model, x: Any, y: Any) -> Any:
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(model(x, training=True) - y))
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_weights])
    model.optimizer.apply_gradients(zip(gradients, model.trainable_weights, strict=True))
    return loss


def made(kind: Any) -> Any:
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(1)
    model = kind([keras.Input((3,)), keras.layers.Dense(1)])
    if kind is Attribute:
        model.updated = tf.function(lambda x, y: updated(model, x, y))
    HELD[id(model)] = tf.function(lambda x, y: updated(model, x, y))
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9))
    return model


def fit(model: keras.Model, *callbacks: Any) -> None:
    model.fit(X, Y, batch_size=8, shuffle=False, verbose=0, callbacks=list(callbacks))


def gradients(folder: Path) -> Any:
    """Of two fits with two callbacks: float64 [parameter, step], sums of squares."""
    records = [record for _, record in points(folder / "layerscope")["tensor_stats/norms"]]
    return np.concatenate([record.value[NORMS.index("gradient_sum_squares")] for record in records], axis=-1)


@pytest.mark.parametrize("kind", [Whole, Method, Attribute])
def test_functions_that_the_model_holds_are_seen_whenever_they_were_traced_and_hold_nothing_of_ours(kind: Any, tmp_path: Path) -> None:
    model, plain, alone = made(kind), made(Plain), made(kind)
    for one, folder in ((model, tmp_path), (plain, tmp_path / "plain")):
        fit(one)
        for _ in range(2):
            fit(one, Layerscope(folder, activity=False))
    np.testing.assert_allclose(gradients(tmp_path), gradients(tmp_path / "plain"), rtol=1e-4)
    assert gradients(tmp_path).shape == (2, 8)

    for _ in range(3):
        fit(alone)
    for ours, theirs in zip(model.get_weights(), alone.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    ours, theirs = (one.train_step if kind is Whole else one.updated for one in (model, alone))
    assert ours.experimental_get_tracing_count() == theirs.experimental_get_tracing_count()
    assert not {"train_step", "apply"} & {*vars(model), *vars(model.optimizer)}


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "layerscope" and "no predictions" not in record.getMessage()]


def test_one_that_was_traced_elsewhere_before_is_named_with_the_way_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    model = made(Elsewhere)
    fit(model)
    fit(model, Layerscope(tmp_path, activity=False))

    (message,) = warnings(caplog)
    assert "a tf.function that was traced before this fit is left as it is. Make it a method of the model" in message


def test_what_stays_of_ours_in_one_that_was_traced_elsewhere_is_idle() -> None:
    model, telling = made(Elsewhere), Telling()
    fit(model, telling)
    assert np.isfinite(telling.told.gradients[:, :, 0]).all()
    fit(model)
    HELD[id(model)](tf.constant(X[:8]), tf.constant(Y[:8]))
    assert len(telling.capture.drain().step) == 0
    assert np.isnan(telling.capture.drain().numbers).all()
    assert np.isnan(telling.capture._ring._told["moments"].numpy()).all()
