"""Kind `multilabel`: scikit-learn as the oracle, the laws of merging, and that every decision is somewhere, once."""

from __future__ import annotations

import itertools
import pickle
from typing import Any

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import accuracy_score, hamming_loss, multilabel_confusion_matrix

from tb_plugin.schema import multilabel as schema
from tb_plugin.schema.multilabel import Multilabel
from writers import classes, confusion_matrix, label_pairs, multilabel
from writers.evaluation import Evaluation
from writers.multilabel import Accumulator

Array = np.ndarray[Any, Any]
Case = tuple[Array, Array, Array]

UNKNOWN = -1


@st.composite
def cases(draw: st.DrawFn, *, clean: bool = False) -> Case:
    """Truths, logits and weights; many tie. Unless clean, some are unknown or nonsense."""
    k, n = draw(st.integers(1, 4)), draw(st.integers(0, 12))
    truth, score = st.sampled_from([0.0, 1.0]), st.integers(-2, 2).map(float) | st.floats(-900, 900)
    weight: st.SearchStrategy[float] = st.sampled_from([0.0, 0.25, 1.0, 2.0])
    if not clean:
        truth, score = truth | st.sampled_from([0.0, 1.0, UNKNOWN, 2.0, 0.5, np.nan]), score | st.sampled_from([np.nan, np.inf])
        weight |= st.sampled_from([-1.0, np.nan])
    rows = st.lists(st.lists(truth, min_size=k, max_size=k), min_size=n, max_size=n)
    scores = st.lists(st.lists(score, min_size=k, max_size=k), min_size=n, max_size=n)
    weights = st.lists(weight, min_size=n, max_size=n)
    return np.array(draw(rows), float).reshape(n, k), np.array(draw(scores), float).reshape(n, k), np.array(draw(weights), float)


def counted(case: Case, cut: slice = slice(None), *, weighted: bool = False, **arguments: Any) -> Accumulator:
    truth, logits, weight = case
    given = {"score": "logit", "ignored": UNKNOWN, **arguments}
    return Accumulator(truth.shape[1], **given).update(truth[cut], logits[cut], weight[cut] if weighted else None)


def assert_same(first: Multilabel, second: Multilabel) -> None:
    for name, value in vars(first).items():
        other = getattr(second, name)
        if isinstance(value, np.ndarray):
            assert_allclose(other, value, rtol=1e-12, atol=1e-12, err_msg=name)
        elif name != "classes":
            assert other == value, name


def dense(n: int, end: Array, column: Array, *values: Array) -> Array:
    """Sparse rows as [value, row, column]."""
    found = np.zeros((len(values), n, n), int)
    for row, (start, stop) in enumerate(itertools.pairwise([0, *end.tolist()])):
        for i, each in enumerate(values):
            found[i, row, column[start:stop]] = each[start:stop]
    return found


def sklearns(table: Array) -> Array:
    """The table as scikit-learn has it: [label, 2, 2] of tn, fp, fn, tp."""
    return table[:, [3, 1, 2, 0]].reshape(-1, 2, 2)


@given(cases(clean=True))
@settings(max_examples=80)
def test_the_table_and_both_losses_are_scikit_learns(case: Case) -> None:
    truth, logits, weight = case
    if not len(truth):
        return
    found, told = counted(case).payload(), logits > 0

    # A single column is two classes for it, of which the second one is the label.
    k, classes_ = truth.shape[1], [0, 1] if truth.shape[1] == 1 else None
    assert_array_equal(sklearns(found.table), multilabel_confusion_matrix(truth, told, labels=classes_)[-k:])
    decisions = found.table.sum()
    wrong = (np.arange(len(found.wrong_count)) * found.wrong_count).sum()
    assert found.samples == found.wrong_count.sum() == len(truth)
    assert_allclose(found.table[:, 1:3].sum() / decisions, hamming_loss(truth, told))
    assert_allclose(wrong / decisions, hamming_loss(truth, told))
    assert_allclose(found.wrong_count[0] / found.samples, accuracy_score(truth, told))

    weighted = counted(case, weighted=True).payload()
    assert weighted.table_weight is not None
    assert weighted.wrong_weight is not None
    assert_array_equal(weighted.table, found.table)
    if not weight.any():
        return
    assert_allclose(sklearns(weighted.table_weight), multilabel_confusion_matrix(truth, told, labels=classes_, sample_weight=weight)[-k:], atol=1e-12)
    assert_allclose(weighted.wrong_weight[0] / weighted.wrong_weight.sum(), accuracy_score(truth, told, sample_weight=weight))


