"""The machine that a table was measured on, in words."""

from __future__ import annotations

import os
import platform
import re
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path

_PACKAGES = ("tensorboard", "tensorflow", "keras", "numpy")


def machine() -> str:
    """Processor, memory, system and versions; and how busy it was, since that is in every figure."""
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    date = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    return (
        f"{os.cpu_count()} cores ({_processor()}), {_memory()} of memory, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, {packages}; {date}. Processes that wanted a core when the run began: {load:.1f}."
    )


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", told.read_text()) if told.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> str:
    if not hasattr(os, "sysconf"):
        return "unknown size"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
