"""A request's parameters, checked once: from here on they are what the routes need, or a 400 that says what to fix."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tb_plugin.refusals import BadQuery

_RANGE = re.compile(r"([0-9]{0,15})\.\.([0-9]{0,15})")


@dataclass(frozen=True)
class Span:
    """A range of whole numbers, both ends included; None is open."""

    first: int | None = None
    last: int | None = None

    def within(self, size: int) -> range:
        """Those of its numbers that lie below a size."""
        return range(self.first or 0, size if self.last is None else min(size, self.last + 1))


@dataclass(frozen=True)
class Query:
    """What is asked for.

    Attributes:
        run, tag: The series, empty where the route takes none.
        training: Name of a training, empty where the route takes none.
        steps: Range of steps, which begins with the last one at or before its first; the whole series by default.
        newest: Only the last step.
        most: Largest number of steps, thinned evenly with both ends kept; None: all.
        statistics: Names of the statistics, each once; empty: all.
        parameters: Ranges of places among the parameters, rising; empty: all.
    """

    run: str = ""
    tag: str = ""
    training: str = ""
    steps: Span = Span()
    newest: bool = False
    most: int | None = None
    statistics: tuple[str, ...] = ()
    parameters: tuple[Span, ...] = ()

    def choose(self, steps: Sequence[float]) -> list[int]:
        """Places of the steps asked for.

        Args:
            steps: All that there are, rising.
        """
        if self.newest:
            return [len(steps) - 1] if steps else []
        start = 0 if self.steps.first is None else max(0, bisect_right(steps, self.steps.first) - 1)
        end = len(steps) if self.steps.last is None else bisect_right(steps, self.steps.last)
        return [start + i for i in _thinned(max(0, end - start), self.most)]


def parse(arguments: Any, *, needed: Sequence[str], allowed: Sequence[str] = ()) -> Query:
    """Checks a request's parameters.

    Args:
        arguments: The request's `MultiDict`.
        needed: Parameters that must be given.
        allowed: Parameters that may be given.

    Raises:
        BadQuery: One is missing, unknown, given twice, or not of its form.
    """
    known = [*needed, *allowed]
    for name in arguments:
        if name not in known:
            takes = f"this route takes {', '.join(known)}" if known else "this route takes none"
            raise BadQuery(f"unknown parameter {name!r:.80}", f"Leave it out; {takes}.")
        if len(arguments.getlist(name)) > 1:
            raise BadQuery(f"{name} is given {len(arguments.getlist(name))} times", "Give it once; ask again for each other value.")
    for name in needed:
        if not arguments.get(name):
            raise BadQuery(f"{name} is required", f"Add {name}=…; the route runs lists what there is.")
    steps = arguments.get("steps", "..")
    return Query(
        run=arguments.get("run", ""),
        tag=arguments.get("tag", ""),
        training=arguments.get("training", ""),
        steps=Span() if steps == "last" else _span("steps", steps, "100..200, 100.., ..200 or last"),
        newest=steps == "last",
        most=_most(arguments["max"]) if "max" in arguments else None,
        statistics=_names(arguments["statistic"]) if "statistic" in arguments else (),
        parameters=_spans(arguments["parameters"]) if "parameters" in arguments else (),
    )


def _thinned(n: int, most: int | None) -> list[int]:
    """`most` of `n` places, evenly spaced, both ends among them; the last one where only one is wanted."""
    if most is None or n <= most:
        return list(range(n))
    if most == 1:
        return [n - 1]
    return [i * (n - 1) // (most - 1) for i in range(most)]


def _span(name: str, text: str, forms: str) -> Span:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise BadQuery(f"{name} must be a range; it is {text!r:.80}", f"Write {name}={forms}.")
    first, last = (int(end) if end else None for end in match.groups())
    if first is not None and last is not None and first > last:
        raise BadQuery(f"{name} must not fall; it is {text!r:.80}", f"Write {name}={last}..{first}.")
    return Span(first, last)


def _spans(text: str) -> tuple[Span, ...]:
    parts = (f"{part}..{part}" if part.isdecimal() else part for part in text.split(","))
    spans = tuple(_span("parameters", part, "0..9, 10.. or 3,5,8") for part in parts)
    for before, after in pairwise(spans):
        if before.last is None or after.first is None or after.first <= before.last:
            raise BadQuery(f"parameters must rise; it is {text!r:.80}", "Name each place once, the lowest first.")
    return spans


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if len(set(names)) < len(names):
        raise BadQuery(f"statistic must name each once; it is {text!r:.80}", "Write statistic=weight_sum,gradient_sum.")
    return names


def _most(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise BadQuery(f"max must be a whole number from 1; it is {text!r:.80}", "Write max=500, or leave it out for all points.")
    return int(text)
