"""The routes of the predictions: query → points of one evaluation → analysis → body."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request

from tb_plugin import responses
from tb_plugin.analyses import Analyses
from tb_plugin.answer import container
from tb_plugin.points import Point, Points
from tb_plugin.query import Query, parse
from tb_plugin.refusals import BadQuery, NotFound, Nothing
from tb_plugin.responses import Body
from tb_plugin.schema.calibration import Whose
from tb_plugin.schema.curves import Curves
from tb_plugin.schema.payload import Payload
from tb_plugin.slices import along
from tb_plugin.store import Caller, Listed, Store

if TYPE_CHECKING:
    from tb_plugin.analysis.comparison import Evaluation
    from tb_plugin.analysis.confidence_bins import Counted

_VERSUS = ("other_run", "other_tag", "other_step", "against", "other_predicted")
_CALLED = {
    "score_curves": "curves",
    "predictions": "predictions",
    "label_predictions": "predictions of labels",
    "number_predictions": "predictions of numbers",
    "examples": "examples",
}

_TAKEN: Mapping[str, Sequence[str]] = {
    "predictions": ("truth", "predicted", "outcome", "at_least", "below", "confidence_bins", "k", "since", *_VERSUS),
    "label_predictions": ("labels", "most_wrong", "outcome"),
    "number_predictions": ("target", "truth_bins", "predicted_bins"),
}
"""What samples are chosen by, by the kind of what was predicted of them."""


def curves(request: Request, store: Store, analyses: Analyses) -> Body:
    """ROC and precision-recall curves of some classes at one evaluation, or the numbers of all.

    Raises:
        NotFound: There is no such series, or no curves of that step.
        BadQuery: A class is none of it.
    """
    from tb_plugin.analysis.curves import curves as analysis

    query, caller = parse(request.args, needed=("run", "tag"), allowed=("step", "classes")), Caller.of(request.environ)
    points, _ = _read(store, caller, query, "score_curves", Curves.kind)
    point = _at(points, query.step, query, "score_curves")
    if point.kind == Curves.kind:  # others' are told as they were logged
        return responses.arrays(container([point]))
    return _answer(analyses, request, caller, query, [point], lambda: analysis(point, query.classes))


def calibration(request: Request, store: Store, analyses: Analyses) -> Body:
    """How often the model was right by how sure it was, at one evaluation.

    Raises:
        NotFound: There is no such series, no curves of that step, or their classes are not in the log.
    """
    from tb_plugin.analysis.calibration import calibration as analysis

    query, caller = parse(request.args, needed=("run", "tag"), allowed=("step", "bins", "by")), Caller.of(request.environ)
    points, listed = _read(store, caller, query, "score_curves")
    point = _at(points, query.step, query, "score_curves")
    whose = _whose(store, caller, listed, point)
    return _answer(analyses, request, caller, query, [point], lambda: analysis(point, query.bins, query.by, whose))


def score_history(request: Request, store: Store, analyses: Analyses) -> Body:
    """What curves and calibration say at every evaluation.

    Raises:
        NotFound: There is no such series, or its classes are not in the log.
        BadQuery: It is not of one class.
    """
    from tb_plugin.analysis.score_history import score_history as analysis

    query, caller = parse(request.args, needed=("run", "tag", "classes")), Caller.of(request.environ)
    if len(query.classes) != 1:
        raise BadQuery(f"classes must name one class here; it names {len(query.classes)}", "Write classes=3, micro or macro.")
    points, listed = _read(store, caller, query, "score_curves")
    point = _at(points, None, query, "score_curves")
    same, whose = _of_same_classes(points, point), _whose(store, caller, listed, point)
    return _answer(analyses, request, caller, query, same, lambda: analysis(same, query.classes[0], whose))


def samples(request: Request, store: Store, analyses: Analyses) -> Body:
    """Some samples of one evaluation.

    Raises:
        NotFound: There is no such series, no predictions of that step, or their samples are not in the log; or bins of
            confidence are asked for that nobody counted in.
    """
    from tb_plugin.analysis.comparison import pair
    from tb_plugin.analysis.sample_choice import sample_list as analysis

    allowed = ("step", "sort", "first", "count", *dict.fromkeys(name for names in _TAKEN.values() for name in names))
    query, caller = parse(request.args, needed=("run", "tag"), allowed=allowed), Caller.of(request.environ)
    points, listed = _read(store, caller, query, "predictions", "label_predictions", "number_predictions")
    point = _at(points, query.step, query, "predictions")
    _must_take(request, point.kind)
    if point.kind == "label_predictions":
        return _label_samples(request, store, analyses, query, listed, point)
    if point.kind == "number_predictions":
        return _number_samples(request, store, analyses, query, listed, point)
    since = None if query.choice.since is None else _at(points, query.choice.since, query, "predictions")
    of = [point] if since is None else [since, point]
    size, their_samples, stored = _size(store, caller, listed, point), _samples(store, caller, listed, of), _examples(store, caller, listed)
    counted = None if query.choice.confidence_bins is None else _counted(store, caller, listed, point)
    both = (_evaluation(store, caller, listed, point), _other(store, caller, query)) if query.other_run else None
    stamp = [*stored, *([] if counted is None else [counted.curves]), *([] if both is None else [both[1].point]), *of]

    def answer() -> Payload:
        versus = None if both is None else pair(*both)
        return analysis(point, since, their_samples, stored, query.choice, size, counted, versus)

    return _answer(analyses, request, caller, query, stamp, answer)


def sample(request: Request, store: Store, analyses: Analyses) -> Body:
    """One sample at every evaluation.

    Raises:
        NotFound: There is no such series, or no such sample in it.
    """
    from tb_plugin.analysis.sample_choice import sample_history as analysis

    query, caller = parse(request.args, needed=("run", "tag", "sample")), Caller.of(request.environ)
    points, listed = _read(store, caller, query, "predictions", "label_predictions", "number_predictions")
    point = _at(points, None, query, "predictions")
    if point.kind == "number_predictions":
        return _number_sample(request, store, analyses, query, listed, points)
    same = _of_same_classes(points, point)
    size, their_samples, stored = _size(store, caller, listed, point), _samples(store, caller, listed, same), _examples(store, caller, listed)
    if point.kind == "label_predictions":
        from tb_plugin.analysis.label_samples import label_sample_history

        return _answer(analyses, request, caller, query, [*stored, *same], lambda: label_sample_history(same, their_samples, stored, query.sample, size))
    return _answer(analyses, request, caller, query, [*stored, *same], lambda: analysis(same, their_samples, stored, query.sample, size))


def changes(request: Request, store: Store, analyses: Analyses) -> Body:
    """What was learned and forgotten between two evaluations.

    Raises:
        NotFound: There is no such series, no predictions of these steps, or their samples are not in the log.
        BadQuery: `from` does not lie before `to`.
    """
    from tb_plugin.analysis.changes import changes as analysis

    query, caller = parse(request.args, needed=("run", "tag"), allowed=("from", "to")), Caller.of(request.environ)
    if query.start is not None and query.end is not None and query.start >= query.end:
        raise BadQuery(f"from must lie before to; they are {query.start} and {query.end}", f"Write from={query.end}&to={query.start}.")
    points, listed = _read(store, caller, query, "predictions")
    later = _at(points, query.end, query, "predictions")
    # Ids of other classes mean something else.
    same = [point for point in points.points if point.step < later.step and point.fields["classes"] == later.fields["classes"]]
    before = [point for point in same if query.start is None or point.step <= query.start]
    if not before:
        raise Nothing(f"no predictions of the same classes before step {later.step}", "Two evaluations are compared; ask again once there is another.")
    of = [*before, later]
    size, their_samples = _size(store, caller, listed, later), _samples(store, caller, listed, of)
    return _answer(analyses, request, caller, query, of, lambda: analysis(before, later, their_samples, size))


def compare(request: Request, store: Store, analyses: Analyses) -> Body:
    """Two evaluations of the same samples against each other.

    Raises:
        NotFound: There is no such series, no predictions of these steps, or their samples or classes are not in the log.
    """
    from tb_plugin.analysis.comparison import comparison
    from tb_plugin.analysis.label_comparison import label_comparison
    from tb_plugin.analysis.number_comparison import number_comparison

    analysis: Mapping[str, Callable[[Evaluation, Evaluation], Payload]] = {
        "predictions": comparison,
        "label_predictions": label_comparison,
        "number_predictions": number_comparison,
    }
    query, caller = parse(request.args, needed=("run", "tag", "other_run"), allowed=("step", "other_tag", "other_step")), Caller.of(request.environ)
    points, listed = _read(store, caller, query, *analysis)
    this = _evaluation(store, caller, listed, _at(points, query.step, query, "predictions"))
    other = _other(store, caller, query, this.point.kind)
    asked = replace(query, other_step=other.point.step)
    return _answer(analyses, request, caller, asked, [other.point, this.point], lambda: analysis[this.point.kind](this, other))


def top_k(request: Request, store: Store, analyses: Analyses) -> Body:
    """How often the truth is among the first few classes, at every evaluation.

    Raises:
        NotFound: There is no such series, or its samples or classes are not in the log.
    """
    from tb_plugin.analysis.top_k import top_k as analysis

    query, caller = parse(request.args, needed=("run", "tag")), Caller.of(request.environ)
    points, listed = _read(store, caller, query, "predictions")
    same = _of_same_classes(points, _at(points, None, query, "predictions"))
    size, their_samples = _size(store, caller, listed, same[-1]), _samples(store, caller, listed, same)
    return _answer(analyses, request, caller, query, same, lambda: analysis(same, their_samples, size))


def top_k_matrix(request: Request, store: Store, analyses: Analyses) -> Body:
    """The confusion matrix in which a truth among the first few classes counts as right.

    Raises:
        NotFound: There is no such series, no predictions of that step, or their samples or classes are not in the log.
    """
    from tb_plugin.analysis.top_k import top_k_matrix as analysis

    query, caller = parse(request.args, needed=("run", "tag", "k"), allowed=("step",)), Caller.of(request.environ)
    points, listed = _read(store, caller, query, "predictions")
    point = _at(points, query.step, query, "predictions")
    size, their_samples = _size(store, caller, listed, point), _samples(store, caller, listed, [point])
    return _answer(analyses, request, caller, query, [point], lambda: analysis(point, their_samples, size, query.choice.k))


def examples(request: Request, store: Store) -> Body:
    """Examples of a series by their places in it, as points of kind `examples`.

    Raises:
        NotFound: There is no such series.
        BadQuery: It has no such example.
    """
    query = parse(request.args, needed=("run", "tag", "places"))
    points, _ = _read(store, Caller.of(request.environ), query, "examples")
    return responses.arrays(container(along(points.points, "example", query.places)))


def _label_samples(request: Request, store: Store, analyses: Analyses, query: Query, listed: Listed, point: Point) -> Body:
    """Some samples of an evaluation of several labels."""
    from tb_plugin.analysis.label_samples import label_sample_list as analysis

    caller = Caller.of(request.environ)
    size, their_samples, stored = _size(store, caller, listed, point), _samples(store, caller, listed, [point]), _examples(store, caller, listed)
    return _answer(analyses, request, caller, query, [*stored, point], lambda: analysis(point, their_samples, stored, query.choice, size))


def _number_samples(request: Request, store: Store, analyses: Analyses, query: Query, listed: Listed, point: Point) -> Body:
    """Some samples of a regression."""
    from tb_plugin.analysis.number_samples import number_sample_list as analysis

    caller = Caller.of(request.environ)
    their_samples, stored = _samples(store, caller, listed, [point]), _examples(store, caller, listed)
    is_binned = query.choice.truth_bins is not None or query.choice.predicted_bins is not None
    table = _table(store, caller, listed, point) if is_binned else None
    stamp = [*stored, *([] if table is None else [table]), point]
    return _answer(analyses, request, caller, query, stamp, lambda: analysis(point, their_samples, stored, query.choice, table))


def _number_sample(request: Request, store: Store, analyses: Analyses, query: Query, listed: Listed, points: Points) -> Body:
    """One sample of a regression at every evaluation of the same targets."""
    from tb_plugin.analysis.number_samples import number_sample_history as analysis

    caller = Caller.of(request.environ)
    same = [each for each in points.points if each.fields.get("targets") == points.points[-1].fields["targets"]]
    their_samples, stored = _samples(store, caller, listed, same), _examples(store, caller, listed)
    return _answer(analyses, request, caller, query, [*stored, *same], lambda: analysis(same, their_samples, stored, query.sample))


def _must_take(request: Request, kind: str) -> None:
    """
    Raises:
        BadQuery: Samples of another kind of prediction are chosen by what is asked for.
    """
    for name in request.args:
        of = [each for each, names in _TAKEN.items() if name in names]
        if of and kind not in of:
            raise BadQuery(f"{name} chooses among the samples of {of[0]}; this series holds {kind}", f"Leave it out, or choose by {', '.join(_TAKEN[kind])}.")
    sorts = ("place", "loss") if kind != "predictions" else None
    if sorts is not None and request.args.get("sort", "place") not in sorts:
        raise BadQuery(f"samples of {kind} are sorted by place or loss; sort is {request.args['sort']!r:.80}", "Write sort=loss, or leave it out.")


def _answer(analyses: Analyses, request: Request, caller: Caller, query: Query, points: Sequence[Point], analysis: Callable[[], Payload]) -> Body:
    """What an analysis finds in some points, told of the last of them."""
    stamp = tuple((point.kind, point.step, point.wall_time) for point in points)
    # Every step up to the next evaluation asks for the same one.
    key = (request.path, caller.experiment, replace(query, step=points[-1].step))
    return responses.arrays(analyses.answer(key, stamp, points[-1].step, points[-1].wall_time, analysis))


def _read(store: Store, caller: Caller, query: Query, kind: str, *others: str) -> tuple[Points, Listed]:
    """The points of one kind of a series, or of kinds that may stand for it, at least one, and the series."""
    listed = store.named(caller, query.run, query.tag)
    own = store.of_kind(caller, listed, kind, *others)
    if not own.points:
        raise NotFound(f"no {_CALLED[kind]} that can be read in {query.tag!r:.200} of run {query.run!r:.200}", f"Ask for a series of the kind {kind}.")
    return own, listed


def _at(points: Points, step: int | None, query: Query, kind: str) -> Point:
    """The last of some points at or before a step.

    Raises:
        Nothing: They begin later.
    """
    point = points.at(step)
    if point is None:
        error = f"no {_CALLED[kind]} in {query.tag!r:.200} of run {query.run!r:.200} at or before step {step}"
        raise Nothing(error, f"The first are of step {points.points[0].step}.")
    return point


def _of_same_classes(points: Points, point: Point) -> Sequence[Point]:
    """Those of some points that are of the classes of one of them: ids of other classes mean something else."""
    return [each for each in points.points if each.fields["classes"] == point.fields["classes"]]


def _other(store: Store, caller: Caller, query: Query, kind: str = "predictions") -> Evaluation:
    """The evaluation that a query compares with: one of the same task, by the kind of its predictions."""
    there = replace(query, run=query.other_run, tag=query.other_tag)
    points, listed = _read(store, caller, there, kind)
    return _evaluation(store, caller, listed, _at(points, query.other_step, there, "predictions"))


def _evaluation(store: Store, caller: Caller, series: Listed, point: Point) -> Evaluation:
    """A point of predictions of any task with what it refers to."""
    from tb_plugin.analysis.comparison import Evaluation

    samples = _samples(store, caller, series, [point])[str(point.fields["samples"])]
    names = point.fields["targets"] if point.kind == "number_predictions" else _labels(store, caller, series, point)
    return Evaluation(point, samples, names)


def _samples(store: Store, caller: Caller, series: Listed, points: Sequence[Point]) -> Mapping[str, Point]:
    """The samples that predictions refer to, by digest."""
    lost = "Their record was lost or damaged; without it nobody knows what was true."
    return {digest: _axis(store, caller, series, "samples", digest, lost) for digest in {str(point.fields["samples"]) for point in points}}


def _size(store: Store, caller: Caller, series: Listed, point: Point) -> int:
    """How many classes a point refers to."""
    return len(_labels(store, caller, series, point))


def _labels(store: Store, caller: Caller, series: Listed, point: Point) -> Sequence[str]:
    """Names of the classes that a point refers to."""
    labels: Sequence[str] = _classes(store, caller, series, point).fields["labels"]
    return labels


def _whose(store: Store, caller: Caller, series: Listed, point: Point) -> Whose:
    """Whose probability the confidence in score curves is."""
    classes = _classes(store, caller, series, point).fields
    if classes["task"] == "multilabel":
        return "label"
    return "positive class" if len(classes["labels"]) == 2 else "predicted class"


def _classes(store: Store, caller: Caller, series: Listed, point: Point) -> Point:
    """The record of the classes that a point refers to."""
    return _axis(store, caller, series, "classes", str(point.fields["classes"]), "Their record was lost or damaged; log it again.")


def _axis(store: Store, caller: Caller, series: Listed, kind: str, digest: str, lost: str) -> Point:
    """The record that points of a series refer to by its digest."""
    point = store.referred(caller, series.run, kind, digest)
    if point is None:
        raise NotFound(f"no {kind} {digest:.80}, to which {series.tag!r:.200} refers", lost)
    return point


def _examples(store: Store, caller: Caller, series: Listed) -> Sequence[Point]:
    """The examples of the same evaluation, if there are any."""
    listed = store.find(caller, series.run, f"{series.tag.rpartition('/')[0]}/examples")
    return () if listed is None else store.of_kind(caller, listed, "examples").points


def _table(store: Store, caller: Caller, series: Listed, point: Point) -> Point:
    """The regression in whose bins the values of some predictions were counted."""
    tag = f"{series.tag.rpartition('/')[0]}/regression"
    listed = store.find(caller, series.run, tag)
    table = None if listed is None else store.of_kind(caller, listed, "regression").at(point.step)
    if table is None or table.step != point.step or len(table.fields["targets"]) != len(point.fields["targets"]):
        error = f"no regression in {tag!r:.200} of run {series.run!r:.200} at step {point.step}, whose bins are asked for"
        raise NotFound(error, "Leave truth_bins and predicted_bins out.")
    return table


def _counted(store: Store, caller: Caller, series: Listed, point: Point) -> Counted:
    """The bins of confidence in which the samples of some predictions were counted."""
    from tb_plugin.analysis.confidence_bins import Counted

    tag = f"{series.tag.rpartition('/')[0]}/score_curves"
    listed = store.find(caller, series.run, tag)
    curves = None if listed is None else store.of_kind(caller, listed, "score_curves").at(point.step)
    if curves is None or curves.step != point.step or curves.fields["classes"] != point.fields["classes"]:
        error = f"no curves in {tag!r:.200} of run {series.run!r:.200} at step {point.step}, whose bins of confidence are asked for"
        raise NotFound(error, "Leave confidence_bins out, or write at_least and below.")
    record = _axis(store, caller, series, "classes", str(point.fields["classes"]), "Their record was lost or damaged; log it again.").fields
    positive = None if len(record["labels"]) != 2 else 1 if record.get("positive") is None else int(record["positive"])
    return Counted(curves, positive)
