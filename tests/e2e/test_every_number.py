"""Every number of the Predictions view, read in a browser, is scikit-learn's, SciPy's or NumPy's of the same samples, to the digits that are printed.

Not read here: ticks of axes; what is drawn by lot, which is the interval of average precision and how large a calibration error may be by chance; the
interval of F1 of weighted samples, which is a bound; areas that are told in sentences. Differences to a reference are in `test_confusion_matrix.py`.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, expect
from scipy.special import expit, logit
from scipy.stats import binomtest, norm, t
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_score,
    recall_score,
    roc_auc_score,
    top_k_accuracy_score,
)

from tests.e2e import evaluations
from tests.e2e.conftest import Serve, Tab
from tests.e2e.evaluations import LAST, SIZE, STEPS, UNKNOWN, Given
from tests.e2e.printed import THIN, UNDEFINED, count, decimals, ends, fixed, number, percent, typed

Array = np.ndarray[Any, Any]
Interval = tuple[float, float]

TRAININGS = ("ten", "two", "weighted", "abstaining", "unknown", "imperfect")
Z = float(norm.ppf(0.975))


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("every-number")
    evaluations.write(folder)
    return folder


@pytest.fixture(params=TRAININGS)
def training(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(tab: Tab, serve: Serve, logdir: Path, training: str, **selection: str) -> Tab:
    """The predictions of a training, with all that belongs to them there."""
    tab.follow(serve(logdir, "--load_fast=true"), view="predictions", trainings=training, **selection)
    expect(tab.frame.locator("[data-measure='NLL'] b")).to_be_visible()
    expect(tab.frame.locator("[data-measure='AUC'][data-of='focus']")).to_be_visible()
    expect(tab.frame.get_by_role("listbox").get_by_role("option").first).to_be_visible()
    return tab


def text(locator: Locator) -> str:
    """What it says, in one line."""
    return plain(locator.text_content() or "")


def plain(said: str) -> str:
    """Spaces as the page means them: thin ones stay."""
    return re.sub(rf"[^\S{THIN}]+", " ", said).strip()


def texts(locator: Locator) -> list[str]:
    return [plain(each) for each in locator.all_text_contents()]


def wilson(right: Any, n: Any) -> Interval:
    """SciPy's; where weights make n no whole number, by its definition."""
    if float(right).is_integer() and float(n).is_integer():
        found = binomtest(int(right), int(n)).proportion_ci(method="wilson")
        return float(found.low), float(found.high)
    centre, half = right + Z**2 / 2, Z * math.sqrt(right * (n - right) / n + Z**2 / 4)
    return (centre - half) / (n + Z**2), (centre + half) / (n + Z**2)


def kish(weight: Array) -> float:
    """Samples of weight 1 that say as much."""
    return float(weight.sum() ** 2 / (weight**2).sum())


def share(weight: Array, right: Array) -> tuple[float, Interval]:
    """Of some samples the share that is right, and its interval."""
    n, rate = kish(weight), float(weight[right].sum() / weight.sum())
    return rate, wilson(round(rate * n) if (weight == 1).all() else rate * n, round(n) if (weight == 1).all() else n)


def percents(interval: Interval) -> str:
    return " – ".join(percent(end) for end in interval)


def bare(interval: Interval) -> str:
    return " – ".join(percent(end).split(THIN)[0] for end in interval)


def cells(given: Given, step: int = LAST, *, weighted: bool = False) -> Array:
    """scikit-learn's matrix, unknown truth and abstentions last."""
    k = len(given.labels)
    truth = np.where(given.truth == UNKNOWN, k, given.truth)[given.kept]
    weight = given.weights()[given.kept] if weighted else None
    return np.asarray(confusion_matrix(truth, given.decided(step)[given.kept], labels=range(k + 1), sample_weight=weight))


def test_every_number_is_what_counting_gives(tab: Tab, serve: Serve, logdir: Path, training: str) -> None:
    given = evaluations.given()[training]
    opened(tab, serve, logdir, training)

    heading(tab, given, training)
    sentences(tab, given)
    numbers_of_classes(tab, given)
    cells_in_tooltips(tab, given)
    most_confused(tab, given)
    calibration(tab, given)
    coverage(tab, given)
    first_few(tab, given)
    samples(tab, given)
    curves(tab, given)


