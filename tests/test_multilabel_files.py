"""Tables of labels: what their columns are, and nothing guessed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layerscope import MultilabelEvaluation, read_multilabel
from tests.test_multilabel_evaluation import assert_same, drawn
from writers import multilabel_files

TRUTH, LOGITS = drawn(50, 3)
P = 1 / (1 + np.exp(-LOGITS))
WEIGHT = np.arange(50) / 10
NAMES = ["cat", 'dog "big", loud', "owl"]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    with open(path, "w", newline="", encoding="utf-8-sig") as file:
        lines = csv.writer(file)
        lines.writerow(["file", *[f"is_{name}" for name in NAMES], "weight", *[f"p_{name}" for name in NAMES], *[f"said {name}" for name in NAMES]])
        for i in range(50):
            lines.writerow([f"{i}.png", *TRUTH[i], WEIGHT[i], *map(repr, P[i].tolist()), *(P[i] > 0.5).astype(int)])
    return path


def test_a_table_is_what_its_columns_are(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multilabel_files, "_ROWS_AT_ONCE", 7)
    ids = [f"{i}.png" for i in range(50)]
    wanted = MultilabelEvaluation(NAMES, score="prob", threshold=0.4).update(TRUTH, P, WEIGHT, ids=ids)

    by_pattern = read_multilabel(table, truth="is_*", scores="p_*", score="prob", ids="file", weight="weight", threshold=0.4)
    columns: dict[str, Any] = {"truth": [f"is_{name}" for name in NAMES], "scores": [f"p_{name}" for name in NAMES]}
    by_name = read_multilabel(table, **columns, score="prob", labels=NAMES, ids="file", weight="weight", threshold=0.4)

    assert by_pattern.classes.labels == tuple(NAMES)
    assert_same(wanted, by_pattern)
    assert_same(wanted, by_name)
    told = read_multilabel(table, truth="is_*", predicted="said *")
    assert_same(MultilabelEvaluation(NAMES, score=None).update(TRUTH, P > 0.5), told)


def test_labels_may_be_called_true_and_false(tmp_path: Path) -> None:
    """As tables are saved whose columns are of such a type."""
    path = tmp_path / "told.csv"
    with open(path, "w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow([f"{kind}_{name}" for kind in ("is", "said") for name in "abc"])
        lines.writerows([*map(bool, TRUTH[i]), *np.where(P[i] > 0.5, "true", " FALSE")] for i in range(50))

    assert_same(MultilabelEvaluation(list("abc"), score=None).update(TRUTH, P > 0.5), read_multilabel(path, truth="is_*", predicted="said_*"))


def test_arrays_of_a_file_are_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "labels.npz"
    np.savez(path, y=TRUTH, z=LOGITS, w=WEIGHT)

    assert_same(MultilabelEvaluation(3, score="logit").update(TRUTH, LOGITS, WEIGHT), read_multilabel(path, truth="y", scores="z", score="logit", weight="w"))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"truth": "is_*"}, TypeError, "either scores= or predicted="),
        ({"truth": "is_*", "scores": "p_*", "predicted": "said *"}, TypeError, "either scores= or predicted="),
        ({"truth": "is_*", "scores": "p_*"}, TypeError, "score= says what scores= are"),
        ({"truth": "is_*", "predicted": "said *", "score": "prob"}, TypeError, "score= says what scores= are"),
        ({"truth": "are_*", "predicted": "said *"}, ValueError, "no column that is called 'are_"),
        ({"truth": ["is_owl"], "predicted": "said *"}, ValueError, "a column for each label, in one order"),
        ({"truth": "*", "predicted": "said *"}, ValueError, "a column for each label, in one order"),
        ({"truth": ["file"], "predicted": ["said owl"]}, ValueError, "'file' must be a number"),
        ({"truth": "is_*", "predicted": "said *", "labels": ["a"]}, ValueError, "each of the 1 labels"),
    ],
)
def test_what_a_table_lacks_is_named(arguments: dict[str, Any], error: type[Exception], message: str, table: Path) -> None:
    with pytest.raises(error, match=message):
        read_multilabel(table, **arguments)
