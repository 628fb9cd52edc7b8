"""Sinks on writers that the user's program has open already, so that ours adds to a run that is being logged.

They flush the writer and never close it: it is the user's.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from tensorboard.compat.proto import event_pb2

from writers.sinks import Sink


def sink_of(writer: Any) -> Sink:
    """The sink for what `RunWriter(to=…)` was given.

    Args:
        writer: A sink; a `tf.summary` writer; a `SummaryWriter` of PyTorch or tensorboardX; or an `EventFileWriter`.

    Raises:
        TypeError: It is none of them.
    """
    if isinstance(writer, Sink):
        return writer
    if hasattr(writer, "as_default") and "tensorflow" in sys.modules:
        return _TensorFlowSink(writer)
    if hasattr(writer, "_get_file_writer"):  # their own door, through which they reopen a writer that was closed
        return _AddEventSink(writer._get_file_writer().event_writer)
    if hasattr(writer, "add_event") and hasattr(writer, "get_logdir"):
        return _AddEventSink(writer)
    raise TypeError(
        f"to= takes a tf.summary writer, a SummaryWriter of PyTorch or tensorboardX, or a sink; it is {type(writer).__name__}. "
        "A directory is the first argument: RunWriter(logdir)"
    )


class _TensorFlowSink(Sink):
    def __init__(self, writer: Any) -> None:
        super().__init__()
        self._writer = writer
        self._tf = sys.modules["tensorflow"]  # its user has loaded it; importing it here would make it ours

    def _put(self, event: bytes) -> None:
        parsed = event_pb2.Event.FromString(event)
        # Eagerly, also when a graph is being traced: this is one event, not an instruction to write one each step.
        with self._tf.init_scope(), self._writer.as_default(), self._tf.summary.record_if(True):
            self._tf.summary.experimental.write_raw_pb(parsed.summary.SerializeToString(), step=parsed.step)

    def _flush(self) -> None:
        self._writer.flush()


class _AddEventSink(Sink):
    """On TensorBoard's `EventFileWriter`, which PyTorch's `SummaryWriter` holds, or tensorboardX's class of that name."""

    def __init__(self, writer: Any) -> None:
        super().__init__()
        self._writer = writer
        self.logdir = os.fspath(writer.get_logdir())
        # tensorboardX has messages of its own; one of another class ends its thread.
        own = sys.modules.get(f"{type(writer).__module__.partition('.')[0]}.proto.event_pb2")
        self._event = event_pb2.Event if own is None else own.Event

    def _put(self, event: bytes) -> None:
        self._writer.add_event(self._event.FromString(event))

    def _flush(self) -> None:
        self._writer.flush()
