"""What is told of the labels of each sample: counted together, it is the table of `multilabel`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import log_loss

from tb_plugin.schema.examples import Examples
from tb_plugin.schema.label_predictions import LabelPredictions
from tb_plugin.schema.multilabel import Multilabel
from tb_plugin.schema.samples import Samples
from writers import MultilabelEvaluation, label_predictions, multilabel_evaluation, samples

Array = np.ndarray[Any, Any]
UNKNOWN = -1


def told_of(evaluation: MultilabelEvaluation) -> tuple[LabelPredictions, Multilabel]:
    found = evaluation.payloads()
    told, table = found["label_predictions"], found["multilabel"]
    assert isinstance(told, LabelPredictions)
    assert isinstance(table, Multilabel)
    return told, table


def codes(told: LabelPredictions, size: int) -> Array:
    """What became of each label of each sample, [sample, label]: 0 rightly not told; -2 where the sample does not count."""
    found = np.where(told.kept[:, None], 0, -2) * np.ones((1, size), np.int64)
    sample = np.repeat(np.arange(len(told.kept)), np.diff(told.entry_end, prepend=0))
    found[sample, told.label] = told.became
    return found


truths = st.sampled_from([0.0, 0.0, 1.0, 1.0, float(UNKNOWN), np.nan, 2.0])
logits = st.sampled_from([-30.0, -1.5, 0.0, 0.25, 3.0, 800.0, np.nan, np.inf])
cases = st.integers(1, 4).flatmap(
    lambda size: st.lists(
        st.tuples(
            st.lists(truths, min_size=size, max_size=size), st.lists(logits, min_size=size, max_size=size), st.sampled_from([0.0, 0.5, 1.0, -1.0, np.nan])
        ),
        min_size=1,
        max_size=12,
    )
)


@given(cases)
def test_every_decision_is_told_as_it_is_counted(case: list[tuple[list[float], list[float], float]]) -> None:
    truth, scores, weight = (np.array(column) for column in zip(*case, strict=True))
    size = truth.shape[1]
    told, table = told_of(MultilabelEvaluation(size, score="logit", ignored=UNKNOWN).update(truth, scores, weight))

    found = codes(told, size)
    counted = np.stack([np.count_nonzero(found == code, axis=0) for code in (3, 2, 1, 0)], axis=1)
    assert_array_equal(counted, table.table)
    assert_array_equal(np.count_nonzero(found == -1, axis=0), table.unknown + table.left_out)
    assert np.count_nonzero(~told.kept) == sum(told.dropped.values())
    assert told.dropped == table.dropped
    counts = (found == 1) | (found == 2)
    has_any = (found >= 0).any(axis=1)
    assert_array_equal(np.bincount(counts.sum(axis=1)[has_any], minlength=len(table.wrong_count)), table.wrong_count)
    for a in range(size):
        for b in range(size):
            if a != b:
                start = table.row_end[a - 1] if a else 0
                own = dict(zip(table.column[start : table.row_end[a]], table.count[start : table.row_end[a]], strict=True))
                assert own.get(b, 0) == np.count_nonzero((found[:, a] == 1) & (found[:, b] == 2)), "the swaps of the table"


@given(cases, st.integers(0, 12), st.booleans())
def test_parts_merge_to_the_whole(case: list[tuple[list[float], list[float], float]], cut: int, is_named: bool) -> None:
    truth, scores, weight = (np.array(column) for column in zip(*case, strict=True))
    ids = np.array([f"s{i}" for i in range(len(truth))])

    def of(rows: slice, into: MultilabelEvaluation | None = None) -> MultilabelEvaluation:
        evaluation = into or MultilabelEvaluation(truth.shape[1], score="logit", ignored=UNKNOWN)
        return evaluation.update(truth[rows], scores[rows], weight[rows], ids=ids[rows].tolist() if is_named else None)

    whole, _ = told_of(of(slice(None)))
    merged, _ = told_of(of(slice(0, cut)).merge(of(slice(cut, None))))
    batched, _ = told_of(of(slice(cut, None), of(slice(0, cut))))
    for part in (merged, batched):
        for name, content in vars(whole).items():
            if isinstance(content, np.ndarray):
                assert_array_equal(getattr(part, name), content, name)
        assert isinstance(whole.samples, Samples)
        assert isinstance(part.samples, Samples)
        assert part.samples.ids == whole.samples.ids


def test_a_sample_that_comes_again_is_told_once_also_when_workers_merge() -> None:
    first = MultilabelEvaluation(2, score="prob").update([[1, 0], [0, 1]], [[0.2, 0.7], [0.1, 0.9]], ids=["a", "b"])
    second = MultilabelEvaluation(2, score="prob").update([[0, 1], [1, 1]], [[0.1, 0.9], [0.9, 0.4]], ids=["b", "c"])
    told, _ = told_of(first.merge(second))

    assert isinstance(told.samples, Samples)
    assert told.samples.ids == ("a", "b", "c")
    assert codes(told, 2).tolist() == [[1, 2], [0, 3], [3, 1]]
    assert told.probability is not None
    assert (told.probability / 65536).round(3).tolist() == [0.2, 0.7, 0.9, 0.9, 0.4]


def test_the_loss_is_scikit_learns() -> None:
    random = np.random.default_rng(3)
    truth, p = random.integers(0, 2, (50, 4)), random.uniform(0.001, 0.999, (50, 4))
    told, _ = told_of(MultilabelEvaluation(4, score="prob").update(truth, p))

    expected = [log_loss(t, q, labels=[0, 1]) for t, q in zip(truth, p, strict=True)]
    assert_allclose(told.loss, expected, rtol=1e-3)


def test_without_scores_the_loss_is_the_share_of_labels_that_are_wrong() -> None:
    told, _ = told_of(
        MultilabelEvaluation(3, score=None, ignored=UNKNOWN).update([[1, 0, 1], [UNKNOWN, 0, 0], [UNKNOWN] * 3], [[1, 1, 0], [1, 0, 0], [0, 0, 0]])
    )

    assert told.probability is None
    assert_array_equal(told.loss, np.array([2 / 3, 0, np.nan], np.float16))


def test_of_very_many_samples_or_labels_they_are_told_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multilabel_evaluation, "MOST_ENTRIES", 3)
    few, many = ([[1, 0]] * 3, [[1, 0]] * 4)

    def kinds(truth: list[list[int]], **arguments: Any) -> set[str]:
        return set(MultilabelEvaluation(2, score=None, **arguments).update(truth, truth).payloads())

    assert "label_predictions" in kinds(few)
    assert "label_predictions" not in kinds(many)
    assert "label_predictions" in kinds(many, predictions=True)
    assert "label_predictions" not in kinds(few, predictions=False)


def test_examples_are_the_worst_samples_some_by_lot_and_one_right_of_each_label() -> None:
    random = np.random.default_rng(1)
    truth = (random.random((400, 3)) < 0.4).astype(int)
    scores = random.normal(size=(400, 3)) + 2 * truth - 1
    ids = [f"id {i}" for i in range(400)]
    evaluation = MultilabelEvaluation(3, score="logit", examples=40)
    for start in range(0, 400, 37):
        cut = slice(start, start + 37)
        evaluation.update(truth[cut], scores[cut], ids=ids[cut], inputs=[f"text {i}" for i in range(400)[cut]])
    found = evaluation.payloads()["examples"]
    assert isinstance(found, Examples)
    assert found.ids is not None

    wrong = ((scores > 0) != (truth == 1)).any(axis=1)
    loss = np.logaddexp(0, np.where(truth == 1, -scores, scores)).mean(axis=1)
    worst = np.flatnonzero(wrong)[np.argsort(-loss[wrong])[:15]]
    assert {ids[i] for i in worst} <= set(found.ids)
    right = [i for i in range(400) if ids[i] in found.ids and not wrong[i]]
    assert sorted(int(truth[i].argmax()) if truth[i].any() else 3 for i in right) == [0, 1, 2, 3]
    assert len(found.ids) == 30 + 4
    content = bytes(found.content).decode()
    assert content.startswith("text " + found.ids[0].split()[1])


def test_what_does_not_fit_is_named() -> None:
    with pytest.raises(ValueError, match=r"code and log_odds must be \[sample, label\], \[2, 3\]; their shapes are \[\[2, 2\]\]"):
        label_predictions.of(samples.of([-1, -1]), [[0, 1], [1, 0]], labels=3)
    with pytest.raises(ValueError, match="inputs must be one for each of the 1 samples; there are 2"):
        MultilabelEvaluation(2, score=None, examples=True).update([[0, 1]], [[0, 1]], inputs=["a", "b"])
    with pytest.raises(ValueError, match="merge when their arguments are the same"):
        MultilabelEvaluation(2, score=None).merge(MultilabelEvaluation(2, score=None, examples=5))


def test_a_payload_is_made_of_plain_arrays() -> None:
    found = label_predictions.of(samples.of([-1, -1], ids=["a", "b"]), [[3, 0], [1, 2]], [[2.0, -1.0], [-3.0, 0.5]], labels=["x", "y"], kept=[True, False])

    assert found.entry_end.tolist() == [1, 1]
    assert found.probability is not None
    assert found.probability.tolist() == [int(65536 / (1 + np.exp(-2.0)))]
    assert np.isnan(found.loss).tolist() == [False, True]
