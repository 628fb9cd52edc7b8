"""Kind `confusion_matrix`: laws of counting, scikit-learn as the oracle, and every value that is no class."""

from __future__ import annotations

import pickle
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import confusion_matrix as oracle

from tb_plugin.schema import record
from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ConfusionMatrix, ScoreType
from writers import classes
from writers.confusion_matrix import Accumulator, from_predictions, from_scores

Array = np.ndarray[Any, Any]
NAN, INF = float("nan"), float("inf")


def dense(matrix: ConfusionMatrix, values: Array | None = None) -> Array:
    """[K + 1, K + 1] of the counts, or of other values of the cells."""
    content = matrix.count if values is None else values
    size = len(matrix.row_end)
    result = np.zeros((size, size), dtype=content.dtype)
    result[np.repeat(np.arange(size), np.diff(matrix.row_end, prepend=0)), matrix.column] = content
    return result


def total(matrix: ConfusionMatrix) -> int:
    return int(matrix.count.sum()) + sum(matrix.dropped.values())


@st.composite
def samples(draw: st.DrawFn, *, odd: bool = False) -> tuple[int, Array, Array]:
    """Number of classes, true and predicted ids; `odd`: also values that are no class."""
    k = draw(st.integers(2, 6))
    strange = [NAN, INF, -INF, -1.0, 0.5, float(k), 1e300]
    value = st.sampled_from([float(i) for i in range(k)] + (strange if odd else []))
    pairs = draw(st.lists(st.tuples(value, value), max_size=30))
    truth, predicted = np.array(pairs, dtype=float).reshape(-1, 2).T
    return k, truth, predicted


@settings(max_examples=60)
@given(samples())
def test_counts_are_scikit_learns(drawn: tuple[int, Array, Array]) -> None:
    k, truth, predicted = drawn
    matrix = from_predictions(truth.astype(int), predicted.astype(int), n_classes=k)

    expected = oracle(truth, predicted, labels=range(k)) if len(truth) else np.zeros((k, k))
    assert_array_equal(dense(matrix)[:k, :k], expected)
    assert total(matrix) == len(truth)
    assert matrix.weight is None


@settings(max_examples=60)
@given(samples(), st.data())
def test_weights_are_scikit_learns(drawn: tuple[int, Array, Array], data: st.DataObject) -> None:
    k, truth, predicted = drawn
    weights = np.array(data.draw(st.lists(st.floats(0, 1e6), min_size=len(truth), max_size=len(truth))))
    matrix = from_predictions(truth, predicted, n_classes=k, sample_weight=weights)

    if weights.any():  # scikit-learn refuses a matrix without any weight
        assert matrix.weight is not None
        assert_allclose(dense(matrix, matrix.weight)[:k, :k], oracle(truth, predicted, labels=range(k), sample_weight=weights), rtol=1e-12)
    assert matrix.weight_squares is not None
    assert_allclose(matrix.weight_squares, [(weights[truth == i] ** 2).sum() for i in [*range(k), NAN]], rtol=1e-12)
    assert matrix.column_weight_squares is not None
    assert_allclose(matrix.column_weight_squares, [(weights[predicted == i] ** 2).sum() for i in [*range(k), NAN]], rtol=1e-12)


@settings(max_examples=60)
@given(samples(odd=True))
def test_every_sample_is_in_one_cell_or_dropped(drawn: tuple[int, Array, Array]) -> None:
    k, truth, predicted = drawn
    matrix = from_predictions(truth, predicted, n_classes=k)

    assert total(matrix) == len(truth)
    good = np.isin(truth, range(k)) & np.isin(predicted, range(k))
    assert matrix.count.sum() == good.sum()


@settings(max_examples=60)
@given(samples(odd=True), st.data())
def test_batches_and_workers_give_what_the_whole_gives_in_any_grouping(drawn: tuple[int, Array, Array], data: st.DataObject) -> None:
    k, truth, predicted = drawn
    weights = np.arange(len(truth)) % 5 / 4  # dyadic: their sums are exact, so that grouping may not change a bit
    whole = from_predictions(truth, predicted, n_classes=k, sample_weight=weights)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(truth)), min_size=2, max_size=2)))
    parts = [Accumulator(n_classes=k).update(t, p, w) for t, p, w in zip(*(np.split(x, cuts) for x in (truth, predicted, weights)), strict=True)]
    a, b, c = (pickle.loads(pickle.dumps(part)) for part in parts)
    left, right = (pickle.loads(pickle.dumps(parts)) for _ in range(2))

    assert encoded(left[0].merge(left[1]).merge(left[2])) == encoded(right[2].merge(right[1].merge(right[0]))) == record.encode(whole, writer="w", ordinal=0)
    assert encoded(Accumulator(n_classes=k).merge(a).merge(Accumulator(n_classes=k)).merge(b).merge(c)) == record.encode(whole, writer="w", ordinal=0)


