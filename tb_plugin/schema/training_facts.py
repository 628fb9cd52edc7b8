"""Kind `training_facts`: what is known of a training before its first step."""

from __future__ import annotations

from collections.abc import Mapping

from tb_plugin.schema.json_fields import Json
from tb_plugin.schema.payload import Payload, value


class TrainingFacts(Payload, kind="training_facts", version=1):
    """Written at each `fit`: how the training is set up, and where its steps begin."""

    framework: str = value(help="What trains: `keras/tensorflow`.", default="")
    optimizer: str | None = value(help="The optimizer's class.", default=None)
    optimizer_config: Mapping[str, Json] = value(help="The optimizer's configuration.", default={})
    loss: str | None = value(help="The loss by name.", default=None)
    loss_config: Mapping[str, Json] = value(help="The loss's arguments.", default={})
    baseline_loss: float | None = value(help="Loss of the best constant prediction; null when unknown.", default=None)
    batch_size: int | None = value(help="Examples in a batch.", default=None)
    first_step: int = value(help="Training batches finished before this fit.", default=0)
    initial_epoch: int = value(help="Number of this fit's first epoch.", default=0)
    epoch_offset: int = value(help="How far epochs are numbered ahead of the framework's own numbers, which begin anew with each fit.", default=0)
    epochs: int | None = value(help="Number of the epoch at which this fit ends.", default=None)
    steps_per_epoch: int | None = value(help="Training batches in an epoch; null when unknown.", default=None)
    evaluations: tuple[str, ...] = value(help="Names of the evaluations that this training makes.", default=())
    schedule: Mapping[str, str] = value(help="When each series is written, in words.", default={})
    budget: Mapping[str, int] = value(help="Bytes kept of each group of series.", default={})
    versions: Mapping[str, str] = value(help="Versions of what trained and logged.", default={})
    hyperparameters: Mapping[str, Json] = value(help="What the user says of the training.", default={})
