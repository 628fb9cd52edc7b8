"""/compare: two evaluations of the same samples against each other."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import binomtest, false_discovery_control, multinomial
from sklearn.metrics import cohen_kappa_score, confusion_matrix

from tb_plugin.analyses import Analyses
from tb_plugin.analysis.comparison import Evaluation, class_ids, comparison
from tb_plugin.analysis.paired import difference, holm, mcnemar
from tb_plugin.analysis.sample_match import pairs, places_in
from tb_plugin.points import point_from
from tb_plugin.query import Against
from tb_plugin.schema.comparison import Comparison
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.samples import Samples
from tests.server.conftest import Answer, Array, Tab, read_with_python
from tests.server.evaluations import log_odds
from writers import RunWriter, predictions, samples

A, B = "a/layerscope", "b/layerscope"
TAG = "validation/predictions"
ASKED = {"run": A, "tag": TAG, "other_run": B}


Ids = Sequence[int] | np.ndarray[Any, Any]


def odds(predicted: Ids, size: int) -> np.ndarray[Any, Any]:
    """Scores of which the one of the class predicted is the highest."""
    p = np.full((len(predicted), size), 0.1 / max(size - 1, 1))
    p[np.arange(len(predicted)), predicted] = 0.9
    return log_odds(p)


def write(
    logdir: Path,
    run: str,
    truth: Ids,
    predicted: Ids,
    labels: Sequence[str],
    *,
    ids: Sequence[str] | None = None,
    kept: Sequence[bool] | None = None,
    step: int = 1,
) -> None:
    """One evaluation; K is a truth that nobody knows."""
    with RunWriter(logdir / run) as writer:
        told = samples.of(list(truth), ids=None if ids is None else list(ids))
        writer.write(TAG, predictions.of(told, odds(predicted, len(labels)), labels=list(labels), kept=None if kept is None else list(kept)), step)


def fields(found: Answer) -> dict[str, Any]:
    told: dict[str, Any] = found.segments[0]["points"][0]["fields"]
    return told


def dense(found: Answer) -> np.ndarray[Any, Any]:
    """The agreement matrix, [this, other]."""
    end = found.arrays["0/row_end"]
    cells = np.zeros((len(end), len(end)), np.int64)
    rows = np.repeat(np.arange(len(end)), np.diff(end, prepend=0))
    cells[rows, found.arrays["0/column"]] = found.arrays["0/count"]
    return cells


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ({"other_run": ""}, 400, "other_run is required"),
        ({"other_step": "last"}, 400, "other_step must be a whole number from 0; it is 'last'"),
        ({"step": "-1"}, 400, "step must be a whole number from 0; it is '-1'"),
        ({"other_run": "<b>c</b>"}, 404, "run '<b>c</b>' has no series 'validation/predictions'"),
        ({"other_tag": "x" * 1000}, 404, f"run 'b/layerscope' has no series '{'x' * 199}"),
        ({"other_tag": "classes/0"}, 404, "run 'b/layerscope' has no series 'classes/0'"),
        ({"since": "3"}, 400, "unknown parameter 'since'"),
    ],
)
def test_a_wrong_request_says_what_is_wrong(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], status: int, says: str) -> None:
    for run in (A, B):
        write(tmp_path, run, [0, 1], [0, 1], "ab")

    assert python_tab(tmp_path).refused("/compare", **{**ASKED, **query})[:2] == (status, says)


@pytest.mark.parametrize(("query", "run"), [("step", A), ("other_step", B)])
def test_before_the_first_evaluation_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path, query: str, run: str) -> None:
    for each in (A, B):
        write(tmp_path, each, [0, 1], [0, 1], "ab")

    error = f"no predictions in 'validation/predictions' of run '{run}' at or before step 0"
    assert python_tab(tmp_path).nothing("/compare", **ASKED, **{query: "0"}) == (error, "The first are of step 1.")


def test_of_other_samples_is_told_that_none_is_compared(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write(tmp_path, A, [0, 1], [0, 1], "ab", ids=["x", "y"])
    write(tmp_path, B, [0, 1], [0, 1], "ab", ids=["u", "v"])

    found = python_tab(tmp_path).arrays("/compare", **ASKED)
    told = fields(found)
    assert (told["compared"], told["only_this"], told["only_other"]) == (0, 2, 2)
    assert [told[name] for name in ("p", "difference", "difference_low", "difference_high", "kappa")] == [None] * 5
    assert_array_equal(found.arrays["0/row_end"], [0, 0, 0])
    assert np.isnan(found.arrays["0/class_difference"]).all()


def test_all_figures_are_those_of_brute_force(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    size, n = 4, 300
    truth = random.integers(0, size, n)
    a = np.where(random.random(n) < 0.7, truth, random.integers(0, size, n))
    b = np.where(random.random(n) < 0.6, truth, random.integers(0, size, n))
    ids = [f"img/{i}" for i in range(n)]
    shuffled = random.permutation(n)
    write(tmp_path, A, truth, a, "abcd", ids=ids)
    write(tmp_path, B, truth[shuffled], b[shuffled], "abcd", ids=[ids[i] for i in shuffled])
    found = open_tab(tmp_path, 6).arrays("/compare", **ASKED)
    told = fields(found)

    right, right_there = a == truth, b == truth
    table = {"both_right": right & right_there, "only_this_right": right & ~right_there, "only_other_right": ~right & right_there}
    table |= {"both_wrong": ~right & ~right_there, "same_wrong": ~right & (a == b)}
    for name, where in table.items():
        assert_array_equal(found.arrays[f"0/{name}"], [(where & (truth == k)).sum() for k in range(size)], name)
    assert {name: told[name] for name in ("compared", "only_this", "only_other", "truth_differs", "truth_unknown")} == {
        "compared": n,
        "only_this": 0,
        "only_other": 0,
        "truth_differs": 0,
        "truth_unknown": 0,
    }
    assert (told["matched_by"], told["other_step"], told["others"], told["weighted"]) == ("id", 1, [], False)
    assert told["p"] == mcnemar(table["only_this_right"].sum(), table["only_other_right"].sum())
    assert_allclose(told["difference"], right.mean() - right_there.mean())
    assert told["difference_low"] < told["difference"] < told["difference_high"]
    assert_allclose(told["kappa"], cohen_kappa_score(a, b))
    assert_array_equal(dense(found), np.pad(confusion_matrix(a, b), (0, 1)))
    rows = np.repeat(np.arange(size + 1), np.diff(found.arrays["0/row_end"], prepend=0))
    for i, (row, column) in enumerate(zip(rows, found.arrays["0/column"], strict=True)):
        cell = (a == row) & (b == column)
        assert (found.arrays["0/this_right"][i], found.arrays["0/other_right"][i]) == ((cell & right).sum(), (cell & right_there).sum())
    for k in range(size):
        own = truth == k
        changed = [(table[name] & own).sum() for name in ("only_this_right", "only_other_right")]
        assert_allclose(found.arrays["0/class_p"][k], mcnemar(*changed))
        assert_allclose(found.arrays["0/class_difference"][k], right[own].mean() - right_there[own].mean())
    assert_allclose(found.arrays["0/class_p_holm"], holm(found.arrays["0/class_p"]))


@st.composite
def evaluations(draw: st.DrawFn) -> Evaluation:
    """An evaluation of up to eight samples, of which some have the same id, and up to four classes, of which some have the same name."""
    labels = draw(st.lists(st.sampled_from(["a", "b", "c", "<b>", ""]), min_size=1, max_size=4))
    n = draw(st.integers(1, 8))
    ids = draw(st.lists(st.sampled_from("pqrstuvw"), min_size=n, max_size=n))
    truth = draw(st.lists(st.integers(-1, len(labels)), min_size=n, max_size=n))
    predicted = draw(st.lists(st.integers(0, len(labels) - 1), min_size=n, max_size=n))
    kept = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    # A writer refuses two of the same id; a record may hold them.
    told = Samples(ids=tuple(ids), number=np.arange(n), truth=np.array(truth), number_truth=None, weight=None)
    point = point_from(predictions.of(told, odds(predicted, len(labels)), labels=labels, kept=kept), 1, 0.0)
    return Evaluation(point, point_from(told, 0, 0.0), labels)


def agreement(found: Comparison) -> np.ndarray[Any, Any]:
    """[this, other]"""
    rows = np.repeat(np.arange(len(found.row_end)), np.diff(found.row_end, prepend=0))
    cells = np.zeros((len(found.row_end), len(found.row_end)), np.int64)
    cells[rows, found.column] = found.count
    return cells


@given(evaluations(), evaluations())
def test_from_the_other_side_everything_is_mirrored_and_no_sample_is_lost(this: Evaluation, other: Evaluation) -> None:
    found, back = comparison(this, other), comparison(other, this)
    assert (found.compared, found.truth_differs, found.truth_unknown) == (back.compared, back.truth_differs, back.truth_unknown)
    assert (found.others, found.lacking) == (back.lacking, back.others)
    assert (found.only_this, found.only_other) == (back.only_other, back.only_this)
    assert (found.p is None) == (back.p is None) == (found.compared == 0)
    assert (found.p or 0, found.kappa or 0) == pytest.approx((back.p or 0, back.kappa or 0))
    assert tuple(each or 0.0 for each in (found.difference, found.difference_low, found.difference_high)) == pytest.approx(
        tuple(-(each or 0.0) for each in (back.difference, back.difference_high, back.difference_low)), abs=1e-12
    )
    a, b, c, d, e = (int(each.sum()) for each in (found.both_right, found.only_this_right, found.only_other_right, found.both_wrong, found.same_wrong))
    assert (a, b, c, d, e) == tuple(
        int(each.sum()) for each in (back.both_right, back.only_other_right, back.only_this_right, back.both_wrong, back.same_wrong)
    )
    assert a + b + c + d == found.compared
    assert agreement(found).sum() == found.compared
    assert np.trace(agreement(found)) == np.trace(agreement(back)) == a + e
    assert sorted(found.count) == sorted(back.count)
    assert (found.this_right.sum(), found.other_right.sum()) == (back.other_right.sum(), back.this_right.sum()) == (a + b, a + c)
    for side, only in ((this, found.only_this), (other, found.only_other)):
        assert side.said.counts.sum() == found.compared + found.truth_differs + found.truth_unknown + only


@given(evaluations())
def test_an_evaluation_agrees_with_itself(this: Evaluation) -> None:
    found = comparison(this, this)
    assert (found.compared, found.only_this, found.only_other, found.truth_differs, found.others) == (this.said.known.sum(), 0, 0, 0, ())
    assert (found.difference, found.p) == ((0, 1) if found.compared else (None, None))
    assert not (agreement(found) - np.diag(np.diag(agreement(found)))).any()


def test_classes_are_matched_by_name(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """The other training has cat and dog the other way round, and knows emus."""
    write(tmp_path, A, [0, 1, 0, 1], [0, 1, 1, 0], ["cat", "dog"], ids="wxyz")
    write(tmp_path, B, [1, 0, 1, 2], [1, 2, 1, 2], ["dog", "cat", "emu"], ids="wxyz")
    found = python_tab(tmp_path).arrays("/compare", **ASKED)
    told = fields(found)

    assert (told["others"], told["lacking"]) == (["emu"], [])
    back = fields(python_tab(tmp_path).arrays("/compare", run=B, tag=TAG, other_run=A))
    assert (back["others"], back["lacking"]) == ([], ["emu"])
    # z is a dog here, and an emu there.
    assert (told["compared"], told["truth_differs"]) == (3, 1)
    assert_array_equal(found.arrays["0/both_right"], [1, 0])
    assert_array_equal(found.arrays["0/only_this_right"], [0, 1])
    assert_array_equal(found.arrays["0/only_other_right"], [1, 0])
    # [this, other]: cat, dog, abstained, emu.
    assert_array_equal(dense(found), [[1, 0, 0, 0], [1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]])


def test_equal_names_are_matched_in_order_and_those_without_a_match_follow() -> None:
    ids, others = class_ids(["b", "a", "a", "a"], ["a", "b", "a"])

    assert_array_equal(ids, [1, 0, 2, 4, 3, -1])
    assert others == ("a",)


def test_without_ids_samples_are_matched_by_number(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write(tmp_path, A, [0, 1, 0], [0, 1, 1], "ab")
    write(tmp_path, B, [0, 1], [1, 1], "ab")
    told = fields(python_tab(tmp_path).arrays("/compare", **ASKED))

    assert (told["matched_by"], told["compared"], told["only_this"], told["only_other"]) == ("number", 2, 1, 0)


def test_weights_are_told_of_and_count_for_nothing(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    truth, predicted = [0, 1, 1], [0, 1, 0]
    for run, weight in ((A, [1.0, 5.0, 0.0]), (B, None)):
        with RunWriter(tmp_path / run) as writer:
            writer.write(TAG, predictions.of(samples.of(truth, weight=weight), odds(predicted, 2), labels=["a", "b"]), 1)
    found = python_tab(tmp_path).arrays("/compare", **ASKED)

    assert (fields(found)["weighted"], fields(found)["compared"]) == (True, 3)
    assert_array_equal(found.arrays["0/both_right"], [1, 1])


def test_steps_of_one_series_can_be_compared_too(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / A) as writer:
        for step, predicted in ((1, [0, 0, 0]), (2, [0, 1, 0]), (3, [0, 1, 1])):
            writer.write(TAG, predictions.of(samples.of([0, 1, 1]), odds(predicted, 2), labels=["a", "b"]), step)
    tab = python_tab(tmp_path)
    found = tab.arrays("/compare", run=A, tag=TAG, other_run=A, other_step="1")

    assert fields(found)["other_step"] == 1
    assert_array_equal(found.arrays["0/only_this_right"], [0, 2])
    # Of itself it differs in nothing; both agree wherever they can.
    same = fields(tab.arrays("/compare", run=A, tag=TAG, other_run=A))
    assert (same["difference"], same["p"], same["kappa"]) == (0, 1, 1)


COUNTS = st.integers(0, 2000)


def melded(b: int, c: int, n: int, random: np.random.Generator, draws: int = 40_000) -> tuple[float, float]:
    """Ends of Fay and Lumbard's interval, drawn: an exact interval of the share that changed, melded with one of the direction."""

    def drawn(one: int, other: int) -> Array:
        return np.zeros(draws) if one == 0 else np.ones(draws) if other == 0 else random.beta(one, other, draws)

    def lower(b: int, c: int) -> float:
        side = 2 * drawn(b, c + 1) - 1
        return float(min(np.quantile(share * side, 0.025) for share in (drawn(b + c, n - b - c + 1), drawn(b + c + 1, n - b - c))))

    return lower(b, c), -lower(c, b)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_test_and_interval_say_the_same_and_mirror_each_other(a: int, b: int, c: int, d: int) -> None:
    found, low, high = (float(each) for each in difference(*(np.array(each) for each in (a, b, c, d))))
    if a + b + c + d == 0:
        assert np.isnan([found, low, high]).all()
        return
    assert_allclose(found, (b - c) / (a + b + c + d), atol=1e-15)
    assert -1 <= low <= found <= high <= 1
    assert (low > 0 or high < 0) == (mcnemar(np.array(b), np.array(c)) < 0.05)
    assert_allclose(difference(np.array(a), np.array(c), np.array(b), np.array(d)), [-found, -high, -low], atol=1e-8)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 3000))
