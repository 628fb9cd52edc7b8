"""The faults by name. Each is a function of an empty folder and a number of rounds, run in a process of its own: `strike`."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import types
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.faults import of_disk, of_process, of_time
from tests.faults.outcome import Outcome, printed

ROOT = Path(__file__).resolve().parents[2]

Fault = Callable[[Path, int, list[logging.LogRecord]], Outcome]

FAULTS: Mapping[str, Fault] = {
    "disk full, then room again": of_disk.full,
    "disk full when the run begins": of_disk.full_at_start,
    "write cut short at each byte of a record": of_disk.short_writes,
    "directory removed while writing": of_disk.directory_removed,
    "directory replaced by a file": of_disk.directory_replaced,
    "directory made read-only": of_disk.directory_read_only,
    "all descriptors closed by the program": of_process.descriptors_closed,
    "kill -9 at a random moment": of_process.killed,
    "Ctrl-C at a random moment": of_process.interrupted,
    "Ctrl-C, and the program goes on writing": of_process.interrupted_and_going_on,
    "forked workers that write through one RunWriter": of_process.forked,
    "two processes in one directory": of_process.two_writers,
    "interpreter ends without close": of_process.no_close,
    "closed twice": of_process.closed_twice,
    "clock set back while writing": of_time.falling,
    "clock set back between two runs of a program": of_time.set_back_between,
}


def strike(name: str, folder: Path, rounds: int, patience: float) -> Outcome:
    """Brings a fault about and returns what it did.

    Raises:
        subprocess.TimeoutExpired: It hangs.
        RuntimeError: The process itself fell.
    """
    command = [sys.executable, "-m", __name__, name, str(folder), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{name}: {done.stderr}")
    return Outcome(**json.loads(done.stdout.splitlines()[-1]))


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


def _main() -> None:
    # TensorBoard's own switch: its loader without TensorFlow, whose import takes longer than most faults.
    sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")
    name, folder, rounds = sys.argv[1:]
    kept = _Kept()
    logging.getLogger("layerscope").addHandler(kept)
    print(printed(FAULTS[name](Path(folder), int(rounds), kept.records)))


if __name__ == "__main__":
    _main()
