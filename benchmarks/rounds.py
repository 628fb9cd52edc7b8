"""Measures several ways of doing one thing side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

Measured = TypeVar("Measured")


def side_by_side(ways: Mapping[str, Callable[[], Measured]], rounds: int, *, warm_up: bool = True) -> dict[str, Sequence[Measured]]:
    """What each way measures in each round: A B, then B A, and so on, so that neither always comes first.

    Args:
        ways: Each does its thing once and says what it measured.
        rounds: How often.
        warm_up: Does each once before, unmeasured: caches of the disk, of imports, of compilers.
    """
    found: dict[str, list[Measured]] = {name: [] for name in ways}
    if warm_up:
        for way in ways.values():
            way()
    for number in range(rounds):
        order = list(ways) if number % 2 == 0 else list(ways)[::-1]
        for name in order:
            found[name].append(ways[name]())
    return {name: tuple(values) for name, values in found.items()}
