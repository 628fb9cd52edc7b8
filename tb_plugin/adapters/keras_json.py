"""The JSON that Keras 2 and 3 write of a model → a plain tree of layers and calls, without Keras."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Form = Literal["functional", "sequential", "wrapper", "layer", "operation"]
Shape = tuple[int | None, ...]

LARGEST_SIZE = 2**31
"""Of one axis: two of them multiplied still fit in 64 bits."""

_DEEPEST = 60
_MOST_LAYERS = 200_000
_MOST_SLOTS = 10_000

# Keys under which a wrapper keeps the layers that it wraps.
_WRAPPED = ("layer", "forward_layer", "backward_layer", "cell", "cells")


class BadModel(ValueError):
    """This text is not a Keras model that can be read; the message says why."""


@dataclass(frozen=True)
class Reference:
    """A tensor that a call takes: the output `slot` of a layer's call, with its shape and type where the log tells them."""

    layer: str
    call: int
    slot: int
    shape: Shape | None = None
    dtype: str | None = None


@dataclass(frozen=True)
class Layer:
    """One layer of a model, or an operation in its place.

    Attributes:
        calls: For each call the tensors that it takes, keyword arguments included, in their order.
        inputs, outputs: Of a functional model: its tensors by name.
        build: What its `build_config` says of shapes: `input_shape`, or the argument's name.
    """

    name: str
    class_: str
    form: Form
    config: Mapping[str, Any]
    calls: tuple[tuple[Reference, ...], ...] = ()
    children: tuple[Layer, ...] = ()
    inputs: Mapping[str, Reference] = field(default_factory=dict)
    outputs: Mapping[str, Reference] = field(default_factory=dict)
    build: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """The root, and the version of Keras whose form the JSON has."""

    root: Layer
    keras: Literal[2, 3]


def parse(text: str | bytes) -> Model:
    """Reads a model's JSON without trusting it.

    Raises:
        BadModel: It is not JSON, or not that of a model.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadModel(f"it is not JSON: {error}") from error
    top = _object(content, "the model")
    if "config" not in top and "layers" in top:
        raise BadModel("it is a model's config alone, without class_name")
    version = str(top.get("keras_version") or ("3" if "module" in top else "2"))
    reader = _Reader(2 if version.startswith(("1", "2")) else 3)
    root = reader.layer(top, 0)
    if not root.children:
        raise BadModel(f"{root.class_!r:.80} tells no layers; a subclassed model has none in its config")
    return Model(root, reader.keras)


class _Reader:
    """Goes through the layers, counting them."""

    def __init__(self, keras: Literal[2, 3]) -> None:
        self.keras: Literal[2, 3] = keras
        self._count = 0

    def layer(self, content: Any, depth: int) -> Layer:
        """One layer with all that it holds."""
        self._count += 1
        if depth > _DEEPEST or self._count > _MOST_LAYERS:
            raise BadModel(f"it has more than {_MOST_LAYERS} layers, or more than {_DEEPEST} inside each other")
        told = _object(content, "a layer")
        class_ = _text(told.get("class_name"), "class_name")
        # Keras 1 and early 2 wrote the layers of a Sequential in place of its config.
        config = {"layers": told["config"]} if isinstance(told.get("config"), list) else _object(told.get("config", {}), f"config of {class_}")
        name = told.get("name") or config.get("name") or class_
        calls = tuple(tuple(_references(call)) for call in _calls(told.get("inbound_nodes")))
        children: tuple[Layer, ...] = ()
        inputs: Mapping[str, Reference] = {}
        outputs: Mapping[str, Reference] = {}
        form: Form = "operation" if ".ops." in str(told.get("module")) else "layer"
        if isinstance(config.get("layers"), list):
            children = tuple(self.layer(child, depth + 1) for child in config["layers"])
            form = "functional" if "input_layers" in config or "output_layers" in config else "sequential"
            inputs, outputs = _named(config.get("input_layers")), _named(config.get("output_layers"))
        else:
            wrapped = [item for key in _WRAPPED for item in _listed(config.get(key)) if isinstance(item, Mapping) and "class_name" in item]
            children = tuple(self.layer(child, depth + 1) for child in wrapped)
            if class_ == "Bidirectional" and len(children) == 1:
                # Keras 2 tells the backward layer only where it differs.
                children = tuple(replace(children[0], name=f"{way}_{children[0].name}") for way in ("forward", "backward"))
            form = "wrapper" if children else form
        if form == "functional" and self.keras == 2:
            children, outputs = _counted_from_0(children, outputs)
        elif form == "functional":
            outputs = _outputs_from_0(children, outputs)
        build = _build(told.get("build_config"), config)
        return Layer(_text(name, "name"), class_, form, config, calls, children, inputs, outputs, build)


def _references(content: Any, depth: int = 0) -> Iterator[Reference]:
    """Every tensor named in a call, in order, wherever it stands: arguments, keywords, lists of lists."""
    if depth > _DEEPEST:
        raise BadModel("the arguments of a call are nested too deeply")
    if isinstance(content, Mapping):
        if content.get("class_name") == "__keras_tensor__":
            yield _keras_tensor(content)
            return
        for item in content.values():
            yield from _references(item, depth + 1)
    elif isinstance(content, list):
        if _is_reference(content):
            name, call, slot = content[:3]
            if call >= 0:  # −1 marks a constant
                yield _checked(name, call, slot)
            yield from _references(content[3:], depth + 1)
            return
        for item in content:
            yield from _references(item, depth + 1)


def _is_reference(content: Sequence[Any]) -> bool:
    """Keras 2's form: [layer, call, slot] or [layer, call, slot, keywords]; a constant has its value for a slot."""
    if len(content) not in (3, 4) or not isinstance(content[0], str) or type(content[1]) is not int:
        return False
    return (type(content[2]) is int or content[1] < 0) and (len(content) == 3 or isinstance(content[3], Mapping))


