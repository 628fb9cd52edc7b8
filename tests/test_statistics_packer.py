"""What is told of steps is what is read, by both loaders, and a training of any length stays within its bytes."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tb_plugin.loader import KEPT_POINTS
from tb_plugin.schema import record
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.tensor_stats import NORMS, STATISTICS, TensorStats
from tests.event_files import LOADERS, Loader, records, scalars
from writers import parameters
from writers.run_writer import RunWriter
from writers.sinks import MemorySink
from writers.statistics_packer import STEPS_A_RECORD, StatisticsPacker, gradient_norm, packed
from writers.statistics_schedule import BUDGET, StatisticsSchedule

Array = np.ndarray[Any, Any]


def axis(count: int, tied_to: dict[int, str] | None = None) -> Parameters:
    tied = tied_to or {}
    return parameters.of((Parameter(f"layer_{i}/kernel", f"{i}", f"layer_{i}", "float32", "trainable", tied.get(i)), [3, i]) for i in range(count))


def told(steps: list[int], of: Parameters, groups: tuple[str, ...] = ("",), **given: Any) -> TensorStats:
    n = len(steps)
    values: dict[str, Any] = {
        "value": value(steps, len(of.parameters)),
        "loss": 1 / (1 + np.array(steps, np.float64)),
        "batch_examples": np.full(n, 32),
        "epoch": np.array(steps) / 100,
        "loss_scale": np.ones(n),
        "clip_factor": np.full(n, np.nan),
        "skipped": np.zeros(n, bool),
        "learning_rate": np.full((len(groups), n), 0.1),
    }
    return TensorStats(parameters=of, statistics=STATISTICS, groups=groups, step=np.array(steps), **values | given)


def value(steps: list[int], count: int) -> Array:
    """Of each step its own, whoever asks: float32 [statistic, parameter, step], all finite."""
    of_each = [np.random.default_rng(step).random((len(STATISTICS), count), np.float32) for step in steps]
    joint = np.stack(of_each, 2) if steps else np.zeros((len(STATISTICS), count, 0), np.float32)
    joint[[STATISTICS.index("weight_non_finite"), STATISTICS.index("gradient_non_finite")]] = 0
    return joint


class Training:
    """A training without a model: so many steps of 10 ms each, as a writer of a framework tells of them."""

    def __init__(self, logdir: Path, count: int, steps: int, length: int | None) -> None:
        self.schedule = StatisticsSchedule(BUDGET, count, length)
        self.steps: list[int] = []
        self._now, of = 0.0, axis(count)
        with RunWriter(logdir) as run:
            packer, held, step = StatisticsPacker(run, self.schedule, clock=lambda: self._now), list[int](), self.schedule.next_due(0)
            while step < steps:
                self._now = step * 0.01
                held.append(step)
                self.steps.append(step)
                if len(held) == STEPS_A_RECORD or packer.is_late():
                    packer.write(told(held, of))
                    held = []
                step = self.schedule.next_due(step + 1)
            packer.write(told(held, of))


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("count", "length", "most"), [(300, 10**6, 6e6), (300, None, 6e6), (5000, 10**6, 42e6)])
def test_a_million_steps_stay_in_the_budget_and_are_read_as_they_were_told(loader: Loader, count: int, length: int | None, most: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        training = Training(Path(folder) / "run", count, 10**6, length)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        assert size < most
        expected = _written(Path(folder) / "run")
        found = {tag: points for (_, tag), points in records(Path(folder), loader, expected["records"]).items()}
        numbers = {tag: points for (_, tag), points in scalars(Path(folder), loader, expected["scalars"]).items()}

    start, norms, full = ([one for _, _, data in found[f"tensor_stats/{name}"] if (one := payload(data))] for name in ("start", "norms", "full"))
    assert max(map(len, found.values())) <= min(550, KEPT_POINTS)
    assert joined(norms).tolist() == training.steps
    assert joined(start).tolist() == training.steps[: training.schedule.start]
    assert joined(full).tolist() == [step for step in training.steps if training.schedule.is_eighth(step)]
    assert all(one.statistics == NORMS for one in norms)
    for series in (start, norms, full):
        for one in series:
            np.testing.assert_array_equal(one.value, value(one.step.tolist(), count)[: len(one.statistics)])
    for tag in ("loss", "gradient_norm", "learning_rate"):
        steps = [step for step, _, _ in numbers[tag]]
        assert steps == [step for step in training.steps if training.schedule.is_scalar(step)]
        assert steps[: training.schedule.start] == list(range(training.schedule.start))
    assert [value for _, _, value in numbers["loss"]][:3] == pytest.approx([1, 1 / 2, 1 / 3])


def payload(data: bytes) -> TensorStats:
    found = record.payload_of(record.decode(data))
    assert isinstance(found, TensorStats)
    return found


def joined(series: list[TensorStats]) -> Array:
    return np.concatenate([one.step for one in series])


def _written(run: Path) -> dict[str, int]:
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    count: dict[str, int] = defaultdict(int)
    for path in run.iterdir():
        for event in EventFileLoader(str(path)).Load():
            for value in event.summary.value:
                count["records" if value.metadata.plugin_data.plugin_name == "layerscope" else "scalars"] += 1
    return count


def test_a_value_that_is_not_finite_makes_its_norm_infinite_since_its_count_goes_not_with_it() -> None:
    bad = value([8], 2)
    bad[STATISTICS.index("gradient_non_finite"), 1, 0] = 3
    one = told([8], axis(2), value=bad)
    got = dict(packed(one, StatisticsSchedule(BUDGET, 2)))

    assert set(got) == {"tensor_stats/start", "tensor_stats/norms", "tensor_stats/full"}
    gradient = got["tensor_stats/norms"].value[NORMS.index("gradient_sum_squares"), :, 0]
    assert np.isfinite(gradient[0])
    assert np.isinf(gradient[1])
    np.testing.assert_array_equal(got["tensor_stats/full"].value, one.value)
    assert gradient_norm(one).tolist() == [np.inf]


def test_the_gradient_norm_is_that_of_all_gradients_together_and_of_a_tied_one_once() -> None:
    of = axis(3, {2: "layer_1/kernel"})
    squares = value([0, 1, 2], 3)
    squares[STATISTICS.index("gradient_sum_squares")] = [[9, 9, np.nan], [16, np.nan, np.nan], [16, np.nan, np.nan]]
    np.testing.assert_array_equal(gradient_norm(told([0, 1, 2], of, value=squares)), [5, 3, np.nan])


def test_scalars_are_of_what_is_known() -> None:
    sink = MemorySink()
    packer = StatisticsPacker(RunWriter(to=sink), StatisticsSchedule(BUDGET, 1))
    rates = np.array([[0.1, 0.2], [np.nan, 0.3]])
    packer.write(told([0, 1], axis(1), ("a", "b"), loss=np.array([np.nan, np.nan]), learning_rate=rates), has_loss=np.array([False, True]))
    got = [(value.tag, event.step) for event in sink.events for value in event.summary.value if "/" not in value.tag or value.tag.startswith("learning_rate")]

    assert [tag_step for tag_step in got if tag_step[0] != "gradient_norm"] == [
        ("loss", 1),
        ("learning_rate/a", 0),
        ("learning_rate/a", 1),
        ("learning_rate/b", 1),
    ]


def test_scalars_stand_at_the_time_of_their_step_not_at_that_of_the_drain() -> None:
    sink = MemorySink()
    packer = StatisticsPacker(RunWriter(to=sink), StatisticsSchedule(BUDGET, 1))
    packer.times.note(0, 1000.0)
    packer.times.note(4, 1008.0)
    packer.write(told([0, 1, 2, 4], axis(1)))
    at = {(value.tag, event.step): event.wall_time for event in sink.events for value in event.summary.value}

    for tag in ("loss", "gradient_norm", "learning_rate"):
        assert [at[tag, step] for step in (0, 1, 2, 4)] == [1000.0, 1002.0, 1004.0, 1008.0]


def test_the_gradient_norm_of_what_is_not_finite_is_no_number_and_one_too_large_to_be_told_is_infinite() -> None:
    bad = value([0, 1, 2], 2)
    bad[STATISTICS.index("gradient_non_finite"), 1, 1] = 3
    bad[STATISTICS.index("gradient_sum_squares"), 0, 2] = np.inf
    sink = MemorySink()
    StatisticsPacker(RunWriter(to=sink), StatisticsSchedule(BUDGET, 2)).write(told([0, 1, 2], axis(2), value=bad))
    norm = [value.tensor.float_val[0] for event in sink.events for value in event.summary.value if value.tag == "gradient_norm"]

    assert np.isfinite(norm[0])
    assert np.isnan(norm[1])
    assert norm[2] == np.inf


def test_nothing_told_is_nothing_written() -> None:
    sink = MemorySink()
    StatisticsPacker(RunWriter(to=sink), StatisticsSchedule(BUDGET, 2)).write(told([], axis(2)))
    assert not sink.events


def test_what_is_held_is_late_after_ten_seconds_and_later_a_hundredth_of_the_time_trained() -> None:
    now = 0.0
    packer = StatisticsPacker(RunWriter(to=MemorySink()), StatisticsSchedule(BUDGET, 2), clock=lambda: now)
    assert not packer.is_late()
    now = 10.0
    assert packer.is_late()
    packer.write(told([], axis(2)))
    assert not packer.is_late()
    now = 5000.0
    packer.write(told([], axis(2)))
    now = 5049.0
    assert not packer.is_late()
    now = 5051.0
    assert packer.is_late()


def test_other_statistics_are_refused() -> None:
    one = next(payload for _, payload in packed(told([0], axis(1)), StatisticsSchedule(BUDGET, 1)) if payload.statistics == STATISTICS)
    short = TensorStats(**{**vars(one), "statistics": NORMS, "value": one.value[:3]})
    with pytest.raises(ValueError, match="all of"):
        list(packed(short, StatisticsSchedule(BUDGET, 1)))
