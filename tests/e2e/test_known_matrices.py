"""Matrices of which it is known how they must look: colours, names, numbers, no sample lost; pictures of each, light and dark, are in output/."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, get_args

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e import evaluations, known_matrices
from tests.e2e.conftest import OUTPUT, Serve, Tab
from tests.e2e.evaluations import SIZE
from tests.e2e.known_matrices import CELLS, HUGE, NOBODY, SILENT, Rgb, Theme, sequential
from tests.e2e.printed import count, decimals
from tests.e2e.test_confusion_matrix import option

Array = np.ndarray[Any, Any]

LARGE = 0.08
"""The palest colour of a cell that has room for a number."""


class Cell(NamedTuple):
    """What is drawn in a cell; no colour where nothing is."""

    colour: Rgb | None
    is_plain: bool


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("known-matrices")
    known_matrices.write(folder)
    return folder


def opened(tab: Tab, serve: Serve, logdir: Path, name: str, **choices: str) -> Tab:
    """A training's matrix, with some choices of its panel."""
    options = {f"o.confusion_matrix.{key}": value for key, value in {"order": "given", **choices}.items()}
    tab.follow(serve(logdir, "--load_fast=true"), view="predictions", trainings=name.replace(" ", "-"), **options)
    expect(tab.frame.locator(".ls-confusion-heading p").first).to_be_visible()
    return tab


def dressed(tab: Tab, theme: Theme) -> None:
    """Changes the theme, as TensorBoard's own menu does."""
    tab.page.evaluate("isDark => document.body.classList.toggle('dark-mode', isDark)", theme == "dark")
    expect(tab.frame.locator(f"html[data-theme='{theme}']")).to_be_attached()


def pictured(tab: Tab, name: str, theme: Theme) -> None:
    OUTPUT.mkdir(exist_ok=True)
    tab.page.screenshot(path=str(OUTPUT / f"known-{name.replace(' ', '-')}-{theme}.png"))


def pixels(tab: Tab) -> Array:
    """What is on the canvas: uint8 [y, x, 4]."""
    picture = str(tab.our_frame.evaluate("document.querySelector('.ls-confusion-cells canvas').toDataURL()"))
    return np.asarray(Image.open(BytesIO(base64.b64decode(picture.split(",")[1]))).convert("RGBA"))


def drawn(tab: Tab, rows: int, columns: int) -> list[list[Cell]]:
    """Each cell's most frequent colour, [row][column]."""
    picture, found = pixels(tab), list[list[Cell]]()
    height, width = (picture.shape[0] - 1) / rows, (picture.shape[1] - 1) / columns
    for i in range(rows):
        found.append([])
        for j in range(columns):
            inside = picture[round(i * height) + 2 : round((i + 1) * height) - 1, round(j * width) + 2 : round((j + 1) * width) - 1]
            colours, counts = np.unique(inside.reshape(-1, 4), axis=0, return_counts=True)
            red, green, blue, there = colours[counts.argmax()].tolist()
            found[-1].append(Cell((red, green, blue) if there else None, len(colours) == 1))
    return found


def rgb(text: str) -> Rgb:
    red, green, blue = (int(part) for part in re.findall(r"\d+", text)[:3])
    return red, green, blue


def is_like(one: Rgb | None, other: Rgb) -> bool:
    """The same up to rounding."""
    return one is not None and all(abs(a - b) <= 2 for a, b in zip(one, other, strict=True))


def top(tab: Tab) -> float:
    """The value of the strongest colour, as the legend says."""
    said = tab.frame.locator(".ls-confusion-ramp span").last.text_content() or ""
    return float(re.findall(r"[\d.]+", said)[0]) / (100 if "%" in said else 1)


def examples(tab: Tab) -> str:
    return tab.frame.locator(".ls-confusion-heading p").first.text_content() or ""


def table(tab: Tab) -> Array:
    """The counts in the table behind the canvas."""
    rows = tab.frame.get_by_test_id("confusion-matrix").locator("tbody tr")
    return np.array(rows.evaluate_all("all => all.map(r => [...r.querySelectorAll('td[data-true]')].map(c => Number(c.textContent)))"))


def holds_the_colours(tab: Tab, cells: Array, theme: Theme) -> None:
    """Of rows of 40 samples or more: an error has the legend's colour of its share of the row, what is right is grey, and an empty cell is empty."""
    k, height = cells.shape[1], len(cells)
    highest, found = top(tab), drawn(tab, height, k)
    shares = cells / np.maximum(cells.sum(1, keepdims=True), 1)
    for i, j in np.ndindex(height, k):
        cell = found[i][j]
        if cells[i, j] == 0:
            assert cell == Cell(None, cells[i].sum() > 0), f"an empty cell is drawn at {i}, {j}"
        elif cells[i].sum() < 40:
            continue
        elif i == j:
            assert cell.colour is not None
            assert max(cell.colour) - min(cell.colour) <= 20, "what is right is grey"
        else:
            assert is_like(cell.colour, sequential(LARGE + (1 - LARGE) * min(1, shares[i, j] / highest), theme)), (i, j, cell, shares[i, j], highest)
            assert not cell.is_plain, f"no number is in the cell {i}, {j}"


