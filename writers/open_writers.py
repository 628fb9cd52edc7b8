"""Sinks on writers that the user's program has open already, so that ours adds to a run that is being logged.

They flush the writer and never close it: it is the user's. What the writer has taken and then loses itself is not counted.
"""

from __future__ import annotations

import os
import queue
import sys
from abc import abstractmethod
from typing import Any

from tensorboard.compat.proto import event_pb2

from writers.sinks import Sink


def sink_of(writer: Any) -> Sink:
    """The sink for what `RunWriter(to=…)` was given.

    Args:
        writer: A sink; a `tf.summary` writer; a `SummaryWriter` of PyTorch or tensorboardX; or an `EventFileWriter` or `FileWriter`.

    Raises:
        TypeError: It is none of them.
        ValueError: It is a `SummaryWriter` that is closed.
    """
    if isinstance(writer, Sink):
        return writer
    if hasattr(writer, "as_default") and "tensorflow" in sys.modules:
        return _TensorFlowSink(writer)
    if hasattr(writer, "add_scalar") and hasattr(writer, "file_writer"):
        return _SummaryWriterSink(writer)
    if hasattr(writer, "add_event") and hasattr(writer, "get_logdir"):
        return _EventFileWriterSink(writer)
    raise TypeError(
        f"to= takes a tf.summary writer, a SummaryWriter of PyTorch or tensorboardX, or a sink; it is {type(writer).__name__}. "
        "A directory is the first argument: RunWriter(logdir)"
    )


class _OpenWriterSink(Sink):
    """On a writer of this process; what it has of threads and locks is no use to a forked child, which would wait for ever."""

    def __init__(self, writer: Any) -> None:
        super().__init__()
        self._writer = writer
        self._pid = os.getpid()

    def _put(self, event: bytes) -> None:
        self._check_process()
        self._add(event)

    def _flush(self) -> None:
        self._check_process()
        self._flush_writer()

    def _check_process(self) -> None:
        if self._pid != os.getpid():
            raise OSError("a forked child cannot use its parent's writer; open one in the child")

    @abstractmethod
    def _add(self, event: bytes) -> None: ...

    def _flush_writer(self) -> None:
        self._writer.flush()


class _TensorFlowSink(_OpenWriterSink):
    def __init__(self, writer: Any) -> None:
        super().__init__(writer)
        self._tf = sys.modules["tensorflow"]  # its user has loaded it; importing it here would make it ours

    def _add(self, event: bytes) -> None:
        with self._tf.init_scope():  # now, also when a graph is being traced: this is one event, not an instruction to write one each step
            resource = getattr(self._writer, "_resource", None)
            if resource is not None:
                self._tf.raw_ops.ImportEvent(writer=resource, event=event)
                return
            parsed = event_pb2.Event.FromString(event)  # a writer of another class; the public way says another time
            with self._writer.as_default(), self._tf.summary.record_if(True):
                self._tf.summary.experimental.write_raw_pb(parsed.summary.SerializeToString(), step=parsed.step)


class _EventFileWriterSink(_OpenWriterSink):
    """On TensorBoard's `EventFileWriter`, or tensorboardX's class of that name."""

    def __init__(self, writer: Any) -> None:
        super().__init__(writer)
        self.logdir = os.fspath(writer.get_logdir())

    def _add(self, event: bytes) -> None:
        writer = self._event_writer()
        if getattr(writer, "_closed", False):  # tensorboardX's, which would keep nothing and say nothing
            raise _CLOSED
        # tensorboardX has messages of its own; one of another class ends its thread.
        own = sys.modules.get(f"{type(writer).__module__.partition('.')[0]}.proto.event_pb2")
        message = (event_pb2.Event if own is None else own.Event).FromString(event)
        waiting, thread = getattr(writer, "_event_queue", None), getattr(writer, "_worker", None)
        if waiting is None or thread is None:
            writer.add_event(message)
            return
        while thread.is_alive():  # tensorboardX's thread ends when a disk is full, and its add_event then waits for ever
            try:
                waiting.put(message, timeout=_PATIENCE)
                return
            except queue.Full:
                continue
        raise OSError("its thread has ended, as it does when it cannot write")

    def _event_writer(self) -> Any:
        return getattr(self._writer, "event_writer", self._writer)  # a `FileWriter` has one, and times of its own


class _SummaryWriterSink(_EventFileWriterSink):
    """On a `SummaryWriter`, which begins another file when its owner uses it after having closed it."""

    def __init__(self, writer: Any) -> None:
        if writer.file_writer is None:
            raise ValueError("to= takes a SummaryWriter that is open; this one is closed")
        super().__init__(writer.file_writer)
        self._summary_writer = writer

    def _flush_writer(self) -> None:
        self._summary_writer.flush()

    def _event_writer(self) -> Any:
        files = self._summary_writer.file_writer
        if files is None:
            raise _CLOSED
        return getattr(files, "event_writer", files)  # tensorboardX's that keeps nothing has none


_CLOSED = ValueError("its owner has closed it")
_PATIENCE = 0.1
