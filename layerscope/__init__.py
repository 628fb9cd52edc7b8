"""Layerscope: see inside a neural network while it trains, in TensorBoard.

This is the public face: everything is made elsewhere and only named here. Frameworks have a module each, loaded only by
those who use it: `from layerscope.keras import Layerscope`.
"""

from layerscope._installation import DISTRIBUTION, installed_version
from writers import (
    Evaluation,
    EventFileSink,
    MemorySink,
    MultilabelEvaluation,
    RegressionEvaluation,
    RunWriter,
    at_epoch_end,
    classes,
    confusion_matrix,
    distributions,
    every,
    examples,
    first,
    learning_rate,
    multilabel,
    predictions,
    read_multilabel,
    read_regression,
    read_table,
    regression,
    samples,
    score_curves,
    weight_values,
    within,
)

__version__ = installed_version(DISTRIBUTION) or "0"

__all__ = [
    "Evaluation",
    "EventFileSink",
    "MemorySink",
    "MultilabelEvaluation",
    "RegressionEvaluation",
    "RunWriter",
    "__version__",
    "at_epoch_end",
    "classes",
    "confusion_matrix",
    "distributions",
    "every",
    "examples",
    "first",
    "learning_rate",
    "multilabel",
    "predictions",
    "read_multilabel",
    "read_regression",
    "read_table",
    "regression",
    "samples",
    "score_curves",
    "weight_values",
    "within",
]