# ---- the matrix ----


def heading(tab: Tab, given: Given, training: str) -> None:
    lost = {reason: int((given.reasons == reason).sum()) for reason in set(given.reasons) - {""}}
    expected = [f"{count(SIZE)} examples" + ("" if lost else ", all counted")]
    found = tab.frame.locator(".ls-confusion-heading p").first
    told = text(found).split("; ")
    if lost:
        dropped, _, reasons = told.pop(1).partition(": ")
        assert dropped == f"{count(sum(lost.values()))} dropped"
        assert sorted(int(reason.split()[0]) for reason in reasons.split(", ")) == sorted(lost.values())
    if given.weight is not None:
        expected.append(f"weight {number(given.weight.sum())} in all")
    if (unknown := np.count_nonzero(given.kept & (given.truth == UNKNOWN))) > 0:
        expected.append(f"{count(unknown)} of unknown truth")
    if (abstained := np.count_nonzero(given.known & (given.decided() == len(given.labels)))) > 0:
        expected.append(f"{count(abstained)} abstained")
    if "declared_size" in given.arguments:
        expected.append(f"the data set was declared to have {count(given.arguments['declared_size'])}: samples are missing")
    assert told == expected
    exact = re.findall(r"[\d.]+", found.get_attribute("title") or "")
    assert [int(n) for n in exact[:2]] == [given.kept.sum(), sum(lost.values())]
    if given.weight is not None:
        assert float(exact[2]) == pytest.approx(given.weight.sum(), rel=1e-12)
    assert text(tab.frame.locator(".ls-confusion-heading h2")) == f"{training} · validation · step {LAST}"


def accuracy(given: Given, step: int = LAST) -> tuple[float, Interval]:
    known = given.known
    return share(given.weights()[known], given.decided(step)[known] == given.truth[known])


def sentences(tab: Tab, given: Given) -> None:
    known, decided = given.known, given.decided()
    rate, interval = accuracy(given)
    assert rate == pytest.approx(accuracy_score(given.truth[known], decided[known], sample_weight=given.weight), rel=1e-12)
    right = np.count_nonzero(decided[known] == given.truth[known])
    first, *others = texts(tab.frame.locator(".ls-sentences p"))
    weights = " by weight" if given.weight is not None else ""
    assert first == f"{percent(rate)} right{weights}, {count(right)} of {count(known.sum())}; 95 % interval {bare(interval)}"
    assert float(tab.frame.get_by_test_id("accuracy").get_attribute("title") or "") == pytest.approx(rate, rel=1e-12)

    wrong = known.sum() - right
    about_errors = [sentence for sentence in others if " errors are " in sentence]
    for sentence in about_errors:
        pairs = re.findall(r"(\S+(?: \d)?) → (\S+(?: \d)?)", sentence.split(": ")[1].split(";")[0].replace(" and ", ", ").replace(",", " ,"))
        counts = cells(given)
        held = sum(counts[given.labels.index(a), given.labels.index(b)] for a, b in pairs)
        words = {1: "one pair", 2: "two pairs", 3: "three pairs"}[len(pairs)]
        assert sentence.startswith(f"{percent(held / wrong)} of the {count(wrong)} errors are {words}: ")
        assert sentence.endswith(f"; 95 % interval {bare(wilson(held, wrong))}")
    before, (low, high) = accuracy(given, STEPS[0])
    change = next(sentence for sentence in others if f"step {STEPS[0]}" in sentence and not sentence.startswith("Class "))
    if interval[0] > high:
        assert change == f"Better than at step {STEPS[0]}: {percent(before)} there"
    elif interval[1] < low:
        assert change == f"Worse than at step {STEPS[0]}: {percent(before)} there"
    else:
        assert change == f"No clear change since step {STEPS[0]}"
    for sentence in others:
        if sentence.startswith("Class "):
            class_sentence(sentence, given)
        elif " on average, " in sentence:
            confidence_sentence(sentence, given)


