"""The evaluation of an estimator: which class is which, and what its scores are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np

from tb_plugin.schema.classes import Classes
from writers.evaluation import Evaluation
from writers.host_arrays import host_array
from writers.multilabel_evaluation import MultilabelEvaluation
from writers.regression import RegressionEvaluation

Array = np.ndarray[Any, Any]
Score = Literal["prob", "logit"]

_IGNORED, _UNKNOWN, _NO_CLASS = -1, -2, -3


def from_estimator(
    estimator: Any,
    x: Any,
    y: Any,
    *,
    labels: Classes | Iterable[str] | None = None,
    score: Score | None = None,
    sample_weight: Any = None,
    ids: Any = None,
    inputs: Any = None,
    **arguments: Any,
) -> Evaluation | MultilabelEvaluation | RegressionEvaluation:
    """Evaluates a fitted estimator on some samples: a classifier, one that gives each sample several labels, or a regressor.

    A classifier's scores are those of `predict_proba`. Without that, what `decision_function` says is a margin and no logit:
    unless `score="logit"` declares it to be one, there is only what `predict` says, and no curves.

    Args:
        estimator: Fitted; a pipeline or search that ends in one; anything with `classes_`, or a regressor's `predict`.
        x: What it is given.
        y: What is true, as it was fitted with: classes [sample], 0 and 1 [sample, label], or numbers.
        labels: Name of each class in the order of `estimator.classes_`; by default these, as texts. Of several labels, or of
            what a regressor predicts, the names of the columns of `y`, by default those that a table has.
        score: "logit" to take `decision_function` for the logits that it is in logistic regression.
        sample_weight, ids: As in `Evaluation.update`.
        inputs: What is kept to look at, if `examples` are asked for; by default `x`.
        **arguments: As of `Evaluation`, `MultilabelEvaluation` or `RegressionEvaluation`: threshold, examples and so on;
            `ignored` and `unknown` are labels of `y`.

    Raises:
        TypeError: It is no fitted classifier.
        ValueError: What it decides between does not fit `y`.
    """
    if score not in (None, "prob", "logit"):
        raise ValueError(f'score must be "prob", "logit" or None; it is {score!r:.80}')
    if not hasattr(estimator, "classes_"):
        numbers = _regression(estimator, x, y, labels, **arguments)
        return numbers.update(y, estimator.predict(x), sample_weight, ids=ids, inputs=x if inputs is None else inputs)
    if _is_multi_label(estimator, x, y):
        truth = host_array(y.toarray() if hasattr(y, "toarray") else y, "y")
        told, declared = _scores_of_labels(estimator, x, score, truth.shape[1])
        names = labels if labels is not None else _columns(y) or truth.shape[1]
        several = MultilabelEvaluation(names, score=declared, **arguments)
        return several.update(truth, told, sample_weight, ids=ids, inputs=x if inputs is None else inputs)
    classes = _classes_of(estimator)
    names = labels if labels is not None else [str(name) for name in classes.tolist()]
    scores, declared = _scores(estimator, x, score, classes)
    # What `ignored` and `unknown` say is said of `y`, whose labels are no class ids: an ignored 0 is not the first class.
    ignored, unknown = (arguments.pop(name, None) for name in ("ignored", "unknown"))
    if unknown is not None and unknown in classes.tolist():
        raise ValueError(f"unknown is a label that is no class; {unknown!r:.80} is one")
    its_ignored = ignored if ignored is None or isinstance(names, Classes) else _IGNORED
    evaluation = Evaluation(names, score=declared, ignored=its_ignored, unknown=None if unknown is None else _UNKNOWN, **arguments)
    if len(evaluation.classes.labels) != len(classes):
        raise ValueError(f"labels names {len(evaluation.classes.labels)} classes; the estimator knows {len(classes)}: {_short(classes)}")
    if isinstance(names, Classes):
        ignored = its_ignored = evaluation.classes.ignored
    others = {name: own for name, own in ((ignored, its_ignored), (unknown, _UNKNOWN)) if name is not None}
    return evaluation.update(_ids(host_array(y, "y"), classes, others), scores, sample_weight, ids=ids, inputs=x if inputs is None else inputs)


def _regression(estimator: Any, x: Any, y: Any, labels: Any, **arguments: Any) -> RegressionEvaluation:
    is_other = _kind_of(estimator) not in (None, "regressor")
    if is_other or not hasattr(estimator, "predict") or hasattr(estimator, "predict_proba") or hasattr(estimator, "decision_function"):
        raise TypeError(f"{type(estimator).__name__} has no classes_: pass a classifier after fit()")
    targets = labels if labels is not None else _columns(y) or (1 if np.ndim(y) < 2 else np.shape(y)[1])
    return RegressionEvaluation(targets, **arguments)


def _kind_of(estimator: Any) -> str | None:
    """What scikit-learn's estimators are: "regressor", "clusterer"; None where it does not say."""
    tags = estimator.__sklearn_tags__() if hasattr(estimator, "__sklearn_tags__") else estimator
    kind: str | None = getattr(tags, "estimator_type", getattr(estimator, "_estimator_type", None))
    return kind


