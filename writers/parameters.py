"""The parameters of a model, as a payload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from tb_plugin.schema.parameters import Parameter, Parameters


def of(parameters: Iterable[tuple[Parameter, Sequence[int]]]) -> Parameters:
    """The parameters of a model.

    Args:
        parameters: Each parameter with its shape, in forward order.

    Raises:
        ValueError: Two have the same path; `distinct` tells equal paths apart.
    """
    given = list(parameters)
    for path, times in Counter(parameter.path for parameter, _ in given).items():
        if times > 1:
            raise ValueError(f"the paths of parameters must differ; {path!r:.200} comes {times} times. Pass them through distinct() first")
    return Parameters(
        parameters=tuple(parameter for parameter, _ in given),
        shape=np.array([size for _, shape in given for size in shape], dtype=np.int64),
        shape_end=np.cumsum([len(shape) for _, shape in given], dtype=np.int64),
    )


def distinct(paths: Iterable[str]) -> list[str]:
    """Equal paths told apart in their order: `dense/kernel`, `dense/kernel#2`, `dense/kernel#3`."""
    taken: set[str] = set()
    result = []
    for path in paths:
        name, number = path, 1
        while name in taken:
            number += 1
            name = f"{path}#{number}"
        taken.add(name)
        result.append(name)
    return result