@settings(max_examples=60)
def test_the_interval_is_that_of_fay_and_lumbard(b: int, c: int, same: int) -> None:
    n = b + c + same
    if n == 0:
        return
    found = [float(each) for each in difference(np.array(same), np.array(b), np.array(c), np.array(0))[1:]]
    # A quantile of 40,000 is off by about a fortieth of the distance to it.
    room = 0.04 * (found[1] - found[0])

    assert_allclose(found, melded(b, c, n, np.random.default_rng(0)), atol=room)


def test_ends_are_exact_where_nothing_changed_or_everything_did() -> None:
    """Nothing of n: at most the share of which n would show something in 97.5 % of cases. All of n, one way: as a binomial."""
    _, low, high = difference(np.array([8, 0]), np.array([0, 20]), np.array([0, 0]), np.array([2, 0]))
    exact = binomtest(20, 20).proportion_ci(0.95, "exact").low

    assert_allclose(high[0], 1 - 0.025 ** (1 / 10), atol=1e-8)
    assert_allclose(low[0], -high[0], atol=1e-8)
    assert 0 < low[1] < 2 * exact - 1
    assert high[1] == 1


@pytest.mark.parametrize("chances", [(0.85, 0.05, 0.10), (0.5, 0.2, 0.3), (0.97, 0.03, 0.0), (0.1, 0.45, 0.45), (0.2, 0.7, 0.1)])
@pytest.mark.parametrize("n", [8, 30, 70])
def test_the_interval_holds_at_least_as_often_as_it_says(chances: tuple[float, ...], n: int) -> None:
    """Every table of n samples by its chance."""
    b, c = (each.reshape(-1) for each in np.mgrid[: n + 1, : n + 1])
    b, c = b[b + c <= n], c[b + c <= n]
    chance = multinomial(n, chances).pmf(np.stack([n - b - c, b, c], axis=1))
    seen = chance > 1e-9
    b, c, chance = b[seen], c[seen], chance[seen]
    _, low, high = difference(n - b - c, b, c, np.zeros(len(b)))
    true = chances[1] - chances[2]

    assert chance.sum() == pytest.approx(1, abs=1e-5)
    assert chance[(low <= true + 1e-9) & (true - 1e-9 <= high)].sum() >= 0.95


