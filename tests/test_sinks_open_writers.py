"""Adding to a writer that the user has open: both are in one run, at their steps, and neither loses or stops the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tensorboardX
import tensorflow as tf
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from torch.utils.tensorboard import SummaryWriter as TorchWriter

from layerscope import RunWriter
from tb_plugin.schema.summary import scalar_event
from tests import event_files
from tests.test_event_file import program
from tests.test_run_writer import matrix, values


class Theirs:
    """A writer of another library: how it is opened, adds a scalar of its own, and is closed."""

    def __init__(self, name: str, open_: Callable[[str], Any], scalar: Callable[[Any, int], None]) -> None:
        self.name, self.open, self.scalar = name, open_, scalar

    def __repr__(self) -> str:
        return self.name


def _scalar_of_tensorflow(writer: Any, step: int) -> None:
    with writer.as_default():
        tf.summary.scalar("theirs", float(step), step=step)


def _theirs(value: float) -> Any:
    return tensorboardX.summary.scalar("theirs", value)


TENSORFLOW = Theirs("tf.summary", tf.summary.create_file_writer, _scalar_of_tensorflow)
TORCH = Theirs("torch", TorchWriter, lambda writer, step: writer.add_scalar("theirs", float(step), step))
TENSORBOARD_X = Theirs("tensorboardX", tensorboardX.SummaryWriter, lambda writer, step: writer.add_scalar("theirs", float(step), step))
TENSORBOARD = Theirs("TensorBoard", EventFileWriter, lambda writer, step: writer.add_event(scalar_event("theirs", float(step), step, float(step))))
TENSORBOARD_X_FILE = Theirs("tensorboardX.FileWriter", tensorboardX.FileWriter, lambda writer, step: writer.add_summary(_theirs(float(step)), step))
ALL = [TENSORFLOW, TORCH, TENSORBOARD_X, TENSORBOARD_X_FILE, TENSORBOARD]


@pytest.mark.parametrize("loader", event_files.LOADERS)
@pytest.mark.parametrize("theirs", ALL, ids=str)
def test_ours_stands_in_their_run_between_what_is_theirs(tmp_path: Path, theirs: Theirs, loader: event_files.Loader) -> None:
    writer = theirs.open(str(tmp_path / "run"))
    run = RunWriter(to=writer)
    for step in range(30):  # more than their queues hold
        theirs.scalar(writer, step)
        run.write("validation/confusion_matrix", matrix(seed=step), step, wall_time=1000.0 + step)
        run.write("ours", step / 2, step, wall_time=1000.0 + step)
    run.close()
    theirs.scalar(writer, 30)  # it is still open
    writer.close()

    assert run.dropped == 0
    assert len(list((tmp_path / "run").iterdir())) == 1
    found = event_files.scalars(tmp_path, loader, 61)
    assert found["run", "ours"] == [(step, 1000.0 + step, step / 2) for step in range(30)]
    assert [(step, value) for step, _, value in found["run", "theirs"]] == [(step, float(step)) for step in range(31)]
    records = event_files.records(tmp_path, loader, 31)
    assert [(step, time) for step, time, _ in records["run", "validation/confusion_matrix"]] == [(step, 1000.0 + step) for step in range(30)]
    assert sum(tag.startswith("classes/") for _, tag in records) == 1


@pytest.mark.parametrize("theirs", [TORCH, TENSORBOARD_X, TENSORBOARD], ids=str)
def test_the_run_is_theirs(tmp_path: Path, theirs: Theirs) -> None:
    writer = theirs.open(str(tmp_path))
    assert RunWriter(to=writer).logdir == str(tmp_path)
    writer.close()


@pytest.mark.parametrize("theirs", [TENSORFLOW, TORCH, TENSORBOARD], ids=str)  # tensorboardX's flush does not wait for its queue
def test_what_was_flushed_is_in_the_file(tmp_path: Path, theirs: Theirs) -> None:
    writer = theirs.open(str(tmp_path))
    run = RunWriter(to=writer)
    run.write("ours", 1.0, 1)
    run.flush()

    assert [(tag, step) for tag, step, _ in values(tmp_path)] == [("ours", 1)]
    writer.close()


@pytest.mark.parametrize("theirs", ALL, ids=str)
def test_a_writer_that_its_owner_closed_costs_records_and_no_training(tmp_path: Path, theirs: Theirs, caplog: pytest.LogCaptureFixture) -> None:
    writer = theirs.open(str(tmp_path))
    run = RunWriter(to=writer)
    run.write("ours", 1.0, 0)
    writer.close()
    for step in range(1, 4):
        run.write("ours", 1.0, step)
    run.flush()
    run.close()

    assert run.dropped == 3
    assert [(tag, step) for tag, step, _ in values(tmp_path)] == [("ours", 0)]
    assert [record.getMessage()[:12] for record in caplog.records] == ["cannot write", "3 records fo"]


def test_ours_follows_an_owner_who_goes_on_after_closing(tmp_path: Path) -> None:
    writer = TorchWriter(str(tmp_path))  # tensorboardX writes over its first file, if it is the same second
    run = RunWriter(to=writer)
    run.write("ours", 1.0, 0)
    writer.close()
    TORCH.scalar(writer, 1)
    run.write("ours", 1.0, 2)
    writer.close()

    assert run.dropped == 0
    assert sorted((tag, step) for tag, step, _ in values(tmp_path)) == [("ours", 0), ("ours", 2), ("theirs", 1)]
    with pytest.raises(ValueError, match="a SummaryWriter that is open; this one is closed"):
        RunWriter(to=writer)


@pytest.mark.parametrize("loader", event_files.LOADERS)
def test_their_purge_takes_ours_with_it(tmp_path: Path, loader: event_files.Loader) -> None:
    """Who restarts from a checkpoint has TensorBoard forget what came after it: theirs, and ours."""
    for first, end in ((0, 8), (5, 7)):
        writer = TorchWriter(str(tmp_path / "run"), purge_step=first)
        run = RunWriter(to=writer)
        for step in range(first, end):
            writer.add_scalar("theirs", first, step)
            run.write("validation/confusion_matrix", matrix(seed=first), step)
        writer.close()

    steps = [step for step, _, _ in event_files.records(tmp_path, loader, 8)["run", "validation/confusion_matrix"]]
    assert steps == [step for step, _, _ in event_files.scalars(tmp_path, loader, 7)["run", "theirs"]] == list(range(7))


def test_ours_goes_to_the_first_of_several_files(tmp_path: Path) -> None:
    with TorchWriter(str(tmp_path)) as writer:
        writer.add_scalars("both", {"a": 1.0, "b": 2.0}, 0)  # each in a file and a run of its own
        RunWriter(to=writer).write("ours", 1.0, 1)

    assert [(tag, step) for tag, step, _ in values(tmp_path / "both_a")] == [("both", 0)]
    assert ("ours", 1) in [(tag, step) for tag, step, _ in values(tmp_path)]
    assert sum(tag == "ours" for tag, _, _ in values(tmp_path)) == 1


def test_a_writer_that_is_to_keep_nothing_keeps_nothing_of_ours_and_loses_nothing(tmp_path: Path) -> None:
    for writer in (tensorboardX.SummaryWriter(str(tmp_path), write_to_disk=False), tf.summary.create_noop_writer()):
        with RunWriter(to=writer) as run:
            run.write("ours", 1.0, 1)
        assert run.dropped == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writer", ["torch.utils.tensorboard", "tensorboardX"])
def test_a_full_disk_ends_their_thread_and_hangs_nobody(tmp_path: Path, writer: str) -> None:
    done = program(
        """
        sys.modules["tensorflow"] = None  # TensorBoard's writer goes by its own file system then
        import importlib
        from layerscope import RunWriter, confusion_matrix
        theirs = importlib.import_module(sys.argv[2]).SummaryWriter(sys.argv[1])
        run = RunWriter(to=theirs)
        run.write("loss", 1.0, 0)
        run.flush()
        resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        for step in range(1, 101):
            run.write("loss", 1.0, step)
            run.flush()
        run.close()
        print(json.dumps(run.dropped), flush=True)
        os._exit(0)
        """,
        str(tmp_path),
        writer,
    )

    assert 0 < json.loads(done.stdout) <= 100, done.stderr  # what their queue took before its thread ended is not counted
    assert "records for" in done.stderr


def test_a_forked_child_does_not_wait_for_its_parents_threads(tmp_path: Path) -> None:
    done = program(
        """
        sys.modules["tensorflow"] = None
        from tensorboard.summary.writer.event_file_writer import EventFileWriter
        from layerscope import RunWriter
        run = RunWriter(to=EventFileWriter(sys.argv[1]))
        if (child := os.fork()) == 0:
            for step in range(100):
                run.write("loss", 1.0, step)
            run.flush()
            os._exit(run.dropped)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """,
        str(tmp_path),
    )

    assert done.stdout == "100\n", done.stderr


def test_none_of_their_libraries_is_loaded_by_ours() -> None:
    done = program(
        "import layerscope, writers.open_writers; print([name for name in ('tensorflow', 'torch', 'tensorboardX', 'fsspec') if name in sys.modules])"
    )

    assert done.stdout in ("[]\n", "['fsspec']\n"), done.stderr  # TensorBoard's own reader, which these tests' helpers load, loads it
