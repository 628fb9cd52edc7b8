"""One function a route: query → store → body."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.wrappers import Request

from tb_plugin import responses, structures
from tb_plugin.adapters.histograms import histogram_points
from tb_plugin.adapters.layer_scalars import TAG as LAYER_SCALARS
from tb_plugin.adapters.layer_scalars import parameter_points, statistic_points
from tb_plugin.adapters.scalars import Fit, on_step_axis
from tb_plugin.answer import container
from tb_plugin.catalogue import Catalogues
from tb_plugin.epochs import scalars_of
from tb_plugin.orders import Orders
from tb_plugin.owners import HISTOGRAMS, SCALARS
from tb_plugin.points import Points, point_from
from tb_plugin.query import Query, parse
from tb_plugin.refusals import NotFound
from tb_plugin.responses import Body
from tb_plugin.slices import chosen, fitting
from tb_plugin.store import Caller, Listed, Store


def runs(request: Request, catalogues: Catalogues) -> Body:
    """All trainings and what each has: the page's poll."""
    parse(request.args, needed=())
    return Body(catalogues.of(Caller.of(request.environ)).told, responses.JSON)


def points(request: Request, catalogues: Catalogues) -> Body:
    """Points of one series.

    Raises:
        NotFound: There is no such series.
    """
    query = parse(request.args, needed=("run", "tag"), allowed=("steps", "max", "bytes", "statistic", "parameters"))
    read = _read(catalogues, Caller.of(request.environ), query)
    asked = chosen(read.points, query)
    fit = fitting(asked, query.most_bytes)
    return responses.arrays(container(fit, read.problems, steps=None if len(fit) == len(asked) else [p.step for p in asked]))


def structure(request: Request, catalogues: Catalogues) -> Body:
    """The layers of a training and its parameters, newest at or before the end of `steps`.

    Raises:
        NotFound: There is no such training, or no layers of it were logged, or none that can be read.
    """
    query = parse(request.args, needed=("training",), allowed=("steps",))
    caller = Caller.of(request.environ)
    training = catalogues.of(caller).named(query.training)
    if training is None:
        raise NotFound(f"there is no training {query.training!r:.200}", "The route runs lists what there is; it may have been deleted.")
    found = structures.find(catalogues.store, caller, training, query.steps.last)
    if not found.points:
        error = found.problems[0].error if found.problems else f"no layers of {query.training!r:.200} were logged"
        fix = found.problems[0].fix if found.problems else "Log them: callbacks=[Layerscope(logdir)]."
        raise NotFound(error, fix)
    return responses.arrays(container(found.points, found.problems))


def order(request: Request, store: Store, orders: Orders) -> Body:
    """Classes of a series of confusion matrices, ordered by what is taken for what over all steps of it, and of others named in `also`.

    Raises:
        NotFound: There is no such series, or it has no confusion matrix that can be read.
        TooMuch: It has too many classes.
    """
    query = parse(request.args, needed=("run", "tag"), allowed=("also",))
    caller = Caller.of(request.environ)
    also = (store.find(caller, run, tag) for run, tag in query.also)
    found, classes = orders.of(caller, store, [store.named(caller, query.run, query.tag), *(series for series in also if series is not None)])
    return responses.json({"order": found.order.tolist(), "joins": found.joins.tolist(), "classes": classes})


def _read(catalogues: Catalogues, caller: Caller, query: Query) -> Points:
    """The points of the series that a query names: as it was logged, or made of scalars."""
    store = catalogues.store
    made = None if store.find(caller, query.run, query.tag) is not None else _layer_scalars(catalogues, caller, query)
    if made is not None:
        return made
    listed = store.named(caller, query.run, query.tag)
    others = {SCALARS: _scalars, HISTOGRAMS: _histograms}.get(listed.owner)
    return store.points(caller, listed) if others is None else others(catalogues, caller, listed)


def _scalars(catalogues: Catalogues, caller: Caller, listed: Listed) -> Points:
    """A scalar series as one point, with the training's steps for Keras' epochs."""
    series = on_step_axis(listed.tag, catalogues.store.scalars(caller, listed), _fits(catalogues, caller, listed))
    return Points((point_from(series, int(series.step[-1]), float(series.wall_time[-1])),) if len(series.step) else ())


def _histograms(catalogues: Catalogues, caller: Caller, listed: Listed) -> Points:
    """A histogram series as one point, with the training's steps for Keras' epochs."""
    return histogram_points(listed.tag, catalogues.store.histograms(caller, listed), _fits(catalogues, caller, listed))


def _fits(catalogues: Catalogues, caller: Caller, listed: Listed) -> Sequence[Fit]:
    training = catalogues.of(caller).training_of(listed.run)
    return training.fits_of(listed.run) if training is not None else ()


def _layer_scalars(catalogues: Catalogues, caller: Caller, query: Query) -> Points | None:
    """What scalars tell of the layers of a run, where a query asks for that, or for the parameters that it is told of."""
    training = catalogues.of(caller).training_of(query.run)
    told = None if training is None else training.layer_scalars.get(query.run)
    if told is None or query.tag not in (LAYER_SCALARS, told.parameters_tag):
        return None
    series = [s for s in catalogues.store.listing(caller) if s.run == query.run and s.owner == SCALARS and s.tag in told.places]
    if query.tag == LAYER_SCALARS:
        read = {s.tag: scalars_of(catalogues.store, caller, s) for s in series}
        return statistic_points(told, {tag: each for tag, each in read.items() if each is not None})
    return parameter_points(told, max(s.last_step for s in series), max(s.last_wall_time for s in series))
