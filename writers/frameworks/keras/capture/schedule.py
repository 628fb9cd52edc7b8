"""Which steps are told, decided in the graph: between two looks from Python there may be many steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.capture.ring import variable

_NEVER = np.int64(2**62)
_MOST_STRETCHES = 64  # one a doubling, and two


class GraphSchedule:
    """Counts the batches of a training, and knows the next step to tell.

    Args:
        full_every: Of the told steps after the first stretch, each how many-th is told in full.
    """

    def __init__(self, full_every: int) -> None:
        self._full_every = full_every
        self._begins = variable(np.full(_MOST_STRETCHES, _NEVER))
        self._spacings = variable(np.ones(_MOST_STRETCHES, np.int64))
        self._last = variable(_NEVER)
        # In one variable, since each that is set from Python takes its time: batches counted, the next step to tell, whether in full.
        self._place = variable(np.array([0, _NEVER, 1]))

    def begin(self, step: int, stretches: Sequence[tuple[int, int]], last: int | None) -> None:
        """Before a batch, from Python; until then nothing is told.

        Args:
            step: Number of the next batch.
            stretches: Where each stretch of evenly spaced steps begins, itself told, and its spacing; the first begins at 0.
            last: A step that is told in any case: the last one, where it is known.
        """
        begins, spacings = np.array([(begin, min(spacing, _NEVER // 2)) for begin, spacing in stretches if begin < _NEVER // 2], np.int64).T
        missing = _MOST_STRETCHES - len(begins)
        self._begins.assign(np.append(begins, np.full(missing, _NEVER)))
        self._spacings.assign(np.append(spacings, np.ones(missing, np.int64)))
        self._last.assign(_NEVER if last is None or last < step else last)
        self._place.assign([step, _NEVER, 1])
        self._move_on(tf.constant(step, tf.int64))

    def recount(self, step: int, due: int, *, is_full: bool) -> None:
        """Before a batch, from Python: its number, and the next step to tell."""
        self._place.assign(np.array([step, due, is_full], np.int64), read_value=False)

    def rest(self) -> None:
        """From Python: no step is told any more."""
        self._place.assign(np.array([0, _NEVER, 0], np.int64), read_value=False)

    @property
    def now(self) -> int:
        """Batches counted; waits for the device."""
        return int(self._place.numpy()[0])

    @property
    def step(self) -> Any:
        """Number of the present batch; in the graph."""
        return self._place.read_value()[0]

    @property
    def is_due(self) -> Any:
        """Whether it is told; in the graph."""
        place = self._place.read_value()
        return tf.equal(place[0], place[1])

    @property
    def is_full(self) -> Any:
        """Whether all is told of it, where it is; in the graph."""
        return tf.equal(self._place.read_value()[2], 1)

    def move_on(self, step: Any = None) -> None:
        """Finds the step to tell after one, the present one if not told; in the graph."""
        self._move_on((self.step if step is None else step) + 1)

    def count_batch(self, number: Any = 1) -> None:
        """The present batch is finished, or none where `number` is 0; in the graph."""
        self._place.assign_add(tf.stack([tf.cast(number, tf.int64), 0, 0]))

    def _move_on(self, earliest: Any) -> None:
        begins, spacings = self._begins.read_value(), self._spacings.read_value()
        stretch = tf.reduce_sum(tf.cast(begins <= earliest, tf.int64)) - 1
        # Gathered, not sliced: XLA compiles anew for each place at which something is sliced.
        begin, spacing = tf.gather(begins, stretch), tf.gather(spacings, stretch)
        which = -(-(earliest - begin) // spacing)
        planned = begin + which * spacing
        following = tf.gather(tf.concat([begins[1:], [_NEVER]], 0), stretch)
        is_full = (stretch == 0) | (which % self._full_every == 0) | (planned >= following)
        forced = tf.where(self._last >= earliest, self._last, _NEVER)
        planned = tf.minimum(planned, following)
        is_full = is_full | (forced <= planned)
        count = self._place.read_value()[0]
        self._place.assign(tf.stack([count, tf.minimum(planned, forced), tf.cast(is_full, tf.int64)]))
