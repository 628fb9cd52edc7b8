"""What the page prints of several labels is scikit-learn's, to the digits that are printed."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from playwright.sync_api import Locator, expect
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, hamming_loss, multilabel_confusion_matrix, precision_recall_fscore_support, roc_auc_score

from layerscope import MultilabelEvaluation, RunWriter
from tests.e2e.conftest import OUTPUT, Serve, Tab
from tests.e2e.printed import count, decimals, ends
from tests.e2e.test_accessibility import violations
from tests.e2e.test_saving import PNG, saved

Array = np.ndarray[Any, Any]

STEPS = (100, 200)
LAST = STEPS[-1]
SIZE = 500
LABELS = ("cat", "dog", "<b>fox</b>", "a rare one", "never true")


class Given(NamedTuple):
    """Truths [sample, label], probabilities by step, and names."""

    folder: Path
    truth: Array
    p: dict[int, Array]
    many: Array
    many_p: Array


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Given:
    """A training with five labels, and one with a thousand."""
    folder, random = tmp_path_factory.mktemp("labels"), np.random.default_rng(8)
    truth = (random.random((SIZE, 5)) < [0.5, 0.3, 0.2, 0.03, 0]).astype(int)
    p = {step: 1 / (1 + np.exp(-(6 * truth - 3 + 900 / (step + 300) * random.normal(size=truth.shape)))) for step in STEPS}
    with RunWriter(folder / "five") as run:
        for step, each in p.items():
            MultilabelEvaluation(LABELS, score="prob").update(truth, each, ids=np.arange(SIZE)).write(run, "validation", step)
    many = (random.random((80, 1000)) < 0.1).astype(int)
    many_p = np.where(random.random(many.shape) < 0.02, 1 - many, many) * 0.9 + 0.05
    with RunWriter(folder / "many") as run:
        MultilabelEvaluation([f"label {k}" for k in range(1000)], score="prob", curves=False).update(many, many_p).write(run, "validation", LAST)
    return Given(folder, truth, p, many, many_p)


def opened(tab: Tab, serve: Serve, given: Given, training: str, **selection: str) -> Tab:
    """The predictions of a training."""
    tab.follow(serve(given.folder, "--load_fast=true"), view="predictions", trainings=training, **selection)
    expect(tab.frame.locator("[data-testid='labels'] tr[data-class]").first).to_be_visible()
    return tab


def plain(locator: Locator) -> str:
    return re.sub(r"[ \n]+", " ", locator.text_content() or "").strip()


def overall(tab: Tab, name: str) -> str:
    return plain(tab.frame.locator(f"[data-testid='overall'] [data-measure='{name}'] b").first)


def test_the_numbers_of_each_label_are_scikit_learns(tab: Tab, serve: Serve, given: Given) -> None:
    for step in STEPS:
        opened(tab, serve, given, "five", step=str(step))
        told = given.p[step] > 0.5
        precision, recall, f1, support = precision_recall_fscore_support(given.truth, told, zero_division=np.nan)
        for k in range(len(LABELS)):
            row = tab.frame.locator(f"[data-testid='labels'] tr[data-class='{k}']")
            assert plain(row.locator("[data-measure='support']")) == count(support[k])
            for name, values in [("precision", precision), ("recall", recall), ("F1", f1)]:
                printed = plain(row.locator(f"[data-measure='{name}']")).split(" ")[0]
                assert printed == ("–" if np.isnan(values[k]) else decimals(float(values[k]), 3)), (step, k, name)
        tp, true = int((told & (given.truth == 1))[:, 0].sum()), int(support[0])
        interval = binomtest(tp, true).proportion_ci(method="wilson")
        printed = plain(tab.frame.locator("[data-testid='labels'] tr[data-class='0'] [data-measure='recall'] small"))
        assert printed == ends((interval.low, interval.high), 3)


def test_the_numbers_of_all_labels_are_scikit_learns(tab: Tab, serve: Serve, given: Given) -> None:
    opened(tab, serve, given, "five")
    told = given.p[LAST] > 0.5
    assert overall(tab, "subset accuracy") == decimals(float(accuracy_score(given.truth, told)), 3)
    assert overall(tab, "Hamming loss") == decimals(float(hamming_loss(given.truth, told)), 3)
    micro = precision_recall_fscore_support(given.truth, told, average="micro")[:3]
    assert overall(tab, "micro") == " · ".join(decimals(float(each), 3) for each in micro)
    used = given.truth.any(axis=0) | told.any(axis=0)
    there = given.truth.any(axis=0)
    precision, recall, f1, _ = precision_recall_fscore_support(given.truth, told, zero_division=0)
    macro = [precision[used].mean(), recall[there].mean(), f1[used].mean()]
    assert overall(tab, "macro") == " · ".join(decimals(float(each), 3) for each in macro)
    if not there.all():
        assert f"· {there.sum()} ·" in plain(tab.frame.locator("[data-measure='macro'] small").first)
    wrong = np.bincount((told != given.truth).sum(axis=1))
    assert [int(cell) for cell in tab.frame.locator("[data-testid='wrong-counts'] td").all_text_contents()] == wrong.tolist()


def test_a_selected_label_has_its_table_its_pairs_and_its_curve(tab: Tab, serve: Serve, given: Given) -> None:
    opened(tab, serve, given, "five")
    tab.frame.locator("[data-testid='labels'] tr[data-class='1'] button").click()
    told = given.p[LAST] > 0.5
    (tn, fp), (fn, tp) = multilabel_confusion_matrix(given.truth, told)[1]
    for name, n in [("tp", tp), ("fp", fp), ("fn", fn), ("tn", tn)]:
        assert plain(tab.frame.locator(f"[data-cell='{name}'] b")) == count(n)
    expect(tab.frame.locator("[data-measure='AUC'][data-of='focus']")).to_contain_text(f"{roc_auc_score(given.truth[:, 1], given.p[LAST][:, 1]):.4f}")
    missed, falsely = (given.truth == 1) & ~told, (given.truth == 0) & told
    swaps = {(a, b): int((missed[:, a] & falsely[:, b]).sum()) for a in range(5) for b in range(5) if a != b and 1 in (a, b)}
    printed = {
        (plain(row.locator("th button").nth(0)), plain(row.locator("th button").nth(1))): int(plain(row.locator("td").first))
        for row in tab.frame.locator("[data-testid='pairs'] tr", has_text="told:").all()
    }
    assert printed == {(LABELS[a], LABELS[b]): n for (a, b), n in swaps.items() if n > 0}
    tab.page.screenshot(path=OUTPUT / "multilabel.png")


def test_the_samples_behind_a_cell_and_a_pair_are_those_that_they_count(tab: Tab, serve: Serve, given: Given, tmp_path: Path) -> None:
    opened(tab, serve, given, "five", classes="1")
    told = given.p[LAST] > 0.5
    is_ = {"tp": (given.truth == 1) & told, "fn": (given.truth == 1) & ~told, "fp": (given.truth == 0) & told, "tn": (given.truth == 0) & ~told}
    samples = tab.frame.get_by_test_id("label-samples")
    for cell, title in (("fn", "dog: missed"), ("fp", "dog: told falsely"), ("tp", "dog: told rightly"), ("tn", "dog: rightly not told")):
        tab.frame.locator(f"[data-cell='{cell}'] button").click()
        expect(samples.locator("h2")).to_contain_text(title)
        expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{is_[cell][:, 1].sum()} samples")
        with saved(tab, "the samples", "CSV", tmp_path).open(newline="") as file:
            assert {int(row["id"]) for row in csv.DictReader(file)} == set(np.flatnonzero(is_[cell][:, 1]).tolist())

    row = tab.frame.locator("[data-testid='pairs'] tr").first
    first, second = (LABELS.index(plain(row.locator("th button").nth(i))) for i in (0, 1))
    kind = "both missed" if "both missed" in plain(row) else "both told falsely" if "falsely" in plain(row) else "swap"
    one, other = {"both missed": ("fn", "fn"), "both told falsely": ("fp", "fp"), "swap": ("fn", "fp")}[kind]
    expected = np.flatnonzero(is_[one][:, first] & is_[other][:, second])
    row.locator("td button").click()
    expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{len(expected)} sample")
    loss = -np.log(np.where(given.truth == 1, given.p[LAST], 1 - given.p[LAST])).mean(axis=1)
    shown = [int(each.get_attribute("data-sample") or "-1") for each in samples.get_by_role("option").all()]
    assert shown == expected[np.argsort(-loss[expected], kind="stable")].tolist()[: len(shown)]

    samples.get_by_role("option").first.click()
    history = tab.frame.get_by_test_id("label-sample-history")
    words = {(1, True): "told rightly", (1, False): "missed", (0, True): "told falsely", (0, False): "rightly not told"}
    for line in history.locator("tbody tr").all():
        label = LABELS.index(plain(line.locator("th")))
        cells = line.locator("td .ls-hidden").all_text_contents()
        assert cells == [words[int(given.truth[shown[0], label]), bool(given.p[step][shown[0], label] > 0.5)] for step in STEPS]
    tab.page.screenshot(path=OUTPUT / "label-sample.png")


def test_a_thousand_labels_are_found_sorted_and_saved(tab: Tab, serve: Serve, given: Given, tmp_path: Path) -> None:
    opened(tab, serve, given, "many")
    assert tab.frame.locator("[data-testid='labels'] tr[data-class]").count() < 60
    tab.frame.get_by_label("find labels by name").fill("label 99")
    expect(tab.frame.get_by_text("11 of 1\u202f000 labels")).to_be_visible()
    tab.frame.get_by_label("find labels by name").fill("")
    with saved(tab, "the pictures of all labels", "CSV", tmp_path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    told = given.many_p > 0.5
    assert [int(row["tp"]) for row in rows] == (told & (given.many == 1)).sum(axis=0).tolist()
    assert json.loads(saved(tab, "the pairs of labels", "JSON", tmp_path).read_text())["pairs"]
    assert saved(tab, "the pictures of all labels", "PNG", tmp_path).read_bytes().startswith(PNG)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(tab: Tab, serve: Serve, given: Given, theme: str) -> None:
    tab.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    opened(tab, serve, given, "five", classes="1")
    expect(tab.frame.locator(f"html[data-theme='{theme}']")).to_be_attached()
    found = violations(tab)
    assert not found, "\n".join(found)