@pytest.mark.parametrize("name", ["ten", "two", "weighted", "abstaining", "unknown", "imperfect"])
def test_colours_of_evaluations(tab: Tab, serve: Serve, logdir: Path, name: str) -> None:
    given = evaluations.given()[name]
    k = len(given.labels)
    truth = np.where(given.truth == evaluations.UNKNOWN, k, given.truth)[given.kept]
    cells, weights = np.zeros((k + 1, k + 1), int), np.zeros((k + 1, k + 1))
    np.add.at(cells, (truth, given.decided()[given.kept]), 1)
    np.add.at(weights, (truth, given.decided()[given.kept]), given.weights()[given.kept])
    cells = cells[: k + int(cells[k].sum() > 0), : k + int(cells[:, k].sum() > 0)]
    opened(tab, serve, logdir, name)

    np.testing.assert_array_equal(table(tab), cells)
    lost = np.count_nonzero(~given.kept)
    assert cells.sum() + lost == SIZE
    assert examples(tab).startswith(f"{SIZE} examples; {lost} dropped" if lost else f"{SIZE} examples, all counted")
    names = tab.frame.locator(".ls-confusion-rows bdi, .ls-confusion-columns bdi").all_text_contents()
    assert len(names) == sum(cells.shape)
    for theme in get_args(Theme):
        dressed(tab, theme)
        # Rows of weighted samples of which few weigh much are unsure: stripes.
        if given.weight is None:
            holds_the_colours(tab, cells, theme)
        pictured(tab, name, theme)


def is_as_known(tab: Tab, name: str) -> None:
    """Counts, and colours in both themes; a picture of each."""
    np.testing.assert_array_equal(table(tab), CELLS[name])
    for theme in get_args(Theme):
        dressed(tab, theme)
        holds_the_colours(tab, CELLS[name], theme)
        pictured(tab, name, theme)
    dressed(tab, "light")


def test_one_class_is_a_matrix_too(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve, logdir, "one class")

    is_as_known(tab, "one class")
    expect(tab.frame.get_by_text("No example was taken for another class")).to_be_visible()


def test_an_evaluation_without_samples_has_no_matrix(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve, logdir, "all zero")

    expect(tab.frame.locator(".ls-sentences")).to_have_text("This evaluation has no examples.")
    expect(tab.frame.locator(".ls-confusion canvas")).to_have_count(0)
    assert examples(tab).startswith("0 examples")
    for theme in get_args(Theme):
        dressed(tab, theme)
        pictured(tab, "all zero", theme)


def test_a_column_that_is_never_predicted_is_striped_where_columns_are_compared(tab: Tab, serve: Serve, logdir: Path) -> None:
    opened(tab, serve, logdir, "an empty column", normalise="column")

    found = drawn(tab, 3, 3)
    assert not any(row[2].is_plain for row in found)
    expect(tab.frame.locator(".ls-confusion-legend")).to_contain_text("never predicted")
    pictured(tab, "an empty column by columns", "light")


def test_a_huge_cell_hides_no_other(tab: Tab, serve: Serve, logdir: Path) -> None:
    """By counts the other errors are next to nothing beside it, and still are seen; on a logarithmic scale they differ."""
    cells = CELLS["a huge cell"]
    opened(tab, serve, logdir, "a huge cell")

    is_as_known(tab, "a huge cell")
    tab.frame.get_by_role("radio", name="count", exact=True).check()
    expect(tab.frame.locator(".ls-confusion-ramp")).not_to_contain_text("%")
    assert examples(tab) == "1\u202fG examples, all counted"
    assert str(cells.sum()) in (tab.frame.locator(".ls-confusion-heading p").first.get_attribute("title") or "")
    found = drawn(tab, 3, 3)
    assert is_like(found[0][1].colour, sequential(1, "light"))
    errors = [(i, j) for i, j in np.argwhere(cells > 0) if i != j and cells[i, j] < HUGE]
    assert all(is_like(found[i][j].colour, sequential(LARGE, "light")) for i, j in errors)
    pictured(tab, "a huge cell by count", "light")
    option(tab, "log")
    expect(tab.frame.locator(".ls-confusion-legend")).to_contain_text("logarithmic")
    by_value = sorted(errors, key=lambda place: cells[place])
    colours = [drawn(tab, 3, 3)[i][j].colour for i, j in by_value]
    brightness = [sum(colour or ()) for colour in colours]
    assert brightness == sorted(brightness, reverse=True)
    assert len(set(brightness)) == len({int(cells[place]) for place in errors})


