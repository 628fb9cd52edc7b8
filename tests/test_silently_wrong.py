"""Faults of other tools that nobody sees, a test each: from our writer through an event file and both loaders to the routes. Those of a page are in e2e."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit, softmax
from sklearn.metrics import average_precision_score, confusion_matrix, multilabel_confusion_matrix, precision_recall_curve, roc_auc_score, roc_curve

from layerscope import Evaluation, RunWriter
from layerscope import confusion_matrix as layerscope_matrix
from tb_plugin.store import Caller, Store
from tests.server.conftest import Answer, RustLoaders, Tab, read_with_python

Array = np.ndarray[Any, Any]

MANY = 60
"""Classes, more than others show."""
MISSED = 3
"""One of them that is never found."""
ABSENT = 1
"""A class of four that no sample has."""


def many() -> tuple[Array, Array]:
    """True and predicted classes: the best class has the largest confusion, and so a tool that keeps what is rarely right drops it."""
    random = np.random.default_rng(1)
    truth = random.choice(MANY, 4000, p=np.append(np.full(MANY - 1, 0.5 / (MANY - 1)), 0.5))
    predicted = np.where(random.random(4000) < 0.7, truth, random.integers(0, MANY, 4000))
    predicted[(truth == MANY - 1) & (predicted != truth)] = 7
    predicted[truth == MISSED] = MISSED + 1
    return truth, predicted


def scored() -> tuple[Array, Array]:
    """Truths and probabilities of four classes, of which one is nobody's."""
    random = np.random.default_rng(2)
    truth = random.choice([k for k in range(4) if k != ABSENT], 500)
    return truth, softmax(1.5 * np.eye(4)[truth] + random.normal(size=(500, 4)), axis=1)


def imperfect() -> tuple[Array, Array, Array]:
    """Truths, scores that are not all probabilities, and weights that are no whole numbers."""
    random = np.random.default_rng(3)
    truth = random.integers(0, 2, 400)
    p = expit(2 * truth - 1 + random.normal(size=400))
    p[::10], p[5::50], p[7::50] = np.nan, 1.5, -0.25
    return truth, p, random.random(400)


def logits() -> tuple[Array, Array]:
    """Truths and logits: those of the first batch of ten look like probabilities, later ones do not."""
    random = np.random.default_rng(4)
    truth = random.integers(0, 2, 300)
    score = 2 * random.normal(size=300) + 3 * truth - 1.5
    score[:10] = random.random(10)
    return truth, score


BATCHES = {"whole": 300, "by ten": 10, "by seven": 7, "by one": 1}


@pytest.fixture(scope="module", params=["python", "rust"])
def tab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """TensorBoard on one run a fault, with each of its loaders."""
    logdir = tmp_path_factory.mktemp("faults")
    truth, predicted = many()
    with RunWriter(logdir / "many") as run:
        run.write("v/confusion_matrix", layerscope_matrix.from_predictions(truth, predicted, n_classes=MANY), 1)
        run.write("minus one/confusion_matrix", layerscope_matrix.from_predictions(np.where(truth % 9 == 0, -1, truth), predicted, n_classes=MANY), 1)
    series = 3
    with RunWriter(logdir / "absent") as run:
        Evaluation(["ant", "bee", "cat", "dog"], score="prob").update(*scored()).write(run, "v", 1)
    with RunWriter(logdir / "imperfect") as run:
        truth, p, weight = imperfect()
        Evaluation(["no", "yes"], score="prob").update(truth, p, weight).write(run, "v", 1)
    truth, score = logits()
    for name, size in BATCHES.items():
        with RunWriter(logdir / name) as run:
            evaluation = Evaluation(["no", "yes"], score="logit")
            for start in range(0, len(truth), size):
                evaluation.update(truth[start : start + size], score[start : start + size])
            evaluation.write(run, "v", 1)
    series += (2 + len(BATCHES)) * 4  # classes, matrix, curves and predictions; samples are told with the latter
    if request.param == "python":
        yield Tab(read_with_python(logdir))
        return
    with closing(RustLoaders()) as rust:
        provider, deadline = rust.read(logdir), time.monotonic() + 20
        while len(Store(provider).listing(Caller.local())) < series:
            assert time.monotonic() < deadline, "the Rust loader found less than was logged"
        yield Tab(provider)


