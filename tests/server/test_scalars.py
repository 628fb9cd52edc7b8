"""Scalars of anybody's log, named by rule and put on the axis of steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tb_plugin.adapters.names import Meaning, meaning
from tb_plugin.adapters.scalars import Fit, as_numbered, on_step_axis, step_of_epoch
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
        (".", "Train/Loss", "loss", "train"),
        (".", "loss/validation", "loss", "validation"),
        ("x", "test_acc", "acc", "test"),
        ("version_2", "train_loss_step", "loss", "train"),
        ("version_2", "val_loss", "loss", "validation"),
        ("d", "gradient_norm", "gradient_norm", None),
        ("d/train", "epoch_learning_rate", "learning_rate", None),
        ("d/train", "epoch_lr", "learning_rate", None),
        ("d/layerscope", "learning_rate", "learning_rate", None),
        ("d/layerscope", "learning_rate/backbone", "learning_rate", None),
        ("d/layerscope", "learning_rate/generator/0", "learning_rate", None),  # of an optimizer its groups
        ("d/layerscope", "learning_rate/no_decay", "learning_rate", None),
        (".", "lr", "learning_rate", None),
        (".", "lr-Adam", "learning_rate", None),
        (".", "lr-Adam/pg1", "learning_rate", None),
        (".", "x/lr0", "learning_rate", None),
        (".", "train/learning_rate", "learning_rate", None),
        (".", "Learning Rate", "learning_rate", None),
        (".", "learning rate", "learning_rate", None),
        (".", "LearningRate", "learning_rate", None),
        (".", "Optimizer/Learning Rate", "learning_rate", None),
        (".", "learning_rates/backbone", "learning_rate", None),
        (".", "lr_backbone", "learning_rate", None),
        (".", "backbone_lr", "learning_rate", None),
        (".", "base_lr", "learning_rate", None),
        (".", "Train/LR", "learning_rate", None),
        (".", "lr_0", "learning_rate", None),  # fastai
        (".", "lr/pg0", "learning_rate", None),  # ultralytics
        (".", "lr-Adam-1", "learning_rate", None),
        (".", "lr-Adam/pg1-momentum", "lr-Adam/pg1-momentum", None),  # Lightning's LearningRateMonitor(log_momentum=True)
        (".", "lr-Adam-weight_decay", "lr-Adam-weight_decay", None),
        (".", "lr_psnr", "lr_psnr", None),  # low resolution
        (".", "lr_scale", "lr_scale", None),
        (".", "mom_0", "mom_0", None),
        (".", "Train Loss", "loss", "train"),
        (".", "Validation loss", "loss", "validation"),
        (".", "Validation Top 1 Accuracy", "top_1_accuracy", "validation"),
        (".", "trainLoss", "loss", "train"),
        (".", "val-loss", "loss", "validation"),
        (".", "metrics/train/loss", "loss", "train"),
        (".", "metrics/val/loss", "loss", "validation"),
        (".", "Loss/train_epoch", "loss", "train"),
        (".", "Loss/val_step", "loss", "validation"),
        (".", "loss_epoch/train", "loss", "train"),
        (".", "train/epoch_loss", "loss", "train"),
        (".", "epoch/val_loss", "loss", "validation"),
        (".", "dev/loss", "loss", "validation"),
        (".", "dev_loss", "loss", "validation"),
        (".", "testing/loss", "loss", "test"),
        (".", "eval/loss", "loss", "validation"),  # this and the next five: the Trainer of Hugging Face
        (".", "train/grad_norm", "gradient_norm", None),
        (".", "train/epoch", "epoch", "train"),
        (".", "train/train_loss", "loss", "train"),
        (".", "eval/samples_per_second", "samples_per_second", "validation"),
        (".", "eval_loss", "loss", "validation"),
        (".", "train/box_loss", "box_loss", "train"),
        (".", "val/box_loss", "box_loss", "validation"),
        (".", "metrics/mAP50(B)", "mAP50(B)", None),
        (".", "metrics/mAP50-95(B)", "mAP50-95(B)", None),
        (".", "fold0/train/loss", "fold0/loss", "train"),
        (".", "val_loss/dataloader_idx_1", "loss", "validation"),
        (".", "Accuracy", "accuracy", None),
        (".", "Accuracy/val", "accuracy", "validation"),
        (".", "AUC", "AUC", None),
        (".", "val_AUC", "AUC", "validation"),
        (".", "losses/value_loss", "value_loss", None),
        (".", "losses/train", "losses", "train"),
        (".", "validation/metrics/acc", "acc", "validation"),
        (".", "Train/Loss/box", "loss/box", "train"),
        (".", "loss/val/box", "loss/box", "validation"),
        (".", "train/step/loss", "loss", "train"),
        (".", "hp_metric", "hp_metric", None),
        (".", "epoch", "epoch", None),
        (".", "grad_norm", "gradient_norm", None),
        (".", "Gradient Norm", "gradient_norm", None),
        (".", "gradients/global_norm", "gradient_norm", None),
        (".", "global_norm/gradient_norm", "gradient_norm", None),  # optimize_loss of TF1
        (".", "global_norm/clipped_gradient_norm", "gradient_norm", "after clipping"),
        (".", "grad_norm_clipped", "gradient_norm", "after clipping"),
        (".", "grad_2.0_norm_total", "gradient_norm", None),  # Lightning's grad_norm
        (".", "gradient_norm/total", "gradient_norm", None),
        (".", "gnorm", "gradient_norm", None),  # fairseq
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


TWO = [Fit(0, 0, 100, wall_time=10), Fit(500, 5, 20, wall_time=20)]
ANEW = [Fit(0, 0, 100, wall_time=10), Fit(500, 5, 20, wall_time=20, epoch_offset=5)]


@pytest.mark.parametrize(
    ("fits", "epoch", "wall_time", "step"),
    [
        ([Fit(0, 0, 100)], 0, 1, 100),
        ([Fit(0, 0, 100)], 4, 1, 500),
        (TWO, 4, 19, 500),
        (TWO, 5, 20, 520),
        (TWO, 4, 21, None),
        (TWO, 0, 9, 100),  # older than all facts: the first ones of a training that began again
        (ANEW, 4, 19, 500),
        (ANEW, 0, 20, 520),
        ([Fit(1000, 3, 10)], 3, 1, 1010),
        ([Fit(1000, 3, 10)], 2, 1, None),
        ([Fit(0, 0, None)], 0, 1, None),
        ([], 0, 1, None),
    ],
)
def test_an_epoch_lies_at_the_step_at_which_it_ended(fits: list[Fit], epoch: int, wall_time: float, step: int | None) -> None:
    assert step_of_epoch(epoch, wall_time, fits) == step


def test_fits_are_numbered_as_the_epochs_of_their_time_are() -> None:
    fits = [Fit(0, 0, 5, wall_time=100), Fit(10, 2, 5, wall_time=102, epoch_offset=2), Fit(25, 5, 5, wall_time=105, epoch_offset=5)]
    keras, ours, both = series([0, 1, 0, 1, 2, 0]), series([0, 1, 2, 3, 4, 5]), series([0, 1, 0, 1, 2, 5])

    assert [fit.epoch_offset for fit in as_numbered(fits, [keras])] == [0, 2, 5]
    assert [fit.epoch_offset for fit in as_numbered(fits, [ours])] == [0, 0, 0]
    assert [fit.epoch_offset for fit in as_numbered(fits, [both])] == [0, 2, 0]
    assert [fit.epoch_offset for fit in as_numbered(fits, [])] == [0, 0, 0]
    for written in (keras, ours, both):
        assert_array_equal(on_step_axis("epoch_loss", written, as_numbered(fits, [written])).step, [5, 10, 15, 20, 25, 30])


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


def test_a_model_loaded_again_goes_on_where_it_was() -> None:
    """Its epochs begin at 0, its facts say at which step."""
    fits = [Fit(0, 0, 5, wall_time=100), Fit(10, 0, 5, wall_time=102)]

    moved = on_step_axis("epoch_loss", series([0, 1, 0, 1]), fits)

    assert_array_equal(moved.step, [5, 10, 15, 20])
    assert_array_equal(moved.value, [0, 1, 2, 3])


def test_a_restart_in_the_same_folder_wins_from_its_first_epoch_on() -> None:
    moved = on_step_axis("epoch_loss", series([0, 1, 2, 0, 1]), [Fit(0, 0, 5, wall_time=102.5)])

    assert_array_equal(moved.step, [5, 10])
    assert_array_equal(moved.value, [3, 4])


def test_epoch_values_stand_beside_what_was_logged_by_step(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("training_facts", TrainingFacts(first_step=0, initial_epoch=0, steps_per_epoch=57), 0, wall_time=999.0)
    with RunWriter(tmp_path / "d/validation") as run:
        for epoch in range(5):
            run.write("epoch_loss", 1 / (1 + epoch), epoch, wall_time=1000.0 + epoch)

    answer = open_tab(tmp_path, 2).arrays("/points", run="d/validation", tag="epoch_loss")

    ((point,),) = [s["points"] for s in answer.segments]
    assert (answer.segments[0]["kind"], point["fields"]["axis"], point["step"], point["wall_time"]) == ("scalars", "step", 285, 1004.0)
    assert_array_equal(answer.arrays["0/step"], [57, 114, 171, 228, 285])
    assert_array_equal(answer.arrays["0/value"], np.array([1, 1 / 2, 1 / 3, 1 / 4, 1 / 5], np.float32))
    assert_array_equal(answer.arrays["0/value/end"], [5])


def test_validation_of_every_second_epoch_is_numbered_as_its_training_is(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    """By themselves its epochs, 2 and 4 of a second fit, could be such as were counted on from the first one's two."""
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("training_facts", TrainingFacts(steps_per_epoch=10), 0, wall_time=100.0)
        run.write("training_facts", TrainingFacts(first_step=20, initial_epoch=2, epoch_offset=2, steps_per_epoch=10), 20, wall_time=200.0)
    with RunWriter(tmp_path / "d/train") as run:
        for epoch in range(5):
            run.write("epoch_loss", float(epoch), epoch, wall_time=201.0 + epoch)
    with RunWriter(tmp_path / "d/validation") as run:
        for epoch in (2, 4):
            run.write("epoch_loss", float(epoch), epoch, wall_time=201.0 + epoch)
    with RunWriter(tmp_path / "d/test") as run:
        run.write("epoch_loss", 0.0, 6, wall_time=206.0)
    tab = open_tab(tmp_path, 4)

    steps = {split: tab.arrays("/points", run=f"d/{split}", tag="epoch_loss").arrays["0/step"].tolist() for split in ("train", "validation", "test")}

    assert steps == {"train": [30, 40, 50, 60, 70], "validation": [50, 70], "test": [70]}
    (training,) = tab.runs()["trainings"]
    assert {s["run"]: s["last_step"] for s in training["series"] if s["kind"] == "scalars"} == {"d/train": 70, "d/validation": 70, "d/test": 70}


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


@pytest.mark.parametrize("part", ["lr_", "grad_", "a/", "train/", "_clipped", "Ab ", "gradients/a_norm"])
def test_a_name_made_to_be_slow_is_not(part: str) -> None:
    begin = time.perf_counter()
    meaning(".", part * (20_000 // len(part)) + "/a/b!")

    assert time.perf_counter() - begin < 1
