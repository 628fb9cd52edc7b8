"""RunWriter: what is on disk after it, who may write what, and that the disk never stops a training."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util import tensor_util

from layerscope import MemorySink, RunWriter, confusion_matrix
from tb_plugin.schema import record
from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from tb_plugin.schema.payload import Payload
from tests.test_event_file import program

HOSTILE = ["<b>bold</b>", "\u202eright to left", "line\nbreak", "\0", "🦊" * 2500, "a/b c%20"]


def matrix(labels: Any = ("cat", "dog"), seed: int = 0) -> ConfusionMatrix:
    truth, predicted = np.random.default_rng(seed).integers(0, len(labels), (2, 50))
    return confusion_matrix.from_predictions(truth, predicted, labels=labels)


def values(folder: Path) -> list[Any]:
    """(tag, step, summary value) of each event below a folder, as TensorBoard's loader gives them, file by file."""
    files = sorted(folder.rglob("*tfevents*"))
    events = [event for path in files for event in EventFileLoader(str(path)).Load()]
    return [(value.tag, event.step, value) for event in events for value in event.summary.value]


def kept(sink: MemorySink) -> list[tuple[str, int]]:
    return [(event.summary.value[0].tag, event.step) for event in sink.events]


def stored(value: Any) -> record.Record:
    return record.decode(value.tensor.string_val[0])


def test_a_run_is_read_back_by_tensorboard(tmp_path: Path) -> None:
    payload = matrix()
    with RunWriter(tmp_path / "run") as run:
        run.write("validation/confusion_matrix", payload, 7)
        run.write("loss", 0.5, 7)

    (axis_tag, axis_step, axis), (tag, step, value), (scalar_tag, scalar_step, scalar) = values(tmp_path)
    assert isinstance(payload.classes, Payload)
    assert (axis_tag, axis_step) == (f"classes/{record.digest(payload.classes)}", 0)
    assert (tag, step) == ("validation/confusion_matrix", 7)
    assert (scalar_tag, scalar_step, tensor_util.make_ndarray(scalar.tensor)) == ("loss", 7, 0.5)
    assert value.metadata.plugin_data.plugin_name == "layerscope"
    assert json.loads(value.metadata.plugin_data.content) == {"kind": "confusion_matrix", "version": 1}
    assert stored(axis).fields["labels"] == ["cat", "dog"]
    read = record.payload_of(stored(value))
    assert isinstance(read, ConfusionMatrix)
    assert read.classes == axis_tag.removeprefix("classes/")
    np.testing.assert_array_equal(read.count, payload.count)


def test_an_axis_is_written_once_before_the_first_that_needs_it() -> None:
    sink = MemorySink()
    with RunWriter(to=sink) as run:
        for step in range(3):
            run.write("validation/confusion_matrix", matrix(seed=step), step)
        run.write("test/confusion_matrix", matrix(), 3)
        run.write("validation/other", matrix(["a"]), 3)

    tags = [tag for tag, _ in kept(sink)]
    assert [tag.partition("/")[0] for tag in tags] == ["classes", "validation", "validation", "validation", "test", "classes", "validation"]


def test_each_series_counts_its_records_and_each_opening_has_an_id() -> None:
    first, second = MemorySink(), MemorySink()
    for sink in (first, second):
        run = RunWriter(to=sink)
        run.write("a/confusion_matrix", matrix(), 0)
        run.write("b/confusion_matrix", matrix(), 0)
        run.write("a/confusion_matrix", matrix(), 5)
    records = [stored(event.summary.value[0]) for event in first.events]

    assert [r.ordinal for r in records] == [0, 0, 0, 1]
    assert len({r.writer for r in records}) == 1
    assert records[0].writer != stored(second.events[0].summary.value[0]).writer


def test_the_same_payload_gives_the_same_bytes_but_for_writer_and_ordinal() -> None:
    sinks = [MemorySink(), MemorySink()]
    for sink in sinks:
        RunWriter(to=sink).write("a/confusion_matrix", matrix(), 4, wall_time=1.5)
    one, other = ([json.dumps(stored(e.summary.value[0]).fields) for e in sink.events] for sink in sinks)

    assert one == other
    assert record.encode(matrix(), writer="w", ordinal=0) == record.encode(matrix(), writer="w", ordinal=0)


@pytest.mark.parametrize("number", [1, 0.25, True, np.float16(0.25), np.int64(3), np.array(0.25), np.array([[2.0]]), float("nan"), float("inf"), 1e300])
def test_a_number_becomes_a_scalar_in_single_precision(number: Any) -> None:
    sink = MemorySink()
    RunWriter(to=sink).write("x", number, 1)

    (event,) = sink.events
    value = event.summary.value[0]
    assert value.metadata.plugin_data.plugin_name == "scalars"
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(value.tensor.float_val[0], np.float32(np.asarray(number).item()))


