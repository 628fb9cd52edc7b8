"""Containers of records and answers are those of safetensors, byte for byte."""

from __future__ import annotations

from typing import Any

import numpy as np
import safetensors.numpy
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from tb_plugin.schema.json_fields import canonical
from tb_plugin.schema.record import KEY, pack

_TYPES = ("?", "u1", "i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8", "<f2", "<f4", "<f8")
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_ARRAYS = st.sampled_from(_TYPES).flatmap(lambda dtype: arrays_of.arrays(dtype, arrays_of.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)))


@given(st.dictionaries(_TEXTS, _ARRAYS, max_size=6), st.dictionaries(_TEXTS, _TEXTS | st.integers(), max_size=3))
def test_a_container_has_the_bytes_of_safetensors_own_writer(arrays: dict[str, np.ndarray[Any, Any]], header: dict[str, Any]) -> None:
    assert pack(arrays, header) == safetensors.numpy.save(arrays, {KEY: canonical(header).decode()})
