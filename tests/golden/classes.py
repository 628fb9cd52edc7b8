"""Golden classes: a tree of labels in several scripts, one of which is ignored."""

from __future__ import annotations

from collections.abc import Sequence

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.payload import Payload

CLASSES = Classes(labels=("cat", "dog", "שלום", "<b>🦊</b>"), parents=(-1, -1, 0, 0), task="multiclass", positive=None, ignored=255)

POINTS: Sequence[tuple[int, Payload]] = [(0, CLASSES)]
