"""Train, log, click, and read the numbers off the page: they are scikit-learn's and Keras'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import expect
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score

from layerscope import RunWriter
from layerscope import confusion_matrix as layerscope_matrix
from tests.e2e.conftest import Logs, Serve, Tab


@pytest.fixture(scope="module")
def has_tensorflow() -> bool:
    """As where the training is logged, too."""
    return True


def matrix_on_page(tab: Tab, size: int) -> np.ndarray[Any, Any]:
    """The counts in the table behind the picture: int [true, predicted]."""
    table = tab.frame.get_by_test_id("confusion-matrix")
    expect(table.locator("td[data-true][data-predicted]").first).to_be_attached()
    cells = table.locator("td[data-true][data-predicted]").evaluate_all(
        "cells => cells.map(c => [Number(c.dataset.true), Number(c.dataset.predicted), Number(c.textContent.replace(/\\D/g, ''))])"
    )
    counts = np.zeros((size, size), int)
    for true, predicted, count in cells:
        counts[true, predicted] = count
    return counts


def measures_on_page(tab: Tab, measure: str) -> dict[int, str]:
    rows = tab.frame.get_by_test_id("confusion-matrix").locator(f"td[data-measure='{measure}']")
    return {int(k): text for k, text in rows.evaluate_all("cells => cells.map(c => [c.parentElement.dataset.class, c.textContent])")}


def layers_on_page(tab: Tab) -> list[str]:
    """Paths of the boxes of the picture, in its order."""
    boxes = tab.frame.locator("[role=treeitem][data-layer]")
    expect(boxes.first).to_be_visible()
    return [str(path) for path in boxes.evaluate_all("boxes => boxes.map(b => b.dataset.layer)")]


def last_values_on_page(tab: Tab) -> dict[tuple[str, str], float]:
    """The last value of each series, by name and split, in the table behind the charts."""
    cells = tab.frame.get_by_test_id("scalars").locator("td[data-name]")
    expect(cells.first).to_be_attached()
    found = cells.evaluate_all("cells => cells.map(c => [c.dataset.name, c.dataset.split, c.textContent])")
    return {(name, split): float(text) for name, split, text in found}


def test_the_matrix_on_the_page_is_scikit_learns(tab: Tab, serve: Serve, logs: Logs, loader: str) -> None:
    y_true, y_pred = logs.truth["y_true"], logs.truth["y_pred"]

    tab.open(serve(logs.folder / "ours", loader)).view("Predictions")

    np.testing.assert_array_equal(matrix_on_page(tab, 10), confusion_matrix(y_true, y_pred))
    recalls, precisions = recall_score(y_true, y_pred, average=None), precision_score(y_true, y_pred, average=None)
    assert measures_on_page(tab, "recall") == {k: f"{value:.2f}" for k, value in enumerate(recalls)}
    assert measures_on_page(tab, "precision") == {k: f"{value:.2f}" for k, value in enumerate(precisions)}
    assert measures_on_page(tab, "examples") == {k: str(n) for k, n in enumerate(np.bincount(y_true))}
    exactly = float(tab.frame.get_by_test_id("accuracy").get_attribute("title") or "nan")
    assert exactly == pytest.approx(accuracy_score(y_true, y_pred), abs=1e-3)
    expect(tab.frame.get_by_test_id("most-confused")).to_be_visible()


def test_the_layers_are_there_with_their_parameters(tab: Tab, serve: Serve, logs: Logs) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view("Model")

    assert layers_on_page(tab) == ["input", "pixels", "hidden_1", "hidden_2", "digit"]
    parameters = f"{int(logs.truth['parameters']):,}".replace(",", "\u2009")
    expect(tab.frame.get_by_test_id("model-summary")).to_contain_text(f"{parameters} parameters")


def test_loss_accuracy_and_learning_rate_are_keras(tab: Tab, serve: Serve, logs: Logs) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view("Training")

    for name in ("loss", "accuracy", "learning rate"):
        expect(tab.frame.get_by_role("heading", name=name, exact=True)).to_be_visible()
    last = last_values_on_page(tab)
    for name, split, history in [("loss", "train", "loss"), ("loss", "validation", "val_loss"), ("accuracy", "validation", "val_accuracy")]:
        assert last[name, split] == pytest.approx(logs.truth[history][-1], rel=1e-6)


@pytest.mark.parametrize("flag", ["--path_prefix=/some/where"])
def test_it_works_behind_a_path_prefix(tab: Tab, serve: Serve, logs: Logs, flag: str) -> None:
    tab.open(serve(logs.folder / "ours", flag)).view("Predictions")

    assert matrix_on_page(tab, 10).sum() == len(logs.truth["y_true"])


def test_logs_that_only_keras_own_callback_wrote_show_layers_loss_and_learning_rate(tab: Tab, serve: Serve, logs: Logs, loader: str) -> None:
    tab.open(serve(logs.folder / "theirs", loader)).view("Model")
    assert set(layers_on_page(tab)) == {"image", "pixels", "stem", "branch", "joined", "digit"}

    tab.view("Training")
    for name in ("loss", "learning rate"):
        expect(tab.frame.get_by_role("heading", name=name, exact=True)).to_be_visible()

    tab.view("Predictions")
    expect(tab.frame.get_by_text("has no evaluations")).to_be_visible()


def test_a_link_opens_the_same_picture(tab: Tab, serve: Serve, logs: Logs) -> None:
    address = serve(logs.folder / "ours", "--load_fast=true")
    tab.open(address).view("Predictions")
    tab.frame.get_by_role("radio", name=re.compile("count")).click()
    matrix_on_page(tab, 10)
    link = tab.page.url

    other = Tab(tab.page.context.new_page())
    other.open(link)

    np.testing.assert_array_equal(matrix_on_page(other, 10), matrix_on_page(tab, 10))
    expect(other.frame.get_by_role("radio", name=re.compile("count"))).to_be_checked()
    assert other.complaints == []


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[tuple[Path, RunWriter]]:
    """A run that is being written, with one evaluation."""
    with RunWriter(tmp_path / "run") as run:
        run.write("validation/confusion_matrix", layerscope_matrix.from_predictions([0, 1], [0, 1], labels=["cat", "dog"]), 10)
        run.flush()
        yield tmp_path, run


def test_what_is_logged_while_one_looks_appears_by_itself(tab: Tab, serve: Serve, growing: tuple[Path, RunWriter], loader: str) -> None:
    logdir, run = growing
    tab.open(serve(logdir, loader)).view("Predictions")
    assert matrix_on_page(tab, 2).tolist() == [[1, 0], [0, 1]]

    run.write("validation/confusion_matrix", layerscope_matrix.from_predictions([0, 1, 1], [0, 0, 0], labels=["cat", "dog"]), 20)
    run.flush()

    cell = tab.frame.get_by_test_id("confusion-matrix").locator("td[data-true='1'][data-predicted='0']")
    expect(cell).to_have_text("2", timeout=30_000)


def test_an_idle_page_asks_for_the_list_alone_and_calls_nothing_off(tab: Tab, serve: Serve, logs: Logs) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view("Predictions")
    expect(tab.frame.get_by_label("save the curves")).to_be_visible()
    tab.page.wait_for_load_state("networkidle")
    asked: list[str] = []
    failed: list[str] = []
    tab.page.on("requestfinished", lambda request: asked.append(request.url))
    tab.page.on("requestfailed", lambda request: failed.append(f"{request.url}: {request.failure}"))
    tab.page.wait_for_timeout(4000)

    assert failed == []
    assert asked
    assert {url.rpartition("/")[2] for url in asked} == {"runs"}
    assert len(asked) <= 5
