"""/order: classes that are taken for each other stand side by side."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.spatial.distance import cdist, squareform
from torch.utils.tensorboard import SummaryWriter

from tb_plugin.analysis import class_order
from tb_plugin.analysis.class_order import Cells, TooSlow, compute, distances
from tests.server.conftest import Array, Tab, read_with_python
from tests.server.others import write_keras_model
from writers import RunWriter, confusion_matrix


def cells_of(matrix: Array) -> Cells:
    row, column = np.nonzero(matrix)
    return Cells(len(matrix), row, column, matrix[row, column].astype(float))


def planted(classes: int, size: int, seed: int = 0) -> tuple[Array, Array]:
    """True and predicted classes in groups of `size`, taken for each other at random, and each class's group."""
    random = np.random.default_rng(seed)
    group = random.permutation(classes) // size
    members = np.argsort(group, kind="stable").reshape(-1, size)
    true = np.repeat(np.arange(classes), 40)
    inside = members[group[true], random.integers(0, size, true.size)]
    predicted = np.where(random.random(true.size) < 0.7, true, inside)
    predicted = np.where(random.random(true.size) < 0.05, random.integers(0, classes, true.size), predicted)
    return np.stack([true, predicted]), group


def groups_in_a_row(order: Array, group: Array) -> int:
    return 1 + int((np.diff(group[order]) != 0).sum())


matrices = st.integers(1, 7).flatmap(lambda k: st.lists(st.lists(st.integers(0, 5), min_size=k, max_size=k), min_size=k, max_size=k)).map(np.array)


@settings(max_examples=40)
@given(matrices)
def test_distances_are_as_defined(matrix: Array) -> None:
    """The definition, written out densely with SciPy's cosine."""
    total = matrix.sum(axis=1, keepdims=True)
    rate = np.divide(matrix, total, out=np.zeros(matrix.shape), where=total > 0)
    np.fill_diagonal(rate, 0)
    mutual = (rate + rate.T) / 2
    np.fill_diagonal(mutual, mutual.max(axis=1))
    with np.errstate(invalid="ignore"):
        expected = np.nan_to_num(cdist(mutual, mutual, "cosine"), nan=1.0)
    np.fill_diagonal(expected, 0)

    assert_allclose(distances(cells_of(matrix)), expected, atol=1e-12)


@settings(max_examples=40)
@given(matrices)
def test_every_class_is_there_once_and_the_joins_are_scipys_tree(matrix: Array) -> None:
    cells = cells_of(matrix)
    found = compute(cells)

    assert_array_equal(np.sort(found.order), np.arange(len(matrix)))
    assert len(found.joins) == len(matrix) - 1
    if len(matrix) > 1:
        tree = squareform(cophenet(linkage(squareform(distances(cells), checks=False), "average")))
        between = [tree[a, b] for a, b in zip(found.order, found.order[1:], strict=False)]
        assert_allclose(found.joins, between, atol=1e-12)


def test_turning_brings_the_closest_ends_together() -> None:
    """Four classes in two pairs; 1 and 2 are also taken for each other, so they meet in the middle."""
    matrix = np.array([[50, 20, 0, 0], [20, 50, 3, 0], [0, 3, 50, 20], [0, 0, 20, 50]])

    assert compute(cells_of(matrix)).order.tolist() in ([0, 1, 2, 3], [3, 2, 1, 0])


def test_planted_groups_are_recovered() -> None:
    (true, predicted), group = planted(200, 5)

    found = compute(Cells(200, true, predicted, np.ones(true.size)))

    assert groups_in_a_row(found.order, group) == 40


def test_many_classes_are_ordered_by_another_process_just_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    (true, predicted), _ = planted(60, 3)
    cells = Cells(60, true, predicted, np.ones(true.size))
    expected = compute(cells)
    monkeypatch.setattr(class_order, "IN_PROCESS", 10)

    found = class_order.class_order(cells)

    assert_array_equal(found.order, expected.order)
    assert_array_equal(found.joins, expected.joins)


def test_too_many_classes_and_too_long_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    none = np.zeros(0, np.int64)
    with pytest.raises(TooSlow, match="at most 6000 classes; these are 6001"):
        class_order.class_order(Cells(6001, none, none, none.astype(float)))
    monkeypatch.setattr(class_order, "SECONDS", 0.001)
    with pytest.raises(TooSlow, match="took more than"):
        class_order.class_order(Cells(2001, none, none, none.astype(float)))


