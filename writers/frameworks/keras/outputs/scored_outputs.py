"""Truth, score, weight and mask of each output, out of the structures that a model's step passes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import keras

from writers.frameworks.keras.model.call_graph import names_of

Part = Literal["truth", "score", "weight", "mask"]


def scored_outputs(y: Any, y_pred: Any, weight: Any, *, names: Sequence[str] | None, losses: Any = None) -> dict[str, dict[Part, Any]]:
    """The outputs that have a truth, by name; a single output has the name "".

    Args:
        y, y_pred: Tensors, or lists or mappings of them, as the model returns and the data gives them.
        weight: The same, one tensor for all outputs, or None.
        names: The model's names of its outputs, where it has any.
        losses: `model.loss`: where it names outputs without a loss, these need no truth.

    Raises:
        ValueError: There are truths, and nothing says to which outputs they belong.
    """
    outputs = by_name(y_pred, names)
    in_order = _in_order(outputs, y_pred)
    truths, weights = by_name(y, in_order), by_name(weight, in_order)
    if len(outputs) == len(truths) == 1:
        truths = dict(zip(outputs, truths.values(), strict=True))
    elif not set(truths) & set(outputs):
        scored = _with_loss(losses, in_order)
        if len(scored) == len(truths):
            truths = dict(zip(scored, truths.values(), strict=True))
        elif truths and outputs:
            raise ValueError(
                f"nothing says to which of the {len(outputs)} outputs the {len(truths)} truths belong; give them by the names of the outputs, "
                f"{', '.join(map(repr, outputs))}"
            )
    shared = weight if weight is not None and not isinstance(weight, list | tuple | Mapping) else None
    found: dict[str, dict[Part, Any]] = {}
    for name, score in outputs.items():
        truth, own = truths.get(name), weights.get(name, shared)
        if truth is not None and score is not None:
            found[name] = {"truth": truth, "score": score}
            if own is not None:
                found[name]["weight"] = own
            # As keras.src.backend.get_keras_mask: where it is False, neither loss nor metrics count the position.
            mask = getattr(score, "_keras_mask", None)
            if mask is not None:
                found[name]["mask"] = mask
    return found


def by_name(given: Any, names: Sequence[str] | None) -> dict[str, Any]:
    """The tensors of a structure by the name of their output; a single one has the name ""."""
    if given is None:
        return {}
    if isinstance(given, Mapping) and not any(isinstance(value, list | tuple | Mapping) for value in given.values()):
        return {str(name): value for name, value in given.items()}
    flat = keras.tree.flatten(given)
    if len(flat) == 1:
        return {"": flat[0]}
    known = names_of(names) if names is not None and len(names) == len(flat) else [str(i) for i in range(len(flat))]
    return dict(zip(known, flat, strict=True))


def _in_order(outputs: Mapping[str, Any], y_pred: Any) -> list[str]:
    """Names of outputs in the order in which Keras reads a list of truths: of a mapping that of its keys, sorted."""
    if not isinstance(y_pred, Mapping) or len(y_pred) != len(outputs):
        return list(outputs)
    places = keras.tree.pack_sequence_as(y_pred, list(range(len(outputs))))
    return sorted(outputs, key={str(name): place for name, place in places.items()}.__getitem__)


def _with_loss(losses: Any, names: Sequence[str]) -> list[str]:
    """Names of the outputs that have a loss, in that order; none where the losses are not one for each output."""
    if isinstance(losses, Mapping):
        return [name for name in names if losses.get(name) is not None]
    if isinstance(losses, list | tuple) and len(losses) == len(names):
        return [name for name, loss in zip(names, losses, strict=True) if loss is not None]
    return []
