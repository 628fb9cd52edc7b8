"""What stands where in the Predictions view, by the room that there is, and for the keyboard."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from layerscope import Evaluation, RunWriter
from tests.e2e.conftest import Serve, Tab

LABELS = [f"species {k} of the lowlands" for k in range(10)]
STEPS = (100, 200, 300)


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evaluations of ten classes with samples; all right at the first, so that it has no pairs, and of two classes; three of ten are alike."""
    folder = tmp_path_factory.mktemp("layout")
    random = np.random.default_rng(5)
    truth = random.integers(0, 10, 400)
    for training, labels in (("ten", LABELS), ("two", LABELS[:2])):
        with RunWriter(folder / training) as run:
            for step in STEPS:
                size = len(labels)
                alike = np.arange(size) // 3 == (truth % size)[:, None] // 3
                p = np.eye(size)[truth % size] + (0 if step == STEPS[0] else random.random((400, size)) * (0.5 + alike))
                evaluation = Evaluation(labels, score="prob", examples=20)
                evaluation.update(truth % size, p / p.sum(1, keepdims=True), inputs=random.random((400, 8, 8)))
                evaluation.write(run, "validation", step)
    return folder


def opened(tab: Tab, address: str, width: int, height: int = 900, training: str = "ten", **selection: str) -> Tab:
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.follow(address, view="predictions", trainings=training, **selection)
    tab.frame.locator("td[data-true]").first.wait_for(state="attached")
    tab.frame.locator(".ls-samples-tile").first.wait_for()
    tab.frame.locator(".ls-curves-plane").first.wait_for()
    return tab


def box(locator: Locator) -> tuple[float, float, float, float]:
    """Left, top, right and bottom."""
    found = locator.bounding_box()
    assert found is not None
    return found["x"], found["y"], found["x"] + found["width"], found["y"] + found["height"]


def panel(tab: Tab, name: str) -> Locator:
    return tab.frame.locator(f"[data-panel={name}]")


@pytest.mark.parametrize("width", [900, 1280, 2560])
def test_samples_are_read_after_the_pairs_and_before_the_curves_whatever_the_width(tab: Tab, serve: Serve, logdir: Path, width: int) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), width)
    panels = tab.frame.locator("[data-panel]").evaluate_all("all => all.map(panel => panel.dataset.panel)")
    order = [panels.index(name) for name in ("confusion_matrix", "most_confused", "predictions", "score_curves")]
    assert order == sorted(order)

    matrix, pairs, samples, curves = (box(panel(tab, name)) for name in ("confusion_matrix", "most_confused", "predictions", "score_curves"))
    if width == 900:
        assert matrix[3] <= pairs[1] < pairs[3] <= samples[1] < samples[3] <= curves[1]
    else:
        assert matrix[2] < pairs[0]
        assert matrix[3] <= curves[1]
    if width == 2560:
        assert pairs[2] < samples[0]
        assert samples[2] > 2500
    assert tab.our_frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_column_moves_with_a_step_or_a_choice(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), 1280)
    side = tab.frame.locator(".ls-view-side")
    left, _, right, _ = box(side)
    for key in "[[":
        tab.our_frame.locator("body").press(key)
    expect(tab.frame.locator(".ls-confusion-heading")).to_contain_text("step 100")
    expect(panel(tab, "most_confused")).to_contain_text("No example was taken for another class.")
    assert (box(side)[0], box(side)[2]) == (left, right)
    tab.frame.get_by_label("find classes by name").fill("species 3")
    expect(tab.frame.get_by_text("1 of 10 classes")).to_be_visible()
    assert (box(side)[0], box(side)[2]) == (left, right)


def test_the_choices_are_one_row_and_what_is_folded_away_says_what_it_is(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), 1280)
    row = tab.frame.locator(".ls-confusion-toolbar")
    heights = [box(each)[3] - box(each)[1] for each in row.locator("> *").all()]
    assert box(row)[3] - box(row)[1] <= max(heights) + 1
    options = tab.frame.get_by_text("options")
    options.focus()
    tab.page.keyboard.press("Enter")
    tab.frame.get_by_role("radio", name="log", exact=True).check()
    tab.page.keyboard.press("Escape")
    expect(tab.frame.locator(".ls-confusion-choices summary")).to_have_text("log")
    expect(tab.frame.locator(".ls-confusion-choices summary")).to_be_focused()
    expect(tab.frame.get_by_role("radio", name="log", exact=True)).to_be_hidden()
    row.get_by_label("order of the classes").select_option("worst first")
    expect(row.get_by_label("order of the classes")).to_have_value("recall")


def test_the_first_groups_are_at_least_two(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), 1280)
    tab.frame.get_by_text("options").click()
    tab.frame.get_by_label("groups of classes").select_option("groups by confusion")
    expect(tab.frame.locator(".ls-confusion-groups")).to_contain_text(re.compile(r"[2-9] groups of"))


def test_what_says_nothing_of_two_classes_is_not_offered(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), 1280, training="two")
    for name in ("order of the classes", "find classes by name"):
        expect(tab.frame.get_by_label(name)).to_have_count(0)


def test_text_twice_as_large_has_one_column(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), 1440)
    tab.our_frame.evaluate("document.documentElement.style.zoom = '2'")
    matrix, samples = panel(tab, "confusion_matrix"), panel(tab, "predictions")
    expect(tab.frame.locator(".ls-view")).to_have_css("grid-template-areas", '"main" "side" "below"')
    assert box(matrix)[3] <= box(samples)[1]
