"""Confusion matrices of which it is known how they must look, and the page's colours by their definition."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from layerscope import RunWriter, confusion_matrix
from tests.e2e import evaluations

Array = np.ndarray[Any, Any]
Rgb = tuple[int, int, int]
Theme = Literal["light", "dark"]

HUGE = 10**9
NOBODY, SILENT = 2, 3
"""Where there is an empty row: the class that no sample has, and one that is never predicted."""
STEP = 10


def grouped(k: int) -> Array:
    """Fifty samples a class, eight in ten of them right, the rest among ten neighbours; the last class is taken for the first one in a hundred."""
    random = np.random.default_rng(k)
    truth = np.repeat(np.arange(k), 50)
    near = np.minimum(k - 1, truth // 10 * 10 + random.integers(10, size=len(truth)))
    predicted = np.where(random.random(len(truth)) < 0.8, truth, near)
    found = np.zeros((k, k), np.int64)
    np.add.at(found, (truth, predicted), 1)
    found[-1] = 0
    found[-1, -1], found[-1, 0] = 10, 40
    return found


CELLS: dict[str, Array] = {
    "one class": np.array([[12]]),
    "a hundred classes": grouped(100),
    "a thousand classes": grouped(1000),
    "an empty row": np.array([[45, 5, 3, 0], [4, 50, 2, 0], [0, 0, 0, 0], [40, 9, 1, 0]]),
    "an empty column": np.array([[45, 5, 0], [4, 50, 0], [60, 3, 0]]),
    "a huge cell": np.array([[50, HUGE, 1], [2, 60, 3], [0, 4, 70]]),
    "all zero": np.zeros((3, 3), np.int64),
    "a missed class": np.array([[80, 20, 0], [4, 160, 36], [50, 50, 0]]),
    "like shares": np.array([[30, 10, 0], [30, 90, 0], [1000, 0, 3000]]),
}


def write(logdir: Path) -> None:
    """A training each, beside those of `evaluations`."""
    evaluations.write(logdir)
    for name, cells in CELLS.items():
        labels = [f"class {k}" for k in range(len(cells))]
        with RunWriter(logdir / name.replace(" ", "-")) as run:
            run.write("validation/confusion_matrix", payload(cells, labels), STEP)


def payload(cells: Array, labels: list[str]) -> Any:
    """A matrix of these counts; more of them than memory has room for samples."""
    rows, columns = np.nonzero(cells)
    made = confusion_matrix.from_predictions(rows, columns, labels=labels)
    return replace(made, count=cells[rows, columns])


def sequential(t: float, theme: Theme) -> Rgb:
    """The page's colour of a share: a straight line of lightness in OKLab, with more chroma in its middle, in 256 steps."""
    (l0, c0), (l1, c1), most = ((0.98, 0.006), (0.34, 0.09), 0.13) if theme == "light" else ((0.34, 0.004), (0.94, 0.035), 0.12)
    t = math.floor(min(1, max(0, t)) * 255 + 0.5) / 255
    lightness, chroma, hue = l0 + (l1 - l0) * t, c0 + (c1 - c0) * t + 4 * t * (1 - t) * (most - (c0 + c1) / 2), math.radians(250)
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    # Ottosson (2020), to linear sRGB.
    l_, m_, s_ = (
        lightness + 0.3963377774 * a + 0.2158037573 * b,
        lightness - 0.1055613458 * a - 0.0638541728 * b,
        lightness - 0.0894841775 * a - 1.291485548 * b,
    )
    cubes = np.array([l_, m_, s_]) ** 3
    linear = np.array([[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.707614701]])
    red, green, blue = (12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055 for x in np.clip(linear @ cubes, 0, None))
    return (channel(red), channel(green), channel(blue))


def channel(x: float) -> int:
    return int(255 * min(1.0, max(0.0, x)) + 0.5)
