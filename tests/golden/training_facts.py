"""Golden facts of two fits: with all fields, and with few."""

from __future__ import annotations

from collections.abc import Sequence

from tb_plugin.schema.payload import Payload
from tb_plugin.schema.training_facts import TrainingFacts

POINTS: Sequence[tuple[int, Payload]] = [
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
]
