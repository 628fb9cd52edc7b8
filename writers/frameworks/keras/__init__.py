"""Keras: the callback that logs a training."""

try:
    import keras
except ImportError as error:
    raise ImportError("layerscope.keras needs Keras 3: pip install 'tensorboard-plugin-layerscope[tensorflow]'") from error

if not hasattr(keras, "ops"):
    raise ImportError(f"layerscope.keras needs Keras 3; this is Keras {keras.__version__}: pip install --upgrade keras")

from writers.frameworks.keras.callback import Layerscope

__all__ = ["Layerscope"]
