"""What the doctor says."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Trouble:
    """What is wrong, and what to do."""

    error: str
    fix: str


@dataclass
class Section:
    """One part of the report: a title, what was found, and what is wrong with it."""

    title: str
    lines: list[str] = field(default_factory=list)
    problems: list[Trouble] = field(default_factory=list)


def printable(name: str, most: int = 120) -> str:
    """A name from a log as one line of text: control characters and directions shown as escapes, cut in the middle when long."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return text if len(text) <= most else f"{text[: most // 2]}…{text[-most // 2 :]}"


def size(n: int) -> str:
    """Bytes, in the largest unit of which there is one."""
    scale, unit = next(((scale, unit) for scale, unit in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB")) if n >= scale), (1, "B"))
    return f"{n} B" if scale == 1 else f"{n / scale:.1f} {unit}"
