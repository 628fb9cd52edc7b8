"""Runs behind a URL: what TensorBoard's file systems keep, and what a store that is slow, away or full costs."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest
import tensorflow as tf
from fsspec.implementations.local import LocalFileSystem

from layerscope import RunWriter
from tests import event_files
from tests.test_event_file import program, steps
from tests.test_run_writer import matrix, values
from writers import remote, sinks


class Store(LocalFileSystem):
    """A store over a folder: writing to it can be held up, and can fail when half is written."""

    protocol = "store"
    cachable = False
    opens = threading.Event()
    asked = threading.Semaphore(0)
    fails = False

    @classmethod
    def _strip_protocol(cls, path: str) -> str:
        return str(LocalFileSystem._strip_protocol(path.removeprefix("store://")))

    def _open(self, path: str, mode: str = "rb", **options: Any) -> Any:
        if "r" not in mode:
            assert Store.opens.wait(60)
            Store.asked.release()
        file = super()._open(path, mode, **options)
        if Store.fails and "r" not in mode:
            file.write(b"half of a rec")
            file.close()
            raise OSError("the store is away")
        return file


fsspec.register_implementation("store", Store)


@pytest.fixture(autouse=True)
def _store_as_it_should_be() -> Iterator[None]:
    Store.opens.set()
    Store.asked = threading.Semaphore(0)
    Store.fails = False
    yield
    Store.opens.set()


@pytest.mark.parametrize("loader", event_files.LOADERS)
def test_a_run_behind_a_url_is_read_back(tmp_path: Path, loader: event_files.Loader) -> None:
    with RunWriter(f"store://{tmp_path}/run") as run:
        run.write("loss", 0.5, 1)
        run.write("validation/confusion_matrix", matrix(), 2, wall_time=12.5)
        run.flush()
        run.write("loss", 0.25, 2)

    assert len(list((tmp_path / "run").iterdir())) == 1
    found = event_files.scalars(tmp_path, loader, 2)
    assert [(step, value) for step, _, value in found["run", "loss"]] == [(1, 0.5), (2, 0.25)]
    ((step, wall_time, _),) = event_files.records(tmp_path, loader, 2)["run", "validation/confusion_matrix"]
    assert (step, wall_time) == (2, 12.5)


def test_where_tensorflow_is_loaded_its_file_systems_are_used() -> None:
    with RunWriter("ram://folder/run") as run:
        run.write("loss", 0.5, 1)
        run.flush()
        run.write("loss", 0.25, 2)

    (name,) = tf.io.gfile.listdir("ram://folder/run")
    events = list(tf.compat.v1.train.summary_iterator(f"ram://folder/run/{name}"))
    assert [(event.step, value.tag) for event in events for value in event.summary.value] == [(1, "loss"), (2, "loss")]


def test_without_tensorflow_memory_is_written_and_read_by_tensorboard() -> None:
    done = program(
        """
        import tests.event_files
        assert "tensorflow" not in sys.modules
        sys.modules["tensorflow"] = None  # as if it were not installed: TensorBoard goes by its own file systems
        from layerscope import RunWriter
        with RunWriter("memory://logs/run") as run:
            run.write("loss", 0.5, 1)
        from tests.event_files import _with_python, _scalars
        found = _with_python("memory://logs", _scalars)
        print(json.dumps([[run, tag, [step for step, _, _ in points]] for (run, tag), points in found.items()]))
        """
    )

    assert json.loads(done.stdout) == [["run", "loss", [1]]], done.stderr


def test_a_store_that_hangs_stops_nothing_and_what_does_not_fit_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("writers.background.LIMIT", 10_000)
    monkeypatch.setattr(sinks, "PATIENCE", 0.05)
    run = RunWriter(f"store://{tmp_path}/run")
    Store.opens.clear()
    for step in range(1000):
        run.write("loss", 1.0, step)
    refused = run.dropped
    run.flush()
    run.close()

    assert 800 < refused < 1000
    assert run.dropped == 1000
    assert values(tmp_path) == []


def test_what_a_store_refused_is_written_when_it_is_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = RunWriter(f"store://{tmp_path}/run")
    run.write("loss", 1.0, 0)
    run.flush()
    Store.fails = True
    for step in range(1, 4):
        run.write("loss", 1.0, step)
        run.flush()
    Store.fails = False
    run.write("loss", 1.0, 4)
    run.close()

    assert run.dropped == 0
    assert len(caplog.records) == 1
    assert "the store is away" in caplog.text
    for loader in event_files.LOADERS:
        assert [step for step, _, _ in event_files.scalars(tmp_path, loader, 5)["run", "loss"]] == [0, 1, 2, 3, 4]


def test_what_is_small_is_gathered_and_what_is_much_is_written_at_once(tmp_path: Path) -> None:
    run = RunWriter(f"store://{tmp_path}/run")
    assert Store.asked.acquire(timeout=60)  # its file was made
    run.write("loss", 1.0, 0)
    assert not values(tmp_path)

    for step in range(1, 20_000):
        run.write("loss", 1.0, step)
    assert Store.asked.acquire(timeout=remote.GATHER / 2)
    run.close()
    assert [step for _, step, _ in values(tmp_path)] == list(range(20_000))


def test_a_store_that_refuses_from_the_start_raises_at_once(tmp_path: Path) -> None:
    Store.fails = True
    with pytest.raises(OSError, match=r"cannot write event files in store://.*the store is away.*pass a logdir that can be written"):
        RunWriter(f"store://{tmp_path}/run")


def test_a_scheme_that_nobody_knows_is_refused_with_a_way_out() -> None:
    with pytest.raises(ValueError, match=re.escape("no file system is known for nowhere://")):
        RunWriter("nowhere://run")


def test_who_does_not_close_loses_nothing_at_an_ordinary_end(tmp_path: Path) -> None:
    done = program(
        """
        from layerscope import RunWriter
        RunWriter(f"file://{sys.argv[1]}/run").write("loss", 1.0, 3)
        """,
        str(tmp_path),
    )

    assert done.stderr == ""
    assert [(tag, step) for tag, step, _ in values(tmp_path)] == [("loss", 3)]


def test_a_forked_child_writes_to_a_file_of_its_own(tmp_path: Path) -> None:
    done = program(
        """
        from layerscope import RunWriter
        run = RunWriter(f"file://{sys.argv[1]}/run")
        run.write("loss", 1.0, 0)
        if (child := os.fork()) == 0:
            run.write("loss", 1.0, 1)
            sys.exit(0)
        os.waitpid(child, 0)
        if (idle := os.fork()) == 0:
            sys.exit(0)
        os.waitpid(idle, 0)
        run.write("loss", 1.0, 2)
        """,
        str(tmp_path),
    )

    assert done.stderr == ""
    assert sorted(map(steps, (tmp_path / "run").iterdir())) == [[0, 2], [1]]
