"""Scalars of anybody's log, named by rule and put on the axis of steps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tb_plugin.adapters.names import Meaning, meaning
from tb_plugin.adapters.scalars import Fit, on_step_axis, step_of_epoch
from tb_plugin.schema.training_facts import TrainingFacts
from tb_plugin.store import ScalarSeries
from tests.server.conftest import Tab
from tests.server.others import simple_value_event, write_events
from writers import RunWriter


@pytest.mark.parametrize(
    ("run", "tag", "name", "split"),
    [
        ("d/train", "epoch_loss", "loss", "train"),
        ("d/validation", "epoch_accuracy", "accuracy", "validation"),
        ("d/train", "batch_loss", "loss", "train"),
        ("train", "epoch_sparse_categorical_accuracy", "sparse_categorical_accuracy", "train"),
        ("d/validation", "evaluation_loss_vs_iterations", None, "validation"),
        (".", "val_loss", "loss", "validation"),
        (".", "loss", "loss", None),
        (".", "train/loss", "loss", "train"),
        (".", "Train/Loss", "Loss", "train"),
        (".", "loss/validation", "loss", "validation"),
        ("x", "test_acc", "acc", "test"),
        ("version_2", "train_loss_step", "loss", "train"),
        ("version_2", "val_loss", "loss", "validation"),
        ("d", "gradient_norm", "gradient_norm", None),
        ("d/train", "epoch_learning_rate", "learning_rate", None),
        ("d/train", "epoch_lr", "learning_rate", None),
        ("d/layerscope", "learning_rate", "learning_rate", None),
        ("d/layerscope", "learning_rate/backbone", "learning_rate", None),
        (".", "lr", "learning_rate", None),
        (".", "lr-Adam", "learning_rate", None),
        (".", "lr-Adam/pg1", "learning_rate", None),
        (".", "x/lr0", "learning_rate", None),
        (".", "train/learning_rate", "learning_rate", None),
        (".", "solar", "solar", None),
        (".", "lrelu_loss", "lrelu_loss", None),
        (".", "train", "train", None),
        (".", "", "", None),
    ],
)
def test_names_of_real_logs(run: str, tag: str, name: str | None, split: str | None) -> None:
    assert meaning(run, tag) == Meaning(name, split)


def test_a_run_of_an_evaluation_is_that_split() -> None:
    assert meaning("d/holdout", "epoch_loss", evaluation="holdout") == Meaning("loss", "holdout")


@pytest.mark.parametrize(
    ("fits", "epoch", "step"),
    [
        ([Fit(0, 0, 100)], 0, 100),
        ([Fit(0, 0, 100)], 4, 500),
        ([Fit(0, 0, 100), Fit(500, 5, 20)], 4, 500),
        ([Fit(0, 0, 100), Fit(500, 5, 20)], 5, 520),
        ([Fit(1000, 3, 10)], 3, 1010),
        ([Fit(1000, 3, 10)], 2, None),
        ([Fit(0, 0, None)], 0, None),
        ([], 0, None),
    ],
)
def test_an_epoch_lies_at_the_step_at_which_it_ended(fits: list[Fit], epoch: int, step: int | None) -> None:
    assert step_of_epoch(epoch, fits) == step


def series(steps: list[float]) -> ScalarSeries:
    n = len(steps)
    return ScalarSeries(np.array(steps, float), 100.0 + np.arange(n), np.arange(n, dtype=float))


def test_where_one_epoch_cannot_be_placed_the_axis_stays_epochs() -> None:
    moved = on_step_axis("epoch_loss", series([0, 1, 2]), [Fit(100, 1, 10)])

    assert moved.axis == "epoch"
    assert_array_equal(moved.step, [0, 1, 2])


def test_other_tags_are_left_where_they_are() -> None:
    assert_array_equal(on_step_axis("loss", series([0, 7, 9]), [Fit(0, 0, 10)]).step, [0, 7, 9])


def test_a_restart_wins_from_its_first_step_on() -> None:
    moved = on_step_axis("loss", series([0, 1, 2, 3, 1, 2]), [])

    assert_array_equal(moved.step, [0, 1, 2])
    assert_array_equal(moved.value, [0, 4, 5])


def test_epoch_values_stand_beside_what_was_logged_by_step(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("training_facts", TrainingFacts(first_step=0, initial_epoch=0, steps_per_epoch=57), 0)
    with RunWriter(tmp_path / "d/validation") as run:
        for epoch in range(5):
            run.write("epoch_loss", 1 / (1 + epoch), epoch, wall_time=1000.0 + epoch)

    answer = open_tab(tmp_path, 2).arrays("/points", run="d/validation", tag="epoch_loss")

    ((point,),) = [s["points"] for s in answer.segments]
    assert (answer.segments[0]["kind"], point["fields"]["axis"], point["step"], point["wall_time"]) == ("scalars", "step", 285, 1004.0)
    assert_array_equal(answer.arrays["0/step"], [57, 114, 171, 228, 285])
    assert_array_equal(answer.arrays["0/value"], np.array([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5], np.float32))
    assert_array_equal(answer.arrays["0/value/end"], [5])


def test_a_range_is_cut_on_the_axis_of_steps(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("training_facts", TrainingFacts(steps_per_epoch=100), 0)
    with RunWriter(tmp_path / "d/train") as run:
        for epoch in range(10):
            run.write("epoch_loss", float(epoch), epoch)
    tab = python_tab(tmp_path)

    assert_array_equal(tab.arrays("/points", run="d/train", tag="epoch_loss", steps="250..400").arrays["0/value"], [1, 2, 3])
    assert_array_equal(tab.arrays("/points", run="d/train", tag="epoch_loss", steps="last").arrays["0/step"], [1000])
    assert_array_equal(tab.arrays("/points", run="d/train", tag="epoch_loss", max="2").arrays["0/step"], [100, 1000])
    assert tab.arrays("/points", run="d/train", tag="epoch_loss", steps="..50").segments == []


def test_scalars_of_tf1_and_tensorboardx_are_read(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    values = [0.5, float("nan"), float("inf"), -1.0]
    write_events(tmp_path / "old", [simple_value_event("train/loss", value, step) for step, value in enumerate(values)])
    tab = open_tab(tmp_path, 1)

    answer = tab.arrays("/points", run="old", tag="train/loss")

    assert_array_equal(answer.arrays["0/value"], values)
    (told,) = tab.runs()["trainings"][0]["series"]
    assert (told["name"], told["split"], told["last_step"]) == ("loss", "train", 3)
