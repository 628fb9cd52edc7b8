"""Event files as they lie on the disk: TensorBoard's loaders pass over damage without a word, so it is looked for here."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import google_crc32c
from google.protobuf import message
from tensorboard.compat.proto import event_pb2

from layerscope.doctor.report import Trouble, printable
from writers.live import live_event_files

_LARGEST = 2**31
_LOG_AGAIN = "What follows it in this file is lost to TensorBoard; log it again, or move the file away."


@dataclass(frozen=True)
class Scan:
    """What one event file holds: whole records, bytes, and what ends or disturbs it."""

    records: int
    size: int
    damage: Trouble | None


def event_files(logdir: str) -> Iterator[Path]:
    """All event files below a directory, as TensorBoard finds them: by `tfevents` in their name."""
    for folder, folders, files in os.walk(logdir, followlinks=True):
        folders.sort()
        yield from (Path(folder, name) for name in sorted(files) if "tfevents" in name)


def scan(path: Path) -> Scan:
    """Reads a file record by record (tensorflow/core/lib/io/record_writer.h) and stops at the first damage."""
    records = 0
    shown = printable(str(path))
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            while header := file.read(12):
                at = file.tell() - len(header)
                length = struct.unpack("<Q", header[:8])[0] if len(header) == 12 else 0
                if len(header) == 12 and (not _holds(header[:8], header[8:]) or length > _LARGEST):
                    return Scan(records, size, Trouble(f"{shown}: the record at byte {at} is garbled", _LOG_AGAIN))
                body = file.read(length + 4)
                if len(header) < 12 or len(body) < length + 4:
                    fix = "Nothing to do while it is being written; else the writer was stopped in the middle of it, and that record is lost."
                    return Scan(records, size, Trouble(f"{shown}: the last record, at byte {at}, is cut off", fix))
                if not _holds(body[:-4], body[-4:]):
                    return Scan(records, size, Trouble(f"{shown}: the record at byte {at} is garbled", _LOG_AGAIN))
                try:
                    event_pb2.Event.FromString(body[:-4])
                except message.DecodeError:
                    fix = "TensorBoard's Python loader stops there for all runs; move the file out of the logdir."
                    return Scan(records, size, Trouble(f"{shown}: the record at byte {at} is not one of TensorBoard's", fix))
                records += 1
    except OSError as error:
        return Scan(records, 0, Trouble(f"{shown} cannot be read: {error.strerror}", "Let this user read it."))
    return Scan(records, size, None)


def crowded(folder: Path) -> Trouble | None:
    """A directory that several live writers share: the Python loader loses what the older file gets later."""
    live = live_event_files(folder)
    if len(live) < 2:
        return None
    names = ", ".join(printable(os.path.basename(path)) for path in live)
    return Trouble(f"{printable(str(folder))} is written by {len(live)} writers at once ({names})", "Give each writer a directory of its own.")


def _holds(data: bytes, told: bytes) -> bool:
    crc = google_crc32c.value(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF) == told