@given(st.lists(st.floats(0, 1) | st.just(np.nan), max_size=8))
def test_holms_p_is_that_of_his_procedure(p: list[float]) -> None:
    found = holm(np.array(p))
    tested = [each for each in p if not np.isnan(each)]
    for each, adjusted in zip(p, found, strict=True):
        assert np.isnan(each) == np.isnan(adjusted)
    for level in (0.01, 0.05, 0.5):
        # Rejected one by one, the smallest first, until one is too large.
        rejected = 0
        for i, each in enumerate(sorted(tested)):
            if each * (len(tested) - i) > level:
                break
            rejected += 1
        assert (found <= level).sum() == rejected
    if tested:
        # Never more than Benjamini and Hochberg find.
        assert (np.array(found)[~np.isnan(found)] + 1e-12 >= false_discovery_control(tested)).all()


@given(COUNTS, COUNTS)
def test_changes_are_tested_exactly(b: int, c: int) -> None:
    assert_allclose(mcnemar(np.array(b), np.array(c)), binomtest(b, b + c).pvalue if b + c else 1, rtol=1e-9)


@given(st.lists(st.integers(-3, 6) | st.sampled_from([-(2**63), 2**63 - 1, 10**12]), max_size=8), st.lists(st.integers(-5, 9), max_size=8), st.booleans())
def test_samples_are_found_wherever_they_are(there: list[int], here: list[int], texts: bool) -> None:
    ids = [tuple(map(str, each)) if texts else None for each in (there, here)]
    a, b = (
        point_from(Samples(ids=told, number=np.array(n, np.int64), truth=np.zeros(len(n), int), number_truth=None, weight=None), 0, 0.0)
        for told, n in zip(ids, (there, here), strict=True)
    )

    assert_array_equal(places_in(a, b), [there.index(each) if each in there else -1 for each in here])
    assert_array_equal(pairs(a, b), [there.index(each) if each in there and here.index(each) == i else -1 for i, each in enumerate(here)])


