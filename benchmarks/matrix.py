"""The confusion matrix of many classes in a real Chromium: first paint, other orders, other shares, hover, and moving about."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.logs import loaded, matrices
from benchmarks.page import opened, seconds_until, work_of
from benchmarks.row import Goal, Row
from scripts.browser import chromium
from scripts.processes import tensorboard

FRAME = 1 / 60
EVALUATIONS = 50
MANY_EACH = 1000
"""Examples of a class where there are a million."""

_DRAWN = "benchmark.frame().querySelector('[data-testid=confusion-matrix] td[data-true]') !== null"
_ORDERED = f"{_DRAWN} && benchmark.option('by confusion').selected && benchmark.frame().querySelector('.ls-confusion-waiting') === null"
_FIRST_CLASS = "benchmark.frame().querySelector('[data-testid=confusion-matrix] tr[data-class]').dataset.class"
_LEGEND = "benchmark.frame().querySelector('.ls-confusion-foot').textContent"
_HEADING = "benchmark.frame().querySelector('.ls-confusion-heading').textContent"
_PREVIOUS = f"window.before = {_HEADING}; benchmark.frame().dispatchEvent(new KeyboardEvent('keydown', {{ key: '[', bubbles: true }}))"
_CELLS = "const cells = benchmark.frame().querySelector('.ls-confusion-cells'), box = cells.getBoundingClientRect()"


def rows(
    rounds: int = 4, classes: int = 1000, more_classes: int = 5000, most_classes: int = 10_000, evaluations: int = EVALUATIONS, each: int = MANY_EACH
) -> list[Row]:
    """A thousand classes; then the moving about in those of a million examples, in five thousand, and, of two evaluations, in ten thousand.

    Args:
        rounds: How often the page of the first is opened.
        classes, more_classes, most_classes: How many there are.
        evaluations: How many are logged.
        each: Examples of a class where they are a million.
    """
    with tempfile.TemporaryDirectory() as folder:
        matrices(Path(folder, "many", "run"), classes, evaluations)
        matrices(Path(folder, "million", "run"), classes, evaluations, each)
        matrices(Path(folder, "more", "run"), more_classes, evaluations)
        matrices(Path(folder, "most", "run"), most_classes, 2)
        with chromium() as browser:
            with tensorboard(Path(folder, "many")) as server:
                loaded(server.url, 1)
                found = _many(browser, server.url, rounds, f"{classes:,} classes")
            for name, of, order in (
                ("million", f"{classes:,} classes and {classes * each:,} examples", "confusion"),
                ("more", f"{more_classes:,} classes", "confusion"),
                ("most", f"{most_classes:,} classes", "given"),
            ):
                with tensorboard(Path(folder, name)) as server:
                    loaded(server.url, 1)
                    found += _more(browser, server.url, of, order)
            return found


def _many(browser: Browser, address: str, rounds: int, name: str) -> list[Row]:
    paint, ordered, reorder, renormalise, hover = list[float](), list[float](), list[float](), list[float](), list[float]()
    link = f"{address}/#text&p.layerscope.view=predictions"
    for _ in range(rounds):
        with opened(browser, link) as page:
            paint.append(seconds_until(page, "benchmark.tab('layerscope').click()", _DRAWN))
        with opened(browser, link) as page:
            ordered.append(seconds_until(page, "benchmark.tab('layerscope').click()", _ORDERED))
            page.wait_for_load_state("networkidle")
            reorder += [
                _seconds(page, f"benchmark.choose('{order}')", _FIRST_CLASS)
                for order in ("worst first", "as given", "worst first", "by confusion", "worst first")
            ]
            renormalise += [_seconds(page, f"benchmark.radio('{share}').click()", _LEGEND) for share in _others(page, ("count", "row %", "column %"))]
            hover += _hover(page, 20)
    return [
        Row(f"matrix of {name}: click on the tab → picture", paint, goal=Goal(1.0, of="ours")),
        Row(f"matrix of {name}: click on the tab → picture, ordered by confusion", ordered),
        Row(f"matrix of {name}: another order", reorder, goal=Goal(0.1, of="ours")),
        Row(f"matrix of {name}: other shares", renormalise, goal=Goal(0.05, of="ours")),
        Row(f"matrix of {name}: hover, work for each cell", hover, goal=Goal(0.016, of="ours")),
    ]


def _more(browser: Browser, address: str, name: str, order: str) -> list[Row]:
    with opened(browser, f"{address}/#text&p.layerscope.view=predictions&p.layerscope.o.confusion_matrix.order={order}") as page:
        paint = seconds_until(page, "benchmark.tab('layerscope').click()", _DRAWN)
        page.wait_for_load_state("networkidle")
        back = seconds_until(page, _PREVIOUS, f"{_HEADING} !== window.before")
        zoom = work_of(page, f"{_CELLS}; {_wheel('deltaY: -100, ctrlKey: true')}", 8)
        pan = work_of(page, f"{_CELLS}; {_wheel('deltaX: i % 16 < 8 ? 40 : -40, deltaY: i % 16 < 8 ? 40 : -40')}", 48)
    return [
        Row(f"matrix of {name}: click on the tab → picture", [paint]),
        Row(f"matrix of {name}: another step", [back]),
        Row(f"matrix of {name}: zooming, work for each frame", zoom, goal=Goal(FRAME, of="ours")),
        Row(f"matrix of {name}: panning, work for each frame", pan, goal=Goal(FRAME, of="ours")),
    ]


def _seconds(page: Page, choice: str, seen: str) -> float:
    """Seconds from the choice until what is seen of it has changed."""
    page.evaluate(f"window.before = {seen}")
    return seconds_until(page, choice, f"{seen} !== window.before")


def _is_on(page: Page, label: str) -> bool:
    return bool(page.evaluate(f"benchmark.radio('{label}').checked"))


def _others(page: Page, labels: Sequence[str]) -> list[str]:
    """Each choice once, beginning with one that is not on."""
    on = next(label for label in labels if _is_on(page, label))
    rest = [label for label in labels if label != on]
    return [*rest, on]


def _hover(page: Page, times: int) -> Sequence[float]:
    """Another cell with each frame, all over the matrix."""
    place = "clientX: box.left + (7 + i * 29) % box.width, clientY: box.top + (11 + i * 17) % box.height"
    return work_of(page, f"{_CELLS}; cells.dispatchEvent(new PointerEvent('pointermove', {{ bubbles: true, {place} }}))", times)


def _wheel(how: str) -> str:
    return (
        "cells.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, "
        f"clientX: box.left + box.width / 2, clientY: box.top + box.height / 2, {how} }}))"
    )
