"""Precision-recall curves of TensorBoard's `pr_curves`, as PyTorch, tensorboardX and TensorBoard's own summary write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import average_precision_score, roc_auc_score
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.pr_curve import metadata
from tensorboard.util import tensor_util
from tensorboardX import SummaryWriter
from torch.utils.tensorboard import SummaryWriter as TorchWriter

from tb_plugin.adapters.pr_curves import curve_point
from tb_plugin.answer import container
from tb_plugin.schema.record import BadRecord, unpack
from tests.server.conftest import Array, Tab
from tests.server.others import write_events

SERIES = {"run": "r", "tag": "classes/cat"}
SIZE = 300


def scores() -> tuple[Array, Array]:
    """Whether each of some samples is a positive, and scores that lie at multiples of 1/200 and a little above."""
    random = np.random.default_rng(3)
    positive = random.random(SIZE) < 0.3
    return positive, np.clip(np.round(random.beta(2, 2, SIZE) * 0.7 + 0.2 * positive, 3), 0, 1)


def counts(positive: Array, score: Array, thresholds: int = 201) -> Array:
    """What TensorBoard's summary says: [6, threshold]."""
    chosen = score >= np.linspace(0, 1, thresholds)[:, None] - 1e-12
    tp, fp = (chosen & positive).sum(axis=1), (chosen & ~positive).sum(axis=1)
    with np.errstate(invalid="ignore"):
        rates = np.nan_to_num(tp / (tp + fp)), tp / positive.sum()
    return np.stack([tp, fp, (~positive).sum() - fp, positive.sum() - tp, *rates]).astype(np.float32)


def event(tensor: Array, step: int, tag: str = SERIES["tag"]) -> Any:
    """A record as TensorBoard's own summary makes it."""
    meant = metadata.create_summary_metadata("cat", "", tensor.shape[-1])
    value = summary_pb2.Summary.Value(tag=tag, metadata=meant, tensor=tensor_util.make_tensor_proto(tensor))
    return event_pb2.Event(wall_time=1.0 + step, step=step, summary=summary_pb2.Summary(value=[value]))


