"""/curves: ROC and precision-recall curves of one evaluation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from scipy.stats import norm
from scipy.stats import t as student
from sklearn.metrics import average_precision_score, precision_recall_curve, roc_auc_score, roc_curve

from tb_plugin.analysis.curves import curves
from tb_plugin.points import Point, point_of
from tb_plugin.schema import record
from tb_plugin.schema.curves import GRID, Curves
from tb_plugin.schema.score_curves import ScoreCurves
from tests.server.conftest import Array, Tab
from tests.server.evaluations import RUN, write_evaluations
from writers import RunWriter, classes, score_curves

SERIES = {"run": RUN, "tag": "validation/score_curves"}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"classes": "3,many"}, "classes must name class ids, micro or macro, each once; it is '3,many'"),
        ({"classes": "3,3"}, "classes must name class ids, micro or macro, each once; it is '3,3'"),
        ({"classes": "-1"}, "classes must name class ids, micro or macro, each once; it is '-1'"),
        ({"step": "last"}, "step must be a whole number from 0; it is 'last'"),
        ({"bins": "15"}, "unknown parameter 'bins'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    assert python_tab(tmp_path).refused("/curves", **{**SERIES, **query})[:2] == (400, says)


@pytest.mark.parametrize("tag", ["validation/confusion_matrix", "validation/nothing"])
def test_a_series_of_another_kind_has_none(python_tab: Callable[..., Tab], tmp_path: Path, tag: str) -> None:
    write_evaluations(tmp_path)
    status, error, _ = python_tab(tmp_path).refused("/curves", **{**SERIES, "tag": tag})

    assert status == 404
    assert error.startswith(("no curves that can be read", "run 'd/layerscope' has no series"))


def test_before_the_first_evaluation_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)

    error = "no curves in 'validation/score_curves' of run 'd/layerscope' at or before step 9"
    assert python_tab(tmp_path).nothing("/curves", **SERIES, step="9") == (error, "The first are of step 10.")


@dataclass(frozen=True)
class Decisions:
    """Scores [sample] and whether each sample is a positive; weights where there are some."""

    score: Array
    positive: Array
    weight: Array | None = None


@st.composite
def decisions(draw: st.DrawFn, *, weighted: bool | None = None) -> Decisions:
    """A few samples of few different scores, so that there are ties; at least one of each group."""
    size = draw(st.integers(2, 60))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    positive = random.random(size) < draw(st.floats(0.05, 0.95))
    positive[:2] = True, False
    score = np.round(random.normal(size=size) + positive * draw(st.floats(0, 3)), draw(st.integers(0, 3)))
    is_weighted = draw(st.booleans()) if weighted is None else weighted
    return Decisions(score, positive, random.integers(1, 5, size) / 4 if is_weighted else None)


def point_of_(content: ScoreCurves, step: int = 0) -> Point:
    """As the store keeps it: packed, unpacked and checked."""
    return point_of(record.decode(record.encode(content, writer="w", ordinal=0)), step, 0.0)


def binary(d: Decisions) -> Point:
    return point_of_(score_curves.of(d.positive.astype(int), d.score, labels=["no", "yes"], sample_weight=d.weight))


def staircase(found: Curves, place: int = 0) -> tuple[Array, Array, Array, Array]:
    """False positive rate, recall, precision and threshold of one curve."""
    own = slice(int(found.point_end[place - 1]) if place else 0, int(found.point_end[place]))
    return found.false_positive_rate[own], found.recall[own], found.precision[own], found.threshold[own]


@settings(max_examples=40)
@given(decisions())
def test_areas_are_scikit_learns(d: Decisions) -> None:
    found = curves(binary(d), [1])

    assert_allclose(found.auc, [roc_auc_score(d.positive, d.score, sample_weight=d.weight)], rtol=0, atol=1e-14)
    assert_allclose(found.ap, [average_precision_score(d.positive, d.score, sample_weight=d.weight)], rtol=0, atol=1e-14)
    w = np.ones(len(d.score)) if d.weight is None else d.weight
    assert_allclose(found.prevalence, [w[d.positive].sum() / w.sum()])
    assert (found.positives.tolist(), found.negatives.tolist()) == ([d.positive.sum()], [(~d.positive).sum()])
    assert found.undefined == ("",)
    assert found.auc_bound.tolist() == [0]


@settings(max_examples=40)
@given(decisions())
def test_the_other_class_has_the_same_area_turned_round(d: Decisions) -> None:
    """Positives for negatives and scores for their negatives: the same pairs are in the right order, and as surely."""
    found, other = curves(binary(d), [1]), curves(binary(Decisions(-d.score, ~d.positive, d.weight)), [1])

    for name in ("auc", "auc_low", "auc_high"):
        assert_allclose(getattr(other, name), getattr(found, name), rtol=0, atol=1e-9, err_msg=name)
    assert_allclose(curves(binary(Decisions(-d.score, d.positive, d.weight)), [1]).auc, 1 - found.auc, rtol=0, atol=1e-12)


@settings(max_examples=40)
@given(decisions())
def test_points_are_scikit_learns(d: Decisions) -> None:
    """Each point with a threshold is one of scikit-learn's, and the polygon of all is the whole curve."""
    false_positive_rate, recall, precision, threshold = staircase(curves(binary(d), [1]))
    fpr, tpr, _ = roc_curve(d.positive, d.score, sample_weight=d.weight, drop_intermediate=False)

    assert_allclose(np.trapezoid(recall, false_positive_rate), np.trapezoid(tpr, fpr), rtol=0, atol=1e-12)
    assert (false_positive_rate[0], recall[0], threshold[0]) == (0, 0, np.inf)
    assert_allclose((false_positive_rate[-1], recall[-1]), (1, 1))
    assert (np.diff(false_positive_rate) >= 0).all()
    assert (np.diff(recall) >= 0).all()
    known = threshold[~np.isnan(threshold)]
    assert (np.diff(known) <= 0).all()
    p = expit(d.score)
    w = np.ones(len(p)) if d.weight is None else d.weight
    for x, y, z, t in zip(false_positive_rate, recall, precision, threshold, strict=True):
        if not np.isnan(t):
            chosen = p >= t * (1 - 1e-12)  # the last digit of a probability is not that of another library
            assert_allclose((x, y), (w[chosen & ~d.positive].sum() / w[~d.positive].sum(), w[chosen & d.positive].sum() / w[d.positive].sum()), atol=1e-12)
            assert_allclose(z, w[chosen & d.positive].sum() / w[chosen].sum() if chosen.any() else np.nan, atol=1e-12)


