"""MkDocs' hook: pages and files of the repository's root stand in the site, too, and links to them lead there.

On GitHub a page of `docs/` links to `../SECURITY.md`; in the site that is `security.md`.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[1]

PAGES = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md"}
"""Pages of the root by their place in the site."""

_LINK = re.compile(r"(\]\()([^)#:\s]+)")


def on_files(files: Any, config: Any) -> Any:
    """Adds the pages of the root, and the examples as files."""
    for source, place in PAGES.items():
        files.append(File.generated(config, place, content=(ROOT / source).read_text(encoding="utf-8")))
    for example in sorted((ROOT / "examples").iterdir()):
        if example.is_file():
            files.append(File.generated(config, f"examples/{example.name}", abs_src_path=str(example)))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Leads links to where the site has what they mean."""
    place: str = page.file.src_uri
    source = next((name for name, other in PAGES.items() if other == place), f"docs/{place}")
    return _LINK.sub(lambda link: link[1] + led(link[2], source, place), markdown)


def led(link: str, source: str, place: str) -> str:
    """A link of a page, as the site needs it.

    Args:
        link: As it stands in the page.
        source: Path of the page in the repository.
        place: Path of the page in the site.
    """
    target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link))
    there = PAGES.get(target, target.removeprefix("docs/"))
    return posixpath.relpath(there, posixpath.dirname(place) or ".")
