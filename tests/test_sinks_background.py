"""What is left to a thread: in order, bounded, and lost only by count."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from layerscope import EventFileSink, RunWriter
from tests.test_event_file import event, program, steps
from writers.background import LIMIT, Background

MB = 1_000_000


class Destination:
    """Takes records when it is open, and refuses those that are named."""

    def __init__(self, *refused: bytes) -> None:
        self.taken: list[bytes] = []
        self.refused = set(refused)
        self.errors: list[Exception] = []
        self.open = threading.Event()
        self.asked = threading.Semaphore(0)

    def write(self, records: Sequence[bytes]) -> None:
        self.asked.release()
        assert self.open.wait(60)
        if self.refused & set(records):
            raise OSError("refused")
        self.taken += records


@pytest.mark.parametrize("gather", [0.0, 0.01, 100.0])
def test_records_arrive_in_order(gather: float) -> None:
    to = Destination()
    to.open.set()
    thread = Background(to.write, to.errors.append, gather=gather)
    records = [b"%d" % number for number in range(500)]
    for record in records:
        thread.put(record)
    thread.flush(60)

    assert to.taken == records
    assert thread.is_idle
    assert (thread.lost, to.errors) == (0, [])
    thread.close()


def test_more_than_the_limit_is_refused_at_once_and_what_waits_at_the_end_is_lost() -> None:
    to = Destination()
    thread = Background(to.write, to.errors.append)
    for _ in range(LIMIT // MB):
        thread.put(bytes(MB))
    with pytest.raises(BufferError, match="64,000,000 bytes wait to be written already"):
        thread.put(b"x")
    thread.flush(0.01)
    thread.close()
    thread.close()

    assert thread.lost == 64
    assert not thread.is_idle
    to.open.set()


def test_one_record_may_be_larger_than_the_limit() -> None:
    to = Destination()
    to.open.set()
    thread = Background(to.write, to.errors.append)
    thread.put(bytes(LIMIT + 1))
    thread.flush(60)

    assert list(map(len, to.taken)) == [LIMIT + 1]


def test_without_gathering_a_record_that_is_refused_is_lost_and_the_others_are_written() -> None:
    to = Destination(b"b")
    to.open.set()
    thread = Background(to.write, to.errors.append)
    for record in (b"a", b"b", b"c"):
        thread.put(record)
    thread.flush(60)
    thread.flush(60)

    assert to.taken == [b"a", b"c"]
    assert (thread.lost, len(to.errors)) == (1, 1)


def test_with_gathering_a_flush_tries_once_more_and_all_are_kept() -> None:
    to = Destination(b"b")
    to.open.set()
    thread = Background(to.write, to.errors.append, gather=1000)
    for record in (b"a", b"b", b"c"):
        thread.put(record)
    for attempt in (1, 2, 3):
        thread.flush(60)
        assert len(to.errors) == attempt
    assert isinstance(thread.error, OSError)
    to.refused.clear()
    thread.flush(60)

    assert to.taken == [b"a", b"b", b"c"]
    assert thread.is_idle
    assert thread.lost == 0


def test_a_flush_waits_for_what_was_handed_over_during_an_attempt() -> None:
    to = Destination()
    thread = Background(to.write, to.errors.append, gather=1000)
    thread.put(bytes(MB))
    assert to.asked.acquire(timeout=60)
    thread.put(b"b")
    threading.Timer(0.05, to.open.set).start()
    thread.flush(60)

    assert to.taken == [bytes(MB), b"b"]


def test_large_and_small_records_stand_in_the_file_in_the_order_they_were_written(tmp_path: Path) -> None:
    sink = EventFileSink(tmp_path)
    for step in range(40):
        sink.append(event(step, size=2**20 if step % 10 == 3 else 100))
    sink.close()

    assert steps(sink.path) == list(range(40))
    assert sink.dropped == 0


def test_a_large_record_that_finds_no_room_is_counted_and_what_follows_is_written(tmp_path: Path) -> None:
    done = program(
        """
        sink = EventFileSink(sys.argv[1])
        sink.append(event(0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
        taken = sink.append(event(1, size=2_000_000))
        sink.append(event(2))
        sink.flush()
        print(json.dumps([taken, sink.dropped, sink.opened, sink.path]), flush=True)
        sink.close()
        """,
        str(tmp_path),
    )
    taken, dropped, opened, path = json.loads(done.stdout)

    assert (taken, dropped, opened) == (True, 1, 2)  # so that axes among what was lost are written again
    assert steps(path) == [0, 2]
    assert "File too large" in done.stderr
    assert "1 records for" in done.stderr


def test_a_child_forked_while_much_waits_writes_to_a_file_of_its_own(tmp_path: Path) -> None:
    done = program(
        """
        sink = EventFileSink(sys.argv[1])
        for step in range(3):
            sink.append(event(step, size=1_500_000))
        if (child := os.fork()) == 0:
            sink.append(event(100, size=1_500_000))
            sink.append(event(101))
            sys.exit(0)
        os.waitpid(child, 0)
        """,
        str(tmp_path),
    )

    assert done.stderr.count("goes on in a new event file") == 1, done.stderr
    assert sorted(map(steps, tmp_path.iterdir())) == [list(range(3)), [100, 101]]


def test_fsync_waits_for_the_disk_at_the_end_and_only_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        synced.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    for asked in (False, True):
        with RunWriter(tmp_path / str(asked), fsync=asked) as run:
            run.write("loss", 1.0, 0)
            assert synced == []

    (file,) = (tmp_path / "True").iterdir()
    assert synced == [str(file), str(tmp_path / "True")]
