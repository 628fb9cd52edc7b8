"""Loss and metrics of each epoch under the names of Keras' own callback, so that TensorBoard overlays them."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Mapping
from typing import Any

from writers.event_file import read_name
from writers.frameworks.keras.logdir.runs import free_run
from writers.live import sizes
from writers.run_writer import RunWriter

_log = logging.getLogger("layerscope")

TRAIN, VALIDATION = "train", "validation"

_OPENED_WITH_OURS = 60.0
"""Seconds before ours in which a file that is part of this training may have been opened: Keras' callback draws a graph first."""


class EpochValues:
    """Writes each epoch's values to runs beside ours, unless Keras' callback, or anybody, writes there already.

    Whether somebody does is looked up when the first epoch is over for all callbacks, since Keras' one opens its files
    at the end of that epoch: values are kept until `settle`.

    Args:
        logdir: The folder of the runs.
        evaluations: Names of our own evaluations.
    """

    def __init__(self, logdir: str, evaluations: Iterable[str] = ()) -> None:
        self._logdir = os.path.abspath(logdir)
        self._began = time.time()
        self._earlier = {run: sizes(self._directory(run)) for run in (TRAIN, VALIDATION, *evaluations)}
        self._runs: dict[str, RunWriter | list[str]] = {}
        self._waiting: list[tuple[str, int, dict[str, float]]] = []
        self._is_settled = False

    def add(self, run: str, epoch: int, values: Mapping[str, Any]) -> None:
        """The values of one epoch."""
        numbers = {name: float(value) for name, value in values.items() if is_number(value)}
        if self._is_settled:
            self._write(run, epoch, numbers)
        else:
            self._waiting.append((run, epoch, numbers))

    def settle(self) -> None:
        """The first epoch is over for all callbacks: decides where to write, and writes what waited."""
        self._is_settled = self._is_settled or bool(self._waiting)
        waiting, self._waiting = self._waiting, []
        for run, epoch, values in waiting:
            self._write(run, epoch, values)

    def close(self) -> None:
        """Writes what waits, closes the runs, and tells of those that nobody wrote."""
        self.settle()
        for name, run in self._runs.items():
            if isinstance(run, RunWriter):
                run.close()
            elif self._is_silent(name, run):
                _log.warning(
                    "loss and metrics of the epochs were not written to %s, because %s there belongs to another writer, from which nothing came "
                    "in this training. Close that writer, or give each training a logdir of its own",
                    self._directory(name),
                    ", ".join(map(os.path.basename, run)),
                )
        self._runs, self._is_settled = {}, False

    def _write(self, name: str, epoch: int, values: Mapping[str, float]) -> None:
        if name not in self._runs:
            self._runs[name] = free_run(self._directory(name), self._earlier.get(name, {}))
        run = self._runs[name]
        if isinstance(run, RunWriter):
            for value_name, value in values.items():
                run.write(f"epoch_{value_name}", value, epoch)

    def _is_silent(self, name: str, files: Iterable[str]) -> bool:
        """Whether none of the files that kept ours away belongs to this training: all are older, and none has grown."""
        now, earlier = sizes(self._directory(name)), self._earlier.get(name, {})
        return all(path in earlier and now.get(path) == earlier[path] and not self._is_new(path) for path in files)

    def _is_new(self, path: str) -> bool:
        said = read_name(os.path.basename(path))
        return said is not None and said.time > self._began - _OPENED_WITH_OURS

    def _directory(self, run: str) -> str:
        return os.path.join(self._logdir, run)


def split(logs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What Keras tells of an epoch, by run: `val_loss` is `loss` of validation."""
    train = {name: value for name, value in logs.items() if not name.startswith("val_")}
    validation = {name.removeprefix("val_"): value for name, value in logs.items() if name.startswith("val_")}
    return {run: values for run, values in ((TRAIN, train), (VALIDATION, validation)) if values}


def is_number(value: Any) -> bool:
    """Whether Keras tells a number."""
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
