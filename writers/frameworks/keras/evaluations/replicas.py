"""Tensors of a step, whole on the host, however many replicas made them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from writers.frameworks.keras.outputs.scored_outputs import Part


class Whole:
    """Gathers what a step captured, and reads it.

    With several replicas Keras takes the *mean* over replicas of whatever a step returns. So each replica returns the
    whole batch, as integers that the mean leaves as they are.
    """

    def __init__(self) -> None:
        self._bits: dict[tuple[str, Part], tf.DType] = {}

    def of(self, captured: Mapping[str, Mapping[Part, Any]]) -> dict[str, dict[Part, tf.Tensor]]:
        """Inside the step: the same of all replicas together. Ragged and sparse tensors are left out."""
        context = tf.distribute.get_replica_context()
        several = context is not None and context.num_replicas_in_sync > 1
        dense = {
            output: {part: tf.convert_to_tensor(tensor) for part, tensor in parts.items()}
            for output, parts in captured.items()
            if not any(isinstance(tensor, tf.RaggedTensor | tf.SparseTensor) for tensor in parts.values())
        }
        if not several:
            return dense
        return {
            output: {part: context.all_gather(self._integers(output, part, tensor), axis=0) for part, tensor in parts.items()}
            for output, parts in dense.items()
        }

    def on_host(self, captured: Any) -> dict[str, dict[Part, np.ndarray[Any, Any]]]:
        """What `of` made, in NumPy."""
        return {output: {part: self._read(output, part, tensor) for part, tensor in parts.items()} for output, parts in captured.items()}

    def _integers(self, output: str, part: Part, tensor: tf.Tensor) -> tf.Tensor:
        self._bits[output, part] = tensor.dtype
        if tensor.dtype.is_floating:
            # float64 becomes two int32 along a new last axis: as int64, their mean could overflow.
            tensor = tf.bitcast(tensor, {2: tf.int16, 4: tf.int32, 8: tf.int32}[tensor.dtype.size])
        return tf.cast(tensor, tf.int64)

    def _read(self, output: str, part: Part, tensor: Any) -> np.ndarray[Any, Any]:
        dtype = self._bits.get((output, part))
        array = np.asarray(tensor)
        if dtype is None:
            return array
        if dtype.is_floating:
            narrow = array.astype({2: np.int16, 4: np.int32, 8: np.int32}[dtype.size])
            whole = np.ascontiguousarray(narrow).view(dtype.as_numpy_dtype)
            return np.asarray(whole[..., 0] if dtype.size == 8 else whole)
        return array.astype(dtype.as_numpy_dtype)
