"""Damaged and hostile files, through TensorBoard's own loaders: what is whole is shown, within bounds of memory and time."""

from __future__ import annotations

import functools
import json
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard import errors
from tensorboard.compat.proto import event_pb2, summary_pb2, types_pb2

from tb_plugin.open import open_logdir
from tb_plugin.schema.record import KEY, LARGEST, pack
from tb_plugin.schema.training_facts import TrainingFacts
from tb_plugin.store import Caller, Store
from tests.event_files import LOADERS, Loader, records
from tests.faults.faults import ROOT
from tests.server.conftest import RustLoaders
from tests.server.others import tensor_event
from writers import RunWriter
from writers.event_file import framed

each_loader = pytest.mark.parametrize("loader", LOADERS)

NAME = "events.out.tfevents.1700000000.host.1.0"
TAG = "training_facts"
STEPS = 3


def good_file(folder: Path) -> bytes:
    with RunWriter(folder) as run:
        for step in range(STEPS):
            run.write(TAG, TrainingFacts(first_step=step), step, wall_time=1e9 + step)
    (path,) = folder.iterdir()
    return path.read_bytes()


def ends_of(content: bytes) -> list[int]:
    """Where each record of a file ends, by the framing; the first one is the file's version."""
    ends, place = [], 0
    while place < len(content):
        place += 16 + struct.unpack_from("<Q", content, place)[0]
        ends.append(place)
    return ends


def as_run(logdir: Path, name: str, content: bytes) -> None:
    (logdir / name).mkdir(parents=True)
    (logdir / name / NAME).write_bytes(content)


def write(logdir: Path, events: Sequence[Any]) -> None:
    """A run of these events, in our own framing: TensorBoard's takes seconds for a large record."""
    version = event_pb2.Event(file_version="brain.Event:2")
    as_run(logdir, "run", b"".join(framed(event.SerializeToString()) for event in (version, *events)))


def steps_read(store: Store, run: str) -> list[int]:
    series = store.find(Caller.local(), run, TAG)
    return [] if series is None else [point.step for point in store.points(Caller.local(), series).points]


@each_loader
def test_a_file_cut_off_anywhere_shows_all_whole_records(loader: Loader, tmp_path: Path) -> None:
    content = good_file(tmp_path / "whole")
    ends = ends_of(content)
    for size in range(len(content) + 1):
        as_run(tmp_path / "cut", f"{size:05d}", content[:size])
    wanted = {size: sum(end <= size for end in ends[1:]) for size in range(len(content) + 1)}

    found = records(tmp_path / "cut", loader, sum(wanted.values()))

    for size, count in wanted.items():
        assert [step for step, _, _ in found.get((f"{size:05d}", TAG), [])] == list(range(count)), size


def flipped(logdir: Path, content: bytes, places: Sequence[int]) -> dict[int, int]:
    """A run for each place with a bit flipped there, and one that is good; how many records stand before each place."""
    ends = ends_of(content)
    as_run(logdir, "good", content)
    for place in places:
        changed = bytearray(content)
        changed[place] ^= 1 << place % 8
        as_run(logdir, f"{place:05d}", bytes(changed))
    return {place: sum(end <= place for end in ends[1:]) for place in places}


def test_a_flipped_bit_hides_nothing_before_it_and_no_other_run(tmp_path: Path) -> None:
    content = good_file(tmp_path / "whole")
    before = flipped(tmp_path / "flipped", content, range(len(content)))

    store = open_logdir(tmp_path / "flipped")

    assert steps_read(store, "good") == list(range(STEPS))
    for place, count in before.items():
        assert steps_read(store, f"{place:05d}") == list(range(count)), place