def test_numbers_by_key_become_a_scalar_each() -> None:
    sink = MemorySink()
    run = RunWriter(to=sink)
    run.write("learning_rate", {"decoder": 0.1, "encoder": 0.01}, 3)
    run.write("learning_rate", {}, 4)

    assert kept(sink) == [("learning_rate/decoder", 3), ("learning_rate/encoder", 3)]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_kept_as_they_are(tmp_path: Path, name: str) -> None:
    with RunWriter(tmp_path) as run:
        run.write(f"{name}/confusion_matrix", matrix([name, "other"]), 0)

    (_, _, axis), (tag, _, _) = values(tmp_path)
    assert tag == f"{name}/confusion_matrix"
    assert stored(axis).fields["labels"][0] == name


@pytest.mark.parametrize(
    ("tag", "content", "step", "error", "message"),
    [
        ("", 1.0, 0, ValueError, "tag must not be empty"),
        (3, 1.0, 0, TypeError, "tag must be text; it is 3"),
        ("\ud800", 1.0, 0, ValueError, "tag must be valid Unicode"),
        ("x", 1.0, -1, ValueError, "step must be from 0"),
        ("x", 1.0, 2**63, ValueError, "step must be from 0"),
        ("x", 1.0, 1.5, TypeError, "step must be a whole number; it is 1.5"),
        ("x", "high", 0, TypeError, "'x' must be a payload, a number, or numbers by key; it is 'high'"),
        ("x", None, 0, TypeError, "must be a payload"),
        ("x", [1.0, 2.0], 0, ValueError, r"must be one number; its shape is \[2\]"),
        ("x", {"a": 1.0, "b": "high"}, 0, TypeError, "'x/b' must be"),
    ],
)
def test_wrong_arguments_raise_and_write_nothing(tag: Any, content: Any, step: Any, error: type[Exception], message: str) -> None:
    sink = MemorySink()
    run = RunWriter(to=sink)

    with pytest.raises(error, match=message):
        run.write(tag, content, step)
    assert sink.events == []


def test_the_steps_of_a_tag_rise() -> None:
    sink = MemorySink()
    run = RunWriter(to=sink)
    run.write("a", 1.0, 5)
    run.write("b/confusion_matrix", matrix(), 5)

    for step in (5, 4):
        with pytest.raises(ValueError, match=rf"'a' was written at step 5 and now at step {step}"):
            run.write("a", 1.0, step)
        with pytest.raises(ValueError, match="steps of a tag rise"):
            run.write("b/confusion_matrix", matrix(), step)
    run.write("x", {"p": 1.0}, 5)
    with pytest.raises(ValueError, match="'x/p'"):
        run.write("x", {"new": 1.0, "p": 1.0}, 5)
    run.write("c", 1.0, 0)
    run.write("a", 1.0, np.int64(6))

    assert [k for k in kept(sink) if not k[0].startswith("classes")] == [("a", 5), ("b/confusion_matrix", 5), ("x/p", 5), ("c", 0), ("a", 6)]


def test_a_tag_holds_one_kind() -> None:
    run = RunWriter(to=MemorySink())
    run.write("a", 1.0, 0)

    with pytest.raises(ValueError, match="'a' holds a scalar and was now given confusion_matrix"):
        run.write("a", matrix(), 1)


def test_a_record_too_large_to_be_read_is_refused_and_leaves_no_trace() -> None:
    sink = MemorySink()
    run = RunWriter(to=sink)

    with pytest.raises(ValueError, match="a classes record may have"):
        run.write("a/confusion_matrix", matrix(["x" * 70_000_000]), 0)
    assert sink.events == []
    run.write("a/confusion_matrix", matrix(), 0)


def test_where_to_write_is_said_once() -> None:
    with pytest.raises(TypeError, match="either a directory"):
        RunWriter()
    with pytest.raises(TypeError, match="either a directory"):
        RunWriter("x", to=MemorySink())
    with pytest.raises(TypeError, match=r"it is str\. A directory is the first argument"):
        RunWriter(to="logs")
    with pytest.raises(TypeError, match="logdir must be the path"):
        RunWriter("")
    with pytest.raises(ValueError, match="steps is how many steps"):
        RunWriter(to=MemorySink(), steps=0)
    with pytest.raises(ValueError, match="fsync is for a directory of this machine"):
        RunWriter(to=MemorySink(), fsync=True)
    with pytest.raises(ValueError, match="fsync is for a directory of this machine"):
        RunWriter("gs://bucket/run", fsync=True)


