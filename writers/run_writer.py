"""Opens a run and writes points to it."""

from __future__ import annotations

import logging
import operator
import os
import secrets
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, SupportsFloat, SupportsIndex

from tb_plugin.schema import record
from tb_plugin.schema.payload import Payload, reference_names
from tb_plugin.schema.summary import histogram_event, record_event, scalar_event
from writers.disabled import is_disabled
from writers.histograms import Histogram
from writers.host_arrays import host_array
from writers.live import live_event_files
from writers.open_writers import sink_of
from writers.sinks import EventFileSink, NoSink, Sink

_log = logging.getLogger("layerscope")

Content = Payload | Histogram | SupportsFloat
"""What one point may hold."""


class RunWriter:
    """Writes payloads and scalars to one run.

    ```python
    with RunWriter("logs/run-1") as run:
        run.write("loss", loss, step)
        run.write("validation/confusion_matrix", confusion_matrix.from_predictions(y_true, y_pred, labels=names), step)
    ```

    What is written is in the page cache when `write` returns (a record of 1 MiB or more: soon after, or on `flush`), and is
    never thinned. One thread at a time. With the environment variable `LAYERSCOPE_DISABLE=all` nothing is written and no file is made.

    Args:
        logdir: The run's directory; made when absent. Also a URL, such as `gs://bucket/run`, to which a
            thread writes what came in 10 s, or 1 MB.
        to: Instead of it: an open `tf.summary` writer, a `SummaryWriter` of PyTorch or tensorboardX, or a sink. Points are
            added to that writer's run.
        fsync: On close, wait until the disk has all that was written to `logdir`: nothing is lost then when the power fails.
        steps: How many steps the training will have, if known; for schedules that thin, which then spread evenly over
            it: `within(4_000_000).due(step, length=run.steps)`.

    Attributes:
        logdir: The run's directory; empty where `to` does not say it.
        steps: As given.

    Raises:
        TypeError: Neither or both of `logdir` and `to` are given, or one is no such thing.
        ValueError: `logdir` has a scheme that nobody here knows, `steps` is not positive, or `fsync` goes with another's
            writer or a URL.
        OSError: No event file can be made in `logdir`.
    """

    def __init__(self, logdir: str | os.PathLike[str] | None = None, *, to: Any = None, steps: int | None = None, fsync: bool = False) -> None:
        if (logdir is None) == (to is None):
            raise TypeError("RunWriter takes either a directory, RunWriter(logdir), or an open writer, RunWriter(to=writer)")
        if steps is not None and operator.index(steps) < 1:
            raise ValueError(f"steps is how many steps the training will have; it is {steps}")
        self.steps = steps
        self._sink = _sink(logdir, to, fsync)
        self.logdir = self._sink.logdir
        self._opened = self._sink.opened
        self._series: dict[str, _Series] = {}
        self._begin()

    @property
    def dropped(self) -> int:
        """Records lost so far, because they could not be written."""
        return self._sink.dropped

    def write(
        self, tag: str, content: Payload | Histogram | SupportsFloat | Mapping[str, SupportsFloat], step: SupportsIndex, *, wall_time: float | None = None
    ) -> None:
        """Writes one point of a series; of several, when `content` is a mapping.

        Args:
            tag: Name of the series, such as `loss` or `validation/confusion_matrix`.
            content: A payload; a number, also a 0-d array of any framework, which becomes a TensorBoard scalar (float32);
                numbers by key, which become scalars `<tag>/<key>`; or a `Histogram`, which becomes one of TensorBoard's own.
            step: Training batches finished; rises from one point of a tag to the next.
            wall_time: Seconds since 1970; now, if not given.

        Raises:
            TypeError, ValueError: An argument is not what it should be: nothing was written then. A disk that fails never
                raises: see `dropped`.
        """
        number = _checked_step(step)
        now = time.time() if wall_time is None else float(wall_time)
        points = {f"{tag}/{key}": value for key, value in content.items()} if isinstance(content, Mapping) else {tag: content}
        ready = {_checked_tag(t): value if isinstance(value, Payload | Histogram) else _number(value, t) for t, value in points.items()}
        for t, value in ready.items():
            self._check_series(t, value, number)
        if self._pid != os.getpid():
            self._begin()  # a forked child: a writer of its own, whose file knows no axis yet
        for t, value in ready.items():
            self._write_point(t, value, number, now)

    def flush(self) -> None:
        """Hands on what is buffered: by an open writer, or for a URL, or of records of 1 MiB or more. Waits at most 10 s."""
        self._sink.flush()

    def close(self) -> None:
        """Ends the run and tells how many records were lost, if any. The writer given as `to` stays open."""
        self._sink.close()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._id = secrets.token_hex(8)  # the system's randomness: no seed of the user's is touched
        self._axes: set[str] = set()
        for series in self._series.values():
            series.ordinal = 0

    def _check_series(self, tag: str, content: Payload | Histogram | float, step: int) -> None:
        series = self._series.get(tag)
        if series is None:
            return
        kind = _kind(content)
        if series.kind != kind:
            raise ValueError(f"a tag holds one kind of data; {tag!r:.200} holds {series.kind} and was now given {kind}. Use another tag")
        if step <= series.step:
            raise ValueError(
                f"the steps of a tag rise; {tag!r:.200} was written at step {series.step} and now at step {step}. "
                "Count steps over the whole training, and write each step once"
            )

    def _write_point(self, tag: str, content: Payload | Histogram | float, step: int, now: float) -> None:
        series = self._series.setdefault(tag, _Series(_kind(content)))
        if isinstance(content, Histogram):
            self._sink.append(histogram_event(tag, content.bins, content.description, content.repeats, step, now).SerializeToString())
        elif not isinstance(content, Payload):
            self._sink.append(scalar_event(tag, content, step, now).SerializeToString())
        else:
            data = record.encode(content, writer=self._id, ordinal=series.ordinal)  # first: it may refuse, and then nothing is written
            self._write_axes(content, now)
            self._sink.append(record_event(tag, content.kind, content.version, data, step, now).SerializeToString())
            if self._is_in_new_file():
                self._write_axes(content, now)
        series.step, series.ordinal = step, series.ordinal + 1

    def _write_axes(self, payload: Payload, now: float) -> None:
        """Writes the axis records that a payload refers to, unless they are in the file already."""
        for name in reference_names(type(payload)):
            axis = getattr(payload, name)
            if not isinstance(axis, Payload):
                continue
            tag = f"{axis.kind}/{record.digest(axis)}"
            if tag in self._axes:
                continue
            series = self._series.setdefault(tag, _Series(axis.kind))
            data = record.encode(axis, writer=self._id, ordinal=series.ordinal)
            series.step, series.ordinal = 0, series.ordinal + 1
            is_kept = self._sink.append(record_event(tag, axis.kind, axis.version, data, 0, now).SerializeToString())
            self._is_in_new_file()
            if is_kept:
                self._axes.add(tag)

    def _is_in_new_file(self) -> bool:
        """Whether the sink has begun a file since we last asked: it must explain itself, so no axis counts as written."""
        is_new = self._sink.opened != self._opened
        if is_new:
            self._axes.clear()
        self._opened = self._sink.opened
        return is_new


