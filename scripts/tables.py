"""Tables in the docs that a command measures: each stands between two comments that name it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def filled(page: Path, name: str, content: str) -> str:
    """A page with what stands between `<!-- name -->` and `<!-- /name -->` in it replaced.

    Raises:
        ValueError: The page has no such place.
    """
    begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, opened, rest = page.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise ValueError(f"{page.name} must hold {begin} and {end}; put the two lines where the table shall stand")
    return f"{before}{begin}\n{content}\n{end}{after}"


def put(page: Path, name: str, content: str) -> None:
    """Writes a page as `filled` has it."""
    page.write_text(filled(page, name, content), encoding="utf-8")
