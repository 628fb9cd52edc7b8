"""Which steps are told of: the contract's figures, and laws over any budget, length and size of model."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from writers.budget import is_kept
from writers.statistics_schedule import BUDGET, LEAST_SPACING, StatisticsSchedule

schedules = st.builds(StatisticsSchedule, st.floats(1, 1.5e8), st.integers(0, 10**6), st.none() | st.integers(1, 10**7))


def told(schedule: StatisticsSchedule, steps: int) -> list[int]:
    found, step = [], schedule.next_due(0)
    while step < steps:
        found.append(step)
        step = schedule.next_due(step + 1)
    return found


@pytest.mark.parametrize(
    ("parameters", "steps", "known", "spacing", "count", "start"),
    [
        (300, 10**4, True, 17, 684, 100),
        (300, 10**4, False, 177, 292, 100),
        (300, 10**6, True, 1621, 718, 100),
        (300, 10**6, False, 22577, 539, 100),
        (5000, 10**6, True, 5208, 257, 64),
    ],
)
def test_the_contracts_own_figures_come_out(parameters: int, steps: int, known: bool, spacing: int, count: int, start: int) -> None:
    schedule = StatisticsSchedule(BUDGET, parameters, steps if known else None)
    found = told(schedule, steps)

    assert len(found) == count
    assert found[-2] - found[-3] == spacing
    assert found[:start] == list(range(start))
    assert found[start] == start
    assert schedule.start == start
    if known:
        assert found[-1] == steps - 1


@given(schedules, st.integers(0, 10**7))
@settings(max_examples=200)
def test_the_next_step_is_the_first_that_is_due(schedule: StatisticsSchedule, step: int) -> None:
    following = schedule.next_due(step)

    assert following >= step
    assert schedule.is_due(following)
    assert not any(schedule.is_due(s) for s in range(step, min(following, step + 40)))


@given(schedules, st.integers(0, 3000))
@settings(max_examples=200)
def test_steps_are_those_of_the_budgets_rule(schedule: StatisticsSchedule, step: int) -> None:
    """Beside the last step; past the announced length spacings are counted from there."""
    if schedule.length is None or step < schedule.length - 1:
        assert schedule.is_due(step) == is_kept(step, schedule.points, length=schedule.length, least=LEAST_SPACING)


@given(schedules)
@settings(max_examples=100)
def test_stretches_say_the_same(schedule: StatisticsSchedule) -> None:
    assert schedule.stretches[0] == (0, 1)
    for (begin, spacing), (end, _) in pairwise(schedule.stretches):
        assert begin < end
        assert spacing >= 1
        last = None if schedule.length is None else schedule.length - 1
        for step in {begin, begin + spacing, end} - {last}:
            assert schedule.is_due(step) or step > end
        assert schedule.is_full(begin)


@given(st.integers(0, 10**5), st.none() | st.integers(1, 10**6), st.integers(1, 10**6))
@example(75748, None, 71681)
@settings(max_examples=60)
def test_no_training_outgrows_its_budget(parameters: int, length: int | None, steps: int) -> None:
    schedule = StatisticsSchedule(BUDGET, parameters, length)
    found = told(schedule, min(steps, length or steps))
    full = [step for step in found if schedule.is_eighth(step)]

    # A doubling keeps 8 steps however much each takes, and all from the 17th on together as many as one.
    assert len(found) <= max(schedule.points, schedule.start + 8 * 17) + 2
    assert len(full) <= len(found) / 8 + len(schedule.stretches) + 1
    assert len([step for step in found if schedule.is_scalar(step)]) <= 900
    assert found[: schedule.start] == list(range(min(schedule.start, len(found))))


def test_it_says_itself_in_words() -> None:
    assert str(StatisticsSchedule(BUDGET, 300, 10**4)) == "the first 100 steps, then each 17th, in full each 8th of them; within 4 MB"
    assert str(StatisticsSchedule(BUDGET, 5000)) == "the first 64 steps, then fewer with each doubling, in full each 8th of them; within 23.1 MB"


@pytest.mark.parametrize(("budget", "length"), [(0, None), (2e8, None), (BUDGET, 0)])
def test_arguments_that_make_no_sense_are_refused(budget: float, length: int | None) -> None:
    with pytest.raises(ValueError, match=r"statistics may keep|length is how many steps"):
        StatisticsSchedule(budget, 1, length)
