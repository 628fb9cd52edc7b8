"""The plugin as TensorBoard sees it: a tab and its paths. TensorBoard makes one at every start, so what answers them is loaded when asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

from tensorboard.plugins import base_plugin

from tb_plugin.owners import OWNERS
from tb_plugin.schema.summary import PLUGIN_NAME

PATHS = (
    "/index.js",
    "/static/*",
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
)


class LayerscopePlugin(base_plugin.TBPlugin):
    """Layerscope's tab."""

    plugin_name = PLUGIN_NAME

    def __init__(self, context: Any) -> None:
        self._provider = context.data_provider
        self._one_at_a_time = threading.Lock()
        self._applications: Mapping[str, Callable[..., Any]] = {}

    def get_plugin_apps(self) -> Mapping[str, Callable[..., Any]]:
        """What answers each path below `data/plugin/layerscope`."""
        return {path: partial(self._answer, path) for path in PATHS}

    def frontend_metadata(self) -> Any:
        """The tab's name and its module."""
        return base_plugin.FrontendMetadata(es_module_path="/index.js", tab_name="Layerscope")

    def data_plugin_names(self) -> Collection[str]:
        """Whose data makes the tab active: ours, and what we read of others'."""
        return OWNERS

    def is_active(self) -> bool:
        """Whether there is anything to show. TensorBoard asks only when `data_plugin_names` did not tell."""
        from tb_plugin.store import Caller, Store

        return bool(Store(self._provider).listing(Caller.local()))

    def _answer(self, path: str, environ: Any, start_response: Any) -> Any:
        with self._one_at_a_time:  # the page asks for much at once, and all of it shares one store
            if not self._applications:
                from tb_plugin.applications import applications

                self._applications = applications(self._provider)
        return self._applications[path](environ, start_response)
