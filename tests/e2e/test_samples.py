"""The samples behind a cell in a browser: their ids and numbers are NumPy's, and the keyboard goes from a cell to a sample and back."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Locator, expect
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier

from layerscope import Evaluation, RunWriter, confusion_matrix, examples
from tests.e2e.conftest import Serve, Tab
from tests.e2e.test_accessibility import violations
from tests.e2e.test_saving import saved

Array = np.ndarray[Any, Any]

ATTACK = '<img src=x onerror="parent.hacked=true">'
DIGITS = load_digits()
TRUTH = DIGITS.target[900:]
IDS = [f"digits/{i:04}.png" for i in range(900, len(DIGITS.target))]
IDS[7] = ATTACK
LABELS = [str(k) for k in range(10)]
STEPS = (100, 200, 300, 400)


def trained() -> dict[int, Array]:
    """Probabilities of the samples by step, of a real classifier that learns: [sample, class]."""
    model = SGDClassifier(loss="log_loss", alpha=1e-2, random_state=3)
    random = np.random.default_rng(5)
    found = {}
    for i, step in enumerate(STEPS):
        some = random.choice(900, 60 * (i + 1))
        model.partial_fit(DIGITS.data[some] / 16, DIGITS.target[some], classes=range(10))
        found[step] = model.predict_proba(DIGITS.data[900:] / 16)
    return found


PROBABILITIES = trained()
PREDICTED = {step: p.argmax(axis=1) for step, p in PROBABILITIES.items()}
LOSS = {step: (-np.log(np.maximum(p[np.arange(len(TRUTH)), TRUTH], 1e-12))).astype(np.float16) for step, p in PROBABILITIES.items()}
RIGHT = {step: predicted == TRUTH for step, predicted in PREDICTED.items()}
LAST = STEPS[-1]

REVIEWS = [f"{ATTACK} a film about nothing", "a <b>bold</b> film", "\u202efilm a", "two\nlines", "good " * 400]
RANDOM = np.random.default_rng(2)
LIKED = RANDOM.integers(0, 2, 60)
POSITIVE = np.clip(0.5 + (LIKED - 0.5) * 0.4 + RANDOM.normal(scale=0.3, size=60), 0.01, 0.99)
"""Score of each review's being positive."""


def by_loss(places: Array, step: int = LAST) -> Array:
    """The largest loss first, equal ones by place."""
    return places[np.argsort(-LOSS[step][places].astype(float), kind="stable")]


def ids(places: Array) -> list[str]:
    return [IDS[i] for i in places]


@pytest.fixture(scope="session")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Digits with pictures, reviews with texts, and a matrix alone."""
    folder = tmp_path_factory.mktemp("samples")
    with RunWriter(folder / "digits") as run:
        for step, p in PROBABILITIES.items():
            evaluation = Evaluation(LABELS, score="prob", examples=40)
            evaluation.update(TRUTH, p, ids=IDS, inputs=DIGITS.images[900:] / 16).write(run, "validation", step)
    with RunWriter(folder / "reviews") as run:
        texts = [REVIEWS[i % len(REVIEWS)] for i in range(60)]
        evaluation = Evaluation(["negative", "positive"], score="prob", examples=60)
        evaluation.update(LIKED, np.stack([1 - POSITIVE, POSITIVE], 1), inputs=texts).write(run, "validation", 10)
    with RunWriter(folder / "matrix") as run:
        evaluation = Evaluation(LABELS, score="prob", predictions=False, curves=False)
        evaluation.update(TRUTH, PROBABILITIES[LAST]).write(run, "validation", 10)
    with RunWriter(folder / "looks") as run:
        run.write("validation/confusion_matrix", confusion_matrix.from_predictions([0, 1], [0, 1], labels=LABELS), 10)
        run.write("validation/examples", examples.of([("text/plain", ATTACK.encode()), ("text/plain", b"calm")], numbers=[0, 1], ids=[ATTACK, "b"]), 10)
    return folder


def opened(tab: Tab, address: str, training: str = "digits", **selection: str) -> Locator:
    """A link to a training's samples, and their panel."""
    tab.follow(address, view="predictions", trainings=training, **selection)
    panel = tab.frame.locator("[data-panel=predictions]")
    expect(panel.get_by_role("heading").first).to_be_visible()
    return panel


