"""Which steps a budget of bytes keeps: pure functions, so that restarts agree. The rule is the contract's, "Budget"."""

from __future__ import annotations

from math import ceil

LARGEST_SHARE = 150_000_000
"""Bytes that one series may keep: one of more than 256 MiB does not reach the page."""

MOST_RECORDS = 700
"""Points of a series that has a record for each: TensorBoard keeps 1,000 and drops others at random.

The rest is room for a training that goes on past its announced length: each time it doubles it keeps a few more.
"""

_LEAST_POINTS = 256
_MOST_AT_START = 100
_FULL_DOUBLINGS = 16
_LEAST_A_DOUBLING = 8


def points_within(budget: float, cost: float, *, most: int = MOST_RECORDS) -> float:
    """How many points a series keeps.

    Args:
        budget: Bytes that it may take. It takes more where 256 points need it, up to `LARGEST_SHARE`.
        cost: Bytes of a point.
        most: How many it keeps at most, where bytes would allow more.
    """
    share = min(max(budget, _LEAST_POINTS * cost), LARGEST_SHARE)
    return min(most, share / max(cost, 1))


def is_kept(step: int, points: float, *, length: int | None, least: int) -> bool:
    """Whether a step is among the kept ones: all at the start, then evenly spaced.

    Args:
        step: From 0.
        points: How many to keep, from `points_within`.
        length: How many steps there will be, if known.
        least: Least spacing after the start.
    """
    begin, spacing = stretch(step, points, length=length, least=least)
    return (step - begin) % spacing == 0


def stretch(step: int, points: float, *, length: int | None, least: int) -> tuple[int, int]:
    """Where the evenly spaced stretch around a step begins, and its spacing; arguments as for `is_kept`.

    Where the length is not known, or past it, each doubling of the start is a stretch of about as many points, so that
    no length is too long: the 17th and all later ones together have no more than one before them.
    """
    start = ceil(min(_MOST_AT_START, points / 4))
    if step < start:
        return 0, 1
    if length is not None and step < length:
        return start, max(least, ceil((length - start) / max(1, points - start)))
    doubling = (step // start).bit_length() - 1
    begin = start << doubling
    points_here = max(_LEAST_A_DOUBLING, (points - start) / (_FULL_DOUBLINGS + 1)) / (1 << max(0, doubling - _FULL_DOUBLINGS + 1))
    return begin, max(least, ceil(begin / points_here))