class _Series:
    """What was written to one tag: its kind, its last step, and how many records were tried."""

    def __init__(self, kind: str) -> None:
        self.kind, self.step, self.ordinal = kind, -1, 0


def _sink(logdir: str | os.PathLike[str] | None, to: Any, fsync: bool) -> Sink:
    if fsync and (logdir is None or "://" in str(logdir)):
        raise ValueError("fsync is for a directory of this machine: RunWriter(logdir, fsync=True)")
    if logdir is None:
        sink = sink_of(to)
        return NoSink(sink.logdir) if is_disabled() else sink
    directory = os.fspath(logdir)
    if not isinstance(directory, str) or not directory:
        raise TypeError(f"logdir must be the path of a directory; it is {logdir!r:.80}")
    if is_disabled():
        return NoSink(directory)
    if "://" in directory:
        from writers.remote import RemoteSink  # it loads file systems, such as fsspec

        return RemoteSink(directory)
    live = live_event_files(directory)
    if live:
        _log.warning(
            "%s has an event file that is still being written: %s. TensorBoard may not show what two writers add to one run; "
            "give this writer a directory of its own, or add to that writer: RunWriter(to=writer)",
            directory,
            ", ".join(os.path.basename(path) for path in live),
        )
    return EventFileSink(directory, fsync=fsync)


def _kind(content: Payload | Histogram | float) -> str:
    if isinstance(content, Histogram):
        return "a histogram"
    return content.kind if isinstance(content, Payload) else "a scalar"


def _checked_step(step: SupportsIndex) -> int:
    try:
        number = operator.index(step)
    except TypeError:
        raise TypeError(f"step must be a whole number; it is {step!r:.80}") from None
    if not 0 <= number < 2**63:
        raise ValueError(f"step must be from 0 to 2^63 - 1; it is {number}")
    return number


def _checked_tag(tag: str) -> str:
    if not isinstance(tag, str):
        raise TypeError(f"tag must be text; it is {tag!r:.80}")
    if not tag:
        raise ValueError("tag must not be empty")
    try:
        tag.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"tag must be valid Unicode; it is {tag!r:.80}") from error
    return tag


def _number(value: Any, tag: str) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    content = host_array(value, tag)
    if content.dtype.kind not in "biuf":
        raise TypeError(f"{tag!r:.200} must be a payload, a number, or numbers by key; it is {value!r:.80}")
    if content.size != 1:
        raise ValueError(f"{tag!r:.200} must be one number; its shape is {list(content.shape)}. Reduce it first, or write a mapping")
    return float(content.reshape(()))
