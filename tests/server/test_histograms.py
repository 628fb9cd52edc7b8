"""Histograms of anybody's log, written by the libraries that people use, named by rule and put on the axis of steps."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorboardX
import tensorflow as tf
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch.utils.tensorboard import SummaryWriter

from tb_plugin.adapters.names import Parameter, parameter
from tb_plugin.schema.training_facts import TrainingFacts
from tests.server.conftest import Answer, Tab
from writers import RunWriter


@pytest.mark.parametrize(
    ("tag", "path", "layer", "of"),
    [
        ("stem/kernel/histogram", "stem/kernel", "stem", "weights"),
        ("sequential/dense/kernel/histogram", "sequential/dense/kernel", "sequential/dense", "weights"),
        ("sequential/my.layer/kernel/histogram", "sequential/my.layer/kernel", "sequential/my.layer", "weights"),
        ("seed_generator/seed_generator_state/histogram", "seed_generator/seed_generator_state", "seed_generator", "weights"),
        ("dense_20/kernel_0/histogram", "dense_20/kernel", "dense_20", "weights"),
        ("dense/kernel_0", "dense/kernel", "dense", "weights"),
        ("dense/kernel:0", "dense/kernel", "dense", "weights"),
        ("batch_normalization/moving_mean_0", "batch_normalization/moving_mean", "batch_normalization", "weights"),
        ("dense/kernel_0_grad", "dense/kernel", "dense", "gradients"),
        ("dense_out", "dense_out", "", "other"),
        ("fc1.weight", "fc1/weight", "fc1", "weights"),
        ("fc1.weight.grad", "fc1/weight", "fc1", "gradients"),
        ("fc1.weight/grad", "fc1/weight", "fc1", "gradients"),
        ("features.0.bias", "features/0/bias", "features/0", "weights"),
        ("weights/0/0/weight", "0/0/weight", "0/0", "weights"),
        ("gradients/0/0/weight", "0/0/weight", "0/0", "gradients"),
        ("gradients/fc1.weight", "fc1/weight", "fc1", "gradients"),
        ("Gradients/fc1.bias", "fc1/bias", "fc1", "gradients"),
        ("weights/block_1/dense/kernel", "block_1/dense/kernel", "block_1/dense", "weights"),
        ("encoder.layers.0.self_attn.in_proj_weight", "encoder/layers/0/self_attn/in_proj_weight", "encoder/layers/0/self_attn", "weights"),
        ("lstm.weight_hh_l0_reverse", "lstm/weight_hh_l0_reverse", "lstm", "weights"),
        ("layer1/weights/summaries/histogram", "layer1/weights", "layer1", "weights"),
        ("layer1/activations", "layer1/activations", "layer1", "other"),
        ("predictions", "predictions", "", "other"),
        ("weights", "weights", "", "weights"),
        ("gradient/fc1.weight", "fc1/weight", "fc1", "gradients"),
        ("grad_fc1.weight", "fc1/weight", "fc1", "gradients"),
        ("gradient-fc1.bias", "fc1/bias", "fc1", "gradients"),
        ("fc1.weight-grad", "fc1/weight", "fc1", "gradients"),
        ("grad_cam", "grad_cam", "", "other"),
        ("param/fc1.weight", "fc1/weight", "fc1", "weights"),
        ("parameter/fc1.bias", "fc1/bias", "fc1", "weights"),
        ("weight/fc1.weight", "fc1/weight", "fc1", "weights"),
        ("weight/fc1", "fc1/weight", "fc1", "weights"),
        ("bias/fc1", "fc1/bias", "fc1", "weights"),
        ("Weights/encoder.fc1", "encoder/fc1/weights", "encoder/fc1", "weights"),
        ("grad/weight/fc1", "fc1/weight", "fc1", "gradients"),
        ("weight_grad/fc1", "fc1/weight", "fc1", "gradients"),
        ("gradients/cls_token", "cls_token", "cls_token", "gradients"),
        ("gradients/encoder.pos_embed", "encoder/pos_embed", "encoder", "gradients"),
        ("train/gradients/fc1.weight", "fc1/weight", "fc1", "gradients"),
        ("bias/kernel/histogram", "bias/kernel", "bias", "weights"),
        ("weight/kernel_0", "weight/kernel", "weight", "weights"),
        ("bias/fc1/histogram", "bias/fc1", "bias", "weights"),
        ("", "", "", "other"),
        ("/", "/", "", "other"),
        ("...", "...", "", "other"),
    ],
)
def test_names_of_real_logs(tag: str, path: str, layer: str, of: str) -> None:
    found = parameter(tag)
    assert (found.path, found.layer, found.of) == (path, layer, of)


def test_keras_counts_epochs_and_an_early_one_mixed_layers() -> None:
    assert parameter("kernel/histogram") == Parameter("kernel", "", "weights", counts_epochs=True, is_mixed=True)
    assert (parameter("dense/kernel_0").counts_epochs, parameter("fc1.weight").counts_epochs) == (True, False)


def told(tab: Tab) -> dict[str, tuple[str | None, str | None, float]]:
    """Name, split and last step of each histogram series, by its tag."""
    series = [s for training in tab.runs()["trainings"] for s in training["series"] if s["kind"] == "histograms"]
    return {s["tag"]: (s["name"], s["split"], s["last_step"]) for s in series}


def fields(answer: Answer) -> Mapping[str, Any]:
    ((point,),) = [segment["points"] for segment in answer.segments]
    assert answer.segments[0]["kind"] == "histograms"
    content: Mapping[str, Any] = point["fields"]
    return content


def test_what_keras_writes_stands_at_the_steps_at_which_epochs_ended(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    inputs: Any = keras.Input((4,))
    model: Any = keras.Model(inputs, keras.layers.Dense(3, name="head")(keras.layers.Dense(8, activation="relu", name="stem")(inputs)))
    model.compile("sgd", "mse")
    x = np.random.default_rng(0).normal(size=(32, 4)).astype(np.float32)
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("training_facts", TrainingFacts(first_step=0, initial_epoch=0, steps_per_epoch=4), 0, wall_time=1.0)
    callback: Any = keras.callbacks.TensorBoard(tmp_path / "d", histogram_freq=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # how Keras hands its variables to TensorFlow
        model.fit(x, x[:, :3], batch_size=8, epochs=2, verbose=0, callbacks=[callback])
    tab = open_tab(tmp_path, 2)

    names = told(tab)
    assert names["stem/kernel/histogram"] == ("stem/kernel", "weights", 8.0)
    assert set(names) == {"stem/kernel/histogram", "stem/bias/histogram", "head/kernel/histogram", "head/bias/histogram"}
    answer = tab.arrays("/points", run="d/train", tag="stem/kernel/histogram")
    assert {name: fields(answer)[name] for name in ("layer", "path", "of", "axis")} == {"layer": "stem", "path": "stem/kernel", "of": "weights", "axis": "step"}
    assert_array_equal(answer.arrays["0/step"], [4, 8])
    end = answer.arrays["0/bucket_end"]
    kernel = np.asarray(model.get_layer("stem").get_weights()[0])
    assert answer.arrays["0/count"][end[0] :].sum() == kernel.size
    assert_allclose([answer.arrays["0/left"][end[0]], answer.arrays["0/right"][-1]], [kernel.min(), kernel.max()], rtol=1e-6)


def test_without_facts_epochs_stay_epochs(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with tf.summary.create_file_writer(str(tmp_path / "train")).as_default():
        for epoch in range(3):
            tf.summary.histogram("dense/kernel_0/histogram", np.arange(5.0), step=epoch)

    answer = python_tab(tmp_path).arrays("/points", run="train", tag="dense/kernel_0/histogram")

    assert fields(answer)["axis"] == "epoch"
    assert_array_equal(answer.arrays["0/step"], [0, 1, 2])
    assert (answer.arrays["0/left"][0], answer.arrays["0/right"][-1], answer.arrays["0/count"].sum()) == (0, 4, 15)


@pytest.mark.parametrize("writer", [SummaryWriter, tensorboardX.SummaryWriter])
def test_what_users_of_pytorch_write(writer: Any, open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Linear(3, 2))
    weights = {name: each.detach().numpy() for name, each in model.named_parameters()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with writer(str(tmp_path / "run")) as log:
            for step in (0, 70):
                for name, values in weights.items():
                    log.add_histogram(name, values, step)
                    log.add_histogram(f"{name}.grad", -values, step)
    tab = open_tab(tmp_path, 1)

    names = told(tab)
    assert len(names) == 8
    assert (names["0.weight"], names["1.bias.grad"]) == (("0/weight", "weights", 70), ("1/bias", "gradients", 70))
    answer = tab.arrays("/points", run="run", tag="0.weight")
    assert (fields(answer)["layer"], fields(answer)["axis"]) == ("0", "step")
    assert_array_equal(answer.arrays["0/step"], [0, 70])
    kernel = weights["0.weight"]
    first = slice(0, answer.arrays["0/bucket_end"][0])
    left, right, count = (answer.arrays[f"0/{name}"][first] for name in ("left", "right", "count"))
    assert count.sum() == kernel.size
    assert left[0] <= kernel.min() <= right[0]
    assert left[-1] <= kernel.max() <= right[-1] + 1e-6


def test_layers_under_one_tag_are_not_drawn_as_one(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with tf.summary.create_file_writer(str(tmp_path / "train")).as_default():
        for epoch in range(2):
            for layer in range(3):
                tf.summary.histogram("kernel/histogram", np.full(4, float(layer)), step=epoch)

    answer = open_tab(tmp_path, 1).arrays("/points", run="train", tag="kernel/histogram")

    assert answer.segments == []
    assert "every layer's histogram was written under this one tag" in answer.problems[0]["error"]


def test_a_histogram_of_nan_is_said_and_the_others_are_told(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    metadata = tf.compat.v1.SummaryMetadata(plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name="histograms"), data_class="DATA_CLASS_TENSOR")
    with tf.summary.create_file_writer(str(tmp_path / "run")).as_default():
        for step, bins in enumerate(([[0.0, 1.0, 2.0], [1.0, 1.0, 0.0]], [[np.nan, np.nan, 3.0]], [[0.0, 1.0]], [[2.0, 2.0, 7.0]])):
            tf.summary.write("w", tf.constant(bins, tf.float64), step=step, metadata=metadata)

    answer = open_tab(tmp_path, 1).arrays("/points", run="run", tag="w")

    assert_array_equal(answer.arrays["0/step"], [0, 3])
    assert_array_equal(answer.arrays["0/count"], [2, 7])
    assert [problem["error"].split(": ")[0] for problem in answer.problems] == [f"the histogram at step {step} cannot be read" for step in (1, 2)]


def test_a_restart_wins_from_its_first_step_on(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with tf.summary.create_file_writer(str(tmp_path / "run")).as_default():
        for step, value in ((0, 0.0), (10, 1.0), (20, 2.0), (10, 3.0)):
            tf.summary.histogram("w", np.full(3, value), step=step)

    answer = python_tab(tmp_path).arrays("/points", run="run", tag="w")

    assert_array_equal(answer.arrays["0/step"], [0, 10])
    assert answer.arrays["0/left"][-1] == 3
