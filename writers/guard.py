"""Where our code meets a training: what fails of ours never reaches it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_log = logging.getLogger("layerscope")

_P = ParamSpec("_P")
_T = TypeVar("_T")


class WrongArgument(ValueError):
    """An argument of the user's is wrong: this one passes the boundary, since only they can put it right."""


class Guard:
    """Runs what is ours and keeps its failures from the training: one warning for each part says what is lost."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def attempt(self, part: str, action: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T | None:
        """What `action` returns; None when it failed.

        Args:
            part: What is lost when it fails: "the structure of the model".
            action: Called with the other arguments.

        Raises:
            WrongArgument: `action` raised it.
        """
        try:
            return action(*args, **kwargs)
        except WrongArgument:
            raise
        except Exception as error:  # the boundary: logging never stops a training
            self.failed(part, error)
            return None

    def failed(self, part: str, error: Exception) -> None:
        """Tells, once, that a part is lost, and why."""
        self.say(part, f"Layerscope could not log {part}: {type(error).__name__}: {error}. Training goes on without it.")

    def say(self, part: str, message: str) -> None:
        """Tells the user something once for each `part`."""
        if part not in self._told:
            self._told.add(part)
            _log.warning("%s", message)