AGAINST: dict[str, Callable[[Array, Array, Array], Array]] = {
    "any": lambda a, _, __: np.ones(len(a), bool),
    "differ": lambda a, b, _: a != b,
    "same": lambda a, b, _: a == b,
    "both_right": lambda a, b, truth: (a == truth) & (b == truth),
    "only_this_right": lambda a, b, truth: (a == truth) & (b != truth),
    "only_other_right": lambda a, b, truth: (a != truth) & (b == truth),
    "both_wrong": lambda a, b, truth: (a != truth) & (b != truth),
}


@pytest.mark.parametrize("against", get_args(Against))
def test_the_list_tells_both_predictions_and_what_each_number_counts(python_tab: Callable[..., Tab], tmp_path: Path, against: str) -> None:
    truth, a, b = np.random.default_rng(5).integers(0, 3, (3, 60))
    # The other one has the classes the other way round, and does not tell of the first sample.
    write(tmp_path, A, truth, a, "abc", ids=list(map(str, range(60))))
    write(tmp_path, B, 2 - truth[1:], 2 - b[1:], "cba", ids=list(map(str, range(1, 60))))
    tab = python_tab(tmp_path)
    expected = np.flatnonzero(AGAINST[against](a, b, truth) & ((np.arange(60) > 0) | (against == "any")))
    found = tab.arrays("/samples", **ASKED, against=against)

    assert fields(found)["ids"] == list(map(str, expected))
    assert_array_equal(found.arrays["0/other"], np.where(expected == 0, -1, b[expected]))
    assert_array_equal(found.arrays["0/predicted"], a[expected])
    # A cell of the agreement matrix lists what it counts.
    cells = dense(tab.arrays("/compare", **ASKED))
    counted = [[fields(tab.arrays("/samples", **ASKED, predicted=str(i), other_predicted=str(j), count="0"))["matching"] for j in range(3)] for i in range(3)]
    assert_array_equal(cells[:3, :3], counted)


