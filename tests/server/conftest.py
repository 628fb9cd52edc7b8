"""Logdirs read as TensorBoard reads them, with both of its loaders, and a client that asks the plugin's routes."""

from __future__ import annotations

import json
import time
import warnings
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing import data_ingester, data_provider, plugin_event_multiplexer, tag_types
from tensorboard.data import server_ingester
from tensorboard.plugins import base_plugin
from tensorboard.util import grpc_util
from werkzeug.test import Client, TestResponse

from tb_plugin.loader import KEPT_POINTS, LayerscopeLoader
from tb_plugin.schema.record import unpack
from tb_plugin.store import Caller, Store

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # TensorBoard's own copy of html5lib speaks of itself
    from tensorboard.backend import application

PREFIX = "/data/plugin/layerscope"

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Answer:
    """A container of the routes, taken apart."""

    segments: list[dict[str, Any]]
    problems: list[dict[str, Any]]
    arrays: dict[str, Array]

    def parts(self, segment: int, name: str, axis: int = 0) -> list[Array]:
        """One array of each point of a segment."""
        end = self.arrays[f"{segment}/{name}/end"]
        return np.split(self.arrays[f"{segment}/{name}"], end[:-1], axis=axis)


class Tab:
    """TensorBoard with the plugin, over one logdir."""

    def __init__(self, provider: Any, path_prefix: str = "") -> None:
        self.provider = provider
        self.plugin = LayerscopeLoader().load(base_plugin.TBContext(data_provider=provider))
        self.store = Store(provider)
        app = application.TensorBoardWSGI([self.plugin], path_prefix, provider)
        self.client = Client(app)
        self.prefix = f"{path_prefix}{PREFIX}"

    def get(self, route: str, query: Mapping[str, str] | None = None, *, method: str = "GET", headers: dict[str, str] | None = None) -> TestResponse:
        """Asks a route."""
        return self.client.open(f"{self.prefix}{route}", method=method, query_string=query, headers=headers)

    def runs(self) -> dict[str, Any]:
        """What /runs answers."""
        content: dict[str, Any] = json.loads(self.get("/runs").get_data())
        return content

    def arrays(self, route: str, **query: str) -> Answer:
        """An answer of arrays."""
        response = self.get(route, query)
        assert response.status_code == 200, response.get_data(as_text=True)
        arrays, header = unpack(response.get_data())
        assert set(header) == {"segments", "problems"}
        assert {str(a.dtype) for a in arrays.values()} <= {"uint8", "int32", "float32", "float64"}
        return Answer(header["segments"], header["problems"], arrays)

    def nothing(self, route: str, **query: str) -> tuple[str, str]:
        """Error and fix of an answer that has no points."""
        found = self.arrays(route, **query)
        ((error, fix, step),) = (each.values() for each in found.problems)
        assert (found.segments, step) == ([], None)
        return error, fix

    def refused(self, route: str, **query: str) -> tuple[int, str, str]:
        """Status, error and fix of a request that is not answered."""
        response = self.get(route, query)
        content = json.loads(response.get_data())
        assert set(content) == {"error", "fix"}
        assert content["fix"]
        assert response.headers["Cache-Control"] == "no-store"
        return response.status_code, content["error"], content["fix"]


def read_with_python(logdir: Path) -> Any:
    """TensorBoard's Python loader, as `--load_fast=false` makes it, once through."""
    multiplexer = plugin_event_multiplexer.EventMultiplexer(
        size_guidance={tag_types.TENSORS: 10},
        tensor_size_guidance={**data_ingester.DEFAULT_TENSOR_SIZE_GUIDANCE, "layerscope": KEPT_POINTS},
        purge_orphaned_data=True,
    )
    multiplexer.AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    return data_provider.MultiplexerDataProvider(multiplexer, str(logdir))


class RustLoaders:
    """TensorBoard's Rust loaders, one a logdir, as `--load_fast=true` starts them; ended with the test."""

    def __init__(self) -> None:
        self._running: list[Any] = []

    def read(self, logdir: Path) -> Any:
        """Starts one and waits until it has been through the logdir."""
        flags = Namespace(samples_per_plugin={})
        LayerscopeLoader().fix_flags(flags)
        ingester = server_ingester.SubprocessServerDataIngester(
            server_binary=server_ingester.get_server_binary(),
            logdir=str(logdir),
            reload_interval=0,
            channel_creds_type=grpc_util.ChannelCredsType.LOCAL,
            samples_per_plugin=flags.samples_per_plugin,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # it leaves its process and a temporary directory to the garbage collector
            ingester.start()
        self._running.append(ingester)
        return ingester.data_provider

    def close(self) -> None:
        """The data server ends when its standard input does."""
        for ingester in self._running:
            ingester._stdin_handle.close()


@pytest.fixture(params=["python", "rust"])
def open_tab(request: pytest.FixtureRequest) -> Iterator[Callable[..., Tab]]:
    """Opens a logdir in TensorBoard, with each of its loaders; `series` is how many series it must have found."""
    rust = RustLoaders()

    def open_(logdir: Path, series: int) -> Tab:
        if request.param == "python":
            return Tab(read_with_python(logdir))
        provider, deadline = rust.read(logdir), time.monotonic() + 20
        while True:
            found = Store(provider).listing(Caller.local())  # a store of its own each time: a store keeps its list for a second
            if len(found) >= series:
                return Tab(provider)
            assert time.monotonic() < deadline, f"the Rust loader found {found}"

    yield open_
    rust.close()


@pytest.fixture
def python_tab() -> Callable[..., Tab]:
    """Opens a logdir in TensorBoard with its Python loader, for what does not depend on the loader."""

    def open_(logdir: Path, path_prefix: str = "") -> Tab:
        return Tab(read_with_python(logdir), path_prefix)

    return open_
