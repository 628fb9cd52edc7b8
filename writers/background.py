"""A thread that hands records to what is slow to take them."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Sequence

LIMIT = 64_000_000
"""Bytes that may wait."""

_ENOUGH = 1_000_000
"""Bytes for which gathering ends early."""


class Background:
    """Writes records in a thread of its own, in their order, and never blocks who hands them over.

    Args:
        write: Called in the thread with the next records; raises when they could not be written.
        failed: Called in the thread with what `write` raised.
        gather: Seconds for which records are gathered, up to 1 MB, to be written together; what could not be written is
            tried again after as long, or at the next flush. With 0 each is written at once, alone, and lost when it
            cannot be: a full disk may have room for a smaller one.

    Attributes:
        lost: Records that were taken and not written.
        error: What `write` raised last; None since it succeeded.
    """

    def __init__(self, write: Callable[[Sequence[bytes]], None], failed: Callable[[Exception], None], *, gather: float = 0.0) -> None:
        self.lost = 0
        self.error: Exception | None = None
        self._write, self._failed, self._gather = write, failed, gather
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._attempts = self._urgent = 0  # attempts made, and up to which number none is waited for
        self._is_trying = self._is_over = False
        self._changed = threading.Condition()
        self._pid = os.getpid()
        threading.Thread(target=self._run, name="layerscope-writer", daemon=True).start()

    @property
    def is_here(self) -> bool:
        """Whether the thread is in this process: a forked child has none, and must not touch its locks."""
        return self._pid == os.getpid()

    @property
    def is_idle(self) -> bool:
        """Whether all that was handed over is dealt with. The thread is at rest then, until the next record."""
        return not self._waiting

    def put(self, record: bytes) -> None:
        """Hands over a record.

        Raises:
            BufferError: More waits than may.
        """
        with self._changed:
            if self._waiting and self._size + len(record) > LIMIT:
                raise BufferError(f"{self._size:,} bytes wait to be written already")
            self._waiting.append(record)
            self._size += len(record)
            self._changed.notify_all()

    def flush(self, patience: float) -> None:
        """Waits until all is written, until it was tried once more and failed, or for `patience` seconds."""
        with self._changed:
            if self._is_over:
                return
            # An attempt that is under way may have begun before what is flushed was there; it does not count.
            last = self._urgent = self._attempts + (2 if self._is_trying else 1)
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._waiting or (self.error is not None and self._attempts >= last), patience)

    def close(self) -> None:
        """Ends the thread; what still waits is lost."""
        with self._changed:
            if not self._is_over:
                self._is_over = True
                self.lost += sum(map(bool, self._waiting))
                self._changed.notify_all()

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            error = self._tried(batch)
            with self._changed:
                if self._is_over:
                    return
                self.error, self._is_trying = error, False
                self._attempts += 1
                if error is None or not self._gather:
                    self.lost += 0 if error is None else len(batch)
                    self._size -= sum(len(self._waiting.popleft()) for _ in batch)
                self._changed.notify_all()

    def _next(self) -> Sequence[bytes] | None:
        """The records to be written next, when it is time; None when it is over."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_over)
            self._changed.wait_for(self._is_due, self._gather)
            if self._is_over:
                return None
            self._is_trying = True
            return list(self._waiting) if self._gather else [self._waiting[0]]

    def _is_due(self) -> bool:
        # After a failure the amount does not count: there is more and more of it.
        return self._is_over or self._attempts < self._urgent or (self.error is None and self._size >= _ENOUGH)

    def _tried(self, batch: Sequence[bytes]) -> Exception | None:
        try:
            self._write(batch)
        except Exception as error:  # the boundary: whatever a disk or a file system raises, the thread goes on
            self._failed(error)
            return error
        return None
