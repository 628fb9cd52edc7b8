"""A graph that was traced, and the calls made meanwhile → the steps that were taken, and what each takes of which."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import keras
import tensorflow as tf

from writers.frameworks.keras.model.contractions import contracted
from writers.frameworks.keras.model.multiply_adds import is_of_keras, multiply_adds
from writers.frameworks.keras.model.recording import ENTRY, Recording, Source, Step
from writers.structure import Output

_CLASSES = {
    "AddV2": "Add", "AddN": "Add", "BiasAdd": "Add", "Sub": "Subtract", "Mul": "Multiply", "RealDiv": "Divide", "Div": "Divide", "DivNoNan": "Divide",
    "ConcatV2": "Concatenate", "Pack": "Stack", "BatchMatMul": "Matmul", "MatMul": "Matmul", "Select": "Where", "GatherNd": "Gather",
    "ResourceGather": "Gather",
}  # fmt: skip
"""What Keras calls operations of TensorFlow's."""

_WITHOUT_DATA = frozenset(("Shape", "ShapeN", "Size", "Rank"))
"""What they give tells nothing of the values that they take."""


@dataclass
class Frame:
    """A call that goes on.

    Attributes:
        layer: What is called.
        around: The call in which it is made; None of the recorded layer.
        is_seen: Whether it is a step: not inside one that is told as one.
        is_open: Whether what it calls is told.
        is_whole: Whether none of that was called in the body of a loop.
        place: Its step; of one that is not seen that of the step around it.
        macs: Multiply-adds of the whole batch inside it; None when not known.
        shapes: Of what it was given, in the order of its signature.
    """

    layer: Any
    around: Frame | None
    is_seen: bool
    is_open: bool
    is_whole: bool = True
    place: int = ENTRY
    macs: int | None = 0
    shapes: Sequence[tuple[int | None, ...]] = ()

    @property
    def has_rule(self) -> bool:
        """Whether its multiply-adds are those of a rule of `multiply_adds`, and not counted in the graph."""
        return not self.is_open and is_of_keras(self.layer) and not isinstance(self.layer, keras.layers.Lambda | keras.Model)


