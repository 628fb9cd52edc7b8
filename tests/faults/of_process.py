"""Faults of the process that writes."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import struct
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults.of_disk import Records, attempt, close
from tests.faults.outcome import Outcome, steps
from writers import RunWriter, confusion_matrix

_LONGEST = 0.1
"""Seconds within which a process is struck."""

_LABELS = [f"class {i}" for i in range(50)]


def killed(folder: Path, rounds: int, told: Records) -> Outcome:
    """Each record is acknowledged after `write` returned; all that were, must be readable."""
    outcome = Outcome("SIGKILL of a process that writes scalars and matrices")
    chance = random.Random(0)
    for i in range(rounds):
        place = folder / f"run{i}"
        acknowledged, _ = _struck(partial(_write_for_ever, place), signal.SIGKILL, chance.uniform(0.002, _LONGEST))
        outcome.expect(acknowledged, steps(place))
        outcome.expect(acknowledged, steps(place, "validation/confusion_matrix"))
        outcome.rounds += 1
    return outcome


def interrupted(folder: Path, rounds: int, told: Records) -> Outcome:
    """KeyboardInterrupt comes out of whatever runs at that moment, and closes the run on its way."""
    outcome = Outcome("SIGINT, the run closed by its with block")
    chance = random.Random(1)
    for i in range(rounds):
        place = folder / f"run{i}"
        acknowledged, status = _struck(partial(_until_interrupted, place, 0), signal.SIGINT, chance.uniform(0.02, _LONGEST))
        outcome.told &= status == 0
        outcome.expect(acknowledged, steps(place))
        outcome.rounds += 1
    return outcome


def interrupted_and_going_on(folder: Path, rounds: int, told: Records) -> Outcome:
    """As in a notebook: the cell is stopped, the next one writes to the same run."""
    outcome = Outcome("SIGINT, then 20 records more")
    chance = random.Random(2)
    for i in range(rounds):
        place = folder / f"run{i}"
        acknowledged, status = _struck(partial(_until_interrupted, place, 20), signal.SIGINT, chance.uniform(0.02, _LONGEST))
        outcome.told &= status == 0
        outcome.expect(acknowledged, steps(place))
        outcome.rounds += 1
    return outcome


def forked(folder: Path, rounds: int, told: Records) -> Outcome:
    """Workers of `multiprocessing`, as a DataLoader makes them, and their parent write at the same time."""
    outcome = Outcome("4 processes of multiprocessing (fork) and their parent")
    context = multiprocessing.get_context("fork")
    for i in range(rounds):
        place = folder / f"run{i}"
        run = RunWriter(place)
        attempt(outcome, run, 0)
        workers = [context.Process(target=_worker, args=(run, 100 * n)) for n in range(1, 5)]
        for worker in workers:
            worker.start()
        kept = {0} | {step for step in range(1, 50) if attempt(outcome, run, step)}
        for worker in workers:
            worker.join()
            outcome.told &= worker.exitcode == 0
        close(outcome, run, told)
        outcome.expect(kept | {100 * n + k for n in range(1, 5) for k in range(50)}, steps(place))
        outcome.told &= len(list(place.iterdir())) == 5
        outcome.rounds += 1
    return outcome


def two_writers(folder: Path, rounds: int, told: Records) -> Outcome:
    """Two processes open one directory in the same second and write at the same time; the second is warned."""
    outcome = Outcome("two processes, 100 records each")
    context = multiprocessing.get_context("fork")
    for i in range(rounds):
        place = folder / f"run{i}"
        others = [context.Process(target=_opener, args=(place, 1000 * n)) for n in range(2)]
        for other in others:
            other.start()
        for other in others:
            other.join()
            outcome.told &= other.exitcode == 0
        outcome.expect({1000 * n + k for n in range(2) for k in range(100)}, steps(place))
        living = RunWriter(place)
        before = len(told)
        RunWriter(place).close()
        outcome.told &= any("still being written" in record.getMessage() for record in told[before:])
        living.close()
        outcome.rounds += 1
    return outcome


def descriptors_closed(folder: Path, rounds: int, told: Records) -> Outcome:
    """A program makes a daemon of itself and closes all descriptors; the number of ours then belongs to somebody else's file."""
    outcome = Outcome("os.closerange, then the number is given to another file")
    for i in range(rounds):
        place = folder / f"run{i}"
        run = RunWriter(place)
        kept = {step for step in (0, 1) if attempt(outcome, run, step)}
        number = os.open(folder / "other", os.O_CREAT | os.O_RDWR)
        os.close(number)
        os.closerange(number - 1, number)  # ours was the last one opened before
        stranger = os.open(folder / "other", os.O_CREAT | os.O_RDWR)
        outcome.told &= stranger == number - 1
        kept |= {step for step in (2, 3) if attempt(outcome, run, step)}
        close(outcome, run, told)
        os.close(stranger)  # raises, had we closed it
        outcome.told &= (folder / "other").stat().st_size == 0
        outcome.expect(kept | {0, 1, 2, 3}, steps(place))
        outcome.rounds += 1
    return outcome