def class_sentence(sentence: str, given: Given) -> None:
    """A class that is better or worse than it was: its recalls, what they are of, and Newcombe's interval of their difference."""
    found = re.match(r"Class (.+?) got (?:better since|worse between steps)", sentence)
    assert found is not None
    own = given.known & (given.truth == given.labels.index(found[1]))
    weight = given.weights()[own]
    (was, (was_low, was_high)), (is_, (low, high)) = (share(weight, given.decided(step)[own] == given.truth[own]) for step in STEPS)
    assert f": recall {percent(was).split(THIN)[0]} → {percent(is_)}, " in sentence
    right = [np.count_nonzero(given.decided(step)[own] == given.truth[own]) for step in STEPS]
    counts = f"{count(right[0])} of {count(own.sum())} at step {STEPS[0]} → {count(right[1])} of {count(own.sum())}"
    assert (f"by weight, at step {STEPS[0]} and now" if given.weight is not None else counts) in sentence
    if "interval" in sentence:
        below, above = math.hypot(is_ - low, was_high - was), math.hypot(high - is_, was - was_low)
        ends = [f"{'−' if x < 0 else ''}{percent(abs(x)).split(THIN)[0]}" for x in (is_ - was - below, is_ - was + above)]
        joint = " to " if is_ - was - below < 0 else " – "
        assert f"95 % interval of the difference {joint.join(ends)}" in sentence
    else:
        turned = [np.count_nonzero((given.decided(b)[own] == given.truth[own]) & (given.decided(a)[own] != given.truth[own])) for a, b in (STEPS, STEPS[::-1])]
        assert f"{count(turned[1])} of them newly wrong, {count(turned[0])} newly right" in sentence


def confidence_sentence(sentence: str, given: Given) -> None:
    """How sure the model is on average, and how often it is right. How large the error may be by chance is drawn by lot."""
    sure, right, weight = confidence(given)
    means = [percent(float(np.average(each, weights=weight))) for each in (sure, right)]
    words = f"{means[0]} on average, true in {means[1]}" if len(given.labels) == 2 else f"sure to {means[0]} on average, right in {means[1]}"
    assert f": {words}; ECE " in sentence
    groups = [np.searchsorted(np.arange(1, 16) / 15, sure) == b for b in range(15)]
    gaps = sum(abs(float((weight[g] * (right[g] - sure[g])).sum())) for g in groups)
    assert f"; ECE {decimals(gaps / float(weight.sum()), 3)}, by chance up to " in sentence


def rates(given: Given) -> dict[str, list[tuple[float, Interval | None, str]]]:
    """Of each class value, interval and base of each column."""
    known, decided, k = given.known, given.decided(), len(given.labels)
    truth, weight = given.truth[known], given.weights()[known]
    decided = decided[known]
    of: dict[str, Any] = {"labels": range(k), "average": None, "zero_division": np.nan, "sample_weight": given.weight}
    scores = {name: score(truth, decided, **of) for name, score in (("precision", precision_score), ("recall", recall_score), ("F1", f1_score))}
    found: dict[str, list[tuple[float, Interval | None, str]]] = {"precision": [], "recall": [], "F1": []}
    for j in range(k):
        own, called = truth == j, decided == j
        for name, among, right in (("precision", called, own), ("recall", own, called)):
            rate, interval = share(weight[among], right[among])
            assert rate == pytest.approx(scores[name][j], rel=1e-12)
            found[name].append((rate, interval, f"of {among.sum()}"))
        both, either = own & called, own | called
        jaccard, interval = share(weight[either], both[either])
        # With weights the page knows the sum of squares of the union up to a bound alone.
        doubled = None if given.weight is not None else tuple(2 * end / (1 + end) for end in interval)
        found["F1"].append((scores["F1"][j], doubled, f"{own.sum()} examples, {called.sum()} predictions"))  # type: ignore[arg-type]
        assert 2 * jaccard / (1 + jaccard) == pytest.approx(scores["F1"][j], rel=1e-12)
    return found


