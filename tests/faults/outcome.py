"""What a fault did to a run, told by TensorBoard's own loader."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tensorboard.backend.event_processing.event_file_loader import EventFileLoader


@dataclass
class Outcome:
    """Counts of one fault, over all its rounds.

    Attributes:
        how: By what the fault was brought about.
        rounds: How often it struck.
        kept: Records that `write` returned from and that were not counted as dropped.
        readable: Of the kept ones, those that TensorBoard's loader gives back.
        dropped: Records that the writers counted as lost.
        told: Whether a warning named each writer's loss with its count.
        raised: What came out of `write`, `flush` or `close` into the training.
    """

    how: str
    rounds: int = 0
    kept: int = 0
    readable: int = 0
    dropped: int = 0
    told: bool = True
    raised: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Nothing flushed is lost, nothing raises, and what was dropped is told."""
        return self.rounds > 0 and self.kept == self.readable and self.told and not self.raised

    def expect(self, wanted: set[int], found: set[int]) -> None:
        """Counts steps that were written, and those of them that are readable."""
        self.kept += len(wanted)
        self.readable += len(wanted & found)


def steps(folder: Path, tag: str = "loss") -> set[int]:
    """Steps of a tag below a folder, as TensorBoard's loader reads its files."""
    return {event.step for event, value in values(folder) if value.tag == tag}


def values(folder: Path) -> list[tuple[Any, Any]]:
    """Each summary value below a folder with its event, file by file."""
    events = [event for path in sorted(folder.rglob("*tfevents*")) for event in EventFileLoader(str(path)).Load()]
    return [(event, value) for event in events for value in event.summary.value]


def printed(outcome: Outcome) -> str:
    """An outcome on one line, for whoever started the process."""
    return json.dumps(outcome.__dict__)
