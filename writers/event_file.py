"""One event file: TensorBoard's record framing over an unbuffered append, so that what was written is on the page cache.

A record is its length (uint64), the masked CRC32C of those eight bytes, its bytes, and their masked CRC32C, all little
endian (tensorflow/core/lib/io/record_writer.h).
"""

from __future__ import annotations

import itertools
import os
import re
import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass

import google_crc32c
from tensorboard.compat.proto import event_pb2

_VERSION = "brain.Event:2"
_NAME = re.compile(r"events\.out\.tfevents\.(?P<time>\d+)\.(?P<host>.+?)(?:\.(?P<pid>\d+)\.\d+(?P<suffix>\.?[^\d.].*)?)?$")
_LENGTH, _CRC = struct.Struct("<Q"), struct.Struct("<I")
_NO_EVENTS = ".profile-empty"
"""End of the names of files that TensorFlow's profiler makes so that TensorBoard looks into a directory."""

_counter = itertools.count()
_files: dict[tuple[int, str], bool] = {}
"""Event files made here, by process and path: whether each is open. A forked child has none of its parent's open."""


def framed(record: bytes) -> bytes:
    """A record as it stands in the file."""
    length = _LENGTH.pack(len(record))
    return b"".join((length, _masked_crc(length), record, _masked_crc(record)))


def _masked_crc(data: bytes) -> bytes:
    crc = google_crc32c.value(data)
    return _CRC.pack(((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


@dataclass(frozen=True)
class FileName:
    """What the name of an event file says of who wrote it.

    Attributes:
        time: Seconds since 1970 when it was opened.
        host: The machine.
        pid: The process, or None where the writer did not say (tensorboardX).
    """

    time: int
    host: str
    pid: int | None


def first_event() -> bytes:
    """The event with which a file begins."""
    return bytes(event_pb2.Event(wall_time=time.time(), file_version=_VERSION).SerializeToString())


def new_name(names: Iterable[str]) -> str:
    """The name of a new event file in a directory that holds files of these names.

    TensorBoard reads the files of a run by name, each to its end: one that sorts before another is too late. So its time
    is later than theirs, also where the clock was set back.
    """
    earlier = max((said.time for said in map(read_name, names) if said is not None), default=-1)
    second = max(int(time.time()), earlier + 1)
    return f"events.out.tfevents.{second:010d}.{socket.gethostname()}.{os.getpid()}.{next(_counter)}"


def read_name(name: str) -> FileName | None:
    """What the name of an event file says; None when it is not named like one."""
    found = _NAME.search(name)
    if found is None or name.endswith(_NO_EVENTS):
        return None
    return FileName(int(found["time"]), found["host"], None if found["pid"] is None else int(found["pid"]))


def here(path: str) -> bool | None:
    """Whether the event file is open in this process; None when this process did not make it by `EventFile`."""
    return _files.get((os.getpid(), os.path.abspath(path)))


class EventFile:
    """One event file, created at once and appended to record by record, each with a single write.

    A process that is killed loses nothing that was appended, and a fork doubles nothing, because nothing is buffered.

    Args:
        directory: Where it is created; made when absent.

    Raises:
        OSError: It cannot be created or its first event cannot be written.
    """

    def __init__(self, directory: str) -> None:
        self._fd = -1  # for __del__, should the next lines fail
        self._length = 0
        self._pid = os.getpid()
        os.makedirs(directory, exist_ok=True)
        self.path, self._fd = _create(os.path.abspath(directory))
        self._made = os.fstat(self._fd)
        _files[self._pid, self.path] = True
        try:
            self.append(first_event())
        except OSError:
            self.close()
            os.unlink(self.path)
            raise

    def append(self, record: bytes) -> None:
        """Writes one record, whole or not at all.

        Raises:
            OSError: It could not be written; the file ends with the last good record.
        """
        rest = memoryview(framed(record))
        length = self._length + len(rest)
        try:
            # A full disk may take a part and return a short count; only the next call says what is wrong.
            while rest:
                rest = rest[os.write(self._fd, rest) :]
            self._length = length
        except BaseException:  # Ctrl-C too: it may come between two parts
            self._cut_back()
            raise

    @property
    def is_usable(self) -> bool:
        """Whether what is appended will be found: the file is open, this process's own, and nobody has deleted it."""
        return self._pid == os.getpid() and (status := self._status()) is not None and status.st_nlink > 0

    def sync(self) -> None:
        """Waits until the disk has what was appended, and the name of the file.

        Raises:
            OSError: It says that it has not.
        """
        os.fsync(self._fd)
        if os.name == "posix":  # elsewhere a directory can't be opened
            directory = os.open(os.path.dirname(self.path), os.O_RDONLY)
            try:
                os.fsync(directory)
            finally:
                os.close(directory)

    def close(self) -> None:
        """Closes the descriptor; harmless when closed already."""
        if self._fd < 0:
            return
        if self._status() is not None:
            os.close(self._fd)
        self._fd = -1
        _files[self._pid, self.path] = False

    def __del__(self) -> None:
        self.close()

    def _status(self) -> os.stat_result | None:
        """Of the file; None when the descriptor is no longer its own: who makes a daemon of himself closes all, and their numbers are used again."""
        try:
            status = os.fstat(self._fd)
        except OSError:
            return None
        return status if os.path.samestat(status, self._made) else None

    def _cut_back(self) -> None:
        try:
            os.ftruncate(self._fd, self._length)
        except OSError:
            self.close()  # half a record at its end hides whatever follows: this file is over


def _create(directory: str) -> tuple[str, int]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
    while True:
        path = os.path.join(directory, new_name(os.listdir(directory)))
        try:
            return path, os.open(path, flags, 0o666)
        except FileExistsError:
            continue  # another container with our host name and pid; the counter moves on
