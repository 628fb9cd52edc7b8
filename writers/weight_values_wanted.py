"""Whether the values of weights are wanted, of all or of some parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from writers.disabled import is_weights_disabled

Wanted = bool | tuple[str, ...]
"""True: of all; False: of none; else of the parameters of these paths."""


def checked_weights(weights: Any) -> Wanted:
    """The argument `weights` of a callback or a `watch`.

    Raises:
        TypeError: It is neither True or False nor a list of paths.
    """
    if isinstance(weights, bool):
        return weights
    if isinstance(weights, str) or not isinstance(weights, Sequence) or not all(isinstance(path, str) for path in weights):
        raise TypeError(f'weights must be True, False, or a list of the parameters whose values are told: ["conv1/kernel"]; it is {weights!r:.80}')
    return tuple(weights)


def is_wanted(weights: Wanted) -> bool:
    """Whether those of any parameter are; `LAYERSCOPE_DISABLE=weights` overrules code."""
    return bool(weights) and not is_weights_disabled()


def chosen(weights: Wanted, paths: Sequence[str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """The paths whose values are told, and those that were asked for and are not there."""
    if isinstance(weights, bool):
        return frozenset(paths if weights else ()), ()
    return frozenset(weights) & frozenset(paths), tuple(path for path in weights if path not in frozenset(paths))
