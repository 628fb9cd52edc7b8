"""Evaluation: the laws of merging, scikit-learn as the oracle, and that every sample is somewhere, once."""

from __future__ import annotations

import pickle
import random as random_
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from sklearn.metrics import confusion_matrix as oracle

from layerscope import MemorySink, RunWriter
from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from tb_plugin.schema.examples import Examples
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.predictions import Predictions
from tb_plugin.schema.samples import Samples
from tb_plugin.schema.score_curves import MICRO, ScoreCurves
from tests.test_confusion_matrix import dense
from tests.test_score_curves import area, average_precision, one, softmax, walk
from writers import classes
from writers.evaluation import TWICE, UNKNOWN, Evaluation
from writers.probabilities import probabilities

Array = np.ndarray[Any, Any]
ROOT = Path(__file__).resolve().parents[1]
KINDS = ["confusion_matrix", "score_curves", "predictions"]


def matrix_of(evaluation: Evaluation) -> ConfusionMatrix:
    found = evaluation.payloads()["confusion_matrix"]
    assert isinstance(found, ConfusionMatrix)
    return found


def curves_of(evaluation: Evaluation) -> ScoreCurves:
    found = evaluation.payloads()["score_curves"]
    assert isinstance(found, ScoreCurves)
    return found


def predictions_of(evaluation: Evaluation) -> tuple[Predictions, Samples]:
    found = evaluation.payloads()["predictions"]
    assert isinstance(found, Predictions)
    assert isinstance(found.samples, Samples)
    return found, found.samples


def assert_same(first: Evaluation, second: Evaluation) -> None:
    """What is counted is the same; sums of real numbers up to rounding."""
    for kind, payload in first.payloads().items():
        assert_equal_payloads(payload, second.payloads()[kind])


def assert_equal_payloads(first: Payload, second: Payload) -> None:
    for name, value in vars(first).items():
        other = getattr(second, name)
        if isinstance(value, Payload):
            assert_equal_payloads(value, other)
        elif isinstance(value, float) or (isinstance(value, np.ndarray) and value.dtype == np.float64):
            assert_allclose(other, value, rtol=1e-12, atol=1e-12, err_msg=name)
        elif isinstance(value, np.ndarray):
            assert_array_equal(other, value, name)
        else:
            assert other == value, name


Case = tuple[int, Array, Array, Array]


@st.composite
def cases(draw: st.DrawFn, *, least_classes: int = 2) -> Case:
    """K, labels, logits and weights; many tie, some are NaN or no class."""
    k, n = draw(st.integers(least_classes, 5)), draw(st.integers(0, 14))
    label = st.sampled_from([*map(float, range(k)), *map(float, range(k)), -1.0, 99.0, np.nan])
    score = st.integers(-3, 3).map(float) | st.floats(-900, 900) | st.just(np.nan)
    truth = draw(st.lists(label, min_size=n, max_size=n))
    logits = draw(st.lists(st.lists(score, min_size=k, max_size=k), min_size=n, max_size=n))
    weight = draw(st.lists(st.sampled_from([0.0, 0.25, 1.0, 2.0, -1.0, np.nan]), min_size=n, max_size=n))
    return k, np.array(truth, float), np.array(logits, float).reshape(n, k), np.array(weight, float)


def evaluated(case: Case, cut: slice = slice(None), *, weighted: bool = False, ids: Any = None, **arguments: Any) -> Evaluation:
    k, truth, logits, weight = case
    evaluation = Evaluation(k, score="logit", unknown=99, **arguments)
    return evaluation.update(truth[cut], logits[cut], weight[cut] if weighted else None, ids=None if ids is None else ids[cut])


