"""/changes: what was learned and forgotten between two evaluations."""

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
        ({"from": "20", "to": "10"}, "from must lie before to; they are 20 and 10"),
        ({"from": "a"}, "from must be a whole number from 0; it is 'a'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    assert python_tab(tmp_path).refused("/changes", **{**SERIES, **query})[:2] == (400, says)


@pytest.mark.parametrize("tag", ["validation/confusion_matrix", "validation/nothing"])
def test_a_series_of_another_kind_has_none(python_tab: Callable[..., Tab], tmp_path: Path, tag: str) -> None:
    write_evaluations(tmp_path)
    status, error, _ = python_tab(tmp_path).refused("/changes", **{**SERIES, "tag": tag})

    assert status == 404
    assert error.startswith(("no predictions that can be read", "run 'd/layerscope' has no series"))


def test_the_first_evaluation_has_none_before_it(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)

    assert python_tab(tmp_path).refused("/changes", **SERIES, to="10")[:2] == (404, "no predictions before step 10")
