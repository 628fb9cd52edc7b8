"""The one table of naming rules: what a scalar or a histogram of somebody's log is, and of which part of the data or the model.

Every rule was seen in a log that exists; each has its test.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

LEARNING_RATE = "learning_rate"
GRADIENT_NORM = "gradient_norm"

EPOCH = "epoch_"
"""Keras' callback writes these once an epoch, with the epoch for a step."""

# Bounded, so that a name made to be slow is not.
# Keras 3 and 2: epoch_learning_rate, epoch_lr; Lightning's monitor: lr-Adam, lr-Adam/pg1; YOLO: x/lr0; fastai: lr_0;
# people: Learning Rate, base_lr, lr_backbone.
_LEARNING_RATE = re.compile(r"(?:.*[/_. -])?(?:learning[ _-]?rates?|lrs?)(?:\d+|[-_][^/]{1,99})?(?:/[^/]{1,99})?", re.IGNORECASE)
# Ours: learning_rate/<group>, learning_rate/<optimizer>/<group>, whatever they are called.
_OUR_LEARNING_RATE = "learning_rate/"
# The same monitor: lr-Adam-momentum, lr-Adam-weight_decay. `lr` also stands for a low resolution.
_NO_RATE = re.compile(r".*(?:momentum|decay|scale|factor|multiplier|loss|acc|accuracy|error|score|psnr|ssim|f1|auc)", re.IGNORECASE)

# People: grad_norm, Gradient Norm, gradients/global_norm; TF1: global_norm/gradient_norm; Lightning: grad_2.0_norm_total; fairseq: gnorm.
_GRADIENT_NORM = re.compile(
    r"(?:(?:global|total)[ _])?(?:grad(?:ient)?s?[ _](?:2(?:\.0)?[ _])?norm|gnorm)(?:[ _/](?:total|global|all|overall))?"
    r"|grad(?:ient)?s?/(?:(?:global|total)_)?norm|global_norm/grad(?:ient)?_norm",
    re.IGNORECASE,
)
_CLIPPED = re.compile(r"(?:(.*/)?clipped[ _](.+)|(.+)[ _/]clipped)", re.IGNORECASE)

CLIPPED = "after clipping"

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
_SPLIT = "|".join(_SPLITS)
# A capital separates, too: trainLoss.
_PREFIX = re.compile(rf"({_SPLIT})(?:[_/. -]|(?=(?-i:[A-Z][a-z])))(.+)", re.IGNORECASE)
# Lightning: val_loss/dataloader_idx_1; PyTorch's users: Loss/train_epoch.
_SUFFIX = re.compile(rf"(.+)[_/. -]({_SPLIT})(?:_(?:step|epoch|batch)|/dataloader_idx_\d+)?", re.IGNORECASE)
_MIDDLE = re.compile(rf"(.+)/({_SPLIT})/(.+)", re.IGNORECASE)

# Folders that people sort scalars into, which say nothing of what they are.
_FOLDER = re.compile(rf"(?:metrics?|scalars?|losses|epoch|batch|step|charts)/(?!(?:{_SPLIT})$)(.+)", re.IGNORECASE)

# Lightning: train_loss_step, train_loss_epoch; val_loss/dataloader_idx_1.
_WHEN = re.compile(r"(?:epoch_|batch_)?(.+?)(?:_(?:step|epoch))?(?:/dataloader_idx_\d+)?")

# Words that differ in nothing but how they are written: `Top 1 Accuracy`, not `mAP50` or `AUC`.
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+(?:[ _/][A-Z]?[a-z0-9]+)*")


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
    if tag.startswith(_OUR_LEARNING_RATE) or (_LEARNING_RATE.fullmatch(tag) and not _NO_RATE.fullmatch(tag)):
        return Meaning(LEARNING_RATE, None)
    # Keras writes each epoch's validation twice; this one counts optimizer steps, and would be a second line of the same.
    if tag.startswith("evaluation_") and tag.endswith("_vs_iterations"):
        return Meaning(None, split)
    # The heat map of layers shows it.
    if statistic(tag) is not None:
        return Meaning(None, None)
    name = tag.removeprefix(EPOCH).removeprefix("batch_") if split or tag.startswith(EPOCH) else tag
    name, found = _without_split(_without_folder(name))
    clipped = _CLIPPED.fullmatch(name)
    norm = name if clipped is None else f"{clipped.group(1) or ''}{clipped.group(2) or clipped.group(3)}"
    if _GRADIENT_NORM.fullmatch(norm):
        return Meaning(GRADIENT_NORM, None if clipped is None else CLIPPED)
    if _WORDS.fullmatch(name):
        name = name.lower().replace(" ", "_")
    return Meaning(name, found or split)


