"""TensorFlow: `watch` logs what each step of a loop of one's own does to the weights of a Keras model.

Read `watch.py` first. `capture.py` sees the optimizers' updates in whatever graph they are made, by what the Keras
callback captures a train function with: `writers/frameworks/keras/capture/`. `kept_captures.py` has it live as long as
what was traced, `pace.py` knows when to look where XLA calls nobody.
"""

from importlib.util import find_spec

if find_spec("keras") is None or find_spec("tensorflow") is None:
    raise ImportError("layerscope.tensorflow needs TensorFlow and Keras 3: pip install 'tensorboard-plugin-layerscope[tensorflow]'")

import keras

if not hasattr(keras, "ops"):
    raise ImportError(f"layerscope.tensorflow needs Keras 3; this is Keras {keras.__version__}: pip install --upgrade keras")

from writers.frameworks.tensorflow.watch import Watch, watch

__all__ = ["Watch", "watch"]
