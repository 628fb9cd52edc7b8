"""TensorFlow: `watch(model, optimizer, "logs/run-1")` logs weights, gradients, updates and learning rates of each step of a loop."""

from writers.frameworks.tensorflow import Watch, watch

__all__ = ["Watch", "watch"]