def numbers_of_classes(tab: Tab, given: Given) -> None:
    expected, counts = rates(given), cells(given)
    k = len(given.labels)
    rows = tab.frame.locator(".ls-confusion-numbers-row").evaluate_all("all => all.map(r => [...r.children].slice(0, 4).map(c => [c.textContent, c.title]))")
    assert len(rows) == k + (1 if counts[k].sum() > 0 else 0)
    hidden = tab.frame.get_by_test_id("confusion-matrix").locator("tbody tr")
    printed = hidden.evaluate_all("all => all.map(r => [...r.querySelectorAll('td[data-true]')].map(c => Number(c.textContent)))")
    columns = k + (1 if counts[:, k].sum() > 0 else 0)
    np.testing.assert_array_equal(printed, counts[: len(rows), :columns])
    for j, ((examples, exact), *others) in enumerate(rows):
        assert (examples, exact) == (count(counts[j].sum()), str(counts[j].sum()))
        if j == k:
            continue
        for (name, values), (said, title) in zip(expected.items(), others, strict=True):
            value, interval, base = values[j]
            assert said == decimals(value, 2), (name, j)
            assert float(title.split()[0]) == pytest.approx(value, rel=1e-12)
            assert f"({base}, 95 % interval " in title
            if interval is not None:
                assert title.endswith(f"95 % interval {percents(interval)})"), (name, j)


def cells_in_tooltips(tab: Tab, given: Given) -> None:
    """Of a right cell, of the largest error, of an empty one, and of those of abstentions and of unknown truth."""
    counts, weights, k = cells(given), cells(given, weighted=True), len(given.labels)
    rows, columns = k + int(counts[k].sum() > 0), k + int(counts[:, k].sum() > 0)
    errors = counts[:k, :k] - np.diag(np.diag(counts)[:k])
    among = counts[:k, :k]
    chosen = [(0, 0), divmod(int(errors.argmax()), k), *(divmod(int(place), k) for place in np.flatnonzero(among == 0)[:1])]
    chosen += [(k, min(3, k - 1))] * (rows > k) + [(k - 1, k)] * (columns > k)
    area = tab.frame.locator(".ls-confusion-cells")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    tip = tab.frame.locator(".ls-confusion-tip")
    for i, j in chosen:
        tab.page.mouse.move(box["x"] + (j + 0.5) * box["width"] / columns, box["y"] + (i + 0.5) * box["height"] / rows)
        true, predicted = ([*given.labels, other] for other in ("unknown truth", "abstained"))
        expect(tip.locator("b").first).to_have_text(f"{true[i]} → {predicted[j]}")
        told = [plain(each) for each in tip.evaluate("tip => [...tip.children].map(c => c.textContent)")]
        assert told == tooltip(given, counts, weights, i, j)
    tab.page.mouse.move(0, 0)


def tooltip(given: Given, counts: Array, weights: Array, i: int, j: int) -> list[str]:
    known, k = given.known, len(given.labels)
    true, predicted = ([*given.labels, other] for other in ("unknown truth", "abstained"))
    truth, decided, weight = np.where(given.truth == UNKNOWN, k, given.truth), given.decided(), given.weights()
    n = counts[i, j]
    lines = [f"{true[i]} → {predicted[j]}", f"{n} {'example' if n == 1 else 'examples'}"]
    if given.weight is not None:
        lines[1] += f", weight {number(weights[i, j])}"
    row = given.kept & (truth == i)
    rate, interval = share(weight[row], decided[row] == j)
    lines.append(f"{percent(rate)} ({percents(interval)}) of {count(row.sum())} true {true[i]}")
    if i < k:
        column = known & (decided == j)
        rate, interval = share(weight[column], truth[column] == i)
        lines.append(f"{percent(rate)} ({percents(interval)}) of {count(column.sum())} predicted {predicted[j]}")
        wrong = np.count_nonzero(known & (truth != decided))
        if i != j and n > 0:
            lines.append(f"{percent(n / wrong)} ({percents(wilson(n, wrong))}) of all errors")
        top = max(weight[row][given.decided(step)[row] == j].sum() / weight[row].sum() for step in STEPS)
        if top > 0:
            lines.append(f"share of the true class over time, up to {percent(top)}")
    return [*lines, "in brackets: 95 % intervals"]


