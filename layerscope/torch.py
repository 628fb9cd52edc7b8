"""PyTorch: `watch(model, optimizer, "logs/run-1")` logs weights, gradients, updates and learning rates of each step."""

from writers.frameworks.torch import Watch, watch

__all__ = ["Watch", "watch"]