@given(cases(), st.booleans())
@settings(max_examples=80)
def test_every_decision_is_somewhere_once(case: Case, weighted: bool) -> None:
    found, accumulator = counted(case, weighted=weighted).payload(), counted(case, weighted=weighted)
    truth, logits, weight = case

    n_dropped = sum(found.dropped.values())
    assert accumulator.samples == found.samples + n_dropped == len(truth)
    assert_array_equal(found.table.sum(axis=1) + found.unknown + found.left_out, found.samples)
    assert sum(found.reasons.values()) == found.left_out.sum()
    kept = np.isfinite(weight) & (weight >= 0) if weighted else np.ones(len(truth), bool)
    assert_array_equal(found.unknown, (truth[kept] == UNKNOWN).sum(axis=0))
    counts = np.isin(truth[kept], [0, 1]) & np.isfinite(logits[kept])
    assert_array_equal(found.table.sum(axis=1), counts.sum(axis=0))
    assert found.wrong_count.sum() == counts.any(axis=1).sum()
    for name, values in [("label is NaN", np.isnan(truth[kept])), ("score not finite", np.isin(truth[kept], [0, 1]) & ~np.isfinite(logits[kept]))]:
        assert found.reasons.get(name, 0) == values.sum()
    if weighted:
        assert found.weight_squares is not None
        assert_allclose(found.weight_squares.sum(axis=1), weight[kept] ** 2 @ counts, atol=1e-12)


@given(cases(), st.booleans(), st.data())
@settings(max_examples=60)
def test_parts_merge_to_the_whole_in_any_grouping(case: Case, weighted: bool, data: st.DataObject) -> None:
    n = len(case[0])
    cuts = sorted(data.draw(st.lists(st.integers(0, n), min_size=2, max_size=2)))
    slices = [slice(0, cuts[0]), slice(*cuts), slice(cuts[1], n)]

    def parts() -> list[Accumulator]:
        return [pickle.loads(pickle.dumps(counted(case, cut, weighted=weighted))) for cut in slices]

    whole = counted(case, weighted=weighted)
    by_batch = whole.empty()
    for cut in slices:
        by_batch.update(case[0][cut], case[1][cut], case[2][cut] if weighted else None)
    a, b, c = parts()
    d, e, f = parts()
    g, h, i = parts()
    for other in (by_batch, a.merge(b).merge(c), d.merge(e.merge(f)), i.merge(g).merge(h)):
        assert_same(whole.payload(), other.payload())


