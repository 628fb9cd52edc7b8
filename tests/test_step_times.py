"""Times of steps: noted, interpolated, never falling, and few."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from writers.step_times import MOST_NOTES, StepTimes


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def noted(pairs: Sequence[tuple[float, float]]) -> StepTimes:
    times = StepTimes()
    for step, at in pairs:
        times.note(step, at)
    return times


@given(st.lists(st.tuples(st.integers(1, 50), st.floats(0, 1e3)), min_size=1, max_size=40))
def test_a_step_that_was_noted_has_its_time_and_one_between_lies_on_the_line(apart: list[tuple[int, float]]) -> None:
    steps, at = np.cumsum([step for step, _ in apart]), np.cumsum([seconds for _, seconds in apart])
    all_steps = np.arange(steps[-1] + 2)

    assert_allclose(noted(list(zip(steps.tolist(), at.tolist(), strict=True))).of(all_steps), np.interp(all_steps, steps, at))


@given(st.lists(st.tuples(st.integers(0, 200), st.floats(0, 1e9)), max_size=60), st.lists(st.integers(0, 250), min_size=1, max_size=60))
def test_times_never_fall_whatever_the_clock_does(pairs: list[tuple[int, float]], steps: list[int]) -> None:
    assert (np.diff(noted([(0, 1.0), *pairs]).of(np.sort(steps))) >= 0).all()


def test_without_a_note_it_is_now() -> None:
    assert_array_equal(StepTimes(Clock(7.0)).of(np.array([3, 4])), [7.0, 7.0])


def test_what_is_held_is_bounded_and_what_lies_between_stays_near() -> None:
    times = StepTimes()
    for step in range(100_000):
        times.note(step, 2.0 * step)

    assert len(times._notes) <= MOST_NOTES
    assert_allclose(times.of(np.arange(100_000)), 2.0 * np.arange(100_000))
    assert len(times._notes) == 1


def test_a_pause_is_no_part_of_the_steps_after_it() -> None:
    assert_array_equal(noted([(4, 4.0), (4.5, 600.0), (9, 609.0)]).of(range(4, 10)), [4, 601, 603, 605, 607, 609])


def test_ticks_are_spread_over_the_steps_that_the_next_note_tells() -> None:
    clock = Clock()
    times = StepTimes(clock)
    times.note(9, 100.0)
    for clock.now in (101.0, 105.0, 106.0, 120.0):
        times.tick()
    clock.now = 130.0
    times.note(17)

    # Two steps a tick; the last of them is over when it is told of, not when the note comes.
    assert_array_equal(times.of([10, 11, 13, 15, 17]), [100.5, 101.0, 105.0, 106.0, 120.0])


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_many_ticks_are_bounded_and_none_lies_outside_of_its_notes(count: int, steps: int) -> None:
    clock = Clock(10.0)
    times = StepTimes(clock)
    times.note(0)
    for _ in range(count):
        clock.now += 1.0
        times.tick()
        assert len(times._ticks) <= MOST_NOTES
    times.note(steps)
    found = times.of(np.arange(steps + 1))

    assert len(times._notes) <= MOST_NOTES
    assert found[0] == 10.0
    assert found[-1] == 10.0 + count
    assert (np.diff(found) >= 0).all()


def test_a_note_from_another_thread_amid_a_tick_waits_for_it() -> None:
    times, noted_by = StepTimes(), list[threading.Thread]()

    def clock() -> float:
        if not noted_by:
            noted_by.append(threading.Thread(target=times.note, args=(5, 2.0)))
            noted_by[0].start()
            noted_by[0].join(0.2)
            assert noted_by[0].is_alive()
        return 1.0

    times.note(0, 0.0)
    times._clock = clock
    times.tick()
    noted_by[0].join()
    times.note(9, 3.0)

    assert_array_equal(times.of([5, 9]), [1.0, 3.0])
