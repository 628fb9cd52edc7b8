"""`make bench`: runs all benchmarks, or those named, prints their rows, and puts the table of each into docs/benchmarks.md, some rows into the README."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from benchmarks import evaluation, event_file, first_picture, fit, growth, heat_map, matrix, matrix_image, memory, overhead, requests, server, start_up
from benchmarks.apart import apart
from benchmarks.machine import busy, machine, processor
from benchmarks.row import HEADER, Row
from scripts.figures import figures
from scripts.processes import ROOT
from scripts.tables import put, table

PAGE = ROOT / "docs" / "benchmarks.md"
BENCHMARKS: Mapping[str, Callable[[], Sequence[Row]]] = {
    "event_file": event_file.rows,
    "server": server.rows,
    "start_up": start_up.rows,
    "first_picture": first_picture.rows,
    "matrix": matrix.rows,
    "matrix_image": matrix_image.rows,
    "requests": requests.rows,
    "evaluation": evaluation.rows,
    "accumulators": partial(apart, "accumulators"),
    "heat_map": heat_map.rows,
    "memory": memory.rows,
    "overhead": overhead.rows,
    "torch_overhead": partial(apart, "torch_overhead"),
    "growth": growth.rows,
    "model": partial(apart, "model"),
    "fit": fit.rows,
}
"""By the name of their table, in the order in which they are taken."""


def main() -> None:
    """Measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit-seconds", type=float, default=12.0, help="about how long a training of the fit benchmark takes; 60 for the page")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which of {', '.join(BENCHMARKS)}; all without")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
    print(processor(), machine(), sep="; ", flush=True)
    put(PAGE, "machine", machine())
    for name in arguments.names or BENCHMARKS:
        before = busy()
        rows = [row.cells() for row in (fit.rows(arguments.fit_seconds) if name == "fit" else BENCHMARKS[name]())]
        print(*(" | ".join(row) for row in rows), sep="\n", flush=True)
        # Each table says when and on what it was measured and how busy that was: one that was disturbed can be measured again by itself.
        put(PAGE, name, f"{table(HEADER, rows)}\n\nBegun {before}; ended {busy()}; {processor()}.")
        put(ROOT / "README.md", "figures", figures(PAGE.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
