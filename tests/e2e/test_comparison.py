"""Two models on the same samples in a browser: every number is NumPy's or scikit-learn's, and each cell lists its samples."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any, Literal
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, expect
from scipy.stats import ttest_rel
from sklearn.metrics import cohen_kappa_score, top_k_accuracy_score

from layerscope import Evaluation, MultilabelEvaluation, RegressionEvaluation, RunWriter, confusion_matrix
from tb_plugin.analysis.paired import difference, holm, mcnemar
from tests.e2e.conftest import Serve, Tab
from tests.e2e.test_accessibility import violations
from tests.e2e.test_confusion_matrix import option
from tests.e2e.test_samples import IDS, LABELS, LAST, LOSS, PROBABILITIES, STEPS, TRUTH, copied, opened
from tests.e2e.test_saving import PNG, saved

Array = np.ndarray[Any, Any]

STEP_THERE = STEPS[1]
OLD = PROBABILITIES[STEP_THERE]
"""What the other training predicts: what this one did long before."""

THERE = np.arange(12, len(TRUTH))
"""Samples that the other training tells of, which has them in another order, and its classes from the last to the first."""

SHUFFLED = np.random.default_rng(4).permutation(THERE)
MINE, THEIRS = PROBABILITIES[LAST].argmax(axis=1)[THERE], OLD.argmax(axis=1)[THERE]
TRUE = TRUTH[THERE]
TRAITS = np.stack([TRUTH % 2 == 0, np.isin(TRUTH, (2, 3, 5, 7))], axis=1).astype(float)


def tasks() -> tuple[Array, Array, Array, Array]:
    """What two models tell of two labels, and of a number: of the labels one is wrong three times as often."""
    random = np.random.default_rng(8)
    told, told_old = (np.where(random.random(TRAITS.shape) < wrong, 1 - TRAITS, TRAITS) for wrong in (0.05, 0.15))
    return told, told_old, *(TRUTH + random.normal(size=len(TRUTH)) * size for size in (0.5, 0.8))


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training, an older one of the same samples, one of the matrix alone, and one of other samples."""
    folder = tmp_path_factory.mktemp("comparison")
    with RunWriter(folder / "new") as run:
        for step, p in PROBABILITIES.items():
            Evaluation(LABELS, score="prob").update(TRUTH, p, ids=IDS).write(run, "validation", step)
    with RunWriter(folder / "old") as run:
        evaluation = Evaluation(LABELS[::-1], score="prob")
        evaluation.update(9 - TRUTH[SHUFFLED], OLD[SHUFFLED][:, ::-1], ids=[IDS[i] for i in SHUFFLED]).write(run, "validation", 150)
    with RunWriter(folder / "matrix") as run:
        run.write("validation/confusion_matrix", confusion_matrix.from_predictions(TRUTH, PROBABILITIES[LAST].argmax(axis=1), labels=LABELS), 10)
    with RunWriter(folder / "elsewhere") as run:
        Evaluation(LABELS, score="prob").update(TRUTH, OLD, ids=[f"elsewhere/{i}" for i in range(len(TRUTH))]).write(run, "validation", 10)
    # A class more, whose samples are the same; labels of the same samples; and predictions that are logged later than the matrix.
    with RunWriter(folder / "eleven") as run:
        Evaluation([*LABELS, "none"], score="prob").update(TRUTH, np.pad(OLD, ((0, 0), (0, 1))), ids=IDS).write(run, "validation", 10)
    with RunWriter(folder / "labels") as run:
        MultilabelEvaluation(["even", "prime"], score="prob").update(TRAITS, 0.9 * TRAITS).write(run, "validation", 10)
    told, told_old, number, number_old = tasks()
    for training, labels, numbers in (("tasks", told, number), ("tasks-old", told_old, number_old)):
        with RunWriter(folder / training) as run:
            MultilabelEvaluation(["even", "prime"], score="prob").update(TRAITS, 0.1 + 0.8 * labels, ids=IDS).write(run, "traits", 10)
            RegressionEvaluation(["digit"]).update(TRUTH[:, None].astype(float), numbers[:, None], ids=IDS).write(run, "value", 10)
    with RunWriter(folder / "late") as run:
        for step, p in PROBABILITIES.items():
            evaluation = Evaluation(LABELS, score="prob").update(TRUTH, p, ids=IDS)
            if step == LAST:
                evaluation.write(run, "validation", step)
            else:
                run.write("validation/confusion_matrix", confusion_matrix.from_predictions(TRUTH, p.argmax(axis=1), labels=LABELS), step)
    return folder