@pytest.mark.parametrize("exact_bytes", [10**9, 0], ids=["exact", "binned"])
@given(cases(), st.booleans(), st.booleans(), st.data())
@settings(max_examples=40)
def test_parts_merge_to_the_whole_in_any_grouping(exact_bytes: int, case: Case, weighted: bool, named: bool, data: st.DataObject) -> None:
    n = len(case[1])
    ids = [f"sample {i}" for i in range(n)] if named else None
    cuts = sorted(data.draw(st.lists(st.integers(0, n), min_size=2, max_size=2)))
    slices = [slice(0, cuts[0]), slice(*cuts), slice(cuts[1], n)]

    def part(cut: slice) -> Evaluation:
        sent: Evaluation = pickle.loads(pickle.dumps(evaluated(case, cut, weighted=weighted, ids=ids, exact_bytes=exact_bytes)))
        return sent

    whole = evaluated(case, weighted=weighted, ids=ids, exact_bytes=exact_bytes)
    by_batch = Evaluation(case[0], score="logit", unknown=99, exact_bytes=exact_bytes)
    for cut in slices:
        by_batch.update(case[1][cut], case[2][cut], case[3][cut] if weighted else None, ids=None if ids is None else ids[cut])
    a, b, c = map(part, slices)
    assert_same(whole, a.merge(b).merge(c))
    a, b, c = map(part, slices)
    assert_same(whole, a.merge(b.merge(c)))
    assert_same(whole, by_batch)


