"""/calibration: whether a model is as often right as it is sure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import logit
from scipy.stats import binomtest, norm, sem
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss

from tb_plugin.analysis.calibration import calibration
from tb_plugin.analysis.intervals import wilson
from tb_plugin.points import Point, point_of
from tb_plugin.schema import record
from tb_plugin.schema.calibration import By, Whose
from tb_plugin.schema.score_curves import ScoreCurves
from tests.server.conftest import Array, Tab
from tests.server.evaluations import RUN, write_evaluations
from writers import MultilabelEvaluation, RunWriter, score_curves

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
    assert python_tab(tmp_path).nothing("/calibration", **SERIES, step="9") == (error, "The first are of step 10.")


def point_of_(content: ScoreCurves) -> Point:
    """As the store keeps it: packed, unpacked and checked."""
    return point_of(record.decode(record.encode(content, writer="w", ordinal=0)), 0, 0.0)


def binary(p: Array, positive: Array, weight: Array | None = None) -> Point:
    return point_of_(score_curves.of(positive.astype(int), logit(p), labels=["no", "yes"], sample_weight=weight))


def number(value: float | None) -> float:
    """A number that must be there."""
    assert value is not None
    return value


@st.composite
def evaluations(draw: st.DrawFn, *, weighted: bool | None = None) -> tuple[Array, Array, Array | None]:
    """Probabilities of the positive class inside bins of 1/3000, truths, and weights or none."""
    size = draw(st.integers(2, 80))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    p = (random.integers(0, 3000, size) + random.uniform(0.2, 0.8, size)) / 3000
    is_weighted = draw(st.booleans()) if weighted is None else weighted
    return p, random.random(size) < p**2, random.integers(1, 5, size) / 4 if is_weighted else None


@settings(max_examples=40)
@given(evaluations(weighted=False), st.sampled_from([5, 10, 15, 20, 100]))
def test_bins_are_scikit_learns(given_: tuple[Array, Array, None], bins: int) -> None:
    p, positive, _ = given_
    found = calibration(binary(p, positive), bins, "width", "positive class")
    truth, said = calibration_curve(positive, p, n_bins=bins)
    used = found.count > 0

    assert found.of == "positive class"
    assert_allclose(found.accuracy[used], truth, atol=1e-12)
    assert_allclose(found.confidence[used], said, atol=1e-9)
    assert np.isnan(found.accuracy[~used]).all()
    assert np.isnan(found.accuracy_low[~used]).all()
    assert found.count.sum() == found.samples == len(p)
    assert_allclose(found.low[1:], found.high[:-1])
    assert (found.low[0], found.high[-1], len(found.low)) == (0, 1, bins)


@settings(max_examples=40)
@given(evaluations(), st.sampled_from([1, 10, 15]), st.sampled_from(["width", "mass"]))
def test_errors_are_as_they_are_defined(given_: tuple[Array, Array, Array | None], bins: int, by: By) -> None:
    p, positive, weight = given_
    w = np.ones(len(p)) if weight is None else weight
    found = calibration(binary(p, positive, weight), bins, by, "positive class")
    place = np.searchsorted(found.high, p)
    groups = [place == b for b in range(len(found.high)) if (place == b).any()]
    gap = np.array([abs(np.average(positive[g], weights=w[g]) - np.average(p[g], weights=w[g])) for g in groups])
    total = np.array([w[g].sum() for g in groups])
    share, each = total / w.sum(), w.sum() / (w**2).sum()
    n, acc = total * each, np.array([np.average(positive[g], weights=w[g]) for g in groups])
    squared = sum(s * (d**2 - a * (1 - a) / (m - 1)) for s, d, a, m in zip(share, gap, acc, n, strict=True) if m >= 2)

    assert_allclose(number(found.ece), share @ gap, atol=1e-9)
    assert_allclose(number(found.mce), gap.max(), atol=1e-9)
    assert_allclose(number(found.ece_floor), sum(np.sqrt(2 / np.pi * (w[g] * p[g] * (1 - p[g])).sum() / each) for g in groups) / w.sum(), rtol=1e-9)
    if (n >= 2).any():
        assert_allclose(number(found.ece_debiased) ** 2, max(squared, 0), atol=1e-9)
    else:
        assert found.ece_debiased is None


@given(st.integers(1, 10**6), st.data())
def test_no_rounding_takes_an_interval_away_from_its_rate(n: int, data: st.DataObject) -> None:
    """All of 39 are right: the interval ends at 1, not a hair before it."""
    right = data.draw(st.integers(0, n) | st.sampled_from([0, n]))
    (low,), (high,) = wilson(np.array([right]), np.array([n]))
    expected = binomtest(right, n).proportion_ci(0.95, "wilson")

    assert 0 <= low <= right / n <= high <= 1
    assert (low == 0) == (right == 0)
    assert (high == 1) == (right == n)
    assert_allclose([low, high], [expected.low, expected.high], atol=1e-12)


@settings(max_examples=40)
@given(evaluations())
def test_brier_and_log_loss_are_scikit_learns(given_: tuple[Array, Array, Array | None]) -> None:
    p, positive, weight = given_
    found = calibration(binary(p, positive, weight), 15, "width", "positive class")

    # Over both classes: twice what scikit-learn sums over the positive one.
    assert_allclose(number(found.brier), 2 * brier_score_loss(positive, p, sample_weight=weight), rtol=1e-12)
    assert_allclose(number(found.nll), log_loss(positive, p, sample_weight=weight, labels=[False, True]), rtol=1e-12)
    low, middle, high = (number(each) for each in (found.brier_low, found.brier, found.brier_high))
    assert 0 <= low <= middle <= high


@settings(max_examples=40)
@given(evaluations(weighted=False))
def test_intervals_are_those_of_scipy(given_: tuple[Array, Array, None]) -> None:
    p, positive, _ = given_
    found = calibration(binary(p, positive), 15, "width", "positive class")
    nll = -np.log(np.where(positive, p, 1 - p))

    half = norm.ppf(0.975) * sem(nll)
    assert_allclose([number(found.nll_low), number(found.nll_high)], [max(nll.mean() - half, 0), nll.mean() + half], atol=1e-7)
    for low, high, right, n in zip(found.accuracy_low, found.accuracy_high, np.rint(found.accuracy * found.count), found.count, strict=True):
        if n:
            interval = binomtest(int(right), int(n)).proportion_ci(0.95, "wilson")
            assert_allclose([low, high], interval, atol=1e-12)


@settings(max_examples=40)
@given(evaluations(weighted=False), st.sampled_from([0.5, 3.0]))
def test_equal_weights_say_what_none_say(given_: tuple[Array, Array, None], weight: float) -> None:
    p, positive, _ = given_
    for by in get_args(By):
        plain, weighted = (calibration(binary(p, positive, w), 10, by, "positive class") for w in (None, np.full(len(p), weight)))
        for name in ("ece", "ece_floor", "mce", "brier", "brier_low", "nll_high"):
            assert_allclose(getattr(weighted, name), getattr(plain, name), atol=1e-7, err_msg=name)
        for name in ("low", "count", "accuracy", "accuracy_high", "coverage", "covered_accuracy"):
            assert_allclose(getattr(weighted, name), getattr(plain, name), atol=1e-9, err_msg=name)


@settings(max_examples=40)
@given(evaluations(weighted=False), st.data())
def test_a_whole_weight_is_that_many_samples(given_: tuple[Array, Array, None], data: st.DataObject) -> None:
    """What is told of them; how sure that is depends on how many there really are."""
    p, positive, _ = given_
    times = np.array(data.draw(st.lists(st.integers(0, 3), min_size=len(p), max_size=len(p))))
    if not times.any():
        return
    weighted = calibration(binary(p, positive, times.astype(float)), 15, "width", "positive class")
    repeated = calibration(binary(np.repeat(p, times), np.repeat(positive, times)), 15, "width", "positive class")
    for name in ("ece", "mce", "brier", "nll"):
        assert_allclose(number(getattr(weighted, name)), number(getattr(repeated, name)), atol=1e-9, err_msg=name)
    for name in ("confidence", "accuracy", "coverage", "covered_accuracy", "covered_from"):
        assert_allclose(getattr(weighted, name), getattr(repeated, name), atol=1e-9, err_msg=name)


@settings(max_examples=40)
@given(evaluations(), st.sampled_from(["width", "mass"]))
def test_trials_are_kishs_number_of_samples_in_proportion_to_the_weight(given_: tuple[Array, Array, Array | None], by: By) -> None:
    p, positive, weight = given_
    found = calibration(binary(p, positive, weight), 15, by, "positive class")
    w = np.ones(len(p)) if weight is None else weight
    total = np.bincount(np.searchsorted(found.high, p), w, minlength=len(found.high))

    assert_allclose(found.trials, total / w.sum() * w.sum() ** 2 / (w**2).sum())
    assert_allclose(found.trials @ np.nan_to_num(found.accuracy) / found.trials.sum(), np.average(positive, weights=w))
    assert_allclose(found.trials @ np.nan_to_num(found.confidence) / found.trials.sum(), np.average(p, weights=w), atol=1e-7)


def test_bins_of_equal_mass_hold_equally_much_and_none_is_empty() -> None:
    random = np.random.default_rng(2)
    p = random.beta(8, 1, 9000)
    found = calibration(binary(p, random.random(9000) < p), 15, "mass", "positive class")

    assert len(found.count) == 15
    assert found.count.sum() == 9000
    assert np.abs(found.count - 600).max() < 60
    few = calibration(binary(np.array([0.2, 0.2, 0.9]), np.array([True, False, True])), 15, "mass", "positive class")
    assert few.count.tolist() == [2, 1]
    assert (few.low[0], few.high[-1]) == (0, 1)


def test_a_model_that_is_calibrated_is_at_the_floor() -> None:
    random = np.random.default_rng(4)
    found = []
    for _ in range(40):
        p = random.beta(5, 1.5, 2000)
        found.append(calibration(binary(p, random.random(2000) < p), 15, "width", "positive class"))

    assert np.mean([each.ece for each in found]) == pytest.approx(np.mean([each.ece_floor for each in found]), rel=0.1)
    assert np.median([each.ece_debiased for each in found]) < 0.3 * np.median([each.ece for each in found])


@pytest.mark.parametrize("binary_task", [True, False])
def test_the_surest_are_right_as_often_as_they_are(binary_task: bool) -> None:
    random = np.random.default_rng(6)
    size = 2 if binary_task else 4
    whose: Whose = "positive class" if binary_task else "predicted class"
    logits = 2 * random.normal(size=(400, size))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([random.choice(size, p=row) for row in p])
    found = calibration(point_of_(score_curves.of(truth, logit(p), labels=size)), 15, "width", whose)
    sure, right = p.max(axis=1), p.argmax(axis=1) == truth

    assert found.of == whose
    assert found.coverage[0] == 1
    assert_allclose(found.covered_accuracy[0], right.mean())
    assert (np.diff(found.coverage) < 0).all()
    assert (np.diff(found.covered_from) > 0).all()
    for share, accuracy, least in zip(found.coverage, found.covered_accuracy, found.covered_from, strict=True):
        among = sure > least
        assert_allclose((share, accuracy), (among.mean(), right[among].mean()), atol=1e-12)


def test_accuracy_against_coverage_is_told_at_500_places_at_most() -> None:
    random = np.random.default_rng(8)
    p = random.random(40_000)
    found = calibration(binary(p, random.random(40_000) < p), 15, "width", "positive class")

    assert len(found.coverage) == 500
    assert found.coverage[0] == 1


def test_the_route_answers_as_it_is_asked(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    tab = open_tab(tmp_path, 6)
    p = logged.probabilities[20]
    right = p.argmax(axis=1) == logged.truth
    found = tab.arrays("/calibration", **SERIES, step="29", bins="10", by="mass")
    fields = found.segments[0]["points"][0]["fields"]

    assert (fields["of"], fields["by"], fields["samples"], fields["epoch"], fields["clipped"]) == ("predicted class", "mass", 200, 1, 0)
    assert_allclose(found.arrays["0/count"], 20, atol=2)
    place = np.searchsorted(found.arrays["0/high"], p.max(axis=1))
    gaps = [abs(right[g].mean() - p.max(axis=1)[g].mean()) for g in (place == b for b in range(10))]
    assert_allclose(found.arrays["0/count"], np.bincount(place))
    assert_allclose(fields["brier"], ((p - np.eye(4)[logged.truth]) ** 2).sum(axis=1).mean())
    assert_allclose(fields["nll"], log_loss(logged.truth, p))
    assert_allclose(fields["ece"], np.average(gaps, weights=np.bincount(place)))
    assert tab.arrays("/calibration", **SERIES).arrays["0/count"].tolist() != found.arrays["0/count"].tolist()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_decisions_about_labels_are_as_sure_as_the_likelier_of_yes_and_no(python_tab: Callable[..., Tab], tmp_path: Path, count: int) -> None:
    random = np.random.default_rng(11)
    p = (random.integers(0, 3000, (90, count)) + random.uniform(0.2, 0.8, (90, count))) / 3000
    truth = random.random((90, count)) < p
    evaluation = MultilabelEvaluation(count, score="prob")
    evaluation.update(truth.astype(int), p)
    with RunWriter(tmp_path / RUN) as run:
        evaluation.write(run, "validation", 0)
    found = python_tab(tmp_path).arrays("/calibration", **SERIES)
    fields = found.segments[0]["points"][0]["fields"]
    sure, right = np.maximum(p, 1 - p).ravel(), ((p > 0.5) == truth).ravel()

    assert (fields["of"], fields["samples"]) == ("label", 90 * count)
    place = np.searchsorted(found.arrays["0/high"], p.ravel())
    used = np.unique(place)
    assert_allclose(found.arrays["0/accuracy"][used], [truth.ravel()[place == b].mean() for b in used])
    assert_allclose(fields["brier"], brier_score_loss(truth.ravel(), p.ravel()))
    for share, accuracy, least in zip(found.arrays["0/coverage"], found.arrays["0/covered_accuracy"], found.arrays["0/covered_from"], strict=True):
        among = sure > least
        assert_allclose((share, accuracy), (among.mean(), right[among].mean()), atol=1e-12)


def test_an_evaluation_of_nothing_has_no_calibration_and_no_zero(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    nothing = score_curves.of([], np.zeros((0, 3)), labels=3)
    weightless = score_curves.of([0, 1], np.zeros((2, 3)), labels=3, sample_weight=[0, 0])
    with RunWriter(tmp_path / RUN) as run:
        run.write("validation/score_curves", nothing, 0)
        run.write("validation/score_curves", weightless, 1)
    tab = python_tab(tmp_path)
    for step in ("0", "1"):
        for by in get_args(By):
            found = tab.arrays("/calibration", **SERIES, step=step, by=by)
            fields = found.segments[0]["points"][0]["fields"]
            assert {name: fields[name] for name in ("ece", "ece_floor", "ece_debiased", "mce", "brier", "brier_low", "nll", "nll_high")} == dict.fromkeys(
                ("ece", "ece_floor", "ece_debiased", "mce", "brier", "brier_low", "nll", "nll_high")
            )
            assert np.isnan(found.arrays["0/accuracy"]).all()
            assert len(found.arrays["0/coverage"]) == 0


def test_damaged_numbers_are_answered_and_nothing_breaks(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """A bin there twice, infinite sums, counts beyond all numbers."""
    good = score_curves.of([0, 1, 2], np.zeros((3, 3)), labels=3, sample_weight=[1, 1, 1])
    bad: dict[str, Any] = {
        "bin": np.array([2999, 5, 5]),
        "bin_right": np.array([2**62] * 3),
        "bin_wrong": np.array([2**62] * 3),
        "bin_confidence": np.array([np.inf, np.nan, -1e308]),
        "bin_variance": np.array([-1.0, np.inf, 1e308]),
        "bin_right_weight": np.array([1e308, 1e308, 0]),
        "bin_wrong_weight": np.array([1e308, np.inf, 0]),
    }
    with RunWriter(tmp_path / RUN) as run:
        run.write(
            "validation/score_curves", replace(good, **bad, brier_sum=1e308, brier_squares=-1.0, nll_sum=-1e308, weight_sum=1e-308, weight_square_sum=-2.0), 0
        )
        run.write("validation/score_curves", replace(good, **bad, weight_sum=0.0, weight_square_sum=0.0, samples=2**60), 1)
    tab = python_tab(tmp_path)
    for step in ("0", "1"):
        for by in get_args(By):
            assert tab.get("/calibration", {**SERIES, "step": step, "by": by}).status_code == 200
