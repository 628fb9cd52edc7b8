"""The one table of naming rules: what a scalar or a histogram of somebody's log is, and of which part of the data or the model.

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


@dataclass(frozen=True)
class Parameter:
    """What a histogram is of.

    Attributes:
        path: The parameter or output: `dense/kernel`.
        layer: The layer that owns it; empty where the tag names none.
        of: `weights`, `gradients`, or `other` (outputs, and what no rule names).
        counts_epochs: Whether its steps are epochs, as those of Keras' callback are.
        is_mixed: Whether layers share the tag, so that nothing tells whose a point is: an early Keras 3 named histograms
            after the parameter alone.
    """

    path: str
    layer: str
    of: str
    counts_epochs: bool = False
    is_mixed: bool = False


# Names that frameworks give to what layers learn or keep.
_PARAMETERS = re.compile(
    r"(?:kernel|bias|gamma|beta|weights?|biases|embeddings|moving_(?:mean|variance)|(?:recurrent|depthwise|pointwise)_kernel|running_(?:mean|var)"
    r"|in_proj_(?:weight|bias)|(?:weight|bias)_(?:ih|hh)_l\d+(?:_reverse)?|alpha|scale|w|b)"
)
_KERAS_KEPT = re.compile(r"(.+)[_:]\d+")
_GROUPS = {"weights": "weights", "params": "weights", "parameters": "weights", "gradients": "gradients", "grads": "gradients", "grad": "gradients"}
_OUTPUTS = ("activations", "pre_activations", "outputs", "output", "logits", "predictions")
_GRADIENT = re.compile(r"(.+?)[./_](?:grad|grads|gradient|gradients)")


@lru_cache(maxsize=16384)
def parameter(tag: str) -> Parameter:
    """What a series of histograms is of, by its tag.

    Keras 3 writes `dense/kernel/histogram`, Keras 2 `dense/kernel_0/histogram` and 2.0 `dense/kernel_0`, TF1
    `dense/kernel_0_grad`; PyTorch's users `fc1.weight`, `fc1.weight.grad`, `weights/0/0/weight`, `gradients/fc1.weight`.
    """
    # TensorFlow's tutorial wraps them in a scope: layer1/weights/summaries/histogram.
    by_keras = tag.endswith("/histogram") and not tag.endswith("/summaries/histogram")
    name = tag.removesuffix("/histogram").removesuffix("/summaries")
    of = None
    gradient = _GRADIENT.fullmatch(name)
    if gradient is not None:
        name, of = gradient.group(1), "gradients"
    head, _, rest = name.partition("/")
    if rest and head.lower() in _GROUPS:
        name, of = rest, _GROUPS[head.lower()]
    parts = [part for part in name.split("/") if part] or [name]
    # PyTorch separates by dots; in Keras' names they stand for nothing.
    if not by_keras:
        parts = [piece for part in parts for piece in part.split(".") if piece] or parts
    kept = _KERAS_KEPT.fullmatch(parts[-1])
    numbered = kept is not None and _PARAMETERS.fullmatch(kept.group(1)) is not None
    if kept is not None and numbered:
        parts[-1] = kept.group(1)
    is_parameter = _PARAMETERS.fullmatch(parts[-1]) is not None
    if of is None:
        of = "weights" if is_parameter or (by_keras and parts[-1] not in _OUTPUTS) else "other"
    mixed = by_keras and len(parts) == 1 and is_parameter
    return Parameter("/".join(parts), "/".join(parts[:-1]), of, counts_epochs=by_keras or numbered, is_mixed=mixed)
