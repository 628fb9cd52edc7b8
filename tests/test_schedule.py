"""Schedules are values, and the budget keeps what the contract says: nothing here depends on what was written before."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.backend.event_processing.data_ingester import DEFAULT_TENSOR_SIZE_GUIDANCE

from tb_plugin.loader import KEPT_POINTS
from writers.budget import LARGEST_SHARE, MOST_RECORDS, is_kept, points_within, stretch
from writers.schedule import Schedule, at_epoch_end, every, first, within

STEPS = st.integers(0, 10**7)
SCHEDULES = st.one_of(st.integers(1, 50).map(every), st.integers(1, 50).map(first), st.just(at_epoch_end()), st.integers(1, 10**7).map(within))


def kept(points: float, steps: int, *, length: int | None, least: int = 10) -> list[int]:
    return [step for step in range(steps) if is_kept(step, points, length=length, least=least)]


@settings(max_examples=60)
@given(STEPS, st.integers(1, 1000), st.booleans())
def test_each_schedule_is_due_when_it_says(step: int, n: int, epoch_end: bool) -> None:
    assert every(n).due(step, epoch_end=epoch_end) == (step % n == 0)
    assert first(n).due(step, epoch_end=epoch_end) == (step < n)
    assert at_epoch_end().due(step, epoch_end=epoch_end) == epoch_end


@settings(max_examples=60)
@given(SCHEDULES, SCHEDULES, STEPS, st.booleans(), st.integers(1, 10**6), st.none() | st.integers(1, 10**7))
def test_either_of_two_is_due_when_one_is(a: Schedule, b: Schedule, step: int, epoch_end: bool, cost: int, length: int | None) -> None:
    now: dict[str, Any] = {"epoch_end": epoch_end, "cost": cost, "length": length}

    assert (a | b).due(step, **now) == (a.due(step, **now) or b.due(step, **now)) == (b | a).due(step, **now)
    assert (a | b | a).due(step, **now) == (a | b).due(step, **now)


def test_schedules_are_values_with_words() -> None:
    assert every(100) | first(2) == every(100) | first(2)
    assert hash(within(5)) == hash(within(5))
    assert str(every(1) | at_epoch_end()) == "every step, and the end of each epoch"
    assert str(first(100) | every(10)) == "the first 100 steps, and every 10 steps"
    assert str(within(4_000_000)) == "all at the start (up to 100), then evenly spaced, within 4 MB"


@pytest.mark.parametrize("make", [every, first, within, lambda n: within(1, most=n)])
@pytest.mark.parametrize("n", [0, -1, 1.5, True, "3"])
def test_numbers_that_are_none_are_refused(make: Any, n: Any) -> None:
    with pytest.raises(ValueError, match="a whole number from 1"):
        make(n)


def test_a_series_that_would_not_reach_the_page_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 150000000 bytes"):
        within(LARGEST_SHARE + 1)


@pytest.mark.parametrize(
    ("steps", "known", "spacing", "count"),
    [(10**4, True, 17, 683), (10**4, False, 177, 292), (10**6, True, 1621, 717), (10**6, False, 22577, 539)],
)
def test_the_contracts_own_figures_come_out(steps: int, known: bool, spacing: int, count: int) -> None:
    """300 parameters: 5,580 bytes a step of 4 MB. Spacing at the end, and steps logged in all ("about 700 / 720 and 290 / 530")."""
    found = kept(points_within(4e6, 5580, most=4000), steps, length=steps if known else None)

    assert found[-1] - found[-2] == spacing
    assert len(found) == count
    assert found[:100] == list(range(100))


@settings(max_examples=60)
@given(st.floats(1, 1e9), st.floats(1, 1e9))
def test_a_series_keeps_its_share_or_256_points_and_never_more_than_reaches_the_page(budget: float, cost: float) -> None:
    points = points_within(budget, cost)

    assert points * cost <= max(budget, 256 * cost) * (1 + 1e-9)
    assert points * cost <= LARGEST_SHARE * (1 + 1e-9)
    assert points <= MOST_RECORDS
    assert points_within(budget, cost, most=4000) <= 4000


@settings(max_examples=60)
@given(st.floats(40, 4000), st.integers(1, 30_000), st.integers(1, 20))
def test_a_known_length_keeps_no_more_than_the_budget_and_reaches_the_end(points: float, length: int, least: int) -> None:
    found = kept(points, length, length=length, least=least)

    assert len(found) <= points + 1
    if length > 200:
        gaps = [b - a for a, b in zip(found, [*found[1:], length], strict=True)]
        assert max(gaps) <= max(least, -(-length // int(points * 0.7)))


@settings(max_examples=60)
@given(st.floats(256, 4000), st.integers(1, 20))
def test_an_unknown_length_keeps_no_more_than_the_budget_however_long_it_gets(points: float, least: int) -> None:
    """Counted by stretches: 45 doublings are more steps than any training has."""
    step, total, stretches = 0, 0.0, 0
    while step < 10**15:
        begin, spacing = stretch(step, points, length=None, least=least)
        assert begin == step
        step = 2 * step if step else next(s for s in range(1, 200) if stretch(s, points, length=None, least=least)[0])
        total += -(-(step - begin) // spacing)
        stretches += 1

    assert total <= points + stretches


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(1, 10**5), st.none() | st.integers(1, 10**6))
def test_a_restart_agrees_with_the_training_it_goes_on_from(step: int, cost: int, length: int | None) -> None:
    first_run, second_run = within(10**6), within(10**6)

    assert first_run.due(step, cost=cost, length=length) == second_run.due(step, cost=cost, length=length)


@pytest.mark.parametrize("length", [None, 1, 300, 1000, 3000, 20_000])
def test_tensorboard_never_has_more_points_than_it_keeps(length: int | None) -> None:
    """Beyond, it drops some at random; also when a training goes on to 32 times its length, and with what is written at its end."""
    steps = 2**20 if length is None else 32 * length
    cheap = within(LARGEST_SHARE)

    found = [step for step in range(steps) if cheap.due(step, cost=1, length=length)]

    assert len(found) < min(KEPT_POINTS, tensorboards_own("scalars"))
    if length is not None:
        assert sum(step < length for step in found) >= min(length, MOST_RECORDS // 2)


def tensorboards_own(plugin: str) -> int:
    """Points of a series that TensorBoard keeps of one of its own plugins."""
    return int(DEFAULT_TENSOR_SIZE_GUIDANCE[plugin])


def test_past_the_announced_length_the_spacing_goes_on_growing() -> None:
    found = kept(400, 20_000, length=1000)

    late = [step for step in found if step >= 1000]
    assert late
    assert len(late) < 400


def test_a_short_training_is_kept_whole() -> None:
    assert kept(points_within(4e6, 20_000), 200, length=200, least=1) == list(range(200))
    assert all(within(4_000_000).due(step, cost=20_000, length=200) for step in range(200))
