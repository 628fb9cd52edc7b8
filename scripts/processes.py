"""TensorBoard and trainings as child processes that end when their block ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]

# None is what Python itself takes for "cannot be imported".
_WITHOUT_TENSORFLOW = "import sys; sys.modules['tensorflow'] = None; from tensorboard.main import run_main; run_main()"


@dataclass(frozen=True)
class Server:
    """A TensorBoard that answers at `url`, which ends without a slash."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    def said(self) -> str:
        """The end of what it said."""
        return tail(self.log)


@contextmanager
def tensorboard(logdir: Path, *flags: str, port: int = 0, patience: float = 120.0, has_tensorflow: bool = True) -> Iterator[Server]:
    """A TensorBoard of this environment.

    Args:
        logdir: What it shows.
        flags: More of its command line.
        port: Where it listens, on localhost; 0: where there is room.
        patience: Seconds to wait for it.
        has_tensorflow: Whether TensorFlow is there for it, or as if it were not installed.

    Raises:
        SystemExit: It did not start; its own words are in the message.
    """
    program = ["-m", "tensorboard.main"] if has_tensorflow else ["-c", _WITHOUT_TENSORFLOW]
    command = [*program, "--logdir", str(logdir), "--port", str(port), "--host", "localhost", *flags]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.txt")
        with log.open("w") as output, child(*command, output=output, errors=output) as process:
            begin = time.monotonic()
            # It says where it is once it listens.
            while (found := re.search(r"TensorBoard \S+ at (http\S+?)/? ", log.read_text(errors="replace"))) is None:
                if process.poll() is not None or time.monotonic() - begin > patience:
                    raise SystemExit(f"TensorBoard did not start:\n{tail(log)}")
                time.sleep(0.1)
            yield Server(process, found[1], log)


def free_port(first: int) -> int:
    """The first port from `first` on that nobody listens on.

    Raises:
        SystemExit: A hundred in a row are taken.
    """
    for port in range(first, min(first + 100, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("localhost", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"no free port from {first} on; choose another: make demo PORT=…")


@contextmanager
def child(*arguments: str, output: IO[str] | None = None, errors: IO[str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process in a session of its own, so that its end is ours to bring about: it and its children end with the block."""
    # The console is for accuracies and links, not for TensorFlow's remarks on processors; these networks are too small for a GPU.
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "KERAS_BACKEND": "tensorflow", "CUDA_VISIBLE_DEVICES": "-1"}
    with uninterrupted() as before:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            stdout=output,
            stderr=errors,
            preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_SETMASK, before),
        )
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            yield process
        finally:
            with uninterrupted():
                end(process)


@contextmanager
def uninterrupted() -> Iterator[set[signal.Signals]]:
    """Interrupts wait until the block ends: one that came between a child's start and the `try` would leave the child behind.

    Yields:
        The signals that were held back before.
    """
    before = {signal.Signals(held) for held in signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})}
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end(process: subprocess.Popen[bytes], patience: float = 5.0) -> None:
    """Ends a child and its children: politely, then not."""
    for signal_number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_number)
            process.wait(patience)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def tail(log: Path) -> str:
    """The last lines of a file."""
    return "".join(log.read_text(errors="replace").splitlines(keepends=True)[-20:])