def _without_folder(name: str) -> str:
    folder = _FOLDER.fullmatch(name)
    return name if folder is None else folder.group(1)


def _without_split(name: str) -> tuple[str, str | None]:
    """The name without the part of the data and the time of which it is, and that part: `loss` and `train` of `train/loss_step`."""
    prefix, suffix, middle = (rule.fullmatch(name) for rule in (_PREFIX, _SUFFIX, _MIDDLE))
    if prefix is not None:
        rest, split = prefix.group(2), prefix.group(1)
    elif suffix is not None:
        rest, split = suffix.groups()
    elif middle is not None:
        rest, split = f"{middle.group(1)}/{middle.group(3)}", middle.group(2)
    else:
        return name, None
    rest = _without_folder(rest)
    when = _WHEN.fullmatch(rest)
    rest = rest if when is None else when.group(1)
    # The Trainer of Hugging Face: train/train_loss.
    again = _PREFIX.fullmatch(rest)
    return rest if again is None or _SPLITS[again.group(1).lower()] != _SPLITS[split.lower()] else again.group(2), _SPLITS[split.lower()]


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
_WEIGHTS = ("weight", "weights", "param", "params", "parameter", "parameters")
_GRADIENTS = ("grad", "grads", "gradient", "gradients")
# What people put before the layer instead of behind it: weight/fc1, bias/fc1.
_TURNED = ("weight", "weights", "bias", "biases", "kernel", "kernels")
_OUTPUTS = ("activations", "pre_activations", "outputs", "output", "logits", "predictions")
_GRADIENT_WORD = "|".join(_GRADIENTS)
_GRADIENT = re.compile(rf"(.+?)[./_-](?:{_GRADIENT_WORD})")
_OF_GRADIENT = re.compile(rf"(?:{_GRADIENT_WORD})[_-](.+)", re.IGNORECASE)


@lru_cache(maxsize=16384)
def parameter(tag: str) -> Parameter:
    """What a series of histograms is of, by its tag.

    Keras 3 writes `dense/kernel/histogram`, Keras 2 `dense/kernel_0/histogram` and 2.0 `dense/kernel_0`, TF1
    `dense/kernel_0_grad`; PyTorch's users `fc1.weight`, `fc1.weight.grad`, `weights/0/0/weight`, `gradients/fc1.weight`,
    `grad_fc1.weight`, `weight/fc1`.
    """
    # TensorFlow's tutorial wraps them in a scope: layer1/weights/summaries/histogram.
    by_keras = tag.endswith("/histogram") and not tag.endswith("/summaries/histogram")
    name = tag.removesuffix("/histogram").removesuffix("/summaries")
    bare, is_gradient = _without_gradient(name)
    place = _place(bare, by_keras)
    parts = place.parts
    of = "gradients" if is_gradient else "weights" if place.is_grouped or place.is_parameter or (by_keras and parts[-1] not in _OUTPUTS) else "other"
    mixed = by_keras and len(parts) == 1 and place.is_parameter
    # What is told to be a gradient, or weights, and is no parameter by its name is a layer as a whole.
    whole = len(parts) == 1 and not place.is_parameter and not by_keras and (is_gradient or place.is_grouped)
    return Parameter("/".join(parts), "/".join(parts if whole else parts[:-1]), of, counts_epochs=by_keras or place.is_numbered, is_mixed=mixed)


def _without_gradient(name: str) -> tuple[str, bool]:
    """The name without what tells that it is of a gradient, and whether something did."""
    head, _, rest = name.partition("/")
    if rest and head.lower() in _SPLITS and rest.partition("/")[0].lower() in (*_GRADIENTS, *_WEIGHTS):
        name = rest
        head, _, rest = name.partition("/")
    if rest and head.lower() in _GRADIENTS:
        return rest, True
    behind = _GRADIENT.fullmatch(name)
    if behind is not None:
        return behind.group(1), True
    # weight_grad/fc1
    turned = _GRADIENT.fullmatch(head)
    if rest and turned is not None and turned.group(1).lower() in _TURNED:
        return f"{turned.group(1)}/{rest}", True
    before = _OF_GRADIENT.fullmatch(name)
    if before is not None and _place(before.group(1), by_keras=False).is_parameter:
        return before.group(1), True
    return name, False


@dataclass(frozen=True)
class _Place:
    """Parts of a parameter's path, and what was told by how it was written."""

    parts: tuple[str, ...]
    is_parameter: bool
    is_numbered: bool = False
    is_grouped: bool = False