def test_a_folder_that_cannot_be_written_raises_at_once(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")

    with pytest.raises(OSError, match="taken"):
        RunWriter(tmp_path / "taken")


def test_a_second_live_writer_in_a_directory_is_warned_of_the_first(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first = RunWriter(tmp_path)
    (name,) = (path.name for path in tmp_path.iterdir())
    assert not caplog.records

    RunWriter(tmp_path).close()
    (warned,) = caplog.records
    assert name in warned.getMessage()
    first.close()
    RunWriter(tmp_path).close()
    assert caplog.records == [warned]


def test_disabled_by_the_environment_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERSCOPE_DISABLE", "all")
    sink = MemorySink()
    for run in (RunWriter(tmp_path / "run"), RunWriter(to=sink)):
        with run:
            run.write("a/confusion_matrix", matrix(), 0)
            with pytest.raises(ValueError, match="rise"):
                run.write("a/confusion_matrix", matrix(), 0)
        assert run.dropped == 0

    assert sink.events == []
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_stops_nothing_and_every_loss_is_counted(tmp_path: Path) -> None:
    """The last record says by its ordinal how many were tried, and stands with the axis that could not be written before."""
    done = program(
        """
        from tests.test_run_writer import *
        run = RunWriter(sys.argv[1])
        run.write("loss", 1.0, 0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, resource.RLIM_INFINITY))
        for step in range(10):
            run.write("validation/confusion_matrix", matrix(), step)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        run.write("validation/confusion_matrix", matrix(), 10)
        run.close()
        print(run.dropped)
        """,
        str(tmp_path),
    )

    assert int(done.stdout) == 20, done.stderr  # each matrix, and its classes, tried anew each time
    found = values(tmp_path)
    assert [(tag.partition("/")[0], step) for tag, step, _ in found] == [("loss", 0), ("classes", 0), ("validation", 10)]
    assert stored(found[-1][2]).ordinal == 10
    assert done.stderr.count("cannot write") == 1
    assert "20 records" in done.stderr


def test_a_new_file_gets_the_axes_again(tmp_path: Path) -> None:
    run = RunWriter(tmp_path / "run")
    run.write("validation/confusion_matrix", matrix(), 0)
    for path in (tmp_path / "run").iterdir():
        path.unlink()
    run.write("validation/confusion_matrix", matrix(), 1)
    run.write("validation/confusion_matrix", matrix(), 2)
    run.close()

    assert sorted((tag.partition("/")[0], step) for tag, step, _ in values(tmp_path)) == [("classes", 0), ("validation", 1), ("validation", 2)]


def test_a_forked_child_is_a_writer_of_its_own(tmp_path: Path) -> None:
    done = program(
        """
        from tests.test_run_writer import *
        run = RunWriter(sys.argv[1])
        run.write("validation/confusion_matrix", matrix(), 0)
        if (child := os.fork()) == 0:
            run.write("validation/confusion_matrix", matrix(), 1)
            sys.exit(0)
        os.waitpid(child, 0)
        """,
        str(tmp_path),
    )
    assert done.returncode == 0, done.stderr

    by_writer: dict[str, list[tuple[str, int, int]]] = {}
    for tag, step, value in values(tmp_path):
        by_writer.setdefault(stored(value).writer, []).append((tag.partition("/")[0], step, stored(value).ordinal))
    assert sorted(map(sorted, by_writer.values())) == [[("classes", 0, 0), ("validation", 0, 0)], [("classes", 0, 0), ("validation", 1, 0)]]


def test_points_are_added_to_an_open_writer_of_tensorboards_and_torchs_kind(tmp_path: Path) -> None:
    theirs = EventFileWriter(str(tmp_path))
    with RunWriter(to=theirs) as run:
        assert run.logdir == str(tmp_path)
        run.write("validation/confusion_matrix", matrix(), 3, wall_time=12.5)
    theirs.close()

    assert [(tag.partition("/")[0], step) for tag, step, _ in values(tmp_path)] == [("classes", 0), ("validation", 3)]
    assert len(list(tmp_path.iterdir())) == 1


def test_points_are_added_to_an_open_tensorflow_writer(tmp_path: Path) -> None:
    theirs = tf.summary.create_file_writer(str(tmp_path))
    with theirs.as_default(), RunWriter(to=theirs) as run:
        tf.summary.scalar("theirs", 1.0, step=1)
        run.write("validation/confusion_matrix", matrix(), 3)

        tf.function(lambda: run.write("loss", 0.5, 4))()  # while a graph is traced
    with theirs.as_default():
        tf.summary.scalar("theirs", 1.0, step=2)  # it is still open
    theirs.close()

    assert [(tag.partition("/")[0], step) for tag, step, _ in values(tmp_path)] == [
        ("theirs", 1),
        ("classes", 0),
        ("validation", 3),
        ("loss", 4),
        ("theirs", 2),
    ]
    assert len(list(tmp_path.iterdir())) == 1


def test_an_open_writer_that_fails_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    theirs = tf.summary.create_file_writer(str(tmp_path))
    theirs.close()
    with RunWriter(to=theirs) as run:
        for step in range(3):
            run.write("loss", 1.0, step)
        assert run.dropped == 3

    assert [r.getMessage()[:12] for r in caplog.records] == ["cannot write", "3 records fo"]


def test_the_users_random_numbers_stay_the_same(tmp_path: Path) -> None:
    def drawn(write: bool) -> tuple[float, float]:
        random.seed(1)
        np.random.seed(1)
        if write:
            with RunWriter(tmp_path) as run:
                run.write("validation/confusion_matrix", matrix(), 0)
        return random.random(), np.random.random()

    assert drawn(write=True) == drawn(write=False)


def test_writing_costs_one_system_call_a_record(tmp_path: Path) -> None:
    with RunWriter(tmp_path) as run:
        before = _writes()
        for step in range(100):
            run.write("loss", 1.0, step)
        assert _writes() - before == 100


def _writes() -> int:
    return int(dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())["syscw"])
