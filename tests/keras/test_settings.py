"""How many points a training writes of each series: fewer than TensorBoard keeps, so that it drops none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tensorboard.backend.event_processing.data_ingester import DEFAULT_TENSOR_SIZE_GUIDANCE

from tb_plugin.loader import KEPT_POINTS
from writers.frameworks.keras.settings import RATES_AT_START, SCALAR_BYTES, Settings


@pytest.mark.parametrize(("batches", "epochs"), [(1, 3000), (10, 1000), (7, 200), (100, 200), (5000, 10), (200_000, 1)])
@pytest.mark.parametrize("is_length_known", [True, False])
def test_tensorboard_keeps_each_learning_rate(batches: int, epochs: int, is_length_known: bool, tmp_path: Path) -> None:
    rates = Settings(str(tmp_path)).rates(epochs if is_length_known else None)
    steps = batches * epochs
    length = steps if is_length_known else None

    kept = [s for s in range(steps) if s < RATES_AT_START or rates.due(s, epoch_end=(s + 1) % batches == 0, cost=SCALAR_BYTES, length=length)]

    assert len(kept) < DEFAULT_TENSOR_SIZE_GUIDANCE["scalars"]
    assert len(kept) >= min(steps // 20, 200)


@pytest.mark.parametrize("epochs", [30, 900, 3000, 100_000])
@pytest.mark.parametrize("budget", [0.1, 1, 30])
def test_tensorboard_keeps_each_evaluation(epochs: int, budget: float, tmp_path: Path) -> None:
    evaluations = Settings(str(tmp_path), budget=budget).evaluations()

    kept = sum(evaluations.due(epoch, cost=900, length=epochs) for epoch in range(epochs))

    assert min(epochs, 256) <= kept < KEPT_POINTS
