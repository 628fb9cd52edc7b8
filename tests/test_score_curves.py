"""Score curves: areas and points against scikit-learn, and the laws of vertices."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score, roc_curve

from tb_plugin.schema.score_curves import MICRO, ScoreCurves
from writers import classes, score_curves
from writers.score_sums import bins
from writers.score_vertices import Vertices, rounded_down, vertices

Array = np.ndarray[Any, Any]

scores = st.sampled_from([-np.inf, -2.0, -0.5, 0.0, 0.1, 0.5, 3.0, np.inf]) | st.floats(-5, 5)
decisions = st.lists(st.tuples(scores, st.booleans(), st.integers(0, 3)), max_size=30)
"""Score, whether positive, and weight of each sample; many tie."""


def taken_apart(drawn: list[tuple[float, bool, int]]) -> tuple[Array, Array, Array]:
    rows = np.array(drawn, np.float64).reshape(-1, 3)
    return rows[:, 0], rows[:, 1] > 0, rows[:, 2]


def walk(v: Vertices) -> Array:
    """(false positives, true positives) at each corner, from (0, 0) on; of a run at each of its positives."""
    weighted = v.positives_weight is not None
    between, positives, ties = (v.between_weight, v.positives_weight, v.ties_weight) if weighted else (v.between, v.positives, v.ties)
    assert between is not None
    assert positives is not None
    assert ties is not None
    corners = [(0.0, 0.0)]
    for b, p, t, is_run in zip(between, positives, ties, v.single, strict=True):
        x, y = corners[-1]
        corners.append((x + b, y))
        corners += [(x + b, y + i) for i in range(1, int(p))] if is_run else []
        corners.append((x + b + t, y + p))
    x, y = corners[-1]
    return np.array([*corners, (x + (v.after_weight if weighted else v.after), y)])


def area(corners: Array) -> float:
    """Under the ROC curve."""
    x, y = corners.T
    return float(np.trapezoid(y, x) / (x[-1] * y[-1]))


def average_precision(corners: Array) -> float:
    """Sum of (R_n - R_(n - 1)) P_n."""
    x, y = corners.T
    return float((np.diff(y) / y[-1] * (y / np.maximum(x + y, 1e-300))[1:]).sum())


@given(decisions)
@settings(max_examples=200)
def test_areas_are_scikit_learns(drawn: list[tuple[float, bool, int]]) -> None:
    score, positive, _ = taken_apart(drawn)
    corners = walk(vertices(score, positive))

    assert_array_equal(corners[-1], [np.count_nonzero(~positive), np.count_nonzero(positive)])
    if 0 < positive.sum() < len(positive):
        finite = np.clip(score, -1e6, 1e6)  # scikit-learn takes no infinities; the order is the same
        assert_allclose(area(corners), roc_auc_score(positive, finite), atol=1e-14)
        assert_allclose(average_precision(corners), average_precision_score(positive, finite), atol=1e-14)


@given(decisions)
@settings(max_examples=200)
def test_weighted_areas_are_scikit_learns(drawn: list[tuple[float, bool, int]]) -> None:
    score, positive, weight = taken_apart(drawn)
    found = vertices(score, positive, weight)
    corners = walk(found)

    assert_allclose(corners[-1], [weight[~positive].sum(), weight[positive].sum()])
    assert_allclose(found.weight_squares, [(weight[positive] ** 2).sum(), (weight[~positive] ** 2).sum()])
    if weight[positive].sum() and weight[~positive].sum():
        finite = np.clip(score, -1e6, 1e6)
        assert_allclose(area(corners), roc_auc_score(positive, finite, sample_weight=weight), atol=1e-14)
        assert_allclose(average_precision(corners), average_precision_score(positive, finite, sample_weight=weight), atol=1e-14)


@given(decisions)
@settings(max_examples=100)
def test_a_weight_of_two_is_the_sample_twice(drawn: list[tuple[float, bool, int]]) -> None:
    score, positive, weight = taken_apart(drawn)
    times = weight.astype(int)

    weighted = vertices(score, positive, weight)
    repeated = walk(vertices(np.repeat(score, times), np.repeat(positive, times)))
    assert_allclose(walk(weighted)[-1], repeated[-1])
    if (repeated[-1] > 0).all():
        assert_allclose(area(walk(weighted)), area(repeated), atol=1e-14)


@given(decisions)
@settings(max_examples=100)
def test_corners_are_points_of_scikit_learns_curve(drawn: list[tuple[float, bool, int]]) -> None:
    score, positive, _ = taken_apart(drawn)
    if not 0 < positive.sum() < len(positive):
        return
    found = {(x / (~positive).sum(), y / positive.sum()) for x, y in walk(vertices(score, positive))}

    false_positives, true_positives, _ = roc_curve(positive, np.clip(score, -1e6, 1e6), drop_intermediate=False)
    assert found <= set(zip(false_positives, true_positives, strict=True))


@given(decisions, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_a_curve_is_no_longer_than_its_positives_and_does_not_depend_on_their_order(drawn: list[tuple[float, bool, int]], random: Any) -> None:
    score, positive, _ = taken_apart(drawn)
    order = list(range(len(score)))
    random.shuffle(order)
    found, again = vertices(score, positive), vertices(score[order], positive[order])

    assert len(found.threshold) <= np.count_nonzero(positive)
    for name in ("threshold", "between", "positives", "ties", "single", "after"):
        assert_array_equal(getattr(found, name), getattr(again, name), name)
    # At or above a threshold lie at least the positives told of up to it: rounding never cuts one off.
    above = [np.count_nonzero(score[positive] >= each) for each in found.threshold]
    assert (np.array(above) >= np.cumsum(found.positives)).all()


def test_a_run_of_positives_is_one_vertex() -> None:
    found = vertices(np.array([9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 4.0, 3.0]), np.array([True, True, False, True, True, True, False, True]))

    assert found.threshold.tolist() == [8, 5, 4, 3]
    assert found.positives.tolist() == [2, 2, 1, 1]
    assert found.between.tolist() == [0, 1, 0, 0]
    assert found.ties.tolist() == [0, 0, 1, 0]
    assert found.single.tolist() == [True, True, False, False]
    assert found.after == 0


@given(st.lists(st.floats(allow_nan=False)))
@settings(max_examples=100)
def test_thresholds_are_rounded_down_by_no_more_than_they_must(given_: list[float]) -> None:
    score = np.array(given_)
    found = rounded_down(score)

    assert (found <= score).all()
    with np.errstate(over="ignore"):
        assert (np.nextafter(found, np.float32(np.inf)) > score)[np.isfinite(score)].all()


@given(st.lists(st.floats(0, 1) | st.integers(0, 3000).map(lambda i: i / 3000)), st.sampled_from([50, 3000]))
@settings(max_examples=200)
def test_a_bin_has_its_upper_edge_and_not_its_lower_one(drawn: list[float], count: int) -> None:
    p = np.array(drawn)
    assert_array_equal(bins(p, count), np.searchsorted(np.arange(1, count) / count, p))


def test_what_is_no_curve_is_refused() -> None:
    with pytest.raises(ValueError, match="drop samples whose score is NaN first"):
        vertices(np.array([np.nan]), np.array([True]))
    with pytest.raises(ValueError, match=r"of one length; their shapes are \[2\], \[1\]"):
        vertices(np.zeros(2), np.array([True]))


def one(found: ScoreCurves, curve: int) -> Vertices:
    """One of the curves, as it was before they were joined."""
    cut = slice(found.vertex_end[curve - 1] if curve else 0, found.vertex_end[curve])
    plain = Vertices(found.threshold[cut], found.between[cut], found.positives[cut], found.ties[cut], found.single[cut], int(found.after[curve]))
    if found.between_weight is None or found.positives_weight is None or found.ties_weight is None or found.after_weight is None:
        return plain
    return replace(
        plain,
        between_weight=found.between_weight[cut],
        positives_weight=found.positives_weight[cut],
        ties_weight=found.ties_weight[cut],
        after_weight=float(found.after_weight[curve]),
    )


def softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def log_odds(p: Array) -> Array:
    return np.asarray(np.log(p) - np.log1p(-p))


def test_an_evaluation_has_scikit_learns_numbers() -> None:
    random = np.random.default_rng(5)
    truth = random.integers(0, 4, 500)
    p = softmax(random.normal(size=(500, 5)) + 2 * np.eye(5)[truth])
    found = score_curves.of(truth, log_odds(p), labels=5, epoch=3, score="logit", dropped={"score not finite": 1})

    assert found.of.tolist() == [0, 1, 2, 3, 4, MICRO]
    for k in range(4):
        assert_allclose(area(walk(one(found, k))), roc_auc_score(truth == k, p[:, k]), atol=1e-14)
        assert_allclose(average_precision(walk(one(found, k))), average_precision_score(truth == k, p[:, k]), atol=1e-14)
    assert (len(one(found, 4).threshold), found.after[4]) == (0, 500)
    assert_allclose(area(walk(one(found, 5))), roc_auc_score(np.eye(5)[truth].ravel(), p.ravel()), atol=1e-14)
    assert found.nll_sum is not None
    assert found.brier_sum is not None
    assert_allclose(found.nll_sum / 500, log_loss(truth, p, labels=range(5)), rtol=1e-12)
    assert_allclose(found.brier_sum / 500, ((p - np.eye(5)[truth]) ** 2).sum(axis=1).mean(), rtol=1e-12)
    assert (found.bin_right.sum(), found.bin_wrong.sum()) == ((p.argmax(1) == truth).sum(), (p.argmax(1) != truth).sum())
    assert_allclose(found.bin_confidence.sum(), p.max(axis=1).sum())
    assert ((found.bin_confidence > found.bin / 3000 * (found.bin_right + found.bin_wrong)) & (found.bin_variance >= 0)).all()
    assert found.score_positive is not None
    assert found.score_negative is not None
    for k in range(5):
        edges = [*np.arange(50) / 50, 1.1]
        assert_array_equal(found.score_positive[k], np.histogram(p[truth == k, k], edges)[0])
        assert_array_equal(found.score_negative[k], np.histogram(p[truth != k, k], edges)[0])


@pytest.mark.parametrize("columns", [1, 2])
def test_two_classes_have_the_positive_ones_curve(columns: int) -> None:
    random = np.random.default_rng(6)
    truth = random.integers(0, 2, 300)
    p = 1 / (1 + np.exp(-random.normal(size=300) - truth))
    weight = random.random(300)
    odds = log_odds(p)
    labels = classes.of(["no", "yes"], task="binary", positive=1)
    found = score_curves.of(truth, odds if columns == 1 else np.stack([-odds, odds], axis=1), labels=labels, sample_weight=weight)

    assert found.of.tolist() == [1]
    assert found.brier_sum is not None
    assert found.nll_sum is not None
    assert found.weight_sum is not None
    assert_allclose(found.brier_sum / 2 / found.weight_sum, brier_score_loss(truth, p, sample_weight=weight), rtol=1e-12)
    assert_allclose(found.nll_sum / found.weight_sum, log_loss(truth, p, sample_weight=weight), rtol=1e-12)
    assert found.bin_right_weight is not None
    assert found.positives_weight is not None
    assert_allclose([found.bin_right_weight.sum(), found.positives_weight.sum()], weight[truth == 1].sum())
    assert_allclose(found.bin_confidence.sum(), weight @ p)
    assert_allclose(area(walk(vertices(odds, truth == 1, weight))), roc_auc_score(truth, p, sample_weight=weight), atol=1e-14)


def test_a_certain_mistake_is_clipped_and_counted() -> None:
    found = score_curves.of([0, 1], [[-np.inf, np.inf], [-1.0, 1.0]], labels=2)

    assert found.clipped == 1
    assert found.nll_sum is not None
    assert_allclose(found.nll_sum, np.log(1 + np.exp(-1)) - np.log(1e-12))
    assert found.threshold.tolist() == [1.0]
    assert found.between.tolist() == [1]


def test_an_empty_evaluation_has_empty_curves() -> None:
    found = score_curves.of([], np.zeros((0, 3)), labels=3)

    assert found.samples == 0
    assert found.after.tolist() == [0, 0, 0, 0]
    assert len(found.bin) == 0


@pytest.mark.parametrize(
    ("truth", "odds", "message"),
    [
        ([0, 1], np.zeros((2, 3)), r"log_odds \[sample, 4\]; their shapes are \[2\] and \[2, 3\]"),
        ([0, 4], np.zeros((2, 4)), "class ids from 0 to 3; it holds 0 to 4"),
        ([0], np.full((1, 4), np.nan), "log_odds must be numbers"),
    ],
)
def test_what_does_not_fit_is_refused(truth: list[int], odds: Array, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        score_curves.of(truth, odds, labels=4)
