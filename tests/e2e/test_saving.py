"""What the page hands out is what was trained; and its keys work without a click into it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect
from sklearn.metrics import confusion_matrix

from tests.e2e.conftest import Logs, Serve, Tab

PNG = b"\x89PNG\r\n\x1a\n"


def saved(tab: Tab, what: str, kind: str, folder: Path) -> Path:
    """The file that the menu of one picture gives."""
    menu = tab.frame.get_by_label(f"save {what}", exact=True)
    menu.click()
    with tab.page.expect_download() as download:
        tab.frame.locator("details[open]").get_by_role("button", name=kind, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_a_saved_matrix_is_scikit_learns(tab: Tab, serve: Serve, logs: Logs, tmp_path: Path) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view("Predictions")

    path = saved(tab, "the confusion matrix", "CSV", tmp_path)

    with path.open(newline="") as file:
        head, *rows = csv.reader(file)
    places = [list(logs.truth["labels"]).index(label) for label in head[1:]]
    assert [row[0] for row in rows] == head[1:]
    expected = confusion_matrix(logs.truth["y_true"], logs.truth["y_pred"])[np.ix_(places, places)]
    np.testing.assert_array_equal([[int(n) for n in row[1:]] for row in rows], expected)
    assert path.name.startswith("digits-confusion_matrix-validation-step-")
    assert saved(tab, "the confusion matrix", "PNG", tmp_path).read_bytes().startswith(PNG)


def test_every_picture_and_table_of_the_predictions_is_saved_in_each_format(tab: Tab, serve: Serve, logs: Logs, tmp_path: Path) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view("Predictions")
    tab.frame.get_by_text("all numbers of each class").click()
    expect(tab.frame.get_by_test_id("areas")).to_be_visible()
    expect(tab.frame.get_by_label("save the samples")).to_be_visible()
    menus = tab.frame.locator("details.ls-save summary")
    found = {(menu.get_attribute("aria-label") or "").removeprefix("save ") for menu in menus.all() if menu.is_visible()}
    tables = {"the numbers of each class", "the most confused classes", "the areas of all classes", "accuracy of all evaluations"}

    assert found >= {"the confusion matrix", "the curves", "the samples", *tables}
    for what in sorted(found):
        menu = tab.frame.get_by_label(f"save {what}", exact=True)
        menu.click()
        formats = set(tab.frame.locator("details[open].ls-save button").all_inner_texts())
        menu.click()
        assert formats >= {"CSV", "JSON"}
        assert formats == {"CSV", "JSON", "copy", "PNG", "SVG"} or what not in tables
        assert json.loads(saved(tab, what, "JSON", tmp_path).read_text())["step"] > 0
        with saved(tab, what, "CSV", tmp_path).open(newline="") as file:
            head, *rows = csv.reader(file)
        assert rows
        assert {len(row) for row in rows} == {len(head)}
        if "PNG" in formats:
            assert saved(tab, what, "PNG", tmp_path).read_bytes().startswith(PNG)
        if "SVG" in formats:
            drawing = ElementTree.parse(saved(tab, what, "SVG", tmp_path)).getroot()
            assert drawing.findall(".//{http://www.w3.org/2000/svg}text")
        if "copy" in formats:
            menu.click()
            tab.frame.locator("details[open]").get_by_role("button", name="copy", exact=True).click()
            expect(tab.frame.locator("[role=status]", has_text=f"{what}: copied")).to_be_attached()
            copied = tab.our_frame.evaluate("navigator.clipboard.readText()")
            assert [line.split("\t") for line in copied.split("\n")] == [head, *rows]


def test_saved_points_are_those_that_keras_told(tab: Tab, serve: Serve, logs: Logs, tmp_path: Path) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view("Training")

    with saved(tab, "loss", "CSV", tmp_path).open(newline="") as file:
        rows = list(csv.DictReader(file))

    for split, values in (("train", logs.truth["loss"]), ("validation", logs.truth["val_loss"])):
        own = [row for row in rows if row["split"] == split]
        assert [float(row["value"]) for row in own] == pytest.approx(list(values), rel=1e-6)
        assert [float(row["epoch"]) for row in own] == [1.0, 2.0, 3.0]
    told = json.loads(saved(tab, "all charts", "JSON", tmp_path).read_text())
    assert {"loss", "accuracy", "learning_rate"} <= {series["name"] for series in told["series"]}
    assert saved(tab, "all charts", "PNG", tmp_path).read_bytes().startswith(PNG)


def test_a_saved_model_stands_alone(tab: Tab, serve: Serve, logs: Logs, tmp_path: Path) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true")).view("Model")

    with saved(tab, "the model", "CSV", tmp_path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["parameters"]) for row in rows) == int(logs.truth["parameters"])

    drawing = ElementTree.parse(saved(tab, "the model", "SVG", tmp_path)).getroot()
    texts = {"".join(text.itertext()).strip() for text in drawing.iter("{http://www.w3.org/2000/svg}text")}
    assert {row["name"] for row in rows} <= {text.split(",")[0].strip() for text in texts}
    # Its looks are in it: no class, and nothing of the page.
    assert not any("class" in element.attrib for element in drawing.iter())
    assert saved(tab, "the model", "PNG", tmp_path).read_bytes().startswith(PNG)


def test_keys_work_as_soon_as_the_tab_is_seen(tab: Tab, serve: Serve, logs: Logs) -> None:
    tab.open(serve(logs.folder / "ours", "--load_fast=true"))
    expect(tab.frame.locator(".ls-panel").first).to_be_visible()
    tab.page.keyboard.press("3")
    expect(tab.frame.get_by_role("tab", name="Predictions")).to_have_attribute("aria-selected", "true")

    tab.page.get_by_role("tab", name="Time Series").click()
    expect(tab.page.locator("iframe")).to_be_hidden()
    tab.page.get_by_role("tab", name="Layerscope").click()
    expect(tab.page.locator("iframe")).to_be_focused()
    tab.page.keyboard.press("2")
    expect(tab.frame.get_by_role("tab", name="Training")).to_have_attribute("aria-selected", "true")
