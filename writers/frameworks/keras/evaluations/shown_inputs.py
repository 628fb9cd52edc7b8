"""What a model is given in an evaluation, for examples: only where it is in memory. A data set is never read for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from writers.media import rows_of


@dataclass(frozen=True)
class Inputs:
    """The inputs of an evaluation, in its order.

    Attributes:
        content: An array [sample, …], or the rows of a table.
        feature_names: Names of a table's columns.
    """

    content: Any
    feature_names: tuple[str, ...] = ()


class Some:
    """Some of the inputs of an evaluation; none is copied until it is looked at.

    Args:
        inputs: All of them.
        places: Their places [sample].
    """

    def __init__(self, inputs: Inputs, places: np.ndarray[Any, Any]) -> None:
        self._content, self._places = inputs.content, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, row: int) -> Any:
        return self._content[int(self._places[row])]


def inputs_of(x: Any) -> Inputs | str:
    """The inputs that an evaluation was given, or why there are none, as a part of a sentence.

    Args:
        x: As `fit` or `evaluate` is given it.
    """
    if hasattr(x, "iloc"):
        return Inputs(*rows_of(x))
    leaves = keras.tree.flatten(x)
    if not leaves or not all(hasattr(leaf, "__array__") and getattr(leaf, "shape", ()) for leaf in leaves):
        return "its data are not arrays in memory, and a data set is not read for it"
    return Inputs(leaves[0]) if len(leaves) == 1 else f"each has {len(leaves)} inputs"
