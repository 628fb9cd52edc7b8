"""The heat map of 300 layers × 1,000 steps in a real Chromium: first paint, another measure, hover."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.logs import loaded
from benchmarks.page import opened, seconds_until, work_of
from benchmarks.row import Goal, Row
from layerscope import RunWriter
from scripts.browser import chromium
from scripts.processes import tensorboard
from writers import tensor_stats
from writers.statistics_packer import STEPS_A_RECORD, StatisticsPacker
from writers.statistics_schedule import StatisticsSchedule

_SPACING = 10
"""Steps from one that is told to the next."""

_CANVAS = "const canvas = benchmark.frame().querySelector('.ls-heat canvas')"
_PAINTED = f"(() => {{ {_CANVAS}; return canvas !== null && canvas.getContext('2d').getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3] > 0 }})()"
_TITLE = "benchmark.frame().querySelector('.ls-tensors h3').textContent"
_OVER = "const over = benchmark.frame().querySelector('.ls-heat-grid > :last-child'), box = over.getBoundingClientRect()"
_PLACE = "clientX: box.left + (7 + i * 29) % box.width, clientY: box.top + (11 + i * 17) % box.height"


def rows(rounds: int = 4, layers: int = 300, steps: int = 1000) -> list[Row]:
    """Each layer with a kernel and a bias, told as our writers tell of them.

    Args:
        rounds: How often the page is opened.
        layers: Rows of the picture.
        steps: That were logged.
    """
    name = f"heat map of {layers:,} layers × {steps:,} steps"
    paint, measure, hover = list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        _log(Path(folder, "run"), layers, steps)
        with tensorboard(Path(folder)) as server:
            loaded(server.url, 1)
            for _ in range(rounds):
                with opened(browser, f"{server.url}/#text&p.layerscope.view=training") as page:
                    paint.append(seconds_until(page, "benchmark.tab('layerscope').click()", _PAINTED))
                    page.wait_for_load_state("networkidle")
                    for label in ("gradient norm", "weight norm", "update size"):
                        page.evaluate(f"window.before = {_TITLE}")
                        measure.append(seconds_until(page, f"benchmark.radio('{label}').click()", f"{_TITLE} !== window.before"))
                    move = f"{_OVER}; over.dispatchEvent(new PointerEvent('pointermove', {{ bubbles: true, {_PLACE} }}))"
                    hover += work_of(page, move, 20)
    return [
        Row(f"{name}: click on the tab → picture", paint, goal=Goal(0.5, of="ours")),
        Row(f"{name}: another measure", measure),
        Row(f"{name}: hover, work for each place", hover, goal=Goal(0.016, of="ours")),
    ]


def _log(run: Path, layers: int, steps: int) -> None:
    rng = np.random.default_rng(0)
    weights = {f"block_{i // 10}/layer_{i}/{name}": np.ones(shape) for i in range(layers) for name, shape in (("kernel", (8, 8)), ("bias", (8,)))}
    one = tensor_stats.of(0, weights=weights, gradients=weights, updated={path: content + 0.1 for path, content in weights.items()})
    with RunWriter(run) as writer:
        packer = StatisticsPacker(writer, StatisticsSchedule(40e6, 2 * layers, length=_SPACING * steps))
        for first in range(0, steps, STEPS_A_RECORD):
            step = _SPACING * np.arange(first, min(steps, first + STEPS_A_RECORD))
            n = len(step)
            value = (one.value * np.exp(rng.normal(0, 1, (*one.value.shape[:2], n)))).astype(np.float32)
            made: dict[str, Any] = {"loss": rng.random(n), "batch_examples": np.full(n, 32), "epoch": step / 100, "skipped": np.zeros(n, bool)}
            rates: dict[str, Any] = {"loss_scale": np.ones(n), "clip_factor": np.full(n, np.nan), "learning_rate": np.full((len(one.groups), n), 0.001)}
            packer.write(replace(one, step=step, value=value, **made, **rates))
