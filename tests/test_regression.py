"""Regressions: scikit-learn as the oracle, the laws of merging, and that every value is somewhere, once."""

from __future__ import annotations

import csv
import pickle
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

from layerscope import MemorySink, RegressionEvaluation, RunWriter, read_regression, regression
from tb_plugin.schema import record
from tb_plugin.schema.regression import ALL_BINS, BINS, RESIDUAL_OFFSET, RESIDUAL_STEPS, Regression
from writers.regression import TWICE, from_predictions
from writers.regression_edges import edges_of
from writers.regression_sums import MOST_LARGEST, residual_codes

Array = np.ndarray[Any, Any]

Case = tuple[Array, Array, Array]

numbers = st.integers(-4, 4).map(float) | st.integers(-40, 40).map(lambda quarters: quarters / 4) | st.sampled_from([np.nan, np.inf])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Truths and predictions [sample, target], and weights; many are equal, some are no numbers."""
    n, targets = draw(st.integers(0, 14)), draw(st.integers(1, 3))
    rows = st.lists(st.lists(numbers, min_size=targets, max_size=targets), min_size=n, max_size=n)
    weight = draw(st.lists(st.sampled_from([0.0, 0.25, 1.0, 2.0, -1.0, np.nan]), min_size=n, max_size=n))
    truth, predicted = (np.array(draw(rows), float).reshape(n, targets) for _ in range(2))
    return truth, predicted, np.array(weight, float)


def evaluated(case: Case, cut: slice = slice(None), *, weighted: bool = False, ids: Any = None, **arguments: Any) -> RegressionEvaluation:
    truth, predicted, weight = case
    evaluation = RegressionEvaluation(truth.shape[1], **arguments)
    return evaluation.update(truth[cut], predicted[cut], weight[cut] if weighted else None, ids=None if ids is None else ids[cut])


def assert_same(first: Regression, second: Regression) -> None:
    """What is counted is the same; sums of real numbers up to rounding."""
    for name, value in vars(first).items():
        other = getattr(second, name)
        if isinstance(value, np.ndarray) and value.dtype == np.float64:
            assert_allclose(other, value, rtol=1e-9, atol=1e-9, err_msg=name)
        elif isinstance(value, np.ndarray):
            assert_array_equal(other, value, name)
        else:
            assert other == value, name


def spans(end: Array) -> list[slice]:
    return [slice(start, stop) for start, stop in zip([0, *end], end, strict=False)]


EDGES = np.linspace(-10, 10, BINS + 1)


@pytest.mark.parametrize("exact_bytes", [10**9, 0], ids=["waits", "summed"])
@given(cases(), st.booleans(), st.booleans(), st.data())
@settings(max_examples=60)
def test_parts_merge_to_the_whole_in_any_grouping(exact_bytes: int, case: Case, weighted: bool, named: bool, data: st.DataObject) -> None:
    n, targets = case[0].shape
    ids = [f"sample {i}" for i in range(n)] if named else None
    arguments: Any = {"exact_bytes": exact_bytes, "edges": None if exact_bytes else [EDGES] * targets, "weighted": weighted, "ids": ids}
    cuts = sorted(data.draw(st.lists(st.integers(0, n), min_size=2, max_size=2)))
    slices = [slice(0, cuts[0]), slice(*cuts), slice(cuts[1], n)]

    def part(cut: slice) -> RegressionEvaluation:
        sent: RegressionEvaluation = pickle.loads(pickle.dumps(evaluated(case, cut, **arguments)))
        return sent

    whole = evaluated(case, **arguments)
    by_batch = RegressionEvaluation(targets, edges=arguments["edges"], exact_bytes=exact_bytes)
    for cut in slices:
        by_batch.update(case[0][cut], case[1][cut], case[2][cut] if weighted else None, ids=None if ids is None else ids[cut])
    a, b, c = map(part, slices)
    assert_same(whole.payload(), a.merge(b).merge(c).payload())
    a, b, c = map(part, slices)
    assert_same(whole.payload(), a.merge(b.merge(c)).payload())
    assert_same(whole.payload(), by_batch.payload())
    assert whole.samples == by_batch.samples == n


@given(cases(), st.booleans())
@settings(max_examples=60)
def test_every_value_is_somewhere_once(case: Case, weighted: bool) -> None:
    n, targets = case[0].shape
    evaluation = evaluated(case, weighted=weighted, ids=np.arange(n) // 2)
    evaluation.drop("padding", 3)
    found = evaluation.payload()

    assert found.samples == evaluation.samples == n + 3
    assert found.count.sum() + sum(found.dropped.values()) == (n + 3) * targets
    assert found.dropped["padding"] == 3 * targets
    for target, (cells, sizes, largest) in enumerate(zip(spans(found.cell_end), spans(found.residual_end), spans(found.largest_end), strict=True)):
        assert found.cell_count[cells].sum() == found.residual_count[sizes].sum() == found.count[target]
        assert largest.stop - largest.start <= min(found.count[target], MOST_LARGEST)
    if weighted:
        assert found.weight_sum is not None
        assert found.cell_weight is not None
        assert_allclose(found.cell_weight.sum(), found.weight_sum.sum())


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_the_order_of_samples_changes_nothing_but_which_of_equal_errors_is_told_first(case: Case, random: Any) -> None:
    truth, predicted, weight = case
    order = list(range(len(truth)))
    random.shuffle(order)
    first, second = evaluated(case, weighted=True).payload(), evaluated((truth[order], predicted[order], weight[order]), weighted=True).payload()

    assert_array_equal(np.abs(second.largest_predicted - second.largest_truth), np.abs(first.largest_predicted - first.largest_truth))
    is_told = {name: getattr(first, name) for name in ("number", "largest_truth", "largest_predicted")}
    vars(second).update(is_told)
    assert_same(first, second)


@given(cases())
@settings(max_examples=40)
def test_a_weight_of_two_is_a_sample_twice(case: Case) -> None:
    truth, predicted, _ = case
    heavy = evaluated((truth, predicted, np.full(len(truth), 2.0)), weighted=True).payload()
    twice = from_predictions(np.repeat(truth, 2, axis=0), np.repeat(predicted, 2, axis=0), edges=heavy.edge)

    for name in ("error", "absolute", "error_squares", "error_fourths", "truth_squares", "truth_fourths", "error_truth", "product", "bin_squares"):
        assert_allclose(getattr(heavy, name), getattr(twice, name), rtol=1e-9, atol=1e-9, err_msg=name)
    assert heavy.weight_sum is not None
    assert_array_equal(heavy.weight_sum, twice.count)
    assert_array_equal(heavy.cell_weight, twice.cell_count)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("middle", "spread"), [(0.0, 1.0), (1e6, 0.01), (-3e8, 5.0)])
@pytest.mark.parametrize("exact_bytes", [10**9, 20_000])
def test_scores_are_scikit_learns_also_far_from_zero(weighted: bool, middle: float, spread: float, exact_bytes: int) -> None:
    random = np.random.default_rng(1)
    truth = middle + spread * random.normal(size=(5000, 2))
    predicted = truth + spread * random.normal(size=(5000, 2)) * [0.1, 0.7]
    weight = random.random(5000) if weighted else None
    evaluation = RegressionEvaluation(["a", "b"], exact_bytes=exact_bytes)
    for start in range(0, 5000, 700):
        cut = slice(start, start + 700)
        evaluation.update(truth[cut], predicted[cut], None if weight is None else weight[cut])
    found = evaluation.payload(epoch=3)
    total = found.count if found.weight_sum is None else found.weight_sum

    how: dict[str, Any] = {"sample_weight": weight, "multioutput": "raw_values"}
    assert_allclose(1 - found.error_squares / found.truth_squares, r2_score(truth, predicted, **how), rtol=1e-12)
    assert_allclose(found.error_squares / total, mean_squared_error(truth, predicted, **how), rtol=1e-12)
    assert_allclose(found.absolute / total, mean_absolute_error(truth, predicted, **how), rtol=1e-12)
    e, d = predicted - truth, truth - np.average(truth, axis=0, weights=weight)
    w = np.ones((5000, 1)) if weight is None else weight[:, None]
    assert_allclose(found.error_fourths, (w * e**4).sum(axis=0), rtol=1e-12)
    assert_allclose(found.truth_fourths, (w * d**4).sum(axis=0), rtol=1e-6)
    assert_allclose(found.error_truth, (w * e**2 * d**2).sum(axis=0), rtol=1e-6)
    correlation = found.product / np.sqrt(found.truth_squares * found.predicted_squares)
    wanted = [np.cov(truth[:, i], predicted[:, i], aweights=weight) for i in range(2)]
    assert_allclose(correlation, [c[0, 1] / np.sqrt(c[0, 0] * c[1, 1]) for c in wanted], rtol=1e-9)
    assert found.epoch == 3


def test_the_picture_is_numpys_histogram_and_nothing_is_clipped() -> None:
    random = np.random.default_rng(2)
    truth, predicted = random.normal(size=4000), random.normal(size=4000) * 3
    truth[:3], predicted[3:5] = 1e9, -1e9
    found = from_predictions(truth, predicted)
    picture = np.zeros((ALL_BINS, ALL_BINS), int)
    picture.flat[found.cell] = found.cell_count

    edge = found.edge[0]
    assert_array_equal(picture[1:-1, 1:-1], np.histogram2d(truth, predicted, [edge, edge])[0])
    assert picture[-1].sum() == np.count_nonzero(truth >= edge[-1]) >= 3
    assert picture[:, 0].sum() == np.count_nonzero(predicted < edge[0]) >= 2
    assert picture.sum() == 4000
    of_truth = np.digitize(truth, edge)
    e = predicted - truth
    assert_allclose(found.bin_error[0], np.bincount(of_truth, e, ALL_BINS))
    assert_allclose(found.bin_absolute[0], np.bincount(of_truth, abs(e), ALL_BINS))
    assert_allclose(found.bin_squares[0], np.bincount(of_truth, e**2, ALL_BINS))


@given(st.lists(st.floats(-1e308, 1e308) | st.integers(-3, 3).map(float) | st.sampled_from([5e-324, 1e308, 1e-300]), min_size=1, max_size=20))
@settings(max_examples=200)
def test_edges_rise_and_hold_most_truths(values: list[float]) -> None:
    truth = np.array(values)
    edge = edges_of(truth, -truth)

    assert edge.shape == (BINS + 1,)
    assert np.isfinite(edge).all()
    assert (np.diff(edge) > 0).all()
    low, high = np.quantile(np.clip(truth, -1e300, 1e300), [0.01, 0.99])
    assert edge[0] <= low * (1 + 1e-12 * np.sign(-low))
    assert high <= edge[-1] + abs(edge[-1]) * 1e-12


def test_bins_of_whole_numbers_have_them_in_their_middle() -> None:
    edge = edges_of(np.arange(100.0), np.zeros(100))
    assert set(np.diff(edge)) == {2.0}
    assert edge[0] % 1 == 0
    edge = edges_of(np.arange(50.0), np.zeros(50))
    assert set(np.diff(edge)) == {1.0}
    assert edge[0] % 1 == 0.5
    odd_one = edges_of(np.append(np.zeros(999) + np.arange(999) / 999, 1e9), np.zeros(1000))
    assert odd_one[-1] < 2


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
@settings(max_examples=200)
def test_errors_lie_where_their_code_says_and_codes_rise_as_they_do(values: list[float]) -> None:
    errors = np.sort(np.array(values))
    codes = residual_codes(errors)

    assert (np.diff(codes) >= 0).all()
    assert_array_equal(np.sign(codes), np.sign(errors))
    there = errors != 0
    step = np.abs(codes[there]) - RESIDUAL_OFFSET
    size = np.log2(np.abs(errors[there])) * RESIDUAL_STEPS
    assert (step - 1e-9 <= size).all()
    assert (size <= step + 1 + 1e-9).all()


def test_the_largest_errors_are_told_with_their_samples() -> None:
    random = np.random.default_rng(3)
    truth, predicted = random.normal(size=(1000, 2)), random.normal(size=(1000, 2))
    truth[7, 0] = np.nan
    size = np.nan_to_num(abs(predicted - truth))
    for ids, wanted in [(None, np.arange(1000)), (5000 - np.arange(1000), 5000 - np.arange(1000)), ([f"{i}.png" for i in range(1000)], None)]:
        evaluation = RegressionEvaluation(2, exact_bytes=1000)
        for start in range(0, 1000, 64):
            cut = slice(start, start + 64)
            evaluation.update(truth[cut], predicted[cut], ids=None if ids is None else ids[cut])
        found = evaluation.payload()
        for target, cut in enumerate(spans(found.largest_end)):
            order = np.argsort(-size[:, target])[:MOST_LARGEST]
            assert_array_equal(found.largest_truth[cut], truth[order, target])
            assert_array_equal(found.largest_predicted[cut], predicted[order, target])
            if wanted is not None:
                assert_array_equal(found.number[cut], wanted[order])
                assert found.ids is None
            else:
                assert found.ids is not None
                assert list(found.ids[cut]) == [f"{i}.png" for i in order]


def test_a_sample_that_comes_again_is_dropped_also_when_workers_merge() -> None:
    first = RegressionEvaluation().update([1.0, 2, 3], [1, 2, 4], ids=["a", "b", "a"])
    second = RegressionEvaluation().update([2.0, 5], [9, 5], ids=["b", "c"])
    found = first.merge(second).payload()

    assert found.dropped == {TWICE: 2}
    assert found.count.tolist() == [3]
    assert found.samples == 5
    assert found.error.tolist() == [0]

    summed = RegressionEvaluation(exact_bytes=0, edges=EDGES).update([1.0], [1], ids=["a"])
    with pytest.raises(ValueError, match="cannot be taken out of its sums"):
        RegressionEvaluation(exact_bytes=0, edges=EDGES).update([1.0], [1], ids=["a"]).merge(summed)


def test_evaluations_of_other_things_do_not_merge() -> None:
    with pytest.raises(ValueError, match="targets, edges and exact_bytes"):
        RegressionEvaluation(["a"]).merge(RegressionEvaluation(["b"]))
    first, second = (RegressionEvaluation(exact_bytes=0).update(values, values) for values in ([1.0, 2], [5.0, 9]))
    with pytest.raises(ValueError, match="pass edges="):
        first.merge(second)


def test_a_run_keeps_the_bins_of_an_evaluation(monkeypatch: pytest.MonkeyPatch) -> None:
    written: dict[str, list[Regression]] = {}
    random = np.random.default_rng(4)
    run = RunWriter(to=MemorySink())
    monkeypatch.setattr(run, "write", lambda tag, payload, step: written.setdefault(tag, []).append(payload))
    RegressionEvaluation().write(run, "validation", 0)
    for step in range(1, 4):
        truth = random.normal(size=100) * step
        RegressionEvaluation().update(truth, truth).write(run, "validation", step, epoch=step)
    RegressionEvaluation(edges=EDGES).update(truth, truth).write(run, "validation", 4)
    RegressionEvaluation().update(truth, truth).write(run, "test", 4)
    (_, first, _, third, given), (test,) = written["validation/regression"], written["test/regression"]

    assert_array_equal(first.edge, third.edge)
    assert third.epoch == 3
    assert_array_equal(given.edge[0], EDGES)
    assert test.edge[0, 0] not in (EDGES[0], first.edge[0, 0])


def test_what_is_written_is_read_again() -> None:
    sink = MemorySink()
    found = RegressionEvaluation(["price"]).update([1.0, np.nan], [2, 2], ids=["a", "b"])
    found.write(RunWriter(to=sink), "validation", np.int64(5), epoch=2)
    at = {value.tag: (value, event.step) for event in sink.events for value in event.summary.value}
    value, step = at["validation/regression"]

    assert step == 5
    assert [tag.split("/")[0] for tag in at] == ["validation", "samples", "validation"]
    assert "validation/number_predictions" in at
    again = record.payload_of(record.decode(value.tensor.string_val[0]))
    assert isinstance(again, Regression)
    assert_same(found.payload(epoch=2), again)


@pytest.mark.parametrize("dtype", ["float16", "float32", "int8", "bool", "uint64"])
def test_any_real_type_and_any_framework(dtype: str) -> None:
    truth, predicted = np.array([0, 1, 1], dtype), np.array([1, 1, 0], dtype)
    found = from_predictions(truth, predicted[:, None])
    assert found.error_squares.tolist() == [2]
    tensors = from_predictions(torch.tensor([0.0, 1, 1]), torch.tensor([[1.0], [1], [0]], requires_grad=True))
    assert tensors.error_squares.tolist() == [2]


def test_a_small_batch_costs_as_much_after_many_others_as_at_first() -> None:
    evaluation = RegressionEvaluation()

    def seconds() -> float:
        began = process_time()
        for i in range(1_000):
            evaluation.update([float(i)], [0.0])
        return process_time() - began

    first = seconds()
    for _ in range(10):
        last = seconds()

    assert last < 4 * first, "the others are not looked through at each"


def test_what_is_given_is_not_kept_but_copied() -> None:
    truth = np.array([1.0, 2])
    evaluation = RegressionEvaluation().update(truth, truth)
    truth[:] = 100
    assert evaluation.payload().truth_mean.tolist() == [1.5]


def test_nothing_and_no_numbers() -> None:
    empty = RegressionEvaluation(["price"]).payload()
    assert empty.count.tolist() == [0]
    assert np.isnan(empty.truth_mean).all()
    odd = from_predictions([np.nan, 1, np.inf, 1e308, 2], [1, np.nan, 1, -1e308, 2], sample_weight=[1, 1, 1, 1, -1])
    assert odd.dropped == {"truth not finite": 2, "prediction not finite": 1, "weight negative": 1, "error too large": 1}
    assert odd.count.tolist() == [0]
    weightless = from_predictions([1.0, 2], [1, 2], sample_weight=[0, 0])
    assert weightless.count.tolist() == [2]
    assert len(weightless.number) == 0
    huge = from_predictions([1e300, -1e300], [0, 0])
    assert np.isinf(huge.error_squares).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: RegressionEvaluation("price"), r"pass \['price'\]"),
        (lambda: RegressionEvaluation([1, 2]), "targets must be texts"),  # type: ignore[list-item]
        (lambda: RegressionEvaluation(0), "from 1 to 64 targets"),
        (lambda: RegressionEvaluation(65), "from 1 to 64 targets"),
        (lambda: RegressionEvaluation(edges=[1, 2]), "65 numbers"),
        (lambda: RegressionEvaluation(edges=np.zeros(65)), "must be finite and rise"),
        (lambda: RegressionEvaluation().update([[1, 2]], [[1, 2]]), "Say what is predicted with targets="),
        (lambda: RegressionEvaluation().update([1.0], [[1.0, 2]]), "y_pred must have one number for each of the 1 targets"),
        (lambda: RegressionEvaluation().update([1.0], [1.0, 2]), "they have 1 and 2"),
        (lambda: RegressionEvaluation().update([1.0], [1.0], [1, 2]), "they have 1 and 2"),
        (lambda: RegressionEvaluation().update([1.0], [1.0], [[1, 2]]), "sample_weight must be one weight"),
        (lambda: RegressionEvaluation().update(["a"], [1.0]), "y_true must be real numbers"),
        (lambda: RegressionEvaluation().update(np.zeros((1, 2, 3)), [1.0]), "Flatten what is predicted"),
        (lambda: RegressionEvaluation().update([1.0], [1.0], ids=[1, 2]), "ids must be one for each"),
        (lambda: RegressionEvaluation().drop("padding", -1), "are counted from 0"),
        (lambda: regression.from_predictions(3.0, 3.0), "numbers .sample."),
    ],
)
def test_what_does_not_fit_is_named(call: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_a_batch_that_does_not_fit_leaves_nothing_behind() -> None:
    evaluation = RegressionEvaluation().update([1.0], [1.0])
    with pytest.raises(ValueError, match="they have"):
        evaluation.update([1.0], [1.0], [1, 2])
    assert evaluation.payload().count.tolist() == [1]


def test_a_table_is_what_its_columns_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("writers.regression_files._ROWS_AT_ONCE", 7)
    random = np.random.default_rng(6)
    truth, predicted, weight = random.normal(size=(30, 2)), random.normal(size=(30, 2)), random.random(30)
    ids = [f"{i}.png" for i in range(30)]
    wanted = RegressionEvaluation(["a", "b, c"]).update(truth, predicted, weight, ids=ids).payload()
    with (tmp_path / "found.csv").open("w", newline="") as file:
        rows = zip(ids, truth.tolist(), predicted.tolist(), weight.tolist(), strict=True)
        csv.writer(file).writerows([["id", "a", "b, c", "p a", "p b", "w"], *([i, *t, *p, w] for i, t, p, w in rows)])
    arrays: dict[str, Any] = {"t": truth, "p": predicted, "ids": ids, "w": weight, "a": truth[:, 0], "b, c": truth[:, 1], "p a": predicted[:, 0]}
    np.savez(tmp_path / "found.npz", **arrays)

    columns: dict[str, Any] = {"truth": ["a", "b, c"], "predicted": ["p a", "p b"], "ids": "id", "weight": "w"}
    assert_same(wanted, read_regression(tmp_path / "found.csv", **columns).payload())
    both = read_regression(tmp_path / "found.npz", truth="t", predicted="p", ids="ids", weight="w", targets=["a", "b, c"])
    assert_same(wanted, both.payload())
    one = read_regression(tmp_path / "found.npz", truth="a", predicted="p a")
    assert one.targets == ("a",)
    two = read_regression(tmp_path / "found.npz", truth=["a", "b, c"], predicted=["p a", "a"])
    assert two.payload().count.tolist() == [30, 30]


def test_a_table_that_does_not_fit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "found.tsv"
    path.write_text("y\tp\n1\t\n2\tx\n")
    with pytest.raises(ValueError, match="has no column 'z'"):
        read_regression(path, truth="z", predicted="p")
    with pytest.raises(ValueError, match=r"line 3 of .*'p' must be a number; it is 'x'"):
        read_regression(path, truth="y", predicted="p")
    with pytest.raises(ValueError, match="a column for each of the 1"):
        read_regression(path, truth="y", predicted=["p", "y"])
    with pytest.raises(ValueError, match=r"\.csv, \.tsv"):
        read_regression(tmp_path / "found.xls", truth="y", predicted="p")
    path.write_text("y\tp\n1\t\n2\t2\n")
    assert read_regression(path, truth="y", predicted="p").payload().dropped == {"prediction not finite": 1}
