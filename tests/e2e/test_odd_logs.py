"""Nothing logged, and things that nobody would log: said plainly, run as nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e import odd_logs
from tests.e2e.conftest import Serve, Tab

VIEWS = ("Model", "Training", "Predictions")


def test_an_empty_folder_shows_the_code_to_paste(tab: Tab, serve: Serve, tmp_path: Path) -> None:
    tab.open(f"{serve(tmp_path)}/#layerscope")

    for view in VIEWS:
        tab.view(view)
        expect(tab.frame.get_by_text("Nothing is logged in this folder yet")).to_be_visible()
        expect(tab.frame.get_by_text("from layerscope.keras import Layerscope")).to_be_visible()
    tab.frame.get_by_role("button", name="copy").click()
    assert "from layerscope" in tab.page.evaluate("navigator.clipboard.readText()")


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("odd")
    odd_logs.write(logdir)
    return logdir


@pytest.mark.parametrize("view", VIEWS)
def test_names_from_logs_are_text_and_never_markup(tab: Tab, serve: Serve, odd: Path, loader: str, view: str) -> None:
    tab.open(serve(odd, loader)).view(view)

    expect(tab.frame.get_by_text(odd_logs.RUN[:8]).first).to_be_visible()
    if view == "Predictions":
        headers = tab.frame.get_by_test_id("confusion-matrix").locator("tbody th")
        expect(headers).to_have_count(len(odd_logs.LABELS))
    assert tab.page.evaluate("window.hacked") is None
    assert tab.frame.locator("img[src='x']").count() == 0


def test_what_is_told_of_a_layer_is_text(tab: Tab, serve: Serve, odd: Path, loader: str) -> None:
    tab.open(serve(odd, loader)).view("Model")
    layers = tab.frame.get_by_role("treeitem")
    expect(layers).not_to_have_count(0)

    layers.first.click()

    config = tab.frame.get_by_test_id("layer-details").get_by_test_id("config")
    expect(config).to_contain_text(odd_logs.ATTACK)
    assert tab.page.evaluate("window.hacked") is None
    assert tab.frame.locator("img[src='x'], [onerror]").count() == 0
