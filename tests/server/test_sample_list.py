"""/samples: the samples behind a cell."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from tb_plugin.analysis.confidence_bins import Counted, in_bins
from tb_plugin.analysis.sample_match import said as said_of
from tb_plugin.points import point_from
from tb_plugin.query import Span
from tb_plugin.schema.predictions import Predictions
from tb_plugin.schema.record import digest
from tests.server.conftest import Array, Tab
from tests.server.evaluations import RUN, Evaluations, log_odds, write_evaluations
from writers import Evaluation, RunWriter, predictions, samples

SERIES = {"run": RUN, "tag": "validation/predictions"}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"truth": "cat"}, "truth must be a whole number from 0; it is 'cat'"),
        ({"predicted": "-1"}, "predicted must be a whole number from 0; it is '-1'"),
        ({"outcome": "good"}, "outcome must be one of any, right, wrong; it is 'good'"),
        ({"at_least": "1.5"}, "at_least must be a number from 0 to 1; it is '1.5'"),
        ({"below": "nan"}, "below must be a number from 0 to 1; it is 'nan'"),
        ({"confidence_bins": "5..3"}, "confidence_bins must not fall; it is '5..3'"),
        ({"sort": "name"}, "sort must be one of place, loss, confidence, doubt, changed; it is 'name'"),
        ({"sort": "changed"}, "sort=changed needs since"),
        ({"count": "1001"}, "count must be at most 1000; it is 1001"),
        ({"first": "x"}, "first must be a whole number from 0; it is 'x'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    assert python_tab(tmp_path).refused("/samples", **{**SERIES, **query})[:2] == (400, says)


@pytest.mark.parametrize("tag", ["validation/confusion_matrix", "validation/nothing"])
def test_a_series_of_another_kind_has_none(python_tab: Callable[..., Tab], tmp_path: Path, tag: str) -> None:
    write_evaluations(tmp_path)
    status, error, _ = python_tab(tmp_path).refused("/samples", **{**SERIES, "tag": tag})

    assert status == 404
    assert error.startswith(("no predictions that can be read", "run 'd/layerscope' has no series"))


def test_before_the_first_evaluation_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)

    error = "no predictions in 'validation/predictions' of run 'd/layerscope' at or before step 9"
    assert python_tab(tmp_path).nothing("/samples", **SERIES, step="9") == (error, "The first are of step 10.")


def asked(tab: Tab, **query: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """Fields and arrays of the one point of an answer."""
    found = tab.arrays("/samples", **{**SERIES, **query})
    (segment,) = found.segments
    (point,) = segment["points"]
    assert segment["kind"] == "sample_list"
    return point["fields"], {name.removeprefix("0/"): content for name, content in found.arrays.items() if not name.endswith("/end")}


def told(found: tuple[dict[str, Any], dict[str, Array]]) -> list[str]:
    ids: list[str] = found[0]["ids"]
    return ids


@dataclass(frozen=True)
class Expected:
    """What is true of the last evaluation of `write_evaluations`, straight from its probabilities."""

    truth: Array
    predicted: Array
    confidence: Array
    loss: Array

    @staticmethod
    def of(logged: Evaluations, step: int = 30) -> Expected:
        p = logged.probabilities[step]
        best = p.max(axis=1)
        return Expected(logged.truth, p.argmax(axis=1), np.floor(best * 65536) / 65536, -np.log(p[np.arange(len(p)), logged.truth]).astype(np.float16))


def test_all_samples_are_told_as_they_were_logged(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    tab, expected = open_tab(tmp_path, 6), Expected.of(logged)
    fields, arrays = asked(tab, count="1000")

    assert fields["ids"] == list(logged.ids)
    assert {name: fields[name] for name in ("epoch", "samples", "matching", "stored", "first", "binary")} == {
        "epoch": 2,
        "samples": 200,
        "matching": 200,
        "stored": 30,
        "first": 0,
        "binary": False,
    }
    assert_array_equal(arrays["truth"], expected.truth)
    assert_array_equal(arrays["predicted"], expected.predicted)
    assert_array_equal(arrays["confidence"], expected.confidence)
    assert_array_equal(arrays["loss"], expected.loss)
    assert_array_equal(arrays["before"], np.full(200, -1))
    assert_array_equal(arrays["example"], [*range(30), *[-1] * 170])
    order = np.argsort(-logged.probabilities[30], axis=1)
    assert_array_equal(arrays["rank"], 1 + np.argmax(order == logged.truth[:, None], axis=1))
    stored = arrays["top"][:, 0] >= 0
    assert stored.sum() == 50
    assert arrays["loss"][stored].min() >= arrays["loss"][~stored].max()
    assert_array_equal(arrays["top"][stored, :4], order[stored])
    assert_array_equal(arrays["top"][:, 4], np.full(200, -1))
    assert np.isnan(arrays["top_score"][~stored]).all()
    assert_allclose(arrays["top_score"][stored, 0], expected.confidence[stored])
    assert np.isnan(arrays["top_score"][:, 4]).all()


def test_what_is_asked_for_is_what_matches(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    tab, e, low, high = python_tab(tmp_path), Expected.of(logged), 0.5, 0.9
    right = e.truth == e.predicted
    for truth, predicted, outcome in itertools.product([None, 1, 4], [None, 2, 4], ["any", "right", "wrong"]):
        match = (e.confidence >= low) & (e.confidence < high) & {"any": right | True, "right": right, "wrong": ~right}[outcome]
        query = {"at_least": str(low), "below": str(high), "outcome": outcome}
        for name, id_, own in (("truth", truth, e.truth), ("predicted", predicted, e.predicted)):
            if id_ is not None:
                match &= own == id_
                query[name] = str(id_)

        found = asked(tab, count="1000", **query)

        assert told(found) == [logged.ids[i] for i in np.flatnonzero(match)], query
        assert found[0]["matching"] == match.sum()
        assert found[0]["stored"] == match[:30].sum()


def test_every_order_is_the_one_that_it_says(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    logged = write_evaluations(tmp_path)
    e, earlier = Expected.of(logged), Expected.of(logged, 10)
    same = earlier.predicted == e.predicted
    orders = {
        "place": range(200),
        "loss": sorted(range(200), key=lambda i: -e.loss[i]),
        "confidence": sorted(range(200), key=lambda i: -e.confidence[i]),
        "doubt": sorted(range(200), key=lambda i: e.confidence[i]),
        "changed": sorted(range(200), key=lambda i: (same[i], -e.loss[i])),
    }
    tab = python_tab(tmp_path)
    for sort, expected in orders.items():
        whole = asked(tab, sort=sort, since="10", count="1000")
        part = asked(tab, sort=sort, since="10", first="50", count="20")

        assert told(whole) == [logged.ids[i] for i in expected], sort
        assert told(part) == told(whole)[50:70]
        assert (part[0]["matching"], part[0]["first"]) == (200, 50)
        assert_array_equal(whole[1]["before"], earlier.predicted[list(expected)])


def test_past_the_last_one_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)
    fields, arrays = asked(python_tab(tmp_path), first="999999999999999")

    assert (fields["ids"], fields["matching"], len(arrays["truth"])) == ([], 200, 0)


def test_dropped_unknown_and_abstained_are_told_apart(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """Truths: 0, 1, unknown, no class, 2; the first is not kept, the last is abstained of. Nobody is right or wrong about the unknown one."""
    told_of = samples.of([0, 1, 3, -1, 2])
    odds = log_odds(np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8], [0.8, 0.1, 0.1], [0.3, 0.3, 0.4]]))
    content = predictions.of(told_of, odds, labels=list("abc"), kept=[False, True, True, True, True], threshold=0.5, dropped={"label": 2})
    with RunWriter(tmp_path / RUN) as run:
        run.write("validation/predictions", content, 0)
    tab = python_tab(tmp_path)

    fields, arrays = asked(tab)
    assert (fields["samples"], fields["matching"], fields["stored"], fields["ids"]) == (3, 3, 0, None)
    assert arrays["number"].tolist() == [1, 2, 4]
    assert arrays["truth"].tolist() == [1, 3, 2]
    assert arrays["predicted"].tolist() == [1, 2, 3]
    assert arrays["rank"].tolist() == [1, 0, 1]
    assert np.isnan(arrays["loss"]).tolist() == [False, True, False]
    numbers = {outcome: asked(tab, outcome=outcome)[1]["number"].tolist() for outcome in ("right", "wrong")}
    assert numbers == {"right": [1], "wrong": [4]}
    assert asked(tab, truth="3")[1]["number"].tolist() == [2]
    assert asked(tab, predicted="3")[1]["number"].tolist() == [4]


def test_an_earlier_evaluation_of_other_samples_is_matched_by_id(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    odds = log_odds(np.array([[0.9, 0.05, 0.05], [0.05, 0.9, 0.05], [0.05, 0.05, 0.9]]))
    with RunWriter(tmp_path / RUN) as run:
        run.write("validation/predictions", predictions.of(samples.of([0, 0, 0], ids=["x", "y", "z"]), odds, labels=list("abc")), 0)
        run.write("validation/predictions", predictions.of(samples.of([0, 0, 0], ids=["z", "new", "x"]), odds, labels=list("abc")), 1)
    found = asked(python_tab(tmp_path), since="0", sort="changed")

    assert sorted(zip(told(found), found[1]["before"].tolist(), strict=True)) == [("new", -1), ("x", 0), ("z", 2)]
    assert told(found)[-1] == "new", "nobody knows whether it changed"


def test_two_classes_are_told_by_the_positive_one(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        run.write("validation/predictions", predictions.of(samples.of([0, 1]), log_odds(np.array([0.25, 0.75])), labels=["no", "yes"]), 0)
    fields, arrays = asked(python_tab(tmp_path))

    assert fields["binary"] is True
    assert_allclose(arrays["confidence"], [0.25, 0.75], atol=1 / 65536)
    assert arrays["predicted"].tolist() == [0, 1]


def damaged(point: Predictions, name: str, content: Any) -> Predictions:
    """Predictions that only a broken writer makes."""
    bad = replace(point)
    object.__setattr__(bad, name, content)
    return bad


def test_predictions_that_do_not_fit_are_refused_with_a_sentence(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    right = predictions.of(samples.of([0, 1]), log_odds(np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]])), labels=list("abc"))
    other = samples.of([0, 1, 2])
    with RunWriter(tmp_path / RUN) as run:
        run.write("validation/predictions", right, 0)
        run.write("validation/predictions", damaged(right, "predicted", np.array([0, 5])), 1)
        run.write(f"samples/{digest(other)}", other, 0)
        run.write("validation/predictions", damaged(right, "samples", digest(other)), 2)
        run.write("validation/predictions", damaged(right, "samples", "no/such"), 3)
    tab = python_tab(tmp_path)
    errors = [tab.refused("/samples", **SERIES, step=str(step))[:2] for step in (1, 2, 3)]

    assert errors == [
        (404, "the predictions of step 1 cannot be read: it tells of a class that is none of the 3"),
        (404, "the predictions of step 2 cannot be read: it tells of 2 samples, and their record has 3"),
        (404, "no samples no/such, to which 'validation/predictions' refers"),
    ]


@pytest.mark.parametrize("k", [2, 4])
@pytest.mark.parametrize("by", ["width", "mass"])
def test_as_many_samples_stand_behind_a_bin_of_the_calibration_as_it_counts(python_tab: Callable[..., Tab], tmp_path: Path, k: int, by: str) -> None:
    """Also where many are on an edge, or nearer to it than what is stored of them can tell."""
    random = np.random.default_rng(3)
    truth = random.integers(0, k + 1, 3000)
    p = random.dirichlet(np.full(k, 0.3), 3000)
    p[:300] = 0.2 / (k - 1)
    p[:300, 0] = 0.8  # an edge of both
    near = 0.6 + random.integers(-2, 3, 700) / 65536 / 3
    p[300:1000], p[300:1000, 1] = ((1 - near) / (k - 1))[:, None], near
    evaluation = Evaluation([f"class {i}" for i in range(k)], score="prob", unknown=k)
    with RunWriter(tmp_path / RUN) as run:
        evaluation.update(truth, p).write(run, "validation", 30)
    tab = python_tab(tmp_path)
    answered = tab.arrays("/calibration", run=RUN, tag="validation/score_curves", by=by).arrays
    low, high, count = (answered[f"0/{name}"] for name in ("low", "high", "count"))
    confidence = p[:, 1] if k == 2 else p.max(axis=1)

    for from_, to, expected in zip(np.round(3000 * low).astype(int), np.round(3000 * high).astype(int), count, strict=True):
        fields, arrays = asked(tab, confidence_bins=f"{from_}..{to - 1}", count="1000")
        assert fields["matching"] == expected, (from_, to)
        assert (arrays["truth"] < k).all(), "nobody knows whether the model was right about the others"
        inside = confidence[arrays["number"]]
        assert (inside > from_ / 3000 - 1 / 65536).all()
        assert (inside < to / 3000 + 1 / 65536).all()
    assert count.sum() == (truth < k).sum()


_near_edges = st.builds(
    lambda edge, by: min(1.0, max(0.0, edge / 3000 + by / 65536)), st.integers(0, 3000), st.sampled_from([-1, -0.3, -1e-12, 0, 1e-12, 0.3, 1])
)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.floats(0, 1) | _near_edges), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 2999), st.integers(0, 2999)), min_size=1, max_size=5),
)
def test_any_range_of_bins_has_as_many_samples_as_their_confidences_say(said: list[tuple[int, float]], ranges: list[tuple[int, int]]) -> None:
    """A few samples, so that most edges have none near them, or none that the model was right or wrong about."""
    truth, p = (np.array(column) for column in zip(*said, strict=True))
    payloads = Evaluation(2, score="prob", unknown=2).update(truth, p).payloads()
    point, own = payloads["predictions"], payloads["predictions"].samples  # type: ignore[attr-defined]
    here = said_of(point_from(point, 1, 0), {digest(own): point_from(own, 0, 0)}, 2)
    counted = Counted(point_from(payloads["score_curves"], 1, 0), 1)
    bin_of = np.maximum(0, np.ceil(3000 * p) - 1)

    for first, last in [*map(sorted, ranges), (0, 2999)]:
        for right in (True, False):
            among = (truth < 2) & ((truth == 1) == right)
            inside = in_bins(here, counted, Span(first, last))
            assert np.count_nonzero(inside & among) == np.count_nonzero(among & (bin_of >= first) & (bin_of <= last)), (first, last)


def test_a_bin_at_whose_edges_no_sample_lies_is_told(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        Evaluation(2, score="prob").update([0, 1, 1], [0.1001, 0.5001, 0.9001]).write(run, "validation", 30)

    assert asked(python_tab(tmp_path), confidence_bins="1200..1799")[1]["number"].tolist() == [1]


def test_bins_that_nobody_counted_in_are_refused(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    evaluation = Evaluation(2, score="prob", curves=False)
    with RunWriter(tmp_path / RUN) as run:
        evaluation.update([0, 1], [0.2, 0.8]).write(run, "validation", 30)
    status, error, fix = python_tab(tmp_path).refused("/samples", **SERIES, confidence_bins="0..9")

    assert (status, fix) == (404, "Leave confidence_bins out, or write at_least and below.")
    assert error == f"no curves in 'validation/score_curves' of run {RUN!r} at step 30, whose bins of confidence are asked for"