def most_confused(tab: Tab, given: Given) -> None:
    counts, k = cells(given), len(given.labels)
    errors = counts[:k, :k] - np.diag(np.diag(counts)[:k])
    wrong = np.count_nonzero(given.known & (given.truth != given.decided()))
    for way in ("a → b", "a ↔ b"):
        tab.frame.get_by_role("radio", name=way).check()
        of = errors if way == "a → b" else np.where(errors > errors.T, errors + errors.T, np.where(errors == errors.T, np.triu(errors + errors.T), 0))
        order = [place for place in np.argsort(-of, axis=None, kind="stable") if of.flat[place] > 0]
        arrow = way[2]
        expected, together = [], 0
        for place in order[:7]:
            a, b = divmod(int(place), k)
            together += of.flat[place]
            shares = [percent(n / wrong, in_column=True) for n in (of.flat[place], together)]
            expected.append([f"{given.labels[a]} {arrow} {given.labels[b]}", count(of.flat[place]), *shares])
        table = tab.frame.get_by_test_id("most-confused").locator("tbody tr")
        found = table.evaluate_all("all => all.map(r => [...r.cells].map(c => c.textContent))")
        assert [[plain(cell) for cell in row] for row in found] == expected
        title = table.first.locator("td").nth(2).get_attribute("title") or ""
        assert title.endswith(f"(of {wrong} errors, 95 % interval {percents(wilson(of.max(), wrong))})")
        if len(order) > 7:
            expect(tab.frame.get_by_role("button", name=f"show all {count(len(order))} pairs")).to_be_visible()


# ---- curves and calibration ----


def measured(tab: Tab, name: str) -> str:
    return text(tab.frame.locator(f"[data-measure='{name}'][data-of='focus']"))


def one_class(given: Given, k: int) -> tuple[Array, Array, Array | None]:
    known = given.known
    return given.truth[known] == k, given.p[LAST][known, k], None if given.weight is None else given.weight[known]


def delong(positive: Array, score: Array, weight: Array | None) -> Interval:
    """By its definition, of all pairs; on the logit scale, with Student's t and Welch's degrees of freedom."""
    w = np.ones(len(score)) if weight is None else weight
    above, below, w_above, w_below = score[positive], score[~positive], w[positive], w[~positive]
    wins = (above[:, None] > below) + (above[:, None] == below) / 2
    of_positive, of_negative = wins @ w_below / w_below.sum(), w_above @ wins / w_above.sum()
    auc = float(np.average(of_positive, weights=w_above))
    variances = [
        float(np.average((each - auc) ** 2, weights=its_weight) / (kish(its_weight) - 1))
        for each, its_weight in ((of_positive, w_above), (of_negative, w_below))
    ]
    freedom = sum(variances) ** 2 / sum(v**2 / (kish(its_weight) - 1) for v, its_weight in zip(variances, (w_above, w_below), strict=True))
    half = t.ppf(0.975, freedom) * math.sqrt(sum(variances)) / (auc * (1 - auc))
    return float(expit(logit(auc) - half)), float(expit(logit(auc) + half))


def curves(tab: Tab, given: Given) -> None:
    known, k = given.known, len(given.labels)
    if k == 2:
        own, p, weight = one_class(given, 1)
        assert measured(tab, "AUC") == f"AUC {decimals(roc_auc_score(own, p), 4)} {ends(delong(own, p, weight), 4)}"
        assert measured(tab, "AP").startswith(f"AP {decimals(average_precision_score(own, p), 4)} ")
        positives(tab, "", own)
        operating(tab, own, p, weight, has_intervals=True)
        return
    rows = tab.frame.locator("[data-testid='areas'] tr[data-class]")
    found = {int(row.pop(0)): row for row in rows.evaluate_all("all => all.map(r => [r.dataset.class, ...[...r.cells].map(c => c.textContent)])")}
    expected = {}
    for j in range(k):
        own, p, weight = one_class(given, j)
        auc, ap = roc_auc_score(own, p, sample_weight=weight), average_precision_score(own, p, sample_weight=weight)
        expected[j] = [given.labels[j], count(own.sum()), decimals(auc, 4), decimals(ap, 4), ends(delong(own, p, weight), 4)]
    assert found == expected

    pooled, p = np.eye(k)[given.truth[known]].ravel().astype(bool), given.p[LAST][known].ravel()
    weight = None if given.weight is None else np.repeat(given.weight[known], k)
    assert measured(tab, "AUC") == f"AUC {decimals(roc_auc_score(pooled, p, sample_weight=weight), 4)} no interval"
    assert measured(tab, "AP") == f"AP {decimals(average_precision_score(pooled, p, sample_weight=weight), 4)} no interval"
    positives(tab, "pooled", pooled)
    operating(tab, pooled, p, weight, has_intervals=False)
    tab.frame.get_by_label("mean of classes").check()
    expect(tab.frame.locator(".ls-curves h2")).to_contain_text("mean of the classes")
    macro = [
        np.mean([score(own, p, sample_weight=w) for own, p, w in (one_class(given, j) for j in range(k))]) for score in (roc_auc_score, average_precision_score)
    ]
    assert measured(tab, "AUC").split()[1] == decimals(float(macro[0]), 4)
    assert measured(tab, "AP").split()[1] == decimals(float(macro[1]), 4)
    tab.frame.locator("[data-testid='areas'] tr[data-class='8'] button").click()
    expect(tab.frame.locator(".ls-curves h2")).to_contain_text("digit 8")
    own, p, weight = one_class(given, 8)
    expect(tab.frame.locator("[data-measure='AUC'][data-of='focus']")).to_contain_text(ends(delong(own, p, weight), 4))
    positives(tab, "", own)
    operating(tab, own, p, weight, has_intervals=given.weight is None)


