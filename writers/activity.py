"""What layers give out on a few fixed examples, from plain arrays; batches of them are added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tb_plugin.schema.activity import ActiveLayer, Activity
from writers.host_arrays import host_array

Array = np.ndarray[Any, Any]

SATURATED = 0.98
"""How far from the middle of its range, the ends being 1, a sigmoid's or tanh's value is saturated (`saturated_units`)."""

_MIDDLE = {"sigmoid": lambda x: 2 * x - 1, "tanh": lambda x: x}
"""Moves an activation's range to -1 to 1."""


class Accumulator:
    """Counts the outputs of some layers, batch by batch.

    Args:
        layers: Those with an activation, in forward order.

    Raises:
        ValueError: Two layers have the same path.
    """

    def __init__(self, layers: Iterable[ActiveLayer]) -> None:
        self.layers = tuple(layers)
        paths = [layer.path for layer in self.layers]
        twice = [path for path in paths if paths.count(path) > 1]
        if twice:
            raise ValueError(f"the paths of layers must differ; {twice[0]!r:.200} comes {paths.count(twice[0])} times")
        self._examples = 0
        self._silent: list[Array | None] = [None] * len(self.layers)
        self._counts = np.zeros((4, len(self.layers)), np.int64)

    def update(self, outputs: Mapping[str, Any]) -> None:
        """Adds a batch.

        Args:
            outputs: Of each layer by its path, [example, …, unit], after the activation.

        Raises:
            ValueError: A layer's output is missing, or its batch or its units are of another size than they were.
            TypeError: An output holds no real numbers; the message names it.
        """
        missing = [layer.path for layer in self.layers if layer.path not in outputs]
        if missing:
            raise ValueError(f"outputs must hold every layer; {missing[0]!r:.200} is missing")
        held = [_output(outputs[layer.path], layer.path) for layer in self.layers]
        for layer, content, silent in zip(self.layers, held, self._silent, strict=True):
            if len(content) != len(held[0]):
                raise ValueError(f"outputs must be of the same examples; {layer.path!r:.200} has {len(content)}, the first layer {len(held[0])}")
            if silent is not None and silent.shape != content.shape[-1:]:
                raise ValueError(f"{layer.path!r:.200} must keep its {len(silent)} units; this batch has {content.shape[-1]}")
        self._examples += len(held[0]) if held else 0
        for i, (layer, content) in enumerate(zip(self.layers, held, strict=True)):
            # NaN is not 0 or less: a unit of NaN is broken, not silent.
            in_batch = np.asarray((content <= 0).all(axis=tuple(range(content.ndim - 1))))
            before = self._silent[i]
            self._silent[i] = in_batch if before is None else before & in_batch
            found = (content.size, np.count_nonzero(content == 0), _saturated(content, layer.activation), np.count_nonzero(~np.isfinite(content)))
            self._counts[:, i] += np.array(found, np.int64)

    def payload(self) -> Activity:
        """All that was added.

        Raises:
            ValueError: Nothing was.
        """
        if self._examples == 0:
            raise ValueError("there must be a batch with an example; there is none")
        values, zeros, saturated, non_finite = self._counts
        silent = [np.zeros(0, bool) if each is None else each for each in self._silent]
        return Activity(
            examples=self._examples,
            layers=self.layers,
            units=np.array([len(each) for each in silent], np.int64),
            never_positive=np.array([np.count_nonzero(each) for each in silent], np.int64),
            values=values,
            zeros=zeros,
            saturated=np.where([layer.activation in _MIDDLE for layer in self.layers], saturated, -1),
            non_finite=non_finite,
        )


def of(layers: Iterable[ActiveLayer], outputs: Mapping[str, Any]) -> Activity:
    """Activity on one batch; see `Accumulator.update` for the arguments."""
    one = Accumulator(layers)
    one.update(outputs)
    return one.payload()


def _output(given: Any, path: str) -> Array:
    content = host_array(given, f"the output of {path!r:.200}")
    if content.dtype.kind not in "biuf":
        raise TypeError(f"the output of {path!r:.200} must hold real numbers; it holds {content.dtype}")
    if content.ndim < 2:
        raise ValueError(f"the output of {path!r:.200} must be [example, …, unit]; its shape is {list(content.shape)}")
    return content


def _saturated(content: Array, activation: str) -> int:
    middle = _MIDDLE.get(activation)
    if middle is None:
        return 0
    with np.errstate(over="ignore", invalid="ignore"):  # what is called a sigmoid may give anything, NaN of any sort too
        return int(np.count_nonzero(np.abs(middle(content.astype(np.float64))) > SATURATED))
