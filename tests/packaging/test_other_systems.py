"""What can be told here of Windows and macOS: nothing that only one system has is used without asking, and where it is absent all works."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.packaging.fixtures import ROOT

PARTS = ("layerscope", "tb_plugin", "writers")
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {
    "os": {
        *("chown", "fchmod", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg", "getpgid", "getuid", "initgroups", "kill", "killpg", "mkfifo"),
        *("nice", "pread", "pwrite", "register_at_fork", "sched_getaffinity", "setsid", "statvfs", "sync", "sysconf", "uname", "wait", "waitid", "waitpid"),
    },
    "signal": {"SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGALRM", "alarm", "pthread_sigmask", "setitimer"},
    "socket": {"AF_UNIX"},
}

GUARDED = {
    ("writers/processes.py", "os.kill"): "not on Windows, where it ends the process",
    ("writers/processes.py", "os.sysconf"): "only where /proc is",
    ("layerscope/doctor/servers.py", "os.kill"): "only on POSIX",
}


def sources() -> Iterator[tuple[str, ast.AST]]:
    for part in PARTS:
        for path in sorted((ROOT / part).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                yield path.relative_to(ROOT).as_posix(), node


def test_what_windows_does_not_have_is_used_only_where_it_is_guarded() -> None:
    found = set()
    for path, node in sources():
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in POSIX_NAMES.get(node.value.id, ()):
            found.add((path, f"{node.value.id}.{node.attr}"))
        if isinstance(node, ast.Import):
            found |= {(path, alias.name) for alias in node.names if alias.name in POSIX_MODULES}
        if isinstance(node, ast.ImportFrom) and node.module in POSIX_MODULES:
            found.add((path, node.module))

    assert found <= set(GUARDED)


def test_text_is_read_and_written_in_an_encoding_that_is_named() -> None:
    """The one that is not differs: on Windows it is that of the country."""

    def is_text(call: ast.Call) -> bool:
        modes = [a.value for a in [*call.args[1:2], *(k.value for k in call.keywords if k.arg == "mode")] if isinstance(a, ast.Constant)]
        return not any("b" in str(mode) for mode in modes)

    def opens(node: ast.AST) -> bool:
        if not isinstance(node, ast.Call):
            return False
        is_open = isinstance(node.func, ast.Name) and node.func.id == "open" and is_text(node)
        return is_open or (isinstance(node.func, ast.Attribute) and node.func.attr in {"read_text", "write_text"})

    unnamed = [path for path, node in sources() if opens(node) and isinstance(node, ast.Call) and "encoding" not in {k.arg for k in node.keywords}]
    assert unnamed == []


ABSENT = """
import importlib.metadata, os, socket, subprocess, sys, tempfile, time, urllib.request
import google_crc32c, numpy, safetensors.numpy, tensorboard.manager
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
for name in ("fork", "forkpty", "register_at_fork", "sysconf", "getuid", "geteuid", "statvfs", "sched_getaffinity"):
    delattr(os, name)
for name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[name] = None
def no_proc(call):
    def refusing(path=".", *rest, **more):
        if str(path).startswith("/proc"):
            raise FileNotFoundError(path)
        return call(path, *rest, **more)
    return refusing
os.listdir, os.stat, os.readlink, there = no_proc(os.listdir), no_proc(os.stat), no_proc(os.readlink), os.path.exists
os.path.exists = lambda path: not str(path).startswith("/proc") and there(path)
"""

WRITES = """
os.O_BINARY, opened, really_open = 0x8000, [], os.open
def open_(path, flags, *rest):
    opened.append(flags)
    return really_open(path, flags, *rest)
os.open = open_
from layerscope import RunWriter, confusion_matrix
from tb_plugin.open import open_logdir
from tb_plugin.store import Caller
from writers.live import live_event_files
with RunWriter(sys.argv[1]) as run:
    run.write("loss", 0.5, 1)
    run.write("validation/confusion_matrix", confusion_matrix.from_predictions([0, 1], [0, 1], labels=["a", "b"]), 1)
    assert len(live_event_files(sys.argv[1])) == 1
assert live_event_files(sys.argv[1]) == []
assert opened and all(flags & os.O_BINARY for flags in opened), "newlines in records would become two bytes"
print(*sorted(series.tag for series in open_logdir(sys.argv[1]).listing(Caller.local())))
"""

WINDOWS = """
sys.platform = "win32"
def kill(*_):
    raise AssertionError("os.kill ends the process on Windows, whatever the signal")
os.kill = kill
"""


def tried(program: str, folder: Path) -> list[str]:
    done = subprocess.run([sys.executable, "-c", program, str(folder)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_a_run_is_written_and_read_where_what_windows_lacks_is_absent(tmp_path: Path) -> None:
    classes, *others = tried(ABSENT + WINDOWS + WRITES, tmp_path)

    assert classes.startswith("classes/")
    assert others == ["loss", "validation/confusion_matrix"]


def test_a_run_is_written_and_read_without_proc_as_on_macos(tmp_path: Path) -> None:
    assert len(tried(ABSENT + WRITES, tmp_path)) == 3


def test_whether_another_process_lives_is_not_told_on_windows(tmp_path: Path) -> None:
    asks = "from writers.processes import has_lived_since; print(has_lived_since(1, time.time()))"

    assert tried(ABSENT + WINDOWS + asks, tmp_path) == ["None"]
