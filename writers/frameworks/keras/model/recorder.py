"""Runs the code of a layer once, with stand-ins for tensors, and tells what it called (TensorFlow backend)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import keras
import tensorflow as tf

from writers.frameworks.keras.model.call_graph import in_order
from writers.frameworks.keras.model.recording import Recording
from writers.frameworks.keras.model.steps_of_graph import Frame, StepsOfGraph
from writers.frameworks.keras.model.untouched import untouched
from writers.frameworks.keras.temporary_attributes import temporary_attributes

_STAND_INS = (97, 101, 103, 107, 109, 113, 127, 131, 137, 139)
"""Examples in the batch that stands in for one: a prime, so that an axis of examples is known from others. Nothing is computed of it."""


class Unbuilt(Exception):
    """A layer would be built by its call."""


def record(layer: Any, given: Any, is_closed: Callable[[Any], bool]) -> Recording:
    """What a layer calls when it is called.

    Nothing is computed, and nothing stays behind: neither in variables, which are not assigned, nor in attributes of
    layers, random numbers or automatic names. But its code runs, with whatever else it does.

    Args:
        layer: Built, as are the layers in it that are called.
        given: Its arguments, `(args, kwargs)`, with a symbolic tensor for each tensor.
        is_closed: Whether a layer is told as one, without what it calls.

    Raises:
        Exception: What its code raises when it meets stand-ins, or an `Unbuilt`.
    """
    sizes = {size for tensor in keras.tree.flatten(given) if _is_symbolic(tensor) for size in tensor.shape}
    sizes |= {size for variable in layer.weights for size in variable.shape}
    try:
        return _Recorder(layer, given, is_closed, next(each for each in _STAND_INS if each not in sizes)).record()
    except Unbuilt:
        raise
    except Exception:
        # Code that knows the size of its batch. Without one it is not told what belongs to one example.
        return _Recorder(layer, given, is_closed, None).record()


class _Recorder:
    def __init__(self, layer: Any, given: Any, is_closed: Callable[[Any], bool], stand_in: int | None) -> None:
        self._layer, self._given, self._is_closed, self._stand_in = layer, given, is_closed, stand_in
        self._seen: set[int] = set()  # layers that were gone into, by id
        self._stack: list[Frame] = []
        self._steps: StepsOfGraph | None = None

    def record(self) -> Recording:
        """Runs it, then goes through the graph."""
        layers = list({id(each): each for each in [self._layer, *self._layer._flatten_layers()]}.values())
        specs = [self._spec(each) for each in keras.tree.flatten(self._given) if _is_symbolic(each)]
        with untouched(layers):
            tf.function(functools.partial(self._run, layers), autograph=False).get_concrete_function(*specs)
        assert self._steps is not None
        return self._steps.read(self._given)

    def _spec(self, tensor: Any) -> Any:
        shape = list(tensor.shape)
        if shape and shape[0] is None:
            shape[0] = self._stand_in
        return tf.TensorSpec(shape, keras.backend.standardize_dtype(tensor.dtype))

    def _batch(self) -> int | None:
        """Examples in the batch: of the stand-ins, or where the layer takes so many alone."""
        first = [each.shape[0] for each in keras.tree.flatten(self._given) if _is_symbolic(each) and len(each.shape)]
        return self._stand_in if None in first else next(iter(first), None)

    def _run(self, layers: Sequence[Any], *tensors: Any) -> Any:
        self._steps = StepsOfGraph(tf.compat.v1.get_default_graph(), tensors, self._batch(), self._stand_in)
        waiting = iter(tensors)
        args, kwargs = keras.tree.map_structure(lambda each: next(waiting) if _is_symbolic(each) else each, self._given)
        with ExitStack() as stack:
            # What its variables are assigned goes to this scope and is dropped; losses that it holds are neither cleared nor added to.
            stack.enter_context(keras.StatelessScope())
            stack.enter_context(temporary_attributes(self._layer, _clear_losses=lambda: None))
            for layer in layers:
                if not layer.built:
                    stack.enter_context(temporary_attributes(layer, _maybe_build=functools.partial(_refuse, layer)))
                name = "call" if getattr(layer, "quantization_mode", None) is None else "quantized_call"
                stack.enter_context(temporary_attributes(layer, **{name: self._watched(layer, getattr(layer, name))}))
            return self._layer(*args, **kwargs)

    def _watched(self, layer: Any, call: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(call)
        def watched(*args: Any, **kwargs: Any) -> Any:
            return self._call(layer, call, args, kwargs)

        return watched

    def _call(self, layer: Any, call: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        steps = self._steps
        assert steps is not None
        around = self._stack[-1] if self._stack else None
        if not steps.is_current():
            # In the body of a loop: called for one turn of many, and its tensors cannot be followed from outside.
            if around is not None:
                around.is_whole = False
            return call(*args, **kwargs)
        is_seen = around is None or around.is_open
        is_open = is_seen and (around is None or not (self._is_closed(layer) or id(layer) in self._seen))
        if is_open:
            self._seen.add(id(layer))
        frame = Frame(layer, around, is_seen, is_open)
        steps.begins(frame, _tensors((args, _without_masks(args, kwargs))), _in_order(call, args, kwargs))
        self._stack.append(frame)
        try:
            outputs = call(*args, **kwargs)
        finally:
            self._stack.pop()
        if is_seen and not is_open:
            outputs = keras.tree.map_structure(_copied, outputs)  # what is handed on as it came is its output from here on
        steps.ends(frame, _tensors(outputs), _names(outputs))
        return outputs


def _refuse(layer: Any, *args: Any, **kwargs: Any) -> None:
    raise Unbuilt(f"the layer {layer.name} is not built")


def _is_symbolic(each: Any) -> bool:
    return isinstance(each, keras.KerasTensor)


def _tensors(given: Any) -> list[Any]:
    return [each for each in tf.nest.flatten(given, expand_composites=True) if isinstance(each, tf.Tensor)]


def _without_masks(args: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
    """Keyword arguments but for the masks that Keras itself hands on with a tensor."""
    masks = {id(mask) for mask in (getattr(each, "_keras_mask", None) for each in _tensors((args, kwargs))) if mask is not None}
    return {name: value for name, value in kwargs.items() if not (name.endswith("mask") and id(value) in masks)}


def _in_order(call: Callable[..., Any], args: Any, kwargs: dict[str, Any]) -> list[Any]:
    """The tensors of a call in the order of its signature, however they are handed over."""
    return _tensors(in_order(call, args, _without_masks(args, kwargs)))


def _copied(tensor: Any) -> Any:
    if not isinstance(tensor, tf.Tensor):
        return tensor
    copy, mask = tf.identity(tensor), getattr(tensor, "_keras_mask", None)
    if mask is not None:
        copy._keras_mask = mask
    return copy


def _names(outputs: Any) -> list[str]:
    if isinstance(outputs, dict) and all(isinstance(each, tf.Tensor) for each in outputs.values()):
        return [str(name) for name in sorted(outputs)]
    return []