@settings(max_examples=40)
@given(decisions())
def test_precision_and_recall_are_scikit_learns(d: Decisions) -> None:
    _, recall, precision, threshold = staircase(curves(binary(d), [1]))
    expected_precision, expected_recall, _ = precision_recall_curve(d.positive, d.score, sample_weight=d.weight)
    pairs = np.stack([expected_recall, expected_precision], axis=1)

    # Scikit-learn ends at full recall, and sets a precision of 1 where nothing is chosen; there ours is not defined.
    assert np.isnan(precision[0])
    for pair in np.stack([recall, precision], axis=1)[1:][~np.isnan(threshold[1:])]:
        distance = np.abs(pairs - pair).max(axis=1).min()
        assert distance < 1e-12 or pair[0] > 1 - 1e-12


@settings(max_examples=40)
@given(decisions(weighted=False))
def test_the_variance_is_delongs_as_it_is_defined(d: Decisions) -> None:
    """Every positive against every negative; a weight of 2 or 3 is not a sample there twice, so weights are left out."""
    found = curves(binary(d), [1])
    pairs = np.sign(d.score[d.positive][:, None] - d.score[~d.positive][None, :]) / 2 + 0.5
    auc, (p, n) = pairs.mean(), pairs.shape
    if min(p, n) < 2 or auc in (0, 1) or np.ptp(d.score) == 0:
        return
    a, b = pairs.mean(axis=1).var(ddof=1) / p, pairs.mean(axis=0).var(ddof=1) / n
    freedom = (a + b) ** 2 / (a**2 / (p - 1) + b**2 / (n - 1))
    logit, half = np.log(auc / (1 - auc)), student.ppf(0.975, freedom) * np.sqrt(a + b) / (auc * (1 - auc))

    assert_allclose([found.auc_low[0], found.auc_high[0]], expit([logit - half, logit + half]), rtol=1e-9)


@settings(max_examples=40)
@given(decisions(weighted=False), st.sampled_from([0.5, 1.0, 7.0]))
def test_equal_weights_say_what_none_say(d: Decisions, weight: float) -> None:
    plain = curves(binary(d), [1])
    weighted = curves(binary(replace(d, weight=np.full(len(d.score), weight))), [1])

    for name in ("auc", "auc_low", "auc_high", "ap", "prevalence"):
        assert_allclose(getattr(weighted, name), getattr(plain, name), rtol=0, atol=1e-9, err_msg=name)


