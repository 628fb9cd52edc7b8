"""TensorBoard's start with the plugin and without it: from the command to the first answer."""

from __future__ import annotations

import json
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.rounds import side_by_side
from benchmarks.row import Goal, Row
from benchmarks.without import PLUGIN, TENSORFLOW
from scripts.processes import child, free_port, tail

_PATIENCE = 120.0


def rows(rounds: int = 6) -> list[Row]:
    """Beside a TensorBoard that has TensorFlow, and beside one that has not, which starts much faster."""
    found = []
    for name, hidden in (("with TensorFlow", ()), ("without TensorFlow", (TENSORFLOW,))):
        with tempfile.TemporaryDirectory() as logdir:
            ways = {"ours": lambda h=hidden, at=logdir: _start(Path(at), h), "theirs": lambda h=hidden, at=logdir: _start(Path(at), (*h, PLUGIN))}
            took = side_by_side(ways, rounds)
        found.append(Row(f"start of TensorBoard, {name}", took["ours"], took["theirs"], against="the same without the plugin", goal=Goal(1.02)))
    return found


def _start(logdir: Path, hidden: tuple[str, ...]) -> float:
    """Seconds from the start of the process until it lists its plugins, which makes every one of them."""
    port = free_port(21_000)
    command = ("-m", "benchmarks.without", ",".join(hidden) or ",", "--logdir", str(logdir), "--port", str(port), "--host", "localhost")
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log.txt")
        with log.open("w") as output:
            begin = time.perf_counter()
            with child(*command, output=output, errors=output) as process:
                while (listing := _listing(port)) is None:
                    if process.poll() is not None or time.perf_counter() - begin > _PATIENCE:
                        raise RuntimeError(f"TensorBoard did not start:\n{tail(log)}")
                    time.sleep(0.005)
                taken = time.perf_counter() - begin
    if (PLUGIN in listing) == (PLUGIN in hidden):
        raise RuntimeError(f"with {hidden} hidden it lists {sorted(listing)}")
    return taken


def _listing(port: int) -> dict[str, object] | None:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/data/plugins_listing", timeout=30) as response:
            listing: dict[str, object] = json.load(response)
            return listing
    except (urllib.error.URLError, ConnectionError):
        return None