def listed(panel: Locator) -> Locator:
    """The samples of its list that are in sight."""
    return panel.get_by_role("listbox").get_by_role("option")


def copied(tab: Tab, panel: Locator) -> list[str]:
    """The ids that the button copies."""
    button = panel.get_by_role("button", name=re.compile(r"^copy \S+ ids?$"))
    button.click()
    # Where all ids came late, a browser takes them with the next press alone.
    again = panel.get_by_role("button", name="press again to copy")
    done = panel.get_by_role("button", name="copied")
    expect(done.or_(again)).to_be_visible(timeout=30_000)
    if again.count():
        again.click()
        expect(done).to_be_visible()
    return str(tab.our_frame.evaluate("navigator.clipboard.readText()")).split("\n")


def stored(tab: Tab, address: str) -> set[str]:
    """Ids of which there is an example, from the series of examples itself."""
    found = tab.page.request.get(f"{address}/data/plugin/layerscope/points?run=digits&tag=validation/examples").body()
    size = int.from_bytes(found[:8], "little")
    segments = json.loads(json.loads(found[8 : 8 + size])["__metadata__"]["layerscope"])["segments"]
    return {each for segment in segments if segment["kind"] == "examples" for point in segment["points"] for each in point["fields"]["ids"]}


def test_the_ids_of_all_errors_and_of_a_cell_are_numpys(tab: Tab, serve: Serve, logdir: Path, loader: str) -> None:
    address = serve(logdir, loader)
    panel = opened(tab, address)
    wrong = by_loss(np.flatnonzero(~RIGHT[LAST]))
    with_example = stored(tab, address)

    expect(panel.get_by_test_id("samples-summary")).to_contain_text(f"{len(wrong)} samples")
    among = [each for each in ids(wrong) if each in with_example]
    expect(panel.get_by_test_id("samples-summary")).to_contain_text(f"{len(among)} of them with an example stored")
    assert copied(tab, panel) == ids(wrong)

    pair = tab.frame.get_by_test_id("most-confused").get_by_role("button").first
    true, predicted = (int(part) for part in re.findall(r"\d+", pair.inner_text()))
    pair.click()

    cell = by_loss(np.flatnonzero((true == TRUTH) & (PREDICTED[LAST] == predicted)))
    expect(panel.get_by_role("heading").first).to_have_text(f"{true} → {predicted}")
    expect(panel.get_by_test_id("samples-summary")).to_contain_text(f"{len(cell)} samples" if len(cell) > 1 else "1 sample")
    assert copied(tab, panel) == ids(cell)
    assert listed(panel).evaluate_all("all => all.map(o => o.dataset.sample)") == ids(cell)


def test_the_list_is_sorted_and_filtered_as_numpy_does(tab: Tab, serve: Serve, logdir: Path) -> None:
    panel = opened(tab, serve(logdir, "--load_fast=true"), classes="8")
    confidence = np.floor(PROBABILITIES[LAST].max(axis=1) * 65536) / 65536

    panel.get_by_role("radio", name="predicted", exact=True).click()
    panel.get_by_role("radio", name="right", exact=True).click()
    panel.get_by_role("combobox", name=re.compile("^first")).select_option("doubt")
    chosen = np.flatnonzero((PREDICTED[LAST] == 8) & RIGHT[LAST])
    expect(panel.get_by_test_id("samples-summary")).to_contain_text(f"{len(chosen)} samples")

    assert copied(tab, panel) == ids(chosen[np.argsort(confidence[chosen], kind="stable")])

    panel.get_by_role("combobox", name=re.compile("^first")).select_option("changed")
    changed = PREDICTED[LAST] != PREDICTED[STEPS[-2]]
    order = np.lexsort([-LOSS[LAST][chosen].astype(float), ~changed[chosen]])
    expect(listed(panel).first).to_have_attribute("data-sample", IDS[chosen[order[0]]])
    assert copied(tab, panel) == ids(chosen[order])


