"""The matrix in a browser: every number on the page is scikit-learn's or SciPy's, of the same samples."""

from __future__ import annotations

import csv
import json
import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import expect
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix, f1_score, precision_score, recall_score

from layerscope import RunWriter
from layerscope import confusion_matrix as layerscope_matrix
from tests.e2e.conftest import Serve, Tab
from tests.e2e.test_accessibility import violations
from tests.e2e.test_saving import PNG, saved
from writers import classes

Array = np.ndarray[Any, Any]

LABELS = ["ant", "bee", "cat", "dog", "eel"]
K = len(LABELS)


def samples(seed: int, right: float, n: int = 400) -> tuple[Array, Array]:
    """True and predicted classes; nothing is an eel, and nothing is taken for an ant but ants."""
    random = np.random.default_rng(seed)
    y_true = random.choice(K - 1, n, p=[0.6, 0.25, 0.1, 0.05])
    wrong = random.integers(1, K, n)
    return y_true, np.where(random.random(n) < right, y_true, wrong)


PARENTS = [-1, 0, 1, -1, 0]
"""Ants have bees and eels in them, and bees have cats."""

STEPS = {10: samples(1, 0.5), 20: samples(2, 0.8), 30: samples(3, 0.9)}
WEIGHT = np.random.default_rng(4).random(len(STEPS[30][0])) * 3
"""Of the samples of the last evaluation, where they are weighted."""


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three evaluations of one training, and one of another whose classes are fewer and in another order."""
    folder = tmp_path_factory.mktemp("matrices")
    with RunWriter(folder / "plain") as run:
        for step, (y_true, y_pred) in STEPS.items():
            run.write("validation/confusion_matrix", layerscope_matrix.from_predictions(y_true, y_pred, labels=LABELS), step)
    with RunWriter(folder / "other") as run:
        y_true, y_pred = STEPS[20]
        keep = (y_true < 3) & (y_pred < 3)
        run.write("validation/confusion_matrix", layerscope_matrix.from_predictions(2 - y_true[keep], 2 - y_pred[keep], labels=["cat", "bee", "ant"]), 30)
    with RunWriter(folder / "weighted") as run:
        y_true, y_pred = STEPS[30]
        run.write("validation/confusion_matrix", layerscope_matrix.from_predictions(y_true, y_pred, labels=LABELS, sample_weight=WEIGHT), 30)
    with RunWriter(folder / "nested") as run:
        y_true, y_pred = STEPS[20]
        declared = classes.of(LABELS, parents=PARENTS)
        run.write("validation/confusion_matrix", layerscope_matrix.from_predictions(y_true, y_pred, labels=declared), 20)
    return folder


def opened(tab: Tab, address: str, training: str = "plain", **choices: str) -> Tab:
    """A link to a training's matrix with some choices of the panel."""
    options = {f"o.confusion_matrix.{name}": value for name, value in choices.items()}
    tab.follow(address, view="predictions", trainings=training, **options)
    expect(tab.frame.locator("td[data-true]").first).to_be_attached()
    return tab


def option(tab: Tab, name: str) -> None:
    """Chooses what is behind the button for what is chosen once in a while."""
    choices = tab.frame.locator(".ls-confusion-choices")
    choices.locator("summary").click()
    choices.get_by_role("radio", name=name, exact=True).check()
    tab.page.keyboard.press("Escape")


def shown(tab: Tab, size: int = K) -> Array:
    """What each cell shows, NaN where that is undefined: float [true, predicted]."""
    cells = tab.frame.locator("td[data-true]").evaluate_all("all => all.map(c => [+c.dataset.true, +c.dataset.predicted, c.dataset.shown ?? null])")
    values = np.full((size, size), np.nan)
    for true, predicted, value in cells:
        values[true, predicted] = math.nan if value is None else float(value)
    return values


def figures(tab: Tab, name: str) -> tuple[Array, Array, Array]:
    """A column of numbers and the ends of its intervals, NaN where undefined."""
    cells = tab.frame.get_by_test_id("confusion-matrix").locator(f"td[data-measure='{name}']")
    found = cells.evaluate_all("all => all.map(c => [c.dataset.value, c.dataset.low, c.dataset.high].map(x => x ?? 'NaN'))")
    value, low, high = np.array(found, float).T
    return value, low, high


def wilson(right: int, all_: int) -> tuple[float, float]:
    interval = binomtest(int(right), int(all_)).proportion_ci(method="wilson")
    return float(interval.low), float(interval.high)


