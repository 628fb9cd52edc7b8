"""The curves on the page are scikit-learn's, to the digits that are printed; and one threshold is the same in all of them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Locator, expect
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score, brier_score_loss, f1_score, log_loss, precision_score, recall_score, roc_auc_score
from tensorboardX import SummaryWriter

from tests.e2e.conftest import Serve, Tab
from tests.e2e.printed import typed
from tests.e2e.test_accessibility import violations
from tests.e2e.test_saving import PNG, saved
from tests.server.evaluations import LABELS, Evaluations, write_evaluations
from writers import RunWriter, classes, confusion_matrix, score_curves

Array = np.ndarray[Any, Any]

LAST = 30
"""Step of the last evaluation."""


class Evaluated(NamedTuple):
    """Logs of evaluations, and what is true of them."""

    folder: Path
    truth: Array
    probabilities: dict[int, Array]
    binary: Evaluations


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """Four classes in one training, two in another, one class without a negative, and a matrix without scores."""
    folder = tmp_path_factory.mktemp("curves")
    four = write_evaluations(folder)
    random = np.random.default_rng(3)
    truth = random.integers(0, 2, 300)
    p = 1 / (1 + np.exp(-(2 * truth - 1 + 1.3 * random.normal(size=300))))
    odds = np.log(p) - np.log1p(-p)
    declared = classes.of(("no", "yes"))
    with RunWriter(folder / "two" / "layerscope") as run:
        run.write("validation/confusion_matrix", confusion_matrix.from_scores(truth, p, score="prob", labels=declared), LAST)
        run.write("validation/score_curves", score_curves.of(truth, odds, labels=declared, score="prob"), LAST)
    with RunWriter(folder / "positives" / "layerscope") as run:
        ones = truth == 1
        run.write("validation/confusion_matrix", confusion_matrix.from_scores(truth[ones], p[ones], score="prob", labels=declared), LAST)
        run.write("validation/score_curves", score_curves.of(truth[ones], odds[ones], labels=declared, score="prob"), LAST)
    with RunWriter(folder / "unscored" / "layerscope") as run:
        run.write("validation/confusion_matrix", confusion_matrix.from_predictions(truth, truth, labels=declared), LAST)
    with SummaryWriter(str(folder / "theirs")) as log:
        log.add_pr_curve("cat", truth, p, global_step=LAST)
        log.add_pr_curve("dog", 1 - truth, 1 - p, global_step=LAST)
    return Evaluated(folder, four.truth, four.probabilities, Evaluations(truth, (), {LAST: p}))


def opened(tab: Tab, serve: Serve, evaluated: Evaluated, training: str = "d", **selection: str) -> Tab:
    """The predictions of a training."""
    tab.follow(serve(evaluated.folder, "--load_fast=true"), view="predictions", trainings=training, **selection)
    expect(tab.frame.locator("[data-picture='roc'] svg").first).to_be_visible()
    return tab


def plain(locator: Locator) -> str:
    return " ".join((locator.text_content() or "").split())


def measured(tab: Tab, name: str) -> str:
    """What is printed of a number: of an area `AUC 0.9 0.8 – 1`."""
    return plain(tab.frame.locator(f"[data-measure='{name}'][data-of='focus']"))


def areas(tab: Tab) -> dict[str, tuple[str, str]]:
    """AUC and AP of each class, as the table prints them."""
    rows = tab.frame.locator("[data-testid='areas'] tr[data-class]").all()
    return {row.get_attribute("data-class") or "": (plain(row.locator("[data-measure='AUC']")), plain(row.locator("[data-measure='AP']"))) for row in rows}


def test_areas_of_all_classes_are_scikit_learns(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated)
    p = evaluated.probabilities[LAST]

    for k, printed in areas(tab).items():
        own = evaluated.truth == int(k)
        assert printed == (f"{roc_auc_score(own, p[:, int(k)]):.4f}", f"{average_precision_score(own, p[:, int(k)]):.4f}")
    assert len(areas(tab)) == len(LABELS)
    pooled = np.eye(len(LABELS))[evaluated.truth].ravel()
    assert measured(tab, "AUC").split()[1] == f"{roc_auc_score(pooled, p.ravel()):.4f}"
    assert measured(tab, "AP").split()[1] == f"{average_precision_score(pooled, p.ravel()):.4f}"
    tab.frame.get_by_label("mean of classes").check()
    expect(tab.frame.locator("[data-measure='AUC'][data-of='focus']")).to_contain_text(f"{roc_auc_score(evaluated.truth, p, multi_class='ovr'):.4f}")


def test_what_holds_at_a_threshold_is_what_counting_gives(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, classes="2")
    own, score = evaluated.truth == 2, evaluated.probabilities[LAST][:, 2]
    handle = tab.frame.get_by_label("threshold on the ROC curve")
    for key in (None, "PageUp", "ArrowDown", "Home", "End"):
        if key is not None:
            handle.press(key)
        called = score >= typed(tab.frame.locator("[data-measure='threshold']").inner_text())
        assert measured(tab, "recall") == f"{recall_score(own, called):.3f}"
        assert measured(tab, "precision") == f"{precision_score(own, called):.3f}"
        assert measured(tab, "falsePositiveRate") == f"{(called & ~own).sum() / (~own).sum():.3f}"
        interval = binomtest(int((called & own).sum()), int(own.sum())).proportion_ci(method="wilson")
        row = tab.frame.locator("[data-testid='threshold'] tr", has=tab.frame.locator("[data-measure='recall']"))
        assert plain(row.locator("td").nth(1)) == f"{interval.low:.3f} – {interval.high:.3f}".replace("1.000", ">0.999" if interval.high < 1 else "1.000")
        values = {each.get_attribute("aria-valuetext") for each in tab.frame.get_by_role("slider", name=re.compile("^threshold")).all()}
        assert len(values) == 1, "one threshold in all pictures"
    assert "p.layerscope.threshold=" in tab.page.evaluate("location.hash")
    tab.frame.get_by_label("at recall ≥").fill("0.8")
    tab.frame.get_by_label("at recall ≥").press("Enter")
    highest = np.sort(score[own])[::-1][int(np.ceil(0.8 * own.sum() - 1e-9)) - 1]
    expect(tab.frame.locator("[data-measure='threshold']")).to_have_attribute("title", re.compile(f"^{highest:.9f}"[:8]))
    np.testing.assert_array_equal(score >= typed(tab.frame.locator("[data-measure='threshold']").inner_text()), score >= highest)


def test_a_threshold_of_a_link_stands_as_it_was_written(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, classes="2", threshold="0.35")
    own, score = evaluated.truth == 2, evaluated.probabilities[LAST][:, 2]
    called = score >= 0.35

    assert plain(tab.frame.locator("[data-measure='threshold']")) == "≥ 0.350"
    for name, rate in (("recall", called[own].mean()), ("precision", own[called].mean()), ("falsePositiveRate", called[~own].mean())):
        low, _, high = measured(tab, name).partition(" – ")
        assert float(low) - 5e-4 <= rate <= float(high or low) + 5e-4


def test_the_cheapest_threshold_is_that_of_counting(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, "two")
    truth, p = evaluated.binary.truth, evaluated.binary.probabilities[LAST]
    told = tab.frame.locator("[data-measure='cost']")
    for false_alarm, miss in (("1", "1"), ("1", "8"), ("6", "0.5")):
        cost = {t: (float(false_alarm) * ((p >= t) & (truth == 0)).mean() + float(miss) * ((p < t) & (truth == 1)).mean()) for t in p}
        best = min(cost, key=cost.__getitem__)
        tab.frame.get_by_label("cost of a false alarm").fill(false_alarm)
        tab.frame.get_by_label("cost of a miss").fill(miss)
        tab.frame.get_by_label("cost of a miss").press("Enter")
        expect(told.locator("[title]")).to_have_attribute("title", re.compile(rf"^{re.escape(f'{cost[best]:.6f}'.rstrip('0')[:7])}"))
        expect(tab.frame.locator("[data-measure='threshold']")).to_have_attribute("title", re.compile(f"^{best:.9f}"[:8]))
        np.testing.assert_array_equal(p >= typed(tab.frame.locator("[data-measure='threshold']").inner_text()), p >= best)
        low, high = re.search(r"\((\S+) – (\S+)\)", plain(told)).groups()  # type: ignore[union-attr]
        assert float(low) <= cost[best] <= float(high)
    expect(tab.frame.locator(".ls-curves-diamond")).to_have_count(2)
    assert "score_curves.costs=6%3A0.5" in tab.page.evaluate("location.hash")
    assert not violations(tab)


def test_the_best_evaluation_is_that_of_scikit_learn(tab: Tab, serve: Serve, evaluated: Evaluated, tmp_path: Path) -> None:
    opened(tab, serve, evaluated)
    truth, choice = evaluated.truth, tab.frame.get_by_label("by which number")
    verdict = tab.frame.get_by_test_id("best-evaluation")
    metrics: tuple[tuple[str, bool, Callable[[Array], float]], ...] = (
        ("accuracy", False, lambda p: (p.argmax(1) == truth).mean()),
        ("mean recall", False, lambda p: recall_score(truth, p.argmax(1), average="macro")),
        ("mean F1", False, lambda p: f1_score(truth, p.argmax(1), average="macro")),
        ("AUC, mean of the classes", False, lambda p: roc_auc_score(truth, p, multi_class="ovr")),
        ("NLL", True, lambda p: log_loss(truth, p)),
    )
    for name, lowest, of in metrics:
        choice.select_option(name)
        values = {step: of(p) for step, p in evaluated.probabilities.items()}
        best = (min if lowest else max)(values, key=values.__getitem__)
        expect(verdict).to_contain_text(f"at step {best}")
        expect(verdict.locator("b")).to_have_attribute("title", re.compile(re.escape(f"{values[best]:.9f}".rstrip("0")[:9])))
    rows = list(csv.DictReader(saved(tab, "NLL of all evaluations", "CSV", tmp_path).read_text().splitlines()))
    assert [int(row["step"]) for row in rows] == list(evaluated.probabilities)
    assert all(float(row["low"]) < values[int(row["step"])] < float(row["high"]) for row in rows)
    assert saved(tab, "NLL of all evaluations", "PNG", tmp_path).read_bytes().startswith(PNG)
    ElementTree.parse(saved(tab, "NLL of all evaluations", "SVG", tmp_path))
    tab.frame.get_by_label("evaluations: arrow keys").press("Home")
    tab.page.keyboard.press("Enter")
    expect(tab.frame.get_by_role("heading", name="step 10")).to_be_visible()


def test_a_pointer_drags_the_threshold_along_the_curve(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, classes="1")
    before = measured(tab, "recall")
    over = tab.frame.locator("[data-picture='precision-recall'] .ls-curves-over")
    over.scroll_into_view_if_needed()
    box = over.bounding_box()
    assert box is not None
    tab.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 10)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 12)
    expect(tab.frame.locator("[data-measure='recall'][data-of='focus']")).not_to_have_text(before)
    dragged = measured(tab, "recall")
    assert "threshold" not in tab.page.evaluate("location.hash"), "chosen when it is let go"
    tab.page.mouse.up()
    assert measured(tab, "recall") == dragged != before
    assert "p.layerscope.threshold=" in tab.page.evaluate("location.hash")


@pytest.mark.parametrize("by", ["width", "mass"])
def test_a_bin_of_the_calibration_opens_as_many_samples_as_it_counts(tab: Tab, serve: Serve, evaluated: Evaluated, by: str) -> None:
    opened(tab, serve, evaluated, **({"o.score_curves.bins": by} if by == "mass" else {}), classes="2")
    bins, summary = tab.frame.get_by_label("bins of confidence: arrow keys"), tab.frame.get_by_test_id("samples-summary")
    confidence = evaluated.probabilities[LAST].max(axis=1)
    bins.press("Home")
    through = 0
    for k in range(int(bins.get_attribute("aria-valuemax") or "") + 1):
        high, count = re.match(r"[\d.]+ to ([\d.]+): (\d+) samples?", bins.get_attribute("aria-valuetext") or "").groups()  # type: ignore[union-attr]
        if by == "width":
            assert int(count) == (np.ceil(confidence * 15) == round(float(high) * 15)).sum()
        bins.press("Enter")
        expect(summary).to_have_text(re.compile(rf"^{count} samples?, "))
        expect(tab.frame.get_by_role("button", name="confidence ")).to_be_visible()
        tab.page.keyboard.press("Escape")
        expect(bins).to_be_focused()
        through += int(count)
        if k == 0:
            bins.press("Enter")
            expect(tab.frame.get_by_role("button", name="confidence ")).to_have_count(0)
        bins.press("ArrowRight")
    assert through == len(evaluated.truth)

    bins.press("Escape")
    box = bins.bounding_box()
    assert box is not None
    bins.click(position={"x": box["width"] - 12, "y": 40})
    expect(summary).to_have_text(re.compile(rf"^{count} samples?, "))


def test_calibration_of_two_classes_is_scikit_learns(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, "two")
    truth, p = evaluated.binary.truth, evaluated.binary.probabilities[LAST]
    bins = np.minimum(14, np.maximum(0, np.ceil(p * 15).astype(int) - 1))
    gaps = [abs(truth[bins == b].mean() - p[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    floor = sum(np.sqrt(2 / np.pi * (p * (1 - p))[bins == b].sum()) for b in np.unique(bins)) / len(p)

    assert measured(tab, "ECE").split()[1] == f"{sum(gaps):.4f}"
    assert plain(tab.frame.locator("[data-measure='floor']")) == f"{floor:.4f}"
    # Of two classes the sum over both is twice what scikit-learn tells of one.
    assert measured(tab, "Brier").split()[1] == f"{2 * brier_score_loss(truth, p):.3f}"
    assert measured(tab, "NLL").split()[1] == f"{log_loss(truth, p):.3f}"
    assert measured(tab, "AUC").split()[1] == f"{roc_auc_score(truth, p):.4f}"
    expect(tab.frame.locator(".ls-curves h2")).to_have_text(re.compile("Curves of yes against the rest"))
    tab.frame.get_by_label("equal mass").check()
    expect(tab.frame.locator("[data-measure='ACE'][data-of='focus']")).to_be_visible()


def test_without_negatives_there_is_no_roc_curve_and_it_is_said(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, "positives")
    roc = tab.frame.locator("[data-picture='roc']")
    expect(roc.get_by_text("undefined: no negatives")).to_be_visible()
    expect(roc.locator("path")).to_have_count(0)
    assert measured(tab, "AUC") == "AUC –"


def test_a_log_without_scores_is_told_the_line_that_adds_them(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    tab.follow(serve(evaluated.folder, "--load_fast=true"), view="predictions", trainings="unscored")
    expect(tab.frame.locator("code")).to_have_count(1)
    expect(tab.frame.locator("[data-panel='predictions'] code")).to_contain_text("Evaluation(names")


def test_before_the_first_evaluation_the_view_says_so_once(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    tab.follow(serve(evaluated.folder, "--load_fast=true"), view="predictions", trainings="d", step="5")
    expect(tab.frame.get_by_text("The first evaluation is at step 10.")).to_be_visible()
    expect(tab.frame.get_by_label("by which number")).to_be_visible()
    expect(tab.frame.locator(".ls-failure, [data-picture]")).to_have_count(0)


def test_curves_that_others_logged_are_drawn_with_what_they_leave_out(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, "theirs")
    truth, p = evaluated.binary.truth, evaluated.binary.probabilities[LAST]
    panel = tab.frame.locator("[data-panel='pr_curves']")
    expect(panel).to_contain_text("at 127 thresholds from 0 to 1: between them the curve is not known")
    for choice, auc in (("theirs/cat", roc_auc_score(truth, p)), ("theirs/dog", roc_auc_score(1 - truth, 1 - p))):
        panel.get_by_label("curve", exact=True).select_option(choice)
        expect(panel.locator("h2")).to_have_text(choice.split("/")[1])
        printed = measured(tab, "AUC").split()
        assert abs(float(printed[1]) - auc) <= float(printed[printed.index("±") + 1]) + 1e-4
    expect(panel.locator("[data-testid='threshold'] td .ls-term")).to_have_count(3)


def test_a_click_in_the_table_selects_the_class_and_the_reference_is_drawn_beside(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, step="10")
    tab.frame.get_by_role("button", name="keep this step beside").click()
    tab.frame.locator("[data-testid='areas'] tr[data-class='3'] button").click()
    expect(tab.frame.locator(".ls-curves h2")).to_have_text(re.compile("Curves of emu"))
    tab.page.keyboard.press("]")
    expect(tab.frame.locator("[data-picture='roc'] .ls-curves-line")).to_have_count(2)
    for step, of in ((20, "focus"), (10, "step 10")):
        expected = roc_auc_score(evaluated.truth == 3, evaluated.probabilities[step][:, 3])
        expect(tab.frame.locator(f"[data-picture='roc'] [data-measure='AUC'][data-of='{of}'] b")).to_have_text(f"{expected:.4f}")


def test_saved_curves_are_those_on_the_page(tab: Tab, serve: Serve, evaluated: Evaluated, tmp_path: Path) -> None:
    opened(tab, serve, evaluated, classes="0")
    own, score = evaluated.truth == 0, evaluated.probabilities[LAST][:, 0]

    with saved(tab, "the curves", "CSV", tmp_path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["threshold"] not in ("", "Infinity", "0"):
            assert float(row["recall"]) == pytest.approx((score[own] >= float(row["threshold"]) * (1 - 1e-12)).mean())
    told = json.loads(saved(tab, "the curves", "JSON", tmp_path).read_text())
    assert told["evaluations"][0]["curve"]["auc"] == pytest.approx(roc_auc_score(own, score), abs=1e-12)
    assert saved(tab, "the curves", "PNG", tmp_path).read_bytes().startswith(PNG)
    svg = ElementTree.fromstring(saved(tab, "the curves", "SVG", tmp_path).read_text())
    assert len(svg.findall(".//{http://www.w3.org/2000/svg}svg")) >= 7
    assert {"ROC", "AUC", "ECE"} <= {" ".join(text.itertext()).strip() for text in svg.iter("{http://www.w3.org/2000/svg}text")}
    with saved(tab, "the areas of all classes", "CSV", tmp_path).open(newline="") as file:
        assert {row["class"] for row in csv.DictReader(file)} == set(LABELS)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [900, 2560])
def test_axe_finds_nothing_and_nothing_is_too_wide(tab: Tab, serve: Serve, evaluated: Evaluated, theme: Literal["light", "dark"], width: int) -> None:
    tab.page.emulate_media(color_scheme=theme)
    tab.page.set_viewport_size({"width": width, "height": 1000})
    opened(tab, serve, evaluated, classes="1")
    tab.page.wait_for_load_state("networkidle")

    found = violations(tab)
    assert not found, "\n".join(found)
    wider = tab.our_frame.evaluate("[...document.querySelectorAll('.ls-curves')].map((e) => e.scrollWidth - e.clientWidth)")
    assert max(wider) <= 0
