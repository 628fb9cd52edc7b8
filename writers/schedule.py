"""When to write, as values: `every(100) | at_epoch_end()`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from writers.budget import LARGEST_SHARE, MOST_RECORDS, is_kept, points_within


class Schedule(ABC):
    """Says which steps are written: a function of its arguments alone, so that a training that was restarted agrees with itself.

    Schedules are frozen values; `a | b` is due whenever one of the two is. `str()` says one in words.
    """

    @abstractmethod
    def due(self, step: int, *, epoch_end: bool = False, cost: float = 1, length: int | None = None) -> bool:
        """Whether to write.

        Args:
            step: Counted from 0: a training batch, or an evaluation.
            epoch_end: Whether it is the last step of its epoch.
            cost: Bytes that one point takes.
            length: How many steps there will be, if known.
        """

    def __or__(self, other: Schedule) -> Schedule:
        return Either(self, other)


@dataclass(frozen=True)
class Either(Schedule):
    """Due whenever one of two schedules is."""

    one: Schedule
    other: Schedule

    def due(self, step: int, *, epoch_end: bool = False, cost: float = 1, length: int | None = None) -> bool:
        """See `Schedule`."""
        return any(part.due(step, epoch_end=epoch_end, cost=cost, length=length) for part in (self.one, self.other))

    def __str__(self) -> str:
        return f"{self.one}, and {self.other}"


@dataclass(frozen=True)
class every(Schedule):
    """Each nth step, from step 0."""

    n: int

    def __post_init__(self) -> None:
        _at_least_one("every", self.n)

    def due(self, step: int, *, epoch_end: bool = False, cost: float = 1, length: int | None = None) -> bool:
        """See `Schedule`."""
        return step % self.n == 0

    def __str__(self) -> str:
        return "every step" if self.n == 1 else f"every {self.n} steps"


@dataclass(frozen=True)
class first(Schedule):
    """The first n steps."""

    n: int

    def __post_init__(self) -> None:
        _at_least_one("first", self.n)

    def due(self, step: int, *, epoch_end: bool = False, cost: float = 1, length: int | None = None) -> bool:
        """See `Schedule`."""
        return step < self.n

    def __str__(self) -> str:
        return "the first step" if self.n == 1 else f"the first {self.n} steps"


@dataclass(frozen=True)
class at_epoch_end(Schedule):
    """The last step of each epoch."""

    def due(self, step: int, *, epoch_end: bool = False, cost: float = 1, length: int | None = None) -> bool:
        """See `Schedule`."""
        return epoch_end

    def __str__(self) -> str:
        return "the end of each epoch"


@dataclass(frozen=True)
class within(Schedule):
    """As many steps as a budget holds: all at the start, then evenly spaced, by the rule of the contract.

    All is a function of step, length and cost: pass the same cost in each run that shall agree with another.

    Args:
        budget: Bytes that the series may keep; at least 256 points are kept even where they take more.
        least_spacing: Least number of steps between two points after the start.
        most: Most points, where bytes would allow more. Beyond 1,000 TensorBoard drops some, at random.
    """

    budget: int
    least_spacing: int = 1
    most: int = MOST_RECORDS

    def __post_init__(self) -> None:
        _at_least_one("within", self.budget)
        _at_least_one("least_spacing", self.least_spacing)
        _at_least_one("most", self.most)
        if self.budget > LARGEST_SHARE:
            raise ValueError(f"a series may keep at most {LARGEST_SHARE} bytes, or it would not reach the page; within({self.budget}) asks for more")

    def due(self, step: int, *, epoch_end: bool = False, cost: float = 1, length: int | None = None) -> bool:
        """See `Schedule`."""
        return is_kept(step, points_within(self.budget, cost, most=self.most), length=length, least=self.least_spacing)

    def __str__(self) -> str:
        return f"all at the start (up to 100), then evenly spaced, within {self.budget / 1e6:g} MB"


def _at_least_one(name: str, n: int) -> None:
    if isinstance(n, bool) or not isinstance(n, int) or n < 1:
        raise ValueError(f"{name} takes a whole number from 1; it is {n!r:.80}")