def test_every_share_is_scikit_learns(tab: Tab, serve: Serve, logdir: Path) -> None:
    y_true, y_pred = STEPS[30]
    counts = confusion_matrix(y_true, y_pred, labels=range(K))
    opened(tab, serve(logdir, "--load_fast=true"))

    for choice, normalize in (("row %", "true"), ("column %", "pred"), ("all %", "all")):
        if choice == "all %":
            tab.frame.get_by_label("further shares").select_option(choice)
        else:
            tab.frame.get_by_role("radio", name=choice).click()
        expected = confusion_matrix(y_true, y_pred, labels=range(K), normalize=normalize)
        # scikit-learn prints 0 where there is nothing to divide by.
        if normalize == "true":
            expected[counts.sum(1) == 0] = np.nan
        if normalize == "pred":
            expected[:, counts.sum(0) == 0] = np.nan
        np.testing.assert_allclose(shown(tab), expected, rtol=1e-12)
    tab.frame.get_by_label("further shares").select_option("lift")
    by_chance = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.log2(np.where(counts > 0, counts, 0.5) / by_chance)
    np.testing.assert_allclose(shown(tab), np.where(by_chance > 0, lift, np.nan), rtol=1e-12)


def test_the_numbers_of_classes_and_their_intervals_are_scikit_learns_and_scipys(tab: Tab, serve: Serve, logdir: Path) -> None:
    y_true, y_pred = STEPS[30]
    counts = confusion_matrix(y_true, y_pred, labels=range(K))
    opened(tab, serve(logdir, "--load_fast=true"))

    of = {"labels": range(K), "average": None, "zero_division": np.nan}
    bases = {"recall": counts.sum(1), "precision": counts.sum(0)}
    for name, score in (("recall", recall_score), ("precision", precision_score)):
        value, low, high = figures(tab, name)
        np.testing.assert_allclose(value, score(y_true, y_pred, **of), rtol=1e-12)
        for k in range(K):
            if bases[name][k] > 0:
                assert (low[k], high[k]) == pytest.approx(wilson(counts[k, k], bases[name][k]), abs=1e-9)
            else:
                assert math.isnan(low[k])
    value, low, high = figures(tab, "F1")
    expected = f1_score(y_true, y_pred, **of)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    for k in range(K):
        jaccard = np.array(wilson(counts[k, k], counts[k].sum() + counts[:, k].sum() - counts[k, k]))
        assert (low[k], high[k]) == pytest.approx(tuple(2 * jaccard / (1 + jaccard)), abs=1e-9)


def test_a_weighted_evaluation_says_its_weight_and_has_intervals_everywhere(tab: Tab, serve: Serve, logdir: Path) -> None:
    y_true, y_pred = STEPS[30]
    opened(tab, serve(logdir, "--load_fast=true"), "weighted")

    heading = tab.frame.locator(".ls-confusion-heading p")
    expect(heading).to_contain_text(f"{len(y_true)} examples, all counted; weight")
    assert float((heading.get_attribute("title") or "").split("weight ")[1]) == pytest.approx(WEIGHT.sum(), rel=1e-9)
    value, low, high = figures(tab, "precision")
    np.testing.assert_allclose(value, precision_score(y_true, y_pred, labels=range(K), average=None, sample_weight=WEIGHT, zero_division=np.nan), rtol=1e-9)
    for k in range(K):
        mine = WEIGHT[y_pred == k]
        trials = mine.sum() ** 2 / (mine**2).sum()
        z2 = 1.959963984540054**2
        centre = (value[k] * trials + z2 / 2) / (trials + z2)
        half = math.sqrt(z2) / (trials + z2) * math.sqrt(value[k] * trials * (1 - value[k]) + z2 / 4)
        assert (low[k], high[k]) == pytest.approx((centre - half, centre + half), abs=1e-9)


def test_a_difference_is_that_of_scikit_learns_shares(tab: Tab, serve: Serve, logdir: Path) -> None:
    now, before = (confusion_matrix(*STEPS[step], labels=range(K), normalize="true") for step in (30, 10))
    opened(tab, serve(logdir, "--load_fast=true"))

    tab.frame.get_by_label("difference to").select_option("step:10")

    expect(tab.frame.get_by_test_id("differing")).to_contain_text("differ surely")
    found = shown(tab)
    np.testing.assert_allclose(found[:4], (now - before)[:4], atol=1e-12)
    # Nothing is an eel: where a cell is empty in both there is nothing that differs.
    assert set(found[4]) <= {0.0}
    link = tab.page.url
    other = opened(Tab(tab.page.context.new_page()), link.split("/#")[0], against="step:10")
    np.testing.assert_array_equal(shown(other), found)