@settings(max_examples=60)
@given(samples(odd=True), st.randoms(use_true_random=False))
def test_the_order_of_samples_does_not_matter(drawn: tuple[int, Array, Array], random: Any) -> None:
    k, truth, predicted = drawn
    order = list(range(len(truth)))
    random.shuffle(order)

    first, second = (from_predictions(truth[o], predicted[o], n_classes=k) for o in (slice(None), order))
    assert record.encode(first, writer="w", ordinal=0) == record.encode(second, writer="w", ordinal=0)


@settings(max_examples=60)
@given(samples(), st.randoms(use_true_random=False))
def test_renaming_classes_moves_rows_and_columns(drawn: tuple[int, Array, Array], random: Any) -> None:
    k, truth, predicted = drawn
    names = np.array([*range(k), k])
    random.shuffle(names[:k])

    given_, renamed = from_predictions(truth, predicted, n_classes=k), from_predictions(names[truth.astype(int)], names[predicted.astype(int)], n_classes=k)
    assert_array_equal(dense(given_), dense(renamed)[np.ix_(names, names)])


@settings(max_examples=60)
@given(samples())
def test_truth_for_prediction_turns_the_matrix(drawn: tuple[int, Array, Array]) -> None:
    k, truth, predicted = drawn
    weight = np.arange(len(truth)) / 4

    given_, turned = (from_predictions(*pair, n_classes=k, sample_weight=weight) for pair in ((truth, predicted), (predicted, truth)))
    assert_array_equal(dense(turned), dense(given_).T)
    assert_allclose(dense(turned, turned.weight), dense(given_, given_.weight).T)
    assert turned.weight_squares is not None
    assert given_.column_weight_squares is not None
    assert_allclose(turned.weight_squares, given_.column_weight_squares)


@settings(max_examples=60)
@given(samples(), st.data())
def test_a_whole_weight_is_that_many_samples(drawn: tuple[int, Array, Array], data: st.DataObject) -> None:
    k, truth, predicted = drawn
    times = np.array(data.draw(st.lists(st.integers(0, 4), min_size=len(truth), max_size=len(truth))), dtype=int)

    weighted = from_predictions(truth, predicted, n_classes=k, sample_weight=times)
    repeated = from_predictions(np.repeat(truth, times), np.repeat(predicted, times), n_classes=k)
    assert_array_equal(dense(weighted, weighted.weight), dense(repeated))
    assert total(weighted) == len(truth)  # a weight of zero is a sample all the same


def encoded(accumulator: Accumulator) -> bytes:
    return record.encode(accumulator.payload(), writer="w", ordinal=0)


@pytest.mark.parametrize(
    ("truth", "reason"),
    [
        ([0, 3], "label out of range"),
        ([0, -1], "label out of range"),
        (np.array([0, 2**64 - 1], dtype=np.uint64), "label out of range"),
        (np.array([0, 200], dtype=np.uint8), "label out of range"),
        ([0, INF], "label out of range"),
        ([0, NAN], "label is NaN"),
        ([0, None], "label is NaN"),
        ([0, 1.5], "label not whole"),
        (["a", "A"], "bad label"),
        ([b"a", b"\xff"], "bad label"),
        (["a", ""], "bad label"),
        (np.array(["a", NAN], dtype=object), "label is NaN"),
    ],
)
def test_a_truth_that_is_no_class_is_dropped_by_reason(truth: Any, reason: str) -> None:
    matrix = from_predictions(truth, [0, 0], labels=["a", "b", "c"])

    assert matrix.dropped == {reason: 1}
    assert dense(matrix)[0, 0] == 1


