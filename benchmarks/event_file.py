"""Event files: how long a record takes from its payload to the page cache, and how many bytes a second go there."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.compat.proto import event_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from benchmarks.rounds import side_by_side
from benchmarks.row import Goal, Row
from layerscope import RunWriter, confusion_matrix
from tb_plugin.schema.summary import record_event
from writers.sinks import EventFileSink

SIZES = {"100 B": (100, 2000), "10 kB": (10_000, 200), "1 MB": (1_000_000, 8)}
"""Bytes of an event, and how many are written in a round."""


def rows(rounds: int = 9) -> list[Row]:
    """Payload to page cache; then events of three sizes beside the writers of TensorBoard, TensorFlow and tensorboardX."""
    return [*_payload_to_page_cache(rounds), *(row for name, (size, count) in SIZES.items() for row in _throughput(name, size, count, rounds))]


def _payload_to_page_cache(rounds: int) -> list[Row]:
    """`RunWriter.write` of a matrix whose event takes 2 kB: encoding, deflating, framing and the system call."""
    matrix = _matrix_of(2000)
    count = 200

    def write() -> tuple[float, float]:
        with tempfile.TemporaryDirectory() as folder, RunWriter(folder) as run:
            run.write("validation/confusion_matrix", matrix, 0)  # its classes go along with the first
            begin, of_processor = time.perf_counter(), time.process_time()
            for step in range(1, count + 1):
                run.write("validation/confusion_matrix", matrix, step)
            return (time.perf_counter() - begin) / count, (time.process_time() - of_processor) / count

    wall, processor = zip(*side_by_side({"ours": write}, rounds)["ours"], strict=True)
    name = "a confusion matrix of 2 kB, from payload to page cache"
    return [Row(name, wall, goal=Goal(25e-6, of="ours")), Row(f"{name}, time of the processor", processor, goal=Goal(25e-6, of="ours"))]


def _throughput(name: str, size: int, count: int, rounds: int) -> list[Row]:
    """Bytes a second into the page cache, with all that was handed over written at the end: a queue of a thread hides nothing."""
    event = _event_of(size)
    found = side_by_side({writer: partial(_speed, write, event, count) for writer, write in _WRITERS.items()}, rounds)
    ours = found.pop("ours")
    first = Goal(1e9, of="ours", is_least=True) if size >= 1_000_000 else Goal(1, is_least=True)
    goals = [first, *[Goal(1, is_least=True)] * (len(found) - 1)]
    return [
        Row(f"events of {name} to the page cache", ours, theirs, unit="B/s", against=writer, goal=goal)
        for (writer, theirs), goal in zip(found.items(), goals, strict=True)
    ]


def _speed(write: Callable[[Any, bytes, int], float], event: Any, count: int) -> float:
    data = event.SerializeToString()
    return count * len(data) / write(event, data, count)


def _ours(event: Any, data: bytes, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        sink = EventFileSink(folder)
        begin = time.perf_counter()
        for _ in range(count):
            sink.append(event.SerializeToString())
        sink.close()
        taken = time.perf_counter() - begin
        _check(folder, data, count)
        return taken


def _tensorboards(event: Any, data: bytes, count: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        writer = EventFileWriter(folder)
        begin = time.perf_counter()
        for _ in range(count):
            writer.add_event(event)
        writer.close()
        taken = time.perf_counter() - begin
        _check(folder, data, count)
        return taken


def _tensorboard_xs(event: Any, data: bytes, count: int) -> float:
    import tensorboardX
    from tensorboardX.proto.event_pb2 import Event

    with tempfile.TemporaryDirectory() as folder:
        writer, theirs = tensorboardX.FileWriter(folder), Event.FromString(data)
        begin = time.perf_counter()
        for _ in range(count):
            writer.event_writer.add_event(theirs)
        writer.close()
        taken = time.perf_counter() - begin
        _check(folder, data, count)
        return taken


def _tensorflows(event: Any, data: bytes, count: int) -> float:
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        writer = tf.summary.create_file_writer(folder)
        summary = event.summary
        with writer.as_default():
            begin = time.perf_counter()
            for step in range(count):
                tf.summary.experimental.write_raw_pb(summary.SerializeToString(), step=step)
            writer.close()
            taken = time.perf_counter() - begin
        _check(folder, data, count)
        return taken


_WRITERS: Mapping[str, Callable[[Any, bytes, int], float]] = {
    "ours": _ours,
    "TensorBoard's EventFileWriter": _tensorboards,
    "TensorFlow's tf.summary": _tensorflows,
    "tensorboardX's FileWriter": _tensorboard_xs,
}


def _check(folder: str, data: bytes, count: int) -> None:
    """A writer that lost records is not fast."""
    written = sum(os.path.getsize(path) for path in Path(folder).iterdir())
    if written < 0.9 * count * len(data):
        raise RuntimeError(f"of {count} records of {len(data)} bytes only {written} bytes were written")


def _event_of(size: int) -> Any:
    """An event of one of our records, which does not shrink, about `size` bytes long in all."""
    noise = np.random.default_rng(0).bytes(size)
    empty = len(record_event("t", "k", 1, b"", 1, 1.0).SerializeToString())
    return event_pb2.Event.FromString(record_event("t", "k", 1, noise[: max(1, size - empty)], 1, 1.0).SerializeToString())


def _matrix_of(size: int) -> Any:
    """A real matrix whose record takes about `size` bytes: samples are added until it does."""
    from tb_plugin.schema import record

    rng = np.random.default_rng(0)
    samples = 100
    while True:
        y_true = rng.integers(100, size=samples)
        y_pred = np.where(rng.random(samples) < 0.8, y_true, rng.integers(100, size=samples))
        matrix = confusion_matrix.from_predictions(y_true, y_pred, n_classes=100)
        if len(record.encode(matrix, writer="0123456789abcdef", ordinal=1)) >= size:
            return matrix
        samples = samples * 5 // 4