def no_close(folder: Path, rounds: int, told: Records) -> Outcome:
    """The interpreter ends with the run open, half of the times after a full disk: all is there, and the loss is told."""
    outcome = Outcome("end of the interpreter")
    program = """
        import resource, sys
        from writers import RunWriter
        run = RunWriter(sys.argv[1])
        for step in range(10):
            run.write("loss", 0.5, step)
        if sys.argv[2] == "1":
            resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
            run.write("loss", 0.5, 10)
            run.write("loss", 0.5, 11)
    """
    for i in range(rounds):
        arguments = [str(folder / f"run{i}"), str(i % 2)]
        done = subprocess.run([sys.executable, "-c", textwrap.dedent(program), *arguments], capture_output=True, text=True, check=False)
        outcome.told &= done.returncode == 0 and done.stderr.count("2 records") == i % 2 == done.stderr.count("cannot write")
        outcome.dropped += 2 * (i % 2)
        outcome.expect(set(range(10)), steps(folder / f"run{i}"))
        outcome.rounds += 1
    return outcome


def closed_twice(folder: Path, rounds: int, told: Records) -> Outcome:
    """`close` again, and `flush` after it, do nothing; `write` says that the run is closed."""
    outcome = Outcome("close, close, flush, write")
    for i in range(rounds):
        run = RunWriter(folder / f"run{i}")
        kept = {step for step in range(3) if attempt(outcome, run, step)}
        for _ in range(2):
            close(outcome, run, told)
            run.flush()
        try:
            run.write("loss", 0.5, 3)
            outcome.told = False
        except ValueError as error:
            outcome.told &= "after close()" in str(error)
        outcome.expect(kept | {0, 1, 2}, steps(folder / f"run{i}"))
        outcome.rounds += 1
    return outcome


def _worker(run: RunWriter, first: int) -> None:
    for step in range(first, first + 50):
        run.write("loss", 0.5, step)


def _opener(place: Path, first: int) -> None:
    with RunWriter(place) as run:
        for step in range(first, first + 100):
            run.write("loss", 0.5, step)


def _struck(life: Callable[[Callable[[int], None]], None], blow: signal.Signals, after: float) -> tuple[set[int], int]:
    """Forks a process, strikes it, and returns the steps that it acknowledged and its exit status."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            life(lambda step: _say(writer, step))
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    first = os.read(reader, 8)  # it is at work
    time.sleep(after)
    os.kill(child, blow)
    _, status = os.waitpid(child, 0)
    said = first + b"".join(iter(lambda: os.read(reader, 65_536), b""))
    os.close(reader)
    return {step for (step,) in struct.iter_unpack("<q", said)}, status


def _say(pipe: int, step: int) -> None:
    os.write(pipe, struct.pack("<q", step))


def _write_for_ever(place: Path, say: Callable[[int], None]) -> None:
    matrix = confusion_matrix.from_predictions(range(50), range(50), labels=_LABELS)
    run = RunWriter(place)
    for step in range(10**9):
        run.write("loss", 0.5, step)
        run.write("validation/confusion_matrix", matrix, step)
        say(step)


def _until_interrupted(place: Path, more: int, say: Callable[[int], None]) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with RunWriter(place) as run:
        last = 0
        try:
            for step in range(10**9):
                last = step
                run.write("loss", 0.5, step)
                say(step)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        for step in range(last + 1, last + 1 + more):
            run.write("loss", 0.5, step)
            say(step)
