"""`make bench`: runs all benchmarks, or those named, prints their rows, and puts the table of each into docs/benchmarks.md, some rows into the README."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from benchmarks import event_file, first_picture, fit, matrix, memory, server, start_up
from benchmarks.machine import busy, machine
from benchmarks.row import HEADER, Row
from scripts.figures import figures
from scripts.processes import ROOT
from scripts.tables import put, table

PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> None:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit-seconds", type=float, default=12.0, help="about how long a training of the fit benchmark takes; 60 for the page")
    benchmarks: dict[str, Callable[[float], Sequence[Row]]] = {
        "event_file": lambda _: event_file.rows(),
        "server": lambda _: server.rows(),
        "start_up": lambda _: start_up.rows(),
        "first_picture": lambda _: first_picture.rows(),
        "matrix": lambda _: matrix.rows(),
        "memory": lambda _: memory.rows(),
        "fit": lambda seconds: fit.rows(seconds),
    }
    parser.add_argument("names", nargs="*", choices=[*benchmarks, []], help="which; all without")
    arguments = parser.parse_args()
    print(machine(), flush=True)
    put(PAGE, "machine", machine())
    for name in arguments.names or benchmarks:
        before = busy()
        rows = [row.cells() for row in benchmarks[name](arguments.fit_seconds)]
        print(*(" | ".join(row) for row in rows), sep="\n", flush=True)
        # Each table says when it was measured and how busy the machine was: one that was disturbed can be measured again by itself.
        put(PAGE, name, f"{table(HEADER, rows)}\n\nBegun {before}; ended {busy()}.")
        put(ROOT / "README.md", "figures", figures(PAGE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