def test_another_training_is_compared_by_the_names_of_its_classes(tab: Tab, serve: Serve, logdir: Path) -> None:
    y_true, y_pred = STEPS[20]
    keep = (y_true < 3) & (y_pred < 3)
    theirs = confusion_matrix(y_true[keep], y_pred[keep], labels=range(3), normalize="true")
    ours = confusion_matrix(*STEPS[30], labels=range(K), normalize="true")
    opened(tab, serve(logdir, "--load_fast=true"), "plain&p.layerscope.reference=other", against="reference")

    found = shown(tab)

    np.testing.assert_allclose(found[:3, :3], ours[:3, :3] - theirs, atol=1e-12)
    assert np.isnan(found[3, 3])
    expect(tab.frame.locator(".ls-confusion-foot")).to_contain_text("no rate in one of both, or not in this run")


def test_all_others_stand_together_and_every_sample_is_still_there(tab: Tab, serve: Serve, logdir: Path) -> None:
    counts = confusion_matrix(*STEPS[30], labels=range(K))
    opened(tab, serve(logdir, "--load_fast=true"))
    tab.page.locator("iframe").first.focus()
    tab.our_frame.locator("body").press("/")
    tab.page.keyboard.type("^bee$|cat")
    expect(tab.frame.get_by_text("2 of 5 classes, all others as one")).to_be_visible()

    rows = tab.frame.get_by_test_id("confusion-matrix").locator("tbody tr")
    expect(rows).to_have_count(3)
    found = np.array([[int(n) for n in row.locator("td[data-true]").all_text_contents()] for row in rows.all()])
    kept, rest = [1, 2], [0, 3, 4]
    expected = np.block(
        [
            [counts[np.ix_(kept, kept)], counts[np.ix_(kept, rest)].sum(1, keepdims=True)],
            [counts[np.ix_(rest, kept)].sum(0, keepdims=True), counts[np.ix_(rest, rest)].sum(keepdims=True)],
        ]
    )
    np.testing.assert_array_equal(found, expected)
    assert found.sum() == len(STEPS[30][0])
    tab.page.keyboard.press("Escape")
    expect(rows).to_have_count(K)


def test_groups_within_groups_open_level_by_level_and_stay_around_what_is_found(tab: Tab, serve: Serve, logdir: Path) -> None:
    counts = confusion_matrix(*STEPS[20], labels=range(K))
    opened(tab, serve(logdir, "--load_fast=true"), "nested", groups="given")
    names = tab.frame.get_by_test_id("confusion-matrix").locator("tbody th")
    cells = tab.frame.get_by_label(re.compile("^confusion matrix: arrow keys"))
    expect(names).to_have_text(["ant (4)", "dog"])
    cells.press("Home")
    cells.press("Enter")
    expect(names).to_have_text(["ant", "bee (2)", "dog", "eel"])
    cells.press("ArrowDown")
    cells.press("Enter")
    expect(names).to_have_text(LABELS)
    recall, _, _ = figures(tab, "recall")
    within, low, high = figures(tab, "in group")
    for k, group in enumerate(([0, 1, 2, 4], [1, 2], [1, 2], [3], [0, 1, 2, 4])):
        if counts[k].sum():
            assert recall[k] == counts[k, k] / counts[k].sum()
            assert within[k] == counts[k, group].sum() / counts[k].sum()
            np.testing.assert_allclose((low[k], high[k]), wilson(counts[k, group].sum(), counts[k].sum()))
    inner = sum(counts[np.ix_(ids, ids)].sum() for ids in ([0, 4], [1, 2], [3])) / counts.sum()
    outer = sum(counts[np.ix_(ids, ids)].sum() for ids in ([0, 1, 2, 4], [3])) / counts.sum()
    told = " ".join((tab.frame.get_by_test_id("within").text_content() or "").split())
    assert [float(share) for share in re.findall(r"([\d.]+) %", told)] == pytest.approx([100 * outer, 100 * inner], abs=0.06)
    cells.press("Escape")
    expect(names).to_have_text(["ant", "bee (2)", "dog", "eel"])
    tab.frame.get_by_label("find classes by name").fill("cat")
    expect(names).to_have_text(["cat", "rest of ant (2)", "rest of bee (1)", "other (1)"])
    expect(tab.frame.get_by_text("1 of 5 classes, all others by group")).to_be_visible()
    assert not violations(tab)


