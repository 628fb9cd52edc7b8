"""Keras: `model.fit(…, callbacks=[Layerscope("logs/run-1", labels=names)])` logs all that the tab shows."""

from writers.frameworks.keras import Layerscope

__all__ = ["Layerscope"]
