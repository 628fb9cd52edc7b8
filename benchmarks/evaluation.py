"""What an evaluation gives, made by `Evaluation` and by scikit-learn from the same scores."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import confusion_matrix, log_loss, precision_recall_curve, roc_curve

from benchmarks.rounds import side_by_side
from benchmarks.row import Goal, Row
from scripts.processes import ROOT
from writers.evaluation import Evaluation

Array = np.ndarray[Any, Any]

BATCH = 1000
CASES = ((10_000, 10), (200_000, 10), (1_000_000, 2), (1_000_000, 10), (10_000, 1000))
LARGE = (50_000, 1000)


def rows(rounds: int = 3, cases: Sequence[tuple[int, int]] = CASES, large: tuple[int, int] = LARGE) -> list[Row]:
    """Matrix, curves of each class and of all pooled, and log loss, batch by batch; of ours the predictions of each sample too, where they are few."""
    found = []
    for samples, classes in cases:
        truth, p = drawn(samples, classes)
        ways: dict[str, Callable[[], float]] = {"ours": partial(_ours, truth, p), "theirs": partial(_theirs, truth, p)}
        took = side_by_side(ways, rounds, warm_up=False)
        name = f"an evaluation of {samples:,} samples and {classes:,} classes"
        found.append(Row(name, took["ours"], took["theirs"], against="scikit-learn's metrics", goal=Goal(1.0)))
    truth, p = drawn(*large)
    name = f"an evaluation of {large[0]:,} samples and {large[1]:,} classes"
    found.append(Row(name, [_ours(truth, p) for _ in range(rounds)]))
    scores = float(p.nbytes)
    del truth, p
    found.append(Row(f"{name}, memory", [_memory(*large)], [scores], unit="B", against="the scores themselves, float32", goal=Goal(1.0)))
    return found


def drawn(samples: int, classes: int) -> tuple[Array, Array]:
    """Labels, and probabilities float32 of a model that is mostly right."""
    random = np.random.default_rng(0)
    truth = random.integers(0, classes, samples)
    p = random.standard_normal((samples, classes), np.float32)
    p[np.arange(samples), truth] += 4
    np.exp(p, out=p)
    p /= p.sum(axis=1, keepdims=True)
    return truth, p


def _ours(truth: Array, p: Array) -> float:
    begin = time.perf_counter()
    evaluation = Evaluation(p.shape[1], score="prob")
    for start in range(0, len(truth), BATCH):
        evaluation.update(truth[start : start + BATCH], p[start : start + BATCH])
    payloads = evaluation.payloads()
    taken = time.perf_counter() - begin
    if evaluation.samples != len(truth) or "score_curves" not in payloads:
        raise RuntimeError(f"the evaluation has {evaluation.samples} samples, and {', '.join(payloads)}")
    return taken


def _theirs(truth: Array, p: Array) -> float:
    begin = time.perf_counter()
    classes = p.shape[1]
    confusion_matrix(truth, p.argmax(axis=1), labels=range(classes))
    for k in range(classes) if classes > 2 else (1,):
        _curves(truth == k, p[:, k])
    if classes > 2:
        _curves((truth[:, None] == np.arange(classes)).ravel(), p.ravel())
    log_loss(truth, p.astype(np.float64) / p.sum(axis=1, keepdims=True, dtype=np.float64), labels=range(classes))
    return time.perf_counter() - begin


def _curves(positive: Array, score: Array) -> None:
    roc_curve(positive, score, drop_intermediate=False)
    precision_recall_curve(positive, score)


def _memory(samples: int, classes: int) -> float:
    """Bytes that a process grows by at most, of which a batch of scores is there at a time."""
    program = [sys.executable, "-m", "benchmarks.evaluation", str(samples), str(classes)]
    return float(subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def _grown(samples: int, classes: int) -> int:
    _ours(*drawn(2, classes))  # what is loaded at first use
    before, evaluation = _most(), Evaluation(classes, score="prob")
    for _ in range(samples // BATCH):
        evaluation.update(*drawn(BATCH, classes))
    evaluation.payloads()
    return _most() - before


def _most() -> int:
    """Bytes of this program at its largest; what `getrusage` says begins with the memory of the process that started it."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])


if __name__ == "__main__":
    print(_grown(*map(int, sys.argv[1:])))
