"""Cutting a series whose records hold many steps each: as NumPy cuts the whole, however the records divide it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from tb_plugin.points import Point, point_from
from tb_plugin.query import Query, Span
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.payload import Payload, array
from tb_plugin.schema.tensor_stats import TensorStats
from tb_plugin.slices import chosen, rising, steps_of, take
from tests.golden import weight_values as golden_values
from tests.server.conftest import Array, Tab
from writers import RunWriter, confusion_matrix, parameters

RUN, TAG = "demo/layerscope", "tensor_stats/norms"
NAMES = ("weight_sum", "gradient_sum", "weight_max")


def axis(size: int) -> Parameters:
    return parameters.of((Parameter(path=f"p{i}", variable_path=f"p{i}", layer="", dtype="float32", role="trainable"), (i + 1,)) for i in range(size))


def stats(steps: list[int], of: int = 4, names: tuple[str, ...] = NAMES) -> TensorStats:
    """A record whose values say where they stand: name, parameter and step, in decimals."""
    step = np.array(steps)
    place = 10_000 * np.array([NAMES.index(name) for name in names])[:, None, None] + 1000 * np.arange(of)[:, None]
    value = (place + step).astype(np.float32)
    each = np.ones(len(step))
    return TensorStats(
        parameters=axis(of),
        statistics=names,
        groups=("a", "b"),
        sampled=tuple(range(1, of + 1)),
        step=step,
        value=value,
        loss=step / 2,
        batch_examples=step * 0,
        epoch=each,
        loss_scale=each,
        clip_factor=each,
        skipped=each > 1,
        learning_rate=np.stack([step * 1.0, -step * 1.0]),
    )


def points(records: list[list[int]], of: int = 4) -> tuple[Point, ...]:
    return rising([point_from(stats(record, of), record[-1], 0.0) for record in records])


@st.composite
def series(draw: st.DrawFn) -> tuple[Point, ...]:
    """A series of rising steps, divided into records anywhere."""
    steps = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=30)))
    ends = sorted(draw(st.sets(st.integers(1, len(steps)), max_size=6)) | {len(steps)})
    return points([steps[begin:end] for begin, end in zip([0, *ends], ends, strict=False)])


def joined(found: list[Point], name: str = "value") -> Array:
    return np.concatenate([p.arrays[name] for p in found], axis=-1)


bound = st.none() | st.integers(0, 70)


@given(series(), bound, bound)
@settings(max_examples=100)
def test_a_range_of_steps_is_what_numpy_cuts_of_the_whole(all_: tuple[Point, ...], first: int | None, last: int | None) -> None:
    steps, whole = joined(list(all_), "step"), joined(list(all_))
    start = 0 if first is None else max(0, np.searchsorted(steps, first, "right") - 1)
    end = len(steps) if last is None else np.searchsorted(steps, last, "right")

    found = chosen(all_, Query(steps=Span(first, last)))

    wanted = slice(start, max(start, end))
    assert_array_equal(np.concatenate([p.arrays["step"] for p in found] or [np.array([])]), steps[wanted])
    if found:
        assert_array_equal(joined(found), whole[..., wanted])
        assert_array_equal(joined(found, "learning_rate"), joined(list(all_), "learning_rate")[:, wanted])
        assert [p.step for p in found] == [p.arrays["step"][-1] for p in found]


@given(series(), st.integers(1, 40))
@settings(max_examples=100)
def test_thinning_is_even_within_records_and_keeps_both_ends(all_: tuple[Point, ...], most: int) -> None:
    steps = joined(list(all_), "step")

    found = joined(chosen(all_, Query(most=most)), "step")

    assert len(found) == min(most, len(steps))
    assert found[-1] == steps[-1]
    places = np.searchsorted(steps, found)
    assert_array_equal(steps[places], found)
    if most > 1:
        assert found[0] == steps[0]
        assert len(found) < 3 or np.ptp(np.diff(places)) <= 1


@given(series(), st.permutations(NAMES), st.integers(1, 3), st.sets(st.integers(0, 3), min_size=1))
@settings(max_examples=100)
def test_statistics_and_parameters_are_what_numpy_takes_of_the_whole(all_: tuple[Point, ...], names: list[str], n: int, places: set[int]) -> None:
    wanted, numbers = tuple(names[:n]), sorted(places)

    found = chosen(all_, Query(statistics=wanted, parameters=tuple(Span(i, i) for i in numbers)))

    assert_array_equal(joined(found), joined(list(all_))[[NAMES.index(name) for name in wanted]][:, numbers])
    assert_array_equal(joined(found, "loss"), joined(list(all_), "loss"))
    assert {tuple(p.fields["statistics"]) for p in found} == {wanted}
    assert {tuple(p.fields["sampled"]) for p in found} == {tuple(i + 1 for i in numbers)}
    assert all(list(p.fields["groups"]) == ["a", "b"] for p in found)


@given(st.lists(st.sets(st.integers(0, 30), min_size=1, max_size=8).map(sorted), min_size=1, max_size=6))
@settings(max_examples=100)
def test_where_steps_go_back_the_later_record_wins_from_its_first_step_on(records: list[list[int]]) -> None:
    wanted: dict[int, int] = {}
    for number, record in enumerate(records):
        wanted = {step: by for step, by in wanted.items() if step < record[0]} | dict.fromkeys(record, number)
    written = [replace(point_from(stats(record), record[-1], 0.0), ordinal=number) for number, record in enumerate(records)]

    found = rising(written)

    assert [(int(step), p.ordinal) for p in found for step in steps_of(p)] == list(wanted.items())
    assert [p.step for p in found] == [steps_of(p)[-1] for p in found]


def test_values_of_weights_are_cut_to_some_parameters(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        for step, content in golden_values.POINTS:
            run.write("weight_values", content, step)
    tab = python_tab(tmp_path)

    whole, cut, none = (tab.arrays("/points", run=RUN, tag="weight_values", **query) for query in ({}, {"parameters": "0,3"}, {"parameters": "4"}))

    assert [point["fields"]["kept"] for point in cut.segments[0]["points"]] == [["kernels", "blocks"], ["none", "none"]]
    for name, places in {"value": [*range(18), 22, 23], "low": [0, 1], "kernel": [0, 1], "strong": [0, 2], "singular": [0, 1, 2]}.items():
        assert_array_equal(cut.arrays[f"0/{name}"], whole.arrays[f"0/{name}"][places], name)
        assert none.arrays[f"0/{name}"].tolist() == []
    assert_array_equal(cut.arrays["0/cell_end"], [18, 20, 0, 0])
    assert_array_equal(cut.arrays["0/singular_end"], [0, 3, 0, 0])
    assert cut.arrays["0/value"].dtype == np.float32


def test_what_ends_along_an_axis_divide_is_cut_with_it() -> None:
    content = axis(4)  # shapes [1], [2], [3], [4]

    part = take(point_from(content, 0, 0.0), "parameter", np.array([1, 3]))

    assert [one["path"] for one in part.fields["parameters"]] == ["p1", "p3"]
    assert (part.arrays["shape"].tolist(), part.arrays["shape_end"].tolist()) == ([2, 4], [1, 2])
    assert take(point_from(content, 0, 0.0), "parameter", np.array([], int)).arrays["shape"].tolist() == []


def test_what_optional_arrays_that_are_not_there_would_divide_is_cut_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    class Grouped(Payload, kind="grouped", version=1):
        """Values of each place, and more of them that may be absent."""

        end: Array = array("int64", "place", ends="value", help="")
        value: Array = array("int64", "value", help="")
        more_end: Array | None = array("int64", "place", ends="more", help="", optional="more")
        more: Array | None = array("int64", "more", help="", optional="more")

    monkeypatch.setattr("tb_plugin.slices.kinds", lambda: {"grouped": Grouped})
    there = {"end": np.array([1, 3]), "value": np.arange(3)}
    given = there | {"more_end": np.array([2, 4]), "more": np.arange(4)}

    absent, both = (take(point_from(Grouped(**arrays), 0, 0.0), "place", np.array([1])).arrays for arrays in (there, given))

    assert {name: content.tolist() for name, content in absent.items()} == {"end": [2], "value": [1, 2]}
    assert {name: content.tolist() for name, content in both.items()} == {"end": [2], "value": [1, 2], "more_end": [2], "more": [2, 3]}


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    with RunWriter(tmp_path / RUN) as run:
        for record in (list(range(64)), list(range(64, 128)), [200]):
            run.write(TAG, stats(record), record[-1])
        run.write("validation/confusion_matrix", confusion_matrix.from_predictions([0, 1], [0, 0], labels=["a", "b"]), 10)
        run.write("loss", 0.5, 3)
    return tmp_path


def test_both_loaders_answer_the_steps_statistics_and_parameters_asked_for(open_tab: Callable[..., Tab], logdir: Path) -> None:
    tab = open_tab(logdir, 5)

    answer = tab.arrays("/points", run=RUN, tag=TAG, steps="60..66", statistic="weight_max,weight_sum", parameters="1..2")

    (segment,) = answer.segments
    assert [p["step"] for p in segment["points"]] == [63, 66]
    assert segment["points"][0]["fields"]["statistics"] == ["weight_max", "weight_sum"]
    assert_array_equal(answer.arrays["0/step"], range(60, 67))
    assert_array_equal(answer.arrays["0/step/end"], [4, 7])
    assert answer.arrays["0/value"].dtype == np.float32
    assert_array_equal(answer.arrays["0/value"], np.concatenate([stats(list(range(60, 67))).value[[2, 0]][:, 1:3]], axis=2))


@pytest.mark.parametrize(
    ("query", "steps"),
    [
        ({"steps": "last"}, [200]),
        ({"max": "1"}, [200]),
        ({"max": "3"}, [0, 64, 200]),
        ({"steps": "126..", "parameters": "3.."}, [126, 127, 200]),
        ({"steps": "150..160"}, [127]),
    ],
)
def test_steps_inside_records_are_cut(python_tab: Callable[..., Tab], logdir: Path, query: dict[str, str], steps: list[int]) -> None:
    assert python_tab(logdir).arrays("/points", run=RUN, tag=TAG, **query).arrays["0/step"].tolist() == steps


@pytest.mark.parametrize(
    ("tag", "query", "says", "way_out"),
    [
        (TAG, {"statistic": "weight_sum,nothing"}, "there is no statistic 'nothing'", "There are weight_sum, gradient_sum, weight_max."),
        (TAG, {"statistic": "a,a"}, "statistic must name each once; it is 'a,a'", "weight_sum,gradient_sum"),
        (TAG, {"statistic": ""}, "there is no statistic ''", "weight_max"),
        (TAG, {"parameters": "4"}, "there is no parameter 4", "There are 4, numbered from 0."),
        (TAG, {"parameters": "2..999999999999999"}, "there is no parameter 999999999999999", "There are 4"),
        (TAG, {"parameters": "9.."}, "there is no parameter 9", "There are 4"),
        (TAG, {"parameters": "3,1"}, "parameters must rise; it is '3,1'", "the lowest first"),
        (TAG, {"parameters": "0..2,2"}, "parameters must rise; it is '0..2,2'", "once"),
        (TAG, {"parameters": "kernel"}, "parameters must be a range; it is 'kernel'", "Write parameters="),
        ("validation/confusion_matrix", {"statistic": "weight_sum"}, "confusion_matrix cannot be cut by statistic", "without"),
        ("loss", {"parameters": "0"}, "scalars cannot be cut by parameter", "without"),
    ],
)
def test_what_is_not_there_to_be_cut_is_said(python_tab: Callable[..., Tab], logdir: Path, tag: str, query: dict[str, str], says: str, way_out: str) -> None:
    status, error, fix = python_tab(logdir).refused("/points", run=RUN, tag=tag, **query)

    assert (status, error) == (400, says)
    assert way_out in fix


def test_names_of_parameters_are_not_cut_for_others_refer_to_their_places(python_tab: Callable[..., Tab], logdir: Path) -> None:
    tab = python_tab(logdir)
    digest = tab.arrays("/points", run=RUN, tag=TAG, steps="last").segments[0]["points"][0]["fields"]["parameters"]

    assert tab.refused("/points", run=RUN, tag=f"parameters/{digest}", parameters="0")[:2] == (400, "parameters cannot be cut by parameter")


def test_other_statistics_begin_a_new_segment_and_each_record_gives_those_that_it_has(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        for step, names in enumerate([("weight_sum", "weight_max"), ("weight_sum", "gradient_sum"), ("gradient_sum",)]):
            run.write(TAG, stats([step], of=3 - step % 2, names=names), step)
    tab = python_tab(tmp_path)

    def told(**query: str) -> list[tuple[list[str], int]]:
        answer = tab.arrays("/points", run=RUN, tag=TAG, **query)
        return [(s["points"][0]["fields"]["statistics"], answer.arrays[f"{i}/value"].shape[1]) for i, s in enumerate(answer.segments)]

    assert told() == [(["weight_sum", "weight_max"], 3), (["weight_sum", "gradient_sum"], 2), (["gradient_sum"], 3)]
    assert told(statistic="weight_max,gradient_sum", parameters="1,2") == [(["weight_max"], 2), (["gradient_sum"], 1), (["gradient_sum"], 2)]


def test_points_of_a_newer_version_are_left_whole() -> None:
    newer = replace(points([[1, 2], [3]])[0], known=False)

    assert chosen([newer], Query(statistics=("weight_sum",), parameters=(Span(0, 0),))) == [newer]
    assert chosen([newer], Query(steps=Span(None, 1))) == []
