"""What answers each path below `data/plugin/layerscope`. Loaded with the first request: a TensorBoard that nobody asks does not pay for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tb_plugin import assets, prediction_routes, routes
from tb_plugin.catalogue import Catalogues
from tb_plugin.orders import Orders
from tb_plugin.responses import application
from tb_plugin.store import Store


def applications(data_provider: Any) -> Mapping[str, Callable[..., Any]]:
    """A WSGI application for each of `plugin.PATHS`, over one store of what TensorBoard has read."""
    store = Store(data_provider)
    catalogues = Catalogues(store)
    return {
        "/index.js": application(assets.entry),
        "/static/*": application(assets.static),
        "/runs": application(routes.runs, catalogues),
        "/points": application(routes.points, catalogues),
        "/structure": application(routes.structure, catalogues),
        "/order": application(routes.order, store, Orders()),
        "/curves": application(prediction_routes.curves, store),
        "/calibration": application(prediction_routes.calibration, store),
        "/samples": application(prediction_routes.samples, store),
        "/sample": application(prediction_routes.sample, store),
        "/changes": application(prediction_routes.changes, store),
        "/examples": application(prediction_routes.examples, store),
    }
