"""What every `watch` hands back, whatever framework the training is of."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import TracebackType
from typing import SupportsFloat, TypeVar

from tb_plugin.schema.payload import Payload
from writers.earlier_steps import earlier_steps
from writers.guard import Guard
from writers.run_writer import RunWriter

_T = TypeVar("_T", bound="WatchedRun")


class WatchedRun(ABC):
    """A training that is watched: made by `watch()`, and closed when it is over.

    Attributes:
        writer: The run, for whatever else is to be written to it.
    """

    _is_closed = True  # until it is open

    def __init__(self, writer: RunWriter, *, is_ours: bool) -> None:
        self.writer, self._is_ours = writer, is_ours
        self._pid = os.getpid()
        self._guard = Guard()

    @property
    @abstractmethod
    def step(self) -> int:
        """Steps finished: the number to write an evaluation at."""

    def write(self, tag: str, content: Payload | SupportsFloat | Mapping[str, SupportsFloat], step: int | None = None) -> None:
        """Writes anything else to the run, as `RunWriter.write` does; at the present step, unless told."""
        self.writer.write(tag, content, self.step if step is None else step)

    def close(self) -> None:
        """Writes what was told, and leaves the model and its optimizers as they were; again: nothing to do."""
        if self._is_closed or self._pid != os.getpid():
            return
        self._is_closed = True
        self._close()

    def __enter__(self: _T) -> _T:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()  # of a training that its program has let go of

    @abstractmethod
    def _close(self) -> None:
        """Once, in the process that opened it; ends with `_let_go`."""

    def _let_go(self) -> None:
        """Leaves a run that is the user's open."""
        if self._is_ours:
            self.writer.close()
        else:
            self.writer.flush()

    def _warn_of_earlier_steps(self, first_step: int) -> None:
        warning = earlier_steps(self.writer.logdir, first_step) if self._is_ours and self.writer.logdir else None
        if warning is not None:
            self._guard.say("earlier steps", warning)
