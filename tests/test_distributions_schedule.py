"""At which steps distributions are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from writers.distributions_schedule import DistributionsSchedule


def steps(schedule: DistributionsSchedule, until: int) -> list[int]:
    found, step = [], 0
    while (due := schedule.next_due(step)) < until:
        found.append(due)
        step = due + 1
    return found


@pytest.mark.parametrize(
    ("length", "until", "wanted"), [(200, 200, list(range(0, 200, 20))), (1600, 1600, list(range(0, 1600, 50))), (None, 1000, list(range(0, 1000, 100)))]
)
def test_a_short_training_has_as_many_as_tell_it(length: int | None, until: int, wanted: list[int]) -> None:
    assert steps(DistributionsSchedule(1_000_000, 8, length), until) == wanted


@pytest.mark.parametrize("length", [10**6, None])
@pytest.mark.parametrize("parameters", [8, 300])
def test_a_long_training_stays_within_what_a_series_may_have(length: int | None, parameters: int) -> None:
    found = steps(DistributionsSchedule(1_000_000, parameters, length), 10**6)
    assert 100 <= len(found) <= 700
    assert found[0] == 0


@given(st.integers(1, 400), st.none() | st.integers(1, 10**5), st.integers(0, 10**6))
def test_the_next_step_is_one_that_is_due(parameters: int, length: int | None, step: int) -> None:
    schedule = DistributionsSchedule(1_000_000, parameters, length)
    due = schedule.next_due(step)
    assert due >= step
    assert schedule.next_due(due) == due
