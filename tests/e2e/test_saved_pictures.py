"""Saved pictures are what is seen: as PNG and as SVG, in both themes, each laid over a screenshot of the same part of the page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from layerscope import Evaluation, MultilabelEvaluation, RegressionEvaluation, RunWriter
from tests.e2e.conftest import Serve, Tab
from tests.e2e.test_saving import saved

Array = np.ndarray[Any, Any]

LEFT, TOP = 12, 38
"""Where what is seen stands in a saved picture: its margin, and its title above."""

FAR = 96
"""Of 255 levels: two colours that nobody takes for one."""

PICTURES = {
    "classes": {
        "the confusion matrix": ".ls-confusion-matrix",
        "the most confused classes": "[data-testid=most-confused]",
        "the top-k accuracies": "[data-testid=top-k]",
        "the comparison": "div:has(> [data-testid=comparison-counted])",
        "the curves": ".ls-curves-box",
        "the areas of all classes": ".ls-curves-scroll",
    },
    "labels": {
        "the pictures of all labels": ".ls-multilabel-box",
        "the numbers of each label": ".ls-multilabel-labels .ls-multilabel-scroll",
        "the pairs of labels": ".ls-multilabel-together",
        "the curves": ".ls-curves-box",
    },
    "numbers": {"the regression": ".ls-regression-box"},
}


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training of classes and an older one of the same samples, one of labels, one of numbers."""
    folder = tmp_path_factory.mktemp("pictures")
    random = np.random.default_rng(5)
    names = [*(f"class {k}" for k in range(5)), "a class of a very long name that is cut in the middle"]
    truth, labels, values = random.integers(0, 6, 240), random.random((200, 5)) < 0.3, random.normal(10, 3, 300)
    for training, gain in (("classes", 3.0), ("older", 1.5)):
        with RunWriter(folder / training) as run:
            for step in (100, 200):
                evaluation = Evaluation(names, score="logit")
                evaluation.update(truth, random.normal(size=(240, 6)) + gain * step / 200 * np.eye(6)[truth], ids=[f"img/{i}" for i in range(240)])
                evaluation.write(run, "validation", step)
    with RunWriter(folder / "labels") as labelled, RunWriter(folder / "numbers") as numbered:
        for step in (100, 200):
            told = MultilabelEvaluation([f"label {k}" for k in range(5)], score="logit")
            told.update(labels.astype(int), random.normal(size=(200, 5)) - 1 + step / 50 * labels)
            told.write(labelled, "validation", step)
            predicted = RegressionEvaluation(["price"])
            predicted.update(values[:, None], (values + random.normal(size=300) * 100 / step)[:, None])
            predicted.write(numbered, "validation", step)
    return folder


def pixels(content: bytes) -> Array:
    """int [row, column, channel]."""
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB")).astype(int)


def far(seen: Array, kept: Array) -> float:
    """Share of the pixels whose colours are far apart, after a blur that forgives letters of another font."""
    height, width = (min(a, b) // 4 * 4 for a, b in zip(seen.shape[:2], kept.shape[:2], strict=True))
    blurred = [each[:height, :width].reshape(height // 4, 4, width // 4, 4, 3).mean(axis=(1, 3)) for each in (seen, kept)]
    return float((np.abs(blurred[0] - blurred[1]).max(axis=2) > FAR).mean())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("training", list(PICTURES))
def test_a_saved_picture_is_what_is_seen(tab: Tab, serve: Serve, logdir: Path, tmp_path: Path, training: str, theme: Literal["light", "dark"]) -> None:
    selected = {"classes": "0", "reference": "older"} if training == "classes" else {"classes": "1"} if training == "labels" else {}
    # Tall, so that no part is under the page's head.
    tab.page.set_viewport_size({"width": 1440, "height": 2600})
    tab.follow(serve(logdir, "--load_fast=false"), view="predictions", trainings=training, **selected)
    tab.page.evaluate("isDark => document.body.classList.toggle('dark-mode', isDark)", theme == "dark")
    expect(tab.frame.locator("html")).to_have_attribute("data-theme", theme)
    if training == "classes":
        tab.frame.get_by_test_id("top-k-summary").click()
    names: set[str] = set()
    for what, selector in PICTURES[training].items():
        element = tab.frame.locator(selector).first
        expect(tab.frame.get_by_label(f"save {what}", exact=True)).to_be_visible()
        expect(element).to_be_visible()
        files = {kind: saved(tab, what, kind, tmp_path) for kind in ("PNG", "SVG")}
        names |= {path.stem for path in files.values()}
        tab.page.mouse.move(0, 0)
        tab.our_frame.evaluate("document.activeElement?.blur()")
        style = tab.our_frame.add_style_tag(content="[data-unsaved] { visibility: hidden !important }")
        seen = pixels(element.screenshot(animations="disabled"))
        style.evaluate("element => element.remove()")
        kept = pixels(files["PNG"].read_bytes())

        assert abs(kept.shape[0] - seen.shape[0] - LEFT - TOP) <= 2
        assert abs(kept.shape[1] - seen.shape[1] - 2 * LEFT) <= 2
        assert far(seen, kept[TOP:, LEFT:]) < 0.004, what
        if what == "the confusion matrix":
            continue  # its vectors show all of the matrix, whatever part is on screen
        with tab.page.context.expect_page() as opened:
            tab.page.evaluate("() => void window.open('about:blank')")
        drawn = opened.value
        drawn.set_viewport_size({"width": kept.shape[1], "height": kept.shape[0]})
        drawn.set_content(f"<style>body {{ margin: 0 }} svg {{ display: block }}</style>{files['SVG'].read_text()}")
        assert far(seen, pixels(drawn.screenshot())[TOP:, LEFT:]) < 0.01, what
        drawn.close()

    assert len(names) == len(PICTURES[training])
