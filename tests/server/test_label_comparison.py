"""/compare of several labels: two evaluations of the same samples against each other, decision by decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import binomtest

from tb_plugin.analysis import label_comparison as analysis
from tb_plugin.analysis.comparison import Evaluation
from tb_plugin.analysis.paired import difference, holm
from tb_plugin.points import point_from
from tests.server.conftest import Array, Tab
from writers import MultilabelEvaluation, RunWriter

A, B = "a/layerscope", "b/layerscope"
TAG = "validation/label_predictions"
ASKED = {"run": A, "tag": TAG, "other_run": B}
LABELS = ["cat", "dog", "<b>sea</b>"]
UNKNOWN = -1


def write(logdir: Path, run: str, truth: Array, told: Array, labels: Sequence[str], ids: Sequence[str], step: int = 1) -> None:
    """One evaluation: what is true, and what is told."""
    with RunWriter(logdir / run) as writer:
        MultilabelEvaluation(labels, score="prob", ignored=UNKNOWN).update(truth, 0.1 + 0.8 * told, ids=list(ids)).write(writer, "validation", step)


@pytest.mark.parametrize("cells", [4_000_000, 7])
def test_every_number_is_that_of_brute_force(open_tab: Callable[..., Tab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    monkeypatch.setattr(analysis, "_CELLS", cells)
    random = np.random.default_rng(2)
    n = 120
    truth = (random.random((n, 3)) < 0.4).astype(float)
    a, b = (np.where(random.random((n, 3)) < wrong, 1 - truth, truth) for wrong in (0.08, 0.25))
    ids = [f"img/{i}" for i in range(n)]
    # The other one has its labels and samples in another order, does not know two samples, and one truth of another.
    order, columns = random.permutation(n)[2:], [2, 0, 1]
    truth_there = truth.copy()
    truth_there[:, 1][order[0]] = UNKNOWN
    truth_there[order[1], 0] = 1 - truth[order[1], 0]
    write(tmp_path, A, truth, a, LABELS, ids)
    write(tmp_path, B, truth_there[order][:, columns], b[order][:, columns], [LABELS[k] for k in columns], [ids[i] for i in order])
    found = open_tab(tmp_path, 4).arrays("/compare", **ASKED)
    told = found.segments[0]["points"][0]["fields"]

    there = np.isin(np.arange(n), order)
    known = there[:, None] & (truth_there != UNKNOWN)
    same = known & (truth == truth_there)
    right, right_there = a == truth, b == truth_there
    assert_array_equal(found.arrays["0/decisions"], same.sum(axis=0))
    gained, lost = (same & right & ~right_there).sum(axis=0), (same & ~right & right_there).sum(axis=0)
    assert_array_equal(found.arrays["0/only_this_right_label"], gained)
    assert_array_equal(found.arrays["0/only_other_right_label"], lost)
    p = np.array([binomtest(int(i), int(i + j)).pvalue for i, j in zip(gained, lost, strict=True)])
    assert_allclose(found.arrays["0/label_p"], p)
    assert_allclose(found.arrays["0/label_p_holm"], holm(p))
    assert_allclose(found.arrays["0/label_difference"], (gained - lost) / same.sum(axis=0))

    differs = (known & ~same).any(axis=1)
    compared = there & ~differs
    one, other = ((each | ~known).all(axis=1) for each in (right, right_there))
    table = [(compared & where).sum() for where in (one & other, one & ~other, ~one & other, ~one & ~other)]
    assert [told[name] for name in ("both_right", "only_this_right", "only_other_right", "compared")] == [*table[:3], compared.sum()]
    assert (told["only_this"], told["only_other"], told["truth_differs"], told["truth_unknown"]) == (2, 0, 1, 0)
    assert_allclose(told["p"], binomtest(int(table[1]), int(table[1] + table[2])).pvalue)
    expected = difference(*(np.array(each) for each in table))
    assert_allclose([told["difference"], told["difference_low"], told["difference_high"]], expected)
    assert (told["matched_by"], told["other_step"], told["others"], told["lacking"]) == ("id", 1, [], [])


@st.composite
def evaluations(draw: st.DrawFn) -> Evaluation:
    """A few samples, ids and labels, of which some truths are unknown."""
    labels = draw(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3, unique=True))
    ids = draw(st.lists(st.sampled_from("pqrstu"), min_size=1, max_size=6, unique=True))
    cells = st.lists(st.lists(st.sampled_from([0.0, 1.0, 1.0, UNKNOWN]), min_size=len(labels), max_size=len(labels)), min_size=len(ids), max_size=len(ids))
    truth, told = np.array(draw(cells)), np.array(draw(cells))
    payload: Any = MultilabelEvaluation(labels, score="prob", ignored=UNKNOWN).update(truth, np.clip(told, 0, 1), ids=ids).payloads()["label_predictions"]
    return Evaluation(point_from(payload, 1, 0.0), point_from(payload.samples, 0, 0.0), labels)


@given(evaluations(), evaluations())
def test_from_the_other_side_everything_is_mirrored_and_no_sample_is_lost(this: Evaluation, other: Evaluation) -> None:
    found, back = analysis.label_comparison(this, other), analysis.label_comparison(other, this)
    assert (found.compared, found.both_right, found.only_this_right, found.only_other_right) == (
        back.compared,
        back.both_right,
        back.only_other_right,
        back.only_this_right,
    )
    assert (found.only_this, found.only_other, found.others, found.lacking) == (back.only_other, back.only_this, back.lacking, back.others)
    assert found.compared + found.truth_differs + found.truth_unknown + found.only_this == this.point.arrays["kept"].sum()
    assert (found.decisions.sum(), found.only_this_right_label.sum()) == (back.decisions.sum(), back.only_other_right_label.sum())
    assert (found.p is None) == (found.compared == 0)


@given(evaluations())
def test_an_evaluation_differs_in_nothing_from_itself(this: Evaluation) -> None:
    found = analysis.label_comparison(this, this)
    assert (found.only_this, found.only_other, found.truth_differs, found.only_this_right, found.only_other_right) == (0, 0, 0, 0, 0)
    assert found.p in (None, 1)


def test_predictions_of_another_task_are_not_compared(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write(tmp_path, A, np.eye(3), np.eye(3), LABELS, "xyz")
    write(tmp_path, B, np.eye(3), np.eye(3), LABELS, "xyz")

    status, error, _ = python_tab(tmp_path).refused("/compare", **ASKED, other_tag="validation/multilabel")
    assert (status, error) == (404, "no predictions of labels that can be read in 'validation/multilabel' of run 'b/layerscope'")
