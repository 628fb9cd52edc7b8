"""`make demo`: three real trainings, watched in TensorBoard while they run.

TensorBoard and the trainings are children of this process; Ctrl-C, or anything else that ends it, ends them all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
TRAININGS = ("digits", "digits-sick", "digits-100")
MARK = ".layerscope-demo"
"""A file that says that a log folder is a demo's, and may be emptied by the next one."""


def main() -> int:
    """Runs the demo until Ctrl-C; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=6006, help="the first port to try")
    parser.add_argument("--logdir", type=Path, default=Path("logs/demo"))
    arguments = parser.parse_args()
    logdir = fresh(arguments.logdir)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        with tempfile.TemporaryFile("w+") as log:
            serve(logdir, free_port(arguments.port), log)
    except KeyboardInterrupt:
        print(f"\nended; the logs stay in {logdir}")
    return 0


def serve(logdir: Path, port: int, log: IO[str]) -> None:
    """Starts TensorBoard, trains, and serves until interrupted.

    Raises:
        SystemExit: TensorBoard did not start; its own words are in the message.
    """
    link = f"http://localhost:{port}/#layerscope"
    print(f"starting TensorBoard on {logdir}", flush=True)
    tensorboard = ["tensorboard.main", "--logdir", str(logdir), "--port", str(port), "--reload_interval", "2"]
    with child("-m", *tensorboard, output=log) as server:
        wait_until_served(server, port, log)
        print(f"\n  {link}\n\nThree networks are training; `digits` is slowed down to about 90 s, so that you can watch it.", flush=True)
        trainer = str(ROOT / "scripts" / "demo_trainings.py")
        # Two at a time: one to watch, the others beside it.
        with child(trainer, str(logdir), TRAININGS[0]) as watched, child(trainer, str(logdir), *TRAININGS[1:]) as beside:
            statuses = [watched.wait(), beside.wait()]
        if any(statuses):
            print("a training failed; what it said stands above", flush=True)
        print(f"\ntrained; {link} stays up until Ctrl-C", flush=True)
        server.wait()
        raise SystemExit(f"TensorBoard ended by itself:\n{_tail(log)}")


def fresh(logdir: Path) -> Path:
    """The folder to log in, without the trainings of an earlier demo.

    Raises:
        SystemExit: It holds trainings with these names that no demo wrote.
    """
    mark, folders = logdir / MARK, [logdir / name for name in TRAININGS]
    if not mark.exists() and any(folder.exists() for folder in folders):
        raise SystemExit(f"{logdir} holds logs that are not a demo's; choose another folder: make demo LOGDIR=…")
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    logdir.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return logdir


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
def child(*arguments: str, output: IO[str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process in a session of its own, so that its end is ours to bring about: it and its children end with the block."""
    # The console is for accuracies and links, not for TensorFlow's remarks on the processor.
    environment = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "KERAS_BACKEND": "tensorflow"}
    process = subprocess.Popen([sys.executable, *arguments], env=environment, start_new_session=True, stdout=output, stderr=output)
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


def wait_until_served(server: subprocess.Popen[bytes], port: int, log: IO[str], patience: float = 120.0) -> None:
    """Returns when TensorBoard answers.

    Raises:
        SystemExit: It ended instead, or said nothing for too long.
    """
    begin = time.monotonic()
    while server.poll() is None and time.monotonic() - begin < patience:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise SystemExit(f"TensorBoard did not start:\n{_tail(log)}")


def _tail(log: IO[str]) -> str:
    log.seek(0)
    return "".join(log.readlines()[-20:])


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
