"""What an output of the model decides between, as its loss, its activation and the user declare it; never guessed from values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ScoreType
from writers import classes
from writers.frameworks.keras.outputs.losses import Loss
from writers.guard import WrongArgument
from writers.regression import MOST_TARGETS

Labels = Classes | Sequence[str] | int

_MULTICLASS = {
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
}
_BINARY = {"binary_crossentropy", "binary_focal_crossentropy"}
_REGRESSION = {
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "huber",
    "log_cosh",
    "poisson",
}


@dataclass(frozen=True)
class Choice:
    """A choice between classes.

    Attributes:
        classes: What is decided between.
        score: What the output's values are; None where all that is known is that the largest wins.
    """

    classes: Classes
    score: ScoreType | None


@dataclass(frozen=True)
class SeveralLabels:
    """Labels of which a sample has any number, each decided by itself.

    Attributes:
        classes: The labels.
        score: What the output's values are.
        is_declared: Whether the user names them; otherwise the loss alone says that they are labels.
    """

    classes: Classes
    score: ScoreType
    is_declared: bool


@dataclass(frozen=True)
class Numbers:
    """Numbers, as a regression predicts them.

    Attributes:
        targets: How many there are of one sample.
    """

    targets: int


Task = Choice | SeveralLabels | Numbers


def task_of(output: str, columns: int, *, loss: Loss | None, activation: str | None, labels: Labels | None, score: ScoreType | None) -> Task | str:
    """The task of one output, or in words why it has none.

    Args:
        output: Its name, for messages; empty when it is the only one.
        columns: Size of its last axis.
        loss: Its loss, where one is known.
        activation: Name of its last activation, where one is known.
        labels, score: As the user gave them.

    Raises:
        WrongArgument: There are not as many labels as the output tells apart.
    """
    what = f"output {output!r}" if output else "the model's output"
    name = loss.name if loss is not None else None
    is_said = isinstance(labels, Classes) and labels.task == "multilabel"
    if is_said or (name in _BINARY and columns > 1 and activation != "softmax"):
        each = score or _score(1, loss, activation)
        if each is None:
            return f"{what} has {columns} labels, and neither its activation nor its loss says what its values are; say so with score='prob' or score='logit'"
        return SeveralLabels(_labels(what, labels, columns), each, labels is not None)
    told = score or _score(columns, loss, activation)
    is_choice = labels is not None or name in _MULTICLASS or name in _BINARY or activation == "softmax"
    if is_of_numbers(loss) and (not is_choice or (columns == 1 and told is None)):
        if columns > MOST_TARGETS:
            return f"{what} is trained to predict {columns} numbers of each sample ({name}); up to {MOST_TARGETS} are evaluated"
        return Numbers(columns)
    if not is_choice:
        return f"{what} is not trained to decide between classes (loss: {name or 'unknown'}); where it is, say so with labels="
    n = 2 if columns == 1 else columns
    if columns == 1 and told is None:
        return f"{what} has one value a sample, and neither its activation nor its loss says what it is; say so with score='prob' or score='logit'"
    return Choice(_classes(what, labels, n, loss), told)


def is_of_numbers(loss: Loss | None) -> bool:
    """Whether a loss is one of those that predicted numbers have."""
    return loss is not None and loss.name in _REGRESSION


def _score(columns: int, loss: Loss | None, activation: str | None) -> ScoreType | None:
    if activation == ("sigmoid" if columns == 1 else "softmax"):
        return "prob"
    if activation == "log_softmax" and columns > 1:
        return "logprob"
    if loss is None or "from_logits" not in loss.config or activation not in (None, "linear"):
        return None
    if loss.config["from_logits"]:
        return "logit"
    # A single value needs a threshold, so here the loss's word counts that it is a probability. Among several the largest
    # wins whatever they are, and a model that was compiled wrongly keeps its matrix.
    return "prob" if columns == 1 else None


def _labels(what: str, labels: Labels | None, n: int) -> Classes:
    given: Labels = n if labels is None else labels
    if isinstance(given, Classes):
        return replace(_fitting(what, given, n), task="multilabel", positive=None)
    return classes.of(_fitting(what, classes.of(given), n).labels, task="multilabel")


def _classes(what: str, labels: Labels | None, n: int, loss: Loss | None) -> Classes:
    given: Labels = n if labels is None else labels
    _fitting(what, classes.of(given), n)
    ignored = loss.config.get("ignore_class") if loss is not None else None
    return classes.of(given, ignored=ignored, task="binary" if n == 2 else "multiclass", positive=1 if n == 2 else None)


def _fitting(what: str, declared: Classes, n: int) -> Classes:
    """
    Raises:
        WrongArgument: There are not so many.
    """
    names = declared.labels
    if len(names) != n:
        raise WrongArgument(
            f"labels must name each class that {what} tells apart: it has {n}, and there are {len(names)} labels "
            f"({', '.join(names[:3])}{', …' if len(names) > 3 else ''}). Give {n} labels in the order of the class ids, or leave labels= out"
        )
    return declared
