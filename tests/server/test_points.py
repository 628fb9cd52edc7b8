"""/points: what was written comes back, joined and widened, with both of TensorBoard's loaders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.metrics import confusion_matrix as oracle

from tb_plugin.schema.record import unpack
from tb_plugin.schema.training_facts import TrainingFacts
from tests.server.conftest import Array, Tab
from writers import RunWriter, confusion_matrix

RUN = "demo/layerscope"
TAG = "validation/confusion_matrix"
LABELS = ["cat", "dog", "owl"]


def write_matrices(logdir: Path, steps: list[int]) -> list[Array]:
    """A matrix at each step; returns scikit-learn's of the same predictions."""
    random = np.random.default_rng(0)
    expected = []
    with RunWriter(logdir / RUN) as run:
        for step in steps:
            true, predicted = random.integers(0, 3, (2, 40 + step))
            run.write(TAG, confusion_matrix.from_predictions(true, predicted, labels=LABELS), step)
            expected.append(oracle(true, predicted, labels=range(3)))
    return expected


def dense(row_end: Array, column: Array, count: Array) -> Array:
    matrix = np.zeros((len(row_end), len(row_end)), np.int64)
    matrix[np.repeat(np.arange(len(row_end)), np.diff(row_end, prepend=0)), column] = count
    return matrix


