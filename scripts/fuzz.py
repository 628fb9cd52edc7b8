"""`make fuzz`: minutes of each fuzz target, by Hypothesis and, where it is installed, by atheris, which sees what code each input reaches.

The counts go into docs/faults.md; what fails is kept below build/fuzz/, to become a test.
"""

from __future__ import annotations

import argparse
import importlib.util
import platform
import re
import subprocess
import sys
import time
import types
import zlib
from collections.abc import Callable
from pathlib import Path

from scripts.processes import ROOT
from scripts.tables import put, table

PAGE = ROOT / "docs" / "faults.md"
FOUND = ROOT / "build" / "fuzz"
_HEADER = ("target", "by", "inputs", "seconds", "failures")
_ENGINES = ("hypothesis", "atheris")


def main() -> int:
    """Fuzzes, prints, writes; 1 where something failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5, help="in all, shared by targets and engines")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "TARGET", "SECONDS"), help="fuzz one target in this process")
    arguments = parser.parse_args()
    if arguments.one:
        # TensorBoard's own switch: its loader without TensorFlow, which would take the time and the memory.
        sys.modules["tensorboard.compat.notf"] = types.ModuleType("notf")
        engine, name, seconds = arguments.one
        return {"hypothesis": _hypothesis, "atheris": _atheris}[engine](name, float(seconds))
    from tests.fuzz.targets import TARGETS

    engines = [engine for engine in _ENGINES if importlib.util.find_spec(engine) is not None]
    share = 60 * arguments.minutes / len(TARGETS) / len(engines)
    rows, failures = [], 0
    for name in TARGETS:
        for engine in engines:
            row = _run(engine, name, share)
            failures += int(row[-1])
            rows.append(row)
            print(*row, sep="  ", flush=True)
    without = "" if "atheris" in engines else " Without atheris, which was not installed."
    machine = f"{platform.system()}, Python {platform.python_version()}; `make fuzz`, {arguments.minutes:g} minutes in all.{without}"
    put(PAGE, "fuzz", f"{table(_HEADER, rows)}\n\n{machine}")
    return int(failures > 0)


def _run(engine: str, name: str, seconds: float) -> tuple[str, str, str, str, int]:
    command = [sys.executable, "-m", "scripts.fuzz", "--one", engine, name, f"{seconds:.0f}"]
    begin = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=10 * seconds + 120, check=False)
    output = done.stdout + done.stderr
    counts = re.findall(r"(?:^Done |^inputs: )(\d+)", output, re.MULTILINE)
    failed = done.returncode != 0 or not counts
    if failed:
        FOUND.mkdir(parents=True, exist_ok=True)
        log = FOUND / f"{engine}-{name.replace(' ', '-')}.log"
        log.write_text(output[-100_000:], encoding="utf-8")
        print(f"failed: {log.relative_to(ROOT)}", flush=True)
    return name, engine, f"{int(counts[-1]):,}" if counts else "?", f"{time.monotonic() - begin:.0f}", int(failed)


def _hypothesis(name: str, seconds: float) -> int:
    """Rounds of new examples until the time is up; a failure raises, shrunk."""
    from hypothesis import HealthCheck, Phase, given, settings

    from tests.fuzz.strategies import STRATEGIES
    from tests.fuzz.targets import TARGETS

    count = 0

    @settings(max_examples=500, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink])
    @given(STRATEGIES[name])
    def one(data: bytes) -> None:
        nonlocal count
        count += 1
        TARGETS[name](data)

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        one()
    print(f"inputs: {count}")
    return 0


def _atheris(name: str, seconds: float) -> int:
    """libFuzzer over the instrumented reader, from the golden records on."""
    import tempfile

    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["tb_plugin", "writers"]):
        from tests.fuzz.targets import TARGETS, good_event, good_file, seeds

    corpus: dict[str, tuple[bytes, ...]] = {
        "record": seeds(),
        "container": tuple(zlib.decompress(data) for data in seeds()),
        "event": (good_event(),),
        "event file": (good_file(),),
        "query": (b"\1run=confusion_matrix&tag=validation/confusion_matrix&steps=0..5&max=3", b"\2training=structure&steps=..4"),
        "Keras model": (b'{"class_name": "Sequential", "config": {"name": "m", "layers": [{"class_name": "Dense", "config": {"units": 3}}]}}',),
        "name": (b"train\nlayerscope\nversion_10",),
    }
    target: Callable[[bytes], None] = TARGETS[name]
    with tempfile.TemporaryDirectory() as folder:
        for i, data in enumerate(corpus[name]):
            (Path(folder) / str(i)).write_bytes(data)
        FOUND.mkdir(parents=True, exist_ok=True)
        options = [f"-max_total_time={seconds:.0f}", "-max_len=20000", "-rss_limit_mb=1500", "-timeout=60", f"-artifact_prefix={FOUND}/"]
        atheris.Setup([sys.argv[0], *options, folder], target)
        atheris.Fuzz()  # ends the process itself
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
