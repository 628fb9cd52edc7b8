"""The nodes of a structure while it is put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from writers.structure import Described

Maker = tuple[int, int]
"""The node that makes a tensor, and which of its outputs that is."""

Edge = tuple[int, int, int, int]
"""From node, its output slot, to node, its input slot."""


@dataclass
class DraftedNodes:
    """Nodes and edges, added in any order in which parents come before children.

    Attributes:
        nodes: Them; a node's place in it is what edges refer to until `in_order`.
        edges: Between them.
    """

    nodes: list[Described] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    _paths: set[str] = field(default_factory=set)
    _ranks: list[tuple[bool, int]] = field(default_factory=list)
    _clock: count[int] = field(default_factory=count)

    def free(self, path: str) -> str:
        """The path, or, where it is taken, with a number behind it; it is taken from now on."""
        free, number = path, 1
        while free in self._paths:
            number += 1
            free = f"{path}#{number}"
        self._paths.add(free)
        return free

    def free_operation(self, path: str) -> str:
        """The same for an operation, whose number is no call: `add`, `add_1`."""
        free, number = path, 0
        while free in self._paths:
            number += 1
            free = f"{path}_{number}"
        self._paths.add(free)
        return free

    def add(self, node: Described, *, is_called: bool) -> int:
        """Adds a node. One of which no call is told comes after its neighbours."""
        self.nodes.append(node)
        self._ranks.append((not is_called, next(self._clock)))
        return len(self.nodes) - 1

    def call(self, place: int, **changes: Any) -> None:
        """Tells what is known of a node by its call, which comes after all that was told before."""
        self.nodes[place] = replace(self.nodes[place], **changes)
        self._ranks[place] = False, next(self._clock)

    def tell(self, place: int, **changes: Any) -> None:
        """Tells more of a node."""
        self.nodes[place] = replace(self.nodes[place], **changes)

    def forget(self, around: int, batch: int | None) -> None:
        """Tells of the outputs of all nodes inside one that an axis of examples as long as a batch is one of any length."""
        if batch is None:
            return
        inside = {around}
        for place, node in enumerate(self.nodes):
            if node.parent in inside:
                inside.add(place)
                outputs = [replace(each, shape=(None, *each.shape[1:])) if tuple(each.shape[:1]) == (batch,) else each for each in node.outputs]
                self.nodes[place] = replace(node, outputs=outputs)

    def in_order(self) -> tuple[Sequence[Described], Sequence[Edge], Sequence[int]]:
        """The nodes with parents before children and producers before consumers; their edges; and each node's new place by its old one."""
        children: dict[int, list[int]] = {}
        for place, node in enumerate(self.nodes):
            children.setdefault(node.parent, []).append(place)
        order: list[int] = []
        waiting = [-1]
        while waiting:
            place = waiting.pop()
            if place >= 0:
                order.append(place)
            waiting += sorted(children.get(place, ()), key=self._ranks.__getitem__, reverse=True)
        moved = [0] * len(order)
        for new, old in enumerate(order):
            moved[old] = new
        nodes = [replace(self.nodes[old], parent=-1 if self.nodes[old].parent < 0 else moved[self.nodes[old].parent]) for old in order]
        return nodes, [(moved[a], out, moved[b], into) for a, out, b, into in self.edges], moved
