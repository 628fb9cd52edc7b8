"""What the page prints of a regression is scikit-learn's, to the digits that are printed; odd values are counted, and nothing of them breaks it."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Locator, expect
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

from layerscope import RegressionEvaluation, RunWriter, regression
from tests.e2e.conftest import OUTPUT, Serve, Tab
from tests.e2e.printed import decimals, grouped, number
from tests.e2e.test_accessibility import violations
from tests.e2e.test_saving import PNG, saved

Array = np.ndarray[Any, Any]

STEPS = (100, 200, 300, 400)
LAST = STEPS[-1]
SIZE = 1500
TARGETS = ("length", "<b>width</b>", "angle in °")


class Given(NamedTuple):
    """Truths [sample, target], predictions by step, weights, and names of the targets."""

    truth: Array
    predicted: dict[int, Array]
    weight: Array | None
    targets: tuple[str, ...]


class Evaluated(NamedTuple):
    """Logs, and what is true of them."""

    folder: Path
    given: dict[str, Given]


def drawn() -> dict[str, Given]:
    """By the name of the training."""
    random = np.random.default_rng(5)
    truth = random.normal(size=(SIZE, 3)) * [3, 0.02, 40] + [10, 1e6, 0]

    def predictions(scale: float = 1.0) -> dict[int, Array]:
        size = truth.std(axis=0) * scale
        return {step: truth + size * (0.2 + 100 / step) * random.normal(size=truth.shape) + 0.1 * size for step in STEPS}

    all_, slow, one = predictions(), predictions(1.7), predictions()
    broken, far = ({step: p[:, :1].copy() for step, p in one.items()} for _ in range(2))
    for step in STEPS:
        broken[step][::7] = np.nan
        broken[step][3::90] = np.inf
        far[step][::400] = 1e9
    return {
        "three": Given(truth, all_, None, TARGETS),
        "slow": Given(truth, slow, None, TARGETS),
        "one": Given(truth[:, :1], {step: p[:, :1] for step, p in one.items()}, None, ("",)),
        "weighted": Given(truth[:, :1], {step: p[:, :1] for step, p in one.items()}, random.gamma(2.0, 0.5, SIZE), ("price",)),
        "broken": Given(truth[:, :1], broken, None, ("",)),
        "far": Given(truth[:, :1], far, None, ("",)),
        "constant": Given(np.full((SIZE, 1), 3.25), {LAST: 3.25 + 0.1 * random.normal(size=(SIZE, 1))}, None, ("",)),
        "none": Given(truth[:0, :1], {LAST: truth[:0, :1]}, None, ("",)),
    }


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    """A training each."""
    folder, given = tmp_path_factory.mktemp("regressions"), drawn()
    for name, each in given.items():
        with RunWriter(folder / name) as run:
            for step, predicted in each.predicted.items():
                # Where each sample is told there is a list of them instead of the largest errors alone.
                evaluation = RegressionEvaluation(each.targets, predictions=name != "one", examples=0 if name == "one" else 50)
                evaluation.update(each.truth, predicted, each.weight, ids=[f"img/{i:04}.png" for i in range(len(each.truth))], inputs=each.truth)
                evaluation.write(run, "validation", step)
    return Evaluated(folder, given)


def opened(tab: Tab, serve: Serve, evaluated: Evaluated, training: str, **selection: str) -> Tab:
    """The predictions of a training."""
    tab.follow(serve(evaluated.folder, "--load_fast=true"), view="predictions", trainings=training, **selection)
    expect(tab.frame.get_by_label("regression", exact=True)).to_be_visible()
    return tab


def plain(locator: Locator) -> str:
    return re.sub(r"[ \n]+", " ", locator.text_content() or "").strip()


def measured(tab: Tab, name: str, of: str = "focus") -> str:
    """What is printed of a number, without its interval."""
    return plain(tab.frame.locator(f"[data-measure='{name}'][data-of='{of}'] b"))


def wanted(given: Given, step: int, target: int) -> dict[str, str]:
    """The same by scikit-learn."""
    truth, predicted = given.truth[:, target], given.predicted[step][:, target]
    kept = np.isfinite(predicted)
    truth, predicted, weight = truth[kept], predicted[kept], None if given.weight is None else given.weight[kept]
    bias = float(np.average(predicted - truth, weights=weight))
    r2 = float(r2_score(truth, predicted, sample_weight=weight))
    return {
        "R²": decimals(r2, 4).replace("-", "−") if r2 > -10 else "−" + number(-r2),
        "RMSE": number(float(np.sqrt(mean_squared_error(truth, predicted, sample_weight=weight)))),
        "MAE": number(float(mean_absolute_error(truth, predicted, sample_weight=weight))),
        "bias": ("+" if bias > 0 else "−") + number(abs(bias)),
    }


@pytest.mark.parametrize("training", ["one", "weighted", "broken", "far"])
def test_scores_are_scikit_learns(tab: Tab, serve: Serve, evaluated: Evaluated, training: str) -> None:
    for step in (LAST, STEPS[0]):
        opened(tab, serve, evaluated, training, step=str(step))
        found = wanted(evaluated.given[training], step, 0)
        assert {name: measured(tab, name) for name in found} == found


def test_each_target_has_its_own_numbers_also_far_from_zero_and_beside_a_reference(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, "three,slow", reference="slow")
    for k, name in enumerate(TARGETS):
        tab.frame.get_by_label(name, exact=True).check()
        for of, training in [("focus", "three"), ("reference", "slow")]:
            found = wanted(evaluated.given[training], LAST, k)
            assert {measure: measured(tab, measure, of) for measure in found} == found, (name, of)
        expect(tab.frame.locator("[data-picture='agreement'] .ls-regression-axis").first).to_contain_text(f"true {name}")
    tab.page.screenshot(path=OUTPUT / "regression.png")


def test_intervals_hold_what_they_are_of(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, "one")
    for name in ("R²", "RMSE", "MAE", "bias"):
        title = tab.frame.locator(f"[data-measure='{name}'][data-of='focus']").get_attribute("title") or ""
        value, low, high = (float(each) for each in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", title.replace("95 %", "")))
        assert low < value < high
    e = (evaluated.given["one"].predicted[LAST] - evaluated.given["one"].truth)[:, 0]
    assert value == pytest.approx(e.mean())
    assert high - low == pytest.approx(2 * 1.9616 * e.std(ddof=1) / np.sqrt(SIZE), rel=1e-3)


def test_what_is_not_finite_is_counted_and_what_is_constant_has_no_r2(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, "broken")
    left = int((~np.isfinite(evaluated.given["broken"].predicted[LAST])).sum())
    counted = plain(tab.frame.get_by_test_id("counted"))
    assert counted == f"{grouped(SIZE - left)} of {grouped(SIZE)} values count; dropped: {left} prediction not finite"
    opened(tab, serve, evaluated, "constant")
    assert measured(tab, "R²") == "–"
    opened(tab, serve, evaluated, "none")
    expect(tab.frame.get_by_text("This evaluation has no samples.")).to_be_visible()


def test_the_largest_errors_are_numpys_and_their_ids_are_copied(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    tab.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(tab, serve, evaluated, "one")
    given = evaluated.given["one"]
    e = (given.predicted[LAST] - given.truth)[:, 0]
    order = [f"img/{i:04}.png" for i in np.argsort(-np.abs(e))[:100]]

    names = tab.frame.locator("[data-testid='largest-errors'] tbody th")
    assert [each.get_attribute("title") for each in names.locator("bdi").all()] == order
    tab.frame.get_by_role("button", name="copy 100 ids").click()
    expect(tab.frame.get_by_role("button", name="copied", exact=True)).to_be_visible()
    assert tab.page.evaluate("navigator.clipboard.readText()").split() == order
    names.first.get_by_role("button").click()
    expect(tab.frame.locator(".ls-regression-marked")).to_be_attached()
    assert "p.layerscope.sample=" in tab.page.evaluate("location.hash")


def test_the_samples_of_a_cell_are_those_that_lie_in_it_and_each_is_told_at_every_step(tab: Tab, serve: Serve, evaluated: Evaluated) -> None:
    opened(tab, serve, evaluated, "three")
    expect(tab.frame.get_by_test_id("largest-errors")).to_have_count(0)
    expect(tab.frame.get_by_label("examples", exact=True)).to_have_count(0)
    given, samples = evaluated.given["three"], tab.frame.get_by_test_id("number-samples")
    truth, predicted = given.truth[:, 0], given.predicted[LAST][:, 0]
    order = np.argsort(-np.abs(predicted - truth), kind="stable")
    expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{grouped(SIZE)} samples, the largest error first, ")
    shown = [each.get_attribute("data-sample") for each in samples.get_by_role("option").all()]
    assert len(shown) > 5
    assert shown == [f"img/{i:04}.png" for i in order[: len(shown)]]

    edges = regression.from_predictions(truth, predicted).edge[0]
    where = np.searchsorted(edges, truth, side="right"), np.searchsorted(edges, predicted, side="right")
    picture = tab.frame.get_by_label("cells of truth and prediction")
    box = picture.locator(".ls-regression-frame").bounding_box()
    assert box is not None
    cells, counts = np.unique(np.stack(where), axis=1, return_counts=True)
    t, p = (int(bin_) for bin_ in cells[:, counts.argmax()])
    tab.page.mouse.click(box["x"] + (t - 0.5) / 64 * box["width"], box["y"] + (64.5 - p) / 64 * box["height"])
    inside = [f"img/{i:04}.png" for i in order if (where[0][i], where[1][i]) == (t, p)]
    expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{len(inside)} samples")
    assert f"number_predictions.cell={t},{p}" in tab.page.evaluate("decodeURIComponent(location.hash)")
    listed = [each.get_attribute("data-sample") for each in samples.get_by_role("option").all()]  # those in sight alone are in the page
    assert listed == inside[: len(listed)] != []
    tab.page.screenshot(path=OUTPUT / "regression-cell.png")

    samples.get_by_role("option").first.click()
    i = int(inside[0][4:8])
    rows = tab.frame.locator("[data-testid='number-sample-history'] tbody tr").all()
    told = [[float(cell) for cell in row.locator("td").all_text_contents()[:2]] for row in rows]
    np.testing.assert_allclose(told, [[step, given.predicted[step][i, 0]] for step in STEPS], rtol=1e-9)
    tab.page.keyboard.press("Escape")
    expect(samples.get_by_role("listbox")).to_be_focused()
    samples.get_by_role("button", name="one cell of the picture").click()
    expect(samples.get_by_test_id("samples-summary")).to_contain_text(f"{grouped(SIZE)} samples")


def test_residuals_are_numpys_quantiles_and_a_key_goes_to_their_step(tab: Tab, serve: Serve, evaluated: Evaluated, tmp_path: Path) -> None:
    opened(tab, serve, evaluated, "one")
    given = evaluated.given["one"]
    for row, step in zip(tab.frame.locator("[data-testid='residuals'] tbody tr").all(), STEPS, strict=True):
        told = [float(cell.replace("−", "-")) for cell in row.locator("td").all_text_contents()[1:]]
        e = (given.predicted[step] - given.truth)[:, 0]
        np.testing.assert_allclose(told, np.quantile(e, [0.025, 0.25, 0.5, 0.75, 0.975]), rtol=0.05, atol=0.02 * e.std())
    picture = tab.frame.get_by_label("residuals at each evaluation")
    picture.press("Home")
    picture.press("Enter")
    expect(tab.frame.locator(".ls-regression h2")).to_contain_text("step 100")
    assert measured(tab, "RMSE") == wanted(given, 100, 0)["RMSE"]

    told_whole = json.loads(saved(tab, "the regression", "JSON", tmp_path).read_text())[0]
    assert told_whole["r2"]["value"] == pytest.approx(r2_score(given.truth[:, 0], given.predicted[100][:, 0]), rel=1e-9)
    with saved(tab, "the regression", "CSV", tmp_path).open(newline="") as file:
        assert sum(int(row["count"]) for row in csv.DictReader(file)) == SIZE
    assert saved(tab, "the regression", "PNG", tmp_path).read_bytes().startswith(PNG)
    assert ElementTree.parse(saved(tab, "the regression", "SVG", tmp_path)).getroot().tag.endswith("svg")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(tab: Tab, serve: Serve, evaluated: Evaluated, theme: str) -> None:
    tab.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for training in ("three,slow", "far"):
        opened(tab, serve, evaluated, training, **({"reference": "slow"} if training != "far" else {}))
        expect(tab.frame.locator(f"html[data-theme='{theme}']")).to_be_attached()
        found = violations(tab)
        assert not found, "\n".join(found)
