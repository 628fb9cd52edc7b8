"""One function a route: query → store → body."""

from __future__ import annotations

from werkzeug.wrappers import Request

from tb_plugin import responses
from tb_plugin.adapters.scalars import on_step_axis
from tb_plugin.answer import container
from tb_plugin.points import Points, point_from
from tb_plugin.query import Query, parse
from tb_plugin.responses import Body, NotFound
from tb_plugin.schema.scalars import Scalars
from tb_plugin.store import SCALARS, Caller, Listed, Store
from tb_plugin.trainings import Facts, catalogue


def runs(request: Request, store: Store) -> Body:
    """All trainings and what each has: the page's poll."""
    parse(request.args, needed=())
    found = catalogue(store, Caller.of(request.environ))
    return responses.json({"trainings": [t.told() for t in found.trainings], "problems": [p.told() for p in found.problems]})


def points(request: Request, store: Store) -> Body:
    """Points of one series.

    Raises:
        NotFound: There is no such series.
    """
    query = parse(request.args, needed=("run", "tag"), allowed=("steps", "max"))
    caller = Caller.of(request.environ)
    listed = _listed(store, caller, query)
    if listed.owner == SCALARS:
        training = catalogue(store, caller).training_of(query.run)
        series = on_step_axis(listed.tag, store.scalars(caller, listed), training.facts.fits if training is not None else Facts().fits)
        return responses.arrays(container(_scalars(series, query).points))
    read = store.points(caller, listed)
    chosen = query.choose([p.step for p in read.points])
    return responses.arrays(container([read.points[i] for i in chosen], read.problems))


def structure(request: Request, store: Store) -> Body:
    raise NotFound("not yet", "")


def order(request: Request, store: Store) -> Body:
    raise NotFound("not yet", "")


def _listed(store: Store, caller: Caller, query: Query) -> Listed:
    listed = store.find(caller, query.run, query.tag)
    if listed is None:
        raise NotFound(f"run {query.run!r:.200} has no series {query.tag!r:.200}", "The route runs lists what there is; it may have been deleted.")
    return listed


def _scalars(series: Scalars, query: Query) -> Points:
    chosen = query.choose(series.step.tolist())
    if not chosen:
        return Points()
    cut = Scalars(axis=series.axis, step=series.step[chosen], wall_time=series.wall_time[chosen], value=series.value[chosen])
    return Points((point_from(cut, int(cut.step[-1]), float(cut.wall_time[-1])),))