def point(answer: Answer) -> dict[str, Any]:
    """The fields of the one point."""
    (segment,) = answer.segments
    (found,) = segment["points"]
    fields: dict[str, Any] = found["fields"]
    return fields


def matrix(tab: Tab, run: str, tag: str = "v", of: str = "count") -> tuple[Array, dict[str, int]]:
    """Cells [true, predicted], abstentions and unknown truth last, and what was dropped."""
    answer = tab.arrays("/points", run=run, tag=f"{tag}/confusion_matrix")
    row_end, column, value = (answer.arrays[f"0/{name}"] for name in ("row_end", "column", of))
    cells = np.zeros((len(row_end), len(row_end)))
    cells[np.repeat(np.arange(len(row_end)), np.diff(row_end, prepend=0)), column] = value
    return cells, point(answer)["dropped"]


def places(x: Array, y: Array) -> set[tuple[float, float]]:
    """Points, to nine decimals."""
    return {*zip(np.round(x, 9).tolist(), np.round(y, 9).tolist(), strict=True)}


def curve(tab: Tab, run: str, *classes: int) -> Answer:
    """The drawn curves of classes."""
    return tab.arrays("/curves", run=run, tag="v/score_curves", **({"classes": ",".join(map(str, classes))} if classes else {}))


def test_no_class_is_dropped_however_many_there_are(tab: Tab) -> None:
    """Comet keeps the 25 classes with the fewest right predictions and drops the others without a word."""
    truth, predicted = many()
    expected = confusion_matrix(truth, predicted, labels=range(MANY))
    found, dropped = matrix(tab, "many")

    assert_array_equal(found[:MANY, :MANY], expected)
    assert found.sum() + sum(dropped.values()) == len(truth)
    off = expected - np.diag(np.diag(expected))
    kept_by_comet = np.argsort(np.diag(expected), kind="stable")[:25]
    assert not set(np.unravel_index(off.argmax(), off.shape)) <= set(kept_by_comet), "the case is one in which Comet loses the largest confusion"


def test_a_label_of_minus_one_is_no_class(tab: Tab) -> None:
    """Comet counts it in the last class, as an index of Python would."""
    truth, predicted = many()
    is_class = truth % 9 != 0
    found, dropped = matrix(tab, "many", "minus one")

    assert_array_equal(found[:MANY, :MANY], confusion_matrix(truth[is_class], predicted[is_class], labels=range(MANY)))
    assert dropped == {"label out of range": np.count_nonzero(~is_class)}


def test_a_class_that_nobody_is_moves_no_other_classs_curve(tab: Tab) -> None:
    """W&B draws the ROC curve of each later class from another class's scores."""
    truth, p = scored()
    areas = curve(tab, "absent")
    of = areas.arrays["0/of"].tolist()

    for k in range(4):
        auc, ap = (areas.arrays[f"0/{name}"][of.index(k)] for name in ("auc", "ap"))
        if k == ABSENT:
            assert np.isnan([auc, ap]).all()
            assert point(areas)["undefined"][of.index(k)] == "no positives"
            continue
        assert_allclose([auc, ap], [roc_auc_score(truth == k, p[:, k]), average_precision_score(truth == k, p[:, k])], rtol=1e-12)
        drawn = curve(tab, "absent", k).arrays
        false_positive_rate, recall, _ = roc_curve(truth == k, p[:, k], drop_intermediate=False)
        assert places(drawn["0/false_positive_rate"], drawn["0/recall"]) <= places(false_positive_rate, recall)


def test_precision_may_fall_and_rise_along_recall(tab: Tab) -> None:
    """W&B has 21 points, and makes precision monotone."""
    truth, p = scored()
    k = 2
    drawn = curve(tab, "absent", k).arrays
    precision, recall, _ = precision_recall_curve(truth == k, p[:, k])
    known = ~np.isnan(drawn["0/precision"])
    found = drawn["0/precision"][known]

    assert places(drawn["0/recall"][known], found) <= places(recall, precision)
    assert len(found) > 21
    assert (np.diff(found) > 0).any()
    assert (np.diff(found) < 0).any()


def test_a_class_that_is_never_found_stays(tab: Tab) -> None:
    """FiftyOne leaves a class with a recall of 0 out."""
    truth, _ = many()
    found, _ = matrix(tab, "many")
    order = json.loads(tab.get("/order", {"run": "many", "tag": "v/confusion_matrix"}).get_data())["order"]

    assert found[MISSED, MISSED] == 0
    assert found[MISSED].sum() == np.count_nonzero(truth == MISSED) > 0
    assert sorted(order) == list(range(MANY))


