"""A logdir → the same store that serves the page, without a server: for the command line, for notebooks, for tests."""

from __future__ import annotations

import logging
import os
from typing import Any

from google.protobuf import message
from tensorboard.backend.event_processing import data_provider, directory_watcher, plugin_event_multiplexer, tag_types

from tb_plugin.store import Store

_log = logging.getLogger("layerscope")


def open_logdir(logdir: str | os.PathLike[str]) -> Store:
    """Reads a logdir once, as it is now, with TensorBoard's Python loader and nothing left out by sampling.

    Raises:
        FileNotFoundError: There is no such directory. Remote addresses (`gs://…`) are not checked.
    """
    return Store(provider_of(logdir))


def provider_of(logdir: str | os.PathLike[str]) -> Any:
    """TensorBoard's data provider over a logdir; reads and raises as `open_logdir`."""
    path = os.fspath(logdir)
    if "://" not in path and not os.path.isdir(path):
        raise FileNotFoundError(f"there is no directory {path!r}; give the logdir that TensorBoard is given")
    # 0 points means all of them; without a table of its own, that holds for every plugin's name.
    multiplexer = plugin_event_multiplexer.EventMultiplexer(size_guidance={tag_types.TENSORS: 0}, purge_orphaned_data=True)
    multiplexer.AddRunsFromDirectory(path)
    for run in multiplexer.Runs():
        try:
            multiplexer.GetAccumulator(run).Reload()
        except (OSError, message.DecodeError, directory_watcher.DirectoryDeletedError) as error:
            # One run at a time, unlike multiplexer.Reload(): what is alien in one run must not keep the others from being read.
            _log.warning("run %s is read in part: %s", run, error)
    return data_provider.MultiplexerDataProvider(multiplexer, path)