def compared(tab: Tab, address: str, reference: str = "old", **selection: str) -> Locator:
    """A link to a training beside a reference, and the panel of both."""
    tab.follow(address, view="predictions", trainings="new", reference=reference, **selection)
    panel = tab.frame.locator("[data-panel=comparison]")
    panel.get_by_role("heading").first.wait_for()
    return panel


def chosen(where: Array) -> list[str]:
    """Ids of some of the samples of both, the largest loss first."""
    places = THERE[np.flatnonzero(where)]
    return [IDS[i] for i in places[np.argsort(-LOSS[LAST][places].astype(float), kind="stable")]]


def shown(x: float, digits: int = 1) -> str:
    """A number as the page writes it: with a sign, but for 0."""
    return f"{'+' if x > 0 else ''}{x:.{digits}f}".replace("-", "−")


def test_the_table_and_its_test_are_numpys(tab: Tab, serve: Serve, logdir: Path, loader: str) -> None:
    panel = compared(tab, serve(logdir, loader))
    here, there = MINE == TRUE, THEIRS == TRUE
    table = {"both_right": here & there, "only_this_right": here & ~there, "only_other_right": ~here & there, "both_wrong": ~here & ~there}

    for name, where in table.items():
        expect(panel.locator(f"[data-cell={name}]")).to_have_attribute("data-value", str(where.sum()))
    counted = panel.get_by_test_id("comparison-counted")
    expect(counted).to_have_text(f"{len(THERE)} samples compared, matched by id · 12 only here")
    n = [np.array(where.sum()) for where in table.values()]
    found, low, high = (100 * float(each) for each in difference(*n))
    sentence = panel.get_by_test_id("comparison-sentence").inner_text()
    assert sentence.startswith(f"Better here by {found:.1f} points of accuracy (95 % interval {shown(low)} to {shown(high)}; McNemar’s p ")
    told = panel.get_by_test_id("comparison-sentence").get_attribute("title") or ""
    assert float(told.removeprefix("p ")) == pytest.approx(mcnemar(int(n[1]), int(n[2])))
    assert float(panel.get_by_test_id("comparison-kappa").get_attribute("title") or "") == pytest.approx(cohen_kappa_score(MINE, THEIRS))


def test_each_cell_lists_its_samples(tab: Tab, serve: Serve, logdir: Path) -> None:
    panel = compared(tab, serve(logdir, "--load_fast=true"))
    samples = tab.frame.locator("[data-panel=predictions]")
    here, there = MINE == TRUE, THEIRS == TRUE

    panel.locator("[data-cell=only_other_right]").click()
    expect(samples.get_by_role("heading").first).to_have_text("Right there alone")
    expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{(~here & there).sum()} sample")
    assert copied(tab, samples) == chosen(~here & there)

    panel.locator("[data-cell=both_wrong]").click()
    expect(samples.get_by_role("heading").first).to_have_text("Wrong here and there")
    expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{(~here & ~there).sum()} samples")
    assert copied(tab, samples) == chosen(~here & ~there)

    pair = panel.get_by_test_id("disagreements").get_by_role("button").first
    mine, theirs = (int(part) for part in re.findall(r"\d+", pair.inner_text()))
    pair.click()
    expect(samples.get_by_role("heading").first).to_have_text(f"here {mine}, there {theirs}")
    cell = (mine == MINE) & (theirs == THEIRS)
    expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{cell.sum()} samples")
    assert copied(tab, samples) == chosen(cell)
    assert samples.locator("[data-other]").first.get_attribute("data-other") == str(theirs)
    # The link tells it all: a new page lists the same.
    address = tab.page.url
    tab.page.goto("about:blank")
    tab.open(address)
    expect(samples.get_by_role("heading").first).to_have_text(f"here {mine}, there {theirs}")