@given(cases(clean=True), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_labels_and_samples_may_come_in_any_order(case: Case, random: Any) -> None:
    rows, columns = list(range(len(case[0]))), list(range(case[0].shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    plain, shuffled = counted(case).payload(), counted((case[0][rows][:, columns], case[1][rows][:, columns], case[2])).payload()

    n = len(columns)
    assert_array_equal(shuffled.table, plain.table[columns])
    assert_array_equal(shuffled.wrong_count, plain.wrong_count)
    swaps = dense(n, plain.row_end, plain.column, plain.count)[0]
    assert_array_equal(dense(n, shuffled.row_end, shuffled.column, shuffled.count)[0], swaps[columns][:, columns])


@given(cases(), st.sampled_from([1, 2, 3]), st.sampled_from([1, 3]))
@settings(max_examples=80)
def test_pairs_are_of_each_sample_by_itself(case: Case, at_once: int, most_wrong: int) -> None:
    truth, logits, _ = case
    n = truth.shape[1]
    swaps, missed, false = np.zeros((3, n, n), int)
    for t, z in zip(truth, logits, strict=True):
        counts = np.isin(t, [0, 1]) & np.isfinite(z)
        gone, extra = np.flatnonzero(counts & (t == 1) & (z <= 0)), np.flatnonzero(counts & (t == 0) & (z > 0))
        if len(gone) + len(extra) > most_wrong:
            continue
        for i, j in itertools.product(gone, extra):
            swaps[i, j] += 1
        for i, j in itertools.combinations(gone, 2):
            missed[i, j] += 1
        for i, j in itertools.combinations(extra, 2):
            false[i, j] += 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label_pairs, "MOST_WRONG", most_wrong)
        patch.setattr(label_pairs, "_PAIRS_AT_ONCE", at_once)
        found = counted(case).payload()

    assert_array_equal(dense(n, found.row_end, found.column, found.count)[0], swaps)
    assert_array_equal(dense(n, found.together_end, found.together_column, found.missed_together, found.false_together), [missed, false])
    assert found.unlisted_swaps == found.unlisted_together == 0


def test_a_swap_goes_from_the_label_missed_to_the_one_told_falsely() -> None:
    random = np.random.default_rng(0)
    truth, told = random.random((2, 300, 6)) < 0.3
    missed, false = (each.astype(int) for each in (truth & ~told, told & ~truth))

    found = multilabel.from_predictions(truth, told, labels=6)

    assert_array_equal(dense(6, found.row_end, found.column, found.count)[0], missed.T @ false)
    together = np.triu([missed.T @ missed, false.T @ false], 1)
    assert_array_equal(dense(6, found.together_end, found.together_column, found.missed_together, found.false_together), together)


@given(cases(clean=True), st.integers(0, 3))
@settings(max_examples=40)
def test_of_many_pairs_the_most_frequent_are_listed_and_the_rest_is_counted(case: Case, most: int) -> None:
    whole = counted(case).payload()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label_pairs, "MOST_PAIRS", most)
        few = counted(case).payload()

    assert sorted(few.count, reverse=True) == sorted(whole.count, reverse=True)[:most]
    assert few.count.sum() + few.unlisted_swaps == whole.count.sum()
    both, all_ = few.missed_together + few.false_together, whole.missed_together + whole.false_together
    assert sorted(both, reverse=True) == sorted(all_, reverse=True)[:most]
    assert both.sum() + few.unlisted_together == all_.sum()


def test_a_sample_with_many_wrong_labels_is_in_no_pair_and_still_counted() -> None:
    truth, told = np.zeros((2, 100)), np.zeros((2, 100))
    told[0, : schema.MOST_WRONG] = told[1, : schema.MOST_WRONG + 1] = 1

    found = multilabel.from_predictions(truth, told, labels=100)

    assert found.most_wrong == schema.MOST_WRONG
    assert found.wrong_count[schema.MOST_WRONG :].tolist() == [1, 1]
    assert found.false_together.sum() == schema.MOST_WRONG * (schema.MOST_WRONG - 1) // 2


@given(cases(clean=True), st.floats(0, 1), st.sampled_from(["prob", "logit", "logprob"]))
@settings(max_examples=80)
def test_a_label_is_told_above_its_threshold_whatever_the_scores_are(case: Case, threshold: float, score: Any) -> None:
    truth, logits, _ = case
    logits = np.clip(logits, -30, 30)
    with np.errstate(divide="ignore"):
        p = 1 / (1 + np.exp(-logits))
        least = {"prob": threshold, "logit": np.log(threshold) - np.log1p(-threshold), "logprob": np.log(threshold)}[score]
    scores = {"prob": p, "logit": logits, "logprob": np.log(p)}[score]
    n = truth.shape[1]

    one = multilabel.from_scores(truth, scores, score=score, labels=n, threshold=threshold)
    each = multilabel.from_scores(truth, scores, score=score, labels=n, threshold=[threshold] * n)

    told = scores > least
    assert_array_equal(one.table, multilabel.from_predictions(truth, told, labels=n).table)
    assert (one.threshold, one.label_threshold) == (threshold, None)
    assert each.threshold is None
    assert_array_equal(each.label_threshold, np.full(n, threshold))
    assert_array_equal(each.table, one.table)


def test_each_label_may_have_its_threshold() -> None:
    found = multilabel.from_scores([[0, 0, 0]] * 2, [[0.4, 0.4, 0.4], [0.6, 0.6, 0.6]], score="prob", labels=3, threshold=[0.3, 0.5, 0.7])

    assert found.table.tolist() == [[0, 2, 0, 0], [0, 1, 0, 1], [0, 0, 0, 2]]
    assert multilabel.from_scores([[0]], [[0.5]], score="prob", labels=1).table.tolist() == [[0, 0, 0, 1]], "above, not at"


def test_a_logit_just_above_0_is_above_one_half() -> None:
    assert multilabel.from_scores([[1, 1]], [[1e-30, 0.0]], score="logit", labels=2).table.tolist() == [[1, 0, 0, 0], [0, 0, 1, 0]]


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("threshold", [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.9])
def test_what_is_at_the_threshold_is_not_above_it_in_any_precision(threshold: float, dtype: str) -> None:
    at, above = np.array([[threshold]], dtype), np.nextafter(np.array([[threshold]], dtype), np.array(1, dtype))

    found = multilabel.from_scores([[1], [1]], np.concatenate([at, above]), score="prob", labels=1, threshold=threshold)

    assert found.table.tolist() == [[1, 0, 1, 0]]


@pytest.mark.parametrize("value", [1.1, -0.1])
def test_what_is_no_probability_is_left_out_of_its_label_alone(value: float) -> None:
    found = multilabel.from_scores([[1, 0]], [[0.9, value]], score="prob", labels=2)

    assert found.table.tolist() == [[1, 0, 0, 0], [0, 0, 0, 0]]
    assert found.left_out.tolist() == [0, 1]
    assert found.reasons == {"probability outside 0 to 1": 1}
    assert multilabel.from_scores([[1]], [[0.1]], score="logprob", labels=1).reasons == {"probability outside 0 to 1": 1}
    assert multilabel.from_scores([[1]], [[1 + 1e-7]], score="prob", labels=1).reasons == {}


def test_predictions_that_are_no_decision_are_left_out() -> None:
    found = multilabel.from_predictions([[1, 1, 0]], [[0.5, np.nan, 1]], labels=3)

    assert found.reasons == {"prediction not 0 or 1": 1, "prediction is NaN": 1}
    assert (found.score, found.threshold) == (None, None)


def test_a_sample_of_which_nobody_knows_anything_is_neither_right_nor_wrong() -> None:
    found = multilabel.from_predictions([[-1, -1], [-1, 1]], [[1, 1], [0, 1]], labels=2, ignored=-1)

    assert found.samples == 2
    assert found.wrong_count.tolist() == [1]
    assert found.unknown.tolist() == [2, 1]


@pytest.mark.parametrize("form", [np.array, lambda y: y.astype(bool), lambda y: y.astype(np.uint8), np.ndarray.tolist, scipy.sparse.csr_matrix])
def test_labels_come_in_any_form(form: Any) -> None:
    truth, told = np.array([[1, 0, 1], [0, 0, 1]]), np.array([[1, 1, 0], [0, 0, 1]])

    found = multilabel.from_predictions(form(truth), form(told), labels=["a", "b", "c"], ignored=255)

    assert_array_equal(found.table, [[1, 0, 0, 1], [0, 1, 0, 1], [1, 0, 1, 0]])


def test_an_empty_evaluation_is_one() -> None:
    found = multilabel.from_scores([], [], score="prob", labels=["a", "b"])

    assert found.samples == 0
    assert found.table.tolist() == [[0] * 4] * 2
    assert len(found.wrong_count) == 0


def test_a_single_label_needs_no_columns() -> None:
    assert multilabel.from_scores([1, 0], [0.9, 0.8], score="prob", labels=1).table.tolist() == [[1, 1, 0, 0]]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"y_true": [0, 1]}, ValueError, "evaluate it with Evaluation"),
        ({"y_true": [[0, 1, 0]] * 2}, ValueError, "each of the 2 labels"),
        ({"y_true": np.zeros((2, 3, 2))}, ValueError, r"y_true.reshape\(-1, 2\)"),
        ({"y_true": [["a", "b"]] * 2}, TypeError, "MultiLabelBinarizer"),
        ({"scores": [["a", "b"]] * 2}, TypeError, "scores must be numbers"),
        ({"scores": [[0.5, 0.5]]}, ValueError, "they have 2 and 1"),
        ({"sample_weight": [1.0]}, ValueError, "they have 2 and 1"),
        ({"sample_weight": [[1.0, 2.0]] * 2}, ValueError, "one weight for each sample"),
        ({"score": "odds"}, ValueError, "score must be one of"),
        ({"threshold": 1.5}, ValueError, "from 0 to 1"),
        ({"threshold": np.nan}, ValueError, "from 0 to 1"),
        ({"threshold": [0.5]}, ValueError, "each of the 2 labels"),
        ({"threshold": "half"}, TypeError, "a number or one for each label"),
        ({"ignored": 0}, ValueError, "not true"),
        ({"ignored": 1}, ValueError, "says that a label is true"),
        ({"labels": classes.of(2)}, ValueError, "task='multilabel'"),
        ({"labels": classes.of(2, task="multilabel", ignored=-1), "ignored": -2}, ValueError, "say it in one place"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: dict[str, Any], error: type[Exception], message: str) -> None:
    fitting = {"y_true": [[0, 1], [1, 1]], "scores": [[0.1, 0.9], [0.5, 0.5]], "labels": 2, "score": "prob"}

    with pytest.raises(error, match=message):
        multilabel.from_scores(**{**fitting, **arguments})


def test_what_counts_something_else_does_not_merge() -> None:
    one = Accumulator(2, score="prob")
    for other in (
        Accumulator(3, score="prob"),
        Accumulator(2, score="logit"),
        Accumulator(2, score="prob", threshold=0.4),
        Accumulator(2, score="prob", ignored=-1),
    ):
        with pytest.raises(ValueError, match="these differ"):
            one.merge(other)
    with pytest.raises(ValueError, match="needs scores"):
        Accumulator(2, threshold=0.5)


@pytest.mark.parametrize("truth", [[[1, 1, 0], [0, 1, 0]], [[0, 0, 0], [0, 1, 0]]], ids=["several", "none"])
def test_multi_label_truths_are_no_classes(truth: list[list[int]]) -> None:
    scores = np.full((2, 3), 1 / 3)
    for evaluate in (lambda: Evaluation(3, score="prob").update(truth, scores), lambda: confusion_matrix.from_scores(truth, scores, score="prob", n_classes=3)):
        with pytest.raises(ValueError, match="MultilabelEvaluation"):
            evaluate()
    with pytest.raises(ValueError, match="MultilabelEvaluation"):
        Evaluation(classes.of(3, task="multilabel"), score="prob")
