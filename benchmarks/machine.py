"""What a table was measured on, in words."""

from __future__ import annotations

import os
import platform
import re
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path

_PACKAGES = ("tensorboard", "tensorflow", "keras", "torch", "torchmetrics", "scikit-learn", "numpy")


def machine() -> str:
    """Cores, memory, system and versions; of the processor says each table its own, since tables are taken one by one."""
    packages = ", ".join(f"{name} {metadata.version(name)}" for name in _PACKAGES)
    return f"{os.cpu_count()} cores, {_memory()} of memory, {platform.system()} {platform.release()}, Python {platform.python_version()}, {packages}."


def busy() -> str:
    """When it is, and how many processes of others and of ours wanted a core in the last minute: that is in every figure."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return f"{datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC, load {load}"


def processor() -> str:
    """Its name."""
    told = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", told.read_text()) if told.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> str:
    if not hasattr(os, "sysconf"):
        return "unknown size"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
