"""/changes: what was learned and forgotten between two evaluations."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tb_plugin.analysis.paired import mcnemar
from tests.server.conftest import Answer, Tab
from tests.server.evaluations import RUN, log_odds, write_evaluations
from writers import RunWriter, predictions, samples

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

    assert python_tab(tmp_path).nothing("/changes", **SERIES, to="10")[0] == "no predictions of the same classes before step 10"


def told(found: Answer, name: str) -> list[str]:
    ids: list[str] = found.segments[0]["points"][0]["fields"]["ids"]
    return [ids[i] for i in np.flatnonzero(found.arrays[f"0/{name}"])]


def test_changes_are_those_of_the_predictions(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    tab = open_tab(tmp_path, 6)
    right = {step: p.argmax(axis=1) == logged.truth for step, p in logged.probabilities.items()}
    for start, end, query in ((20, 30, {}), (10, 30, {"from": "19", "to": "35"}), (10, 20, {"to": "20"})):
        found = tab.arrays("/changes", **SERIES, **query)
        fields = found.segments[0]["points"][0]["fields"]
        a, b = right[start], right[end]
        ever = a | right[10]

        assert (fields["from_step"], fields["to_step"], fields["compared"]) == (start, end, 200)
        assert (fields["both_right"], fields["both_wrong"]) == ((a & b).sum(), (~a & ~b).sum())
        for name, expected in (("newly_right", ~a & b), ("newly_wrong", a & ~b), ("forgotten", ever & ~b)):
            assert told(found, name) == [logged.ids[i] for i in np.flatnonzero(expected)], name
        assert fields["p"] == mcnemar((~a & b).sum(), (a & ~b).sum())
        shown = np.flatnonzero((a != b) | (ever & ~b))
        assert_array_equal(found.arrays["0/before"], logged.probabilities[start].argmax(axis=1)[shown])
        assert_array_equal(found.arrays["0/after"], logged.probabilities[end].argmax(axis=1)[shown])
        assert_array_equal(found.arrays["0/truth"], logged.truth[shown])
        assert fields["both_right"] + fields["both_wrong"] + found.arrays["0/newly_right"].sum() + found.arrays["0/newly_wrong"].sum() == 200


ODDS = log_odds(np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]))
"""Of three samples: class 0, 1 and 2 are predicted."""


def write(logdir: Path, *evaluations: tuple[Any, ...]) -> None:
    """Evaluations of predictions 0, 1, 2: truths, ids and whether each is kept, and their labels."""
    with RunWriter(logdir / RUN) as run:
        for step, (truth, ids, kept, labels) in enumerate(evaluations):
            run.write("validation/predictions", predictions.of(samples.of(truth, ids=ids), ODDS, labels=list(labels), kept=kept), step)


def test_samples_are_matched_by_id_and_count_where_both_tell_of_them(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """x: 0 then 1, its truth 1; y: 1 then 0, its truth 1; z was dropped before; new was not there."""
    write(
        tmp_path,
        ([1, 1, 2], ["x", "y", "z"], [True, True, False], "abc"),
        ([1, 1, 2], ["y", "x", "z"], None, "abc"),
        ([1, 1, 3], ["y", "x", "new"], None, "abc"),
    )
    tab = python_tab(tmp_path)
    first, last = tab.arrays("/changes", **SERIES, to="1"), tab.arrays("/changes", **SERIES)

    fields = first.segments[0]["points"][0]["fields"]
    assert (fields["compared"], fields["both_right"], fields["both_wrong"], fields["p"]) == (2, 0, 0, 1.0)
    assert (told(first, "newly_right"), told(first, "newly_wrong"), told(first, "forgotten")) == (["x"], ["y"], ["y"])
    # Nothing changed at the last one, of an unknown truth nothing is said, and y is forgotten still.
    assert last.segments[0]["points"][0]["fields"]["compared"] == 2
    assert (told(last, "newly_right"), told(last, "newly_wrong"), told(last, "forgotten")) == ([], [], ["y"])


def test_a_label_that_was_corrected_is_no_change(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write(tmp_path, ([1, 1, 2], list("xyz"), None, "abc"), ([0, 1, 0], list("xyz"), None, "abc"))
    fields = python_tab(tmp_path).arrays("/changes", **SERIES).segments[0]["points"][0]["fields"]

    assert (fields["both_right"], fields["both_wrong"], fields["ids"]) == (2, 1, [])


def test_other_samples_or_other_classes_are_not_compared(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write(tmp_path, ([1, 1, 2], list("xyz"), None, "abc"), ([0, 1, 0], list("uvw"), None, "abc"), ([0, 1, 0], list("uvw"), None, "abd"))
    tab = python_tab(tmp_path)

    assert tab.nothing("/changes", **SERIES, to="1")[0] == "no samples that steps 0 and 1 have in common"
    assert tab.nothing("/changes", **SERIES)[0] == "no predictions of the same classes before step 2"