def test_true_negatives_are_all_that_is_neither_of_the_class_nor_taken_for_it(tab: Tab) -> None:
    """Neo takes those alone that are right as another class; a sample that is wrong as another is left out."""
    truth, p = scored()
    decided = p.argmax(axis=1)
    cells, _ = matrix(tab, "absent")
    counted = multilabel_confusion_matrix(truth, decided, labels=range(4))

    for k in (0, 2, 3):
        drawn = curve(tab, "absent", k).arrays
        assert drawn["0/negatives"][0] == counted[k, 0].sum()
        for at in np.flatnonzero(np.isfinite(drawn["0/threshold"]))[::25]:
            called = p[:, k] >= drawn["0/threshold"][at] * (1 - 1e-9)
            ((negative, _), _) = confusion_matrix(truth == k, called)
            assert drawn["0/negatives"][0] * (1 - drawn["0/false_positive_rate"][at]) == pytest.approx(negative)
        assert cells.sum() - cells[k].sum() - cells[:, k].sum() + cells[k, k] == counted[k, 0, 0]
        assert counted[k, 0, 0] > np.trace(cells) - cells[k, k], "the case is one in which the sum of the other diagonals is another number"


def test_scores_that_are_none_are_counted_and_not_lost(tab: Tab) -> None:
    """TensorBoard's PR curves lose what is NaN or outside [0, 1], and say nothing."""
    truth, p, _ = imperfect()
    expected = {"score not finite": int(np.isnan(p).sum()), "score not a probability": int(((p < 0) | (p > 1)).sum())}
    cells, dropped = matrix(tab, "imperfect")

    assert cells.sum() + sum(dropped.values()) == len(truth)
    assert sorted(dropped.values()) == sorted(expected.values())
    assert dropped["score not finite"] == expected["score not finite"]
    told = tab.arrays("/calibration", run="imperfect", tag="v/score_curves")
    assert point(told)["samples"] == cells.sum()


def test_weights_keep_their_fractions(tab: Tab) -> None:
    """TensorBoard's PR curves make whole numbers of weights: here all of them would be 0."""
    truth, p, weight = imperfect()
    good = (p >= 0) & (p <= 1)
    truth, p, weight = truth[good], p[good], weight[good]
    weights, _ = matrix(tab, "imperfect", of="weight")
    areas = curve(tab, "imperfect").arrays

    assert_allclose(weights[:2, :2], confusion_matrix(truth, p > 0.5, sample_weight=weight), rtol=1e-12)
    assert_allclose(areas["0/auc"][0], roc_auc_score(truth, p, sample_weight=weight), rtol=1e-12)
    assert_allclose(areas["0/ap"][0], average_precision_score(truth, p, sample_weight=weight), rtol=1e-12)


def test_what_scores_are_is_declared_and_not_told_from_each_batch(tab: Tab) -> None:
    """torchmetrics puts a batch through a sigmoid if one of its values is no probability: the area depends on the batches."""
    truth, score = logits()
    is_probability = [((each >= 0) & (each <= 1)).all() for each in np.split(score, 30)]
    assert any(is_probability)
    assert not all(is_probability)

    found = {name: curve(tab, name).arrays["0/auc"].tolist() for name in BATCHES}
    assert all(areas == found["whole"] for areas in found.values())
    assert_allclose(found["whole"][0], roc_auc_score(truth, score), rtol=1e-13)
    cells = [matrix(tab, name)[0] for name in BATCHES]
    assert_array_equal(cells, [cells[0]] * len(cells))


def test_an_area_that_is_undefined_is_not_zero(tab: Tab) -> None:
    """scikit-learn and torchmetrics tell 0 of it, as of a class that is always missed."""
    areas = curve(tab, "absent")
    at = areas.arrays["0/of"].tolist().index(ABSENT)

    for name in ("auc", "auc_low", "auc_high", "ap"):
        assert np.isnan(areas.arrays[f"0/{name}"][at]), name
    assert point(areas)["undefined"][at] == "no positives"
    truth, p = scored()
    others = [roc_auc_score(truth == k, p[:, k]) for k in range(4) if k != ABSENT]
    mean = areas.arrays["0/of"].tolist().index(-2)
    assert_allclose(areas.arrays["0/auc"][mean], np.mean(others), rtol=1e-12)
