"""`make faults`: strikes writing runs a hundred times with each fault, counts what is readable, and puts the table into docs/faults.md."""

from __future__ import annotations

import argparse
import platform
import subprocess
import tempfile
import time
from pathlib import Path

from scripts.processes import ROOT
from scripts.tables import put, table
from tests.faults.faults import FAULTS, strike

PAGE = ROOT / "docs" / "faults.md"
_PATIENCE = 600.0
_HEADER = ("fault", "by", "rounds", "records kept", "of them readable", "lost, counted and told", "raised into training", "s")


def main() -> int:
    """Strikes, prints, writes; 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    rounds: int = parser.parse_args().rounds
    rows, failed = [], []
    for name in FAULTS:
        begin = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                outcome = strike(name, Path(folder), rounds, _PATIENCE)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                failed.append(f"{name}: {error}")
                continue
        if not outcome.holds:
            failed.append(f"{name}: {outcome}")
        told = f"{outcome.dropped:,}" if outcome.told else f"{outcome.dropped:,} (not as expected)"
        seconds = f"{time.monotonic() - begin:.1f}"
        rows.append((name, outcome.how, outcome.rounds, f"{outcome.kept:,}", f"{outcome.readable:,}", told, len(outcome.raised), seconds))
        print(*rows[-1], sep="  ", flush=True)
    print("\n".join(failed) or "all hold")
    if not failed:
        machine = f"{platform.system()}, Python {platform.python_version()}; `make faults`, {rounds} rounds."
        put(PAGE, "faults", f"{table(_HEADER, rows)}\n\n{machine}")
    return bool(failed)


if __name__ == "__main__":
    raise SystemExit(main())
