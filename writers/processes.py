"""Whether a process of this host is living, and has been since a given time."""

from __future__ import annotations

import os
import sys
import time

_SLACK = 2.0
"""Seconds: event files carry whole seconds in their names, and the kernel counts from its boot in ticks."""


def has_lived_since(pid: int, since: float) -> bool | None:
    """Whether the process `pid` is alive and began before `since` (seconds since 1970); None when that cannot be told.

    The start matters because process numbers are used again: in a container, each run may well have the same one.
    """
    if os.path.exists("/proc/self/stat"):
        began = _began(pid)
        return began is not None and began <= since + _SLACK
    if sys.platform == "win32":
        return None  # there, os.kill ends the process whatever the signal
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # it is somebody else's, and exists
    return True


def _began(pid: int) -> float | None:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat, open("/proc/uptime", encoding="ascii") as uptime:
            state, *rest = stat.read().rpartition(")")[2].split()  # the command before it may hold anything, brackets too
            ticks, up = int(rest[18]), float(uptime.read().split()[0])
    except OSError:
        return None
    if state in "ZX":
        return None  # dead, and not yet collected
    return time.time() - up + ticks / os.sysconf("SC_CLK_TCK")