@pytest.mark.parametrize("name", ["a hundred classes", "a thousand classes"])
def test_every_class_and_every_error_of_many_classes_is_seen(tab: Tab, serve: Serve, logdir: Path, name: str) -> None:
    """Comet shows 25 classes, without a word, and not those of the largest confusion."""
    cells = CELLS[name]
    k, errors = len(cells), cells - np.diag(np.diag(cells))
    opened(tab, serve, logdir, name)
    assert examples(tab) == f"{count(cells.sum())} examples, all counted"
    expect(tab.frame.locator(".ls-confusion-rows bdi")).to_have_count(0)
    expect(tab.frame.get_by_text("point at a cell for its classes")).to_be_visible()
    i, j = divmod(int(errors.argmax()), k)
    first = tab.frame.get_by_test_id("most-confused").locator("tbody tr").first
    expect(first).to_contain_text(f"class {i} → class {j}")
    expect(first.locator("td").nth(1)).to_have_text(count(errors.max()))
    expect(tab.frame.get_by_test_id("classes")).to_have_attribute("aria-rowcount", str(k + 1))

    for theme in get_args(Theme):
        dressed(tab, theme)
        picture = pixels(tab)
        cell = (picture.shape[1] - 1) / k
        cell = float(np.floor(cell)) if cell >= 1 else cell
        place = np.floor(np.arange(k) * cell).astype(int) + int(cell >= 4)
        at = picture[place[:, None], place[None]].astype(int)
        background = rgb(tab.our_frame.evaluate("getComputedStyle(document.body).backgroundColor"))
        seen = (at[..., 3] > 0) & (np.abs(at[..., :3] - background).sum(-1) > 8)
        assert seen[errors > 0].all(), f"{np.count_nonzero(~seen[errors > 0])} of {np.count_nonzero(errors)} errors are not seen"
        # Four in five of the last class are taken for the first: the strongest colour, alone in its corner.
        assert is_like((at[-1, 0, 0], at[-1, 0, 1], at[-1, 0, 2]), sequential(1, theme))
        if cell >= 1:
            assert not seen[(cells == 0)].any(), "an empty cell is drawn"
        pictured(tab, name, theme)


def test_a_class_that_is_never_found_stays_and_is_the_worst(tab: Tab, serve: Serve, logdir: Path) -> None:
    """FiftyOne leaves it out."""
    opened(tab, serve, logdir, "a missed class", order="recall")

    first = tab.frame.get_by_test_id("confusion-matrix").locator("tbody tr").first
    expect(first.locator("th")).to_have_text("class 2")
    expect(first.locator("td[data-measure='recall']")).to_have_text("0.00")
    expect(first.locator("td[data-measure='precision']")).to_have_text("0.00")
    expect(first.locator("td[data-measure='examples']")).to_have_text("100")
    tab.frame.get_by_label("order of the classes").select_option("as given")
    expect(first.locator("th")).to_have_text("class 0")
    is_as_known(tab, "a missed class")


def test_text_and_colour_of_a_cell_say_the_same(tab: Tab, serve: Serve, logdir: Path) -> None:
    """TensorFlow's tutorial writes shares of rows on colours of counts: here one row has 100 times the samples of another."""
    cells = CELLS["like shares"]
    opened(tab, serve, logdir, "like shares")
    is_as_known(tab, "like shares")
    option(tab, "all")
    expect(tab.frame.locator(".ls-confusion-ramp")).to_contain_text("100")
    found = drawn(tab, 3, 3)

    shares = cells / cells.sum(1, keepdims=True)
    assert shares[0, 0] == shares[1, 1] == shares[2, 2]
    assert found[0][0].colour == found[1][1].colour == found[2][2].colour
    assert found[0][1].colour == found[1][0].colour == found[2][0].colour
    assert is_like(found[0][0].colour, sequential(LARGE + (1 - LARGE) * 0.75, "light"))
    assert "NaN" not in tab.frame.locator("main").inner_text()


def test_a_rate_without_a_base_is_no_number(tab: Tab, serve: Serve, logdir: Path) -> None:
    """scikit-learn and torchmetrics tell 0 of it, TensorFlow's tutorial NaN."""
    opened(tab, serve, logdir, "an empty row")

    is_as_known(tab, "an empty row")
    assert not any(cell.is_plain for cell in drawn(tab, 4, 4)[NOBODY]), "stripes, not nothing"
    expect(tab.frame.locator(".ls-confusion-legend")).to_contain_text("no examples")
    rows = tab.frame.get_by_test_id("confusion-matrix").locator("tbody tr")
    expect(rows.nth(NOBODY).locator("td[data-measure='recall']")).to_have_text("–")
    expect(rows.nth(NOBODY).locator("td[data-measure='precision']")).to_have_text(decimals(0, 2))
    expect(rows.nth(SILENT).locator("td[data-measure='precision']")).to_have_text("–")
    expect(rows.nth(SILENT).locator("td[data-measure='recall']")).to_have_text(decimals(0, 2))
    for k in (NOBODY, SILENT):
        assert "–" in tab.frame.locator(".ls-confusion-numbers-row").nth(k).inner_text()
    assert "NaN" not in tab.frame.locator("main").inner_text()
