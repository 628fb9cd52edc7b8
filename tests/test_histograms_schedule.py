"""At which steps histograms are due: never more than 20 of a training, and these all over it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writers.distributions_schedule import DistributionsSchedule
from writers.histograms_schedule import MOST, HistogramsSchedule

lengths = st.integers(1, 10**9)
schedules = st.builds(
    HistogramsSchedule,
    st.floats(1, 1e8),
    st.integers(0, 5000),
    st.integers(0, 10**9) | st.integers(0, 2**63 - 1),
    st.none() | lengths | st.integers(1, 2**63 - 1),
)


@given(schedules)
def test_there_are_at_most_twenty_with_the_unforeseen_last_one(schedule: HistogramsSchedule) -> None:
    assert len(schedule.steps) + 1 <= schedule.points <= MOST
    assert list(schedule.steps) == sorted(set(schedule.steps))
    assert schedule.steps[0] == schedule.first_step
    assert schedule.steps[-1] < 2**63


@given(schedules)
def test_the_last_step_of_a_known_length_is_one(schedule: HistogramsSchedule) -> None:
    if schedule.length is not None and schedule.first_step < schedule.length:
        assert schedule.length - 1 in schedule.steps


@given(schedules, st.integers(0, 2**63 - 1))
def test_the_next_is_the_first_not_before(schedule: HistogramsSchedule, step: int) -> None:
    due = schedule.next_due(step)
    assert due >= step
    assert not [each for each in schedule.steps if step <= each < due]


@given(st.integers(0, 10**6), lengths)
def test_a_known_length_is_covered_evenly(first_step: int, steps: int) -> None:
    length = first_step + steps
    found = [step for step in HistogramsSchedule(1e9, 8, first_step, length).steps if step < length]
    gaps = [later - earlier for earlier, later in pairwise(found)]
    assert max(gaps, default=0) <= steps / 9 + 1


@given(lengths)
def test_without_a_length_no_end_is_far_from_the_point_before(end: int) -> None:
    """Up to 1.6 million steps the last half of any training has a point beside its last one, or it is over within 100 steps."""
    before = [step for step in HistogramsSchedule(1e9, 8).steps if step <= end]
    if end <= 3_276_800:
        assert end - before[-1] <= max(100, end / 2)
    assert len(before) + 1 <= MOST


@pytest.mark.parametrize(("parameters", "points"), [(8, 20), (65, 8), (300, 5), (5000, 5)])
def test_a_model_with_many_parameters_has_fewer_points(parameters: int, points: int) -> None:
    schedule = HistogramsSchedule(1_000_000, parameters, 0, 10_000)
    assert (schedule.points, len(schedule.steps) < points) == (points, True)
    assert schedule.steps[0] == 0
    assert schedule.steps[-1] >= 9_999


@pytest.mark.parametrize("parameters", [0, 1, 8, 30])
def test_what_they_take_is_not_taken_by_the_records(parameters: int) -> None:
    budget = 1_000_000
    schedule = DistributionsSchedule(budget, parameters, 10**6)
    step = count = 0
    while (due := schedule.next_due(step)) < 10**6:
        step, count = due + 1, count + 1
    assert count <= max(256, (budget - schedule.histograms().bytes) / (1000 + 120 * parameters)) + 1
