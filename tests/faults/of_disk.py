"""Faults of the disk."""

from __future__ import annotations

import logging
import os
import resource
import shutil
from pathlib import Path

from tb_plugin.schema.summary import scalar_event
from tests.faults.outcome import Outcome, steps
from tests.faults.small_disk import small_disk
from writers import RunWriter
from writers.event_file import framed

_NOBODY = 65534

Records = list[logging.LogRecord]


def attempt(outcome: Outcome, run: RunWriter, step: int) -> bool:
    """Writes one scalar; whether it was kept."""
    before = run.dropped
    try:
        run.write("loss", 0.5, step)
    except Exception as error:  # this is what is counted
        outcome.raised.append(repr(error))
        return False
    return run.dropped == before


def close(outcome: Outcome, run: RunWriter, told: Records) -> None:
    """Closes a run and looks whether its loss was told, once, with its count."""
    before = len(told)
    run.close()
    outcome.dropped += run.dropped
    lost = [record.getMessage() for record in told[before:] if "were lost" in record.getMessage()]
    outcome.told &= [f"{run.dropped} records" in message for message in lost] == ([True] if run.dropped else [])


def full(folder: Path, rounds: int, told: Records) -> Outcome:
    """The disk fills while a run is written, 20 records later there is room again; the run goes on in the same file."""
    with small_disk(folder / "disk") as disk:
        outcome = Outcome(disk.how)
        for i in range(rounds):
            run = RunWriter(disk.folder / f"run{i}")
            kept = {step for step in range(20) if attempt(outcome, run, step)}
            disk.fill()
            kept |= {step for step in range(20, 220) if attempt(outcome, run, step)}
            disk.make_room()
            kept |= {step for step in range(220, 240) if attempt(outcome, run, step)}
            close(outcome, run, told)
            outcome.told &= 0 < run.dropped == 240 - len(kept)
            outcome.expect(kept | set(range(20)) | set(range(220, 240)), steps(disk.folder / f"run{i}"))
            outcome.rounds += 1
            shutil.rmtree(disk.folder / f"run{i}")
    return outcome


def full_at_start(folder: Path, rounds: int, told: Records) -> Outcome:
    """No run can be begun: that is said at once, before any training, and leaves nothing behind. Then there is room."""
    with small_disk(folder / "disk") as disk:
        outcome = Outcome(disk.how)
        for i in range(rounds):
            disk.fill()
            if not disk.is_real:
                resource.setrlimit(resource.RLIMIT_FSIZE, (8, resource.RLIM_INFINITY))
            try:
                RunWriter(disk.folder / f"run{i}").close()
                outcome.raised.append("nothing was said of a disk that is full")
            except OSError as error:
                outcome.told &= "cannot write event files here" in str(error)
            outcome.told &= not any((disk.folder / f"run{i}").glob("*tfevents*"))
            disk.make_room()
            run = RunWriter(disk.folder / f"run{i}")
            kept = {step for step in range(5) if attempt(outcome, run, step)}
            close(outcome, run, told)
            outcome.expect(kept | set(range(5)), steps(disk.folder / f"run{i}"))
            outcome.rounds += 1
    return outcome


def short_writes(folder: Path, rounds: int, told: Records) -> Outcome:
    """The kernel takes the first n bytes of a record and refuses the rest, for each n."""
    outcome = Outcome("RLIMIT_FSIZE inside the record")
    size = len(framed(scalar_event("loss", 0.5, 2, 0.0).SerializeToString()))
    for i in range(min(rounds, size)):
        run = RunWriter(folder / f"run{i}")
        kept = {step for step in (1,) if attempt(outcome, run, step)}
        (path,) = (folder / f"run{i}").iterdir()
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + i, resource.RLIM_INFINITY))
        outcome.told &= not attempt(outcome, run, 2)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        kept |= {step for step in (3,) if attempt(outcome, run, step)}
        close(outcome, run, told)
        outcome.expect(kept | {1, 3}, steps(folder / f"run{i}"))
        outcome.rounds += 1
    return outcome


def directory_removed(folder: Path, rounds: int, told: Records) -> Outcome:
    """Somebody deletes the run; what is written from then on is kept in a new file."""
    outcome = Outcome("rm -r of the run")
    run = RunWriter(folder / "a" / "run")
    for i in range(rounds):
        kept = {step for step in range(10 * i, 10 * i + 10) if attempt(outcome, run, step)}
        outcome.expect(kept, steps(folder))
        shutil.rmtree(folder / "a" if i % 2 else folder / "a" / "run")
        outcome.rounds += 1
    kept = {step for step in range(10 * rounds, 10 * rounds + 10) if attempt(outcome, run, step)}
    close(outcome, run, told)
    outcome.told &= run.dropped == 0
    outcome.expect(kept, steps(folder))
    return outcome


def directory_replaced(folder: Path, rounds: int, told: Records) -> Outcome:
    """A file stands where the directory was, and goes away again."""
    outcome = Outcome("rm -r of the run, then a file of its name")
    for i in range(rounds):
        place = folder / f"run{i}"
        run = RunWriter(place)
        attempt(outcome, run, 0)
        shutil.rmtree(place)
        place.write_text("in the way")
        lost = [step for step in range(1, 6) if not attempt(outcome, run, step)]
        place.unlink()
        kept = {step for step in range(6, 11) if attempt(outcome, run, step)}
        close(outcome, run, told)
        outcome.told &= len(lost) == 5 == run.dropped
        outcome.expect(kept | set(range(6, 11)), steps(folder / f"run{i}"))
        outcome.rounds += 1
    return outcome


def directory_read_only(folder: Path, rounds: int, told: Records) -> Outcome:
    """The open file is written on; a worker that needs a file of its own gets none until the directory may be written again."""
    outcome = Outcome("chmod 555, as a user without privileges" if os.getuid() == 0 else "chmod 555")
    if os.getuid() == 0:
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == 0 and parent not in (Path("/"), Path("/tmp")):
                parent.chmod(parent.stat().st_mode | 0o011)
        os.chown(folder, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    for i in range(rounds):
        place = folder / f"run{i}"
        run = RunWriter(place)
        kept = {step for step in (0,) if attempt(outcome, run, step)}
        place.chmod(0o555)
        kept |= {step for step in (1, 2) if attempt(outcome, run, step)}
        if (child := os.fork()) == 0:
            lost = [step for step in (3, 4) if not attempt(outcome, run, step)]
            place.chmod(0o755)
            is_kept = attempt(outcome, run, 5)
            close(outcome, run, told)
            os._exit(0 if lost == [3, 4] and is_kept and run.dropped == 2 and outcome.told and not outcome.raised else 1)
        _, status = os.waitpid(child, 0)
        outcome.told &= status == 0
        outcome.dropped += 2
        kept |= {step for step in (6,) if attempt(outcome, run, step)}
        close(outcome, run, told)
        outcome.expect(kept | {0, 1, 2, 5, 6}, steps(place))
        outcome.rounds += 1
    return outcome