def test_classes_stay_where_they_are_along_the_slider(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), order="recall")
    rows = tab.frame.get_by_test_id("confusion-matrix").locator("tbody tr th")
    last = rows.all_text_contents()
    legend = tab.frame.locator(".ls-confusion-ramp").text_content()
    for _ in STEPS:
        tab.our_frame.locator("body").press("[")

    expect(tab.frame.locator(".ls-confusion-heading")).to_contain_text("step 10")
    assert rows.all_text_contents() == last
    assert tab.frame.locator(".ls-confusion-ramp").text_content() == legend
    right = sum(confusion_matrix(*each, labels=range(K)) for each in STEPS.values())
    recalls = np.diag(right) / np.maximum(right.sum(1), 1e-9)
    assert last[:4] == [LABELS[k] for k in np.argsort(recalls[:4], kind="stable")]


def test_it_can_be_turned_and_played(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"))
    titles = tab.frame.locator(".ls-confusion-title")
    assert titles.all_text_contents() == ["predicted", "true"]
    before = shown(tab)

    option(tab, "transposed")

    assert titles.all_text_contents() == ["true", "predicted"]
    np.testing.assert_array_equal(shown(tab), before)
    seen = tab.our_frame.evaluate(
        """() => new Promise(done => {
            const seen = [];
            document.querySelector('[aria-label="play the steps"]').click();
            const look = () => {
                const step = Number(document.querySelector('[role=slider]').getAttribute('aria-valuenow'));
                if (seen.at(-1) !== step) seen.push(step);
                if (seen.length > 1 && document.querySelector('[aria-label="play the steps"]') !== null) done(seen);
                else setTimeout(look, 20);
            };
            setTimeout(look, 20);
        })"""
    )
    # From the first, since the last was shown.
    assert [step for step in seen if step != 30] == [10, 20]
    expect(tab.frame.locator(".ls-confusion-heading")).to_contain_text("step 30")
    np.testing.assert_array_equal(shown(tab), before)


def test_a_pair_leads_to_its_cell_and_the_table_is_sorted_by_its_heads(tab: Tab, serve: Serve, logdir: Path) -> None:
    counts = confusion_matrix(*STEPS[30], labels=range(K))
    opened(tab, serve(logdir, "--load_fast=true"))
    tab.frame.get_by_role("radio", name="a ↔ b").click()
    both = counts + counts.T
    np.fill_diagonal(both, 0)
    first = tab.frame.get_by_test_id("most-confused").locator("tbody tr").first
    expect(first.locator("td").nth(1)).to_have_text(str(both.max()))

    first.get_by_role("button").click()

    expect(tab.frame.locator(".ls-confusion-selected")).to_have_count(1)
    assert re.search(r"p\.layerscope\.classes=\d,\d", tab.page.url.replace("%2C", ","))
    tab.frame.get_by_text("all numbers of each class").click()
    table = tab.frame.get_by_test_id("classes")
    table.get_by_role("button", name="recall").click()
    expect(table.locator("th[aria-sort=ascending]")).to_have_text("recall ↑")
    recalls = [float(x) for x in table.locator("td[data-measure=recall][data-value]").evaluate_all("all => all.map(c => c.dataset.value)")]
    assert recalls == sorted(recalls)


def test_everything_that_is_shown_can_be_saved(tab: Tab, serve: Serve, logdir: Path, tmp_path: Path) -> None:
    counts = confusion_matrix(*STEPS[30], labels=range(K))
    opened(tab, serve(logdir, "--load_fast=true"))

    drawing = ElementTree.parse(saved(tab, "the confusion matrix", "SVG", tmp_path)).getroot()
    texts = ["".join(text.itertext()) for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert set(LABELS) <= set(texts)
    assert sum(rect.find("{http://www.w3.org/2000/svg}title") is not None for rect in drawing.iter("{http://www.w3.org/2000/svg}rect")) == (counts > 0).sum()
    with saved(tab, "the most confused classes", "CSV", tmp_path).open(newline="") as file:
        pairs = list(csv.DictReader(file))
    assert sum(int(pair["examples"]) for pair in pairs) == counts.sum() - np.trace(counts)
    assert float(pairs[-1]["together"]) == 1.0
    tab.frame.get_by_text("all numbers of each class").click()
    told = json.loads(saved(tab, "the numbers of each class", "JSON", tmp_path).read_text())
    assert [each["class"] for each in told["classes"]] == LABELS
    assert told["classes"][4]["recall"] == {"value": None, "interval": None}
    for what in ("the most confused classes", "the numbers of each class"):
        assert saved(tab, what, "PNG", tmp_path).read_bytes().startswith(PNG)
