"""From the click on a tab to the first useful picture: ours beside TensorBoard's Time Series, on the same logs, in a real Chromium."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.logs import loaded
from benchmarks.page import opened, seconds_until
from benchmarks.rounds import side_by_side
from benchmarks.row import Goal, Row
from scripts.browser import chromium
from scripts.processes import ROOT, tensorboard

_LAYERS = "benchmark.frame().querySelector('main svg [role=treeitem]') !== null"
_MATRIX = "benchmark.frame().querySelector('[data-testid=confusion-matrix] td[data-true]') !== null"
# The numbers of its axis come with the data: before it, a chart is an empty card.
_CHART = "document.querySelector('scalar-card line-chart line-chart-axis text') !== null"


def rows(rounds: int = 6) -> list[Row]:
    """One training on digits. Both begin on a third tab, at rest, in a browser that has seen none of it; only the tab clicked on is timed."""
    with tempfile.TemporaryDirectory() as logdir:
        subprocess.run([sys.executable, "-m", "benchmarks.logs", logdir, "digits"], cwd=ROOT, check=True)
        with tensorboard(Path(logdir)) as server, chromium() as browser:
            loaded(server.url, 1)
            ways = {
                "layers": lambda: _click(browser, f"{server.url}/#text", "layerscope", _LAYERS),
                "matrix": lambda: _click(browser, f"{server.url}/#text&p.layerscope.view=predictions", "layerscope", _MATRIX),
                "theirs": lambda: _click(browser, f"{server.url}/#text", "timeseries", _CHART),
            }
            took = side_by_side(ways, rounds)
    against = "click on Time Series → its first chart"
    return [
        Row("click on the tab → the layers", took["layers"], took["theirs"], against=against, goal=Goal(1.0)),
        Row("click on the tab → the confusion matrix", took["matrix"], took["theirs"], against=against, goal=Goal(1.0)),
    ]


def _click(browser: Browser, address: str, tab: str, is_there: str) -> float:
    with opened(browser, address) as page:
        return seconds_until(page, f"benchmark.tab('{tab}').click()", is_there)
