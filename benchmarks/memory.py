"""Memory that TensorBoard takes for each run, with either of its loaders: ours beside what Keras' own callback writes of the same training."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.logs import matrix
from benchmarks.row import Goal, Row
from benchmarks.without import TENSORFLOW
from layerscope import RunWriter
from scripts.processes import ROOT, child, free_port
from writers.schedule import within

LOADERS = {"Rust loader": "--load_fast=true", "Python loader": "--load_fast=false"}
BUDGET = 10e6
"""Bytes that the contract lets a run of our callback keep; in the Python loader they are objects, which take up to 2.8 times as much."""

_OVERHEAD = {"Rust loader": 1.0, "Python loader": 2.8}
_PATIENCE, _AT_REST = 300.0, 5.0


def rows(many: int = 200, evaluations: int = 1000) -> list[Row]:
    """A training on digits in one run and in many; and a run whose evaluations take all that they may.

    Args:
        many: How many copies of the training.
        evaluations: How many evaluations of 1,000 classes the full run is offered.
    """
    with tempfile.TemporaryDirectory() as folder:
        logs = Path(folder)
        subprocess.run([sys.executable, "-m", "benchmarks.memory", folder], cwd=ROOT, check=True)
        for writer in ("ours", "theirs"):
            for i in range(many):
                shutil.copytree(logs / writer, logs / f"many-{writer}" / f"run-{i:03}")
        (logs / "none").mkdir()
        _fill(logs / "full" / "run", evaluations)
        return [row for loader in LOADERS for row in _of_loader(loader, logs, many)]


def _of_loader(loader: str, logs: Path, many: int) -> Iterator[Row]:
    none = _taken(logs / "none", loader, 0)
    against = "Keras' TensorBoard callback, with histograms"
    one = {writer: _taken(logs / writer, loader, 1) for writer in ("ours", "theirs")}
    yield Row(f"one training on digits, {loader}", [one["ours"] - none], [one["theirs"] - none], unit="B", against=against)
    # What the first run takes beyond the others is code that is loaded with it.
    each = {writer: (_taken(logs / f"many-{writer}", loader, many) - one[writer]) / (many - 1) for writer in one}
    goal = Goal(BUDGET * _OVERHEAD[loader], of="ours")
    yield Row(f"each of {many} trainings on digits, {loader}", [each["ours"]], [each["theirs"]], unit="B", against=against, goal=goal)
    size = sum(path.stat().st_size for path in (logs / "full").rglob("*") if path.is_file())
    taken = _taken(logs / "full", loader, 1) - none
    yield Row(f"a run that uses all of its evaluations' budget, {loader}", [taken], [size], unit="B", against="its size on disk", goal=goal)


def _taken(logdir: Path, loader: str, trainings: int) -> float:
    """Bytes of TensorBoard and its loader's process, of what they share their part, once the trainings are listed and nothing is added any more."""
    port = free_port(22_000)
    command = ("-m", "benchmarks.without", TENSORFLOW, "--logdir", str(logdir), "--port", str(port), "--host", "localhost", LOADERS[loader])
    with tempfile.TemporaryFile("w") as output, child(*command, output=output, errors=output) as process:
        begin = at_rest = time.monotonic()
        before = (-1, 0)
        while time.monotonic() - at_rest < _AT_REST or before[0] < trainings:
            if process.poll() is not None or time.monotonic() - begin > _PATIENCE:
                raise RuntimeError(f"TensorBoard did not read {logdir} with the {loader}")
            time.sleep(0.5)
            now = _listed(port), round(_memory(process.pid) / 1e6)
            if now != before:
                before, at_rest = now, time.monotonic()
        return _memory(process.pid)


def _listed(port: int) -> int:
    """How many trainings there are; -1 before there is an answer."""
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/data/plugin/layerscope/runs", timeout=60) as response:
            return len(json.load(response)["trainings"])
    except OSError:
        return -1


def _memory(pid: int) -> float:
    """Bytes of a process and its children."""
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    own = next(int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("Pss:"))
    return own + sum(_memory(other) for other in _children(pid))


def _children(pid: int) -> Iterator[int]:
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            # The name of a program is in brackets and may hold anything; its state and its parent follow.
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it has ended meanwhile
        if parent == pid:
            yield int(status.parent.name)


def _fill(run: Path, evaluations: int) -> None:
    """As the callback does: as many evaluations as 4 MB hold."""
    rng = np.random.default_rng(0)
    labels = [f"class {k}" for k in range(1000)]
    kept = within(4_000_000)
    with RunWriter(run) as writer:
        cost = 15_000
        for i in range(evaluations):
            if kept.due(i, cost=cost, length=evaluations):
                writer.write("validation/confusion_matrix", matrix(rng, labels, right=0.8), 100 * (i + 1))


def _train(folder: Path) -> None:
    """One training, logged by both callbacks, each in a folder of its own."""
    import keras

    from layerscope.keras import Layerscope
    from scripts.demo_trainings import digits

    data = digits()
    dense = keras.layers.Dense
    model = keras.Sequential(
        [keras.Input((8, 8)), keras.layers.Flatten(), dense(64, activation="relu"), dense(64, activation="relu"), dense(10, activation="softmax")]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    callbacks = [Layerscope(str(folder / "ours"), labels=10), keras.callbacks.TensorBoard(str(folder / "theirs"), histogram_freq=1)]
    model.fit(data.x, data.y, epochs=20, validation_data=(data.x_held_out, data.y_held_out), callbacks=callbacks, verbose=0)


if __name__ == "__main__":
    _train(Path(sys.argv[1]))
