"""/top_k and /top_k_matrix: how often the truth is among the first few classes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import top_k_accuracy_score

from tb_plugin.analysis.top_k import top_k, top_k_matrix
from tb_plugin.points import Point, point_from
from tb_plugin.schema.predictions import Predictions
from tb_plugin.schema.samples import Samples
from tests.server.conftest import Tab
from tests.server.evaluations import RUN, log_odds, write_evaluations
from writers import Evaluation, RunWriter, predictions, samples

SERIES = {"run": RUN, "tag": "validation/predictions"}
Array = np.ndarray[Any, Any]


@pytest.mark.parametrize(
    ("route", "query", "status", "says"),
    [
        ("/top_k_matrix", {}, 400, "k is required"),
        ("/top_k_matrix", {"k": "0"}, 400, "k must be a whole number from 1 to 10; it is '0'"),
        ("/top_k_matrix", {"k": "11"}, 400, "k must be a whole number from 1 to 10; it is '11'"),
        ("/top_k_matrix", {"k": "²"}, 400, "k must be a whole number from 1 to 10; it is '²'"),
        ("/top_k", {"k": "3"}, 400, "unknown parameter 'k'"),
        ("/top_k", {"tag": "validation/confusion_matrix"}, 404, "no predictions that can be read in 'validation/confusion_matrix' of run 'd/layerscope'"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(python_tab: Callable[..., Tab], tmp_path: Path, route: str, query: dict[str, str], status: int, says: str) -> None:
    write_evaluations(tmp_path)

    assert python_tab(tmp_path).refused(route, **{**SERIES, **query})[:2] == (status, says)


def test_before_the_first_evaluation_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)

    error = "no predictions in 'validation/predictions' of run 'd/layerscope' at or before step 9"
    assert python_tab(tmp_path).nothing("/top_k_matrix", **SERIES, k="3", step="9") == (error, "The first are of step 10.")


def test_accuracies_are_those_of_scikit_learn(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    found = open_tab(tmp_path, 6).arrays("/top_k", **SERIES)

    assert_array_equal(found.arrays["0/step"], [10, 20, 30])
    for at, p in enumerate(logged.probabilities.values()):
        for k in range(1, 4):
            expected = top_k_accuracy_score(logged.truth, p, k=k)
            assert_allclose(found.arrays["0/accuracy"][at, k - 1], expected)
            assert found.arrays["0/low"][at, k - 1] < expected < found.arrays["0/high"][at, k - 1]
        # Among four classes each is among the first four.
        assert_array_equal(found.arrays["0/right"][at, 3:], np.full(7, 200))


def test_the_matrix_credits_what_is_among_the_first(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    tab = open_tab(tmp_path, 6)
    p = logged.probabilities[20]
    order = np.argsort(-p, axis=1)
    for k in (1, 2, 3, 5):
        among = (order[:, :k] == logged.truth[:, None]).any(axis=1)
        expected = np.zeros((5, 5), int)
        np.add.at(expected, (logged.truth, np.where(among, logged.truth, p.argmax(axis=1))), 1)
        found = tab.arrays("/top_k_matrix", **SERIES, k=str(k), step="25")

        assert found.segments[0]["kind"] == "confusion_matrix"
        assert found.segments[0]["points"][0]["step"] == 20
        assert_array_equal(dense(found.arrays["0/row_end"], found.arrays["0/column"], found.arrays["0/count"]), expected)


def test_a_cell_lists_what_it_counts(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    tab = python_tab(tmp_path)
    told = {k: tab.arrays("/top_k_matrix", **SERIES, k=k).arrays for k in ("1", "2")}
    for k, arrays in told.items():
        cells = dense(arrays["0/row_end"], arrays["0/column"], arrays["0/count"])

        def matching(query: dict[str, str], k: str = k) -> int:
            return int(tab.arrays("/samples", **SERIES, k=k, count="0", **query).segments[0]["points"][0]["fields"]["matching"])

        assert [[matching({"truth": str(i), "predicted": str(j)}) for j in range(4)] for i in range(4)] == cells[:4, :4].tolist()
        assert (matching({"outcome": "right"}), matching({"outcome": "wrong"})) == (np.trace(cells), 200 - np.trace(cells))
    # What is told of a sample stays what was predicted.
    found = tab.arrays("/samples", **SERIES, k="2", count="1000").arrays["0/predicted"]
    assert_array_equal(found, logged.probabilities[30].argmax(axis=1))


def dense(row_end: Array, column: Array, count: Array) -> Array:
    cells = np.zeros((len(row_end), len(row_end)), count.dtype)
    cells[np.repeat(np.arange(len(row_end)), np.diff(row_end, prepend=0)), column] = count
    return cells


@st.composite
def evaluations(draw: st.DrawFn) -> tuple[Array, Array, Array | None, float | None]:
    """Truths (K unknown), probabilities with many ties, weights and a threshold."""
    size, n = draw(st.integers(2, 5)), draw(st.integers(1, 9))
    truth = draw(st.lists(st.integers(0, size), min_size=n, max_size=n))
    p = np.array(draw(st.lists(st.lists(st.integers(1, 3), min_size=size, max_size=size), min_size=n, max_size=n)), float)
    weight = draw(st.none() | st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=n, max_size=n))
    return np.array(truth), p / p.sum(axis=1, keepdims=True), None if weight is None else np.array(weight), draw(st.none() | st.just(0.4))


def told(case: tuple[Array, Array, Array | None, float | None]) -> tuple[Point, dict[str, Point], int]:
    """As the server has it."""
    truth, p, weight, threshold = case
    size = p.shape[1]
    record = samples.of(truth, weight=weight)
    point = point_from(predictions.of(record, log_odds(p), labels=size, threshold=threshold), 1, 0.0)
    return point, {str(point.fields["samples"]): point_from(record, 0, 0.0)}, size


@given(evaluations())
def test_more_classes_are_never_less_right_and_no_sample_is_lost(case: tuple[Array, Array, Array | None, float | None]) -> None:
    point, record, size = told(case)
    found = top_k([point], record, size)
    known = case[0] < size
    weight = np.ones(len(known)) if case[2] is None else case[2]

    assert (np.diff(found.right) >= 0).all()
    assert found.samples[0] == known.sum()
    # But for abstentions all are right among all classes.
    assert found.right[0, -1] == known.sum() - found.abstained[0] - found.unranked[0]
    assert found.unranked[0] == 0
    for k in range(1, size + 1):
        matrix = top_k_matrix(point, record, size, k)
        counts = dense(matrix.row_end, matrix.column, matrix.count)

        assert counts.sum() == len(known)
        assert np.trace(counts[:size, :size]) == found.right[0, k - 1]
        assert_array_equal(counts.sum(axis=1), np.bincount(case[0], minlength=size + 1))
        cells = counts if matrix.weight is None else dense(matrix.row_end, matrix.column, matrix.weight)
        if weight[known].sum() > 0:
            assert_allclose(found.accuracy[0, k - 1], np.trace(cells[:size, :size]) / weight[known].sum())
            assert found.low[0, k - 1] <= found.accuracy[0, k - 1] + 1e-12
            assert found.high[0, k - 1] >= found.accuracy[0, k - 1] - 1e-12


@given(evaluations())
def test_the_first_class_alone_gives_the_confusion_matrix(case: tuple[Array, Array, Array | None, float | None]) -> None:
    truth, p, weight, threshold = case
    size = p.shape[1]
    logged = Evaluation(list(map(str, range(size))), score="prob", threshold=threshold, unknown=size).update(truth, p, weight).payloads()
    matrix: Any = logged["confusion_matrix"]
    of: Any = logged["predictions"]
    assert isinstance(of, Predictions)
    point, record = point_from(of, 1, 0.0), point_from(of.samples, 0, 0.0)  # type: ignore[arg-type]
    found = top_k_matrix(point, {str(point.fields["samples"]): record}, size, 1)

    for name in ("row_end", "column", "count"):
        assert_array_equal(getattr(found, name), getattr(matrix, name), name)
    for name in ("weight", "weight_squares", "column_weight_squares"):
        assert (getattr(found, name) is None) == (getattr(matrix, name) is None)
        if weight is not None:
            assert_allclose(getattr(found, name), getattr(matrix, name))


def test_where_the_truth_came_and_nobody_knows_is_counted() -> None:
    """Of four samples one is right, one second, and of two the place is not known or too far to be told."""
    record = Samples(ids=None, number=np.arange(4), truth=np.array([0, 0, 0, 0]), number_truth=None, weight=None)
    point, told_, _ = told((np.zeros(4, int), np.full((4, 2), 0.5), None, None))
    arrays = {**point.arrays, "predicted": np.array([0, 2, 2, 2]), "rank": np.array([1, 2, 0, 255])}
    made = Point(**{**vars(point), "arrays": arrays})
    found = top_k([made], dict.fromkeys(told_, point_from(record, 0, 0.0)), 300)

    assert_array_equal(found.right[0], [1, *[2] * 9])
    assert found.unranked[0] == 1


def test_evaluations_of_other_classes_are_left_out(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        for step, labels in enumerate(("ab", "abc", "abc")):
            p = log_odds(np.full((4, len(labels)), 1 / len(labels)))
            run.write("validation/predictions", predictions.of(samples.of([0, 1, 0, 1]), p, labels=list(labels)), step)

    assert_array_equal(python_tab(tmp_path).arrays("/top_k", **SERIES).arrays["0/step"], [1, 2])
