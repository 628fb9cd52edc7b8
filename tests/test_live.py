"""Which event files count as live: the contract's rule, with real processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from writers.event_file import EventFile
from writers.live import live_event_files
from writers.processes import has_lived_since

ROOT = Path(__file__).resolve().parents[1]
WRITER = "import sys; from writers.event_file import EventFile; f = EventFile(sys.argv[1]); print(f.path, flush=True); sys.stdin.read()"


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that writes an event file until its input ends."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def touch(path: Path, *, age: float = 0.0) -> str:
    path.touch()
    os.utime(path, (time.time() - age,) * 2)
    return str(path)


def test_a_file_is_live_until_it_is_closed(tmp_path: Path) -> None:
    file = EventFile(str(tmp_path))
    assert live_event_files(tmp_path) == [file.path]

    file.close()
    assert live_event_files(tmp_path) == []


def test_a_file_that_nobody_holds_any_more_is_closed(tmp_path: Path) -> None:
    file = EventFile(str(tmp_path))
    del file

    assert live_event_files(tmp_path) == []


def test_another_processs_file_is_live_while_that_lives(tmp_path: Path, other_process: tuple[subprocess.Popen[str], str]) -> None:
    process, path = other_process
    os.utime(path, (0, 0))  # however long it has been silent
    assert live_event_files(tmp_path) == [path]

    process.kill()
    process.wait()
    assert live_event_files(tmp_path) == []


def test_a_dead_process_that_nobody_collected_is_dead(tmp_path: Path, other_process: tuple[subprocess.Popen[str], str]) -> None:
    process, _ = other_process
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert live_event_files(tmp_path) == []


def test_a_process_number_that_is_used_again_keeps_no_old_file_alive(tmp_path: Path) -> None:
    host, pid = socket.gethostname(), os.getpid()
    touch(tmp_path / f"events.out.tfevents.{int(time.time()) - 100_000}.{host}.{pid}.0")
    now = tmp_path / f"events.out.tfevents.{int(time.time())}.{host}.{pid}.99999"

    with now.open("wb"):
        assert live_event_files(tmp_path) == [str(now)]


OF_ANOTHER_LIBRARY = """
import os, socket, sys, time
{first}
from writers.live import live_event_files, sizes
path = os.path.join(sys.argv[1], f"events.out.tfevents.{{int(time.time())}}.{{socket.gethostname()}}.{{os.getpid()}}.7")
file = open(path, "wb")
said = [live_event_files(sys.argv[1]) == [path]]
file.close()
earlier = sizes(sys.argv[1])
said += [live_event_files(sys.argv[1]) == [path], live_event_files(sys.argv[1], earlier=earlier) == [path]]
with open(path, "wb") as file:
    file.write(b"more")
said += [live_event_files(sys.argv[1], earlier=earlier) == [path]]
print(*said)
"""


@pytest.mark.parametrize(
    ("first", "open_closed_silent_grown"),
    [
        ("sys.modules['tensorflow'] = sys", "True False False False"),  # as if it were loaded, which takes 6 s
        ("", "True True False True"),  # a writer may open its file for each write: only growth tells
    ],
)
def test_what_another_library_wrote_in_this_process(first: str, open_closed_silent_grown: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", OF_ANOTHER_LIBRARY.format(first=first), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == open_closed_silent_grown.split()


@pytest.mark.parametrize("name", ["events.out.tfevents.1700000000.another-host.1.0", f"events.out.tfevents.1700000000.{socket.gethostname()}"])
def test_a_file_of_unknown_origin_is_live_while_it_is_young(tmp_path: Path, name: str) -> None:
    young = touch(tmp_path / name, age=50)
    assert live_event_files(tmp_path) == [young]

    touch(tmp_path / name, age=70)
    assert live_event_files(tmp_path) == []


def test_other_files_and_absent_folders_hold_nothing_live(tmp_path: Path) -> None:
    touch(tmp_path / "notes.txt")

    assert live_event_files(tmp_path) == []
    assert live_event_files(tmp_path / "absent") == []
    assert live_event_files(tmp_path / "notes.txt") == []


def test_a_process_has_lived_since_it_began() -> None:
    assert has_lived_since(os.getpid(), time.time())
    assert not has_lived_since(os.getpid(), time.time() - 10 * 24 * 3600)
