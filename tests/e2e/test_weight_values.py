"""The values of a layer, read off the page, are those of the model that was trained."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import numpy as np
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Logs, Serve, Tab
from tests.e2e.test_accessibility import violations

PRECISION = 2.0**-11
"""Of float16."""


def of_layer(tab: Tab, serve: Serve, logs: Logs, loader: str, layer: str) -> Locator:
    tab.follow(serve(logs.folder / "ours", loader), view="model", layer=layer)
    values = tab.frame.get_by_test_id("values")
    values.wait_for()
    return values


def weights(logs: Logs, path: str) -> np.ndarray[Any, Any]:
    return next(content for name, content in logs.truth.items() if name.startswith("weights of ") and name.endswith(path))


def test_each_value_is_that_of_the_model(tab: Tab, serve: Serve, logs: Logs, loader: str) -> None:
    values = of_layer(tab, serve, logs, loader, "digit")
    for name in ("kernel", "bias"):
        norm = values.locator(f"article[data-parameter='digit/{name}'] [data-norm]").get_attribute("data-norm")
        np.testing.assert_allclose(float(norm or "nan"), np.linalg.norm(weights(logs, f"digit/{name}")), rtol=1e-6)
    bias = values.locator("article[data-parameter='digit/bias'] [data-cell]").evaluate_all("cells => cells.map(cell => Number(cell.dataset.value))")
    np.testing.assert_allclose(bias, weights(logs, "digit/bias"), rtol=PRECISION)

    with tab.page.expect_download() as download:
        values.locator("summary").click()
        values.get_by_role("button", name="JSON").click()
    saved = json.loads(download.value.path().read_text())
    kernel = next(each for each in saved["parameters"] if each["path"] == "digit/kernel")
    np.testing.assert_allclose(np.reshape(kernel["value"], (64, 10)), weights(logs, "digit/kernel"), rtol=PRECISION)
    np.testing.assert_allclose(kernel["singular"], np.linalg.svd(weights(logs, "digit/kernel"), compute_uv=False), rtol=1e-4)

    with tab.page.expect_download() as download:
        values.locator("summary").click()
        values.get_by_role("button", name="SVG").click()
    assert "digit_kernel" in download.value.suggested_filename
    drawing = ElementTree.parse(download.value.path()).getroot()
    words = {(text.text or "").strip() for text in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert {"kernel", "bias"} <= words
    assert len(drawing.findall(".//{http://www.w3.org/2000/svg}image")) == 2


def test_the_keyboard_walks_to_a_single_number(tab: Tab, serve: Serve, logs: Logs) -> None:
    values = of_layer(tab, serve, logs, "--load_fast=true", "hidden_1")
    grid = values.get_by_role("application").first
    grid.focus()
    for key in ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown"]:
        tab.page.keyboard.press(key)
    told = values.locator("article[data-parameter='hidden_1/kernel'] .ls-values-readout")
    value = weights(logs, "hidden_1/kernel")[1, 2]
    expect(told).to_have_text(f"row 1, column 2: {value:.3g}".replace("-", "−"))
    for _ in range(8):
        tab.page.keyboard.press("+")
    cell = values.locator("article[data-parameter='hidden_1/kernel'] [data-cell='1,2']")
    np.testing.assert_allclose(float(cell.get_attribute("data-value") or "nan"), value, rtol=PRECISION)
    tab.page.keyboard.press("Escape")
    expect(cell).to_have_count(0)


def test_the_change_since_the_first_moment_is_what_training_added(tab: Tab, serve: Serve, logs: Logs) -> None:
    values = of_layer(tab, serve, logs, "--load_fast=true", "digit")
    values.get_by_label("change since the first").check()
    bias = values.locator("article[data-parameter='digit/bias'] [data-cell]").evaluate_all("cells => cells.map(cell => Number(cell.dataset.value))")
    # Keras' biases begin at 0.
    np.testing.assert_allclose(bias, weights(logs, "digit/bias"), rtol=PRECISION)
    found = violations(tab)
    assert not found, "\n".join(found)