def positives(tab: Tab, which: str, own: Array) -> None:
    yes, no = ("true decisions", "false ones") if which == "pooled" else ("positives", "negatives")
    said = text(tab.frame.locator(".ls-curves > header > .ls-soft").first)
    assert said == f"{count(own.sum())} {yes}, {count((~own).sum())} {no}"
    assert texts(tab.frame.locator("[data-picture='scores'] .ls-curves-figure > span")) == [f"{count(own.sum())} positives", f"{count((~own).sum())} negatives"]


def operating(tab: Tab, own: Array, p: Array, weight: Array | None, *, has_intervals: bool) -> None:
    """What holds at the threshold that is printed, which is that point of the curve that is nearest to 0.5."""
    threshold = tab.frame.locator("[data-measure='threshold']")
    at = float(threshold.get_attribute("title") or "")
    assert typed(text(threshold)) <= at
    called = p >= typed(text(threshold))
    w = np.ones(len(p)) if weight is None else weight
    # Positives that no negative separates share the last one's point, unless they have weights.
    order = np.argsort(-p, kind="stable")
    last = own[order] & (~np.append(own[order][1:], False) | (weight is not None))
    assert at == pytest.approx(min(p[order][last], key=lambda each: abs(each - 0.5)), rel=1e-6)
    for name, among, right in (("recall", own, called), ("precision", called, own), ("falsePositiveRate", ~own, called)):
        rate, interval = share(w[among], right[among])
        cell = tab.frame.locator(f"[data-testid='threshold'] td[data-measure='{name}']")
        assert text(cell) == decimals(rate, 3), name
        beside = text(cell.locator("xpath=following-sibling::td[1]"))
        assert beside == (ends(interval, 3) if has_intervals else "no interval"), name
    prevalence = text(tab.frame.locator("[data-picture='precision-recall'] .ls-curves-note"))
    assert f"prevalence {percent(w[own].sum() / w.sum())} " in prevalence


def confidence(given: Given) -> tuple[Array, Array, Array]:
    """How sure the model is, whether it is right, and weights; of two classes of the positive one."""
    known = given.known
    p, truth = given.p[LAST][known], given.truth[known]
    if len(given.labels) == 2:
        return p[:, 1], truth == 1, given.weights()[known]
    return p.max(axis=1), p.argmax(axis=1) == truth, given.weights()[known]


