"""/samples: the samples behind a cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.conftest import Tab
from tests.server.evaluations import RUN, write_evaluations

SERIES = {"run": RUN, "tag": "validation/predictions"}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"truth": "cat"}, "truth must be a whole number from 0; it is 'cat'"),
        ({"predicted": "-1"}, "predicted must be a whole number from 0; it is '-1'"),
        ({"outcome": "good"}, "outcome must be one of any, right, wrong; it is 'good'"),
        ({"at_least": "1.5"}, "at_least must be a number from 0 to 1; it is '1.5'"),
        ({"below": "nan"}, "below must be a number from 0 to 1; it is 'nan'"),
        ({"sort": "name"}, "sort must be one of place, loss, confidence, doubt, changed; it is 'name'"),
        ({"sort": "changed"}, "sort=changed needs since"),
        ({"count": "1001"}, "count must be at most 1000; it is 1001"),
        ({"first": "x"}, "first must be a whole number from 0; it is 'x'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    assert python_tab(tmp_path).refused("/samples", **{**SERIES, **query})[:2] == (400, says)


@pytest.mark.parametrize("tag", ["validation/confusion_matrix", "validation/nothing"])
def test_a_series_of_another_kind_has_none(python_tab: Callable[..., Tab], tmp_path: Path, tag: str) -> None:
    write_evaluations(tmp_path)
    status, error, _ = python_tab(tmp_path).refused("/samples", **{**SERIES, "tag": tag})

    assert status == 404
    assert error.startswith(("no predictions that can be read", "run 'd/layerscope' has no series"))


def test_before_the_first_evaluation_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)

    error = "no predictions in 'validation/predictions' of run 'd/layerscope' at or before step 9"
    assert python_tab(tmp_path).refused("/samples", **SERIES, step="9") == (404, error, "The first are of step 10.")
