"""Evaluations that other callbacks make within the hooks of the one that is watched."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from layerscope.keras import Layerscope
from tests.keras.logged import last, steps
from tests.keras.models import digits, sequential
from writers.frameworks.keras.evaluations.own_batches import OwnBatches

DATA = digits()


class Nested(keras.callbacks.Callback):
    """Evaluates other examples, all of class 0, in one hook."""

    def __init__(self, hook: str, examples: int, *, once: bool = False) -> None:
        super().__init__()
        self._examples, self._once = examples, once
        self._is_busy = False
        setattr(self, hook, self._evaluate)

    def _evaluate(self, *args: Any, **kwargs: Any) -> None:
        if not self._is_busy:
            self._is_busy = True
            self.model.evaluate(DATA.x[: self._examples], DATA.y[: self._examples] * 0, verbose=0)
            self._is_busy = self._once


def compiled(**options: Any) -> keras.Model:
    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", **{"run_eagerly": True, **options})
    return model


def fit(model: keras.Model, *callbacks: Any, **options: Any) -> None:
    model.fit(DATA.x, DATA.y, epochs=1, validation_data=(DATA.x_val, DATA.y_val), verbose=0, callbacks=list(callbacks), **options)


def rows(run: Path) -> list[int]:
    matrix = last(run, "validation/confusion_matrix")
    return [int(part.sum()) for part in np.split(matrix.count, matrix.row_end[:-1])][:10]


@pytest.mark.parametrize(
    ("hook", "examples", "once", "executions"),
    [
        ("on_test_begin", 20, False, 1),
        ("on_test_batch_begin", 20, False, 1),
        ("on_test_batch_begin", 20, True, 1),
        ("on_test_batch_begin", 100, False, 3),
        ("on_test_batch_end", 20, False, 1),
        ("on_test_batch_end", 100, True, 1),
    ],
)
def test_another_evaluation_within_ours_stays_out(hook: str, examples: int, once: bool, executions: int, tmp_path: Path) -> None:
    model = compiled(steps_per_execution=executions, run_eagerly=executions == 1)
    a, b = Layerscope(tmp_path / "a"), Layerscope(tmp_path / "b")
    fit(model, a, Nested(hook, examples, once=once), b, validation_batch_size=20)

    for name in "ab":
        assert rows(tmp_path / name / "layerscope") == np.bincount(DATA.y_val, minlength=10).tolist()


def test_where_nothing_tells_them_apart_there_is_no_matrix_and_it_is_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    fit(compiled(), Layerscope(tmp_path), Nested("on_test_batch_begin", 20), validation_batch_size=200)

    assert steps(tmp_path / "layerscope", "validation/confusion_matrix") == []
    told = [r.getMessage() for r in caplog.records if r.name == "layerscope" and r.levelno >= logging.WARNING]
    assert len(told) == 1
    assert "another evaluation" in told[0]


def test_own_calls_are_those_made_once_in_each_batch() -> None:
    own, other, more = object(), object(), object()
    calls: OwnBatches[str] = OwnBatches()

    calls.batch_begins()
    assert calls.wants(other)
    calls.add(other, "no")
    assert calls.wants(own)
    calls.add(own, "a")
    assert calls.batch_ends() == []  # either may be

    calls.batch_begins()
    assert not calls.wants(more)  # it was not there in the first batch
    assert calls.wants(own)
    calls.add(own, "b")
    assert calls.batch_ends() == ["a", "b"]
    assert calls.is_whole

    calls.batch_begins()
    assert not calls.wants(more)  # it is known by now which is ours
    assert calls.wants(own)
    calls.add(own, "c")
    assert calls.batch_ends() == ["c"]
    assert calls.is_whole

    assert not calls.wants(own)  # between two batches
    calls.batch_begins()
    assert calls.batch_ends() == []
    assert not calls.is_whole