def test_the_route_orders_over_all_steps_at_once(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    (true, predicted), group = planted(30, 3)
    with RunWriter(tmp_path / "d/layerscope") as run:
        # The first step alone shows no error at all; the order is of all of them.
        for step, chosen in enumerate([true, predicted, true]):
            run.write("test/confusion_matrix", confusion_matrix.from_predictions(true, chosen, labels=[str(i) for i in range(30)]), step)
    tab = open_tab(tmp_path, 2)

    answer = json.loads(tab.get("/order", {"run": "d/layerscope", "tag": "test/confusion_matrix"}).get_data())

    assert sorted(answer["order"]) == list(range(30))
    assert groups_in_a_row(np.array(answer["order"]), group) == 10
    assert len(answer["joins"]) == 29


def test_several_series_are_ordered_together_by_the_names_of_their_classes(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """One training shows no error; another, with its classes the other way round and one more, takes 0 for 3."""
    with RunWriter(tmp_path / "a") as run:
        run.write("t/confusion_matrix", confusion_matrix.from_predictions([0, 1, 2, 3], [0, 1, 2, 3], labels=list("abcd")), 0)
    with RunWriter(tmp_path / "b") as run:
        run.write("t/confusion_matrix", confusion_matrix.from_predictions([4, 4, 3, 2, 1, 0], [1, 4, 3, 2, 1, 1], labels=list("xdcba")), 0)
    tab = open_tab(tmp_path, 2)

    also = json.dumps([["b", "t/confusion_matrix"], ["gone", "t/confusion_matrix"]])
    answer = json.loads(tab.get("/order", {"run": "a", "tag": "t/confusion_matrix", "also": also}).get_data())

    order = answer["order"]
    assert sorted(order) == [0, 1, 2, 3]
    assert abs(order.index(0) - order.index(3)) == 1
    digest = json.loads(tab.get("/order", {"run": "a", "tag": "t/confusion_matrix"}).get_data())["classes"]
    assert answer["classes"] == digest != ""


@pytest.mark.parametrize("also", ["b", '["b"]', '[["b"]]', '[["b", 1]]', '{"b": "c"}', "[" * 10_000])
def test_what_else_to_order_is_pairs(python_tab: Callable[..., Tab], tmp_path: Path, also: str) -> None:
    with RunWriter(tmp_path / "d") as run:
        run.write("t/confusion_matrix", confusion_matrix.from_predictions([0], [1], labels=list("ab")), 0)

    status, error, _ = python_tab(tmp_path).refused("/order", run="d", tag="t/confusion_matrix", also=also)

    assert status == 400
    assert "also must be a list of at most 100 pairs" in error


def test_weights_count_where_there_are_some(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """0 is taken for 1 often but with no weight, for 3 once with all of it."""
    true, predicted = [0] * 9 + [0, 1, 2, 3], [1] * 9 + [3, 1, 2, 3]
    weight = [1e-9] * 9 + [5.0, 1.0, 1.0, 1.0]
    with RunWriter(tmp_path / "d") as run:
        run.write("t/confusion_matrix", confusion_matrix.from_predictions(true, predicted, labels=list("abcd"), sample_weight=weight), 0)
    tab = python_tab(tmp_path)

    order = json.loads(tab.get("/order", {"run": "d", "tag": "t/confusion_matrix"}).get_data())["order"]

    assert abs(order.index(0) - order.index(3)) == 1


def test_a_refusal_of_the_order_is_422_with_a_way_out(python_tab: Callable[..., Tab], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(class_order, "IN_PROCESS", 1)
    monkeypatch.setattr(class_order, "MOST", 2)
    with RunWriter(tmp_path / "d") as run:
        run.write("t/confusion_matrix", confusion_matrix.from_predictions([0], [1], labels=list("abc")), 0)

    status, error, fix = python_tab(tmp_path).refused("/order", run="d", tag="t/confusion_matrix")

    assert (status, error) == (422, "order by confusion takes at most 2 classes; these are 3")
    assert "another order" in fix


def test_what_others_wrote_is_not_read_as_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SummaryWriter(str(tmp_path / "d")) as log:
        log.add_histogram("fc1.weight", np.arange(5.0), 0)
        log.add_scalar("loss", 1.0, 0)
    write_keras_model(tmp_path / "d", "{}")
    provider = read_with_python(tmp_path)
    read: list[str] = []

    def note(*_: object, run_tag_filter: Any, **__: object) -> dict[str, object]:
        read.extend(run_tag_filter.tags)
        return {}

    monkeypatch.setattr(provider, "read_tensors", note)
    tab = Tab(provider)

    for tag in ("fc1.weight", "loss", "keras"):
        status, error, _ = tab.refused("/order", run="d", tag=tag)
        assert (status, error) == (404, f"{tag!r} of run 'd' has no confusion matrix that can be read")
    assert read == []
