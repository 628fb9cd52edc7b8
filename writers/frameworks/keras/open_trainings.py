"""Trainings that are open in this process. After an interrupt or an error no hook tells a callback that its one is over."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol


class Holder(Protocol):
    """The callback of a training."""

    model: Any
    params: Any

    @property
    def logdir(self) -> str:
        """The training's folder."""

    def close(self) -> None:
        """Ends the training."""


@dataclass(frozen=True, eq=False)
class _Training:
    """What is remembered of an open training; all but `folder` by identity.

    `params` is one object for all callbacks of one `fit`: two of them on one folder are no interrupted training.
    """

    folder: str
    model: Any
    params: Any
    thread: threading.Thread = field(default_factory=threading.current_thread)
    process: int = field(default_factory=os.getpid)

    def is_over(self, new: _Training) -> bool:
        """Whether it must be over now that a new training begins: on its folder or its model, and not beside it."""
        if self.params is new.params or self.process != new.process:
            return False
        is_beside = self.thread is not new.thread and self.thread.is_alive()
        return self.model is new.model or (self.folder == new.folder and not is_beside)


_open: weakref.WeakKeyDictionary[Any, _Training] = weakref.WeakKeyDictionary()


def begin(holder: Holder, end: Callable[[], None]) -> Callable[[], object]:
    """Remembers a training that begins.

    Args:
        holder: Its callback, in `on_train_begin`.
        end: Ends the training; refers to nothing that holds on to `holder`.

    Returns:
        What calls `end` in its place, once: by itself when `holder` is gone, and when the process ends.
    """
    training = _of(holder)
    _open[holder] = training
    return weakref.finalize(holder, _end, training.process, end)


def end_interrupted(holder: Holder) -> None:
    """Closes the callbacks of trainings that were interrupted: those on the folder or the model of the one that begins."""
    new = _of(holder)
    for other, training in list(_open.items()):
        if other is not holder and training.is_over(new):
            other.close()


def forget(holder: Holder) -> None:
    """The training of this callback is over."""
    _open.pop(holder, None)


def _of(holder: Holder) -> _Training:
    return _Training(os.path.realpath(holder.logdir), holder.model, holder.params)


def _end(process: int, end: Callable[[], None]) -> None:
    if os.getpid() == process:  # a forked child ends as well, and this is its parent's
        end()