def _place(name: str, by_keras: bool) -> _Place:
    """Where a name without its gradient leads: without the group of all weights, and with `weight/fc1` the right way round."""
    head, _, rest = name.partition("/")
    group = head.lower()
    below = _split(rest, by_keras) if rest else None
    if below is None or (group not in _WEIGHTS and (by_keras or group not in _TURNED)):
        return _split(name, by_keras)
    if group in _TURNED and not below.is_parameter and not by_keras:
        return _Place((*below.parts, group), is_parameter=True)
    # Else the first part is a layer: weight/kernel_0, bias/fc1/kernel.
    is_group = group in _WEIGHTS and (len(below.parts) > 1 or not below.is_parameter)
    return replace(below, is_grouped=True) if is_group else _split(name, by_keras)


def _split(name: str, by_keras: bool) -> _Place:
    parts = [part for part in name.split("/") if part] or [name]
    # PyTorch separates by dots; in Keras' names they stand for nothing.
    if not by_keras:
        parts = [piece for part in parts for piece in part.split(".") if piece] or parts
    kept = _KERAS_KEPT.fullmatch(parts[-1])
    numbered = kept is not None and _PARAMETERS.fullmatch(kept.group(1)) is not None
    if kept is not None and numbered:
        parts[-1] = kept.group(1)
    return _Place(tuple(parts), _PARAMETERS.fullmatch(parts[-1]) is not None, numbered)


_OF = {
    **dict.fromkeys(_GRADIENTS, "gradient"),
    **dict.fromkeys(_WEIGHTS, "weight"),
    **dict.fromkeys(("update", "updates"), "update"),
}
_WHAT = {"l2": "norm", "avg": "mean", "average": "mean", "stddev": "std"}
_OF_WORD = "|".join(sorted(_OF, key=len, reverse=True))
_WHAT_WORD = r"(?:l2|2|2\.0)[_ -]norm|norm(?:[_ -](?:l2|2))?|l2|mean|avg|average|std|stddev|min|max"
_STATISTICS = tuple(
    re.compile(rule.format(of=f"(?P<of>{_OF_WORD})", what=f"(?P<what>{_WHAT_WORD})"), re.IGNORECASE)
    for rule in (
        r"{of}[_ /-]{what}/(?P<name>.+)",
        r"{of}/(?P<name>.+)[/.]{what}",
        r"{of}/(?P<parameter>.+)_{what}",
        # TensorFlow's tutorial: layer1/weights/summaries/stddev_1.
        r"(?P<name>.+)/summaries/{what}(?:_\d+)?",
        r"(?P<parameter>.+)[/.]{of}[_/.-]{what}",
    )
)
# What stands behind `grad_norm/` and is no layer.
_NO_LAYER = re.compile(rf"{_SPLIT}|total|global|all|overall|epoch|step|batch|mean|avg|std|min|max|norm|.*clip(?:ped|ping)?", re.IGNORECASE)
_IN_SPLIT = re.compile(rf"(?:{_SPLIT})/(.+)", re.IGNORECASE)


@dataclass(frozen=True)
class Statistic:
    """What a scalar tells of one parameter, or of one layer.

    Attributes:
        name: `<of>_<what>`: of weight, gradient or update; norm, mean, std, min or max.
        path, layer: As those of `Parameter`; equal where it is told of a layer as a whole.
    """

    name: str
    path: str
    layer: str


@lru_cache(maxsize=16384)
def statistic(tag: str) -> Statistic | None:
    """What a scalar tells of a layer, by its tag; None where it is of none.

    TF1's `optimize_loss` and many people write `gradient_norm/<name>`, Lightning `grad_2.0_norm/<name>`, others
    `gradients/<name>/norm`, `parameter_mean/<name>`, `<name>/grad_norm`. Norms other than the Euclidean one are none of these: they do
    not add up over parameters.
    """
    inside = _IN_SPLIT.fullmatch(tag)
    found = next(filter(None, (rule.fullmatch(tag if inside is None else inside.group(1)) for rule in _STATISTICS)), None)
    if found is None:
        return None
    told = found.groupdict()
    name = told.get("name") or told["parameter"]
    place = _place(name, by_keras=False)
    # Else it may be anything that has a gradient, or is no statistic: actor/grad_norm, gradients/layer_norm.
    if _NO_LAYER.fullmatch(name) or not name.strip("/. ") or ("name" not in told and not place.is_parameter):
        return None
    what = told["what"].lower()
    what = "norm" if "norm" in what else _WHAT.get(what, what)
    of = _OF[told["of"].lower()] if "of" in told else "weight"
    return Statistic(f"{of}_{what}", "/".join(place.parts), "/".join(place.parts[:-1] if place.is_parameter and len(place.parts) > 1 else place.parts))
