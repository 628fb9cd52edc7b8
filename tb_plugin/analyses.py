"""Answers about predictions, computed one at a time and kept: TensorBoard's threads share one interpreter."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable

import numpy as np

from tb_plugin.answer import container
from tb_plugin.cache import Cache
from tb_plugin.points import point_from
from tb_plugin.schema.payload import Payload

_CACHE_BYTES = 64 * 2**20


class Analyses:
    """What was answered, as long as the points that it is of stay the same."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._kept: Cache[bytes] = Cache(_CACHE_BYTES, lambda answer: 500 + len(answer))

    def answer(self, key: Hashable, stamp: Hashable, step: int, wall_time: float, analysis: Callable[[], Payload]) -> bytes:
        """A container of one point.

        Args:
            key: What is asked for.
            stamp: The state of what it is computed from.
            step, wall_time: Of the evaluation that the answer is of.
            analysis: Computes it. What it raises is raised here, and nothing is kept.
        """

        def compute(_: bytes | None) -> bytes:
            # What overflows or is divided by zero comes of damaged records, and is answered as infinite or not known.
            with self._one_at_a_time, np.errstate(all="ignore"):
                return container([point_from(analysis(), step, wall_time)])

        return self._kept.get(key, stamp, compute)