def _keras_tensor(content: Mapping[str, Any]) -> Reference:
    told = _object(content.get("config"), "a tensor's config")
    history = told.get("keras_history")
    if not isinstance(history, list) or len(history) != 3 or not isinstance(history[0], str):
        raise BadModel(f"keras_history must be [layer, call, slot]; it is {history!r:.80}")
    dtype = told.get("dtype")
    return replace(_checked(*history), shape=shape_of(told.get("shape")), dtype=dtype if isinstance(dtype, str) else None)


def _checked(layer: str, call: Any, slot: Any) -> Reference:
    if type(call) is not int or type(slot) is not int or min(call, slot) < 0 or max(call, slot) > _MOST_SLOTS:
        raise BadModel(f"a tensor is told by layer, call and slot; this one is [{layer!r:.80}, {call!r:.20}, {slot!r:.20}]")
    return Reference(layer, call, slot)


def _calls(content: Any) -> list[Any]:
    if content is None:
        return []
    if not isinstance(content, list):
        raise BadModel(f"inbound_nodes must be a list; it is {content!r:.80}")
    return [content] if _is_reference(content) else content


def _named(content: Any) -> dict[str, Reference]:
    """Inputs or outputs of a model: one reference, a list of them, or a mapping of names to them, nested at will."""
    if isinstance(content, Mapping):
        found = [(str(key), ref) for key, item in content.items() for ref in _references(item)]
    else:
        found = [(ref.layer, ref) for ref in _references(content)]
    if len({name for name, _ in found}) < len(found):
        return {str(i): ref for i, (_, ref) in enumerate(found)}  # as the writers name outputs of one layer
    return dict(found)


def _counted_from_0(children: Sequence[Layer], outputs: Mapping[str, Reference]) -> tuple[tuple[Layer, ...], dict[str, Reference]]:
    """In Keras 2 the calls of a model inside a model count from 1, because its own construction was call 0."""
    refs = [ref for child in children for call in child.calls for ref in call] + list(outputs.values())
    first: dict[str, int] = {}
    for ref in refs:
        first[ref.layer] = min(ref.call, first.get(ref.layer, ref.call))
    later = {child.name for child in children if child.form in ("functional", "sequential") and first.get(child.name, 0) > 0}

    def moved(ref: Reference) -> Reference:
        return replace(ref, call=ref.call - 1) if ref.layer in later else ref

    shifted = tuple(replace(child, calls=tuple(tuple(moved(ref) for ref in call) for call in child.calls)) for child in children)
    return shifted, {name: moved(ref) for name, ref in outputs.items()}


def _outputs_from_0(children: Sequence[Layer], outputs: Mapping[str, Reference]) -> dict[str, Reference]:
    """In Keras 3 the calls of a functional model inside a model count from 0, but from 1 where it makes an output of that."""
    models = {child.name for child in children if child.form == "functional"}
    return {name: replace(ref, call=ref.call - 1) if ref.layer in models and ref.call > 0 else ref for name, ref in outputs.items()}


def _build(content: Any, config: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    batch = config.get("batch_shape", config.get("batch_input_shape"))
    if batch is not None:
        told["input_shape"] = batch
    if isinstance(content, Mapping):
        shapes = content.get("shapes_dict")
        told.update(shapes if isinstance(shapes, Mapping) else {})
        if content.get("input_shape") is not None:
            told["input_shape"] = content["input_shape"]
    return told


def shape_of(content: Any) -> Shape | None:
    """A shape as JSON has it, None for an unknown size; None when it is no shape of one tensor."""
    if not isinstance(content, list | tuple):
        return None
    if not all(size is None or (type(size) is int and 0 <= size <= LARGEST_SIZE) for size in content):
        return None
    return tuple(content)


def _object(content: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise BadModel(f"{what} must be an object; it is {content!r:.80}")
    return content


def _text(content: Any, what: str) -> str:
    if not isinstance(content, str) or not content:
        raise BadModel(f"{what} must be a text; it is {content!r:.80}")
    return content


def _listed(content: Any) -> list[Any]:
    return content if isinstance(content, list) else [content]
