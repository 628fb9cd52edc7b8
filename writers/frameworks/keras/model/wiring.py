"""The steps of a recording as nodes and edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tb_plugin.schema.structure import Node
from writers.frameworks.keras.model.drafted_nodes import DraftedNodes, Maker
from writers.frameworks.keras.model.multiply_adds import bytes_of_outputs
from writers.frameworks.keras.model.recording import ENTRY, Recording, Source, Step
from writers.structure import Described


def wire(
    drafts: DraftedNodes, recording: Recording, entries: Sequence[Maker | None], scope: int, node_of: Callable[[Step, int], int]
) -> tuple[set[int], list[Maker | None]]:
    """Adds what a layer calls inside it.

    Args:
        drafts: Nodes of the layers are in it already.
        recording: Of the layer.
        entries: What makes the tensors that it is given; None of one that no node makes.
        scope: Its node; −1 at the top.
        node_of: The node of a call of a layer, in the node around it; made where there is none.

    Returns:
        Which entries nodes inside take, by slot; and what makes its outputs, where it is inside.
    """
    places: list[int] = []

    def maker(source: Source | None) -> Maker | None:
        if source is None:
            return None
        if source.step == ENTRY:
            return entries[source.slot] if source.slot < len(entries) else None
        return places[source.step], source.slot

    taken: set[int] = set()
    for step in recording.steps:
        around = scope if step.around == ENTRY else places[step.around]
        node = _operation(drafts, step, around) if step.layer is None else node_of(step, around)
        places.append(node)
        known = {} if step.layer is None or not step.is_open else {"edges_known": step.is_whole}
        drafts.call(node, outputs=step.outputs, macs=step.macs, activation_bytes=bytes_of_outputs(step.outputs), **known)
        if step.is_open:
            continue
        sources = [source for source in step.inputs if source is not None]
        taken.update(source.slot for source in sources if source.step == ENTRY)
        drafts.edges += [(*made, node, slot) for slot, made in enumerate(map(maker, sources)) if made is not None]
    return taken, [maker(source) if source is not None and source.step != ENTRY else None for source in recording.gives]


def _operation(drafts: DraftedNodes, step: Step, around: int) -> int:
    prefix = f"{drafts.nodes[around].node.path}/" if around >= 0 else ""
    path = drafts.free_operation(f"{prefix}{snake(step.class_)}")
    return drafts.add(Described(Node(path=path, layer="", call=0, class_=step.class_), parent=around), is_called=True)


def snake(name: str) -> str:
    """`LogicalAnd` as `logical_and`."""
    return "".join(f"_{letter.lower()}" if letter.isupper() and i else letter.lower() for i, letter in enumerate(name))
