"""`make demo`: real trainings, watched in TensorBoard while they run.

TensorBoard and the trainings are children of this process; Ctrl-C, or anything else that ends it, ends them all.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import tempfile
from pathlib import Path
from types import FrameType

from scripts.processes import child, free_port, tail, tensorboard

TRAININGS = ("digits", "digits-sick", "digits-traits", "diabetes", "digits-100")
MARK = ".layerscope-demo"
"""A file that says that a log folder is a demo's, and may be emptied by the next one."""


def main() -> int:
    """Runs the demo until Ctrl-C; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=6006, help="the first port to try")
    parser.add_argument("--logdir", type=Path, default=Path("logs/demo"))
    arguments = parser.parse_args()
    logdir = fresh(arguments.logdir.absolute())
    # SIGINT too: a shell starts what is in its background with SIGINT ignored.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    try:
        serve(logdir, free_port(arguments.port))
    except KeyboardInterrupt:
        print(f"\nended; the logs stay in {logdir}")
    return 0


def serve(logdir: Path, port: int) -> None:
    """Starts TensorBoard, trains, and serves until interrupted.

    Raises:
        SystemExit: TensorBoard did not start, or ended; its own words are in the message.
    """
    print(f"starting TensorBoard on {logdir}", flush=True)
    with tensorboard(logdir, "--reload_interval=2", port=port) as server, tempfile.NamedTemporaryFile("w") as errors:
        link = f"{server.url}/#layerscope"
        print(f"\n  {link}\n\nFive networks are training; `digits` is slowed down to about 90 s, so that you can watch it.", flush=True)
        trainer = ("-m", "scripts.demo_trainings", str(logdir))
        # Two at a time: one to watch, the others beside it.
        with child(*trainer, TRAININGS[0], errors=errors.file) as watched, child(*trainer, *TRAININGS[1:], errors=errors.file) as beside:
            statuses = [watched.wait(), beside.wait()]
        if any(statuses):
            print(f"a training failed:\n{tail(Path(errors.name))}", flush=True)
        print(f"\n{link} stays up until Ctrl-C", flush=True)
        server.process.wait()
        raise SystemExit(f"TensorBoard ended by itself:\n{server.said()}")


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


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