def test_what_the_rust_loader_hands_on_unchecked_is_refused_here(tmp_path: Path) -> None:
    """It does not compare checksums of content. A step that was hit may look like a restart; what a record says is never wrong."""
    content = good_file(tmp_path / "whole")
    before = flipped(tmp_path / "flipped", content, range(0, len(content), 5))
    rust, deadline = RustLoaders(), time.monotonic() + 60
    try:
        provider = rust.read(tmp_path / "flipped")
        while True:  # it reads while it serves
            store = Store(provider)
            found = {s.run: store.points(Caller.local(), s) for s in store.listing(Caller.local()) if s.tag == TAG}
            if len(found) > sum(count > 0 for count in before.values()) and len(found["good"].points) == STEPS:
                break
            assert time.monotonic() < deadline, f"the Rust loader found {len(found)} runs"
    finally:
        rust.close()

    assert [point.step for point in found["good"].points] == list(range(STEPS))
    assert {point.fields["first_step"] for points in found.values() for point in points.points} == set(range(STEPS))
    assert any("zlib" in problem.error for points in found.values() for problem in points.problems)


def test_garbage_between_good_records_takes_no_run_along(tmp_path: Path) -> None:
    content = good_file(tmp_path / "whole")
    garbage = {"no event": framed(b"\xff" * 20), "zeros": bytes(100), "a huge length": struct.pack("<Q", 2**62) + bytes(100), "nothing": framed(b"")}
    for name, data in garbage.items():
        as_run(tmp_path / "logs", name, content + data + content)
    as_run(tmp_path / "logs", "z good", content)

    store = open_logdir(tmp_path / "logs")

    for name in (*garbage, "z good"):
        assert steps_read(store, name) == list(range(STEPS)), name


HEADER = {"kind": "structure", "version": 1, "writer": "w", "ordinal": 0, "source": "keras", "model": "m", "parameters": "0" * 16}


def structure(**changed: Any) -> bytes:
    """A structure of two layers, a → b, with other arrays in place of its own."""
    nodes = [{"path": name, "layer": name, "call": 0, "class": "Dense", "config": {}} for name in "ab"]
    arrays: dict[str, Any] = {"parent": [-1, -1], "edge": [[0, 0, 1, 0]], "output_end": [1, 2], "shape": [-1, 8, -1, 8], "shape_end": [2, 4], "dtype": [0, 0]}
    arrays |= {"macs": [64, 64], "activation_bytes": [32, 32], "edges_known": [True, True]} | changed
    return zlib.compress(pack({name: np.array(content) for name, content in arrays.items()}, {**HEADER, "nodes": nodes, "dtypes": ["float32"]}))


def header_of(shape: list[int], dtype: str, length: int) -> bytes:
    text = json.dumps({"__metadata__": {KEY: json.dumps(HEADER)}, "parent": {"dtype": dtype, "shape": shape, "data_offsets": [0, length]}}).encode()
    return zlib.compress(struct.pack("<Q", len(text)) + text + bytes(min(length, 64)))


@functools.cache
def bomb() -> bytes:
    stream, block = zlib.compressobj(9), bytes(2**20)
    return b"".join([*(stream.compress(block) for _ in range(512)), stream.flush()])


REFUSED: dict[str, Callable[[], bytes]] = {
    "half a gigabyte of zeros": bomb,
    "a shape of 2^62": lambda: header_of([2**62], "I64", 64),
    "a shape that overflows": lambda: header_of([2**33, 2**33], "I64", 64),
    "offsets beyond the end": lambda: header_of([2**30], "I64", 2**33),
    "a type that nobody knows": lambda: header_of([64], "U3", 64),
    "a parent that is its child": lambda: structure(parent=[1, 0]),
    "a parent that is itself": lambda: structure(parent=[0, 1]),
    "an edge to nowhere": lambda: structure(edge=[[0, 0, 7, 0]]),
    "half numbers where whole ones belong": lambda: structure(parent=[0.5, 0.5]),
    "more shapes than outputs": lambda: structure(shape_end=[2, 4, 4]),
}
SHOWN: dict[str, Callable[[], bytes]] = {
    "a layer that feeds itself": lambda: structure(edge=[[0, 0, 0, 0]]),
    "edges in a circle": lambda: structure(edge=[[0, 0, 1, 0], [1, 0, 0, 0]]),
    "a newer version": lambda: zlib.compress(pack({}, {**HEADER, "version": 2})),
    "an unknown kind": lambda: zlib.compress(pack({"x": np.zeros(3)}, {**HEADER, "kind": "soundings"})),
    "sizes beyond any machine": lambda: structure(shape=[-1, 2**62, 2**62, 2**62], macs=[2**62, 2**62]),
}


