"""Evaluations of labels that are decided one by one: curves against scikit-learn, merging, and samples that come twice."""

from __future__ import annotations

import pickle
import tracemalloc
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from layerscope import MemorySink, MultilabelEvaluation, RunWriter
from tb_plugin.schema import record
from tb_plugin.schema.multilabel import Multilabel
from tb_plugin.schema.score_curves import MICRO, ScoreCurves
from tests.test_evaluation import assert_equal_payloads
from tests.test_multilabel import UNKNOWN, Array, Case, cases
from tests.test_score_curves import area, average_precision, one, walk
from writers.evaluation import TWICE
from writers.score_vertices import Vertices


def evaluated(case: Case, cut: slice = slice(None), *, weighted: bool = False, ids: Any = None, **arguments: Any) -> MultilabelEvaluation:
    truth, logits, weight = case
    given = {"score": "logit", "ignored": UNKNOWN, **arguments}
    evaluation = MultilabelEvaluation(truth.shape[1], **given)
    return evaluation.update(truth[cut], logits[cut], weight[cut] if weighted else None, ids=None if ids is None else ids[cut])


def table_of(evaluation: MultilabelEvaluation) -> Multilabel:
    found = evaluation.payloads()["multilabel"]
    assert isinstance(found, Multilabel)
    return found


def curves_of(evaluation: MultilabelEvaluation) -> ScoreCurves:
    found = evaluation.payloads()["score_curves"]
    assert isinstance(found, ScoreCurves)
    return found


def assert_same(first: MultilabelEvaluation, second: MultilabelEvaluation) -> None:
    """What is counted is the same; sums of real numbers up to rounding."""
    for kind, payload in first.payloads().items():
        assert_equal_payloads(payload, second.payloads()[kind])


def drawn(n: int = 400, k: int = 5, seed: int = 0) -> tuple[Array, Array]:
    """Truths and logits; scores of one decimal tie."""
    random = np.random.default_rng(seed)
    truth = random.random((n, k)) < 0.3
    return truth.astype(np.int64), np.round(random.normal(size=(n, k)) + truth, 1)


