"""A value of the graph, computed once more from what it is made of, so that nothing in the graph is read but what it is made of."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

_PRODUCTS, _SUMS = frozenset(["Mul"]), frozenset(["Add", "AddV2", "AddN"])


def again(tensor: Any) -> Any:
    """The tensor's value; to be asked for in another function of the graph than that which has the tensor.

    TensorFlow reorders a chain of products or of sums where nobody reads what is between, and then it rounds otherwise: a
    gradient that is a product, and is multiplied by a rate next, must not be read, or the training would have other bits
    than without us. Eager tensors are what they are.
    """
    return tensor if isinstance(tensor, tf.__internal__.EagerTensor) else _again(tensor, _PRODUCTS | _SUMS)


def _again(tensor: Any, chain: frozenset[str]) -> Any:
    made = tensor.op
    if made.type == "Identity":
        return _again(made.inputs[0], chain)
    if made.type == "Reshape":
        content = _again(made.inputs[0], chain)
        return tensor if content is made.inputs[0] else tf.reshape(content, made.inputs[1])
    if made.type not in chain:
        return tensor
    same = _PRODUCTS if made.type in _PRODUCTS else _SUMS
    parts = [_again(part, same) for part in made.inputs]
    return tf.multiply(*parts) if same is _PRODUCTS else tf.add_n(parts) if made.type == "AddN" else tf.add(*parts)