@pytest.mark.parametrize("name", [*REFUSED, *SHOWN])
def test_a_hostile_record_is_refused_or_shown_beside_the_good_ones(name: str, tmp_path: Path) -> None:
    data = (REFUSED | SHOWN)[name]()
    content = b'{"kind":"structure","version":1}'
    write(tmp_path, [tensor_event("structure", [d], content=content, step=i) for i, d in enumerate([structure(), data, structure()])])
    store = open_logdir(tmp_path)
    series = store.find(Caller.local(), "run", "structure")
    assert series is not None

    found = store.points(Caller.local(), series)

    refused = name in REFUSED
    assert [point.step for point in found.points] == ([0, 2] if refused else [0, 1, 2])
    assert [problem.step for problem in found.problems] == ([1] if refused else [])


HUNGRY = """
import resource, sys, time, types
sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")  # TensorBoard without TensorFlow: its memory is not what is measured
from tb_plugin.open import open_logdir
from tb_plugin.store import Caller
begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
store = open_logdir(sys.argv[1])
for series in store.listing(Caller.local()):
    found = store.points(Caller.local(), series)
    print(len(found.points), len(found.problems))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024, time.monotonic() - begin)
"""


def test_ten_bombs_cost_the_memory_of_one(tmp_path: Path) -> None:
    """Five gigabytes, were they inflated."""
    data = bomb()
    write(tmp_path, [tensor_event("structure", [data], step=i) for i in range(10)])

    done = subprocess.run([sys.executable, "-c", HUNGRY, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    counts, cost = (line.split() for line in done.stdout.splitlines())

    assert counts == ["0", "10"]
    assert float(cost[0]) < 3 * LARGEST + 10 * len(data) + 2**27  # the last for TensorBoard itself, which is imported meanwhile
    assert float(cost[1]) < 60


def test_a_tensor_that_claims_a_size_it_has_not_takes_no_other_series_along(tmp_path: Path) -> None:
    claims = tensor_event("huge", [structure()], content=b'{"kind":"structure","version":1}')
    claims.summary.value[0].tensor.tensor_shape.dim[0].size = 2**60
    numbers = tensor_event("numbers", [], content=b"{}")
    numbers.summary.value[0].tensor.dtype = types_pb2.DT_FLOAT
    numbers.summary.value[0].tensor.tensor_shape.dim[0].size = 2**60
    numbers.summary.value[0].tensor.float_val.append(1.0)
    scalar = event_pb2.Event()
    scalar.CopyFrom(numbers)
    scalar.summary.value[0].tag = "loss"
    scalar.summary.value[0].metadata.plugin_data.plugin_name = "scalars"
    scalar.summary.value[0].metadata.data_class = summary_pb2.DATA_CLASS_SCALAR
    write(tmp_path, [claims, numbers, scalar, tensor_event("good", [structure()], content=b'{"kind":"structure","version":1}')])
    store, caller = open_logdir(tmp_path), Caller.local()
    listed = {series.tag: series for series in store.listing(caller)}

    for tag in ("huge", "numbers"):
        found = store.points(caller, listed[tag])
        assert (found.points, len(found.problems)) == ((), 1)
    with pytest.raises(errors.InvalidArgumentError, match="TensorBoard cannot read the scalars 'loss'"):
        store.scalars(caller, listed["loss"])
    assert len(store.points(caller, listed["good"]).points) == 1


@pytest.mark.parametrize("owner", ["layerscope", "scalars"])
def test_a_series_that_is_announced_and_has_no_data_hides_no_other_run(owner: str, tmp_path: Path) -> None:
    """TensorBoard's Python loader fails its whole list at it."""
    for name in "abcde":
        good_file(tmp_path / name)
    announced = tensor_event("nothing", [], plugin=owner)
    announced.summary.value[0].ClearField("tensor")
    if owner == "scalars":
        announced.summary.value[0].metadata.data_class = summary_pb2.DATA_CLASS_SCALAR
    as_run(tmp_path, "bad", framed(event_pb2.Event(file_version="brain.Event:2").SerializeToString()) + framed(announced.SerializeToString()))

    listing = open_logdir(tmp_path).listing(Caller.local())

    assert [series.run for series in listing] == list("abcde")
