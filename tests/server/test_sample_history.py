"""/sample: one sample through a training."""

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
        ({"sample": ""}, "sample is required"),
        ({"step": "3"}, "unknown parameter 'step'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    assert python_tab(tmp_path).refused("/sample", **{**SERIES, "sample": "img/0000.png", **query})[:2] == (400, says)


@pytest.mark.parametrize("tag", ["validation/confusion_matrix", "validation/nothing"])
def test_a_series_of_another_kind_has_none(python_tab: Callable[..., Tab], tmp_path: Path, tag: str) -> None:
    write_evaluations(tmp_path)
    status, error, _ = python_tab(tmp_path).refused("/sample", **{**SERIES, "sample": "img/0000.png", "tag": tag})

    assert status == 404
    assert error.startswith(("no predictions that can be read", "run 'd/layerscope' has no series"))


def test_a_sample_that_is_not_there_is_named(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)

    assert python_tab(tmp_path).refused("/sample", **SERIES, sample="<img>")[:2] == (404, "no sample '<img>' in 3 evaluations")
