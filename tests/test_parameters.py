"""Kind `parameters`: shapes of all ranks in one array, paths that differ."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_plugin.schema.parameters import Parameter
from writers import parameters

SHAPES = st.lists(st.lists(st.integers(0, 2**40), max_size=5).map(tuple), max_size=10)


def parameter(path: str) -> Parameter:
    return Parameter(path=path, variable_path=f"model/{path}", layer=path.rpartition("/")[0], dtype="float32", role="trainable")


@settings(max_examples=60)
@given(SHAPES)
def test_shapes_come_back(shapes: list[tuple[int, ...]]) -> None:
    made = parameters.of((parameter(f"layer_{i}/kernel"), shape) for i, shape in enumerate(shapes))

    assert [tuple(part) for part in np.split(made.shape, made.shape_end)[: len(shapes)]] == shapes


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["a", "b", "a#2", "a#2#2", "b#3"]), max_size=12))
def test_equal_paths_are_told_apart_and_others_kept(paths: list[str]) -> None:
    distinct = parameters.distinct(paths)

    assert len(set(distinct)) == len(paths)
    assert all(name == path or name.startswith(f"{path}#") for name, path in zip(distinct, paths, strict=True))
    assert parameters.distinct(sorted(set(paths))) == sorted(set(paths))


def test_equal_paths_are_numbered_in_their_order() -> None:
    assert parameters.distinct(["d/kernel", "d/bias", "d/kernel", "d/kernel"]) == ["d/kernel", "d/bias", "d/kernel#2", "d/kernel#3"]


def test_equal_paths_are_refused() -> None:
    with pytest.raises(ValueError, match="'d/kernel' comes 2 times"):
        parameters.of([(parameter("d/kernel"), (1,)), (parameter("d/kernel"), (1,))])
