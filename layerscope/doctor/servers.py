"""TensorBoards that run on this machine, and whether they have the tab."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from typing import Any

from tensorboard import manager

from layerscope.doctor.environment import installed_at
from layerscope.doctor.report import Section, Trouble

_SECONDS = 2.0


def examine(logdir: str | None) -> Section:
    """The running TensorBoards that told TensorBoard's own list of them."""
    return section_of([info for info in manager.get_all() if _lives(info.pid)], installed_at(), has_tab, logdir)


def section_of(infos: Sequence[Any], installed: float | None, has_tab: Callable[[str], bool | None], logdir: str | None = None) -> Section:
    """What to say of running TensorBoards.

    What is wrong with one that shows other logs is noted, and is no problem of these: it may be somebody else's.

    Args:
        infos: Of each, what `tensorboard.manager` tells.
        installed: When Layerscope was installed, in seconds since 1970.
        has_tab: Whether the TensorBoard at an address has the tab; None when it does not answer.
        logdir: The logs asked about; None: all.
    """
    section = Section("Running TensorBoards")
    for info in infos:
        address = f"http://localhost:{info.port}{info.path_prefix}"
        started = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(info.start_time))
        section.lines.append(f"{address}/#layerscope (version {info.version}, started {started}, process {info.pid}, logdir {info.logdir or info.db})")
        trouble = _trouble(info, address, has_tab(address), installed)
        if trouble is None:
            continue
        if logdir is None or _may_show(info.logdir, logdir):
            section.problems.append(trouble)
        else:
            section.lines.append(f"  it shows other logs; besides, {trouble.error}")
    if not infos:
        section.lines.append("none")
    return section


def _trouble(info: Any, address: str, tab: bool | None, installed: float | None) -> Trouble | None:
    is_older = installed is not None and info.start_time < installed
    restart = f"Stop it (process {info.pid}) and start it again."
    if tab is False and is_older:
        return Trouble(f"the TensorBoard at {address} was started before Layerscope was installed", restart)
    if tab is False:
        fix = f"It runs in an environment without Layerscope. {restart[:-1]} from this one: python -m tensorboard.main --logdir …"
        return Trouble(f"the TensorBoard at {address} does not have the tab", fix)
    if tab and is_older:
        return Trouble(f"the TensorBoard at {address} runs an older Layerscope than is installed now", restart)
    return None


def _may_show(shown: str, logdir: str) -> bool:
    """Whether a TensorBoard's logdir holds a folder or lies in it. A relative one may: nobody tells what it is relative to."""
    if not os.path.isabs(shown):
        return True
    theirs, ours = os.path.realpath(shown), os.path.realpath(logdir)
    try:
        return os.path.commonpath([theirs, ours]) in (theirs, ours)
    except ValueError:  # on another drive
        return False


def has_tab(address: str) -> bool | None:
    """Asks a TensorBoard for its plugins; None when it does not answer as one does."""
    try:
        with urllib.request.urlopen(f"{address}/data/plugins_listing", timeout=_SECONDS) as answer:
            return "layerscope" in json.load(answer)
    except (urllib.error.URLError, OSError, ValueError, TypeError):
        return None


def _lives(pid: int) -> bool:
    if os.name != "posix":  # elsewhere signal 0 would end the process
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
