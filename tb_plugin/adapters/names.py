"""The one table of naming rules: what a scalar of somebody's log is, and of which part of the data.

Every rule was seen in a log that exists; each has its test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

LEARNING_RATE = "learning_rate"

EPOCH = "epoch_"
"""Keras' callback writes these once an epoch, with the epoch for a step."""

# Keras 3 and 2: epoch_learning_rate, epoch_lr; Lightning's monitor: lr-Adam, lr-Adam/pg1; YOLO: x/lr0; ours: learning_rate/<group>.
_LEARNING_RATE = re.compile(r"(?:.*/)?(?:(?:epoch_|batch_)?(?:learning_rate|lr))(?:\d+|-[^/]+)?(?:/[^/]+)?", re.IGNORECASE)

_SPLITS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "eval": "validation",
    "dev": "validation",
    "test": "test",
    "testing": "test",
}
_PREFIX = re.compile(r"(train|training|val|valid|validation|eval|test)[_/.](.+)", re.IGNORECASE)
_SUFFIX = re.compile(r"(.+)[_/.](train|training|val|valid|validation|eval|test)", re.IGNORECASE)

# Lightning: train_loss_step, train_loss_epoch.
_WHEN = re.compile(r"(.+)_(?:step|epoch)")


@dataclass(frozen=True)
class Meaning:
    """What a scalar is.

    Attributes:
        name: `loss`, `accuracy`, `learning_rate`, …; None for what no rule names.
        split: `train`, `validation`, `test`, the name of another run or evaluation, or None where it has none.
    """

    name: str | None
    split: str | None


def is_epoch_axis(tag: str) -> bool:
    """Whether a scalar's steps count epochs, as those of Keras' callback do."""
    return tag.startswith(EPOCH)


@lru_cache(maxsize=4096)
def split_of_run(run: str) -> str | None:
    """The part of the data that a run's name tells: `train` of `demo/train`."""
    return _SPLITS.get(run.rpartition("/")[2].lower())


def meaning(run: str, tag: str, *, evaluation: str | None = None) -> Meaning:
    """What a scalar of a run is.

    Args:
        run: The run's name.
        tag: The scalar's tag.
        evaluation: The evaluation whose run this is, where `training_facts` says so.
    """
    return _meaning(tag, evaluation or split_of_run(run))


# Thousands of runs share a few tags.
@lru_cache(maxsize=16384)
def _meaning(tag: str, split: str | None) -> Meaning:
    if _LEARNING_RATE.fullmatch(tag):
        return Meaning(LEARNING_RATE, None)
    # Keras writes each epoch's validation twice; this one counts optimizer steps, and would be a second line of the same.
    if tag.startswith("evaluation_") and tag.endswith("_vs_iterations"):
        return Meaning(None, split)
    name = tag.removeprefix(EPOCH).removeprefix("batch_") if split or tag.startswith(EPOCH) else tag
    told = _PREFIX.fullmatch(name)
    if told is not None:
        name, split = told.group(2), _SPLITS[told.group(1).lower()]
    else:
        told = _SUFFIX.fullmatch(name)
        if told is not None:
            name, split = told.group(1), _SPLITS[told.group(2).lower()]
    if told is not None:
        when = _WHEN.fullmatch(name)
        name = when.group(1) if when is not None else name
    return Meaning(name, split)
