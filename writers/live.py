"""Which event files of a directory somebody is still writing to."""

from __future__ import annotations

import os
import socket
import time

from writers.event_file import FileName, here, read_name
from writers.processes import has_lived_since

_ASSUMED_LIVE = 60.0
"""Seconds for which a file of unknown origin counts as live after it last grew."""


def live_event_files(directory: str | os.PathLike[str]) -> list[str]:
    """Paths of the event files in `directory` that are live, by name.

    Live is a file that is open in this process; or was written by a living process of this host that began before the
    file's time (host, pid and time stand in its name); or one of unknown origin that grew in the last 60 s. What
    another library wrote in this process counts as live although it may be closed: that cannot be seen from outside.
    """
    try:
        names = sorted(os.listdir(directory))
    except (FileNotFoundError, NotADirectoryError):
        return []
    found = [(os.path.join(directory, name), read_name(name)) for name in names]
    return [path for path, said in found if said is not None and _is_live(path, said)]


def _is_live(path: str, said: FileName) -> bool:
    is_open = here(path)
    if is_open is not None:
        return is_open
    if said.pid is not None and said.host == socket.gethostname():
        living = has_lived_since(said.pid, said.time)
        if living is not None:
            return living
    try:
        return time.time() - os.stat(path).st_mtime < _ASSUMED_LIVE
    except FileNotFoundError:
        return False
