"""Calls of a model's code that leave nothing behind."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from keras.src.backend.common import global_state

_NAMES, _SEEDS = "object_name_uids", "global_seed_generator"


@contextmanager
def untouched(layers: Sequence[Any]) -> Iterator[None]:
    """Leaves attributes of layers, random numbers and Keras' automatic names as they were, whatever runs inside.

    Lists and mappings that a layer holds are told apart by identity alone: what is put into one stays in it.
    """
    attributes = [(vars(layer), dict(vars(layer))) for layer in layers]
    of_python, of_numpy = random.getstate(), np.random.get_state()
    names, seeds = dict(global_state.get_global_attribute(_NAMES) or {}), global_state.get_global_attribute(_SEEDS)
    try:
        yield
    finally:
        for now, before in attributes:
            if len(now) != len(before) or any(now.get(name, before) is not value for name, value in before.items()):
                now.clear()
                now.update(before)
        random.setstate(of_python)
        np.random.set_state(of_numpy)
        counters = global_state.get_global_attribute(_NAMES)
        if counters is not None:
            counters.clear()
            counters.update(names)
        global_state.set_global_attribute(_SEEDS, seeds)
