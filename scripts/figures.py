"""The figures in the README: some rows of the tables that `make bench` puts into docs/benchmarks.md, medians only."""

from __future__ import annotations

from scripts.tables import table

ROWS = (
    ("start of TensorBoard, with TensorFlow", "the same without the plugin"),
    ("click on the tab → the confusion matrix", "click on Time Series"),
    ("matrix of 1,000 classes: click on the tab → picture", "–"),
    ("fit of", "fit without a callback"),
    ("events of 10 kB", "TensorFlow's tf.summary"),
    ("each of 200 trainings on digits, Rust loader", "Keras' TensorBoard callback"),
)
"""How the words for what was measured begin, and those for what it stands beside."""

_HEADER = ("", "Layerscope", "beside it", "ours / theirs")


def figures(page: str) -> str:
    """A table of the chosen rows.

    Args:
        page: The text of docs/benchmarks.md.

    Raises:
        ValueError: A row is not on the page.
    """
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line.startswith("| ")]
    chosen = []
    for what, beside in ROWS:
        found = next((cells for cells in lines if cells[0].startswith(what) and cells[3].startswith(beside)), None)
        if found is None:
            raise ValueError(f"docs/benchmarks.md has no row {what!r} beside {beside!r}; name one that it has in scripts/figures.py")
        name, ours, theirs, theirs_is, ratio, *_ = found
        ours, theirs, ratio = (cell.partition(" (")[0].strip("*") for cell in (ours, theirs, ratio))
        chosen.append([f"memory: {name}" if name.endswith("loader") else name, ours, theirs if theirs == "–" else f"{theirs}: {theirs_is}", ratio])
    return table(_HEADER, chosen)
