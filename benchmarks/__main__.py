"""`make bench`: runs all benchmarks, or those named, prints one table, and puts it into docs/benchmarks.md when all were run."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

from benchmarks import event_file, first_picture, fit, matrix, memory, server, start_up
from benchmarks.machine import machine
from benchmarks.row import HEADER, Row
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
    where = machine()
    print(where, flush=True)
    rows = []
    for name in arguments.names or benchmarks:
        for row in benchmarks[name](arguments.fit_seconds):
            print(*row.cells(), sep=" | ", flush=True)
            rows.append(row)
        if not arguments.names:
            put(PAGE, "benchmarks", f"{table(HEADER, [row.cells() for row in rows])}\n\n{where}")


if __name__ == "__main__":
    main()