def test_the_agreement_and_the_classes_are_numpys(tab: Tab, serve: Serve, logdir: Path) -> None:
    panel = compared(tab, serve(logdir, "--load_fast=true"))
    rows = panel.get_by_test_id("agreement").locator("tbody tr").evaluate_all("all => all.map(r => [...r.cells].map(c => c.textContent))")
    cells = {(int(a), int(b)): int(n) for a, b, n in rows}
    assert cells == {(a, b): int(((a == MINE) & (b == THEIRS)).sum()) for a in range(10) for b in range(10) if ((a == MINE) & (b == THEIRS)).any()}

    here, there = MINE == TRUE, THEIRS == TRUE
    gained, lost = (np.bincount(TRUE[where], minlength=10) for where in (here & ~there, ~here & there))
    p = np.array([mcnemar(int(b), int(c)) if b + c else np.nan for b, c in zip(gained, lost, strict=True)])
    together = holm(p)
    for k in range(10):
        told = panel.get_by_test_id("comparison-classes").locator(f"[data-class='{k}'] > *").all_inner_texts()
        assert [int(each) for each in told[1:4]] == [(k == TRUE).sum(), gained[k], lost[k]]
        rate = 100 * (gained[k] - lost[k]) / (k == TRUE).sum()
        assert told[4].startswith(shown(rate)), (k, told)
        assert told[7] == ("" if not together[k] < 0.05 else "better" if gained[k] > lost[k] else "worse")
    marked = int((together < 0.05).sum())
    expect(panel.get_by_test_id("comparison-marked")).to_contain_text(f"{marked} class" if marked else "No class differs surely")

    samples = tab.frame.locator("[data-panel=predictions]")
    best = int(np.argmax(gained))
    panel.locator(f"[data-class='{best}'] td button").first.click()
    expect(samples.get_by_role("heading").first).to_have_text(f"Right here alone · true {best}")
    assert copied(tab, samples) == chosen(here & ~there & (best == TRUE))
    chips = samples.get_by_test_id("samples-versus")
    expect(chips).to_contain_text(f"{gained[best]} right here alone")
    expect(chips).to_contain_text(f"{((MINE != THEIRS) & (best == TRUE)).sum()} predicted otherwise")


def test_a_sample_is_drawn_beside_itself_in_the_other_training(tab: Tab, serve: Serve, logdir: Path) -> None:
    i = int(THERE[np.flatnonzero(MINE != THEIRS)[0]])
    tab.follow(serve(logdir, "--load_fast=true"), view="predictions", trainings="new", reference="old", sample=IDS[i])
    samples = tab.frame.locator("[data-panel=predictions]")
    told = samples.get_by_test_id("sample-history-there").locator("tbody tr")
    expect(told).to_have_count(1)
    step, predicted, verdict, confidence, _ = told.locator("td").all_inner_texts()

    assert (step, predicted) == ("150", str(OLD[i].argmax()))
    assert verdict == ("right" if OLD[i].argmax() == TRUTH[i] else "wrong")
    assert float(confidence) == np.floor(OLD[i].max() * 65536) / 65536
    expect(samples.get_by_test_id("history-there").locator("circle")).to_have_count(1)


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("matrix", "does not tell of single samples"),
        ("elsewhere", "The two evaluations have no sample in common"),
        ("labels", "labels tells any number of labels of each sample, and this training the class of each sample"),
        ("eleven", "No verdict, since its classes are others (10 of these 10 are among its 11; only there: none)"),
    ],
)
def test_what_is_missing_is_said(tab: Tab, serve: Serve, logdir: Path, reference: str, says: str) -> None:
    panel = compared(tab, serve(logdir, "--load_fast=true"), reference)

    expect(panel).to_contain_text(says)


def test_nothing_is_compared_with_other_classes(tab: Tab, serve: Serve, logdir: Path) -> None:
    compared(tab, serve(logdir, "--load_fast=true"), "eleven")
    told = tab.frame.locator("[data-sentence=reference]")
    expect(told).to_have_text("eleven is not compared: its classes are others (10 of these 10 are among its 11; only there: none)")
    expect(tab.frame.get_by_test_id("curves-others")).to_contain_text("eleven is not drawn: its classes are others")
    expect(tab.frame.locator("[data-panel=score_curves] .ls-curves-legend")).to_have_count(0)
    expect(tab.frame.get_by_test_id("comparison-sentence")).to_contain_text("points of accuracy on what is compared")

    # The name leads to the other one's evaluation, and this one is its reference.
    told.get_by_role("button", name="eleven").click()
    expect(tab.frame.locator("[data-panel=confusion_matrix] h2").first).to_contain_text(
        "eleven · validation · step 10 (the last before 400) · against new at step 400"
    )


