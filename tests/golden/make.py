"""Writes the golden event files of this version: `python -m tests.golden.make`.

Run it once for a new kind or a new version of one; files that exist are never written again, because what they hold is
what is in people's log directories.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tensorboard.compat.proto import event_pb2

from tb_plugin.schema import record
from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.structure import Node, Structure
from tb_plugin.schema.summary import record_event
from tb_plugin.schema.tensor_stats import NORMS, TensorStats
from tb_plugin.schema.training_facts import TrainingFacts
from writers.event_file import framed

FOLDER = Path(__file__).parent / "v1"
WALL_TIME = 1_700_000_000.0
WRITER = "golden"


def _ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(values, dtype=np.int64)


_classes = Classes(labels=("cat", "dog", "שלום", "<b>🦊</b>"), parents=(-1, -1, 0, 0), task="multiclass", positive=None, ignored=255)
_parameters = Parameters(
    parameters=(
        Parameter("stem/kernel", "model/stem/kernel", "stem", "float32", "trainable"),
        Parameter("stem/bias", "model/stem/bias", "stem", "float32", "frozen"),
        Parameter("norm/moving_mean", "model/norm/moving_mean", "norm", "float16", "statistic"),
        Parameter("head/kernel", "model/head/kernel", "head", "int8", "scale", tied_to="stem/kernel"),
        Parameter("drop/seed", "model/drop/seed", "drop", "uint32", "state"),
    ),
    shape=_ints(3, 3, 1, 70_000, 70_000, 1, 3),
    shape_end=_ints(4, 5, 5, 7, 7),
)

CONTENT: Mapping[str, Sequence[tuple[int, Payload]]] = {
    "classes": [(0, _classes)],
    "parameters": [(0, _parameters)],
    "structure": [
        (
            0,
            Structure(
                source="keras",
                model="digits",
                parameters=_parameters,
                nodes=(
                    Node("input", "input", 0, "InputLayer", {"batch_shape": [None, 8, 8]}),
                    Node("block", "block", 0, "Sequential"),
                    Node("block/dense", "block/dense", 0, "Dense", {"units": 64, "activation": "relu"}),
                    Node("block/dense#2", "block/dense", 1, "Dense", {"units": 64, "activation": "relu"}),
                    Node("add", "", 0, "Add"),
                ),
                inputs={"image": 0},
                outputs={"digit": 4},
                dtypes=("float32",),
                notes=("one layer could not be called",),
                parent=_ints(-1, -1, 1, 1, -1),
                edge=np.array([[0, 0, 2, 0], [2, 0, 3, 0], [3, 0, 4, 0], [0, 0, 4, 1]]),
                output_end=_ints(1, 2, 3, 4, 5),
                shape=_ints(-1, 8, 8, -1, 64, -1, 64, -1, 64, -1, 64),
                shape_end=_ints(3, 5, 7, 9, 11),
                dtype=_ints(0, 0, 0, 0, -1),
                macs=_ints(0, -1, 5_000_000_000, 4096, -1),
                activation_bytes=_ints(256, -1, 256, 256, -1),
                edges_known=np.array([True, True, True, True, False]),
            ),
        )
    ],
    "training_facts": [
        (
            0,
            TrainingFacts(
                framework="keras/tensorflow",
                optimizer="Adam",
                optimizer_config={"learning_rate": 0.001, "clipnorm": None},
                loss="sparse_categorical_crossentropy",
                baseline_loss=float("nan"),
                batch_size=32,
                first_step=0,
                epochs=12,
                steps_per_epoch=45,
                evaluations=("validation", "test"),
                schedule={"learning_rate": "the first 100 steps, then every 10th"},
                budget={"evaluations": 4_000_000},
                versions={"keras": "3.15.1"},
                hyperparameters={"width": [64, 64], "note": "naïve"},
            ),
        ),
        (540, TrainingFacts(first_step=540, initial_epoch=12)),
    ],
    "tensor_stats": [
        (
            7,
            TensorStats(
                parameters=_parameters,
                statistics=NORMS,
                groups=("adam", "sgd"),
                sampled=(1, 1, 1, 74_771, 1),
                step=_ints(5, 7),
                value=np.array([[[i + p / 4 + s, np.nan if s == 1 else np.inf] for p in range(5)] for i, s in enumerate(range(3))]),
                loss=np.array([2.5, np.nan]),
                batch_examples=_ints(32, -1),
                epoch=np.array([0.125, 0.175]),
                loss_scale=np.array([32768.0, 16384.0]),
                clip_factor=np.array([0.5, np.nan]),
                skipped=np.array([False, True]),
                learning_rate=np.array([[0.001, 0.0009], [0.1, 0.1]]),
            ),
        ),
    ],
    "confusion_matrix": [
        (
            45,
            ConfusionMatrix(
                classes=_classes,
                epoch=0,
                dropped={"label out of range": 2},
                declared_size=70_312,
                score="prob",
                threshold=0.5,
                row_end=_ints(2, 3, 3, 5, 6),
                column=_ints(0, 1, 1, 0, 4, 3),
                count=_ints(300, 1, 70_000, 5, 3, 1),
                weight=None,
                weight_squares=None,
            ),
        ),
        (
            90,
            ConfusionMatrix(
                classes=record.digest(_classes),
                row_end=_ints(1, 1, 1, 1, 1),
                column=_ints(2),
                count=_ints(2**40),
                weight=np.array([0.1]),
                weight_squares=np.array([1e-300, 0.0, 0.0, 0.0, 0.0]),
            ),
        ),
    ],
}
"""For each kind the steps and payloads of its series, which has the kind's name for a tag."""


def event_file(kind: str) -> Path:
    """The golden file of a kind."""
    return FOLDER / kind / "events.out.tfevents.1700000000.golden"


def main() -> None:
    """Writes the files that are not there."""
    for kind, points in CONTENT.items():
        path = event_file(kind)
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        events = [event_pb2.Event(wall_time=WALL_TIME, file_version="brain.Event:2")]
        for ordinal, (step, payload) in enumerate(points):
            data = record.encode(payload, writer=WRITER, ordinal=ordinal)
            events.append(record_event(kind, payload.kind, payload.version, data, step, WALL_TIME + step))
        path.write_bytes(b"".join(framed(event.SerializeToString(deterministic=True)) for event in events))


if __name__ == "__main__":
    main()