def test_matrices_come_back_as_scikit_learn_counts_them(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    expected = write_matrices(tmp_path, [10, 20, 30])

    answer = open_tab(tmp_path, 2).arrays("/points", run=RUN, tag=TAG)

    (segment,) = answer.segments
    assert (segment["kind"], segment["version"], segment["known"], answer.problems) == ("confusion_matrix", 1, True, [])
    assert [p["step"] for p in segment["points"]] == [10, 20, 30]
    assert [p["ordinal"] for p in segment["points"]] == [0, 1, 2]
    assert all(p["fields"]["dropped"] == {} for p in segment["points"])
    parts = zip(*(answer.parts(0, name) for name in ("row_end", "column", "count")), expected, strict=True)
    for row_end, column, count, matrix in parts:
        assert_array_equal(dense(row_end, column, count)[:3, :3], matrix)


def test_the_classes_are_found_by_the_digest_that_the_matrix_names(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_matrices(tmp_path, [10])
    tab = open_tab(tmp_path, 2)

    digest = tab.arrays("/points", run=RUN, tag=TAG).segments[0]["points"][0]["fields"]["classes"]

    assert tab.arrays("/points", run=RUN, tag=f"classes/{digest}").segments[0]["points"][0]["fields"]["labels"] == LABELS


@pytest.mark.parametrize(
    ("query", "steps"),
    [
        ({}, list(range(10, 101, 10))),
        ({"steps": "last"}, [100]),
        ({"steps": "30..50"}, [30, 40, 50]),
        ({"steps": "35..55"}, [30, 40, 50]),  # begins with the last point at or before the start
        ({"steps": "..25"}, [10, 20]),
        ({"steps": "95.."}, [90, 100]),
        ({"steps": "..5"}, []),
        ({"steps": "500..600"}, [100]),
        ({"max": "2"}, [10, 100]),
        ({"max": "4"}, [10, 40, 70, 100]),
        ({"max": "1"}, [100]),
        ({"max": "50", "steps": "70.."}, [70, 80, 90, 100]),
    ],
)
def test_a_range_of_steps_is_cut_and_thinned(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], steps: list[int]) -> None:
    write_matrices(tmp_path, list(range(10, 101, 10)))

    answer = python_tab(tmp_path).arrays("/points", run=RUN, tag=TAG, **query)

    assert [p["step"] for s in answer.segments for p in s["points"]] == steps


def test_what_is_too_large_is_thinned_and_tells_all_steps(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    steps = list(range(10, 101, 10))
    write_matrices(tmp_path, steps)
    tab = open_tab(tmp_path, 2)
    whole, _ = unpack(tab.get("/points", {"run": RUN, "tag": TAG}).get_data())
    size = sum(content.nbytes for name, content in whole.items() if not name.endswith("/end"))

    for most, expected in ((size, steps), (size * 4 // 10 + 1, [10, 40, 70, 100]), (1, [10, 100])):
        _, header = unpack(tab.get("/points", {"run": RUN, "tag": TAG, "bytes": str(most)}).get_data())
        assert [p["step"] for s in header["segments"] for p in s["points"]] == expected
        assert header.get("steps") == (None if expected == steps else steps)


def test_a_new_set_of_classes_begins_a_new_segment(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        for step, labels in enumerate([["a", "b"], ["a", "b"], ["a", "b", "c"], ["a", "b"]]):
            run.write(TAG, confusion_matrix.from_predictions([0, 1], [0, 0], labels=labels), step)

    answer = python_tab(tmp_path).arrays("/points", run=RUN, tag=TAG)

    assert [[p["step"] for p in s["points"]] for s in answer.segments] == [[0, 1], [2], [3]]
    assert len(answer.arrays["1/row_end"]) == 4


def test_weighted_and_unweighted_matrices_are_not_joined(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        run.write(TAG, confusion_matrix.from_predictions([0, 1], [0, 0], labels=LABELS), 0)
        run.write(TAG, confusion_matrix.from_predictions([0, 1], [0, 0], labels=LABELS, sample_weight=[0.5, 2.5]), 1)

    answer = python_tab(tmp_path).arrays("/points", run=RUN, tag=TAG)

    assert "0/weight" not in answer.arrays
    assert answer.arrays["1/weight"].dtype == np.float64
    assert_array_equal(answer.arrays["1/weight"], [0.5, 2.5])


def test_counts_beyond_int32_arrive_as_doubles(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    small = confusion_matrix.from_predictions([0, 1], [0, 0], labels=LABELS)
    large = replace(small, count=small.count * 2**40)
    with RunWriter(tmp_path / RUN) as run:
        run.write(TAG, small, 0)
        run.write(TAG, large, 1)

    answer = python_tab(tmp_path).arrays("/points", run=RUN, tag=TAG)

    assert answer.arrays["0/count"].dtype == np.float64
    assert_array_equal(answer.arrays["0/count"], [1, 1, 2**40, 2**40])
    assert answer.arrays["0/row_end"].dtype == np.int32


def test_a_kind_without_arrays_answers_its_fields(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        run.write("training_facts", TrainingFacts(loss="mse", baseline_loss=float("nan"), hyperparameters={"lr": 0.1}), 0)

    answer = open_tab(tmp_path, 1).arrays("/points", run=RUN, tag="training_facts")

    fields = answer.segments[0]["points"][0]["fields"]
    assert (fields["loss"], fields["baseline_loss"], fields["hyperparameters"]) == ("mse", None, {"lr": 0.1})
    assert answer.arrays == {}


def test_more_points_than_tensorboard_keeps_of_others_all_arrive(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    steps = list(range(300))
    with RunWriter(tmp_path / RUN) as run:
        for step in steps:
            run.write("training_facts", TrainingFacts(first_step=step), step)

    answer = open_tab(tmp_path, 1).arrays("/points", run=RUN, tag="training_facts")

    assert [p["step"] for p in answer.segments[0]["points"]] == steps


def test_where_steps_go_back_the_later_writing_wins(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    for first, last in [(0, 10), (5, 8)]:
        with RunWriter(tmp_path / RUN) as run:
            for step in range(first, last):
                run.write("training_facts", TrainingFacts(first_step=step, batch_size=last), step)

    answer = python_tab(tmp_path).arrays("/points", run=RUN, tag="training_facts")

    points = answer.segments[0]["points"]
    assert [p["step"] for p in points] == list(range(8))
    assert [p["fields"]["batch_size"] for p in points] == [10] * 5 + [8] * 3


def test_asking_for_what_is_not_there_says_where_to_look(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_matrices(tmp_path, [10])
    tab = python_tab(tmp_path)

    assert tab.refused("/points", run="nobody", tag=TAG)[0] == 404
    status, error, fix = tab.refused("/points", run=RUN, tag="<b>")
    assert (status, error) == (404, "run 'demo/layerscope' has no series '<b>'")
    assert "runs" in fix