@pytest.mark.parametrize(
    ("score", "positive", "expected"),
    [
        # All in order: of 3 pairs none is in the wrong one.
        ([3, 2, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0], (1.0, 0.05 ** (1 / 3), 1.0)),
        ([0, 0, 0, 1, 2], [1, 1, 1, 0, 0], (0.0, 0.0, 1 - 0.05 ** (1 / 2))),
        # All equal: of 2 pairs none is unequal.
        ([5, 5, 5, 5], [1, 1, 0, 0], (0.5, 0.5 * 0.05 ** (1 / 2), 1 - 0.5 * 0.05 ** (1 / 2))),
        # One positive says next to nothing.
        ([2, 3, 1, 1, 0], [1, 0, 0, 0, 0], (0.75, 0.025 * 0.75, 1 - 0.025 * 0.25)),
    ],
)
def test_where_delong_says_nothing_the_interval_says_what_is_known(score: list[float], positive: list[int], expected: tuple[float, ...]) -> None:
    found = curves(binary(Decisions(np.array(score, float), np.array(positive, bool))), [1])

    assert_allclose([found.auc[0], found.auc_low[0], found.auc_high[0]], expected)


def test_intervals_of_ten_positives_cover_the_true_area() -> None:
    """Normal scores that lie 1.5 apart; the true area is Φ(1.5 / √2). 600 draws: at least 92 % of an interval of 95 %."""
    random, true = np.random.default_rng(3), norm.cdf(1.5 / np.sqrt(2))
    inside = 0
    for _ in range(600):
        positive = np.arange(200) < 10
        found = curves(binary(Decisions(random.normal(size=200) + 1.5 * positive, positive)), [])  # numbers alone: to draw a band takes 20 ms
        inside += bool(found.auc_low[0] <= true <= found.auc_high[0])

    assert inside >= 0.92 * 600


def test_a_group_that_is_empty_leaves_the_area_undefined_and_never_zero() -> None:
    """Classes 0 and 1 of three are there; every sample is of one of them. In the other evaluation all are of class 0."""
    odds = np.random.default_rng(0).normal(size=(6, 3))
    some = curves(point_of_(score_curves.of([0, 1, 0, 1, 1, 0], odds, labels=3)), [2, 0, -2, -1])
    one = curves(point_of_(score_curves.of([0] * 6, odds, labels=3)), [0, 1, -2])

    assert some.undefined == ("no positives", "", "", "")
    assert np.isnan([some.auc[0], some.auc_low[0], some.auc_high[0], some.ap[0], some.auc_bound[0]]).all()
    assert one.undefined == ("no negatives", "no positives", "no positives")
    assert np.isnan(one.auc).all()
    assert_allclose(one.ap, [1, np.nan, 1])
    _, recall, precision, _ = staircase(one)
    assert (recall[-1], precision[-1]) == (1, 1)
    assert one.point_end[-1] == one.point_end[-2], "the mean of no curve has no point"


def test_the_mean_is_of_the_classes_that_have_an_area_and_the_pooled_curve_is_another() -> None:
    random = np.random.default_rng(5)
    truth, odds = random.integers(0, 4, 300), random.normal(size=(300, 5))
    odds[np.arange(300), truth] += 1
    found = curves(point_of_(score_curves.of(truth, odds, labels=5)), [-2, -1])
    each = [(truth == k, odds[:, k]) for k in range(4)]

    assert_allclose(found.auc[0], np.mean([roc_auc_score(*one) for one in each]), rtol=1e-13)
    assert_allclose(found.ap[0], np.mean([average_precision_score(*one) for one in each]), rtol=1e-13)
    assert_allclose(found.auc[1], roc_auc_score(np.eye(5)[truth].ravel(), odds.ravel()), rtol=1e-13)
    assert np.isnan(found.auc_low).all(), "decisions about one sample depend on each other"
    grid = np.linspace(0, 1, 997)
    expected = np.mean([np.interp(grid, *roc_curve(*one, drop_intermediate=False)[:2]) for one in each], axis=0)
    false_positive_rate, recall, precision, _ = staircase(found)
    assert_allclose(np.interp(grid, false_positive_rate, recall), expected, atol=1e-9)
    assert_allclose(np.trapezoid(recall, false_positive_rate), found.auc[0], rtol=1e-9)
    assert np.isnan(precision).all()


