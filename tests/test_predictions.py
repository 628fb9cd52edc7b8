"""Predictions of each sample: against NumPy and scikit-learn on the same scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import top_k_accuracy_score

from tb_plugin.schema.predictions import Predictions
from tests.test_score_curves import log_odds, softmax
from writers import confusion_matrix, predictions, samples

Array = np.ndarray[Any, Any]


def predicted(found: Predictions, truth: Array) -> Array:
    return np.where(found.predicted == 0, truth, found.predicted - 1)


@st.composite
def evaluations(draw: st.DrawFn) -> tuple[int, Array, Array]:
    """K, truths and probabilities; many scores tie."""
    k, n = draw(st.integers(2, 7)), draw(st.integers(0, 12))
    logits = np.array(draw(st.lists(st.lists(st.integers(-2, 2), min_size=k, max_size=k), min_size=n, max_size=n)), np.float64).reshape(n, k)
    return k, np.array(draw(st.lists(st.integers(0, k - 1), min_size=n, max_size=n)), np.int64), softmax(logits)


@given(evaluations())
@settings(max_examples=100)
def test_predictions_are_numpys_and_ranks_are_scikit_learns(drawn: tuple[int, Array, Array]) -> None:
    k, truth, p = drawn
    found = predictions.of(samples.of(truth), log_odds(p), labels=k)

    assert_array_equal(predicted(found, truth), p.argmax(axis=1))
    assert found.kept.all()
    for top in range(1, k):
        # Where scores tie, scikit-learn takes the higher id and we the lower one, as argmax does.
        wanted = (np.argsort(-p, axis=1, kind="stable")[:, :top] == truth[:, None]).any(axis=1)
        assert_array_equal(found.rank <= top, wanted)
    order = np.argsort(-p[found.ranked], axis=1, kind="stable")[:, :5]
    assert_array_equal(found.top[:, : order.shape[1]], order)
    assert (found.top[:, order.shape[1] :] == -1).all()
    assert (np.diff(found.loss[found.ranked].astype(float)) <= 0).all()
    assert len(found.ranked) == len(truth)


def test_top_k_accuracy_is_scikit_learns() -> None:
    random = np.random.default_rng(8)
    truth, p = random.integers(0, 9, 400), softmax(random.normal(size=(400, 9)))
    found = predictions.of(samples.of(truth), log_odds(p), labels=9, most_ranked=10)

    for k in (1, 3, 5):
        assert_allclose((found.rank <= k).mean(), top_k_accuracy_score(truth, p, k=k))
    assert_allclose(found.loss.astype(float), -np.log(p[np.arange(400), truth]), rtol=1e-3)
    assert found.ranked.tolist() == np.argsort(p[np.arange(400), truth])[:10].tolist()


def test_a_threshold_of_whole_steps_compares_what_is_stored_exactly() -> None:
    p = np.array([0, 1 / 65536, 0.5, np.nextafter(0.5, 0), 1])
    stored = predictions.in_steps(p)

    assert stored.tolist() == [0, 1, 32768, 32767, 65535]
    for k in range(65536):
        if k in (1, 2, 32767, 32768, 65535):
            assert_array_equal(stored >= k, p >= k / 65536)


@pytest.mark.parametrize("columns", [1, 2])
def test_two_classes_tell_of_the_positive_one(columns: int) -> None:
    p = np.array([0.9, 0.5, 0.2, 0.6])
    odds = log_odds(p) if columns == 1 else np.stack([-log_odds(p), log_odds(p)], axis=1)
    found = predictions.of(samples.of([1, 1, 0, 0]), odds, labels=2, threshold=0.55)

    assert_array_equal(found.confidence, np.floor(p * 65536))
    assert found.predicted.tolist() == [0, 3, 0, 2]
    assert found.rank.tolist() == [1, 2, 1, 2]
    assert found.top[:, :2].tolist()[0] == [1, 0]
    assert_allclose(found.loss.astype(float), -np.log([0.9, 0.5, 0.8, 0.4]), rtol=1e-3)


def test_what_is_not_kept_is_not_told_of_and_unknown_truths_are_predicted() -> None:
    odds = np.array([[1.0, 0, 0], [np.nan, 0, 0], [0, 1, 0], [0, 0, 1]])
    found = predictions.of(samples.of([0, 1, -1, 3]), odds, labels=3, kept=[True, False, True, True], dropped={"score not finite": 1})

    assert found.kept.tolist() == [True, False, False, True]
    assert found.predicted.tolist() == [0, 0, 0, 3]
    assert found.rank.tolist() == [1, 0, 0, 0]
    assert np.isnan(found.loss).tolist() == [False, True, True, True]
    assert found.ranked.tolist() == [0]


def test_they_say_what_the_confusion_matrix_says() -> None:
    random = np.random.default_rng(9)
    truth, logits = random.integers(0, 6, 300), random.normal(size=(300, 6))
    found = predictions.of(samples.of(truth), log_odds(softmax(logits)), labels=6, threshold=0.4)
    matrix = confusion_matrix.from_scores(truth, logits, score="logit", n_classes=6, threshold=0.4)

    counts = np.zeros((7, 7), np.int64)
    np.add.at(counts, (truth, predicted(found, truth)), 1)
    rows = np.repeat(np.arange(7), np.diff(matrix.row_end, prepend=0))
    assert_array_equal(counts[rows, matrix.column], matrix.count)
    assert matrix.count.sum() == counts.sum()


def test_log_odds_of_other_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="log_odds must be of the 2 samples; they are of 3"):
        predictions.of(samples.of([0, 1]), np.zeros((3, 4)), labels=4)
