"""What answers each path below `data/plugin/layerscope`. Loaded with the first request: a TensorBoard that nobody asks does not pay for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tb_plugin import assets, prediction_routes, routes
from tb_plugin.analyses import Analyses
from tb_plugin.catalogue import Catalogues
from tb_plugin.orders import Orders
from tb_plugin.responses import application
from tb_plugin.store import Store


def applications(data_provider: Any) -> Mapping[str, Callable[..., Any]]:
    """A WSGI application for each of `plugin.PATHS`, over one store of what TensorBoard has read."""
    store = Store(data_provider)
    catalogues, analyses = Catalogues(store), Analyses()
    return {
        "/index.js": application(assets.entry),
        "/static/*": application(assets.static),
        "/runs": application(routes.runs, catalogues),
        "/points": application(routes.points, catalogues),
        "/structure": application(routes.structure, catalogues),
        "/order": application(routes.order, store, Orders()),
        "/curves": application(prediction_routes.curves, store, analyses),
        "/calibration": application(prediction_routes.calibration, store, analyses),
        "/score_history": application(prediction_routes.score_history, store, analyses),
        "/samples": application(prediction_routes.samples, store, analyses),
        "/sample": application(prediction_routes.sample, store, analyses),
        "/changes": application(prediction_routes.changes, store, analyses),
        "/compare": application(prediction_routes.compare, store, analyses),
        "/top_k": application(prediction_routes.top_k, store, analyses),
        "/top_k_matrix": application(prediction_routes.top_k_matrix, store, analyses),
        "/examples": application(prediction_routes.examples, store),
    }