def test_labels_and_numbers_are_compared_on_the_same_samples(tab: Tab, serve: Serve, logdir: Path) -> None:
    told, told_old, number, number_old = tasks()
    address = serve(logdir, "--load_fast=true")
    tab.follow(address, view="predictions", trainings="tasks", reference="tasks-old", evaluation="traits")
    panel = tab.frame.locator("[data-panel=comparison_of_labels]")
    right, old = (told == TRAITS), (told_old == TRAITS)
    one, other = right.all(axis=1), old.all(axis=1)
    found, low, high = (
        100 * float(each) for each in difference(*(np.array(where.sum()) for where in (one & other, one & ~other, ~one & other, ~one & ~other)))
    )
    expect(panel.get_by_test_id("comparison-sentence")).to_have_text(
        re.compile(
            rf"^Better here by {found:.1f} points of samples with all labels right \(95 % interval {re.escape(shown(low))} to {re.escape(shown(high))}; "
        )
    )
    for k in range(2):
        cells = panel.get_by_test_id("comparison-labels").locator(f"[data-class='{k}'] td").all_inner_texts()
        assert [int(each) for each in cells[:3]] == [len(TRUTH), (right & ~old)[:, k].sum(), (~right & old)[:, k].sum()]

    tab.follow(address, view="predictions", trainings="tasks", reference="tasks-old", evaluation="value")
    panel = tab.frame.locator("[data-panel=comparison_of_numbers]")
    errors, errors_old = np.abs(number - TRUTH), np.abs(number_old - TRUTH)
    sentence = panel.get_by_test_id("comparison-sentence")
    expect(sentence).to_contain_text("Better here: mean |e|")
    told_p = float((sentence.get_attribute("title") or "").removeprefix("p "))
    assert told_p == pytest.approx(ttest_rel(errors, errors_old).pvalue)
    cells = panel.get_by_test_id("comparison-targets").locator("[data-target] td").all_inner_texts()
    assert [int(each) for each in (cells[0], *cells[-2:])] == [len(TRUTH), (errors < errors_old).sum(), (errors > errors_old).sum()]


def test_each_sentence_leads_somewhere(tab: Tab, serve: Serve, logdir: Path) -> None:
    compared(tab, serve(logdir, "--load_fast=true"))
    sentences = tab.frame.locator("[data-sentence]")
    tab.frame.locator(".ls-sentences").get_by_role("button", name=re.compile("^\\d+ more$")).click()
    expect(tab.frame.locator("[data-sentence=reference-samples]")).to_be_attached()

    expect(tab.frame.locator("[data-sentence=reference-worse]")).to_contain_text("Worse than old in class")
    assert sentences.count() > 3
    for sentence in sentences.all():
        assert sentence.locator("p").first.get_by_role("button").count() > 0, sentence.inner_text()


@pytest.mark.parametrize("focus", ["new", "late", "labels"])
def test_no_selection_makes_the_browser_complain(tab: Tab, serve: Serve, logdir: Path, focus: str) -> None:
    """The tab fails on any message in the console and on any answer that is an error."""
    address = serve(logdir, "--load_fast=true")
    for reference in ("old", "late", "matrix", "eleven", "labels"):
        if reference == focus:
            continue
        for step in (STEPS[0], STEPS[1], LAST):
            tab.follow(address, view="predictions", trainings=focus, reference=reference, step=str(step), classes="1")
            expect(tab.frame.locator("[data-panel] h2").first).to_be_visible()
            expect(tab.frame.locator("[aria-busy=true]")).to_have_count(0)
    for view in ("Model", "Training", "Predictions"):
        tab.view(view)
        expect(tab.frame.locator("[aria-busy=true]")).to_have_count(0)


def test_alone_a_training_is_compared_with_nothing(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), "new")

    expect(tab.frame.locator("[data-panel=comparison]")).to_have_text("")


