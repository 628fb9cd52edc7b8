"""Logs that are allowed and that nobody would write: names with HTML, right-to-left text, newlines, 10 kB; runs with spaces, `%` and emoji."""

from __future__ import annotations

from pathlib import Path

from layerscope import RunWriter, confusion_matrix

ATTACK = '<img src=x onerror="parent.hacked=true">'
LABELS = [ATTACK, '"><script>parent.hacked=true</script>', "\u202egnirts \u05e9\u05dc\u05d5\u05dd", "two\nlines", "long " * 2_000, "", "{{1+1}} ${1+1}"]
RUN = f"odd 100%41 {chr(0x1F4A9)} <b>bold"


def write(logdir: Path) -> None:
    """One run of them, two evaluations of all labels."""
    with RunWriter(logdir / RUN) as run:
        for step in (10, 20):
            y_true = [i % len(LABELS) for i in range(40)]
            y_pred = [(i // 5 + step) % len(LABELS) for i in range(40)]
            run.write("validation/confusion_matrix", confusion_matrix.from_predictions(y_true, y_pred, labels=LABELS), step)
            run.write(f"loss {ATTACK}", 1.0 / step, step)
