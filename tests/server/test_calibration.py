"""/calibration: whether a model is as often right as it is sure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.conftest import Tab
from tests.server.evaluations import RUN, write_evaluations

SERIES = {"run": RUN, "tag": "validation/score_curves"}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"bins": "7"}, "bins must be a whole number up to 100 that divides 3000; it is '7'"),
        ({"bins": "0"}, "bins must be a whole number up to 100 that divides 3000; it is '0'"),
        ({"by": "weight"}, "by must be one of width, mass; it is 'weight'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    assert python_tab(tmp_path).refused("/calibration", **{**SERIES, **query})[:2] == (400, says)


@pytest.mark.parametrize("tag", ["validation/confusion_matrix", "validation/nothing"])
def test_a_series_of_another_kind_has_none(python_tab: Callable[..., Tab], tmp_path: Path, tag: str) -> None:
    write_evaluations(tmp_path)
    status, error, _ = python_tab(tmp_path).refused("/calibration", **{**SERIES, "tag": tag})

    assert status == 404
    assert error.startswith(("no curves that can be read", "run 'd/layerscope' has no series"))


def test_before_the_first_evaluation_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)

    error = "no curves in 'validation/score_curves' of run 'd/layerscope' at or before step 9"
    assert python_tab(tmp_path).refused("/calibration", **SERIES, step="9") == (404, error, "The first are of step 10.")
