"""Where events go: a file of our own, a writer that is open already, or memory.

A sink never raises into training once it is open: it warns once (logger `layerscope`, since people silence Python's
warnings), counts what is lost, tries again with each event that follows, and tells the count on close.
"""

from __future__ import annotations

import atexit
import logging
import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from tensorboard.compat.proto import event_pb2

from writers.background import Background
from writers.event_file import EventFile

_LARGE = 2**20
PATIENCE = 10.0
_log = logging.getLogger("layerscope")


class Sink(ABC):
    """Takes serialised `Event` messages.

    Attributes:
        logdir: The run's directory, where it is known; else empty.
        opened: How many files were begun. When it rises, a reader may not see what was written before, also for other
            reasons: an event was lost after it had been taken.
    """

    logdir = ""

    def __init__(self) -> None:
        self._refused = 0
        self.opened = 1
        self._is_closed = False
        self._has_warned = False

    @property
    def dropped(self) -> int:
        """Events lost so far."""
        return self._refused

    def append(self, event: bytes) -> bool:
        """Keeps one event; False when it was lost.

        Raises:
            ValueError: The sink is closed.
        """
        if self._is_closed:
            raise ValueError(f"nothing can be written after close(); open another RunWriter for {self.logdir or 'this run'}")
        return self._guarded(lambda: self._put(event), lost=1)

    def flush(self) -> None:
        """Hands on what is buffered."""
        self._guarded(self._flush, lost=0)

    def close(self) -> None:
        """Hands on what is buffered, lets go of what the sink opened, and tells how many events were lost, if any."""
        if self._is_closed:
            return
        self.flush()
        self._is_closed = True
        self._guarded(self._close, lost=0)
        atexit.unregister(self.close)
        if self.dropped:
            _log.warning("%d records for %s were lost: they could not be written", self.dropped, self._name)

    @abstractmethod
    def _put(self, event: bytes) -> None: ...

    def _flush(self) -> None:  # most sinks buffer nothing
        return

    def _close(self) -> None:  # and hold nothing open
        return

    @property
    def _name(self) -> str:
        return self.logdir or type(self).__name__

    def _guarded(self, action: Callable[[], None], *, lost: int) -> bool:
        try:
            action()
        except Exception as error:  # the boundary: whatever the disk or another's writer raises, training goes on
            self._warn(error)
            self._refused += lost
            return False
        return True

    def _warn(self, error: Exception) -> None:
        if not self._has_warned:
            atexit.register(self.close)  # for who does not close: the count is told all the same
            _log.warning("cannot write to %s: %s. Training goes on; what is lost is counted, and told on close.", self._name, error)
        self._has_warned = True


class MemorySink(Sink):
    """Keeps events in memory, parsed, in `events`: for tests, and for looking at what would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Any] = []

    def _put(self, event: bytes) -> None:
        self.events.append(event_pb2.Event.FromString(event))


class NoSink(Sink):
    """Keeps nothing: what `LAYERSCOPE_DISABLE=all` writes to."""

    def __init__(self, logdir: str) -> None:
        super().__init__()
        self.logdir = logdir

    def _put(self, event: bytes) -> None:
        pass


class QueuedSink(Sink):
    """A sink whose thread writes what takes long. It waits at most 10 s for that thread, at `flush` and at `close`."""

    def __init__(self) -> None:
        super().__init__()
        self._queue: Background | None = None

    @property
    def dropped(self) -> int:
        """Events lost so far."""
        queue = self._thread()
        return self._refused + (0 if queue is None else queue.lost)

    def _thread(self) -> Background | None:
        """The thread, if there is one in this process: a forked child has none yet."""
        return self._queue if self._queue is not None and self._queue.is_here else None

    def _started(self, queue: Background) -> Background:
        self._queue = queue
        atexit.register(self.close)  # for who does not close: the thread ends with the process
        return queue

    def _flush(self) -> None:
        if (queue := self._thread()) is not None:
            queue.flush(PATIENCE)

    def _close(self) -> None:
        if (queue := self._thread()) is not None:
            queue.close()


class EventFileSink(QueuedSink):
    """Appends events to a file of its own in a directory, each with one system call.

    One of 1 MiB or more is left to a thread, and so is what follows until that is written. A forked child that appends
    gets a file of its own, and so does a run whose file was deleted meanwhile.

    Args:
        logdir: The run's directory; made when absent.
        fsync: On close, wait until the disk has it all: nothing is lost then when the power fails.

    Raises:
        OSError: No event file can be made there; the message names the directory and the way out.
    """

    def __init__(self, logdir: str | os.PathLike[str], *, fsync: bool = False) -> None:
        super().__init__()
        self.logdir = os.fspath(logdir)
        self._fsync = fsync
        self._directory = os.path.abspath(self.logdir)  # training code may change the working directory
        try:
            self._file = EventFile(self._directory)
        except OSError as error:
            rule = f"cannot write event files here ({error.strerror}); pass a logdir that can be written, or make this one so"
            raise OSError(error.errno, rule, self._directory) from error

    @property
    def path(self) -> str:
        """The file written to."""
        return self._file.path

    def _put(self, event: bytes) -> None:
        queue = self._thread()
        if len(event) < _LARGE and (queue is None or queue.is_idle):
            self._append(event)
        else:
            (queue or self._started(Background(lambda batch: self._append(*batch), self._lost_later))).put(event)

    def _lost_later(self, error: Exception) -> None:
        self.opened += 1
        self._warn(error)

    def _append(self, event: bytes) -> None:
        if not self._file.is_usable:
            self._file.close()
            self._file = EventFile(self._directory)
            self.opened += 1
            _log.warning("%s goes on in a new event file: this process did not open the one before, or it was deleted", self._directory)
        self._file.append(event)

    def _close(self) -> None:
        super()._close()
        queue = self._thread()
        if queue is not None and not queue.is_idle:
            return  # the thread is in the middle of a write: its file is not taken away
        try:
            if self._fsync:
                self._file.sync()
        finally:
            self._file.close()