def test_without_classes_all_are_told_in_numbers_alone(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    found = open_tab(tmp_path, 6).arrays("/curves", **SERIES, step="25")

    point = found.segments[0]["points"][0]
    assert (point["step"], point["fields"]["epoch"], point["fields"]["undefined"]) == (20, 1, [""] * 6)
    assert found.arrays["0/of"].tolist() == [0, 1, 2, 3, -1, -2]
    p = logged.probabilities[20]
    assert_allclose(found.arrays["0/auc"][:4], [roc_auc_score(logged.truth == k, p[:, k]) for k in range(4)], atol=1e-12)
    assert found.arrays["0/point_end"].tolist() == [0] * 6
    assert len(found.arrays["0/recall"]) == 0
    assert "0/score_positive" not in found.arrays


def test_histograms_come_with_the_classes_that_are_named(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    found = python_tab(tmp_path).arrays("/curves", **SERIES, classes="3,macro,1")
    p = logged.probabilities[30]

    assert found.arrays["0/of"].tolist() == [3, -2, 1]
    for place, k in ((0, 3), (2, 1)):
        expected = np.bincount(np.ceil(p[logged.truth == k, k] * 50).astype(int) - 1, minlength=50)
        assert_array_equal(found.arrays["0/score_positive"][place], expected)
    assert not found.arrays["0/score_positive"][1].any()


@pytest.mark.parametrize(("classes", "says"), [("4", "there is no curve of class 4 at step 30"), (",".join(map(str, range(51))), "at most 50 curves")])
def test_a_class_without_a_curve_is_named(python_tab: Callable[..., Tab], tmp_path: Path, classes: str, says: str) -> None:
    write_evaluations(tmp_path)
    status, error, _ = python_tab(tmp_path).refused("/curves", **SERIES, classes=classes)

    assert (status, error[: len(says)]) == (400, says)


@pytest.mark.parametrize("shape", ["even", "skewed", "periodic", "rare"])
def test_a_long_curve_is_drawn_with_at_most_2000_points_and_its_areas(shape: str) -> None:
    random = np.random.default_rng(11)
    size = 50_000
    positive = {
        "even": random.random(size) < 0.5,
        "skewed": random.random(size) < 0.1,
        "rare": random.random(size) < 0.001,
        "periodic": np.arange(size) % 20 < 10,
    }[shape]
    score = np.arange(size) / size if shape == "periodic" else random.normal(size=size) + {"even": 1, "skewed": 3, "rare": 2}[shape] * positive
    for weight in (None, random.random(size)):
        found = curves(binary(Decisions(score, positive, weight)), [1])
        false_positive_rate, recall, precision, _ = staircase(found)

        assert len(recall) <= 2000
        assert abs(np.trapezoid(recall, false_positive_rate) - found.auc[0]) < 1e-4
        assert abs(np.nansum(np.diff(recall) * precision[1:]) - found.ap[0]) < 1e-2


@settings(max_examples=40)
@given(st.integers(2, 300), st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32))
def test_no_staircase_is_thinned_beyond_its_area(count: int, most: int, highest: int, seed: int) -> None:
    """Steps as uneven as they come, 10 to 12,000 of them."""
    random = np.random.default_rng(seed)
    between = random.integers(1, most + 1, 40 * count)
    up = np.where(random.random(40 * count) < 0.9, 1, random.integers(1, highest + 1, 40 * count))
    content = vertices_of(between=between, positives=up, ties=np.zeros(40 * count, int), single=up > 1)
    found = curves(content, [1])
    false_positive_rate, recall, _, _ = staircase(found)

    assert len(recall) <= 2000
    assert abs(np.trapezoid(recall, false_positive_rate) - found.auc[0]) < 1e-4


def vertices_of(**arrays: Any) -> Point:
    """A point of one curve of given vertices, as no writer of ours makes it."""
    size = len(arrays["between"])
    few = {name: np.zeros(0) for name in ("bin_confidence", "bin_variance")} | {name: np.zeros(0, int) for name in ("bin", "bin_right", "bin_wrong")}
    threshold = np.linspace(9, -9, size)
    content = {"after": np.zeros(1, int), "threshold": threshold, "vertex_end": np.array([size]), "of": np.array([1]), **few, **arrays}
    return point_of_(ScoreCurves(classes="0" * 16, samples=0, **content))


def test_the_ties_of_a_run_are_with_its_last_positive() -> None:
    """Scores 3, 2, 1 are of positives, and two negatives have 1 too; then one negative of 0 and a positive of -1."""
    run = vertices_of(between=[0, 1], positives=[3, 1], ties=[2, 0], single=[True, False])
    score, positive = np.array([3, 2, 1, 1, 1, 0, -1.0]), np.array([1, 1, 1, 0, 0, 0, 1], bool)
    found, expected = curves(run, [1]), curves(binary(Decisions(score, positive)), [1])

    for name in ("auc", "auc_low", "auc_high", "ap"):
        assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-12, err_msg=name)
    assert_allclose(np.trapezoid(found.recall, found.false_positive_rate), expected.auc[0])


