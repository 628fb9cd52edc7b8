"""A matrix drawn by Matplotlib among TensorBoard's Images, as people have it today, and ours: time to write, bytes, and time until it is seen."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser

from benchmarks.logs import loaded, truths_and_predictions
from benchmarks.page import opened, seconds_until
from benchmarks.rounds import side_by_side
from benchmarks.row import Row
from layerscope import RunWriter, confusion_matrix
from scripts.browser import chromium
from scripts.processes import ROOT, tensorboard

Array = np.ndarray[Any, Any]

PACKAGES = ROOT / ".venv" / "benchmarks"
"""Where `make bench` puts Matplotlib: TensorFlow and PyTorch would import it, were it with the rest."""

SIZES = (10, 100, 1000)
EVALUATIONS = 10
_MOST_NUMBERED = 30
"""Classes whose cells have room for a number in a picture of 800 pixels."""

_MATRIX = "benchmark.frame().querySelector('[data-testid=confusion-matrix] td[data-true]') !== null"
# The tab's parts have shadow roots of their own.
_PICTURE = """(() => {
    const within = root => [...root.querySelectorAll('*')].flatMap(each => [
        ...(each.localName === 'img' && /individualImage/.test(each.src) ? [each] : []), ...(each.shadowRoot ? within(each.shadowRoot) : [])
    ]);
    return within(document).some(each => each.complete && each.naturalWidth > 0);
})()"""


def rows(rounds: int = 4, sizes: Sequence[int] = SIZES, evaluations: int = EVALUATIONS) -> list[Row]:
    """Ten evaluations of 50 examples a class, each way from true and predicted classes.

    Args:
        rounds: How often.
        sizes: Numbers of classes.
        evaluations: How many are logged.

    Raises:
        SystemExit: There is no Matplotlib.
    """
    if not (PACKAGES / "matplotlib").exists():
        raise SystemExit("this needs Matplotlib beside the other packages: make bench")
    found = []
    with chromium() as browser:
        for classes in sizes:
            found += _of_size(browser, classes, evaluations, rounds)
    return found


def _of_size(browser: Browser, classes: int, evaluations: int, rounds: int) -> list[Row]:
    name = f"a matrix of {classes:,} classes"
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours"), Path(folder, "theirs")
        wrote = {way: _written(way, path, classes, evaluations, rounds) for way, path in (("ours", ours), ("theirs", theirs))}
        sizes = {way: _size(path / "0") / evaluations for way, path in (("ours", ours), ("theirs", theirs))}
        with tensorboard(ours / "0", "--load_fast=true") as own, tensorboard(theirs / "0", "--load_fast=true") as other:
            loaded(own.url, 1)
            ways = {
                "ours": lambda: _seen(browser, f"{own.url}/#text&p.layerscope.view=predictions", "layerscope", _MATRIX),
                "theirs": lambda: _seen(browser, f"{other.url}/#text", "images", _PICTURE),
            }
            seen = side_by_side(ways, rounds)
    against = "Matplotlib's picture in a tf.summary.image"
    return [
        Row(f"{name}, to write", wrote["ours"], wrote["theirs"], against=against),
        Row(f"{name}, on disk", [sizes["ours"]], [sizes["theirs"]], unit="B", against=against),
        Row(f"{name}, click on the tab → picture", seen["ours"], seen["theirs"], against="click on Images → the picture"),
    ]


def _written(way: str, folder: Path, classes: int, evaluations: int, rounds: int) -> Sequence[float]:
    """Seconds for each evaluation, the median of a process in each round: in one of its own, that imports nothing but what is needed."""
    found = []
    for number in range(rounds):
        command = [sys.executable, "-m", "benchmarks.matrix_image", way, str(folder / str(number)), str(classes), str(evaluations)]
        environment = os.environ | {"PYTHONPATH": str(PACKAGES), "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
        said = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True).stdout
        found.append(float(json.loads(said.splitlines()[-1])))
    return found


def _size(folder: Path) -> float:
    return float(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()))


def _seen(browser: Browser, address: str, tab: str, is_there: str) -> float:
    with opened(browser, address, tabs=(tab,)) as page:
        return seconds_until(page, f"benchmark.tab('{tab}').click()", is_there)


def _ours(folder: Path, given: Sequence[tuple[Array, Array]], labels: list[str]) -> list[float]:
    took = []
    with RunWriter(folder / "run") as run:
        for step, (truth, predicted) in enumerate(given):
            begin = time.perf_counter()
            run.write("validation/confusion_matrix", confusion_matrix.from_predictions(truth, predicted, labels=labels), step)
            run.flush()
            took.append(time.perf_counter() - begin)
    return took


def _theirs(folder: Path, given: Sequence[tuple[Array, Array]], labels: list[str]) -> list[float]:
    """As TensorFlow's tutorial on image summaries draws it, but for the faults of its colours."""
    import matplotlib.pyplot as plt
    import tensorflow as tf
    from sklearn.metrics import confusion_matrix as counted

    took = []
    writer = tf.summary.create_file_writer(str(folder / "run"))
    for step, (truth, predicted) in enumerate(given):
        begin = time.perf_counter()
        cells = counted(truth, predicted, labels=range(len(labels)), normalize="true")
        figure = plt.figure(figsize=(8, 8))
        plt.imshow(cells, interpolation="nearest", cmap=plt.cm.Blues)
        plt.colorbar()
        if len(labels) <= _MOST_NUMBERED:
            plt.xticks(range(len(labels)), labels, rotation=45)
            plt.yticks(range(len(labels)), labels)
            for i, j in np.ndindex(*cells.shape):
                plt.text(j, i, f"{cells[i, j]:.2f}", horizontalalignment="center", color="white" if cells[i, j] > 0.5 else "black")
        plt.tight_layout()
        png = io.BytesIO()
        plt.savefig(png, format="png")
        plt.close(figure)
        with writer.as_default():
            tf.summary.image("confusion matrix", tf.image.decode_png(png.getvalue(), channels=4)[None], step=step)
        writer.flush()
        took.append(time.perf_counter() - begin)
    writer.close()
    return took


if __name__ == "__main__":
    way, folder, classes, evaluations = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    rng = np.random.default_rng(0)
    # The first one is not counted: it makes what later ones find.
    given = [truths_and_predictions(rng, classes, right=0.3 + 0.5 * i / evaluations) for i in range(evaluations)]
    print(json.dumps(float(np.median((_ours if way == "ours" else _theirs)(folder, given, [f"class {k}" for k in range(classes)])[1:]))))
