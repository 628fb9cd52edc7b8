"""A kind is four files and what is made of them: this names whatever is missing, and the way there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tb_plugin.schema.payload import Payload
from tb_plugin.schema.registry import kinds

ROOT = Path(__file__).resolve().parents[1]


def missing(root: Path, kind: type[Payload]) -> list[str]:
    """What a kind lacks, each with the way there.

    - On disk: `writers/<kind>.py` makes it. Kinds that are only answered (others' data, in our form) have no writer.
    - Shown: some `frontend/src/panels/*/index.ts` names it among its `needs`, or among what it `asks` the server about; the
      generic panel is for kinds of others.
    - Tested: `test_<kind>.py` in `tests/` or a folder of it; what is on disk also by a golden file.
    - Told: its TypeScript and its table in the docs are made anew.
    """
    name, found = kind.kind, []
    if not (root / "tb_plugin" / "schema" / f"{name}.py").is_file():
        found.append(f"declare it in tb_plugin/schema/{name}.py: one file a kind, named after it")
    if kind.on_disk and not (root / "writers" / f"{name}.py").is_file():
        found.append(f"make it from plain arrays in writers/{name}.py")
    if name not in needed(root):
        found.append(f"show it: name '{name}' in the `needs` of a panel, in frontend/src/panels/{name}/index.ts")
    if not any((root / "tests").rglob(f"test_{name}.py")):
        found.append(f"test it in tests/test_{name}.py: its laws, and an oracle where there is one")
    if kind.on_disk and not (root / "tests" / "golden" / f"{name}.py").is_file():
        found.append(f"say what must stay readable for ever in tests/golden/{name}.py, beside its tests: POINTS, steps and payloads")
    if kind.on_disk and not any((root / "tests" / "golden").glob(f"v*/{name}/*tfevents*")):
        found.append("write its golden file: python -m tests.golden.make")
    if f"kind: '{name}';" not in _text(root / "frontend" / "src" / "schema.gen.ts"):
        found.append("make its TypeScript: python -m tb_plugin.schema.typescript")
    if kind.on_disk and f"### `{name}`, version {kind.version}" not in _text(root / "docs" / "format.md"):
        found.append("make its table in docs/format.md: make reference")
    return found


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def needed(root: Path) -> set[str]:
    """The kinds that the panels ask for."""
    sources = [path.read_text(encoding="utf-8") for path in (root / "frontend" / "src" / "panels").glob("*/index.ts")]
    lists = [text for source in sources for text in re.findall(r"\b(?:needs|asks):\s*\[([^\]]*)\]", source)]
    return {name for text in lists for name in re.findall(r"'(\w+)'", text)}


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_kind_is_written_shown_and_tested(name: str) -> None:
    lacks = missing(ROOT, kinds()[name])
    assert not lacks, f"kind {name!r} is not complete:\n- " + "\n- ".join(lacks)


def test_what_a_kind_lacks_is_named(tmp_path: Path) -> None:
    panel = tmp_path / "frontend" / "src" / "panels" / "other" / "index.ts"
    panel.parent.mkdir(parents=True)
    panel.write_text("export const panels = [{ needs: ['other'], order: 1 }];")
    kind = kinds()["confusion_matrix"]

    assert len(missing(tmp_path, kind)) == 8

    contents = {
        "tb_plugin/schema/confusion_matrix.py": "",
        "writers/confusion_matrix.py": "",
        "tests/test_confusion_matrix.py": "",
        "tests/golden/confusion_matrix.py": "",
        "tests/golden/v1/confusion_matrix/events.out.tfevents.1": "",
        "frontend/src/schema.gen.ts": "  readonly kind: 'confusion_matrix';",
        "docs/format.md": "### `confusion_matrix`, version 1",
    }
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    assert missing(tmp_path, kind) == [
        "show it: name 'confusion_matrix' in the `needs` of a panel, in frontend/src/panels/confusion_matrix/index.ts",
    ]

    panel.write_text("export const panels = [{ needs: [\n  'classes',\n  'confusion_matrix',\n], order: 1 }];")
    assert missing(tmp_path, kind) == []
