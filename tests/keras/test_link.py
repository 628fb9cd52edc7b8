"""The line that says where a training can be watched."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tensorboard import manager

from layerscope.keras import Layerscope
from tests.keras.models import digits, sequential
from writers.frameworks.keras.logdir.link import folder_to_open, link


@pytest.fixture(autouse=True)
def nobody_else(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """TensorBoard keeps its notes of running servers in the folder for temporary files: here, one where nobody runs."""
    folder = tmp_path_factory.mktemp("notes")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that a note can speak of, in `tmp_path`."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, cwd=tmp_path) as running:
        yield running
        running.kill()


def note(pid: int, logdir: str | Path, *, port: int, path_prefix: str = "", age: int = 0) -> None:
    info = manager.TensorBoardInfo(
        version="2.21.0", start_time=int(time.time()) - age, pid=pid, port=port, path_prefix=path_prefix, logdir=str(logdir), db="", cache_key=""
    )
    # As TensorBoard's `write_info_file`, which names the file by its own process.
    with open(os.path.join(manager._get_info_dir(), f"pid-{pid}-{port}.info"), "w") as file:
        file.write(manager._info_to_string(info))


def training(folder: Path) -> None:
    (folder / "layerscope").mkdir(parents=True)
    (folder / "layerscope" / "events.out.tfevents.1700000000.host.1.0").touch()


@pytest.mark.parametrize("shown", ["logs/run-1", "logs", "."])
def test_a_tensorboard_that_shows_it_is_named(shown: str, tmp_path: Path, process: subprocess.Popen[bytes]) -> None:
    note(process.pid, tmp_path / shown, port=7012, path_prefix="/proxy/")

    assert link(str(tmp_path / "logs" / "run-1")) == "Layerscope: http://localhost:7012/proxy/#layerscope"


def test_a_relative_logdir_is_relative_to_its_tensorboard(tmp_path: Path, process: subprocess.Popen[bytes]) -> None:
    note(process.pid, "logs", port=7012)

    assert ":7012/#" in link(str(tmp_path / "logs" / "run-1"))
    assert "--logdir" in link(os.path.join("logs", "run-1"))


def test_the_nearest_and_then_the_youngest_is_named(tmp_path: Path, process: subprocess.Popen[bytes]) -> None:
    note(process.pid, tmp_path, port=7001)
    note(process.pid, tmp_path / "logs", port=7003)
    note(os.getpid(), tmp_path / "logs", port=7002, age=-1)

    assert ":7002/#" in link(str(tmp_path / "logs" / "run-1"))


def test_those_that_ended_or_show_something_else_are_not_named(tmp_path: Path, process: subprocess.Popen[bytes]) -> None:
    note(process.pid, tmp_path / "logs" / "run", port=7001)
    note(os.getpid(), tmp_path / "logs", port=7002, age=1_000_000)  # a process of that number lives, but a younger one
    note(process.pid, "", port=7003)
    wanted = f"Layerscope: tensorboard --logdir {tmp_path / 'logs' / 'run-1'}"
    assert link(str(tmp_path / "logs" / "run-1")) == wanted

    note(process.pid, tmp_path, port=7004)
    process.kill()
    process.wait()
    assert link(str(tmp_path / "logs" / "run-1")) == wanted


@pytest.mark.parametrize(
    ("logdir", "opened"),
    [
        ("logs/run-1", "logs"),
        ("./logs/a/run-1/", "logs/a"),
        ("run-1", "run-1"),
        (".", "."),
        ("../run-1", "../run-1"),
        ("../../run-1", "../../run-1"),
        ("/run-1", "/run-1"),
        ("/tmp/run-1", "/tmp/run-1"),
        ("/no/such/folder/run-1", "/no/such/folder/run-1"),
        (os.path.expanduser("~/run-1"), os.path.expanduser("~/run-1")),
    ],
)
def test_which_folder_is_opened(logdir: str, opened: str) -> None:
    assert folder_to_open(logdir) == opened


def test_a_folder_of_trainings_is_opened_whole(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    training(tmp_path / "run-1")
    assert folder_to_open(str(tmp_path / "run-1")) == str(tmp_path / "run-1")

    training(tmp_path / "run-2")
    assert folder_to_open(str(tmp_path / "run-1")) == str(tmp_path)


def test_a_folder_with_spaces_is_quoted() -> None:
    assert link("my logs/run-1") == "Layerscope: tensorboard --logdir 'my logs'"


def test_it_is_printed_once_as_the_path_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    data, model, callback = digits(), sequential(), Layerscope(os.path.join("logs", "run-1"))
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)

    for _ in range(2):
        model.fit(data.x[:32], data.y[:32], verbose=0, callbacks=[callback])

    assert capsys.readouterr().out == "Layerscope: tensorboard --logdir logs\n"


def test_the_command_can_be_pasted_into_windows_own_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    assert link(str(tmp_path / "my logs")) == f'Layerscope: tensorboard --logdir "{tmp_path / "my logs"}"'
