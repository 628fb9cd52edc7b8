"""Event files where only TensorBoard's file systems reach: `gs://`, `s3://`, whatever TensorFlow or fsspec know."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from tensorboard.compat.tensorflow_stub.io import gfile

from writers.background import Background
from writers.event_file import first_event, framed, new_name
from writers.sinks import QueuedSink

GATHER = 10.0
"""Seconds for which records are gathered: many stores have no appending, so that TensorBoard's file systems write all anew."""


class RemoteSink(QueuedSink):
    """Appends events to a file of its own in a directory that is reached by a URL, by a thread, some at a time.

    They are gathered for at most 10 s or 1 MB. Up to 64 MB wait for a network that is slow or away; what comes then is
    lost, and counted. It is TensorFlow's file system where TensorFlow is loaded and knows the scheme, else TensorBoard's.

    Args:
        logdir: A URL, such as `gs://bucket/run`.

    Raises:
        ValueError: Nobody here knows the scheme.
        OSError: No event file can be made there.
    """

    def __init__(self, logdir: str) -> None:
        super().__init__()
        self.logdir = logdir
        self._files = _file_system(logdir)
        queue = self._begin()
        queue.put(b"")  # nothing, so that the file is made now, and it shows whether it can be
        self._flush()
        if (error := queue.error) is not None:
            self.close()
            raise OSError(f"cannot write event files in {logdir} ({error}); pass a logdir that can be written, or make this one so") from error

    def _put(self, event: bytes) -> None:
        queue = self._thread()
        if queue is None:  # a forked child: it writes to a file of its own
            queue = self._begin()
            self.opened += 1
        queue.put(framed(event))

    def _begin(self) -> Background:
        self._file: Any = None
        return self._started(Background(self._write, self._warn, gather=GATHER))

    def _write(self, batch: Sequence[bytes]) -> None:
        file, data = self._file, b"".join(batch)
        if file is None:
            file, data = _created(self._files, self.logdir), framed(first_event()) + data
        self._file = None  # a write that fails may leave half of itself, which hides what follows: that goes to the next file
        file.write(data)
        file.flush()
        self._file = file


def _file_system(url: str) -> Any:
    scheme = url.partition("://")[0]
    tensorflow = sys.modules.get("tensorflow")  # loading it here would cost its user seconds
    if tensorflow is not None and scheme in tensorflow.io.gfile.get_registered_schemes():
        return tensorflow.io.gfile
    try:
        gfile.get_filesystem(url)
    except (ValueError, ImportError) as error:
        raise ValueError(
            f"logdir={url!r:.200}: no file system is known for {scheme}:// ({error}). Install fsspec with its package for "
            "that store, import tensorflow before if it knows the scheme, or pass a directory of this machine"
        ) from error
    return gfile


def _created(files: Any, directory: str) -> Any:
    files.makedirs(directory)
    names = files.listdir(directory) if files.isdir(directory) else []  # a store may have no directory without a file
    return files.GFile(f"{directory.rstrip('/')}/{new_name(names)}", "wb")
