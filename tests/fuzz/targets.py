"""What is fuzzed: each target takes any bytes and raises only where the product is wrong."""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import logging
import tempfile
import warnings
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import numpy as np
from tensorboard.plugins import base_plugin
from werkzeug.test import Client

from tb_plugin.adapters.keras_json import BadModel
from tb_plugin.adapters.keras_model import structure_of
from tb_plugin.adapters.names import meaning, parameter, statistic
from tb_plugin.analyses import Analyses
from tb_plugin.analysis.calibration import calibration
from tb_plugin.analysis.changes import changes
from tb_plugin.analysis.comparison import Evaluation, comparison
from tb_plugin.analysis.curves import curves
from tb_plugin.analysis.sample_choice import sample_history, sample_list
from tb_plugin.analysis.top_k import top_k, top_k_matrix
from tb_plugin.answer import container
from tb_plugin.loader import LayerscopeLoader
from tb_plugin.open import provider_of
from tb_plugin.points import Point, point_of
from tb_plugin.query import Choice
from tb_plugin.refusals import Refusal
from tb_plugin.run_groups import group, natural
from tb_plugin.schema import record
from tb_plugin.schema.calibration import By, Whose
from tb_plugin.schema.curves import MACRO
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.summary import record_event
from tests.golden import make
from writers.event_file import framed, read_name

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # TensorBoard's own copy of html5lib speaks of itself
    from tensorboard.backend import application

PREFIX = "/data/plugin/layerscope"
ROUTES = (
    "/runs",
    "/points",
    "/structure",
    "/order",
    "/curves",
    "/calibration",
    "/score_history",
    "/samples",
    "/sample",
    "/changes",
    "/compare",
    "/top_k",
    "/top_k_matrix",
    "/examples",
    "/index.js",
    "/static/a",
)
ASKED_OF = {"score_curves": ("/curves", "/calibration", "/score_history"), "curves": ("/curves",), "predictions": ("/samples", "/changes", "/top_k")}
ANSWERED = {200, 301, 304, 308, 400, 404, 405, 422}

logging.getLogger("tensorboard").setLevel(logging.CRITICAL)


def a_record(data: bytes) -> None:
    """A record as it stands in a tensor; what is read can be answered."""
    try:
        point = point_of(record.decode(data), 0, 0.0)
    except record.BadRecord:
        return
    record.unpack(container([point]))
    assert point.nbytes >= 0
    for ask in analyses_of(point):
        with contextlib.suppress(Refusal):
            record.unpack(Analyses().answer("", "", 0, 0.0, ask))


def analyses_of(point: Point) -> Iterator[Callable[[], Payload]]:
    """What the server computes of a point of predictions by itself."""
    if point.known and point.kind == "score_curves":
        named = [int(id_) for id_ in point.arrays["of"][:3]]
        for classes in ([], [MACRO], named):
            yield functools.partial(curves, point, classes)
        for by, whose in itertools.product(get_args(By), get_args(Whose)):
            yield functools.partial(calibration, point, 15, by, whose)
    if point.known and point.kind == "predictions":
        size = len(point.arrays["predicted"])
        arrays = {"number": np.arange(size), "truth": np.arange(size) % 4 - 1}
        samples = {str(point.fields["samples"]): replace(point, fields={"ids": None}, arrays=arrays)}
        yield functools.partial(sample_list, point, point, samples, [], Choice(sort="changed", since=0), 3)
        yield functools.partial(sample_history, [point], samples, [], "1", 3)
        yield functools.partial(changes, [point], point, samples, 3)
        evaluation = Evaluation(point, next(iter(samples.values())), ["a", "b", "a"])
        yield functools.partial(comparison, evaluation, replace(evaluation, labels=["b", "c", "d"]))
        yield functools.partial(top_k, [point], samples, 3)
        yield functools.partial(top_k_matrix, point, samples, 3, 2)


