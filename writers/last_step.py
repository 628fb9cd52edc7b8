"""The last step that a run on disk has."""

from __future__ import annotations

import os
import struct

from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2

from writers.event_file import read_name


def last_step(directory: str) -> int | None:
    """The highest step in the event files of a run of ours; None where it has none. Files that are damaged are read up to there."""
    try:
        names = [name for name in os.listdir(directory) if read_name(name) is not None]
    except (FileNotFoundError, NotADirectoryError):
        return None
    steps = [step for name in names if (step := _last_of(os.path.join(directory, name))) is not None]
    return max(steps, default=None)


def _last_of(path: str) -> int | None:
    last = None
    with open(path, "rb") as file:
        while len(header := file.read(12)) == 12:
            (length,) = struct.unpack("<Q", header[:8])
            record = file.read(length) if length < 2**30 else b""
            if len(record) < length:
                break
            file.seek(4, os.SEEK_CUR)
            try:
                event = event_pb2.Event.FromString(record)
            except DecodeError:
                break
            if event.HasField("summary"):
                last = max(event.step, last or 0)
    return last
