"""The plugin as TensorBoard sees it: a tab and a table of routes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from tensorboard.plugins import base_plugin

from tb_plugin import assets, routes
from tb_plugin.orders import Orders
from tb_plugin.responses import application
from tb_plugin.schema.summary import PLUGIN_NAME
from tb_plugin.store import OWNERS, Caller, Store
from tb_plugin.trainings import Catalogues


class LayerscopePlugin(base_plugin.TBPlugin):
    """Layerscope's tab."""

    plugin_name = PLUGIN_NAME

    def __init__(self, context: Any) -> None:
        self._store = Store(context.data_provider)
        self._catalogues = Catalogues(self._store)

    def get_plugin_apps(self) -> Mapping[str, Callable[..., Any]]:
        """What answers each path below `data/plugin/layerscope`."""
        return {
            "/index.js": application(assets.entry),
            "/static/*": application(assets.static),
            "/runs": application(routes.runs, self._catalogues),
            "/points": application(routes.points, self._catalogues),
            "/structure": application(routes.structure, self._catalogues),
            "/order": application(routes.order, self._store, Orders()),
        }

    def frontend_metadata(self) -> Any:
        """The tab's name and its module."""
        return base_plugin.FrontendMetadata(es_module_path="/index.js", tab_name="Layerscope")

    def data_plugin_names(self) -> Collection[str]:
        """Whose data makes the tab active: ours, and what we read of others'."""
        return OWNERS

    def is_active(self) -> bool:
        """Whether there is anything to show. TensorBoard asks only when `data_plugin_names` did not tell."""
        return bool(self._store.listing(Caller.local()))
