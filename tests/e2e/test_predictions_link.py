"""From a class that got worse, in at most three clicks, to the layer and the step where its training moved."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from scripts.processes import ROOT
from tests.e2e.conftest import Logs, Serve, Tab
from tests.e2e.fallen_training import CHANGED_EPOCH, FALLEN, HOT

Array = np.ndarray[Any, Any]


class Fallen(NamedTuple):
    """A training in which a class got worse, and what NumPy and scikit-learn say of it.

    Attributes:
        folder: Its log.
        steps: Step of each evaluation.
        recall: [evaluation, class], by scikit-learn.
        update: By parameter ‖update‖ / ‖weights‖ of each batch.
        changed: The batch from which on its labels, and the steps of a layer, were changed.
    """

    folder: Path
    steps: list[int]
    recall: Array
    update: dict[str, Array]
    changed: int


@pytest.fixture(scope="module")
def fallen(tmp_path_factory: pytest.TempPathFactory) -> Fallen:
    """The training of `fallen_training.py`, in a process of its own."""
    folder = tmp_path_factory.mktemp("fallen")
    subprocess.run([sys.executable, "-m", "tests.e2e.fallen_training", str(folder)], cwd=ROOT, check=True)
    with np.load(folder / "truth.npz") as truth:
        update = dict(zip(truth["paths"].tolist(), truth["update"], strict=True))
        return Fallen(folder / "training", truth["steps"].tolist(), truth["recall"], update, int(truth["changed"]))


def test_a_class_that_got_worse_leads_to_the_layer_and_the_step(tab: Tab, serve: Serve, fallen: Fallen) -> None:
    before, after = fallen.steps[CHANGED_EPOCH - 1], fallen.steps[CHANGED_EPOCH]
    assert before == fallen.changed
    tab.open(serve(fallen.folder)).view("Predictions")

    # Click 1: the sentence, which is of the class that scikit-learn says fell, and of when its labels were changed.
    sentence = tab.frame.locator(f"[data-sentence=fall-{FALLEN}]")
    expect(sentence).to_contain_text(f"Class {FALLEN} got worse between steps {before} and {after}")
    said = re.search(r"recall ([\d.]+) → ([\d.]+)", plain(sentence))
    assert said is not None
    own = fallen.recall[:, FALLEN]
    assert [float(x) for x in said.groups()] == [pytest.approx(100 * x, abs=0.05) for x in (own[:CHANGED_EPOCH].max(), own[-1])]
    assert tab.frame.locator("[data-sentence^=fall-]").count() == 1, "no other class is said to have fallen"
    sentence.get_by_role("button", name=f"Class {FALLEN} got worse").click()
    expect(tab.frame.locator(".ls-step-told")).to_contain_text(f"{after} of {fallen.steps[-1]}")
    expect(tab.frame.locator(".ls-confusion-selected").first).to_be_visible()

    # Click 2: beside it stands which layer's updates were largest against their usual size, as NumPy finds them.
    times = {path: float(np.nanmedian(each[before:after]) / np.nanmedian(each[:before])) for path, each in fallen.update.items()}
    largest = max(times, key=lambda path: times[path])
    layer, _, name = largest.removeprefix("sequential/").rpartition("/")
    assert layer == HOT
    beside = re.search(r"Between these steps the update of (\S+) was ([\d.]+) times its usual size", plain(sentence.locator(".ls-sentence-beside")))
    assert beside is not None
    assert beside[1] == f"{layer}/{name}"
    # Of the logged steps alone, which are about a tenth.
    assert float(beside[2]) == pytest.approx(times[largest], rel=0.35)
    sentence.get_by_role("button", name=f"{layer}/{name}").click()

    # There: the layer's row and a step within are marked, in sight.
    expect(tab.frame.get_by_role("tab", name="Training")).to_have_attribute("aria-selected", "true")
    row = tab.frame.locator("[data-panel=tensor_stats] .ls-heat-selected")
    expect(row).to_be_in_viewport(ratio=1)
    expect(tab.frame.locator("[data-panel=tensor_stats] .ls-heat-labels .ls-heat-chosen")).to_contain_text(layer)
    step = re.search(r"p\.layerscope\.step=(\d+)", tab.page.url)
    assert step is not None
    assert before <= int(step[1]) < after
    expect(tab.frame.locator(".ls-step-told")).to_contain_text(f"{step[1]} of")

    # Back twice is where it began.
    tab.page.go_back()
    tab.page.go_back()
    expect(sentence).to_be_visible()


def test_what_turned_and_what_is_too_sure_lead_to_their_pictures(tab: Tab, serve: Serve, fallen: Fallen) -> None:
    tab.open(serve(fallen.folder)).view("Predictions")
    forgotten = tab.frame.locator("[data-sentence=changes]").get_by_role("button", name=re.compile("right once"))
    count = re.search(r"\d+", plain(forgotten))
    assert count is not None
    forgotten.click()
    chip = tab.frame.locator('[data-panel=predictions] [data-change=forgotten][aria-pressed="true"]')
    expect(chip).to_contain_text(f"{count[0]} forgotten")

    tab.frame.locator("[data-sentence=confidence]").get_by_role("button", name="Over-confident").click()
    expect(tab.frame.locator("[data-panel=score_curves] [data-picture=reliability]")).to_be_in_viewport()


def test_a_training_in_which_no_class_fell_says_so_of_none_and_fetches_nothing_of_its_layers(tab: Tab, serve: Serve, logs: Logs) -> None:
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    tab.follow(serve(logs.folder), view="predictions", trainings="ours%252Fdigits")
    expect(tab.frame.locator("[data-sentence=accuracy]")).to_be_visible()
    expect(tab.frame.locator("[data-sentence=changes]")).not_to_have_text("…")
    assert tab.frame.locator("[data-sentence^=fall-]").count() == 0
    assert any("confusion_matrix" in url for url in asked)
    assert not [url for url in asked if "tensor_stats" in url]


def plain(locator: Locator) -> str:
    """What it says, with ordinary spaces."""
    return re.sub(r"[\u00a0\u2009\u202f]", " ", locator.inner_text())
