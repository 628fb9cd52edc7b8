"""/compare of regressions: two evaluations of the same samples against each other, error by error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import ttest_rel

from tests.server.conftest import Array, Tab
from writers import RegressionEvaluation, RunWriter

A, B = "a/layerscope", "b/layerscope"
TAG = "validation/number_predictions"
ASKED = {"run": A, "tag": TAG, "other_run": B}


def write(logdir: Path, run: str, truth: Array, predicted: Array, targets: Sequence[str] | int, ids: Sequence[str] | None, step: int = 1) -> None:
    """One evaluation."""
    with RunWriter(logdir / run) as writer:
        evaluation = RegressionEvaluation(targets).update(truth, predicted, ids=None if ids is None else list(ids))
        evaluation.write(writer, "validation", step)


def test_every_number_is_scipys(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    n = 90
    truth = random.normal(size=(n, 2)) * [1, 100]
    a, b = (truth + random.normal(size=truth.shape) * [size, 100 * size] for size in (0.5, 0.7))
    a[4, 0] = np.nan
    ids = [f"img/{i}" for i in range(n)]
    # The other one knows the targets the other way round, and one more; calls one truth otherwise; and lacks three samples.
    order = random.permutation(n)[3:]
    truth_there = truth.copy()
    truth_there[order[0], 1] += 1
    three, predicted = (np.c_[each, each[:, :1]][order][:, [1, 0, 2]] for each in (truth_there, b))
    write(tmp_path, A, truth, a, ["length", "<b>width</b>"], ids)
    write(tmp_path, B, three, predicted, ["<b>width</b>", "length", "more"], [ids[i] for i in order])
    found = open_tab(tmp_path, 4).arrays("/compare", **ASKED)
    told = found.segments[0]["points"][0]["fields"]

    assert (told["targets"], told["matched_by"], told["other_step"]) == (["length", "<b>width</b>"], "id", 1)
    there = np.isin(np.arange(n), order)
    for k in range(2):
        same = there & np.isfinite(a[:, k]) & (truth[:, k] == truth_there[:, k])
        error, other = np.abs(a[:, k] - truth[:, k])[same], np.abs(b[:, k] - truth[:, k])[same]
        test = ttest_rel(error, other)
        interval = test.confidence_interval(0.95)
        names = ("absolute", "other_absolute", "difference", "difference_low", "difference_high", "p")
        expected = (error.mean(), other.mean(), (error - other).mean(), interval.low, interval.high, test.pvalue)
        assert_allclose([found.arrays[f"0/{name}"][k] for name in names], expected, rtol=1e-9)
        assert (found.arrays["0/closer"][k], found.arrays["0/farther"][k]) == ((error < other).sum(), (error > other).sum())
        counts = [int(found.arrays[f"0/{name}"][k]) for name in ("compared", "truth_differs", "left_out")]
        assert counts == [same.sum(), k, 3 if k else 3 + (0 if there[4] else -1)]
        assert sum(counts) == np.isfinite(a[:, k]).sum()


@pytest.mark.parametrize(("size", "p"), [(0, np.nan), (1, np.nan), (3, 1.0)])
def test_of_few_values_nothing_is_claimed(python_tab: Callable[..., Tab], tmp_path: Path, size: int, p: float) -> None:
    truth = np.arange(3.0)[:, None]
    write(tmp_path, A, truth[: max(size, 1)], truth[: max(size, 1)] + 1, [""], ["x", "y", "z"][: max(size, 1)])
    write(tmp_path, B, truth, truth + 1, [""], ["x", "y", "z"] if size else ["u", "v", "w"])
    arrays = python_tab(tmp_path).arrays("/compare", **ASKED).arrays

    assert arrays["0/compared"][0] == size
    assert_array_equal(arrays["0/p"], [p])
    assert_array_equal(arrays["0/difference_low"], [0.0 if size == 3 else np.nan])


def test_a_target_of_another_name_is_not_compared(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    truth = np.arange(5.0)[:, None]
    write(tmp_path, A, truth, truth + 1, ["length"], None)
    write(tmp_path, B, truth, truth + 2, ["depth"], None)
    found = python_tab(tmp_path).arrays("/compare", **ASKED)

    assert (found.arrays["0/compared"][0], found.arrays["0/left_out"][0]) == (0, 5)
    assert np.isnan(found.arrays["0/difference"][0])
    assert found.segments[0]["points"][0]["fields"]["matched_by"] == "number"


def test_from_the_other_side_it_is_mirrored(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    truth = random.normal(size=(40, 1))
    for run in (A, B):
        write(tmp_path, run, truth, truth + random.normal(size=truth.shape), [""], None)
    tab = python_tab(tmp_path)
    found, back = tab.arrays("/compare", **ASKED).arrays, tab.arrays("/compare", run=B, tag=TAG, other_run=A).arrays

    assert_allclose(found["0/difference"], -back["0/difference"])
    assert_allclose(found["0/difference_low"], -back["0/difference_high"])
    assert_array_equal(found["0/closer"], back["0/farther"])
    assert_allclose(found["0/p"], back["0/p"])