def _is_multi_label(estimator: Any, x: Any, y: Any) -> bool:
    """Asked of the estimator, too: `y` alone may be classes in columns of 0 and 1."""
    has_columns = len(np.shape(y)) == 2 and np.shape(y)[1] > 1
    return has_columns and np.ndim(estimator.predict(x[:1])) == 2


def _scores_of_labels(estimator: Any, x: Any, score: Score | None, n_labels: int) -> tuple[Array, Score | None]:
    """One column for each label, and what they are."""
    if score == "logit":
        found = _decisions(estimator, x)
    elif hasattr(estimator, "predict_proba"):
        found, score = estimator.predict_proba(x), "prob"
        if isinstance(found, list):
            found = np.stack([_of_label(i, p, classes) for i, (p, classes) in enumerate(zip(found, estimator.classes_, strict=True))], axis=1)
    elif score == "prob":
        raise ValueError(f"{type(estimator).__name__} has no predict_proba")
    else:
        found = estimator.predict(x)
    found = np.asarray(found.toarray() if hasattr(found, "toarray") else found)
    if found.ndim != 2 or found.shape[1] != n_labels:
        raise ValueError(f"y has {n_labels} labels; the estimator was fitted with another number: what it says is {list(found.shape)}")
    return found, score


def _of_label(label: int, p: Array, classes: Array) -> Array:
    """The probability that a sample has a label, of those of its values."""
    values = np.asarray(classes).tolist()
    if not set(values) <= {0, 1}:
        raise ValueError(f"output {label} of the estimator decides between {len(values)} classes; evaluate each output by itself: Evaluation({len(values)}, …)")
    return p[:, values.index(1)] if 1 in values else np.zeros(len(p))  # a label that no sample had when it was fitted


def _columns(y: Any) -> list[str] | None:
    """What the columns of a table are called."""
    return [str(name) for name in y.columns] if hasattr(y, "columns") else None


def _classes_of(estimator: Any) -> Array:
    classes = estimator.classes_
    if isinstance(classes, list) or np.ndim(classes) != 1:
        raise ValueError("the estimator gives each sample several labels: y must be what is true of each, 0 and 1 [sample, label]")
    return np.asarray(classes)


def _scores(estimator: Any, x: Any, score: Score | None, classes: Array) -> tuple[Any, Score | None]:
    if score == "logit":
        found = _decisions(estimator, x)
        if np.ndim(found) == 2 and np.shape(found)[1] != len(classes):
            raise ValueError(f"decision_function must give one value for each of the {len(classes)} classes; it gives {np.shape(found)[1]}")
        return found, "logit"
    if hasattr(estimator, "predict_proba"):
        found = estimator.predict_proba(x)
        if isinstance(found, list) or np.ndim(found) != 2 or np.shape(found)[1] != len(classes):
            raise ValueError("the estimator gives each sample several labels: y must be what is true of each, 0 and 1 [sample, label]")
        return found, "prob"
    if score == "prob":
        raise ValueError(f"{type(estimator).__name__} has no predict_proba")
    return _ids(np.asarray(estimator.predict(x)), classes), None


def _decisions(estimator: Any, x: Any) -> Any:
    if not hasattr(estimator, "decision_function"):
        raise ValueError(f"{type(estimator).__name__} has no decision_function, whose values would be the logits")
    return estimator.decision_function(x)


def _ids(y: Array, classes: Array, others: Mapping[Any, Any] | None = None) -> Array:
    """Class ids [sample]; `_NO_CLASS` for what is neither a class nor one of some other labels, whose ids are given."""
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim != 1:
        raise ValueError(f"y must hold one class for each sample, [sample]; its shape is {list(y.shape)}")
    place = {name: i for i, name in enumerate(classes.tolist())} | dict(others or {})
    return np.array([place.get(value, _NO_CLASS) for value in y.tolist()], np.int64)


def _short(names: Sequence[Any] | Array) -> str:
    return ", ".join(map(str, names[:5])) + (", …" if len(names) > 5 else "")
