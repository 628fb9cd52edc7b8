"""Estimators of scikit-learn: what it says of them is what is written."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.metrics import accuracy_score, log_loss, mean_squared_error, multilabel_confusion_matrix, roc_auc_score
from sklearn.metrics import confusion_matrix as oracle
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from layerscope import Evaluation, MultilabelEvaluation, RegressionEvaluation
from layerscope.sklearn import from_estimator
from tb_plugin.schema.examples import Examples
from tests.test_confusion_matrix import dense
from tests.test_evaluation import curves_of, matrix_of
from tests.test_multilabel import sklearns
from tests.test_multilabel_evaluation import curves_of as label_curves_of
from tests.test_multilabel_evaluation import table_of
from tests.test_score_curves import area, one, walk
from writers import classes

iris = load_iris()
x, y = iris.data, iris.target_names[iris.target]
"""Truths are names."""
four = np.where(np.arange(150) % 50 < 5, "other", y)


def classified(*args: Any, **arguments: Any) -> Evaluation:
    found = from_estimator(*args, **arguments)
    assert isinstance(found, Evaluation)
    return found


@pytest.mark.parametrize(
    "estimator",
    [
        LogisticRegression(C=0.01, max_iter=1000),
        KNeighborsClassifier(3),
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)),
        GridSearchCV(LogisticRegression(max_iter=1000), {"C": [0.01]}),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_the_matrix_and_the_loss_are_scikit_learns(estimator: Any) -> None:
    estimator.fit(x[::2], y[::2])
    evaluation = classified(estimator, x[1::2], y[1::2])

    p = estimator.predict_proba(x[1::2])
    # Of classes that tie, scikit-learn's neighbours take another one than argmax does in some versions: so what is asked is of the scores.
    assert_array_equal(dense(matrix_of(evaluation))[:3, :3], oracle(y[1::2], estimator.classes_[p.argmax(axis=1)], labels=estimator.classes_))
    curves = curves_of(evaluation)
    assert curves.nll_sum is not None
    if not curves.clipped:
        assert_allclose(curves.nll_sum / 75, log_loss(y[1::2], p, labels=estimator.classes_), rtol=1e-9)
    assert evaluation.classes.labels == ("setosa", "versicolor", "virginica")


def test_margins_are_no_logits_unless_they_are_declared_to_be() -> None:
    margins = RidgeClassifier().fit(x, y)
    assert list(from_estimator(margins, x, y).payloads()) == ["confusion_matrix"]
    assert_array_equal(dense(matrix_of(classified(margins, x, y)))[:3, :3], oracle(y, margins.predict(x)))

    logistic = LogisticRegression(C=0.1, max_iter=1000).fit(x, y)
    by_logit, by_probability = curves_of(classified(logistic, x, y, score="logit")), curves_of(classified(logistic, x, y))
    assert by_logit.score == "logit"
    assert by_logit.nll_sum == pytest.approx(by_probability.nll_sum)
    two = LogisticRegression(max_iter=1000).fit(x, y == "setosa")
    assert curves_of(classified(two, x, y == "setosa", score="logit")).of.tolist() == [1]


def test_labels_the_estimator_does_not_know_are_dropped() -> None:
    estimator = LogisticRegression(max_iter=1000).fit(x[50:], y[50:])
    evaluation = classified(estimator, x, y, labels=["a", "b"])

    assert matrix_of(evaluation).dropped == {"label out of range": 50}
    assert evaluation.classes.labels == ("a", "b")


@pytest.mark.parametrize("names", [None, ["a", "b"]])
def test_what_is_ignored_and_unknown_is_said_of_the_labels_that_the_estimator_knows(names: Any) -> None:
    """The estimator's classes are 1 and 2; 0 is no class of it, and no id of one."""
    estimator = LogisticRegression(max_iter=1000).fit(x[50:], iris.target[50:])
    truth = iris.target.copy()
    truth[100:110], truth[140:] = 9, 7

    evaluation = classified(estimator, x, truth, labels=names, ignored=0, unknown=9)
    matrix = matrix_of(evaluation)

    assert matrix.dropped == {"ignored": 50, "label out of range": 10}
    known = np.isin(truth, [1, 2])
    assert_array_equal(dense(matrix)[:2, :2], oracle(truth[known], estimator.predict(x[known])))
    assert dense(matrix)[2].sum() == 10
    by_name = LogisticRegression(max_iter=1000).fit(x, y)
    texts = np.where(truth == 9, "?", np.where(truth == 0, "void", y))
    told = matrix_of(classified(by_name, x, texts, ignored="void", unknown="?"))
    assert told.dropped == {"ignored": 50}
    assert dense(told)[3].sum() == 10
    with pytest.raises(ValueError, match="unknown is a label that is no class; 'setosa' is one"):
        from_estimator(by_name, x, y, unknown="setosa")


