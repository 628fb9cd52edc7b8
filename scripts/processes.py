"""TensorBoard and trainings as child processes that end when their block ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def tensorboard(logdir: Path, port: int, log: IO[str], *flags: str) -> Iterator[subprocess.Popen[bytes]]:
    """A TensorBoard that answers.

    Args:
        logdir: What it shows.
        port: Where it listens, on localhost.
        log: What it says goes here.
        flags: More of its command line.

    Raises:
        SystemExit: It did not start; its own words are in the message.
    """
    command = ["-m", "tensorboard.main", "--logdir", str(logdir), "--port", str(port), "--host", "localhost", *flags]
    with child(*command, output=log) as server:
        prefix = next((flag.partition("=")[2] for flag in flags if flag.startswith("--path_prefix=")), "")
        wait_until_served(server, f"http://localhost:{port}{prefix}/", log)
        yield server


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
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment, start_new_session=True, stdout=output, stderr=errors or output)
    try:
        yield process
    finally:
        end(process)


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


def wait_until_served(server: subprocess.Popen[bytes], url: str, log: IO[str], patience: float = 120.0) -> None:
    """Returns when TensorBoard answers.

    Raises:
        SystemExit: It ended instead, or said nothing for too long.
    """
    begin = time.monotonic()
    while server.poll() is None and time.monotonic() - begin < patience:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise SystemExit(f"TensorBoard did not start:\n{tail(log)}")


def tail(log: IO[str]) -> str:
    log.seek(0)
    return "".join(log.readlines()[-20:])
