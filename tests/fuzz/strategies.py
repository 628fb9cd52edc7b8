"""Bytes that get far: good ones with damage, and structures with anything in their places."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from tb_plugin.schema.record import KEY, decode
from tests.fuzz.targets import good_event, good_file, seeds
from tests.golden import make
from tests.strategies import jsons

_NAMES = st.text(max_size=12) | st.sampled_from(
    ["train", "layerscope", "train/layerscope", "epoch_loss", "a/b", "..", "", "%2e", "validation/confusion_matrix"]
)
_TYPES = ["BOOL", "U8", "I8", "I16", "U16", "I32", "U32", "I64", "U64", "F16", "BF16", "F32", "F64", "F8_E4M3", "X"]
_SIZES = st.integers(0, 4) | st.sampled_from([2**31, 2**32, 2**63 - 1, 2**64, -1])
_ENTRY = st.fixed_dictionaries(
    {}, optional={"dtype": st.sampled_from(_TYPES), "shape": st.lists(_SIZES, max_size=3), "data_offsets": st.lists(_SIZES, max_size=3)}
)


@st.composite
def damaged(draw: st.DrawFn, good: st.SearchStrategy[bytes]) -> bytes:
    """Good bytes with some changed, cut out or put in."""
    content = bytearray(draw(good))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(content)))
        how = draw(st.integers(0, 3))
        if how == 0:
            content[place : place + 1] = draw(st.binary(min_size=1, max_size=1))
        elif how == 1:
            del content[place : place + draw(st.integers(1, 40))]
        elif how == 2:
            content[place:place] = draw(st.binary(max_size=8))
        else:
            content[place:place] = content[place : place + draw(st.integers(1, 40))]
    return bytes(content)


@st.composite
def containers(draw: st.DrawFn) -> bytes:
    """Containers of a kind's fields and arrays with other JSON, types, shapes, offsets and values in their places."""
    found = decode(draw(st.sampled_from(seeds())))
    header: dict[str, Any] = {"kind": found.kind, "version": draw(st.sampled_from([found.version, 2, 99])), "writer": "w", "ordinal": 0, **found.fields}
    header |= draw(st.dictionaries(st.sampled_from([*header, "new"]), jsons, max_size=2))
    entries: dict[str, Any] = {"__metadata__": {KEY: json.dumps(header)}}
    body = b""
    for name, content in sorted(found.arrays.items()):  # the library returns them in any order
        if draw(st.integers(0, 3)) == 0:
            size = draw(st.integers(0, 5))
            content = np.array(draw(st.lists(st.integers(-3, 5) | st.integers(-(2**63), 2**63 - 1), min_size=size, max_size=size)), np.int64)
        piece = content.tobytes()
        dtype = {"b": "BOOL", "u": "U", "i": "I", "f": "F"}[content.dtype.kind] + ("" if content.dtype.kind == "b" else str(8 * content.dtype.itemsize))
        entry: dict[str, Any] = {"dtype": dtype, "shape": list(content.shape), "data_offsets": [len(body), len(body) + len(piece)]}
        if draw(st.integers(0, 5)) == 0:
            entry |= draw(_ENTRY)
        entries[name] = entry
        body += piece
    text = json.dumps(entries).encode()
    return len(text).to_bytes(8, "little") + text + body


_PARAMETERS = st.sampled_from(["run", "tag", "steps", "max", "statistic", "parameters", "training", "x"])
_VALUES = (
    st.sampled_from(["confusion_matrix", "structure", "classes", ".", "last", "..", "0..5", "5..0", "0,2..", "1", "0", "-1", "9" * 40, "%00", "%ff", "a%2fb"])
    | st.sampled_from([name for points in make.CONTENT for name in (points, f"{points}/{points}")])
    | st.text(max_size=8)
)
_QUERIES = st.tuples(st.binary(min_size=1, max_size=1), st.lists(st.tuples(_PARAMETERS, _VALUES).map("=".join) | st.text(max_size=8), max_size=4)).map(
    lambda drawn: drawn[0] + "&".join(drawn[1]).encode(errors="replace")
)
_LAYERS = st.recursive(
    jsons,
    lambda inner: st.fixed_dictionaries(
        {"class_name": st.sampled_from(["Functional", "Sequential", "Dense", "InputLayer", "Conv2D"])},
        optional={
            "config": st.fixed_dictionaries(
                {},
                optional={
                    "name": st.sampled_from(["a", "b", ""]) | jsons,
                    "layers": st.lists(inner, max_size=3) | jsons,
                    "input_layers": st.sampled_from([[["a", 0, 0]], ["a", 0, 0]]) | jsons,
                    "output_layers": st.sampled_from([[["b", 0, 0]], ["b", 9, 9]]) | jsons,
                    "units": st.sampled_from([3, 2**70, -1]) | jsons,
                    "batch_shape": st.lists(st.none() | _SIZES, max_size=3) | jsons,
                    "layer": inner,
                },
            ),
            "inbound_nodes": st.sampled_from([[[["a", 0, 0, {}]]], [[["b", 0, 0, {}]]], [[["c", 7, -1, {}]]], [["a", 0, 0]]]) | jsons,
            "name": st.sampled_from(["a", "b", "c"]) | jsons,
            "build_config": jsons,
        },
    ),
    max_leaves=6,
)

STRATEGIES: Mapping[str, st.SearchStrategy[bytes]] = {
    "record": damaged(st.sampled_from(seeds())) | st.binary(max_size=100),
    "container": containers() | damaged(containers()) | damaged(st.sampled_from(seeds()).map(zlib.decompress)),
    "event": damaged(st.just(good_event())) | st.binary(max_size=50),
    "event file": damaged(st.just(good_file())) | st.binary(max_size=50),
    "query": _QUERIES,
    "Keras model": _LAYERS.map(lambda drawn: json.dumps(drawn).encode()) | st.binary(max_size=30),
    "name": st.lists(_NAMES, min_size=1, max_size=5).map(lambda names: "\n".join(names).encode(errors="replace")),
}
"""What is drawn for each target."""
