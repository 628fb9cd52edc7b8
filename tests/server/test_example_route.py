"""/examples: samples to look at, by their places in a series."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.conftest import Tab
from tests.server.evaluations import RUN, write_evaluations

SERIES = {"run": RUN, "tag": "validation/examples"}


def test_places_count_through_all_points(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    found = python_tab(tmp_path).arrays("/examples", **SERIES, places="3,14..15,29")

    points = found.segments[0]["points"]
    assert [(point["step"], point["fields"]["ids"]) for point in points] == [(10, [logged.ids[3], logged.ids[14]]), (20, [logged.ids[15], logged.ids[29]])]
    contents = [part.tobytes() for part in found.parts(0, "content")]
    assert contents == [b"sample 3sample 14", b"sample 15sample 29"]
    assert [part.tolist() for part in found.parts(0, "content_end")] == [[8, 17], [9, 18]]
    assert found.arrays["0/content"].dtype == "uint8"


@pytest.mark.parametrize(
    ("places", "says"),
    [("30", "there is no example 30"), ("3,3", "places must rise; it is '3,3'"), ("a", "places must be a range; it is 'a'"), ("", "places is required")],
)
def test_a_wrong_place_is_named(python_tab: Callable[..., Tab], tmp_path: Path, places: str, says: str) -> None:
    write_evaluations(tmp_path)

    assert python_tab(tmp_path).refused("/examples", **SERIES, places=places)[:2] == (400, says)
