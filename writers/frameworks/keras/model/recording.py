"""What a layer did when its code was run once: which layers and operations it called, with what of which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from writers.structure import Output


class Source(NamedTuple):
    """Where a tensor comes from: an output of a step, by slot; of step `ENTRY` an argument of the layer itself."""

    step: int
    slot: int


ENTRY = -1
"""Stands for the recorded layer itself, where a step is named."""


@dataclass
class Step:
    """A call of a layer, or an operation that is no layer.

    Attributes:
        layer: The layer called; None of an operation.
        class_: Name of its class.
        around: The step that it is a part of; `ENTRY` where that is the recorded layer.
        is_open: Whether the steps inside it are told.
        inputs: Where the tensors come from that it takes; None of one that comes from no argument of the recorded layer.
        outputs: Its tensors.
        macs: Multiply-adds of one example; None when not known. Those of an open step are all that are inside it.
        is_whole: Whether all calls inside it are told: those in the body of a loop are not.
    """

    layer: Any
    class_: str
    around: int
    is_open: bool = False
    inputs: Sequence[Source | None] = ()
    outputs: Sequence[Output] = ()
    macs: int | None = 0
    is_whole: bool = True


@dataclass(frozen=True)
class Recording:
    """The steps of one call of a layer.

    Attributes:
        given: The arguments of the call, `(args, kwargs)`, with a symbolic tensor for each tensor.
        steps: As they were taken; those inside an open step after it.
        gives: Where the layer's outputs come from.
        names: Of its outputs, where they are a mapping.
        macs: Multiply-adds of one example; None when not known.
        is_whole: Whether all calls inside it, but for those in its steps, are told.
    """

    given: tuple[Any, Any]
    steps: Sequence[Step]
    gives: Sequence[Source | None]
    names: Sequence[str]
    macs: int | None
    is_whole: bool
