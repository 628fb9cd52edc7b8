"""`make demo` clears only what a demo wrote, finds a free port, and leaves no process behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from scripts.demo import MARK, TRAININGS, fresh
from scripts.processes import ROOT, child, free_port


def test_a_new_folder_is_made_and_marked(tmp_path: Path) -> None:
    assert (fresh(tmp_path / "a" / "b") / MARK).is_file()


def test_the_trainings_of_an_earlier_demo_make_room_and_nothing_else_does(tmp_path: Path) -> None:
    fresh(tmp_path)
    for name in [*TRAININGS, "mine"]:
        (tmp_path / name).mkdir()

    fresh(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == [MARK, "mine"]


def test_logs_of_somebody_else_with_the_same_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / TRAININGS[0]).mkdir()

    with pytest.raises(SystemExit, match="not a demo's"):
        fresh(tmp_path)

    assert (tmp_path / TRAININGS[0]).is_dir()


def test_a_taken_port_gets_a_later_one() -> None:
    first = free_port(23456)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("localhost", first))
        listener.listen()

        assert first < free_port(first) < first + 100


def test_a_child_ends_with_its_block_and_so_do_its_own_children(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    program = (
        "import pathlib, subprocess, sys; grandchild = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE);"
        f"path = pathlib.Path({str(told)!r}); path.with_suffix('.new').write_text(str(grandchild.pid));"
        "path.with_suffix('.new').rename(path); grandchild.wait()"
    )
    with child("-c", program) as process:
        while not told.exists():
            assert process.poll() is None

    assert process.poll() == -signal.SIGTERM
    wait_for_end(int(told.read_text()))


def test_an_interrupted_demo_ends_at_once_and_cleanly(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "scripts.demo", "--logdir", str(tmp_path / "logs"), "--port", "23500"]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        assert demo.stderr is not None
        assert "starting TensorBoard" in demo.stdout.readline()
        demo.send_signal(signal.SIGINT)
        said, complained = demo.stdout.read(), demo.stderr.read()

    assert demo.returncode == 0
    assert "ended" in said
    assert complained == ""
    assert not [command for command in commands() if str(tmp_path / "logs") in command]


def wait_for_end(pid: int, patience: float = 10.0) -> None:
    """Returns when the process is gone, or dead and not yet collected."""
    begin = time.monotonic()
    while (state := stat(pid)) not in (None, "Z"):
        assert time.monotonic() - begin < patience, f"process {pid} lives on, in state {state}"


def stat(pid: int) -> str | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return None


def commands() -> Iterator[str]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield path.read_bytes().decode(errors="replace")