def test_what_is_saved_is_what_is_shown(tab: Tab, serve: Serve, logdir: Path, tmp_path: Path) -> None:
    expect(compared(tab, serve(logdir, "--load_fast=true")).get_by_test_id("comparison-table")).to_be_visible()
    with saved(tab, "the comparison", "CSV", tmp_path).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["samples"]) for row in rows) == len(THERE)
    content = json.loads(saved(tab, "the comparison", "JSON", tmp_path).read_text(encoding="utf-8"))
    assert content["both_right"] == ((MINE == TRUE) & (THEIRS == TRUE)).sum()
    assert content["left_out"] == {"only_here": 12, "only_there": 0, "truth_differs": 0, "truth_unknown": 0}
    assert sum(each["count"] for each in content["disagreements"]) == (MINE != THEIRS).sum()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_of_it_are_what_is_seen(tab: Tab, serve: Serve, logdir: Path, tmp_path: Path, theme: Literal["light", "dark"]) -> None:
    tab.page.emulate_media(color_scheme=theme)
    panel = compared(tab, serve(logdir, "--load_fast=true"))
    expect(tab.frame.locator(f"html[data-theme='{theme}']")).to_be_attached()
    expect(panel.get_by_test_id("comparison-table")).to_be_visible()
    here, there = MINE == TRUE, THEIRS == TRUE
    table = {"both_right": here & there, "only_this_right": here & ~there, "only_other_right": ~here & there, "both_wrong": ~here & ~there}

    drawing = ElementTree.parse(saved(tab, "the comparison", "SVG", tmp_path)).getroot()
    words = [" ".join("".join(each.itertext()).split()) for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    for name, where in table.items():
        assert str(where.sum()) in words, (name, words)
    assert {"right here", "wrong there", *LABELS} <= set(words)
    # The pairs are whole, and each class has its row.
    pairs = panel.get_by_test_id("disagreements").get_by_role("button")
    text = " ".join(words).replace(" ,", ",")
    assert all(" ".join(each.inner_text().split()) in text for each in pairs.all())
    assert len(panel.get_by_test_id("comparison-classes").locator("tbody [data-class]").all()) == len(LABELS)

    # Where the cells of the two by two stand in the picture they have the colours that they have on the page.
    file = saved(tab, "the comparison", "PNG", tmp_path)
    assert file.read_bytes().startswith(PNG)
    picture = np.asarray(Image.open(file).convert("RGB")).astype(int)
    paper = picture[0, 0]
    for name in table:
        colour = panel.locator(f"[data-cell={name}]").evaluate("e => getComputedStyle(e).backgroundColor")
        cell = np.array([int(each) for each in re.findall(r"\d+", colour)[:3]])
        inside = (np.abs(picture - cell).max(axis=2) <= 2).sum()
        assert inside > 1000, (name, colour, inside)
        assert np.abs(cell - paper).max() > 2 or name == "both_wrong", (name, colour, paper)


def test_top_k_is_scikit_learns(tab: Tab, serve: Serve, logdir: Path) -> None:
    tab.follow(serve(logdir, "--load_fast=true"), view="predictions", trainings="new")
    panel = tab.frame.locator("[data-panel=top_k]")
    panel.get_by_test_id("top-k-summary").click()
    rows = panel.get_by_test_id("top-k").locator("tbody tr")
    expect(rows).to_have_count(9)
    found = rows.evaluate_all("all => all.map(r => Number(r.dataset.value))")
    assert found == pytest.approx([top_k_accuracy_score(TRUTH, PROBABILITIES[LAST], k=k) for k in range(1, 10)])

    matrix = tab.frame.locator("[data-panel=confusion_matrix]")
    option(tab, "top 3")
    expect(matrix.get_by_test_id("credit")).to_contain_text("the truth is among the 3 classes")
    order = np.argsort(-PROBABILITIES[LAST], axis=1)[:, :3]
    among = (order == TRUTH[:, None]).any(axis=1)
    matrix.get_by_role("radio", name="count", exact=True).click()
    for k in range(10):
        right = int((among & (k == TRUTH)).sum())
        expect(matrix.get_by_test_id("confusion-matrix").locator(f"[data-class='{k}'] td").nth(k)).to_have_text(str(right))
    # All that is wrong now is what is listed.
    samples = tab.frame.locator("[data-panel=predictions]")
    expect(samples.get_by_test_id("samples-credit")).to_contain_text("among the first 3 classes")
    expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{(~among).sum()} samples")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(tab: Tab, serve: Serve, logdir: Path, theme: Literal["light", "dark"]) -> None:
    tab.page.emulate_media(color_scheme=theme)
    panel = compared(tab, serve(logdir, "--load_fast=true"), classes="8")
    expect(tab.frame.locator(f"html[data-theme='{theme}']")).to_be_attached()
    expect(panel.get_by_test_id("comparison-table")).to_be_visible()

    found = violations(tab)
    assert not found, "\n".join(found)
