"""`python -m layerscope doctor LOGDIR`: what is installed, what runs, what was logged, and how to mend what is wrong."""

from __future__ import annotations

import sys
import types
from collections.abc import Sequence

from layerscope.doctor import environment, logs, servers
from layerscope.doctor.report import Section


def examine(logdir: str | None) -> list[Section]:
    """Everything that can be said of this environment and, where one is given, of a logdir. Nothing is changed."""
    sections = [environment.examine(), servers.examine(logdir)]
    return [*sections, *logs.examine(logdir)] if logdir is not None else sections


def main(logdir: str | None) -> int:
    """Prints what `examine` says.

    Returns:
        0 when all is well, 1 when there are problems.
    """
    # TensorBoard reads with TensorFlow's file systems where it finds TensorFlow, and starting that takes seconds; this
    # module's existence tells it to do without (tensorboard/compat/__init__.py).
    sys.modules.setdefault("tensorboard.compat.notf", types.ModuleType("tensorboard.compat.notf"))
    sections = examine(logdir)
    print(words(sections))
    return 1 if any(section.problems for section in sections) else 0


def words(sections: Sequence[Section]) -> str:
    """The report as text: each section with what it found, then all problems with their fixes."""
    lines: list[str] = []
    for section in sections:
        lines += [section.title, *(f"  {line}" for line in section.lines), *(f"  ! {problem.error}" for problem in section.problems), ""]
    problems = [problem for section in sections for problem in section.problems]
    if not problems:
        return "\n".join([*lines, "No problems found."])
    lines.append("1 problem:" if len(problems) == 1 else f"{len(problems)} problems:")
    for number, problem in enumerate(problems, 1):
        lines += [f"  {number}. {problem.error}", f"     → {problem.fix}"]
    return "\n".join(lines)
