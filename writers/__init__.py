"""From arrays to event files: payloads of every kind, and the sinks that they go to. `layerscope` is the public face."""

from writers.evaluation import Evaluation
from writers.files import read_table
from writers.multilabel_evaluation import MultilabelEvaluation
from writers.multilabel_files import read_multilabel
from writers.regression import RegressionEvaluation
from writers.regression_files import read_regression
from writers.run_writer import RunWriter
from writers.schedule import Schedule, at_epoch_end, every, first, within
from writers.sinks import EventFileSink, MemorySink, Sink

__all__ = [
    "Evaluation",
    "EventFileSink",
    "MemorySink",
    "MultilabelEvaluation",
    "RegressionEvaluation",
    "RunWriter",
    "Schedule",
    "Sink",
    "at_epoch_end",
    "every",
    "first",
    "read_multilabel",
    "read_regression",
    "read_table",
    "within",
]