def calibration(tab: Tab, given: Given) -> None:
    sure, right, weight = confidence(given)
    known, k = given.known, len(given.labels)
    p, truth, n = given.p[LAST][known], given.truth[known], kish(weight)
    is_right, is_sure = ("positive", "mean probability") if k == 2 else ("right", "sure")
    for by, name in (("equal width", "ECE"), ("equal mass", "ACE")):
        tab.frame.get_by_label(by).check()
        expect(tab.frame.locator(f"[data-measure='{name}']")).to_be_visible()
        upper = np.arange(1, 16) / 15
        if by == "equal mass":
            order = np.argsort(sure)
            through = np.cumsum(weight[order]) / weight.sum()
            last = sure[order][np.searchsorted(through, np.arange(1, 15) / 15 - 1e-12)]
            upper = np.unique(np.append(np.ceil(last * 3000) / 3000, 1))
        place = np.searchsorted(upper, sure)
        groups = [place == b for b in range(len(upper)) if (place == b).any()]
        gaps = [abs(np.average(right[g], weights=weight[g]) - np.average(sure[g], weights=weight[g])) for g in groups]
        total = np.array([weight[g].sum() for g in groups])
        floor = sum(math.sqrt(2 / math.pi * (weight[g] * sure[g] * (1 - sure[g])).sum() * weight.sum() / n) for g in groups) / weight.sum()
        assert measured(tab, name) == f"{name} {decimals(float(total @ gaps / total.sum()), 4)} · {decimals(floor, 4)} if perfect"
        assert measured(tab, "MCE") == f"MCE {decimals(max(gaps), 3)}"
        told = tab.frame.locator("[data-picture='reliability'] circle title").all_text_contents()
        expected = []
        for g in groups:
            b = int(place[g][0])
            rate, _ = share(weight[g], right[g])
            effective = weight[g].sum() * n / weight.sum()
            interval = wilson(rate * effective, effective) if given.weight is not None else share(weight[g], right[g])[1]
            low = upper[b - 1] if b > 0 else 0
            expected.append(
                f"{decimals(low, 3)} to {decimals(upper[b], 3)}: {count(g.sum())} samples, {is_right} {percent(rate)}, 95 % interval {percents(interval)}; "
                f"{is_sure} {percent(float(np.average(sure[g], weights=weight[g])))}"
            )
        assert [plain(each) for each in told] == expected
    brier = ((p - np.eye(k)[truth]) ** 2).sum(axis=1)
    nll = -np.log(p[np.arange(len(p)), truth])
    if k == 2:
        assert np.mean(brier) == pytest.approx(2 * brier_score_loss(truth, p[:, 1]))
    assert np.average(nll, weights=weight) == pytest.approx(
        log_loss(truth, p / p.sum(axis=1, keepdims=True), sample_weight=given.weight, labels=range(k)), rel=1e-6
    )
    for name, each in (("Brier", brier), ("NLL", nll)):
        mean = float(np.average(each, weights=weight))
        half = Z * math.sqrt(float(np.average((each - mean) ** 2, weights=weight)) / (n - 1))
        assert measured(tab, name) == f"{name} {decimals(mean, 3)} {ends((mean - half, mean + half), 3)}"


def coverage(tab: Tab, given: Given) -> None:
    """Where the model is at least as sure as the threshold."""
    known = given.known
    p, truth, weight = given.p[LAST][known], given.truth[known], given.weights()[known]
    sure = p.max(axis=1) >= 0.5
    answered, right = weight[sure].sum() / weight.sum(), np.average((p.argmax(axis=1) == truth)[sure], weights=weight[sure])
    assert text(tab.frame.locator("[data-picture='coverage'] .ls-curves-figure")) == f"{percent(right)} right on {percent(answered)}"
    assert text(tab.frame.locator("[data-picture='coverage'] .ls-curves-note")) == "where it is at least 0.500 sure"


# ---- samples ----


def first_few(tab: Tab, given: Given) -> None:
    """How often the truth is among the first classes; of fewer than four classes it is not told."""
    known, k = given.known, len(given.labels)
    told = tab.frame.get_by_test_id("top-k-summary")
    if k < 4:
        expect(told).to_have_count(0)
        return
    p, truth = given.p[LAST][known], given.truth[known]
    abstains = given.decided()[known] == k
    rates = []
    for first in (3, 5):
        among = (np.argsort(-p, axis=1, kind="stable")[:, :first] == truth[:, None]).any(axis=1) & ~abstains
        if not abstains.any():
            expected = top_k_accuracy_score(truth, p, k=first, sample_weight=given.weight, labels=range(k))
            assert np.average(among, weights=given.weights()[known]) == pytest.approx(expected)
        rates.append(f"{percent(float(np.average(among, weights=given.weights()[known])), in_column=True)} among the first {first}")
    assert text(told) == ", ".join(rates)


