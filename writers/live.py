"""Which event files of a directory somebody is still writing to."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Mapping

from writers.event_file import FileName, here, read_name
from writers.processes import has_lived_since

_ASSUMED_LIVE = 60.0
"""Seconds for which a file of unknown origin counts as live after it last grew."""


def live_event_files(directory: str | os.PathLike[str], *, earlier: Mapping[str, int] | None = None) -> list[str]:
    """Paths of the event files in `directory` that are live, by name.

    Live is a file that is open in this process; or was written by a living process of this host that began before the
    file's time (host, pid and time stand in its name); or one of unknown origin that grew in the last 60 s. Where it
    cannot be seen whether this process has closed what another library wrote (no Linux, or no TensorFlow, without which
    TensorBoard's writer opens its file for each write), it counts as live unless `earlier` tells that it does not grow.

    Args:
        directory: A run's.
        earlier: `sizes` of the directory at an earlier time.
    """
    return [path for path, said in _event_files(directory) if _is_live(path, said, (earlier or {}).get(path))]


def sizes(directory: str | os.PathLike[str]) -> dict[str, int]:
    """Bytes of each event file in `directory`, by path."""
    found = ((path, _size(path)) for path, _ in _event_files(directory))
    return {path: size for path, size in found if size is not None}


def _event_files(directory: str | os.PathLike[str]) -> list[tuple[str, FileName]]:
    try:
        names = sorted(os.listdir(directory))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [(os.path.join(directory, name), said) for name in names if (said := read_name(name)) is not None]


def _is_live(path: str, said: FileName, earlier: int | None) -> bool:
    is_open = here(path)
    if is_open is not None:
        return is_open
    if said.pid is not None and said.host == socket.gethostname():
        living = has_lived_since(said.pid, said.time)
        if living and said.pid == os.getpid():
            is_held = _is_held(path)
            return is_held if is_held is not None else earlier is None or _size(path) != earlier
        if living is not None:
            return living
    try:
        return time.time() - os.stat(path).st_mtime < _ASSUMED_LIVE
    except FileNotFoundError:
        return False


def _is_held(path: str) -> bool | None:
    """Whether this process holds a file open that another library made; None when that cannot be told."""
    if "tensorflow" not in sys.modules:
        return None
    try:
        wanted, descriptors = os.stat(path), os.listdir("/proc/self/fd")
    except OSError:
        return None
    return any(_is_on(descriptor, wanted) for descriptor in descriptors)


def _is_on(descriptor: str, file: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.stat(f"/proc/self/fd/{descriptor}"), file)
    except OSError:  # closed since they were listed
        return False


def _size(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except FileNotFoundError:
        return None
