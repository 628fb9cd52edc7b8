"""A row of the table: what ours takes, what theirs takes, the ratio of the two, and the goal that was set before it was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Unit = Literal["s", "B", "B/s"]

_SCALES: dict[Unit, Sequence[tuple[float, str]]] = {
    "s": ((1, "s"), (1e-3, "ms"), (1e-6, "µs")),
    "B": ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B")),
    "B/s": ((1e9, "GB/s"), (1e6, "MB/s"), (1e3, "kB/s"), (1, "B/s")),
}


@dataclass(frozen=True)
class Goal:
    """A bound of our own value, or of its ratio to theirs.

    Attributes:
        bound: In the row's unit, or a ratio.
        of: Which of the two it bounds.
        is_least: It bounds from below.
    """

    bound: float
    of: Literal["ours", "ratio"] = "ratio"
    is_least: bool = False

    def is_met_by(self, value: float) -> bool:
        """Whether a value is within the bound."""
        return value >= self.bound if self.is_least else value <= self.bound


@dataclass(frozen=True)
class Row:
    """What was measured, round by round.

    Attributes:
        name: What it is of, with its sizes.
        ours: Our value in each round.
        theirs: What it is compared with, in the same rounds; empty where there is nothing to compare with.
        unit: Of both.
        against: What theirs is.
        goal: What was set.
    """

    name: str
    ours: Sequence[float]
    theirs: Sequence[float] = ()
    unit: Unit = "s"
    against: str = ""
    goal: Goal | None = None

    def __post_init__(self) -> None:
        if not self.ours or (self.theirs and len(self.theirs) != len(self.ours)):
            raise ValueError(f"{self.name}: a row needs rounds, and as many of theirs as of ours; it has {len(self.ours)} and {len(self.theirs)}")

    @property
    def ratios(self) -> list[float]:
        """Ours by theirs, of the two that stood side by side: what slows a machine for a while slows both."""
        return [ours / theirs for ours, theirs in zip(self.ours, self.theirs, strict=False)]

    @property
    def is_met(self) -> bool | None:
        """Whether the median meets the goal; None without one."""
        if self.goal is None:
            return None
        return self.goal.is_met_by(median(self.ours if self.goal.of == "ours" else self.ratios))

    def cells(self) -> tuple[str, ...]:
        """The row as text: medians, with least and most behind them."""
        ratios = self.ratios
        return (
            self.name,
            _spread(self.ours, self.unit),
            _spread(self.theirs, self.unit) if self.theirs else "–",
            self.against or "–",
            f"**{_ratio(median(ratios))}** ({_ratio(min(ratios))}–{_ratio(max(ratios))})" if ratios else "–",
            self._goal(),
            {None: "–", True: "yes", False: "**no**"}[self.is_met],
        )

    def _goal(self) -> str:
        if self.goal is None:
            return "–"
        sign = "≥" if self.goal.is_least else "≤"
        return f"{sign} {_amount(self.goal.bound, self.unit) if self.goal.of == 'ours' else f'{self.goal.bound:g} ×'}"


HEADER = ("what", "ours", "theirs", "theirs is", "ours / theirs", "goal", "met")


def _spread(values: Sequence[float], unit: Unit) -> str:
    middle = _amount(median(values), unit)
    return middle if len(values) == 1 else f"{middle} ({_amount(min(values), unit)}–{_amount(max(values), unit)})"


def _amount(value: float, unit: Unit) -> str:
    scale, name = next((pair for pair in _SCALES[unit] if abs(value) >= pair[0]), _SCALES[unit][-1])
    return f"{_digits(value / scale)} {name}"


def _ratio(value: float) -> str:
    return f"{value:.3f}" if 0.5 <= value < 2 else _digits(value)


def _digits(value: float) -> str:
    """Three significant digits, never in powers of ten."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{float(f'{value:.3g}'):g}"
