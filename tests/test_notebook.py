"""The notebook runs from top to bottom in a kernel of its own; what installs, opens or stops something is tagged, and left out."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[1] / "examples" / "notebook.ipynb"
LEFT_OUT = "skip-execution"


def test_the_notebook_runs_and_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / variable.lower()))
    book = nbformat.read(NOTEBOOK, as_version=4)
    folder = tmp_path / "work"
    folder.mkdir()

    done = NotebookClient(book, timeout=120, skip_cells_with_tag=LEFT_OUT, resources={"metadata": {"path": str(folder)}}).execute()

    said = {cell.id: "".join(output.get("text", "") for output in cell.outputs) for cell in done.cells if cell.cell_type == "code"}
    assert "of the held-out images right" in said["train"]
    assert "Training digits" in said["doctor"]
    assert list(folder.glob("logs/digits/layerscope/events.out.tfevents.*"))


def test_the_notebook_is_stored_without_outputs() -> None:
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]

    assert [cell.id for cell in cells if cell.outputs or cell.execution_count is not None] == []


def test_nothing_is_left_out_but_what_installs_opens_or_stops() -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells

    assert [cell.id for cell in cells if LEFT_OUT in cell.metadata.get("tags", [])] == ["install", "watch", "stop", "watch-again"]
