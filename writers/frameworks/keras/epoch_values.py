"""Loss and metrics of each epoch under the names of Keras' own callback, so that TensorBoard overlays them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from writers.frameworks.keras.runs import free_run
from writers.run_writer import RunWriter

TRAIN, VALIDATION = "train", "validation"


class EpochValues:
    """Writes each epoch's values to runs beside ours, unless Keras' callback, or anybody, writes there already.

    Whether somebody does is looked up when the first epoch is over for all callbacks, since Keras' one opens its files
    at the end of that epoch: values are kept until `settle`.

    Args:
        logdir: The folder of the runs.
    """

    def __init__(self, logdir: str) -> None:
        self._logdir = logdir
        self._runs: dict[str, RunWriter | None] = {}
        self._waiting: list[tuple[str, int, dict[str, float]]] = []
        self._is_settled = False

    def add(self, run: str, epoch: int, values: Mapping[str, Any]) -> None:
        """The values of one epoch."""
        numbers = {name: float(value) for name, value in values.items() if _is_number(value)}
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
        """Writes what waits and closes the runs."""
        self.settle()
        for run in self._runs.values():
            if run is not None:
                run.close()
        self._runs, self._is_settled = {}, False

    def _write(self, run: str, epoch: int, values: Mapping[str, float]) -> None:
        if run not in self._runs:
            self._runs[run] = free_run(self._logdir, run)
        writer = self._runs[run]
        if writer is not None:
            for name, value in values.items():
                writer.write(f"epoch_{name}", value, epoch)


def split(logs: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What Keras tells of an epoch, by run: `val_loss` is `loss` of validation."""
    train = {name: value for name, value in logs.items() if not name.startswith("val_")}
    validation = {name.removeprefix("val_"): value for name, value in logs.items() if name.startswith("val_")}
    return {run: values for run, values in ((TRAIN, train), (VALIDATION, validation)) if values}


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True