@given(cases(), st.booleans(), st.none() | st.floats(0, 1))
@settings(max_examples=60)
def test_every_sample_is_somewhere_once_in_each_payload(case: Case, weighted: bool, threshold: float | None) -> None:
    n = len(case[1])
    evaluation = evaluated(case, weighted=weighted, threshold=threshold, ids=np.arange(n) // 2)
    matrix, curves, (predictions, samples) = matrix_of(evaluation), curves_of(evaluation), predictions_of(evaluation)

    assert evaluation.samples == matrix.count.sum() + sum(matrix.dropped.values()) == n
    assert curves.samples + sum(curves.dropped.values()) == n
    assert curves.bin_right.sum() + curves.bin_wrong.sum() == curves.samples
    for curve, id_ in enumerate(curves.of):
        v = one(curves, curve)
        assert v.positives.sum() + v.between.sum() + v.ties.sum() + v.after == curves.samples * (case[0] if id_ == MICRO else 1)
    assert predictions.kept.sum() + sum(predictions.dropped.values()) == n
    assert len(samples.truth) == len(set(range(n // 2 + n % 2)))
    # The matrix once more, from what was said of each sample.
    truth = samples.truth[predictions.kept]
    said = predictions.predicted[predictions.kept]
    again = np.zeros((case[0] + 1, case[0] + 1), int)
    np.add.at(again, (truth, np.where(said == 0, truth, said - 1)), 1)
    assert_array_equal(again, dense(matrix))


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_samples_changes_nothing_but_their_order(case: Case, random: Any) -> None:
    k, truth, logits, weight = case
    order = list(range(len(truth)))
    random.shuffle(order)
    there, here = evaluated((k, truth[order], logits[order], weight[order]), ids=np.array(order, int)), evaluated(case, ids=np.arange(len(truth)))

    assert_equal_payloads(matrix_of(here), matrix_of(there))
    assert_equal_payloads(curves_of(here), curves_of(there))
    (mine, _), (theirs, samples) = predictions_of(here), predictions_of(there)
    assert_array_equal(mine.predicted[samples.number], theirs.predicted)
    assert_array_equal(mine.loss[samples.number], theirs.loss)


@given(cases(least_classes=3), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_renaming_classes_moves_their_curves(case: Case, random: Any) -> None:
    k, truth, logits, weight = case
    order = list(range(k))
    random.shuffle(order)
    new_name = np.argsort(order)
    is_class = (truth >= 0) & (truth < k)
    renamed = np.where(is_class, new_name[np.where(is_class, truth, 0).astype(int)], truth)
    here, there = curves_of(evaluated(case)), curves_of(evaluated((k, renamed, logits[:, order], weight)))

    for old in range(k):
        mine, theirs = one(here, old), one(there, int(new_name[old]))
        # The sum of the others' exponentials is made in another order.
        assert_allclose(theirs.threshold, mine.threshold, rtol=1e-6)
        assert mine.positives.sum() == theirs.positives.sum()


@given(cases())
@settings(max_examples=40)
def test_a_weight_of_two_is_the_sample_twice(case: Case) -> None:
    k, truth, logits, _ = case
    n = len(truth)
    weighted = curves_of(Evaluation(k, score="logit").update(truth, logits, np.full(n, 2)))
    twice = curves_of(Evaluation(k, score="logit").update(np.repeat(truth, 2), np.repeat(logits, 2, axis=0)))

    assert weighted.brier_sum == pytest.approx(twice.brier_sum)
    assert weighted.nll_sum == pytest.approx(twice.nll_sum)
    assert_allclose(weighted.bin_confidence, twice.bin_confidence)
    assert weighted.bin_right_weight is not None
    assert_allclose(weighted.bin_right_weight, twice.bin_right)
    for curve in range(len(weighted.of)):
        v = one(weighted, curve)
        assert v.positives.sum() * 2 == one(twice, curve).positives.sum()


@given(cases(), st.integers(1, 4))
@settings(max_examples=40)
def test_the_size_of_batches_changes_not_one_bit(case: Case, size: int) -> None:
    """As it does where a tool looks at a batch's values to tell what they are."""
    k, truth, logits, _ = case
    whole, batched = Evaluation(k, score="logit"), Evaluation(k, score="logit")
    whole.update(truth, logits)
    for start in range(0, len(truth), size):
        batched.update(truth[start : start + size], logits[start : start + size])

    for name in ("threshold", "between", "positives", "ties", "bin", "bin_right"):
        assert_array_equal(getattr(curves_of(whole), name), getattr(curves_of(batched), name), name)
    assert_equal_payloads(predictions_of(whole)[0], predictions_of(batched)[0])


@pytest.mark.parametrize("score", ["prob", "logit", "logprob"])
@pytest.mark.parametrize("k", [2, 5])
def test_numbers_are_scikit_learns(score: Any, k: int) -> None:
    random = np.random.default_rng(5)
    truth = random.integers(0, k, 700)
    logits = random.normal(size=(700, k)) + 2 * np.eye(k)[truth]
    p, weight = softmax(logits), random.random(700)
    given_ = {"prob": p, "logit": logits, "logprob": np.log(p)}[score]
    for w in (None, weight):
        evaluation = Evaluation(k, score=score)
        for cut in np.array_split(np.arange(700), 9):
            evaluation.update(truth[cut], given_[cut], None if w is None else w[cut])
        matrix, curves = matrix_of(evaluation), curves_of(evaluation)

        assert_allclose(dense(matrix, matrix.weight)[:k, :k], oracle(truth, p.argmax(axis=1), sample_weight=w))
        for curve, id_ in enumerate(curves.of):
            positive, own = (np.eye(k)[truth].ravel(), p.ravel()) if id_ == MICRO else (truth == id_, p[:, id_])
            w_ = np.repeat(w, k) if id_ == MICRO and w is not None else w
            found = one(curves, curve)
            assert_allclose(area(walk(found)), roc_auc_score(positive, own, sample_weight=w_), atol=1e-13)
            assert_allclose(average_precision(walk(found)), average_precision_score(positive, own, sample_weight=w_), atol=1e-13)
        total = 700 if curves.weight_sum is None else curves.weight_sum
        assert curves.nll_sum is not None
        assert curves.brier_sum is not None
        assert_allclose(curves.nll_sum / total, log_loss(truth, p, sample_weight=w), rtol=1e-12)
        if k == 2:
            assert_allclose(curves.brier_sum / 2 / total, brier_score_loss(truth, p[:, 1], sample_weight=w), rtol=1e-12)
        else:
            assert_allclose(curves.brier_sum / total, np.average(((p - np.eye(k)[truth]) ** 2).sum(axis=1), weights=w), rtol=1e-12)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("exact_bytes", [10**8, 0], ids=["exact", "binned"])
def test_the_positive_class_may_be_the_first(columns: int, exact_bytes: int) -> None:
    random = np.random.default_rng(2)
    truth = random.integers(0, 2, 300)
    logits = random.normal(size=(300, 2)) + np.eye(2)[truth]
    labels = classes.of(["ill", "well"], task="binary", positive=0)
    evaluation = Evaluation(labels, score="logit", exact_bytes=exact_bytes)
    evaluation.update(truth, logits if columns == 2 else logits[:, 0] - logits[:, 1])
    curves, (predictions, _) = curves_of(evaluation), predictions_of(evaluation)

    p = softmax(logits)[:, 0]
    assert curves.of.tolist() == [0]
    assert_allclose(area(walk(one(curves, 0))), roc_auc_score(truth == 0, p), atol=1e-14 if not curves.binned else 0.01)
    assert_array_equal(dense(matrix_of(evaluation))[:2, :2], oracle(truth, np.where(p > 0.5, 0, 1)))
    assert_allclose(predictions.confidence, np.floor(p * 65536), atol=1)
    assert_array_equal(predictions.rank, np.where((p > 0.5) == (truth == 0), 1, 2))
    assert curves.nll_sum is not None
    assert_allclose(curves.nll_sum / 300, log_loss(truth == 0, p), rtol=1e-12)


@pytest.mark.parametrize("score", ["prob", "logit", "logprob"])
def test_one_class_alone_is_sure(score: Any) -> None:
    evaluation = Evaluation(1, score=score).update([0, 0], [[0.0 if score != "prob" else 1.0]] * 2)

    assert curves_of(evaluation).nll_sum == 0
    assert predictions_of(evaluation)[0].confidence.tolist() == [65535, 65535]


@pytest.mark.parametrize("weighted", [False, True])
def test_binned_areas_are_within_their_bound(weighted: bool) -> None:
    random = np.random.default_rng(6)
    truth = random.integers(0, 4, 3000)
    logits = 3 * random.normal(size=(3000, 4)) + 2 * np.eye(4)[truth]
    weight = random.random(3000) if weighted else None
    evaluation = Evaluation(4, score="logit", exact_bytes=0).update(truth, logits, weight)
    curves = curves_of(evaluation)
    exact = curves_of(Evaluation(4, score="logit").update(truth, logits, weight))

    assert curves.binned
    assert not exact.binned
    assert_array_equal(curves.score_positive, exact.score_positive)
    assert_array_equal(curves.score_negative, exact.score_negative)
    assert_array_equal(curves.of, exact.of)
    p = softmax(logits)
    for curve, id_ in enumerate(curves.of):
        v = one(curves, curve)
        negatives, positives = walk(v)[-1]
        in_bin = v.positives * v.ties if v.positives_weight is None or v.ties_weight is None else v.positives_weight * v.ties_weight
        bound = in_bin.sum() / 2 / positives / negatives
        positive, own = (np.eye(4)[truth].ravel(), p.ravel()) if id_ == MICRO else (truth == id_, p[:, id_])
        w = np.repeat(weight, 4) if id_ == MICRO and weight is not None else weight
        assert abs(area(walk(v)) - roc_auc_score(positive, own, sample_weight=w)) <= bound < 0.01
        assert (np.diff(v.threshold) < 0).all()
    if weight is None:
        return
    assert curves.weight_squares is not None
    assert exact.weight_squares is not None
    assert_allclose(curves.weight_squares, exact.weight_squares)
    for curve in range(4):
        assert_allclose(walk(one(curves, curve))[-1], [weight[truth != curve].sum(), weight[truth == curve].sum()])


@given(st.lists(st.lists(st.floats(-1e4, 1e4), min_size=3, max_size=3), min_size=1, max_size=5))
@settings(max_examples=100)
def test_log_odds_of_logits_are_those_of_exact_arithmetic(rows: list[list[float]]) -> None:
    from fractions import Fraction  # of exponents: log-sum-exp in whole numbers is out of reach, its limits are not

    logits = np.array(rows)
    p, log_odds = probabilities(logits, 3, score="logit")
    for i, row in enumerate(rows):
        for k in range(3):
            others = [each for j, each in enumerate(row) if j != k]
            highest = max(others)
            wanted = float(Fraction(row[k]) - Fraction(highest)) - np.log(sum(np.exp(each - highest) for each in others))
            assert log_odds[i, k] == pytest.approx(wanted, rel=1e-12, abs=1e-12)
    assert_allclose(p, softmax(logits), rtol=1e-12, atol=1e-300)


def test_a_sample_that_comes_twice_is_counted_once() -> None:
    truth, logits = [0, 1, 1, 0], np.array([[1.0, 0, 0], [0, 2, 0], [0, 0, 3], [4, 0, 0]])
    once = Evaluation(3, score="logit").update(truth, logits, ids=[7, 8, 9, 10])
    evaluation = Evaluation(3, score="logit").update(truth[:2], logits[:2], ids=torch.tensor([7, 8]))
    evaluation.update([1, 1, 1, 0], logits[[2, 1, 2, 3]], ids=[9, 8, 9, 10])

    assert matrix_of(evaluation).dropped == {TWICE: 2}
    assert_array_equal(dense(matrix_of(evaluation)), dense(matrix_of(once)))
    assert_array_equal(curves_of(evaluation).threshold, curves_of(once).threshold)
    assert predictions_of(evaluation)[1].number.tolist() == [7, 8, 9, 10]


@given(cases(), st.booleans(), st.data())
@settings(max_examples=60)
def test_a_sample_that_two_workers_saw_is_counted_once(case: Case, weighted: bool, data: st.DataObject) -> None:
    k, truth, logits, weight = case
    n = len(truth)
    cut = data.draw(st.integers(0, n))
    again = np.array(data.draw(st.lists(st.integers(0, max(cut - 1, 0)), max_size=4, unique=True)) if cut else [], int)
    rows = [np.arange(cut), np.concatenate([np.arange(cut, n), again]).astype(int)]
    names = np.array([f"/images/{i}.png" for i in range(n)])

    def worker(of: Array) -> Evaluation:
        return Evaluation(k, score="logit").update(truth[of], logits[of], weight[of] if weighted else None, ids=names[of])

    assert_same(worker(np.concatenate(rows)), worker(rows[0]).merge(worker(rows[1])))


def test_samples_in_both_that_cannot_be_taken_out_are_refused() -> None:
    one_, two = (Evaluation(3, score="logit", exact_bytes=0).update([0], [[1.0, 2, 3]], ids=["a"]) for _ in range(2))
    with pytest.raises(ValueError, match="1 samples of an evaluation are in the one that it is merged with"):
        one_.merge(two)
    assert one_.samples == 1


def test_an_unknown_truth_is_in_the_matrix_and_in_no_curve() -> None:
    evaluation = Evaluation(["a", "b", "c"], score="logit", unknown="?").update(["a", "?"], np.eye(3)[:2])

    assert curves_of(evaluation).dropped == {UNKNOWN: 1}
    assert dense(matrix_of(evaluation))[3, 1] == 1
    predictions, samples = predictions_of(evaluation)
    assert samples.truth.tolist() == [0, 3]
    assert predictions.rank.tolist() == [1, 0]
    assert np.isnan(predictions.loss).tolist() == [False, True]


def test_samples_that_were_left_out_before_are_counted_in_each_payload() -> None:
    evaluation = Evaluation(2, score="prob").drop("padding", 3).update([0, 5], [0.5, 0.5]).drop("masked", 0)

    assert evaluation.samples == 5
    wanted = {"padding": 3, "label out of range": 1}
    assert matrix_of(evaluation).dropped == curves_of(evaluation).dropped == predictions_of(evaluation)[0].dropped == wanted
    with pytest.raises(ValueError, match="'padding' was given -1"):
        evaluation.drop("padding", -1)


def test_predictions_end_where_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("writers.evaluation.MOST_PREDICTIONS", 3)
    few, many = (Evaluation(2, score="prob").update([0] * n, [0.5] * n) for n in (3, 4))

    assert list(few.payloads()) == KINDS
    assert list(many.payloads()) == KINDS[:2]
    assert list(few.merge(Evaluation(2, score="prob").update([1], [0.5])).payloads()) == KINDS[:2]
    assert list(Evaluation(2, score="prob", predictions=True).update([0] * 4, [0.5] * 4).payloads()) == KINDS
    assert list(Evaluation(2, score="prob", predictions=False, curves=False).update([0], [0.5]).payloads()) == KINDS[:1]


def test_predicted_classes_give_a_matrix_alone() -> None:
    evaluation = Evaluation(["a", "b"], score=None).update(["a", "b"], ["b", "b"])

    assert list(evaluation.payloads(epoch=3)) == KINDS[:1]
    assert matrix_of(evaluation).count.tolist() == [1, 1]


def test_what_is_odd_raises_before_anything_is_counted() -> None:
    evaluation = Evaluation(3, score="logit").update([0], [[1.0, 2, 3]], ids=["a"])
    with pytest.raises(ValueError, match="one entry for each sample"):
        evaluation.update([0, 1], [[1.0, 2, 3]])
    with pytest.raises(ValueError, match="ids must be one for each of the 1 samples"):
        evaluation.update([0], [[1.0, 2, 3]], ids=["a", "b"])
    with pytest.raises(ValueError, match="these are numbers after texts"):
        evaluation.update([0], [[1.0, 2, 3]], ids=[1])
    with pytest.raises(TypeError, match="ids must be texts or whole numbers"):
        evaluation.update([0], [[1.0, 2, 3]], ids=[0.5])
    with pytest.raises(ValueError, match="which is multi-label"):
        evaluation.update([[1, 1, 0]], [[1.0, 2, 3]])
    with pytest.raises(ValueError, match="evaluations merge when their arguments are the same"):
        evaluation.merge(Evaluation(3, score="logit", curves=False))
    with pytest.raises(ValueError, match="accumulators merge when classes"):
        evaluation.merge(Evaluation(4, score="logit"))
    with pytest.raises(ValueError, match="score must be one of"):
        Evaluation(3, score="regression")  # type: ignore[arg-type]
    assert evaluation.samples == 1
    assert evaluation.payloads()["predictions"].samples.ids == ("a",)  # type: ignore[attr-defined]


def test_tensors_that_are_written_over_later_were_taken_as_they_were() -> None:
    scores = torch.tensor([0.5, -2.0], dtype=torch.float64, requires_grad=True)
    evaluation = Evaluation(2, score="logit").update(torch.tensor([1, 0]), scores)
    with torch.no_grad():
        scores.zero_()

    assert curves_of(evaluation).threshold.tolist() == [0.5]


def examples_of(evaluation: Evaluation) -> Examples:
    found = evaluation.payloads()["examples"]
    assert isinstance(found, Examples)
    return found


def shown(found: Examples) -> dict[str, str]:
    """Contents that are texts, by id."""
    starts = [0, *found.content_end[:-1]]
    names = map(str, found.number) if found.ids is None else found.ids
    return {name: found.content[a:b].tobytes().decode() for name, a, b in zip(names, starts, found.content_end, strict=True)}


def spoken(n: int, seed: int = 0) -> tuple[Array, Array, list[str], list[str]]:
    random = np.random.default_rng(seed)
    truth = random.integers(0, 4, n)
    return truth, random.normal(size=(n, 4)) + np.eye(4)[truth], [f"id {i}" for i in range(n)], [f"text {i}" for i in range(n)]


@given(st.integers(0, 60), st.integers(1, 30), st.integers(1, 20), st.booleans())
@settings(max_examples=60)
def test_examples_are_the_same_in_any_grouping(n: int, examples: int, size: int, named: bool) -> None:
    truth, logits, ids, texts = spoken(n)
    order = np.random.default_rng(n).permutation(n) if named else np.arange(n)

    def over(rows: Array, batch: int, into: Evaluation | None = None) -> Evaluation:
        evaluation = into or Evaluation(4, score="logit", examples=examples)
        for cut in np.split(rows, range(batch, len(rows), batch)):
            evaluation.update(truth[cut], logits[cut], ids=[ids[i] for i in cut] if named else None, inputs=[texts[i] for i in cut])
        return evaluation

    whole = over(np.arange(n), max(n, 1)).payloads().get("examples")
    batched = over(order, size).payloads().get("examples")
    assert (whole is None) == (batched is None) == (n == 0)
    if not isinstance(whole, Examples) or not isinstance(batched, Examples):
        return
    assert shown(whole) == shown(batched)
    if named:
        half = n // 2
        assert shown(examples_of(over(order[:half], size).merge(over(order[half:], size)))) == shown(whole)
    assert all(text.split()[1] == name.split()[-1] for name, text in shown(whole).items())


def test_examples_are_the_worst_mistakes_some_by_lot_and_one_right_of_a_class() -> None:
    truth, logits, ids, texts = spoken(400)
    evaluation = Evaluation(4, score="logit", examples=40).update(truth, logits, ids=ids, inputs=texts)
    found = set(shown(examples_of(evaluation)))

    p = softmax(logits)
    loss, is_wrong = -np.log(p[np.arange(400), truth]), p.argmax(axis=1) != truth
    worst = np.flatnonzero(is_wrong)[np.argsort(-loss[is_wrong])[:15]]
    assert {ids[i] for i in worst} <= found
    right = {i for i in range(400) if ids[i] in found and not is_wrong[i]}
    assert sorted(truth[list(right)]) == [0, 1, 2, 3]
    assert len(found) == 30 + 4


def test_each_mistake_is_drawn_as_often_as_any_other() -> None:
    random = np.random.default_rng(0)
    drawn = np.zeros(100)
    for _ in range(300):
        names = random.integers(0, 2**62, 100)
        evaluation = Evaluation(2, score="logit", examples=40, predictions=False, curves=False)
        evaluation.update(np.ones(100, int), -np.arange(1.0, 101.0), ids=names, inputs=[str(i) for i in range(100)])
        found = [int(text) for text in shown(examples_of(evaluation)).values()]
        drawn[found] += 1
    assert (drawn[85:] == 300).all()  # by loss
    by_lot = drawn[:85]
    assert_allclose(by_lot.mean(), 300 * 15 / 85)
    assert (np.abs(by_lot - by_lot.mean()) < 5 * np.sqrt(by_lot.mean())).all()
    assert np.corrcoef(by_lot, np.arange(85))[0, 1] < 0.35


def test_an_example_is_written_once_a_run_and_within_its_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("writers.kept_examples.MOST_EXAMPLES", 50)
    run = RunWriter(to=MemorySink())
    written = list[Any]()
    monkeypatch.setattr(run, "write", lambda tag, payload, step: written.append(payload))
    for step, seed in enumerate([0, 0, 1, 2, 3, 4, 5]):
        truth, logits, ids, texts = spoken(200, seed)
        Evaluation(4, score="logit", examples=20).update(truth, logits, ids=ids, inputs=texts).write(run, "validation", step)

    stored = [shown(each) for each in written if isinstance(each, Examples)]
    names = [name for each in stored for name in each]
    assert len(names) == len(set(names)) == 50
    assert len(stored) < 7  # the second evaluation of the same samples had no other


@pytest.mark.parametrize("value", ["media", "all", " Media "])
def test_the_environment_switches_examples_off(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LAYERSCOPE_DISABLE", value)
    evaluation = Evaluation(2, score="prob", examples=True).update([0], [0.5], inputs=["a"])

    assert list(evaluation.payloads()) == KINDS


def test_inputs_that_cannot_be_shown_stop_nothing(caplog: pytest.LogCaptureFixture) -> None:
    evaluation = Evaluation(2, score="prob", examples=5).update([0, 1], [0.7, 0.2], inputs=np.zeros((2, 3, 3, 3, 3)))

    assert list(evaluation.payloads()) == KINDS
    assert [r.getMessage()[:58] for r in caplog.records] == ["Layerscope cannot show some inputs, such as that of sample"]
    with pytest.raises(ValueError, match="inputs must be one for each of the 1 samples; there are 2"):
        evaluation.update([0], [0.5], inputs=["a", "b"])
    with pytest.raises(ValueError, match="from 0 to 2,000; it is 2001"):
        Evaluation(2, score="prob", examples=2001)


def test_rows_and_pictures_are_shown_of_tensors() -> None:
    rows = Evaluation(2, score="prob", examples=5, feature_names=["age", "income"])
    rows.update(torch.tensor([0, 1]), torch.tensor([0.7, 0.2]), inputs=torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    pictures = Evaluation(2, score="prob", examples=5).update([0, 1], [0.7, 0.2], inputs=torch.rand(2, 3, 8, 8))

    found = examples_of(rows)
    assert (found.media, found.feature_names) == (("features", "features"), ("age", "income"))
    assert found.content.view(np.float32).tolist() == [1, 2, 3, 4]
    assert examples_of(pictures).media == ("image/png", "image/png")


MEASURED = """
import sys
import numpy as np
from writers.evaluation import Evaluation

# Of this program alone: what getrusage says begins with the memory of the process that started it.
def most():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))

samples, classes, batch = map(int, sys.argv[1:])
random = np.random.default_rng(0)
Evaluation(classes, score="logit").update([0], np.zeros((1, classes))).payloads()  # what is loaded at first use
before, evaluation = most(), Evaluation(classes, score="logit")
for _ in range(samples // batch):
    truth, scores = random.integers(0, classes, batch), random.standard_normal((batch, classes), np.float32)
    evaluation.update(truth, scores, random.random(batch), ids=random.integers(0, 2**62, batch))
payloads = evaluation.payloads()
print(payloads["score_curves"].samples, most() - before)
"""


@pytest.mark.parametrize(("samples", "classes", "batch"), [(50_000, 1000, 500), (10_000, 1000, 500), (1_000_000, 10, 5000)])
def test_memory_is_bounded_where_there_are_many_scores(samples: int, classes: int, batch: int) -> None:
    """50,000 x 1,000 scores alone would take 200 MB as they come, and 400 MB as log-odds."""
    program = [sys.executable, "-c", MEASURED, str(samples), str(classes), str(batch)]
    counted, megabytes = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()

    assert int(counted) == samples
    assert float(megabytes) < 350


def test_many_classes_cost_no_square() -> None:
    evaluation = Evaluation(20_000, score="logit")
    evaluation.update(np.arange(50), np.zeros((50, 20_000), np.float32))

    assert len(pickle.dumps(evaluation)) < 50 * 20_000 * 8 + 2_000_000


def state() -> str:
    """Of all generators that a user may have seeded."""
    return f"{np.random.get_state()} {random_.getstate()} {torch.get_rng_state().tolist()}"


def test_nobodys_random_numbers_are_drawn() -> None:
    np.random.seed(1)
    random_.seed(1)
    torch.manual_seed(1)
    before = state()
    Evaluation(2, score="prob", examples=5).update([0, 1], [0.5, 0.7], ids=["a", "b"], inputs=["A", "B"]).payloads()

    assert state() == before


def test_it_writes_what_it_gives_at_the_step_that_is_told_or_known() -> None:
    evaluation = Evaluation(["no", "yes"], score="prob").update([0, 1], [0.25, 0.75])
    sink = MemorySink()
    evaluation.write(RunWriter(to=sink), "validation/age", np.int64(5), epoch=2)

    assert [(event.summary.value[0].tag.split("/")[0], event.step) for event in sink.events] == [
        ("classes", 0),
        ("validation", 5),
        ("validation", 5),
        ("samples", 0),
        ("validation", 5),
    ]
    assert [event.summary.value[0].tag for event in sink.events if event.step] == [f"validation/age/{kind}" for kind in KINDS]

    class Knowing:
        """As what `watch` of PyTorch returns: it knows the step."""

        step = 7

        def write(self, tag: str, content: Any, step: int | None = None) -> None:
            RunWriter(to=sink).write(tag, content, self.step if step is None else step)

    evaluation.write(Knowing(), "test")
    assert {event.step for event in sink.events if event.summary.value[0].tag.startswith("test/")} == {7}