@pytest.mark.parametrize("weighted", [False, True])
def test_areas_are_scikit_learns(weighted: bool) -> None:
    truth, logits = drawn()
    weight = np.random.default_rng(1).integers(0, 4, len(truth)) / 4 if weighted else None

    curves = curves_of(MultilabelEvaluation(5, score="logit").update(truth, logits, weight))

    walks = [walk(one(curves, i)) for i in range(6)]
    assert curves.of.tolist() == [0, 1, 2, 3, 4, MICRO]
    areas, precisions = np.array([area(each) for each in walks]), np.array([average_precision(each) for each in walks])
    for mine, oracle in [(areas, roc_auc_score), (precisions, average_precision_score)]:
        assert_allclose(mine[:5], oracle(truth, logits, average=None, sample_weight=weight), rtol=1e-12)
        assert_allclose(mine[5], oracle(truth, logits, average="micro", sample_weight=weight), rtol=1e-12)
        assert_allclose(mine[:5].mean(), oracle(truth, logits, average="macro", sample_weight=weight), rtol=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_losses_and_confidence_are_those_of_each_decision(weighted: bool) -> None:
    truth, logits = drawn()
    truth[::7, 2] = UNKNOWN
    weight = np.random.default_rng(1).integers(0, 4, len(truth)) / 4 if weighted else None

    curves = curves_of(MultilabelEvaluation(5, score="logit", ignored=UNKNOWN).update(truth, logits, weight))

    counts = truth != UNKNOWN
    p, its = 1 / (1 + np.exp(-logits[counts])), None if weight is None else np.broadcast_to(weight[:, None], truth.shape)[counts]
    total = curves.samples if its is None else curves.weight_sum
    assert total is not None
    assert curves.brier_sum is not None
    assert curves.nll_sum is not None
    assert curves.samples == counts.sum()
    assert_allclose(curves.nll_sum / total, log_loss(truth[counts], p, sample_weight=its))
    assert_allclose(curves.brier_sum / total, brier_score_loss(truth[counts], p, sample_weight=its))
    assert curves.bin_right.sum() == (truth == 1).sum()
    assert curves.bin_wrong.sum() == (truth == 0).sum()
    assert_allclose(curves.bin_confidence.sum(), p.sum() if its is None else its @ p)


@given(cases(), st.booleans())
@settings(max_examples=60)
def test_each_curve_has_the_decisions_of_its_label(case: Case, weighted: bool) -> None:
    evaluation = evaluated(case, weighted=weighted)
    table, curves = table_of(evaluation), curves_of(evaluation)

    positives, negatives = table.table[:, [0, 2]].sum(axis=1), table.table[:, [1, 3]].sum(axis=1)
    for curve, id_ in enumerate(curves.of):
        v = one(curves, curve)
        assert v.positives.sum() == (positives.sum() if id_ == MICRO else positives[id_])
        assert v.between.sum() + v.ties.sum() + v.after == (negatives.sum() if id_ == MICRO else negatives[id_])
    assert curves.samples == table.table.sum()
    assert curves.dropped == table.dropped
    assert (table.samples + sum(table.dropped.values())) == evaluation.samples == len(case[0])


@pytest.mark.parametrize("exact_bytes", [10**9, 0], ids=["exact", "binned"])
@given(cases(), st.booleans(), st.booleans(), st.data())
@settings(max_examples=40)
def test_parts_merge_to_the_whole_in_any_grouping(exact_bytes: int, case: Case, weighted: bool, named: bool, data: st.DataObject) -> None:
    n = len(case[0])
    ids = [f"sample {i}" for i in range(n)] if named else None
    cuts = sorted(data.draw(st.lists(st.integers(0, n), min_size=2, max_size=2)))
    slices = [slice(0, cuts[0]), slice(*cuts), slice(cuts[1], n)]

    def part(cut: slice) -> MultilabelEvaluation:
        sent: MultilabelEvaluation = pickle.loads(pickle.dumps(evaluated(case, cut, weighted=weighted, ids=ids, exact_bytes=exact_bytes)))
        return sent

    whole = evaluated(case, weighted=weighted, ids=ids, exact_bytes=exact_bytes)
    by_batch = evaluated(case, slice(0), ids=None, exact_bytes=exact_bytes)
    for cut in slices:
        by_batch.update(case[0][cut], case[1][cut], case[2][cut] if weighted else None, ids=None if ids is None else ids[cut])
    a, b, c = map(part, slices)
    assert_same(whole, a.merge(b).merge(c))
    a, b, c = map(part, slices)
    assert_same(whole, a.merge(b.merge(c)))
    assert_same(whole, by_batch)


@given(cases(), st.booleans(), st.booleans(), st.data())
@settings(max_examples=60)
def test_a_sample_that_comes_twice_counts_once(case: Case, weighted: bool, texts: bool, data: st.DataObject) -> None:
    n = len(case[0])
    start, stop = sorted(data.draw(st.lists(st.integers(0, n), min_size=2, max_size=2)))
    ids: Any = [str(i) for i in range(n)] if texts else np.arange(n)
    whole = evaluated(case, weighted=weighted, ids=ids)

    # Samples from `start` to `stop` are both here and there.
    here, there = (evaluated(case, cut, weighted=weighted, ids=ids) for cut in (slice(0, stop), slice(start, n)))
    merged = here.merge(there)
    again = evaluated(case, weighted=weighted, ids=ids).update(case[0], case[1], case[2] if weighted else None, ids=ids)

    expected = table_of(whole)
    for evaluation, twice in [(merged, slice(start, stop)), (again, slice(0, n))]:
        found = table_of(evaluation)
        assert_array_equal(found.table, expected.table)
        assert_array_equal(found.wrong_count, expected.wrong_count)
        kept = np.isfinite(case[2][twice]) & (case[2][twice] >= 0) if weighted else np.ones(len(case[0][twice]), bool)
        assert found.dropped.get(TWICE, 0) == kept.sum()
        first, second = curves_of(evaluation), curves_of(whole)
        for name in ("after", "vertex_end", "threshold", "between", "positives", "ties", "bin", "bin_right", "bin_wrong"):
            assert_array_equal(getattr(first, name), getattr(second, name), name)
        for name in ("nll_sum", "brier_sum"):
            assert getattr(first, name) == pytest.approx(getattr(second, name), rel=1e-12, abs=1e-12)
    assert merged.samples == n + stop - start


def test_what_cannot_be_taken_out_again_is_refused() -> None:
    truth, logits = drawn(20)
    for arguments in ({"curves": False}, {"exact_bytes": 0}):
        here, there = (MultilabelEvaluation(5, score="logit", **arguments).update(truth, logits, ids=np.arange(20)) for _ in range(2))
        with pytest.raises(ValueError, match="20 samples of an evaluation are in the one"):
            here.merge(there)


@pytest.mark.parametrize("weighted", [False, True])
def test_binned_areas_are_within_their_bound(weighted: bool) -> None:
    truth, logits = drawn(3000)
    weight = np.random.default_rng(1).integers(0, 4, len(truth)) / 4 if weighted else None
    truth[::9, 1] = UNKNOWN
    exact, binned = (curves_of(MultilabelEvaluation(5, score="logit", ignored=UNKNOWN, exact_bytes=b).update(truth, logits, weight)) for b in (10**9, 0))

    assert (exact.binned, binned.binned) == (False, True)
    assert_array_equal(exact.score_positive, binned.score_positive)
    assert_array_equal(exact.score_negative, binned.score_negative)
    for i in range(6):
        true, coarse = one(exact, i), one(binned, i)
        positives, ties = (coarse.positives_weight, coarse.ties_weight) if weighted else (coarse.positives, coarse.ties)
        corners = walk(true)
        assert positives is not None
        assert ties is not None
        assert abs(area(walk(coarse)) - area(corners)) <= 0.5 * (positives * ties).sum() / np.prod(corners[-1]) + 1e-12
        assert_allclose(_sums(coarse), _sums(true), rtol=1e-12)


def _sums(v: Vertices) -> list[float]:
    weights = [] if v.positives_weight is None or v.ties_weight is None or v.between_weight is None else [v.positives_weight.sum(), *v.weight_squares]
    negatives = [] if not weights else [v.ties_weight.sum() + v.between_weight.sum() + v.after_weight]  # type: ignore[union-attr]
    return [v.positives.sum(), v.between.sum() + v.ties.sum() + v.after, *weights, *negatives]


def test_batches_of_torch_are_taken_as_they_are_and_written_by_kind() -> None:
    truth, logits = drawn(64)
    sink = MemorySink()
    evaluation = MultilabelEvaluation(["a", "b", "c", "d", "e"], score="logit")
    for i in range(0, 64, 16):
        evaluation.update(torch.tensor(truth[i : i + 16]).float(), torch.tensor(logits[i : i + 16], requires_grad=True))

    with RunWriter(to=sink) as run:
        evaluation.write(run, "validation", step=7, epoch=2)

    written = {value.tag: record.decode(value.tensor.string_val[0]) for event in sink.events for value in event.summary.value}
    assert {"validation/multilabel", "validation/score_curves"} <= set(written)
    found = record.payload_of(written["validation/multilabel"])
    assert isinstance(found, Multilabel)
    assert found.epoch == 2
    assert_array_equal(found.table, table_of(evaluated((truth, logits, np.ones(64)))).table)


def test_labels_that_were_told_have_no_curves() -> None:
    found = MultilabelEvaluation(2, score=None).update([[0, 1]], [[0, 1]]).payloads()

    assert list(found) == ["multilabel", "label_predictions"]
    neither = MultilabelEvaluation(2, score="prob", curves=False, predictions=False).update([[0, 1]], [[0, 1]])
    assert list(neither.payloads()) == ["multilabel"]


def test_two_labels_are_no_two_classes() -> None:
    truth, logits = drawn(50, 2)
    curves = curves_of(MultilabelEvaluation(2, score="logit").update(truth, logits))

    assert curves.of.tolist() == [0, 1, MICRO]
    assert curves.samples == 100


def test_samples_that_were_left_out_before_are_counted() -> None:
    evaluation = MultilabelEvaluation(2, score="prob").drop("masked", 3)

    assert evaluation.samples == 3
    assert table_of(evaluation).dropped == {"masked": 3}
    with pytest.raises(ValueError, match="counted from 0"):
        evaluation.drop("masked", -1)


def test_what_counts_something_else_does_not_merge() -> None:
    one = MultilabelEvaluation(2, score="prob")
    with pytest.raises(ValueError, match="these differ"):
        one.merge(MultilabelEvaluation(2, score="logit"))
    with pytest.raises(ValueError, match="arguments are the same"):
        one.merge(MultilabelEvaluation(2, score="prob", curves=False))


def test_a_batch_that_does_not_fit_counts_nothing() -> None:
    evaluation = MultilabelEvaluation(2, score="prob").update([[0, 1]], [[0.1, 0.9]], ids=["a"])
    for arguments, message in [(([[0, 1]], [[0.1, 0.9]]), "ids must be given with each batch"), (([[0, 1]], [[0.1]]), "each of the 2 labels")]:
        with pytest.raises(ValueError, match=message):
            evaluation.update(*arguments)
    assert evaluation.samples == 1


def test_memory_stays_small_however_many_samples_come() -> None:
    random = np.random.default_rng(0)
    k = 500
    evaluation = MultilabelEvaluation(k, score="logit", exact_bytes=1_000_000)
    tracemalloc.start()
    for _ in range(40):
        truth = random.random((500, k), np.float32) < 0.01
        evaluation.update(truth, random.standard_normal((500, k), np.float32) + 3 * truth - 3)
    found = evaluation.payloads()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert isinstance(found["multilabel"], Multilabel)
    assert found["multilabel"].samples == 20_000
    assert peak < 200e6, "10,000,000 decisions would be 80 MB of log-odds alone, and several copies of them"


def test_curves_that_would_be_long_are_binned(monkeypatch: pytest.MonkeyPatch) -> None:
    truth, logits = drawn(100)
    most = 2 * int(truth.sum())
    for vertices, binned in ((most, False), (most - 1, True)):
        monkeypatch.setattr("writers.curve_scores.MOST_VERTICES", vertices)
        assert curves_of(MultilabelEvaluation(5, score="logit").update(truth, logits)).binned == binned