def test_a_curve_of_tensorboards_own_is_told_with_what_it_leaves_out(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    positive, score = scores()
    write_events(tmp_path / "r", [event(counts(positive, score), 3), event(counts(positive, 1 - score), 7)])
    tab = open_tab(tmp_path, 1)

    (series,) = tab.runs()["trainings"][0]["series"]
    assert (series["kind"], series["tag"], series["last_step"]) == ("curves", SERIES["tag"], 7)
    found = tab.arrays("/curves", **SERIES, step="5")
    point = found.segments[0]["points"][0]
    assert (point["step"], point["fields"]["classes"], point["fields"]["binned"], point["fields"]["undefined"]) == (3, "", True, [""])
    assert "at 201 thresholds from 0 to 1" in point["fields"]["limits"]
    assert found.arrays["0/positives"].tolist() == [positive.sum()]
    assert found.arrays["0/negatives"].tolist() == [(~positive).sum()]
    exact = roc_auc_score(positive, score)
    assert abs(found.arrays["0/auc"][0] - exact) <= found.arrays["0/auc_bound"][0] < 0.02
    assert_allclose(found.arrays["0/ap"], average_precision_score(positive, np.floor(score * 200 + 1e-9)), rtol=1e-6)
    assert np.isnan([found.arrays[f"0/{name}"][0] for name in ("auc_low", "auc_high", "ap_low", "ap_high")]).all()
    assert_allclose(np.trapezoid(found.arrays["0/recall"], found.arrays["0/false_positive_rate"]), found.arrays["0/auc"][0])
    for t, rate, recall, precision in zip(*(found.arrays[f"0/{name}"] for name in ("threshold", "false_positive_rate", "recall", "precision")), strict=True):
        chosen = score >= t - 1e-12
        assert_allclose((rate, recall), (chosen[~positive].mean(), chosen[positive].mean()), rtol=1e-6)
        assert_allclose(precision, positive[chosen].mean() if chosen.any() else np.nan, rtol=1e-6)
    assert [p["step"] for p in tab.arrays("/points", **SERIES).segments[0]["points"]] == [3, 7]


@pytest.mark.parametrize("writer", [SummaryWriter, TorchWriter])
def test_curves_of_pytorch_and_tensorboardx_are_read(open_tab: Callable[..., Tab], tmp_path: Path, writer: Any) -> None:
    positive, score = scores()
    with writer(str(tmp_path / "r")) as log:
        log.add_pr_curve(SERIES["tag"], positive, score, global_step=4)
    found = open_tab(tmp_path, 1).arrays("/curves", **SERIES)

    assert "at 127 thresholds" in found.segments[0]["points"][0]["fields"]["limits"]
    assert found.arrays["0/positives"].tolist() == [positive.sum()]
    assert abs(found.arrays["0/auc"][0] - roc_auc_score(positive, score)) <= found.arrays["0/auc_bound"][0]
    assert (found.arrays["0/recall"][-1], found.arrays["0/false_positive_rate"][-1]) == (1, 1)


def test_samples_at_zero_that_no_threshold_counts_are_behind_the_last_one() -> None:
    """TensorFlow's streaming summary asks for more than the threshold: of 4 positives and 4 negatives one each lies at 0."""
    found = curve_point(np.array([[3, 2], [3, 1], [1, 3], [1, 2], [0, 0], [0, 0]], float), 0, 0.0).arrays

    assert found["recall"].tolist() == [0, 0.5, 0.75, 1]
    assert found["false_positive_rate"].tolist() == [0, 0.25, 0.75, 1]
    assert found["threshold"].tolist() == [np.inf, 1, 0, 0]


@pytest.mark.parametrize(("group", "reason"), [(0, "no positives"), (1, "no negatives")])
def test_without_a_group_there_is_no_area_and_no_zero(group: int, reason: str) -> None:
    positive = np.full(10, group == 1)
    point = curve_point(counts(positive, np.linspace(0, 1, 10), 11) if group else np.nan_to_num(quiet_counts(positive)), 0, 0.0)

    assert list(point.fields["undefined"]) == [reason]
    assert np.isnan(point.arrays["auc"]).all()
    assert np.isnan(point.arrays["ap"]).tolist() == [group == 0]


def quiet_counts(positive: Array) -> Array:
    with np.errstate(all="ignore"):
        return counts(positive, np.linspace(0, 1, len(positive)), 11)


@pytest.mark.parametrize(
    ("tensor", "says"),
    [
        (np.zeros(6), "a precision-recall curve is numbers [6, threshold]; this is float64 [6]"),
        (np.zeros((5, 9)), "this is float64 [5, 9]"),
        (np.zeros((6, 1)), "this is float64 [6, 1]"),
        (np.array([b"x"]), "this is |S1 [1]"),
        (np.full((6, 3), np.nan), "its counts are negative or not finite"),
        (-np.ones((6, 3)), "its counts are negative or not finite"),
        (np.array([[3, 2], [3, 1], [1, 3], [9, 2], [0, 0], [0, 0]]), "the samples that it counts are not the same at every threshold"),
        (np.array([[2, 3], [3, 1], [1, 3], [2, 1], [0, 0], [0, 0]]), "it finds more at a higher threshold"),
    ],
)
def test_what_is_no_curve_is_a_problem_of_its_step(tensor: Array, says: str) -> None:
    with pytest.raises(BadRecord) as refused:
        curve_point(tensor, 0, 0.0)
    assert says in str(refused.value)


def test_a_damaged_curve_takes_no_other_along(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    positive, score = scores()
    write_events(tmp_path / "r", [event(counts(positive, score), 3), event(np.full((6, 3), np.nan), 4), event(np.zeros((2, 2, 2)), 5)])
    tab = open_tab(tmp_path, 1)
    found = tab.arrays("/points", **SERIES)

    assert [p["step"] for p in found.segments[0]["points"]] == [3]
    assert [p["step"] for p in found.problems] == [4, 5]
    assert tab.arrays("/curves", **SERIES).segments[0]["points"][0]["step"] == 3
    assert tab.refused("/calibration", **SERIES)[0] == 404


def test_many_thresholds_are_told_in_part() -> None:
    positive, score = scores()
    point, whole = curve_point(counts(positive, score, 5001), 0, 0.0), curve_point(counts(positive, score, 1001), 0, 0.0)

    assert len(point.arrays["recall"]) == 2000
    assert_array_equal(point.arrays["threshold"][[0, -1]], [np.inf, 0])
    assert_allclose(point.arrays["auc"], whole.arrays["auc"], atol=1e-9)


@settings(max_examples=40)
@given(arrays(st.sampled_from([np.float32, np.float64, np.int64]), st.tuples(st.integers(5, 7), st.integers(1, 4))))
def test_any_numbers_are_a_curve_that_can_be_answered_or_a_problem(tensor: Array) -> None:
    try:
        point = curve_point(tensor, 0, 0.0)
    except BadRecord:
        return
    unpack(container([point]))