def a_container(data: bytes) -> None:
    """What a broken or malicious writer puts behind a good checksum."""
    a_record(zlib.compress(data))


def an_event_file(data: bytes) -> None:
    """A file in a logdir, read and answered on every route, beside one that is whole."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("bad", data), ("good", good_file())):
            (Path(folder) / name).mkdir()
            (Path(folder) / name / "events.out.tfevents.1700000000.host.1.0").write_bytes(content)
        client = Client(_apps(provider_of(Path(folder))))
        trainings = json.loads(_asked(client, "/runs"))["trainings"]
        assert "good" in [training["name"] for training in trainings]
        for training in trainings:
            if training["name"] == "good":
                continue
            _asked(client, f"/structure?training={quote(training['name'])}")
            for series in training["series"]:
                for route in ("/points", *ASKED_OF.get(series["kind"], ())):
                    _asked(client, f"{route}?run={quote(series['run'])}&tag={quote(series['tag'])}")


def an_event(data: bytes) -> None:
    """A message that is no event, or a strange one, in good framing."""
    an_event_file(framed(good_event()) + framed(data) + framed(good_event()))


def a_query(data: bytes) -> None:
    """A route's number, and its query as it stands in the address."""
    if data:
        route = ROUTES[data[0] % len(ROUTES)]
        _asked(golden_client(), f"{route}?{quote(data[1:], safe='&=.+%')}")


def a_keras_model(data: bytes) -> None:
    """The text of a model that Keras' callback logged."""
    try:
        structure_of(data)
    except BadModel:
        return


def a_name(data: bytes) -> None:
    """Names of runs, tags and files."""
    text = data.decode(errors="replace")
    names = text.split("\n")
    grouped = group(set(names), {names[0]: names[1:3]})
    assert sorted(run for runs in grouped.values() for run in runs) == sorted(set(names))
    assert len({natural(name) for name in names}) == len(set(names))
    for name in names:
        meaning(name, name, evaluation=None)
        parameter(name)
        statistic(name)
        read_name(name)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "record": a_record,
    "container": a_container,
    "event": an_event,
    "event file": an_event_file,
    "query": a_query,
    "Keras model": a_keras_model,
    "name": a_name,
}


@functools.cache
def golden_client() -> Client:
    """TensorBoard's server over the golden files."""
    provider = provider_of(make.FOLDER)
    plugin = LayerscopeLoader().load(base_plugin.TBContext(data_provider=provider))
    return Client(application.TensorBoardWSGI([plugin], "", provider))


@functools.cache
def seeds() -> tuple[bytes, ...]:
    """Good records of every kind."""
    return tuple(record.encode(payload, writer="w", ordinal=i) for points in make.CONTENT.values() for i, (_, payload) in enumerate(points))


@functools.cache
def good_event() -> bytes:
    """An event of ours."""
    payload = make.CONTENT["confusion_matrix"][-1][1]
    data = record.encode(payload, writer="w", ordinal=0)
    return bytes(record_event("v/confusion_matrix", payload.kind, payload.version, data, 3, 1.0).SerializeToString())


@functools.cache
def good_file() -> bytes:
    """A file of every kind's golden records."""
    return b"".join(path.read_bytes() for path in sorted(make.FOLDER.rglob("*tfevents*")))


def _apps(provider: Any) -> Callable[..., Any]:
    """The routes alone: a whole server takes longer to make than a small file to read."""
    apps = LayerscopeLoader().load(base_plugin.TBContext(data_provider=provider)).get_plugin_apps()
    return lambda environ, start: apps[environ["PATH_INFO"].removeprefix(PREFIX)](environ, start)


def _asked(client: Client, address: str) -> bytes:
    response = client.get(f"{PREFIX}{address}")
    content = response.get_data()
    assert response.status_code in ANSWERED, (address, response.status_code, content[:500])
    if response.status_code >= 400 and not address.startswith(("/index.js", "/static")):
        assert set(json.loads(content)) == {"error", "fix"}, address
    return content
