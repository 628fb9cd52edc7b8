"""axe finds nothing, in light and dark; the keyboard reaches every view."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from playwright.sync_api import expect

from scripts.processes import ROOT
from tests.e2e.conftest import Logs, Serve, Tab

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(tab: Tab) -> list[str]:
    """What axe says of our frame: rule and element."""
    frame = tab.our_frame
    frame.evaluate(AXE)
    found: dict[str, Any] = frame.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{v['id']}: {node['target']} {node['failureSummary']}" for v in found["violations"] for node in v["nodes"]]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("view", ["Model", "Training", "Predictions"])
def test_axe_finds_nothing(tab: Tab, serve: Serve, logs: Logs, view: str, theme: Literal["light", "dark"]) -> None:
    tab.page.emulate_media(color_scheme=theme)
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view(view)
    expect(tab.frame.locator(f"html[data-theme='{theme}']")).to_be_attached()
    tab.page.wait_for_load_state("networkidle")

    found = violations(tab)
    assert not found, "\n".join(found)


def test_the_keys_1_2_3_choose_the_view(tab: Tab, serve: Serve, logs: Logs) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view("Model")
    for key, name in [("3", "Predictions"), ("2", "Training"), ("1", "Model")]:
        tab.page.keyboard.press(key)
        expect(tab.frame.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
