"""The calls of a model's layers: in which order, what each takes, and what the log tells of what they put out."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tb_plugin.adapters.keras_json import Layer, Reference, Shape

Call = tuple[str, int]
"""A layer's name, and which of its calls."""

Output = tuple[Shape, str | None]
"""Shape and type of a tensor; no type where it is not known."""


@dataclass(frozen=True)
class Calls:
    """The calls in one model or wrapper.

    Attributes:
        order: All of them, producers first and otherwise as written.
        takes: The tensors that each takes; those of a functional or sequential model alone are told.
        cyclic: They go round in a circle: those that do stand at the end, as written.
    """

    order: Sequence[Call]
    takes: Mapping[Call, Sequence[Reference]]
    cyclic: bool = False


def calls_in(outer: Layer) -> Calls:
    """The calls of the layers that a layer holds."""
    if outer.form == "functional":
        return _ordered({(layer.name, i): refs for layer in outer.children for i, refs in enumerate(layer.calls or ((),))})
    order = [(layer.name, 0) for layer in outer.children]
    return Calls(order, {after: (Reference(*before, 0),) for before, after in itertools.pairwise(order)} if outer.form == "sequential" else {})


def outputs_told(outer: Layer) -> dict[Call, dict[int, Output]]:
    """Of each call in a model the outputs, by slot, that another call takes and whose shape the log tells."""
    found: dict[Call, dict[int, Output]] = {}
    for ref in (ref for layer in outer.children for refs in layer.calls for ref in refs):
        if ref.shape is not None:
            found.setdefault((ref.layer, ref.call), {})[ref.slot] = ref.shape, ref.dtype
    return found


def _ordered(takes: Mapping[Call, Sequence[Reference]]) -> Calls:
    calls = list(takes)
    place = {call: i for i, call in enumerate(calls)}
    makers = {call: {(ref.layer, ref.call) for ref in refs} & takes.keys() for call, refs in takes.items()}
    users: dict[Call, list[Call]] = {call: [] for call in calls}
    for call, needed in makers.items():
        for maker in needed:
            users[maker].append(call)
    waiting = {call: len(needed) for call, needed in makers.items()}
    ready = [place[call] for call, n in waiting.items() if n == 0]
    heapq.heapify(ready)
    order: list[Call] = []
    while ready:
        call = calls[heapq.heappop(ready)]
        order.append(call)
        for user in users[call]:
            waiting[user] -= 1
            if waiting[user] == 0:
                heapq.heappush(ready, place[user])
    rest = [call for call in calls if waiting[call] > 0]
    return Calls(order + rest, takes, bool(rest))
