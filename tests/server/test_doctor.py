"""The doctor: what it says of logs, servers and the environment, and its exit status."""

from __future__ import annotations

import struct
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from torch.utils.tensorboard import SummaryWriter

from layerscope import doctor
from layerscope.doctor import environment, servers
from layerscope.doctor.event_files import scan
from layerscope.doctor.report import printable, size
from tests.server.others import tensor_event, write_events
from tests.server.test_slices import stats
from tests.server.test_structure_route import model
from writers import RunWriter, confusion_matrix
from writers.event_file import framed

MATRIX = confusion_matrix.from_predictions([0, 1], [0, 0], labels=["a", "b"])


@pytest.fixture(autouse=True)
def _no_servers(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """TensorBoards of other tests are none of ours: the list lies in a temporary directory."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path_factory.mktemp("servers")))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("structure", model(4, 5), 0)
        for step in (10, 20, 30):
            run.write("validation/confusion_matrix", MATRIX, step)
        run.write("learning_rate", 0.1, 10)
    return tmp_path


def problems(logdir: Path) -> list[str]:
    return [p.error for section in doctor.examine(str(logdir)) for p in section.problems]


def test_a_healthy_log_is_told_without_problems(log: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.main(str(log)) == 0

    said = capsys.readouterr().out
    assert "Training d\n  runs: d/layerscope\n" in said
    assert "d/layerscope: validation/confusion_matrix: 3 points of confusion_matrix, steps 10 to 30" in said
    assert "layers: 2 nodes, from keras" in said
    assert "No problems found." in said


def test_the_command_ends_with_1_when_something_is_wrong(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-m", "layerscope", "doctor", str(tmp_path / "nowhere")], capture_output=True, text=True)

    assert run.returncode == 1
    assert "there is no directory" in run.stdout
    assert "→ Give the logdir" in run.stdout
    assert run.stderr == ""


def test_help_says_what_it_does() -> None:
    run = subprocess.run([sys.executable, "-m", "layerscope", "--help"], capture_output=True, text=True, check=True)

    assert "doctor" in run.stdout


def test_an_empty_logdir_is_a_problem_with_a_way_out(tmp_path: Path) -> None:
    assert problems(tmp_path) == ["there is no event file in it"]


def test_a_log_without_anything_of_ours_is_said(tmp_path: Path) -> None:
    write_events(tmp_path, [tensor_event("t", [b"x"], plugin="somebody")])

    assert problems(tmp_path) == ["nothing in it is of a kind that the tab shows"]


def test_what_others_logged_is_told_and_no_problem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with SummaryWriter(str(tmp_path / "d")) as log:
        for step in range(2):
            log.add_scalar("loss", 1.0, step)
            log.add_scalar("gradient_norm/fc1.weight", 1.0, step)
            log.add_histogram("fc1.weight", np.arange(5.0), step)
            log.add_pr_curve("pr", np.array([0, 1]), np.array([0.2, 0.7]), step)

    assert doctor.main(str(tmp_path)) == 0

    said = capsys.readouterr().out
    assert "d: 2 scalar series\n" in said
    assert "d: 1 histogram series\n" in said
    assert "d: pr: 2 points of curves, steps 0 to 1\n" in said


def damaged(log: Path, change: bytes | None, *, cut: int = 0) -> list[str]:
    (file,) = (log / "d/layerscope").iterdir()
    content = file.read_bytes()
    if change is None:
        content = content[: len(content) - cut]
    else:
        content += change
    file.write_bytes(content)
    return problems(log)


def test_a_cut_off_record_is_found(log: Path) -> None:
    (problem,) = damaged(log, None, cut=5)

    assert problem.endswith("is cut off")


@pytest.mark.parametrize("tail", [b"\0", framed(b"")[:11], struct.pack("<Q", 2**60) + b"\0" * 8, framed(b"x" * 30)[:-1] + b"!"])
def test_a_garbled_or_cut_off_tail_is_found(log: Path, tail: bytes) -> None:
    assert len(damaged(log, tail)) == 1


def test_an_alien_record_is_found_and_the_other_runs_are_read(log: Path) -> None:
    with RunWriter(log / "e") as run:
        run.write("t/confusion_matrix", MATRIX, 7)

    found = damaged(log, framed(b"\xff\xff not an event"))

    assert len(found) == 1
    assert found[0].endswith("is not one of TensorBoard's")
    assert any(section.title == "Training e" for section in doctor.examine(str(log)))


def test_an_unreadable_record_is_named_with_its_step(tmp_path: Path) -> None:
    write_events(tmp_path / "d", [tensor_event("facts", [b"bad"], content=b'{"kind":"training_facts","version":1}', step=3)])

    (problem,) = [p for p in problems(tmp_path) if "step 3" in p]
    assert problem.startswith("d: facts: the record at step 3 cannot be read")


def test_lost_records_are_counted(tmp_path: Path) -> None:
    from tb_plugin.schema.record import encode
    from tb_plugin.schema.training_facts import TrainingFacts

    records = [encode(TrainingFacts(), writer="w", ordinal=ordinal) for ordinal in (0, 1, 5)]
    content = b'{"kind":"training_facts","version":1}'
    write_events(tmp_path / "d", [tensor_event("training_facts", [r], content=content, step=i) for i, r in enumerate(records)])

    assert problems(tmp_path) == ["d: training_facts: 3 records between those kept are missing"]


def test_two_live_writers_in_one_directory_are_said(tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d") as one, RunWriter(tmp_path / "d") as two:
        one.write("a/confusion_matrix", MATRIX, 0)
        two.write("b/confusion_matrix", MATRIX, 0)
        found = problems(tmp_path)

    assert len(found) == 1
    assert "is written by 2 writers at once" in found[0]


def evaluated(logdir: Path, steps: Iterable[int]) -> None:
    with RunWriter(logdir / "d/layerscope") as run:
        for step in steps:
            run.write("validation/confusion_matrix", MATRIX, step)
            run.write("learning_rate", 0.1, step)


def test_a_second_training_in_one_folder_is_said_with_the_way_out(tmp_path: Path) -> None:
    evaluated(tmp_path, [10, 20, 30])
    evaluated(tmp_path, [10, 20])

    (problem,) = [p for section in doctor.examine(str(tmp_path)) for p in section.problems]
    assert problem.error.startswith("training d: steps go back in learning_rate, validation/confusion_matrix: another training was logged into its folder")
    assert 'Layerscope("logs/run-2")' in problem.fix


def test_a_training_that_went_on_in_its_folder_is_no_problem(tmp_path: Path) -> None:
    evaluated(tmp_path, [10, 20, 30])
    evaluated(tmp_path, [40, 50])

    assert problems(tmp_path) == []
    assert any("2 writers" in line for section in doctor.examine(str(tmp_path)) for line in section.lines)


def test_numbers_of_epochs_may_begin_anew(tmp_path: Path) -> None:
    for _ in range(2):
        with RunWriter(tmp_path / "train") as run:
            run.write("epoch_loss", 0.5, 0)
            run.write("epoch_loss", 0.4, 1)

    assert problems(tmp_path) == []


def test_steps_inside_records_are_told(tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d") as run:
        run.write("tensor_stats/norms", stats([3, 4, 5]), 5)
        run.write("tensor_stats/norms", stats([8, 9]), 9)

    assert "d: tensor_stats/norms: 5 points of tensor_stats, steps 3 to 9" in [line for section in doctor.examine(str(tmp_path)) for line in section.lines]


@pytest.mark.parametrize(("n", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (44_123, "44.1 kB"), (3_680_000, "3.7 MB"), (2**31, "2.1 GB")])
def test_sizes_are_told_in_units_that_fit(n: int, said: str) -> None:
    assert size(n) == said


def test_the_scan_counts_every_record(log: Path) -> None:
    (file,) = (log / "d/layerscope").iterdir()

    assert (scan(file).records, scan(file).damage) == (8, None)


@pytest.mark.parametrize(
    ("started", "tab", "says"),
    [
        (50.0, False, "was started before Layerscope was installed"),
        (150.0, False, "does not have the tab"),
        (50.0, True, "runs an older Layerscope"),
        (150.0, True, None),
        (50.0, None, None),
    ],
)
def test_a_running_tensorboard_that_must_be_restarted_is_named(started: float, tab: bool | None, says: str | None) -> None:
    info = SimpleNamespace(port=6006, path_prefix="/p", version="2.21.0", start_time=started, pid=123, logdir="logs", db="")

    section = servers.section_of([info], 100.0, lambda address: tab if address == "http://localhost:6006/p" else None)

    assert "http://localhost:6006/p/#layerscope" in section.lines[0]
    assert [says in p.error for p in section.problems if says] == ([True] if says else [])
    assert bool(section.problems) == bool(says)


@pytest.mark.parametrize(("shown", "is_problem"), [("/logs", True), ("/logs/a/b", True), ("logs", True), ("/other", False), ("/logs/ab", False)])
def test_a_tensorboard_that_shows_other_logs_is_no_problem_of_these(shown: str, is_problem: bool) -> None:
    info = SimpleNamespace(port=6006, path_prefix="", version="2.21.0", start_time=50.0, pid=123, logdir=shown, db="")

    section = servers.section_of([info], 100.0, lambda _: True, "/logs/a")

    assert bool(section.problems) == is_problem
    assert any("shows other logs" in line for line in section.lines) != is_problem


def test_nobody_at_an_address_is_no_answer() -> None:
    assert servers.has_tab("http://localhost:1") is None


def test_this_environment_is_whole() -> None:
    section = environment.examine()

    assert section.problems == []
    assert any(line.startswith("tensorboard 2.") for line in section.lines)
    installed = environment.installed_at()
    assert installed is not None


@pytest.mark.parametrize(("name", "shown"), [("a\nb", "a\\nb"), ("\u202eevil", "\\u202eevil"), ("é😀", "é😀"), ("x" * 500, "x" * 60 + "…" + "x" * 60)])
def test_names_are_printed_on_one_line(name: str, shown: str) -> None:
    assert printable(name) == shown
