"""Keras: the callback that logs a training.

Read `callback.py`, the hooks; then `fit.py`, what is done in them. These use, in about the order of a training:

- `settings.py`: the arguments, checked. `writers/guard.py`: nothing that fails of ours reaches the training.
- `logdir/`: the runs in the training's folder. `open_trainings.py`: ends those that were interrupted.
- `model/`: layers and parameters. `outputs/`: what the model decides between. `training_facts.py`: everything else known at the
  start, with `baseline_loss.py`, from `fit_arguments.py`.
- `train_function.py`: follows the batches. `steps.py`: counts them, with `counted_batches.py` where one execution takes several.
- `learning_rates.py`: what each batch uses, where its statistics do not tell it.
- `capture/`: gradients, weights and updates of the steps that are looked into. `activity/`: units that are dead or saturated.
- `evaluations/`: confusion matrices, from the batches of the model's own test function to the payload.
"""

try:
    import keras
except ImportError as error:
    raise ImportError("layerscope.keras needs Keras 3: pip install 'tensorboard-plugin-layerscope[tensorflow]'") from error

if not hasattr(keras, "ops"):
    raise ImportError(f"layerscope.keras needs Keras 3; this is Keras {keras.__version__}: pip install --upgrade keras")

from writers.frameworks.keras.callback import Layerscope

__all__ = ["Layerscope"]
