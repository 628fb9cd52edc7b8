"""Faults of the clock."""

from __future__ import annotations

import os
import time
from pathlib import Path

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from tb_plugin.open import open_logdir
from tb_plugin.schema.training_facts import TrainingFacts
from tb_plugin.store import Caller
from tests.faults.of_disk import Records, attempt, close
from tests.faults.outcome import Outcome, steps
from writers import RunWriter


def falling(folder: Path, rounds: int, told: Records) -> Outcome:
    """Each record is an hour older than the one before."""
    outcome = Outcome("wall_time falls by an hour a record")
    for i in range(rounds):
        with RunWriter(folder / f"run{i}") as run:
            for step in range(5):
                run.write("training_facts", TrainingFacts(first_step=step), step, wall_time=1e9 - 3600 * step)
        store = open_logdir(folder / f"run{i}")
        (series,) = store.listing(Caller.local())
        found = store.points(Caller.local(), series)
        outcome.expect(set(range(5)), {point.step for point in found.points})
        outcome.told &= not found.problems
        outcome.rounds += 1
    return outcome


def set_back_between(folder: Path, rounds: int, told: Records) -> Outcome:
    """A training is resumed with the clock behind: the new file must be read after the old one, to which a later time belongs."""
    outcome = Outcome("the earlier file's name is a day ahead")
    for i in range(rounds):
        place = folder / f"run{i}"
        first = RunWriter(place)
        kept = {step for step in range(5) if attempt(outcome, first, step)}
        close(outcome, first, told)
        (path,) = place.iterdir()
        ahead = f"{int(time.time()) + 86_400:010d}"
        os.rename(path, place / path.name.replace(path.name.split(".")[3], ahead))
        second = RunWriter(place)
        kept |= {step for step in range(5, 10) if attempt(outcome, second, step)}
        close(outcome, second, told)
        newest = max(place.iterdir(), key=lambda p: p.name)
        outcome.told &= steps(place) == set(range(10)) and {5} <= _steps_of(newest)
        outcome.expect(kept, steps(place))
        outcome.rounds += 1
    return outcome


def _steps_of(path: Path) -> set[int]:
    """Steps of one file."""
    return {event.step for event in EventFileLoader(str(path)).Load()}
