"""A request's parameters, checked once: from here on they are what the routes need, or a 400 that says what to fix."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal, cast, get_args

from tb_plugin.refusals import BadQuery
from tb_plugin.schema.calibration import By
from tb_plugin.schema.curves import MACRO
from tb_plugin.schema.score_curves import CONFIDENCE_BINS, MICRO
from tb_plugin.schema.top_k import MOST_K

_RANGE = re.compile(r"([0-9]{0,15})\.\.([0-9]{0,15})")
_FRACTION = re.compile(r"[01]|[01]?\.[0-9]{1,20}")
_MOST_BINS = 100
_MOST_SAMPLES = 1000
_MOST_SERIES = 100
_MOST_LABELS = 10

Outcome = Literal["any", "right", "wrong"]
Against = Literal["any", "differ", "same", "both_right", "only_this_right", "only_other_right", "both_wrong"]
Sort = Literal["place", "loss", "confidence", "doubt", "changed"]
Became = Literal["missed", "false", "rightly", "absent", "wrong"]
"""What a label of a sample became: absent is rightly not told, wrong is missed or told falsely."""


@dataclass(frozen=True)
class Span:
    """A range of whole numbers, both ends included; None is open."""

    first: int | None = None
    last: int | None = None

    def within(self, size: int) -> range:
        """Those of its numbers that lie below a size."""
        return range(self.first or 0, size if self.last is None else min(size, self.last + 1))


@dataclass(frozen=True)
class Choice:
    """Which samples of an evaluation are asked for; see the route `samples`.

    Attributes:
        truth, predicted: Only those of this true, of this predicted class: K is *unknown* and *abstained*. None: any.
        outcome: Only those for which the model was right, or wrong. Abstaining is wrong, and so is neither where nobody knows the truth.
        at_least, below: Only those of a confidence from here on, and below there.
        confidence_bins: Only those in these of the 3,000 bins of confidence that `score_curves` counts in; None: wherever they are.
        k: For `predicted` and `outcome` a truth among the first k classes is what was predicted.
        against: Only those of which both, or one of this and the other evaluation alone, is right, or of which they say the same, or not.
        other_predicted: Only those of this class predicted by the other evaluation, in the ids of `Comparison`. None: any.
        sort: By their `place`, largest `loss` first, largest `confidence` first, smallest first (`doubt`), or those `changed`
            since the earlier step first, of these the largest loss.
        since: The earlier step; None: no other evaluation is looked at.
        first, count: Which of those that match are told, by their place in the order.
        labels: Of several labels: only those of which each of these labels became that.
        most_wrong: The same: only those with at most so many wrong labels. None: any.
        target: Of a regression: the target that is told of.
        truth_bins, predicted_bins: The same: only those whose truth, whose prediction lies in these of the bins of `regression`. None: any.
    """

    truth: int | None = None
    predicted: int | None = None
    outcome: Outcome = "any"
    at_least: float = 0.0
    below: float | None = None
    confidence_bins: Span | None = None
    k: int = 1
    against: Against = "any"
    other_predicted: int | None = None
    sort: Sort = "place"
    since: int | None = None
    first: int = 0
    count: int = 100
    labels: tuple[tuple[int, Became], ...] = ()
    most_wrong: int | None = None
    target: int = 0
    truth_bins: Span | None = None
    predicted_bins: Span | None = None


@dataclass(frozen=True)
class Query:
    """What is asked for.

    Attributes:
        run, tag: The series, empty where the route takes none.
        also: Run and tag of each further series.
        training: Name of a training, empty where the route takes none.
        steps: Range of steps, which begins with the last one at or before its first; the whole series by default.
        newest: Only the last step.
        most: Largest number of steps, thinned evenly with both ends kept; None: all.
        most_bytes: About as many bytes of arrays, thinned in the same way, by whole records; None: all.
        statistics: Names of the statistics, each once; empty: all.
        parameters: Ranges of places among the parameters, rising; empty: all.
        step: The step of an evaluation, or one after it; None: the last one.
        start, end: Steps of two evaluations, `from` and `to`; None: the one before the last, the last one.
        classes: Class ids, -1 for the pooled curve, -2 for the mean; each once. Empty: all, told in numbers alone.
        bins, by: How many bins, and whether they are equally wide or hold equally much.
        choice: Which samples.
        other_run, other_tag, other_step: Run and tag of the series to compare with, empty where there is none, and the step of its evaluation.
        sample: Id of a sample, or its number as digits.
        places: Ranges of places among the examples of a series, rising.
    """

    run: str = ""
    tag: str = ""
    also: tuple[tuple[str, str], ...] = ()
    training: str = ""
    steps: Span = Span()
    newest: bool = False
    most: int | None = None
    most_bytes: int | None = None
    statistics: tuple[str, ...] = ()
    parameters: tuple[Span, ...] = ()
    step: int | None = None
    start: int | None = None
    end: int | None = None
    classes: tuple[int, ...] = ()
    bins: int = 15
    by: By = "width"
    choice: Choice = Choice()
    other_run: str = ""
    other_tag: str = ""
    other_step: int | None = None
    sample: str = ""
    places: tuple[Span, ...] = ()

    def choose(self, steps: Sequence[float]) -> list[int]:
        """Places of the steps asked for.

        Args:
            steps: All that there are, rising.
        """
        if self.newest:
            return [len(steps) - 1] if steps else []
        start = 0 if self.steps.first is None else max(0, bisect_right(steps, self.steps.first) - 1)
        end = len(steps) if self.steps.last is None else bisect_right(steps, self.steps.last)
        return [start + i for i in thinned(max(0, end - start), self.most)]


def parse(arguments: Any, *, needed: Sequence[str], allowed: Sequence[str] = ()) -> Query:
    """Checks a request's parameters.

    Args:
        arguments: The request's `MultiDict`.
        needed: Parameters that must be given.
        allowed: Parameters that may be given.

    Raises:
        BadQuery: One is missing, unknown, given twice, or not of its form.
    """
    known = [*needed, *allowed]
    for name in arguments:
        if name not in known:
            takes = f"this route takes {', '.join(known)}" if known else "this route takes none"
            raise BadQuery(f"unknown parameter {name!r:.80}", f"Leave it out; {takes}.")
        if len(arguments.getlist(name)) > 1:
            raise BadQuery(f"{name} is given {len(arguments.getlist(name))} times", "Give it once; ask again for each other value.")
    for name in needed:
        if not arguments.get(name):
            raise BadQuery(f"{name} is required", f"Add {name}=…; the route runs lists what there is.")
    steps = arguments.get("steps", "..")
    return Query(
        run=arguments.get("run", ""),
        tag=arguments.get("tag", ""),
        also=_pairs(arguments["also"]) if arguments.get("also") else (),
        training=arguments.get("training", ""),
        steps=Span() if steps == "last" else _span("steps", steps, "100..200, 100.., ..200 or last"),
        newest=steps == "last",
        most=_most("max", arguments["max"], 500) if "max" in arguments else None,
        most_bytes=_most("bytes", arguments["bytes"], 64_000_000) if "bytes" in arguments else None,
        statistics=_names(arguments["statistic"]) if "statistic" in arguments else (),
        parameters=_spans("parameters", arguments["parameters"]) if "parameters" in arguments else (),
        step=_whole(arguments, "step"),
        start=_whole(arguments, "from"),
        end=_whole(arguments, "to"),
        classes=_classes(arguments["classes"]) if "classes" in arguments else (),
        bins=_bins(arguments.get("bins", "15")),
        by=cast("By", _one_of(arguments, "by", get_args(By))),
        choice=_choice(arguments),
        other_run=arguments.get("other_run", ""),
        other_tag=arguments.get("other_tag", "") or arguments.get("tag", ""),
        other_step=_whole(arguments, "other_step"),
        sample=arguments.get("sample", ""),
        places=_spans("places", arguments["places"]) if "places" in arguments else (),
    )


def _choice(arguments: Any) -> Choice:
    choice = Choice(
        truth=_whole(arguments, "truth"),
        predicted=_whole(arguments, "predicted"),
        outcome=cast("Outcome", _one_of(arguments, "outcome", get_args(Outcome))),
        at_least=_fraction(arguments, "at_least") or 0.0,
        below=_fraction(arguments, "below"),
        confidence_bins=_span("confidence_bins", arguments["confidence_bins"], "200..399") if "confidence_bins" in arguments else None,
        k=_first(arguments["k"]) if "k" in arguments else 1,
        against=cast("Against", _one_of(arguments, "against", get_args(Against))),
        other_predicted=_whole(arguments, "other_predicted"),
        sort=cast("Sort", _one_of(arguments, "sort", get_args(Sort))),
        since=_whole(arguments, "since"),
        first=_whole(arguments, "first") or 0,
        count=100 if (count := _whole(arguments, "count")) is None else count,
        labels=_decisions(arguments["labels"]) if "labels" in arguments else (),
        most_wrong=_whole(arguments, "most_wrong"),
        target=_whole(arguments, "target") or 0,
        truth_bins=_span("truth_bins", arguments["truth_bins"], "20..29") if "truth_bins" in arguments else None,
        predicted_bins=_span("predicted_bins", arguments["predicted_bins"], "20..29") if "predicted_bins" in arguments else None,
    )
    if choice.count > _MOST_SAMPLES:
        raise BadQuery(
            f"count must be at most {_MOST_SAMPLES}; it is {choice.count}", f"Write count={_MOST_SAMPLES}, and ask again with first={_MOST_SAMPLES}."
        )
    for name in ("against", "other_predicted", "other_tag", "other_step"):
        if name in arguments and not arguments.get("other_run"):
            raise BadQuery(f"{name} needs other_run", "Add other_run=…, the run of the evaluation to compare with.")
    if choice.sort == "changed" and choice.since is None:
        raise BadQuery("sort=changed needs since", "Add since=…, the step of the evaluation to compare with.")
    return choice


def _whole(arguments: Any, name: str) -> int | None:
    text = arguments.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise BadQuery(f"{name} must be a whole number from 0; it is {text!r:.80}", f"Write {name}=3, or leave it out.")
    return int(text)


def _fraction(arguments: Any, name: str) -> float | None:
    text = arguments.get(name)
    if text is None:
        return None
    if not _FRACTION.fullmatch(text) or float(text) > 1:
        raise BadQuery(f"{name} must be a number from 0 to 1; it is {text!r:.80}", f"Write {name}=0.9, or leave it out.")
    return float(text)


def _one_of(arguments: Any, name: str, choices: Sequence[str]) -> str:
    """One of several words; the first of them where none is given."""
    chosen = str(arguments.get(name, choices[0]))
    if chosen not in choices:
        raise BadQuery(f"{name} must be one of {', '.join(choices)}; it is {chosen!r:.80}", f"Write {name}={choices[0]}, or leave it out.")
    return chosen


def _classes(text: str) -> tuple[int, ...]:
    named = {"micro": MICRO, "macro": MACRO}
    parts = text.split(",")
    wrong = [part for part in parts if part not in named and not re.fullmatch(r"[0-9]{1,15}", part)]
    if wrong or len(set(parts)) < len(parts):
        raise BadQuery(f"classes must name class ids, micro or macro, each once; it is {text!r:.80}", "Write classes=3,5,micro, or leave it out for all.")
    return tuple(named[part] if part in named else int(part) for part in parts)


def _decisions(text: str) -> tuple[tuple[int, Became], ...]:
    parts = [part.partition(":") for part in text.split(",")]
    if len(parts) > _MOST_LABELS or not all(re.fullmatch(r"[0-9]{1,9}", label) and became in get_args(Became) for label, _, became in parts):
        words = ", ".join(get_args(Became))
        error = f"labels must say of at most {_MOST_LABELS} labels what each became, one of {words}; it is {text!r:.80}"
        raise BadQuery(error, "Write labels=3:missed,5:false, or leave it out.")
    return tuple((int(label), cast("Became", became)) for label, _, became in parts)


def _bins(text: str) -> int:
    count = int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
    if not 1 <= count <= _MOST_BINS or CONFIDENCE_BINS % count:
        raise BadQuery(
            f"bins must be a whole number up to {_MOST_BINS} that divides {CONFIDENCE_BINS}; it is {text!r:.80}", "Write bins=10, 15, 20, 25, 30, 50 or 100."
        )
    return count


def _first(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,2}", text) or not 1 <= int(text) <= MOST_K:
        raise BadQuery(f"k must be a whole number from 1 to {MOST_K}; it is {text!r:.80}", "Write k=5.")
    return int(text)


def thinned(n: int, most: int | None) -> list[int]:
    """`most` of `n` places, evenly spaced, both ends among them; the last one where only one is wanted."""
    if most is None or n <= most:
        return list(range(n))
    if most == 1:
        return [n - 1]
    return [i * (n - 1) // (most - 1) for i in range(most)]


def _span(name: str, text: str, forms: str) -> Span:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise BadQuery(f"{name} must be a range; it is {text!r:.80}", f"Write {name}={forms}.")
    first, last = (int(end) if end else None for end in match.groups())
    if first is not None and last is not None and first > last:
        raise BadQuery(f"{name} must not fall; it is {text!r:.80}", f"Write {name}={last}..{first}.")
    return Span(first, last)


def _spans(name: str, text: str) -> tuple[Span, ...]:
    parts = (f"{part}..{part}" if part.isdecimal() else part for part in text.split(","))
    spans = tuple(_span(name, part, "0..9, 10.. or 3,5,8") for part in parts)
    for before, after in pairwise(spans):
        if before.last is None or after.first is None or after.first <= before.last:
            raise BadQuery(f"{name} must rise; it is {text!r:.80}", "Name each place once, the lowest first.")
    return spans


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    try:
        pairs = json.loads(text)
    except (ValueError, RecursionError):
        pairs = None
    if isinstance(pairs, list) and len(pairs) <= _MOST_SERIES and all(_is_pair(pair) for pair in pairs):
        return tuple((run, tag) for run, tag in pairs)
    raise BadQuery(f"also must be a list of at most {_MOST_SERIES} pairs; it is {text!r:.80}", 'Write also=[["run", "tag"]], as JSON.')


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if len(set(names)) < len(names):
        raise BadQuery(f"statistic must name each once; it is {text!r:.80}", "Write statistic=weight_sum,gradient_sum.")
    return names


def _most(name: str, text: str, such_as: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) < 1:
        raise BadQuery(f"{name} must be a whole number from 1; it is {text!r:.80}", f"Write {name}={such_as}, or leave it out for all points.")
    return int(text)
