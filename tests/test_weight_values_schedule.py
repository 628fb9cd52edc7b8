"""Which moments are told: a function of the training alone, within the budget however long it takes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writers.weight_values_plan import OVERHEAD, part_of
from writers.weight_values_schedule import BUDGET, MOST_COPIED, WeightValuesSchedule, schedule_of

Shapes = list[tuple[int, ...]]

SMALL: Shapes = [(784, 256), (256,), (256, 128), (128,), (128, 10), (10,)]
RESNET: Shapes = [(7, 7, 3, 64)] + [(1, 1, 256, 64), (3, 3, 64, 64), (1, 1, 64, 256), (256,), (256,), (256,), (256,)] * 16 + [(2048, 1000), (1000,)]
TRANSFORMER: Shapes = [(50_000, 768)] + [(768, 12, 64)] * 3 * 96 + [(12, 64, 768), (768, 3072), (3072, 768), (768,), (3072,)] * 96
MANY: Shapes = [(64, 64), (64,)] * 2_500
MODELS = {"small": SMALL, "resnet": RESNET, "transformer": TRANSFORMER, "5,000 parameters": MANY}


def planned(shapes: Shapes, budget: float = BUDGET, length: int | None = None, unit: int = 1) -> WeightValuesSchedule:
    return schedule_of(shapes, [""] * len(shapes), budget=budget, length=length, unit=unit)


def moments(schedule: WeightValuesSchedule, end: int) -> list[int]:
    """All that are due up to the end, and the last one, which is told at close."""
    found, number = [], 0
    while (number := schedule.next_due(number)) <= end:
        found.append(number)
        number += 1
    return sorted({*found, end})


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("length", [None, 1, 10, 100, 10_000, 1_000_000])
@pytest.mark.parametrize("budget", [BUDGET / 10, BUDGET, 10 * BUDGET])
def test_the_budget_is_kept_or_it_is_said_and_three_times_is_never_passed(name: str, length: int | None, budget: float) -> None:
    schedule = planned(MODELS[name], budget, length, 100 if length is None else 1)

    for end in (10**2, 10**4, 10**6) if length is None else (length,):
        told = moments(schedule, end)
        assert len(told) <= schedule.points <= 22
        size = len(told) * sum(part.bytes for part in schedule.parts)
        assert size <= 3.01 * budget + len(told) * OVERHEAD * len(schedule.parts)
        assert size <= budget or "more than its" in str(schedule)
    assert any(part.kept != "none" for part in schedule.parts)


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_the_start_and_the_end_are_told_and_the_rest_lies_evenly(length: int, begin: int) -> None:
    schedule = planned(SMALL, length=length)

    told = moments(schedule, length)

    assert told[0] == 0
    assert told[-1] == length
    gaps = {b - a for a, b in itertools.pairwise(told)}
    assert len(gaps - {told[-1] - told[-2]}) <= 1
    # A restart agrees: what is due from a step on is due in the whole.
    again = [number for number in moments(schedule, length) if number >= min(begin, length)]
    assert schedule.next_due(min(begin, length)) == again[0]


@given(st.sampled_from([None, 1, 7, 500]), st.integers(0, 10**9))
def test_what_is_due_is_not_before_what_was_asked_and_stays_due(length: int | None, number: int) -> None:
    schedule = planned(SMALL, length=length, unit=100)

    due = schedule.next_due(number)

    assert due >= number
    assert schedule.next_due(due) == due or due == 2**63


def test_a_training_that_goes_on_past_its_length_is_told_each_time_it_doubles() -> None:
    schedule = planned(SMALL, length=10)

    assert moments(schedule, 85)[-5:] == [10, 20, 40, 80, 85]


def test_cells_are_given_up_for_moments_but_six() -> None:
    small, resnet, large = (planned(shapes, length=100) for shapes in (SMALL, RESNET, TRANSFORMER))

    assert small.points >= 6
    assert (small.cells, resnet.cells) == (32_768, 1_024)
    assert large.points == 4
    assert planned(SMALL, length=2).cells == 65_536  # three moments are all there are
    assert planned([SMALL[2]], length=100).cells == 65_536  # of a list, each gets the share of all


def test_the_largest_parameters_are_not_copied_beyond_half_a_gigabyte() -> None:
    side = 10_000
    shapes: Shapes = [(side, side), *[(side, side // 10)] * 3]

    schedule = planned(shapes, length=10)

    assert [part.kept for part in schedule.parts] == ["none"] + ["blocks"] * 3
    assert [part.kept for part in planned([shapes[0]], length=10).parts] == ["blocks"]
    assert 4 * side**2 <= MOST_COPIED < 4 * side**2 + 3 * 4 * side**2 // 10


def test_what_is_in_force_is_said() -> None:
    assert str(planned(SMALL, length=100)) == "up to 32,768 numbers of each of 6 parameters, at most 7 times, the first and the last step among them"
    assert part_of((4096, 2560)).bytes == pytest.approx(65_536 * 2, rel=0.05)
