"""Evaluations from files: the same as from the arrays that are in them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layerscope import Evaluation, read_table
from tests.test_confusion_matrix import dense
from tests.test_evaluation import assert_same, matrix_of, predictions_of
from tests.test_score_curves import softmax

Array = np.ndarray[Any, Any]
NAMES = ['a "cat"', "dog, big", "öwl"]


def table(path: Path, rows: list[list[Any]], *, encoding: str = "utf-8", **how: Any) -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, **how).writerows(rows)
    return path


def drawn(n: int = 50) -> tuple[Array, Array, Array]:
    random = np.random.default_rng(1)
    truth = random.integers(0, 3, n)
    return truth, softmax(random.normal(size=(n, 3)) + np.eye(3)[truth]), random.random(n)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_table_is_what_its_columns_are(tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("writers.files._ROWS_AT_ONCE", 7)
    truth, p, weight = drawn()
    rows = [[NAMES[t], *scores, w, f"{i}.png"] for i, (t, scores, w) in enumerate(zip(truth, p.tolist(), weight.tolist(), strict=True))]
    path = table(tmp_path / "found.csv", [["label", *(f"p_{name}" for name in NAMES), "w", "file"], *rows], encoding=encoding)
    found = read_table(path, truth="label", scores="p_*", score="prob", ids="file", weight="w", threshold=0.5)

    wanted = Evaluation(NAMES, score="prob", threshold=0.5).update(truth, p, weight, ids=[f"{i}.png" for i in range(50)])
    assert_same(wanted, found)
    by_name = read_table(path, truth="label", scores=[f"p_{name}" for name in NAMES], labels=NAMES, score="prob", ids="file", weight="w", threshold=0.5)
    assert_same(wanted, by_name)


def test_class_ids_and_one_column_of_two_classes(tmp_path: Path) -> None:
    path = table(tmp_path / "found.tsv", [["y", "p"], [0, 0.2], [1, 0.7], [], [1, ""], ["", 0.5]], delimiter="\t")
    found = read_table(path, truth="y", scores="p", labels=2, score="prob")

    assert dense(matrix_of(found))[:2, :2].tolist() == [[1, 0], [0, 1]]
    assert matrix_of(found).dropped == {"score not finite": 1, "label is NaN": 1}


def test_predicted_classes_are_read_by_name(tmp_path: Path) -> None:
    path = table(tmp_path / "found.csv", [["y", "said"], ["no", "yes"], ["yes", "yes"], ["?", "no"], ["nobody", "no"]])
    found = read_table(path, truth="y", predicted="said", labels=["no", "yes"], unknown="?")

    assert dense(matrix_of(found)).tolist() == [[0, 1, 0], [0, 1, 0], [1, 0, 0]]
    assert matrix_of(found).dropped == {"bad label": 1}


def test_arrays_of_a_file_are_what_they_are(tmp_path: Path) -> None:
    truth, p, weight = drawn()
    np.savez(tmp_path / "found.npz", y=truth, p=p, w=weight, id=np.arange(50) * 3)
    found = read_table(tmp_path / "found.npz", truth="y", scores="p", score="prob", ids="id", weight="w")

    assert_same(Evaluation(3, score="prob").update(truth, p, weight, ids=np.arange(50) * 3), found)
    np.savez(tmp_path / "one.npz", y=truth % 2, p=p[:, 0])
    assert read_table(str(tmp_path / "one.npz"), truth="y", scores="p", score="prob").classes.labels == ("0", "1")
    assert predictions_of(found)[1].number.tolist() == [*range(0, 150, 3)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"scores": "p_*"}, "score= must say what the scores are"),
        ({}, "either scores= or predicted="),
        ({"predicted": "y", "score": "prob"}, "score= goes with scores="),
        ({"predicted": "z"}, "labels= must name the classes"),
        ({"predicted": "z", "labels": ["0", "1"]}, "has no column 'z'; it has 'y', 'p_0', 'p_1', 'p', 'p', 't'"),
        ({"scores": "q_*", "score": "prob"}, "has no column that is called 'q_\\*'"),
        ({"scores": "p", "score": "prob", "labels": 2}, "has several columns 'p'"),
        ({"scores": "p_0", "score": "prob"}, "labels= must name both classes"),
        ({"scores": "t", "score": "prob", "labels": 2}, "line 2 of .*: 't' must be a number; it is 'text'"),
        ({"scores": "p_*", "score": "prob", "labels": ["a", "b"]}, "none of the first 1 values of 'y' is the name of a class, such as 'a'; the first is '0'"),
    ],
)
def test_what_a_table_lacks_is_named(tmp_path: Path, arguments: dict[str, Any], message: str) -> None:
    path = table(tmp_path / "found.csv", [["y", "p_0", "p_1", "p", "p", "t"], [0, 0.5, 0.5, 0, 0, "text"]])
    with pytest.raises((TypeError, ValueError), match=message):
        read_table(path, truth="y", **arguments)


def test_a_broken_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"line 3 of .* has 1 values; there are 2 columns"):
        read_table(table(tmp_path / "a.csv", [["y", "p"], [0, 0.5], [0]]), truth="y", scores="p", labels=2, score="prob")
    with pytest.raises(ValueError, match=r"has no column 'p'; it has $"):
        read_table(table(tmp_path / "b.csv", []), truth="y", scores=["p"], labels=2, score="prob")
    with pytest.raises(ValueError, match=r"a table is a file .csv"):
        read_table(tmp_path / "c.parquet", truth="y", scores="p", score="prob")
    np.savez(tmp_path / "d.npz", y=[0])
    with pytest.raises(ValueError, match=r"has no array 'p'; it has y"):
        read_table(tmp_path / "d.npz", truth="y", scores="p", score="prob")
    with pytest.raises(TypeError, match="one array, by its name"):
        read_table(tmp_path / "d.npz", truth="y", scores=["p"], score="prob")
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "e.csv", truth="y", scores="p", score="prob")
