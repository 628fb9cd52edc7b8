"""Which numbers are told of each sample: counted together, they are the picture of `regression`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from tb_plugin.schema.examples import Examples
from tb_plugin.schema.number_predictions import NumberPredictions
from tb_plugin.schema.regression import ALL_BINS, Regression
from tb_plugin.schema.samples import Samples
from tests.test_regression import Case, cases, evaluated
from writers import RegressionEvaluation, RunWriter, number_predictions, regression, samples
from writers.sinks import MemorySink


def told_of(evaluation: RegressionEvaluation) -> tuple[NumberPredictions, Samples, Regression]:
    found = evaluation.payloads()
    told, table = found["number_predictions"], found["regression"]
    assert isinstance(told, NumberPredictions)
    assert isinstance(told.samples, Samples)
    assert isinstance(table, Regression)
    return told, told.samples, table


@given(cases(), st.booleans())
def test_every_value_is_told_as_it_is_counted(case: Case, weighted: bool) -> None:
    told, own, table = told_of(evaluated(case, weighted=weighted))
    assert own.number_truth is not None

    assert_array_equal(told.kept.sum(axis=0), table.count)
    assert sum(told.dropped.values()) == np.count_nonzero(~told.kept)
    for k in range(len(table.targets)):
        kept = told.kept[:, k]
        truth, predicted = (np.searchsorted(table.edge[k], values[kept, k], side="right") for values in (own.number_truth, told.predicted))
        cells, counts = np.unique(truth * ALL_BINS + predicted, return_counts=True)
        span = slice(table.cell_end[k - 1] if k else 0, table.cell_end[k])
        assert_array_equal(cells, table.cell[span])
        assert_array_equal(counts, table.cell_count[span])


@given(cases(), st.integers(0, 14), st.booleans(), st.sampled_from([0, 10**6]))
def test_parts_merge_to_the_whole(case: Case, cut: int, is_named: bool, exact_bytes: int) -> None:
    ids = [f"s{i}" for i in range(len(case[0]))] if is_named else None
    arguments: dict[str, Any] = {"weighted": True, "ids": ids, "exact_bytes": exact_bytes, "edges": np.tile(np.arange(65.0), (case[0].shape[1], 1))}
    whole, own, _ = told_of(evaluated(case, **arguments))
    merged, theirs, _ = told_of(evaluated(case, slice(0, cut), **arguments).merge(evaluated(case, slice(cut, None), **arguments)))

    assert theirs.ids == own.ids
    for first, second in ((whole, merged), (own, theirs)):
        for name, content in vars(first).items():
            if isinstance(content, np.ndarray):
                assert_array_equal(getattr(second, name), content, name)


def test_a_sample_that_comes_again_is_told_once_also_when_workers_merge() -> None:
    first = RegressionEvaluation().update([1.0, 2.0], [1.5, 2.5], ids=["a", "b"])
    second = RegressionEvaluation().update([2.0, 3.0, 3.0], [9.0, 4.0, 5.0], ids=["b", "c", "c"])
    told, own, table = told_of(first.merge(second))

    assert own.ids == ("a", "b", "c")
    assert told.predicted[:, 0].tolist() == [1.5, 2.5, 4.0]
    assert told.dropped == table.dropped == {"sample came twice": 2}


def test_of_very_many_values_they_are_told_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regression, "MOST_PREDICTIONS", 5)

    def kinds(n: int, **arguments: Any) -> set[str]:
        return set(RegressionEvaluation(2, **arguments).update(np.zeros((n, 2)), np.zeros((n, 2))).payloads())

    assert "number_predictions" in kinds(2)
    assert "number_predictions" not in kinds(3)
    assert "number_predictions" in kinds(3, predictions=True)
    assert "number_predictions" not in kinds(2, predictions=False)


def shown(evaluation: RegressionEvaluation) -> dict[str, str]:
    """Texts by id."""
    found = evaluation.payloads().get("examples")
    if found is None:
        return {}
    assert isinstance(found, Examples)
    assert found.ids is not None
    content, starts = bytes(found.content), [0, *found.content_end]
    return {name: content[a:b].decode() for name, a, b in zip(found.ids, starts, found.content_end, strict=False)}


def test_examples_have_the_largest_errors_of_each_target_and_others_by_lot() -> None:
    """Targets of other units: none is left out because its errors are small."""
    random = np.random.default_rng(0)
    truth = np.zeros((500, 2))
    predicted = random.normal(size=(500, 2)) * [1.0, 1e-3]
    ids = [f"id {i}" for i in range(500)]
    found = shown(RegressionEvaluation(2, examples=40).update(truth, predicted, ids=ids, inputs=[f"text {i}" for i in range(500)]))

    assert len(found) == 40
    for k in (0, 1):
        worst = np.argsort(-np.abs(predicted[:, k]))[:10]
        assert {ids[i] for i in worst} <= set(found)
    assert all(name.split()[1] == text.split()[1] for name, text in found.items())


@given(st.integers(0, 40), st.integers(1, 20), st.integers(1, 12), st.integers(1, 3))
def test_examples_are_the_same_in_any_order_and_grouping(n: int, examples: int, size: int, targets: int) -> None:
    random = np.random.default_rng(n)
    truth, predicted = random.integers(-2, 3, (2, n, targets)).astype(float)
    if n:
        predicted[random.integers(n)] = np.nan
    ids, texts = [f"id {i}" for i in range(n)], [f"text {i}" for i in range(n)]

    def of(rows: Any, into: RegressionEvaluation | None = None) -> RegressionEvaluation:
        evaluation = into or RegressionEvaluation(targets, examples=examples)
        for start in range(0, len(rows), size):
            cut = rows[start : start + size]
            evaluation.update(truth[cut], predicted[cut], ids=[ids[i] for i in cut], inputs=[texts[i] for i in cut])
        return evaluation

    order = random.permutation(n)
    whole = RegressionEvaluation(targets, examples=examples).update(truth, predicted, ids=ids, inputs=texts)
    assert shown(of(order)) == shown(whole)
    assert shown(of(order[: n // 2]).merge(of(order[n // 2 :]))) == shown(whole)
    assert len(shown(whole)) == min(examples, int(np.isfinite(predicted).any(axis=1).sum()))


def test_examples_are_written_once_and_not_where_the_environment_forbids_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sink = MemorySink()

    def evaluation() -> RegressionEvaluation:
        return RegressionEvaluation(examples=True, feature_names=["age"]).update([1.0, 2.0], [1.0, 3.0], inputs=np.ones((2, 1)))

    run = RunWriter(to=sink)
    for step in (1, 2):
        evaluation().write(run, "validation", step)
    tags = [value.tag for event in sink.events for value in event.summary.value]
    assert tags.count("validation/examples") == 1
    assert tags.count("validation/number_predictions") == 2
    assert sum(tag.startswith("samples/") for tag in tags) == 1, "the truth is told once"

    monkeypatch.setenv("LAYERSCOPE_DISABLE", "media")
    assert "examples" not in evaluation().payloads()


def test_what_does_not_fit_is_named() -> None:
    own = samples.of_numbers([[1.0], [2.0]])
    with pytest.raises(ValueError, match=r"predicted must be \[sample, target\], \[2, 1\]; its shape is \[2\]"):
        number_predictions.of(own, [1.0, 2.0], targets=["a"])
    with pytest.raises(ValueError, match=r"make them with samples\.of_numbers"):
        number_predictions.of(samples.of([0, 1]), [[1.0], [2.0]], targets=["a"])
    with pytest.raises(ValueError, match="inputs must be one for each of the 1 samples; there are 2"):
        RegressionEvaluation(examples=True).update([1.0], [1.0], inputs=["a", "b"])
    with pytest.raises(ValueError, match="from 0 to 2,000; it is -1"):
        RegressionEvaluation(examples=-1)
    with pytest.raises(ValueError, match="merge when their arguments are the same"):
        RegressionEvaluation().merge(RegressionEvaluation(predictions=False))
    assert number_predictions.of(own, [[1.0], [np.inf]], targets=["a"]).kept.tolist() == [[True], [False]]
