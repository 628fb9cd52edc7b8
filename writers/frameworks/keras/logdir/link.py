"""Where a training can be watched: the address of a TensorBoard that shows it already, or the command that starts one."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from typing import Any

from tensorboard import manager

from writers.event_file import read_name
from writers.frameworks.keras.logdir.runs import NAME
from writers.processes import has_lived_since


def link(logdir: str) -> str:
    """What is printed once.

    Args:
        logdir: The training's folder, as the user gave it: a relative path is printed as one.
    """
    running = _running(os.path.realpath(logdir))
    if running is not None:
        return f"Layerscope: http://localhost:{running.port}{running.path_prefix.rstrip('/')}/#layerscope"
    folder = folder_to_open(logdir)
    quoted = subprocess.list2cmdline([folder]) if sys.platform == "win32" else shlex.quote(folder)
    return f"Layerscope: tensorboard --logdir {quoted}"


def folder_to_open(logdir: str) -> str:
    """The folder that shows a training best: its parent where that is a folder of trainings, for what they are is compared.

    It is one when the path is relative and goes through it ("logs/run-1"), or when another training is in it already;
    but never the root, the home, the folder for temporary files, or one that the user did not name ("..").
    """
    path = os.path.normpath(logdir)
    parent = os.path.dirname(path)
    whole = os.path.realpath(parent)
    if not parent or os.path.basename(parent) == os.pardir or whole in _TOO_MUCH or whole == os.path.dirname(whole):
        return path
    return parent if not os.path.isabs(path) or _has_another(parent, os.path.basename(path)) else path


_TOO_MUCH = {os.path.realpath(path) for path in (tempfile.gettempdir(), "/tmp", os.path.expanduser("~"))}


def _has_another(parent: str, name: str) -> bool:
    try:
        with os.scandir(parent) as entries:
            return any(entry.name != name and _is_training(entry.path) for entry in entries if entry.is_dir())
    except OSError:
        return False


def _is_training(path: str) -> bool:
    for run in (NAME, "train", "."):
        try:
            if any(read_name(name) is not None for name in os.listdir(os.path.join(path, run))):
                return True
        except OSError:
            continue
    return False


def _running(folder: str) -> Any:
    """The running TensorBoard whose logdir is nearest to `folder`; of several, the youngest. None if none shows it."""
    living = [info for info in manager.get_all() if has_lived_since(info.pid, info.start_time)]
    showing = [(logdir, info.start_time, info) for info in living if (logdir := _logdir(info)) is not None and _is_in(folder, logdir)]
    return max(showing, key=lambda found: (len(found[0]), found[1]))[2] if showing else None


def _logdir(info: Any) -> str | None:
    """What a TensorBoard shows; None where it is relative to a folder that nobody tells."""
    given = os.path.expanduser(info.logdir)
    if not given or os.path.isabs(given):
        return os.path.realpath(given) if given else None
    if not sys.platform.startswith("linux"):
        return None
    try:
        return os.path.realpath(os.path.join(os.readlink(f"/proc/{info.pid}/cwd"), given))
    except OSError:  # somebody else's
        return None


def _is_in(folder: str, ancestor: str) -> bool:
    try:
        return os.path.normcase(os.path.commonpath([folder, ancestor])) == os.path.normcase(ancestor)
    except ValueError:  # on another drive
        return False
