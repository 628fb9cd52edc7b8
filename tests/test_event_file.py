"""Event files: TensorBoard's framing, and what is left of a file when disk, process or folder fail."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import textwrap
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto import event_pb2
from tensorboard.compat.tensorflow_stub.errors import DataLossError, OutOfRangeError
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New
from tensorboard.summary.writer.record_writer import RecordWriter

from writers.event_file import EventFile, FileName, framed, read_name
from writers.sinks import EventFileSink

ROOT = Path(__file__).resolve().parents[1]


def read(path: Path | str) -> list[Any]:
    """The events of a file, by TensorBoard's own reader, which checks every length and checksum.

    Raises:
        DataLossError: The file does not end with a whole record.
    """
    reader = PyRecordReader_New(str(path))
    events: list[Any] = []
    while True:
        try:
            reader.GetNext()
        except OutOfRangeError:
            return events
        events.append(event_pb2.Event.FromString(reader.record()))


def event(step: int, size: int = 0) -> bytes:
    made = event_pb2.Event(step=step, wall_time=1.0)
    if size:
        made.summary.value.add(tag="x" * size)
    return bytes(made.SerializeToString())


def steps(path: Path | str) -> list[int]:
    first, *others = read(path)
    assert first.file_version == "brain.Event:2"
    return [e.step for e in others]


def program(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a program of its own: what it does to files and processes stays there."""
    source = "from tests.test_event_file import *\nimport os, resource, signal, time\n" + textwrap.dedent(text)
    return subprocess.run([sys.executable, "-c", source, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


@settings(max_examples=60)
@given(st.binary(max_size=2000))
def test_records_are_framed_as_tensorboard_frames_them(data: bytes) -> None:
    out = BytesIO()
    RecordWriter(out).write(data)

    assert framed(data) == out.getvalue()


def test_what_is_appended_is_on_disk_at_once(tmp_path: Path) -> None:
    file = EventFile(str(tmp_path / "a" / "b"))
    for step in range(3):
        file.append(event(step, size=10**step))
        assert steps(file.path) == list(range(step + 1))
    file.close()
    file.close()


def test_no_two_files_share_a_name(tmp_path: Path) -> None:
    files = [EventFile(str(tmp_path)) for _ in range(50)]

    assert len({file.path for file in files}) == len(list(tmp_path.iterdir())) == 50
    for file in files:
        said = read_name(file.path)
        assert said is not None
        assert said.host == socket.gethostname()
        assert re.fullmatch(r"events\.out\.tfevents\.\d{10}\..*", Path(file.path).name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("events.out.tfevents.1700000000.my.host.local.12.3", FileName(1700000000, "my.host.local", 12)),
        ("events.out.tfevents.1700000000.host.12.3.v2", FileName(1700000000, "host", 12)),
        ("events.out.tfevents.1700000000.host.12.3.suffix", FileName(1700000000, "host", 12)),
        ("events.out.tfevents.1700000000.host", FileName(1700000000, "host", None)),
        ("events.out.tfevents.1700000000.host.example.org", FileName(1700000000, "host.example.org", None)),
        ("events.out.tfevents.1700000000.host.profile-empty", None),
        ("checkpoint", None),
        ("events.out.tfevents.now.host.1.2", None),
    ],
)
def test_a_name_says_who_wrote_the_file(name: str, said: FileName | None) -> None:
    assert read_name(name) == said


def test_a_disk_that_fills_costs_whole_records_only_and_recovers(tmp_path: Path) -> None:
    done = program(
        """
        sink = EventFileSink(sys.argv[1])
        sink.append(event(0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        kept = [sink.append(event(step, size=130)) for step in range(1, 21)]
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        later = sink.append(event(21))
        sink.close()
        print(json.dumps([kept, later, sink.dropped, sink.path]))
        """,
        str(tmp_path),
    )
    kept, later, dropped, path = json.loads(done.stdout)

    assert 0 < sum(kept) < 20
    assert kept == sorted(kept, reverse=True)
    assert later
    assert dropped == 20 - sum(kept)
    assert steps(path) == [0, *range(1, 1 + sum(kept)), 21]
    warnings = done.stderr.strip().splitlines()
    assert len(warnings) == 2, done.stderr
    assert "File too large" in warnings[0]
    assert f"{dropped} records" in warnings[1]


def test_a_small_record_may_still_fit_where_a_large_one_did_not(tmp_path: Path) -> None:
    done = program(
        """
        sink = EventFileSink(sys.argv[1])
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        print(json.dumps([sink.append(event(1, size=2000)), sink.append(event(2)), sink.path]))
        """,
        str(tmp_path),
    )
    large, small, path = json.loads(done.stdout)

    assert (large, small) == (False, True)
    assert steps(path) == [2]


def test_a_killed_process_loses_nothing_that_was_written(tmp_path: Path) -> None:
    done = program(
        """
        sink = EventFileSink(sys.argv[1])
        for step in range(100):
            sink.append(event(step))
        os.kill(os.getpid(), signal.SIGKILL)
        """,
        str(tmp_path),
    )

    assert done.returncode == -9
    (path,) = tmp_path.iterdir()
    assert steps(path) == list(range(100))


def test_a_forked_child_writes_to_a_file_of_its_own(tmp_path: Path) -> None:
    done = program(
        """
        sink = EventFileSink(sys.argv[1])
        sink.append(event(0))
        if (child := os.fork()) == 0:
            sink.append(event(10))
            sink.append(event(11))
            sys.exit(0)  # an ordinary end, with all that is cleaned up then
        os.waitpid(child, 0)
        idle = os.fork()
        if idle == 0:
            sys.exit(0)
        os.waitpid(idle, 0)
        sink.append(event(1))
        sink.close()
        print(json.dumps([sink.path, child]))
        """,
        str(tmp_path),
    )
    path, child = json.loads(done.stdout)

    assert steps(path) == [0, 1]
    (other,) = set(tmp_path.iterdir()) - {Path(path)}
    assert steps(other) == [10, 11]
    said = read_name(other.name)
    assert said is not None
    assert said.pid == child


def test_a_run_that_is_deleted_goes_on_in_a_new_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run = tmp_path / "run"
    sink = EventFileSink(run)
    sink.append(event(0))
    Path(sink.path).unlink()
    run.rmdir()

    assert sink.append(event(1))
    assert steps(sink.path) == [1]
    assert sink.opened == 2
    assert "it was deleted" in caplog.text
    sink.close()


def test_a_relative_run_stays_where_it_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sink = EventFileSink("run")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    Path(sink.path).unlink()
    sink.append(event(1))
    sink.close()

    assert [p.parent for p in tmp_path.rglob("events*")] == [tmp_path / "run"]


def test_a_folder_that_cannot_be_written_raises_at_once_and_names_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    for path in (tmp_path / "file", tmp_path / "file" / "run", Path("/proc/nothing/here")):
        with pytest.raises(OSError, match=r"cannot write event files here.*pass a logdir that can be written") as caught:
            EventFileSink(path)
        assert caught.value.filename == str(path)


def test_a_disk_that_is_full_from_the_start_raises_and_leaves_no_empty_file(tmp_path: Path) -> None:
    done = program(
        """
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))
        EventFileSink(sys.argv[1])
        """,
        str(tmp_path),
    )

    assert "OSError: [Errno 27] cannot write event files here (File too large)" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_sink_that_is_closed_says_so(tmp_path: Path) -> None:
    sink = EventFileSink(tmp_path)
    sink.close()
    sink.close()

    with pytest.raises(ValueError, match=r"nothing can be written after close\(\)"):
        sink.append(event(1))


def test_the_reader_used_here_sees_half_a_record(tmp_path: Path) -> None:
    file = EventFile(str(tmp_path))
    file.append(event(1))
    file.close()
    whole = Path(file.path).read_bytes()
    Path(file.path).write_bytes(whole[:-1])

    with pytest.raises(DataLossError):
        read(file.path)