def test_a_prediction_that_is_no_class_is_dropped_by_reason() -> None:
    matrix = from_predictions([0, 1, 1, 1], [0, NAN, 0.5, 7], n_classes=2)
    by_name = from_predictions(["a", "b"], ["a", "z"], labels=["a", "b"])

    assert matrix.dropped == {"prediction is NaN": 1, "prediction not whole": 1, "prediction out of range": 1}
    assert by_name.dropped == {"bad prediction": 1}


def test_a_sample_with_two_faults_is_dropped_once() -> None:
    assert from_predictions([NAN, 9, 0], [9, 9, 9], n_classes=2, sample_weight=[NAN, 1, -1]).dropped == {
        "label is NaN": 1,
        "label out of range": 1,
        "prediction out of range": 1,
    }


def test_weights_that_are_no_weights_are_dropped_by_reason_and_zero_is_kept() -> None:
    matrix = from_predictions([0, 0, 0, 0], [0, 0, 0, 0], n_classes=1, sample_weight=[0, -1, NAN, INF])

    assert matrix.dropped == {"weight negative": 1, "weight not finite": 2}
    assert matrix.count.tolist() == [1]
    assert matrix.weight is not None
    assert matrix.weight.tolist() == [0.0]


@pytest.mark.parametrize("ignored", [-1, 255, 0, np.int64(-1)])
def test_the_ignored_label_is_left_out_and_counted(ignored: Any) -> None:
    matrix = from_predictions([ignored, 1, ignored], [0, 1, 1], n_classes=2, ignored=ignored)

    assert matrix.dropped == {"ignored": 2}
    assert dense(matrix)[1, 1] == matrix.count.sum() == 1


def test_an_unknown_number_is_no_excuse_for_a_name() -> None:
    """A label that is written like the number is that label."""
    matrix = from_predictions(np.array(["a", "-1", "-1", "x", -2], object), ["a", "-1", "a", "a", "a"], labels=["a", "-1"], unknown=-1)

    assert_array_equal(dense(matrix), [[1, 0, 0], [1, 1, 0], [0, 0, 0]])
    assert matrix.dropped == {"bad label": 2}


def test_an_ignored_label_is_no_excuse_for_a_prediction() -> None:
    assert from_predictions([0, 1], [-1, 1], n_classes=2, ignored=-1).dropped == {"prediction out of range": 1}


@pytest.mark.parametrize(
    ("truth", "unknown"),
    [
        ([0, -1, -1], -1),
        (["a", "?", "?"], "?"),
        ([0.0, 99.0, 99.0], 99),
        (["a", -1, -1], -1),  # which NumPy makes texts of
        (np.array(["a", -1, -1.0], object), -1),
    ],
)
def test_a_declared_unknown_truth_fills_row_k(truth: Any, unknown: Any) -> None:
    matrix = from_predictions(truth, [0, 0, 1], labels=["a", "b"], unknown=unknown)

    assert_array_equal(dense(matrix), [[1, 0, 0], [0, 0, 0], [1, 1, 0]])
    assert matrix.dropped == {}


@pytest.mark.parametrize(
    "truth", [[1, 0], [[1], [0]], np.array([1, 0], np.uint8), np.array([True, False]), ["b", "a"], np.array(["b", "a"]), [b"b", b"a"], [1.0, 0.0]]
)
def test_class_ids_and_names_come_in_many_forms(truth: Any) -> None:
    assert_array_equal(dense(from_predictions(truth, [1, 1], labels=["a", "b"])), [[0, 1, 0], [0, 1, 0], [0, 0, 0]])


def test_names_that_no_label_list_explains_raise() -> None:
    with pytest.raises(TypeError, match="pass labels="):
        from_predictions(["0", "1"], [0, 1], n_classes=2)
    with pytest.raises(ValueError, match=r"'a' names two classes, 0 and 1; pass class ids"):
        from_predictions(["a"], [0], labels=["a", "a"])


