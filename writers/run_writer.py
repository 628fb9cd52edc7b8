"""Opens a run and writes points to it."""

from __future__ import annotations

import operator
import os
import secrets
import time
from collections.abc import Mapping
from types import TracebackType
from typing import SupportsFloat

from tb_plugin.schema import record
from tb_plugin.schema.payload import Payload, reference_names
from tb_plugin.schema.summary import record_event, scalar_event
from writers.sinks import EventFileSink, MemorySink, Sink


class RunWriter:
    """Writes payloads and scalars to one run.

    Args:
        logdir: The run's directory.
        to: A sink to write to instead.
        steps: How many steps the training will have, if known.
    """

    def __init__(self, logdir: str | os.PathLike[str] | None = None, *, to: Sink | None = None, steps: int | None = None) -> None:
        if (logdir is None) == (to is None):
            raise TypeError("RunWriter takes a logdir or to=, one of the two")
        self.steps = steps
        self.logdir = "" if logdir is None else os.fspath(logdir)
        self._sink: Sink = MemorySink() if os.environ.get("LAYERSCOPE_DISABLE") == "all" else to if to is not None else EventFileSink(self.logdir)
        self._id = secrets.token_hex(8)
        self._ordinals: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._axes: set[str] = set()

    @property
    def dropped(self) -> int:
        """Records lost so far."""
        return self._sink.dropped

    def write(self, tag: str, content: Payload | SupportsFloat | Mapping[str, SupportsFloat], step: int, *, wall_time: float | None = None) -> None:
        """Writes one point."""
        now = time.time() if wall_time is None else wall_time
        step = operator.index(step)
        if isinstance(content, Payload):
            for name in reference_names(type(content)):
                axis = getattr(content, name)
                if isinstance(axis, Payload):
                    axis_tag = f"{axis.kind}/{record.digest(axis)}"
                    if axis_tag not in self._axes:
                        self._axes.add(axis_tag)
                        self._record(axis_tag, axis, 0, now)
            self._advance(tag, step)
            self._record(tag, content, step, now)
        elif isinstance(content, Mapping):
            for key, value in content.items():
                self.write(f"{tag}/{key}", value, step, wall_time=now)
        else:
            self._advance(tag, step)
            self._sink.append(scalar_event(tag, float(content), step, now).SerializeToString())

    def _advance(self, tag: str, step: int) -> None:
        if tag in self._last and step <= self._last[tag]:
            raise ValueError(f"steps of a tag rise; {tag!r} was written at step {self._last[tag]} and now at {step}")
        self._last[tag] = step

    def _record(self, tag: str, payload: Payload, step: int, now: float) -> None:
        ordinal = self._ordinals.get(tag, 0)
        self._ordinals[tag] = ordinal + 1
        data = record.encode(payload, writer=self._id, ordinal=ordinal)
        self._sink.append(record_event(tag, payload.kind, payload.version, data, step, now).SerializeToString())

    def flush(self) -> None:
        """Hands on what is buffered."""
        self._sink.flush()

    def close(self) -> None:
        """Ends the run."""
        self._sink.close()

    def __enter__(self) -> RunWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