def test_the_ignored_label_of_declared_classes_is_theirs() -> None:
    estimator = LogisticRegression(max_iter=1000).fit(x, iris.target)
    truth = np.where(np.arange(150) % 10 == 0, 255, iris.target)

    matrix = matrix_of(classified(estimator, x, truth, labels=classes.of(["a", "b", "c"], ignored=255)))

    assert matrix.dropped == {"ignored": 15}


def test_what_is_given_goes_on_to_the_evaluation() -> None:
    estimator = LogisticRegression(max_iter=1000).fit(x, iris.target)
    evaluation = classified(
        estimator, x, iris.target, threshold=0.9, examples=10, feature_names=iris.feature_names, ids=np.arange(150) + 1000, sample_weight=np.full(150, 2.0)
    )
    examples = evaluation.payloads()["examples"]
    assert isinstance(examples, Examples)
    assert examples.feature_names == tuple(iris.feature_names)
    assert_array_equal(examples.content.view(np.float32).reshape(-1, 4)[0], x[examples.number[0] - 1000].astype(np.float32))
    matrix = matrix_of(evaluation)
    assert matrix.weight is not None
    assert matrix.weight.sum() == 300
    assert dense(matrix)[:, 3].sum() == (estimator.predict_proba(x).max(axis=1) < 0.9).sum()
    shown = from_estimator(estimator, x, iris.target, examples=4, inputs=[f"flower {i}" for i in range(150)]).payloads()["examples"]
    assert isinstance(shown, Examples)
    assert set(shown.media) == {"text/plain"}


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (
            MultiOutputClassifier(LogisticRegression(max_iter=1000)).fit(x, np.stack([y == "setosa", y == "virginica"], axis=1)),
            "gives each sample several labels",
        ),
        (LogisticRegression(max_iter=1000), "LogisticRegression has no classes_: pass a classifier after fit()"),
        (KMeans(3, n_init=1, random_state=0).fit(x), "KMeans has no classes_: pass a classifier after fit()"),
    ],
    ids=["multi-label", "not fitted", "clusters, which are no numbers"],
)
def test_what_decides_between_no_classes_is_refused(estimator: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message.replace("(", r"\(").replace(")", r"\)")):
        from_estimator(estimator, x, iris.target if isinstance(estimator, KMeans) else y)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="has no predict_proba"):
        from_estimator(SVC().fit(x, y), x, y, score="prob")
    with pytest.raises(ValueError, match="KNeighborsClassifier has no decision_function"):
        from_estimator(KNeighborsClassifier().fit(x, y), x, y, score="logit")
    with pytest.raises(ValueError, match="labels names 2 classes; the estimator knows 3: setosa, versicolor, virginica"):
        from_estimator(LogisticRegression(max_iter=1000).fit(x, y), x, y, labels=["a", "b"])
    with pytest.raises(ValueError, match='score must be "prob"'):
        from_estimator(LogisticRegression(max_iter=1000).fit(x, y), x, y, score="margin")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="one value for each of the 4 classes; it gives 6"):
        from_estimator(SVC(decision_function_shape="ovo").fit(x, four), x, four, score="logit")
    with pytest.raises(ValueError, match=r"y must hold one class for each sample, \[sample\]; its shape is \[150, 2\]"):
        from_estimator(LogisticRegression(max_iter=1000).fit(x, y), x, np.zeros((150, 2)))


several = np.stack([x[:, 0] > 5.5, iris.target > 0, iris.target == 2], axis=1).astype(int)
"""Labels of which a flower has any number."""