def test_labels_may_repeat_when_ids_are_given() -> None:
    assert from_predictions([0, 1], [0, 1], labels=["a", "a"]).count.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("truth", "predicted", "message"),
    [
        (np.eye(3), [0, 1, 2], r"it is \[3, 3\]\. Pass y_true\.argmax\(-1\) where it is one-hot"),
        ([0, 1, 2], np.eye(3), r"from_scores\(score=…\)"),
        ([[1, 1, 0], [0, 1, 1]], [0, 1], "multi-label"),
        (np.zeros((2, 4, 4)), np.zeros(2), r"y_true\.reshape\(-1\)"),
        (1, [1], "single value 1"),
        ([0, 1], [0], "they have 2 and 1"),
        ([0, 1], np.zeros((1, 2)), "class ids"),
    ],
)
def test_wrong_shapes_raise_with_the_way_out(truth: Any, predicted: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_predictions(truth, predicted, labels=["a", "b", "c"])


def test_ragged_and_alien_types_raise() -> None:
    with pytest.raises(TypeError, match="y_true must be an array"):
        from_predictions([[0], [1, 2]], [0, 1], n_classes=3)
    with pytest.raises(TypeError, match="it holds complex128"):
        from_predictions([1j], [0], n_classes=3)
    with pytest.raises(TypeError, match="a label must be a class id or a name"):
        from_predictions([{}, {}], [0, 1], n_classes=3)
    with pytest.raises(TypeError, match="y_true is a masked array"):
        from_predictions(np.ma.masked_equal([0, 1], 1), [0, 1], n_classes=2)
    with pytest.raises(TypeError, match="sample_weight must be real numbers"):
        from_predictions([0], [0], n_classes=1, sample_weight=["a"])
    with pytest.raises(ValueError, match="one weight for each sample"):
        from_predictions([0], [0], n_classes=1, sample_weight=[[1, 2]])
    with pytest.raises(ValueError, match="sample_weight must have one entry for each sample; they have 1 and 2"):
        from_predictions([0], [0], n_classes=1, sample_weight=[1, 2])


def test_the_classes_are_declared() -> None:
    with pytest.raises(TypeError, match="labels= or n_classes= must be given"):
        from_predictions([0], [0])
    with pytest.raises(ValueError, match="there are 2 labels but n_classes is 3"):
        from_predictions([0], [0], labels=["a", "b"], n_classes=3)
    with pytest.raises(ValueError, match="say it in one place"):
        from_predictions([0], [0], labels=classes.of(["a"], ignored=7), ignored=-1)
    with pytest.raises(ValueError, match="either ignored or unknown"):
        from_predictions([0], [0], n_classes=1, ignored=-1, unknown=-1)
    with pytest.raises(ValueError, match="'a' is class 0"):
        from_predictions([0], [0], labels=["a"], unknown="a")
    with pytest.raises(ValueError, match="1 is class 1"):
        from_predictions([0], [0], n_classes=2, unknown=1)


def test_a_single_class_is_a_matrix_too() -> None:
    assert_array_equal(dense(from_scores([0, 0], [[1.0], [1.0]], score="prob", n_classes=1, threshold=0.5)), [[2, 0], [0, 0]])


def test_a_class_that_nobody_has_keeps_its_row() -> None:
    matrix = from_predictions([0], [0], labels=[*"abc"])

    assert len(matrix.row_end) == 4
    assert dense(matrix).sum() == 1


@pytest.mark.parametrize("empty", [[], np.zeros(0, np.int32), np.zeros((0, 1))])
def test_an_empty_evaluation_is_an_empty_matrix(empty: Any) -> None:
    assert from_predictions(empty, empty, n_classes=3).row_end.tolist() == [0, 0, 0, 0]
    assert from_scores(empty, np.zeros((0, 3)), score="prob", n_classes=3).count.tolist() == []
    assert from_scores(empty, [], score="prob", n_classes=3).count.tolist() == []


def test_many_classes_take_room_by_cells_and_not_by_pairs() -> None:
    k = 200_000
    matrix = from_predictions(np.arange(1000), np.arange(1000) * 7, n_classes=k)

    assert len(matrix.count) == 1000
    assert len(record.encode(matrix, writer="w", ordinal=0)) < 50_000


SCORE = st.integers(-160, 160).map(lambda eighths: eighths / 8)


@st.composite
def logits(draw: st.DrawFn) -> Array:
    k = draw(st.integers(2, 5))
    rows = draw(st.lists(st.lists(SCORE, min_size=k, max_size=k), min_size=1, max_size=10))
    return np.array(rows, dtype=np.float64)


def softmax(values: Array) -> Array:
    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


@settings(max_examples=60)
@given(logits())
def test_scores_choose_the_highest(scores: Array) -> None:
    n, k = scores.shape
    truth = np.arange(n) % k
    expected = oracle(truth, scores.argmax(axis=1), labels=range(k))

    matrix = from_scores(truth, scores, score="logit", n_classes=k)
    assert_array_equal(dense(matrix)[:k, :k], expected)
    assert matrix.score == "logit"
    probabilities = softmax(scores)
    by_probability = oracle(truth, probabilities.argmax(axis=1), labels=range(k))
    assert_array_equal(dense(from_scores(truth, probabilities, score="prob", n_classes=k))[:k, :k], by_probability)
    by_logarithm = from_scores(truth, np.log(probabilities), score="logprob", n_classes=k)
    assert total(by_logarithm) == by_logarithm.count.sum() == n


@settings(max_examples=60)
@given(logits(), st.floats(0, 1))
def test_a_threshold_abstains_below_it(scores: Array, threshold: float) -> None:
    n, k = scores.shape
    truth = np.zeros(n, dtype=int)
    confident = softmax(scores).max(axis=1) >= threshold

    forms: dict[ScoreType, Array] = {"prob": softmax(scores), "logit": scores}
    for score, given_ in forms.items():
        matrix = from_scores(truth, given_, score=score, n_classes=k, threshold=threshold)
        assert dense(matrix)[0, :k].sum() == confident.sum()
        assert dense(matrix)[0, k] == (~confident).sum()
        assert matrix.threshold == threshold


@settings(max_examples=60)
@given(st.lists(SCORE, min_size=1, max_size=10), st.sampled_from([0, 1]), st.sampled_from([None, 0.5, 0.9]))
def test_one_column_for_two_classes_is_the_positive_ones_score(column: list[float], positive: int, threshold: float | None) -> None:
    """The same as both columns would say, but for a tie, which goes to the negative class as in Keras' metrics."""
    two = classes.of(["a", "b"], task="binary", positive=positive)
    truth = np.arange(len(column)) % 2
    logit = np.array([x if x else -1.0 for x in column])
    both = np.zeros((len(column), 2))
    both[:, positive] = logit

    expected = from_scores(truth, both, score="logit", labels=two, threshold=threshold)
    assert_array_equal(dense(from_scores(truth, logit[:, None], score="logit", labels=two, threshold=threshold)), dense(expected))
    forms: dict[ScoreType, Array] = {"logit": logit, "prob": 1 / (1 + np.exp(-logit)), "logprob": -np.log1p(np.exp(-logit))}
    for score, given_ in forms.items():
        assert_array_equal(dense(from_scores(truth, given_, score=score, labels=two, threshold=threshold)), dense(expected))
    assert dense(from_scores([0], [0.5], score="prob", labels=two))[0, 1 - positive] == 1


@pytest.mark.parametrize(
    ("scores", "score", "reason"),
    [
        ([[NAN, 1.0], [0.0, 1.0]], "prob", "score not finite"),
        ([[INF, 1.0], [0.0, 1.0]], "logit", "score not finite"),
        ([[1.5, -0.5], [0.0, 1.0]], "prob", "probability outside 0 to 1"),
        ([[3.0, -2.0], [-700.0, 0.0]], "logprob", "probability outside 0 to 1"),
        ([[800.0, -2.0], [-700.0, 0.0]], "logprob", "probability outside 0 to 1"),
        ([[0.9, 0.9], [0.0, 1.0]], "prob", "probabilities do not sum to 1"),
        ([[0.0, 0.0], [0.0, 1.0]], "prob", "probabilities do not sum to 1"),
        ([2.0, 1.0], "prob", "probability outside 0 to 1"),
    ],
)
def test_scores_that_are_none_are_dropped_and_never_mended(scores: Any, score: Any, reason: str) -> None:
    matrix = from_scores([0, 1], scores, score=score, n_classes=2)

    assert matrix.dropped == {reason: 1}
    assert dense(matrix)[1, 1] == matrix.count.sum() == 1


@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_rounded_probabilities_are_probabilities(dtype: str) -> None:
    probabilities = softmax(np.random.default_rng(0).normal(size=(500, 1000)) * 3).astype(getattr(ml_dtypes, dtype, dtype))

    matrix = from_scores(np.zeros(500), probabilities, score="prob", n_classes=1000)
    assert matrix.dropped == {}
    assert matrix.count.sum() == 500


def test_only_probabilities_of_bfloat16_may_miss_one_by_its_rounding() -> None:
    """Row by row, so that it does not matter which samples come in one batch."""
    in_bfloat16 = [0.515625] + [0.5] + [0.0] * 998
    in_float32 = [0.5156] + [0.5] + [0.0] * 998
    far_off = [0.5625] + [0.5] + [0.0] * 998

    matrix = from_scores([0, 0, 0], [in_bfloat16, in_float32, far_off], score="prob", n_classes=1000)

    assert matrix.dropped == {"probabilities do not sum to 1": 2}
    assert matrix.count.sum() == 1


def test_a_large_evaluation_is_looked_at_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    truth, scores, weights = rng.integers(0, 3, 100), rng.normal(size=(100, 3)), rng.integers(1, 5, 100)
    whole = from_scores(truth, scores, score="logit", n_classes=3, sample_weight=weights)
    monkeypatch.setattr("writers.confusion_matrix._CELLS_AT_ONCE", 21)

    in_pieces = from_scores(truth, scores, score="logit", n_classes=3, sample_weight=weights)
    assert record.encode(in_pieces, writer="w", ordinal=0) == record.encode(whole, writer="w", ordinal=0)


def test_wrong_declarations_of_scores_raise() -> None:
    with pytest.raises(ValueError, match="one column for each of the 3 classes"):
        from_scores([0], [[0.5, 0.5]], score="prob", n_classes=3)
    with pytest.raises(ValueError, match="one column for each of the 3 classes"):
        from_scores([0], [0.5], score="prob", n_classes=3)
    with pytest.raises(TypeError, match="scores must be real numbers"):
        from_scores([0], [["a", "b"]], score="prob", n_classes=2)
    misspelt: Any = "probability"
    with pytest.raises(ValueError, match="score must be one of 'prob', 'logit', 'logprob'"):
        from_scores([0], [[0.5, 0.5]], score=misspelt, n_classes=2)
    with pytest.raises(ValueError, match="from 0 to 1; it is 50"):
        from_scores([0], [[0.5, 0.5]], score="prob", n_classes=2, threshold=50)
    with pytest.raises(ValueError, match="a threshold needs scores"):
        Accumulator(n_classes=2, threshold=0.5)


def test_an_update_that_raises_leaves_no_trace() -> None:
    accumulator = Accumulator(n_classes=2).update([0, 5], [0, 0])
    before = encoded(accumulator)

    with pytest.raises(ValueError, match="one entry for each sample"):
        accumulator.update([0, 1], [0, 1], [1.0])
    assert encoded(accumulator) == before


def test_accumulators_of_different_things_do_not_merge() -> None:
    with pytest.raises(ValueError, match="these differ"):
        Accumulator(labels=["a", "b"]).merge(Accumulator(labels=["b", "a"]))
    with pytest.raises(ValueError, match="these differ"):
        Accumulator(n_classes=2, score="prob").merge(Accumulator(n_classes=2, score="logit"))


def test_many_small_batches_are_counted_like_one() -> None:
    rng = np.random.default_rng(0)
    truth, predicted = rng.integers(0, 300, (2, 30_000))
    accumulator = Accumulator(n_classes=300)
    for start in range(0, len(truth), 10):
        accumulator.update(truth[start : start + 10], predicted[start : start + 10])

    assert accumulator.samples == len(truth)
    assert_array_equal(dense(accumulator.payload())[:300, :300], oracle(truth, predicted, labels=range(300)))


def test_weights_that_come_late_count_earlier_samples_as_one() -> None:
    matrix = Accumulator(n_classes=1).update([0], [0]).update([0], [0], [0.5]).payload()

    assert matrix.count.tolist() == [2]
    assert matrix.weight is not None
    assert matrix.weight.tolist() == [1.5]


def test_what_is_said_of_the_evaluation_is_in_the_payload() -> None:
    matrix = from_predictions([0], [0], labels=["a"], epoch=3, declared_size=10)

    assert (matrix.epoch, matrix.declared_size, matrix.score, matrix.threshold) == (3, 10, None, None)
    assert isinstance(matrix.classes, Classes)
    assert matrix.classes.labels == ("a",)
