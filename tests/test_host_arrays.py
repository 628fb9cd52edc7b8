"""Arrays of any framework, as its users have them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from layerscope import Evaluation, MultilabelEvaluation, RegressionEvaluation
from tests.test_confusion_matrix import dense
from tests.test_evaluation import matrix_of
from writers.host_arrays import host_array

VALUES = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])
GIVEN = torch.tensor(VALUES, requires_grad=True)


@pytest.mark.parametrize(
    "given",
    [
        list(GIVEN),
        tuple(GIVEN.float()),
        GIVEN.bfloat16(),
        GIVEN.detach().to(torch.float8_e5m2),
        torch._neg_view(-GIVEN.detach()),
        torch.complex(GIVEN, GIVEN).conj().real,
        GIVEN.T.contiguous().T,
        GIVEN.detach().half()[:, [0, 1, 2]],
    ],
    ids=["list", "tuple", "bfloat16", "float8", "negative view", "conjugate view", "turned", "chosen"],
)
def test_tensors_of_torch_are_read_whatever_they_are_views_of(given: Any) -> None:
    np.testing.assert_array_equal(host_array(given, "scores"), VALUES)


def test_lists_of_tensors_as_loaders_give_them_are_evaluated() -> None:
    truth, labels = [torch.tensor(0), torch.tensor(1)], [torch.tensor([1, 0, 1]), torch.tensor([0, 1, 0])]

    assert dense(matrix_of(Evaluation(3, score="logit").update(truth, list(GIVEN))))[:2, :2].tolist() == [[1, 0], [0, 1]]
    assert MultilabelEvaluation(3, score="logit").update(labels, list(GIVEN)).samples == 2
    assert RegressionEvaluation(3).update(list(GIVEN), list(GIVEN)).payload().error_squares.tolist() == [0, 0, 0]


@pytest.mark.parametrize("values", [VALUES.astype(object), [[True, 2, 0.5], [np.float32(1), None, 3]]], ids=["numbers", "mixed"])
def test_objects_that_are_numbers_are_numbers(values: Any) -> None:
    """As a table has them whose columns are of several types."""
    given = np.array(values, object)
    labels = np.array([[True, 1, 0.0], [np.int64(1), 0, False]], object)

    found = RegressionEvaluation(3).update(given, np.zeros((2, 3))).payload()
    table = MultilabelEvaluation(3, score="logit").update(labels, given).payloads()["multilabel"]

    np.testing.assert_array_equal(found.absolute, np.nansum(np.abs(given.astype(np.float64)), axis=0))
    assert table.table.sum() + table.left_out.sum() == 6  # type: ignore[attr-defined]
    assert table.left_out.sum() == np.isnan(given.astype(np.float64)).sum()  # type: ignore[attr-defined]


@pytest.mark.parametrize("values", [[["0.5", 1.0]], [[object(), 1.0]], [[1j, 1.0]]], ids=["text", "object", "complex"])
def test_other_objects_are_refused(values: Any) -> None:
    given = np.array(values, object)
    with pytest.raises(TypeError, match="must be"):
        RegressionEvaluation(2).update(given, np.zeros((1, 2)))
    with pytest.raises(TypeError, match="must be"):
        MultilabelEvaluation(2, score="logit").update(np.zeros((1, 2)), given)
    with pytest.raises(TypeError, match="must be"):
        Evaluation(2, score="logit").update([0], given)
