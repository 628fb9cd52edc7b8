"""Where events go: an event file, or memory. A sink never raises into training once it is open."""

from __future__ import annotations

import logging
import os
from typing import Any, Protocol

from tensorboard.compat.proto import event_pb2

from writers.event_file import EventFile

_log = logging.getLogger("layerscope")


class Sink(Protocol):
    """Takes serialised `Event` messages.

    Attributes:
        dropped: Events that could not be kept.
        opened: Rises whenever what follows no longer stands behind what came before: a new file was begun.
    """

    dropped: int
    opened: int

    def append(self, event: bytes) -> bool:
        """Keeps one event; False when it was lost."""

    def flush(self) -> None:
        """Hands on what is buffered."""

    def close(self) -> None:
        """Ends the sink; nothing may be appended after it."""


class MemorySink:
    """Keeps events in memory: for tests, and for looking at what would be written."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.dropped = 0
        self.opened = 1

    def append(self, event: bytes) -> bool:
        """Keeps the event, parsed."""
        self.events.append(event_pb2.Event.FromString(event))
        return True

    def flush(self) -> None:
        """Nothing is buffered."""

    def close(self) -> None:
        """Nothing is held open; the events stay."""


class EventFileSink:
    """Appends events to a file of its own in a directory.

    When the disk fails it warns once (logger `layerscope`), counts what is lost and tries again with each event that
    follows: training goes on. A forked child that appends gets a file of its own, and so does a run whose file was deleted.

    Args:
        directory: The run's directory; made when absent.

    Raises:
        OSError: No event file can be made there; the message names the directory and the way out.
    """

    def __init__(self, directory: str | os.PathLike[str]) -> None:
        self.directory = os.path.abspath(os.fspath(directory))
        self.dropped = 0
        self.opened = 0
        self._file: EventFile | None = None
        try:
            self._open()
        except OSError as error:
            raise OSError(
                error.errno, f"cannot write event files here ({error.strerror}); give a logdir that can be written, or make this one so", self.directory
            ) from error

    @property
    def path(self) -> str | None:
        """The file written to, or None when there is none at present."""
        return None if self._file is None else self._file.path

    def append(self, event: bytes) -> bool:
        """Writes one event with one system call; False when it was lost."""
        try:
            self._current().append(event)
        except OSError as error:
            self.dropped += 1
            if self.dropped == 1:
                _log.warning("cannot write to %s: %s. Training goes on; what is lost is counted, and told on close.", self.directory, error.strerror)
            return False
        return True

    def flush(self) -> None:
        """Nothing is buffered: an event is in the page cache once `append` returns."""

    def close(self) -> None:
        """Closes the file and tells how many events were lost, if any."""
        if self._file is not None:
            self._file.close()
            self._file = None
            if self.dropped:
                _log.warning("%d records for %s were lost", self.dropped, self.directory)

    def _open(self) -> EventFile:
        self._file = EventFile(self.directory)
        self.opened += 1
        return self._file

    def _current(self) -> EventFile:
        file = self._file
        if file is not None and file.pid == os.getpid() and not file.is_removed:
            return file
        if file is not None:
            file.close()
        return self._open()