@dataclass
class StepsOfGraph:
    """Is told of calls while a graph is traced, and afterwards follows its operations.

    Args:
        graph: That is being traced.
        tensors: Its inputs.
        batch: Examples in a batch of it; None when not known.
        stand_in: Examples that stand in for an unknown number; None where there are none.
    """

    graph: Any
    tensors: Sequence[Any]
    batch: int | None
    stand_in: int | None
    _events: dict[str, Callable[[], None]] = field(default_factory=dict)
    _steps: list[Step] = field(default_factory=list)
    _sources: dict[int, Source | None] = field(default_factory=dict)  # of tensors, by id
    _raw: dict[int, bool] = field(default_factory=dict)  # what a matrix product made of axes taken together, which are told apart next
    _frame: Frame | None = None
    _recording: Recording | None = None

    def is_current(self) -> bool:
        """Whether it is this graph that operations go into now, and not the body of a loop in it."""
        return tf.compat.v1.get_default_graph() is self.graph

    def begins(self, frame: Frame, given: Sequence[Any], in_order: Sequence[Any]) -> None:
        """A call begins, with these tensors: as they are handed over, and in the order of its signature."""
        self._mark(partial(self._begin, frame, given, [tuple(each.shape) if each.shape.rank is not None else () for each in in_order]))

    def ends(self, frame: Frame, outputs: Sequence[Any], names: Sequence[str]) -> None:
        """It ends, with these."""
        self._mark(partial(self._end, frame, outputs, names))

    def read(self, given: tuple[Any, Any]) -> Recording:
        """The whole, when it is traced, of a layer that was called with these arguments."""
        self._sources.update({id(tensor): Source(ENTRY, slot) for slot, tensor in enumerate(self.tensors)})
        for operation in self.graph.get_operations():
            event = self._events.get(operation.name)
            if event is not None:
                event()
            elif self._frame is not None:
                self._add(operation, self._frame)
            else:
                self._hand_on(operation)
        assert self._recording is not None
        return _pruned(replace(self._recording, given=given))

    def _mark(self, event: Callable[[], None]) -> None:
        """An operation that does nothing tells between which others something happened."""
        self._events[tf.no_op().name] = event

    def _begin(self, frame: Frame, given: Sequence[Any], in_order: Sequence[Any]) -> None:
        self._frame, around = frame, frame.around
        frame.shapes = in_order
        if around is None:
            return
        if not frame.is_seen:
            frame.place = around.place
            return
        frame.place = len(self._steps)
        inputs = [self._sources.get(id(tensor)) for tensor in given]
        self._steps.append(Step(frame.layer, type(frame.layer).__name__, around.place, frame.is_open, inputs))

    def _end(self, frame: Frame, outputs: Sequence[Any], names: Sequence[str]) -> None:
        self._frame = frame.around
        if frame.has_rule:
            frame.macs = self._by_rule(frame, outputs)
        if frame.around is None:
            gives = [self._sources.get(id(tensor)) for tensor in outputs]
            self._recording = Recording(((), {}), self._steps, gives, names, self._each(frame.macs), frame.is_whole)
            return
        frame.around.macs = _sum(frame.around.macs, frame.macs)
        if not frame.is_seen:
            return
        step = self._steps[frame.place]
        step.outputs = [self._told(tensor) for tensor in outputs]
        step.macs, step.is_whole = self._each(frame.macs), frame.is_whole
        if not frame.is_open:
            self._sources.update({id(tensor): Source(frame.place, slot) for slot, tensor in enumerate(outputs)})

    def _by_rule(self, frame: Frame, outputs: Sequence[Any]) -> int | None:
        """By the rule of the layer, which is told of one example's shapes: those of the whole batch, by what stands first."""
        shapes = [tuple(tensor.shape) if tensor.shape.rank is not None else () for tensor in outputs]
        counted = multiply_adds(frame.layer, frame.shapes, shapes)
        if not counted:
            return counted
        first = frame.shapes[0][0] if frame.shapes and frame.shapes[0] else None
        return None if first is None else counted * first

    def _add(self, operation: Any, frame: Frame) -> None:
        """One operation of a call's own."""
        macs = 0 if frame.has_rule else contracted(operation)
        frame.macs = _sum(frame.macs, macs)
        sources = self._sources_of(operation)
        distinct = list(dict.fromkeys(source for source in sources if source is not None))
        if not frame.is_open:
            if distinct and operation.type not in _WITHOUT_DATA:
                self._sources.update({id(tensor): Source(frame.place, 0) for tensor in operation.outputs})
        elif len(distinct) > 1 or (distinct and macs != 0):
            if operation.type == "IdentityN":
                self._hand_on(operation)
                return
            place = len(self._steps)
            outputs = [self._told(tensor) for tensor in operation.outputs]
            inputs = [source for source in sources if source is not None]
            self._steps.append(Step(None, _class_of(operation), frame.place, inputs=inputs, outputs=outputs, macs=self._each(macs)))
            self._sources.update({id(tensor): Source(place, slot) for slot, tensor in enumerate(operation.outputs)})
            if macs and len(operation.outputs) == 1:
                self._raw[id(operation.outputs[0])] = True
        else:
            self._hand_on(operation)

    def _hand_on(self, operation: Any) -> None:
        """What it gives comes from where it takes what it takes."""
        if operation.type in _WITHOUT_DATA:
            return
        sources = self._sources_of(operation)
        if operation.type == "IdentityN":
            self._sources.update({id(tensor): source for tensor, source in zip(operation.outputs, sources, strict=True) if source is not None})
            return
        only = next((source for source in sources if source is not None), None)
        if only is not None:
            if operation.type == "Reshape" and only.step != ENTRY and self._raw.pop(id(operation.inputs[0]), None) is not None:
                self._steps[only.step].outputs = [self._told(operation.outputs[0])]
            self._sources.update({id(tensor): only for tensor in operation.outputs})

    def _sources_of(self, operation: Any) -> list[Source | None]:
        return [self._sources.get(id(tensor)) for tensor in operation.inputs]

    def _each(self, macs: int | None) -> int | None:
        """Those of one example."""
        if not macs:
            return macs
        return None if not self.batch or macs % self.batch else macs // self.batch

    def _told(self, tensor: Any) -> Output:
        """A tensor without the stand-ins: the first of its axes that is as long as the batch, or one into which that went."""
        if tensor.shape.rank is None:
            return Output((), tensor.dtype.name)
        shape: list[int | None] = list(tensor.shape)
        if self.stand_in is not None:
            if self.stand_in in shape:
                shape[shape.index(self.stand_in)] = None
            elif shape and shape[0] and shape[0] % self.stand_in == 0:
                shape[0] = None
        return Output(tuple(shape), tensor.dtype.name)


def _sum(*counts: int | None) -> int | None:
    return None if None in counts else sum(count for count in counts if count is not None)


def _class_of(operation: Any) -> str:
    plain = re.sub(r"V\d$", "", operation.type) if operation.type not in _CLASSES else operation.type
    return _CLASSES.get(plain, plain)


def _pruned(recording: Recording) -> Recording:
    """Without operations of which nothing comes, as those that join masks."""
    needed = {source.step for source in recording.gives if source is not None}
    kept: list[int] = []
    for place in range(len(recording.steps) - 1, -1, -1):
        step = recording.steps[place]
        if step.layer is None and place not in needed and step.macs == 0:
            continue
        kept.append(place)
        needed.update(source.step for source in step.inputs if source is not None)
    place_of = {ENTRY: ENTRY} | {old: new for new, old in enumerate(reversed(kept))}

    def moved(sources: Sequence[Source | None]) -> list[Source | None]:
        return [None if source is None else Source(place_of[source.step], source.slot) for source in sources]

    steps = [recording.steps[old] for old in reversed(kept)]
    for step in steps:
        step.inputs, step.around = moved(step.inputs), place_of[step.around]
    return Recording(recording.given, steps, moved(recording.gives), recording.names, recording.macs, recording.is_whole)
