"""The evaluation of an estimator: which class is which, and what its scores are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import numpy as np

from tb_plugin.schema.classes import Classes
from writers.evaluation import Evaluation
from writers.host_arrays import host_array

Array = np.ndarray[Any, Any]


def from_estimator(
    estimator: Any,
    x: Any,
    y: Any,
    *,
    labels: Classes | Iterable[str] | None = None,
    score: Literal["prob", "logit"] | None = None,
    sample_weight: Any = None,
    ids: Any = None,
    inputs: Any = None,
    **arguments: Any,
) -> Evaluation:
    """Evaluates a fitted classifier on some samples.

    Its scores are those of `predict_proba`. Without that, what `decision_function` says is a margin and no logit: unless
    `score="logit"` declares it to be one, there is a confusion matrix alone, of what `predict` says.

    Args:
        estimator: A fitted classifier, a pipeline or search that ends in one; anything with `classes_`.
        x: What it is given.
        y: What is true [sample], as it was fitted with.
        labels: Name of each class in the order of `estimator.classes_`; by default these, as texts.
        score: "logit" to take `decision_function` for the logits that it is in logistic regression.
        sample_weight, ids: As in `Evaluation.update`.
        inputs: What is kept to look at, if `examples` are asked for; by default `x`.
        **arguments: As of `Evaluation`: threshold, examples and so on.

    Raises:
        TypeError: It is no fitted classifier.
        ValueError: It decides between no classes, or gives each sample several.
    """
    classes = _classes_of(estimator)
    names = labels if labels is not None else [str(name) for name in classes.tolist()]
    scores, declared = _scores(estimator, x, score, classes)
    evaluation = Evaluation(names, score=declared, **arguments)
    if len(evaluation.classes.labels) != len(classes):
        raise ValueError(f"labels names {len(evaluation.classes.labels)} classes; the estimator knows {len(classes)}: {_short(classes)}")
    return evaluation.update(_ids(host_array(y, "y"), classes), scores, sample_weight, ids=ids, inputs=x if inputs is None else inputs)


def _classes_of(estimator: Any) -> Array:
    classes = getattr(estimator, "classes_", None)
    if classes is None:
        name = type(estimator).__name__
        if hasattr(estimator, "predict") and not hasattr(estimator, "predict_proba") and not hasattr(estimator, "decision_function"):
            raise ValueError(f"{name} decides between no classes; a regression has no evaluation of this kind yet. Log its numbers with RunWriter")
        raise TypeError(f"{name} has no classes_: pass a classifier after fit()")
    if isinstance(classes, list) or np.ndim(classes) != 1:
        raise ValueError("the estimator gives each sample several labels; evaluate them one by one: Evaluation(2, …) with the scores of each")
    return np.asarray(classes)


def _scores(estimator: Any, x: Any, score: Literal["prob", "logit"] | None, classes: Array) -> tuple[Any, Literal["prob", "logit"] | None]:
    if score not in (None, "prob", "logit"):
        raise ValueError(f'score must be "prob", "logit" or None; it is {score!r:.80}')
    if score == "logit":
        if not hasattr(estimator, "decision_function"):
            raise ValueError(f"{type(estimator).__name__} has no decision_function, whose values would be the logits")
        found = estimator.decision_function(x)
        if np.ndim(found) == 2 and np.shape(found)[1] != len(classes):
            raise ValueError(f"decision_function must give one value for each of the {len(classes)} classes; it gives {np.shape(found)[1]}")
        return found, "logit"
    if hasattr(estimator, "predict_proba"):
        found = estimator.predict_proba(x)
        if isinstance(found, list) or np.ndim(found) != 2 or np.shape(found)[1] != len(classes):
            raise ValueError("the estimator gives each sample several labels; evaluate them one by one: Evaluation(2, …) with the scores of each")
        return found, "prob"
    if score == "prob":
        raise ValueError(f"{type(estimator).__name__} has no predict_proba")
    return _ids(np.asarray(estimator.predict(x)), classes), None


def _ids(y: Array, classes: Array) -> Array:
    """Class ids [sample]; -1 for what is no class."""
    if y.ndim == 2 and y.shape[1] == 1:
        y = y[:, 0]
    if y.ndim != 1:
        raise ValueError(f"y must hold one class for each sample, [sample]; its shape is {list(y.shape)}")
    place = {name: i for i, name in enumerate(classes.tolist())}
    return np.array([place.get(value, -1) for value in y.tolist()], np.int64)


def _short(names: Sequence[Any] | Array) -> str:
    return ", ".join(map(str, names[:5])) + (", …" if len(names) > 5 else "")