def samples(tab: Tab, given: Given) -> None:
    k, panel = len(given.labels), tab.frame.locator("[data-panel=predictions]")
    p, decided, truth = given.p[LAST], given.decided(), given.truth
    own = p[np.arange(SIZE), np.where(given.known, truth, 0)]
    loss = (-np.log(np.where(given.known, own, 1))).astype(np.float16).astype(float)
    sure = np.floor((p[:, 1] if k == 2 else p.max(axis=1)) * 65536) / 65536
    wrong = np.flatnonzero(given.known & (decided != truth))
    order = wrong[np.argsort(-loss[wrong], kind="stable")]
    assert text(panel.get_by_test_id("samples-summary")) == f"{count(len(wrong))} samples, no example of them stored"
    names, before = [*given.labels, "abstained"], given.decided(STEPS[0])
    listed = panel.get_by_role("listbox").get_by_role("option")
    found = listed.evaluate_all("all => all.map(o => [o.dataset.sample, o.innerText])")
    assert len(found) > 5
    for (name, said), i in zip(found, order, strict=False):
        assert name == f"img/{i:03}.png"
        expected = [f"{names[truth[i]]} → {names[decided[i]]}", f"{decimals(sure[i], 2)} loss {fixed(loss[i], 2)}", name]
        if before[i] != decided[i]:
            expected.append("was right" if before[i] == truth[i] else f"was {names[before[i]]}")
        assert [plain(line) for line in said.split("\n") if line.strip()][-len(expected) :] == expected
    was, is_ = before == truth, decided == truth
    sets = {"newly right": ~was & is_ & given.known, "newly wrong": was & ~is_ & given.known, "forgotten": was & ~is_ & given.known}
    for name, which in sets.items():
        assert text(panel.get_by_role("button", name=re.compile(name))) == f"{count(which.sum())} {name}"
    b, c = sets["newly right"].sum(), sets["newly wrong"].sum()
    value = float(binomtest(b, b + c).pvalue) if b + c else 1.0
    verdict = "no clear difference" if value >= 0.05 else "more learned than lost" if b > c else "more lost than learned"
    expect(panel).to_contain_text(f"{verdict} (p {number(value)})")
    listed.first.click()
    details = panel.locator(".ls-samples-verdict")
    expect(details).to_be_visible()
    worst = order[0]
    rank = 1 + np.count_nonzero(p[worst] > p[worst, truth[worst]])
    ordinal = f"{rank}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(rank, 'th') }"
    assert texts(details.locator("dd")) == [decimals(sure[worst], 2), fixed(loss[worst], 2), ordinal]
    best = np.argsort(-p[worst], kind="stable")[:5]
    rows = details.locator(".ls-samples-top tr").evaluate_all("all => all.map(r => [r.cells[0].textContent, r.cells[2].textContent])")
    assert [[plain(cell) for cell in row] for row in rows] == [
        [given.labels[j] + (" truth" if j == truth[worst] else ""), decimals(math.floor(p[worst, j] * 65536) / 65536, 2)] for j in best
    ]
    history = panel.get_by_test_id("sample-history").locator("tbody tr").evaluate_all("all => all.map(r => [...r.cells].map(c => c.textContent))")
    for row, step in zip(history, STEPS, strict=True):
        then, ps = given.decided(step)[worst], given.p[step]
        assert row[:3] == [str(step), names[then], "right" if then == truth[worst] else "wrong"]
        assert float(row[3]) == math.floor((ps[worst, 1] if k == 2 else ps[worst].max()) * 65536) / 65536
        assert float(row[4]) == float(np.float16(-np.log(ps[worst, truth[worst]])))
    panel.get_by_role("button", name="back to the list").click()
    expect(listed.first).to_be_visible()


def test_nothing_undefined_is_printed_as_a_number() -> None:
    """The oracle of the printed numbers itself."""
    assert [decimals(x, 2) for x in (math.nan, 0, 0.001, 0.999, 1)] == [UNDEFINED, "0.00", "<0.01", ">0.99", "1.00"]
