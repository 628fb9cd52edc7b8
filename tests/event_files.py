"""What a logdir holds, by TensorBoard's own data provider with either of its loaders."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer, tag_types
from tensorboard.context import RequestContext
from tensorboard.data import server_ingester
from tensorboard.util import grpc_util

from tb_plugin.schema.summary import PLUGIN_NAME

Loader = Literal["python", "rust"]
LOADERS: Sequence[Loader] = ("python", "rust")

Records = Mapping[tuple[str, str], Sequence[tuple[int, float, bytes]]]
"""Step, wall time and bytes of each record, by run and tag."""

Scalars = Mapping[tuple[str, str], Sequence[tuple[int, float, float]]]
"""Step, wall time and value of each scalar, by run and tag."""

_PATIENCE = 60.0

_Found = TypeVar("_Found", Records, Scalars)


def records(logdir: Path, loader: Loader, expected: int) -> Records:
    """The records of this plugin in a logdir; the Rust loader reads while it serves and is asked until it has as many as expected."""
    return _found(logdir, loader, expected, _records)


def scalars(logdir: Path, loader: Loader, expected: int) -> Scalars:
    """The scalars in a logdir, in the same way."""
    return _found(logdir, loader, expected, _scalars)


def _found(logdir: Path, loader: Loader, expected: int, read: Callable[[Any], _Found]) -> _Found:
    return _with_python(logdir, read) if loader == "python" else _with_rust(logdir, expected, read)


def _with_python(logdir: Path, read: Callable[[Any], _Found]) -> _Found:
    multiplexer = plugin_event_multiplexer.EventMultiplexer(size_guidance={tag_types.TENSORS: 0})
    multiplexer.AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    return read(data_provider.MultiplexerDataProvider(multiplexer, str(logdir)))


def _with_rust(logdir: Path, expected: int, read: Callable[[Any], _Found]) -> _Found:
    with tempfile.TemporaryDirectory() as folder:
        port = Path(folder) / "port"
        command = [
            server_ingester.get_server_binary().path,
            f"--logdir={logdir}",
            "--reload=once",
            f"--samples-per-plugin={PLUGIN_NAME}=all,scalars=all",
            "--port=0",
            f"--port-file={port}",
            "--die-after-stdin",
        ]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as server:
            _until(lambda: port.exists() and port.read_text().endswith("\n"), "the data server says its port")
            ingester = server_ingester.ExistingServerDataIngester(f"localhost:{port.read_text().strip()}", channel_creds_type=grpc_util.ChannelCredsType.LOCAL)
            ingester.start()
            _until(lambda: sum(map(len, read(ingester.data_provider).values())) >= expected, f"the data server has read {expected} points")
            found = read(ingester.data_provider)
            server.communicate(b"", timeout=_PATIENCE)  # it ends when its standard input does
        return found


def _records(provider: Any) -> Records:
    found = provider.read_tensors(RequestContext(), experiment_id="", plugin_name=PLUGIN_NAME, downsample=10_000)
    return {(run, tag): [(datum.step, datum.wall_time, datum.numpy.item()) for datum in series] for run, tags in found.items() for tag, series in tags.items()}


def _scalars(provider: Any) -> Scalars:
    found = provider.read_scalars(RequestContext(), experiment_id="", plugin_name="scalars", downsample=10_000)
    return {(run, tag): [(datum.step, datum.wall_time, datum.value) for datum in series] for run, tags in found.items() for tag, series in tags.items()}


def _until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"waited {_PATIENCE:.0f} s until {what}"
        time.sleep(0.01)