@pytest.mark.parametrize(("above", "below", "run"), [(1, 5, 3), (10**6, 3, 40), (0, 10**6, 10**5), (31, 31, 100_000), (3_000_000, 1, 2_000_000)])
def test_the_precision_along_a_run_is_summed_exactly(above: int, below: int, run: int) -> None:
    found = curves(vertices_of(between=[above], positives=[run], ties=[0], single=[True], after=np.array([below])), [1])
    j = np.arange(1, run + 1)

    assert_allclose(found.ap, [np.mean(j / (j + above))], rtol=1e-13, atol=1e-15)


def test_bins_bound_the_exact_area() -> None:
    random = np.random.default_rng(1)
    positive = random.random(3000) < 0.2
    score = random.normal(size=3000) + positive
    exact = curves(binary(Decisions(score, positive)), [1])
    coarse = binary(Decisions(np.round(score, 1), positive))
    found = curves(replace(coarse, fields={**coarse.fields, "binned": True}), [1])

    assert found.binned
    assert 0 < abs(found.auc[0] - exact.auc[0]) <= found.auc_bound[0] < 0.02
    assert_allclose(found.auc_high - found.auc_low, exact.auc_high - exact.auc_low, rtol=0.02)


def test_damaged_numbers_are_answered_and_nothing_breaks(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    huge = {"between": [2**62] * 3, "positives": [2**62] * 3, "ties": [2**62] * 3}
    weights = {f"{name}_weight": [np.nan, np.inf, 1e308] for name in huge} | {"after_weight": [np.nan], "weight_squares": [[0.0, np.inf]]}
    weights |= {"bin_right_weight": [], "bin_wrong_weight": []}
    empty = {"of": np.zeros(0, int), "after": np.zeros(0, int), "vertex_end": np.zeros(0, int)}
    damage = [
        vertices_of(**huge, single=[True, False, True]),
        vertices_of(**huge, single=[False] * 3, **weights),
        vertices_of(between=[], positives=[], ties=[], single=[], **empty),
    ]
    with RunWriter(tmp_path / RUN) as run:
        for step, point in enumerate(damage):
            content: dict[str, Any] = {name: array.astype(float) if array.dtype.kind == "f" else array for name, array in point.arrays.items()}
            run.write("validation/score_curves", ScoreCurves(classes=classes.of(2), samples=0, **content), step)
    tab = python_tab(tmp_path)

    for step in range(3):
        assert tab.get("/curves", {**SERIES, "step": str(step)}).status_code == 200
        assert tab.get("/curves", {**SERIES, "step": str(step), "classes": "macro"}).status_code == 200
    for step in range(2):
        assert tab.get("/curves", {**SERIES, "step": str(step), "classes": "1"}).status_code == 200


def drawn_anew(d: Decisions, draws: int) -> tuple[Array, Array]:
    """Average precision, and recall on the grid of the band, of samples drawn anew one by one: scikit-learn's curves."""
    random, grid = np.random.default_rng(0), np.linspace(0, 1, GRID)
    w = np.ones(len(d.score)) if d.weight is None else d.weight
    groups = [np.flatnonzero(d.positive), np.flatnonzero(~d.positive)]
    ap, recall = [], []
    for _ in range(draws):
        chosen = np.concatenate([random.choice(group, len(group)) for group in groups])
        of_draw = d.positive[chosen], d.score[chosen]
        ap.append(average_precision_score(*of_draw, sample_weight=w[chosen]))
        fpr, tpr, _ = roc_curve(*of_draw, sample_weight=w[chosen], drop_intermediate=False)
        recall.append(np.interp(grid, fpr, tpr))
    return np.quantile(ap, [0.025, 0.975]), np.quantile(recall, [0.025, 0.975], axis=0)


@pytest.mark.parametrize(("size", "share", "digits"), [(120, 0.3, 1), (120, 0.3, 9), (1500, 0.1, 9)])
def test_the_band_is_what_drawing_each_sample_anew_says(size: int, share: float, digits: int) -> None:
    random = np.random.default_rng(9)
    positive = random.random(size) < share
    d = Decisions(np.round(random.normal(size=size) + 1.2 * positive, digits), positive)
    found, (ap, (low, high)) = curves(binary(d), [1]), drawn_anew(d, 500)

    assert found.band_low is not None
    assert found.band_high is not None
    # Recall comes in steps: a quantile may fall on the next one. Where every draw finds all positives, ours does not say that all are found.
    low = np.where((low == 1) & (np.arange(GRID) < GRID - 1), 0.05 ** (1 / positive.sum()), low)
    for own, expected in ((found.band_low[0], low), (found.band_high[0], high)):
        assert_allclose(own[1:], expected[1:], atol=0.11)
        assert np.abs(own - expected).mean() < 0.01
    assert_allclose([found.ap_low[0], found.ap_high[0]], ap, atol=0.025)
    assert found.ap_low[0] < found.ap[0] < found.ap_high[0]


def test_the_same_curve_has_the_same_band_and_equal_weights_change_it_by_chance_alone() -> None:
    random = np.random.default_rng(10)
    d = Decisions(random.normal(size=300) + (positive := random.random(300) < 0.4), positive)
    first, again, weighted = (curves(binary(each), [1]) for each in (d, d, replace(d, weight=np.full(300, 0.5))))

    for name in ("band_low", "band_high", "ap_low", "ap_high"):
        assert_array_equal(getattr(again, name), getattr(first, name))
        assert_allclose(getattr(weighted, name), getattr(first, name), atol=0.03)


def width(found: Curves) -> float:
    """Mean width of the band of the first curve."""
    assert found.band_low is not None
    assert found.band_high is not None
    return float((found.band_high[0] - found.band_low[0]).mean())


def test_weights_that_say_little_make_the_band_wide() -> None:
    random = np.random.default_rng(12)
    positive = np.arange(400) < 200
    d = Decisions(random.normal(size=400) + positive, positive)
    plain, heavy = (curves(binary(replace(d, weight=w)), [1]) for w in (None, np.where(np.arange(400) % 40 == 0, 50.0, 0.1)))

    assert width(heavy) > 2 * width(plain)
    assert heavy.auc_high[0] - heavy.auc_low[0] > 2 * (plain.auc_high[0] - plain.auc_low[0])


def test_a_perfect_curve_is_not_certain() -> None:
    found = curves(binary(Decisions(np.arange(10.0), np.arange(10) >= 6)), [1])

    assert found.band_low is not None
    assert_allclose(found.band_low[0], [*[0.05 ** (1 / 4)] * 200, 1])
    assert found.ap.tolist() == [1]
    assert np.isnan(found.ap_low[0]), "draws of a perfect order say nothing"


def test_where_decisions_depend_on_each_other_or_are_too_few_there_is_no_band() -> None:
    truth = np.array([0, 0, 0, 1, 1, 1, 2])
    found = curves(point_of_(score_curves.of(truth, np.random.default_rng(0).normal(size=(7, 3)), labels=3)), [0, 2, -1, -2])

    assert found.band_low is not None
    assert np.isnan(found.band_low[:, 0]).tolist() == [False, True, True, True]
    assert np.isnan(found.ap_low).tolist() == [False, True, True, True]


def test_intervals_of_average_precision_cover_the_true_one() -> None:
    """Normal scores that lie 1.5 apart, one of eleven a positive; the true one is that of a million. 60 draws."""
    random = np.random.default_rng(13)
    many = np.arange(1_100_000) < 100_000
    true = average_precision_score(many, random.normal(size=len(many)) + 1.5 * many)
    inside = 0
    for _ in range(60):
        positive = np.arange(330) < 30
        found = curves(binary(Decisions(random.normal(size=330) + 1.5 * positive, positive)), [1])
        inside += bool(found.ap_low[0] <= true <= found.ap_high[0])

    assert inside >= 54


def test_a_weighted_record_of_no_curve_is_answered() -> None:
    """Empty arrays may be stored without their second axis."""
    point = point_of_(score_curves.of([], np.zeros((0, 3)), labels=3, sample_weight=[], curves=[]))
    found = curves(replace(point, arrays={**point.arrays, "weight_squares": np.zeros(0)}), [])

    assert found.of.tolist() == [-2]
    assert np.isnan(found.auc).all()