def test_what_was_learned_and_forgotten_filters_the_list(tab: Tab, serve: Serve, logdir: Path, loader: str) -> None:
    panel = opened(tab, serve(logdir, loader))
    panel.get_by_role("combobox", name=re.compile("^since step")).select_option("200")
    ever = RIGHT[100] | RIGHT[200]
    sets = {"newly right": ~RIGHT[200] & RIGHT[LAST], "newly wrong": RIGHT[200] & ~RIGHT[LAST], "forgotten": ever & ~RIGHT[LAST]}

    for name, which in sets.items():
        places = by_loss(np.flatnonzero(which))
        assert len(places) > 0
        chip = panel.get_by_role("button", name=re.compile(name))
        expect(chip).to_have_text(f"{len(places)} {name}")
        chip.click()
        expect(panel.get_by_role("heading").first).to_have_text(name.capitalize())
        expect(panel.get_by_test_id("samples-summary")).to_contain_text(f"{len(places)} sample")
        assert sorted(copied(tab, panel)) == sorted(ids(places))
        assert copied(tab, panel)[0] == IDS[places[0]]


def test_a_sample_has_its_evaluations_and_its_best_classes(tab: Tab, serve: Serve, logdir: Path) -> None:
    worst = int(by_loss(np.flatnonzero(~RIGHT[LAST]))[0])
    panel = opened(tab, serve(logdir, "--load_fast=true"))

    listed(panel).first.click()

    rows = panel.get_by_test_id("sample-history").locator("tbody tr")
    expect(rows).to_have_count(len(STEPS))
    for row, step in zip(rows.all(), STEPS, strict=True):
        told = [cell.text_content() for cell in row.locator("td").all()]
        assert told[:3] == [str(step), str(PREDICTED[step][worst]), "right" if RIGHT[step][worst] else "wrong"]
        assert float(told[3] or "nan") == np.floor(PROBABILITIES[step][worst].max() * 65536) / 65536
        assert float(told[4] or "nan") == pytest.approx(float(LOSS[step][worst]), rel=1e-6)
    best = np.argsort(-PROBABILITIES[LAST][worst], kind="stable")[:5]
    top = panel.get_by_role("table", name="the classes with the highest scores").locator("tr")
    assert [re.findall(r"\d+", text)[0] for text in top.locator("th").all_inner_texts()] == [str(k) for k in best]
    picture = panel.get_by_role("img", name=f"sample {IDS[worst]}", exact=True)
    if picture.count() > 0:
        assert picture.evaluate("image => image.naturalWidth") > 0
        assert str(picture.get_attribute("src")).startswith("blob:")


def test_the_keyboard_goes_from_a_cell_to_a_sample_and_back(tab: Tab, serve: Serve, logdir: Path, loader: str) -> None:
    panel = opened(tab, serve(logdir, loader))
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (TRUTH, PREDICTED[LAST]), 1)
    np.fill_diagonal(counts, 0)
    true, predicted = np.unravel_index(counts.argmax(), counts.shape)
    cell = by_loss(np.flatnonzero((true == TRUTH) & (PREDICTED[LAST] == predicted)))
    assert len(cell) > 1
    cells, press = tab.frame.get_by_role("application", name=re.compile("confusion matrix")), tab.page.keyboard.press

    tab.frame.get_by_label("order of the classes").focus()
    while not cells.evaluate("cells => cells === document.activeElement"):
        press("Tab")
    press("Control+Home")
    for _ in range(int(true)):
        press("ArrowDown")
    for _ in range(int(predicted)):
        press("ArrowRight")
    press("Enter")

    samples = panel.get_by_role("listbox")
    expect(samples).to_be_focused()
    expect(panel.get_by_role("heading").first).to_have_text(f"{true} → {predicted}")
    expect(listed(panel)).to_have_count(len(cell))
    press("ArrowRight")
    expect(panel.locator("[aria-selected=true]")).to_have_attribute("data-sample", IDS[cell[1]])
    press("Enter")
    expect(panel.get_by_role("heading").first).to_contain_text(IDS[cell[1]])
    expect(panel.get_by_test_id("sample-history")).to_be_attached()
    press("ArrowLeft")
    expect(panel.get_by_role("heading").first).to_contain_text(IDS[cell[0]])
    press("Escape")
    expect(samples).to_be_focused()
    expect(panel.locator("[aria-selected=true]")).to_have_attribute("data-sample", IDS[cell[0]])
    press("Escape")
    expect(cells).to_be_focused()
    press("Escape")
    expect(panel.get_by_role("heading").first).to_have_text("Errors")