@pytest.mark.parametrize("name", ["against", "other_predicted", "other_tag", "other_step"])
def test_what_needs_another_run_says_so(python_tab: Callable[..., Tab], tmp_path: Path, name: str) -> None:
    write(tmp_path, A, [0, 1], [0, 1], "ab")
    value = {"against": "differ", "other_tag": TAG}.get(name, "1")

    assert python_tab(tmp_path).refused("/samples", run=A, tag=TAG, **{name: value})[:2] == (400, f"{name} needs other_run")


def test_a_way_to_compare_that_is_none_is_refused(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write(tmp_path, A, [0, 1], [0, 1], "ab")
    says = "against must be one of any, differ, same, both_right, only_this_right, only_other_right, both_wrong; it is 'worse'"

    assert python_tab(tmp_path).refused("/samples", **{**ASKED, "other_run": A, "against": "worse"})[:2] == (400, says)


def test_an_answer_is_computed_once_for_all_steps_up_to_the_next_evaluation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for run in (A, B):
        write(tmp_path, run, [0, 1], [0, 1], "ab", step=10)
    computed: list[Hashable] = []
    answer = Analyses.answer

    def counted(self: Analyses, key: Hashable, stamp: Hashable, step: int, wall_time: float, analysis: Callable[[], Payload]) -> bytes:
        def compute() -> Payload:
            computed.append(key)
            return analysis()

        return answer(self, key, stamp, step, wall_time, compute)

    monkeypatch.setattr(Analyses, "answer", counted)
    tab = Tab(read_with_python(tmp_path))
    for step in ("10", "11", "400"):
        tab.arrays("/compare", **ASKED, step=step, other_step=step)

    assert len(computed) == 1
