"""Layerscope: see inside a neural network while it trains, in TensorBoard. The public face; it holds no logic."""

from writers import EventFileSink, MemorySink, RunWriter, classes, confusion_matrix

__all__ = ["EventFileSink", "MemorySink", "RunWriter", "classes", "confusion_matrix"]
