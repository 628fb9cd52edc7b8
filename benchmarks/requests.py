"""What evaluations take on disk and over the wire, and how long the requests of the Predictions view take: many classes, many samples, fifty evaluations."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks.client import Answered, Client
from benchmarks.evaluation import BATCH, drawn
from benchmarks.logs import loaded, matrices
from benchmarks.row import Goal, Row, Unit
from layerscope import RunWriter
from scripts.processes import tensorboard
from writers.evaluation import Evaluation

EVALUATIONS = 50
MATRICES = (1000, 5000)
SCORED = ((1000, 50_000), (10, 1_000_000))
"""Classes and samples of evaluations with scores."""
NOTCH = 0.15
"""Seconds that a notch of the step slider may take."""


def rows(rounds: int = 3, classes: Sequence[int] = MATRICES, scored: Sequence[tuple[int, int]] = SCORED, evaluations: int = EVALUATIONS) -> list[Row]:
    """Of matrices alone, then of everything that scores give.

    Args:
        rounds: TensorBoards that are started, each of which is asked everything first and again.
        classes: Of the matrices, with fifty samples a class.
        scored: Classes and samples of evaluations with scores.
        evaluations: How many of each.
    """
    found = []
    for k in classes:
        with tempfile.TemporaryDirectory() as folder:
            matrices(Path(folder, "run"), k, evaluations)
            name, tag = f"{evaluations} evaluations of {50 * k:,} samples and {k:,} classes", {"run": "run", "tag": "validation/confusion_matrix"}
            asked = {"/points: the last": ("/points", {**tag, "steps": "last"}), "/points: all": ("/points", tag), "/order": ("/order", tag)}
            found += [_on_disk(name, Path(folder), evaluations), *_asked(name, Path(folder), asked, rounds)]
    for k, samples in scored:
        with tempfile.TemporaryDirectory() as folder:
            _log(Path(folder, "run"), k, samples, evaluations)
            name = f"{evaluations} evaluations of {samples:,} samples and {k:,} classes, with scores"
            found += [_on_disk(name, Path(folder), evaluations), *_asked(name, Path(folder), _of_scores(samples), rounds)]
    return found


def _of_scores(samples: int) -> Mapping[str, tuple[str, Mapping[str, str]]]:
    """What the view asks for, by what it is called; predictions where they are logged unasked."""
    curves = {"run": "run", "tag": "validation/score_curves"}
    asked = {
        "/curves: areas of all classes": ("/curves", curves),
        "/curves: one class, drawn": ("/curves", {**curves, "classes": "3"}),
        "/calibration": ("/calibration", {**curves, "bins": "15"}),
    }
    if samples <= 200_000:
        of_samples = {"run": "run", "tag": "validation/predictions"}
        asked |= {"/samples: the first errors": ("/samples", {**of_samples, "outcome": "wrong", "count": "100"}), "/changes": ("/changes", of_samples)}
    return asked


def _log(run: Path, classes: int, samples: int, evaluations: int) -> None:
    """The model gets better with each: its scores are blended with chance, less and less."""
    truth, p = drawn(samples, classes)
    with RunWriter(run) as writer:
        for i in range(evaluations):
            share = np.float32(0.3 + 0.6 * i / max(1, evaluations - 1))
            evaluation = Evaluation(classes, score="prob")
            for start in range(0, samples, BATCH):
                cut = slice(start, start + BATCH)
                evaluation.update(truth[cut], share * p[cut] + (1 - share) * np.roll(p[cut], i + 1, axis=0))
            evaluation.write(writer, "validation", 100 * (i + 1))


def _on_disk(name: str, folder: Path, evaluations: int) -> Row:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Row(f"{name}: each on disk", [size / evaluations], unit="B")


def _asked(name: str, logdir: Path, asked: Mapping[str, tuple[str, Mapping[str, str]]], rounds: int) -> list[Row]:
    """Each request to a fresh TensorBoard, first and again, and the bytes of its answer."""
    first: dict[str, list[Answered]] = {what: [] for what in asked}
    again: dict[str, list[Answered]] = {what: [] for what in asked}
    for _ in range(rounds):
        with tensorboard(logdir, "--load_fast=true") as server:
            loaded(server.url, 1)
            client = Client(server.url)
            for what, (route, query) in asked.items():
                first[what].append(client.get(route, query, compressed=True))
                again[what].append(client.get(route, query, compressed=True))
    rows = []
    for what in asked:
        # What is asked at each notch of the step slider.
        goal = None if what in ("/points: all", "/order") else Goal(NOTCH, of="ours")
        rows += [_row(f"{name}: {what}, first", first[what]), _row(f"{name}: {what}, again", again[what], goal)]
        rows.append(_sizes(f"{name}: {what}, over the wire", again[what]))
    return rows


def _row(name: str, answered: Sequence[Answered], goal: Goal | None = None) -> Row:
    return Row(name, [each.seconds for each in answered], goal=goal)


def _sizes(name: str, answered: Sequence[Answered], unit: Unit = "B") -> Row:
    return Row(name, [float(each.size) for each in answered], unit=unit)