@pytest.mark.parametrize(
    "estimator",
    [
        OneVsRestClassifier(LogisticRegression(max_iter=1000)),
        MultiOutputClassifier(LogisticRegression(max_iter=1000)),
        ClassifierChain(LogisticRegression(max_iter=1000), random_state=0),
        KNeighborsClassifier(9),
        RandomForestClassifier(7, max_depth=3, random_state=0),
        MLPClassifier(5, max_iter=3000, random_state=0),
        make_pipeline(StandardScaler(), OneVsRestClassifier(LogisticRegression(max_iter=1000))),
        GridSearchCV(MultiOutputClassifier(LogisticRegression(max_iter=1000)), {"estimator__C": [0.01]}),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
@pytest.mark.parametrize("form", [np.asarray, np.ndarray.tolist, csr_matrix])
def test_labels_of_several_are_scikit_learns(estimator: Any, form: Any) -> None:
    estimator.fit(x[::2], several[::2])
    evaluation = from_estimator(estimator, x[1::2], form(several[1::2]), labels=["long", "coloured", "virginica"])

    assert isinstance(evaluation, MultilabelEvaluation)
    assert evaluation.classes.labels == ("long", "coloured", "virginica")
    found, curves, said = table_of(evaluation), label_curves_of(evaluation), estimator.predict_proba(x[1::2])
    p = np.stack([each[:, 1] for each in said], axis=1) if isinstance(said, list) else said
    assert_array_equal(sklearns(found.table), multilabel_confusion_matrix(several[1::2], p > 0.5))
    assert found.wrong_count[0] / found.samples == accuracy_score(several[1::2], p > 0.5)
    assert_allclose([area(walk(one(curves, i))) for i in range(3)], roc_auc_score(several[1::2], p, average=None))


def test_labels_that_are_only_told_have_no_curves_and_margins_may_be_logits() -> None:
    margins = OneVsRestClassifier(SVC()).fit(x, several)
    told = from_estimator(margins, x, several)
    assert isinstance(told, MultilabelEvaluation)
    assert list(told.payloads()) == ["multilabel", "label_predictions"]
    assert_array_equal(sklearns(table_of(told).table), multilabel_confusion_matrix(several, margins.predict(x)))
    by_logit = from_estimator(OneVsRestClassifier(LogisticRegression(max_iter=1000)).fit(x, several), x, several, score="logit", threshold=0.4)
    assert isinstance(by_logit, MultilabelEvaluation)
    assert (table_of(by_logit).score, table_of(by_logit).threshold) == ("logit", 0.4)


def test_a_label_that_no_sample_had_is_never_told() -> None:
    never = several * [1, 1, 0]
    estimator = KNeighborsClassifier(5).fit(x, never)
    evaluation = from_estimator(estimator, x, several)

    assert isinstance(evaluation, MultilabelEvaluation)
    assert table_of(evaluation).table[2].tolist() == [0, 0, 50, 100]


def test_what_is_no_such_label_is_refused() -> None:
    classes_in_columns = np.eye(3)[iris.target]
    with pytest.raises(ValueError, match="y must hold one class for each sample"):
        from_estimator(LogisticRegression(max_iter=1000).fit(x, y), x, classes_in_columns)
    with pytest.raises(ValueError, match="y has 2 labels; the estimator was fitted with another number"):
        from_estimator(KNeighborsClassifier().fit(x, several), x, several[:, :2])
    two_outputs = np.stack([iris.target, iris.target > 0], axis=1)
    with pytest.raises(ValueError, match="output 0 of the estimator decides between 3 classes"):
        from_estimator(KNeighborsClassifier().fit(x, two_outputs), x, two_outputs)


def test_a_regressor_is_evaluated_as_one() -> None:
    estimator = make_pipeline(StandardScaler(), LinearRegression()).fit(x[:, :2], x[:, 2:])
    evaluation = from_estimator(estimator, x[:, :2], x[:, 2:], labels=["length", "width"])

    assert isinstance(evaluation, RegressionEvaluation)
    found = evaluation.payload()
    assert found.targets == ("length", "width")
    assert_allclose(found.error_squares / 150, mean_squared_error(x[:, 2:], estimator.predict(x[:, :2]), multioutput="raw_values"))
    one_target = from_estimator(LinearRegression().fit(x[:, :2], x[:, 2]), x[:, :2], x[:, 2])
    assert isinstance(one_target, RegressionEvaluation)
    assert one_target.payload().count.tolist() == [150]


def test_it_loads_no_framework() -> None:
    program = "import layerscope.sklearn, sys; print('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip() == "False"


def test_rows_are_kept_to_look_at_also_of_labels_and_numbers() -> None:
    margins = OneVsRestClassifier(LogisticRegression(max_iter=1000)).fit(x, several)
    labels = from_estimator(margins, x, several, examples=10, feature_names=[f"feature {i}" for i in range(x.shape[1])])
    numbers = from_estimator(LinearRegression().fit(x, x[:, :2]), x, x[:, :2], examples=10)
    texts = from_estimator(LinearRegression().fit(x, x[:, 0]), x, x[:, 0], examples=10, inputs=[f"row {i}" for i in range(len(x))])

    for evaluation in (labels, numbers):
        found = evaluation.payloads()["examples"]
        assert isinstance(found, Examples)
        assert set(found.media) == {"features"}
        shown = found.content.view(np.float32).reshape(len(found.media), -1)
        assert_allclose(shown, x[found.number], rtol=1e-6)
    assert len(texts.payloads()["examples"].media) == 10  # type: ignore[attr-defined]