def test_texts_and_ids_stay_text_and_a_threshold_decides(tab: Tab, serve: Serve, logdir: Path) -> None:
    panel = opened(tab, serve(logdir, "--load_fast=true"), "reviews", classes="1,0", threshold="0.75")
    below = np.flatnonzero((LIKED == 1) & (POSITIVE < 0.75))

    expect(panel.get_by_test_id("samples-summary")).to_contain_text(f"{len(below)} samples, ")
    assert sorted(map(int, copied(tab, panel))) == sorted(below.tolist())
    # Mistakes are stored.
    attacked = next(int(i) for i in below if i % len(REVIEWS) == 0 and POSITIVE[i] < 0.5)
    panel.locator(f"[data-sample='{attacked}']").click()
    expect(panel.locator(".ls-samples-card .ls-media-text")).to_have_text(REVIEWS[0])

    opened(tab, serve(logdir, "--load_fast=true"), sample=ATTACK.replace("&", "%26").replace("=", "%3D"))
    expect(panel.get_by_role("heading").first).to_contain_text(ATTACK)
    assert tab.page.evaluate("window.hacked") is None
    assert tab.our_frame.evaluate("document.querySelectorAll('[onerror]').length") == 0


def test_a_matrix_without_predictions_says_which_line_adds_them(tab: Tab, serve: Serve, logdir: Path) -> None:
    panel = opened(tab, serve(logdir, "--load_fast=true"), "matrix")

    code = panel.locator("code").inner_text()

    assert code == 'Evaluation(names, score="prob").update(y_val, p, ids=files).write(run, "validation", step)'
    with RunWriter(logdir / "said") as run:
        exec(code, {"Evaluation": Evaluation, "names": LABELS, "y_val": TRUTH, "p": PROBABILITIES[LAST], "files": IDS, "run": run, "step": 10})
    expect(panel).to_contain_text("adds them")


def test_examples_without_predictions_are_there_to_look_at(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve(logdir, "--load_fast=true"), "looks")
    shown = tab.frame.locator("[data-panel=examples]")

    expect(shown.get_by_role("listitem")).to_have_count(2)

    expect(shown.locator(".ls-media-text").first).to_have_text(ATTACK)
    expect(shown).to_contain_text("what was predicted of them is not logged")
    assert tab.our_frame.evaluate("document.querySelectorAll('[onerror]').length") == 0


def test_the_saved_list_is_numpys(tab: Tab, serve: Serve, logdir: Path, tmp_path: Path) -> None:
    panel = opened(tab, serve(logdir, "--load_fast=true"))
    expect(listed(panel).first).to_be_visible()
    wrong = by_loss(np.flatnonzero(~RIGHT[LAST]))

    with saved(tab, "the samples", "CSV", tmp_path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ids(wrong)
    assert [int(row["predicted"]) for row in rows] == PREDICTED[LAST][wrong].tolist()
    np.testing.assert_allclose([float(row["loss"]) for row in rows], LOSS[LAST][wrong].astype(float))
    told = json.loads(saved(tab, "the samples", "JSON", tmp_path).read_text())
    assert [each["id"] for each in told["samples"]] == ids(wrong)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_a_list_and_in_a_sample(tab: Tab, serve: Serve, logdir: Path, theme: Literal["light", "dark"]) -> None:
    tab.page.emulate_media(color_scheme=theme)
    panel = opened(tab, serve(logdir, "--load_fast=true"))
    expect(tab.frame.locator(f"html[data-theme='{theme}']")).to_be_attached()
    expect(listed(panel).first).to_be_visible()
    tab.page.wait_for_load_state("networkidle")
    found = [f"list: {each}" for each in violations(tab)]

    panel.get_by_role("radio", name="rows").click()
    expect(panel.locator(".ls-samples-rows")).to_be_visible()
    tab.page.mouse.move(0, 0)
    found += [f"rows: {each}" for each in violations(tab)]
    listed(panel).first.click()
    expect(panel.get_by_test_id("sample-history")).to_be_attached()
    tab.page.wait_for_load_state("networkidle")
    found += [f"sample: {each}" for each in violations(tab)]

    assert not found, "\n".join(found)
