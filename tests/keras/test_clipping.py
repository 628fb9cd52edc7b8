"""What clipping multiplied the gradients of a step with, where that is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tb_plugin.schema.tensor_stats import NORMS, TensorStats
from tests.keras.logged import statistics_of
from tests.keras.models import digits, sequential

CLIP, BATCH = 0.5, 8
DATA = digits()


def told(folder: Path, optimizer: Any, model: keras.Model | None = None) -> TensorStats:
    """Of six steps."""
    trained = sequential() if model is None else model
    trained.compile(optimizer, "sparse_categorical_crossentropy")
    trained.fit(DATA.x[: 6 * BATCH], DATA.y[: 6 * BATCH], batch_size=BATCH, shuffle=False, verbose=0, callbacks=[Layerscope(folder, activity=False)])
    return statistics_of(folder / "layerscope")


def norm(record: TensorStats, of: str) -> Any:
    return np.sqrt(record.value[NORMS.index(f"{of}_sum_squares")].astype(np.float64).sum(axis=0))


def scaled(optimizer: Any) -> Any:
    return keras.optimizers.LossScaleOptimizer(optimizer, initial_scale=64.0)


@pytest.mark.parametrize("around", [lambda optimizer: optimizer, scaled])
def test_gathered_gradients_are_clipped_by_the_norm_of_all_of_them(around: Callable[[Any], Any], tmp_path: Path) -> None:
    model = sequential()
    model.build((None, 8, 8))
    start = model.get_weights()
    record = told(tmp_path, around(keras.optimizers.SGD(0.01, global_clipnorm=CLIP, gradient_accumulation_steps=2)), model)

    model.set_weights(start)
    seen = []
    for first in range(0, 6 * BATCH, 2 * BATCH):  # the mean of two batches is that of one of both
        x, y = (tf.constant(array[first : first + 2 * BATCH]) for array in DATA[:2])
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))
        gradients = tape.gradient(loss, [variable.value for variable in model.trainable_variables])
        seen.append(float(tf.linalg.global_norm(gradients)))
        for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
            variable.assign_sub(0.01 * min(1.0, CLIP / seen[-1]) * gradient)
    assert max(seen) > CLIP
    np.testing.assert_allclose(record.clip_factor, np.stack([np.full(3, np.nan), np.minimum(1, CLIP / np.array(seen))], 1).ravel(), rtol=1e-4)
    np.testing.assert_allclose(norm(record, "update")[1::2], 0.01 * np.minimum(CLIP, seen), rtol=1e-3)


def test_a_step_that_loss_scaling_leaves_out_is_not_clipped(tmp_path: Path) -> None:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    model = sequential()
    keras.config.set_dtype_policy(before)
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.01, global_clipnorm=CLIP), initial_scale=2.0**20)
    record = told(tmp_path, optimizer, model)

    assert record.skipped[0]
    assert np.isnan(record.clip_factor).tolist() == record.skipped.tolist()


@pytest.mark.parametrize(("options", "wanted"), [({"clipnorm": 0.5}, np.nan), ({"clipvalue": 0.5}, np.nan), ({"gradient_accumulation_steps": 2}, 1.0)])
def test_where_no_global_norm_is_clipped(options: Any, wanted: float, tmp_path: Path) -> None:
    np.testing.assert_array_equal(told(tmp_path, keras.optimizers.SGD(0.01, **options)).clip_factor, wanted)


def test_what_gradients_that_are_not_finite_were_multiplied_with_is_not_known(tmp_path: Path) -> None:
    x = DATA.x[: 4 * BATCH].copy()
    x[2 * BATCH] = np.inf
    model = sequential()
    model.compile(keras.optimizers.SGD(0.01, global_clipnorm=CLIP), "sparse_categorical_crossentropy")
    model.fit(x, DATA.y[: 4 * BATCH], batch_size=BATCH, shuffle=False, verbose=0, callbacks=[Layerscope(tmp_path, activity=False)])
    record = statistics_of(tmp_path / "layerscope")

    assert np.isfinite(norm(record, "gradient")).tolist() == [True, True, False, False]
    assert np.isnan(record.clip_factor).tolist() == [False, False, True, True]
