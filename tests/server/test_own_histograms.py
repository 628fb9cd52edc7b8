"""Our histograms in TensorBoard's own form: its tabs show them, and ours does not show them beside the distributions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import torch
from tensorboard import context
from tensorboard.plugins import base_plugin
from tensorboard.plugins.histogram.histograms_plugin import HistogramsPlugin
from torch.utils.tensorboard import SummaryWriter

from layerscope.keras import Layerscope
from layerscope.torch import watch
from tests.server.conftest import Tab
from tests.test_distributions_writer import AXIS
from writers import RunWriter, histograms
from writers.distributions_schedule import DistributionsSchedule
from writers.distributions_writer import DistributionsWriter
from writers.histograms import Histogram
from writers.strides import stride_of


def shown(tab: Tab) -> dict[str, dict[str, Any]]:
    """What TensorBoard's tab Histograms lists: description by run and tag."""
    listed = plugin(tab).index_impl(_context(), experiment="")
    return {run: {tag: each["description"] for tag, each in tags.items()} for run, tags in listed.items()}


def points(tab: Tab, run: str, tag: str) -> dict[int, Any]:
    """What it draws: bins by step."""
    events, _ = plugin(tab).histograms_impl(_context(), tag, run, experiment="", downsample_to=50)
    return {step: np.array(bins) for _, step, bins in events}


def plugin(tab: Tab) -> Any:
    return HistogramsPlugin(base_plugin.TBContext(data_provider=tab.provider))


def _context() -> Any:
    return context.RequestContext()


def listed(tab: Tab) -> list[tuple[str, str, str]]:
    """What our tab lists: run, tag, kind."""
    return [(s["run"], s["tag"], s["kind"]) for training in tab.runs()["trainings"] for s in training["series"]]


def written(run: RunWriter, steps: int) -> dict[int, np.ndarray[Any, Any]]:
    """A training of so many steps, each told; its kernels by step."""
    writer = DistributionsWriter(run, AXIS, [3, 1], DistributionsSchedule(1_000_000, 2, steps).histograms())
    made = {step: np.random.default_rng(step).normal(size=1000).astype(np.float32) for step in range(steps)}
    for step, kernel in made.items():
        writer.write(step, [kernel, np.array([np.nan, np.inf, 0])], [None, np.array([np.nan])])
    writer.close()
    return made


def test_tensorboard_shows_them_and_our_tab_does_not_show_them_twice(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "run") as run:
        made = written(run, 300)
        run.write("weights/mine", Histogram(np.array([[0.0, 1.0, 3.0]])), 5)  # under a name like ours, and told by nothing else
    tab = open_tab(tmp_path, 6)

    sampled = "One value in 3 was looked at; the counts are scaled up to all of them."
    assert {tag: sampled in text for tag, text in shown(tab)["run"].items()} == {
        "weights/dense/kernel": True,
        "weights/dense/bias": False,
        "weights/mine": False,
    }
    found = points(tab, "run", "weights/dense/kernel")
    assert 5 <= len(found) <= 20
    assert (min(found), max(found)) == (0, 299)
    for step, bins in found.items():
        wanted = histograms.of_values(made[step])
        assert wanted is not None
        np.testing.assert_array_equal(bins, wanted * [1, 1, 3])
    assert {bins[:, 2].sum() for bins in points(tab, "run", "weights/dense/bias").values()} == {1}

    assert [(tag, kind) for _, tag, kind in listed(tab) if kind != "parameters"] == [
        ("distributions/gradients", "distributions"),
        ("distributions/weights", "distributions"),
        ("weights/mine", "histograms"),
    ]


def test_where_the_distributions_are_gone_the_histograms_are_shown(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "run") as run:
        run.write("weights/dense/kernel", Histogram(np.array([[0.0, 1.0, 3.0]]), repeats=True), 5)
    assert listed(open_tab(tmp_path, 1)) == [("run", "weights/dense/kernel", "histograms")]


@pytest.mark.parametrize("make", [lambda folder: tf.summary.create_file_writer(str(folder)), lambda folder: SummaryWriter(str(folder))])
def test_in_a_writer_that_is_open_already(make: Callable[[Path], Any], open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    theirs = make(tmp_path / "run")
    with RunWriter(to=theirs) as run:
        made = written(run, 3)
    theirs.close()
    tab = open_tab(tmp_path, 5)
    found = points(tab, "run", "weights/dense/kernel")
    assert sorted(found) == [0, 1, 2]
    wanted = histograms.of_values(made[2])
    assert wanted is not None
    np.testing.assert_array_equal(found[2], wanted * [1, 1, 3])
    assert not [each for each in listed(tab) if each[2] == "histograms"]


def test_a_pytorch_training(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    model = torch.nn.Sequential(torch.nn.Linear(300, 300), torch.nn.ReLU(), torch.nn.Linear(300, 3))
    optimizer = torch.optim.Adam(model.parameters())
    x = torch.randn(8, 300, generator=torch.Generator().manual_seed(0))
    seen: dict[int, tuple[Any, Any]] = {}
    with watch(model, optimizer, tmp_path / "run", steps=70) as run:
        for step in range(70):
            optimizer.zero_grad()
            loss = (model(x) - x[:, :3]).square().mean()
            loss.backward()
            first = model[0].weight
            assert isinstance(first, torch.nn.Parameter)
            assert first.grad is not None
            seen[step] = first.detach().numpy().copy(), first.grad.numpy().copy()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1e-3)
            optimizer.step()
            run.loss(loss)
    tab = open_tab(tmp_path, 12)

    paths = [f"{layer}/{name}" for layer in (0, 2) for name in ("weight", "bias")]
    assert set(shown(tab)["run"]) == {f"{of}/{path}" for of in ("weights", "gradients") for path in paths}
    for place, of in enumerate(("weights", "gradients")):
        found = points(tab, "run", f"{of}/0/weight")
        assert sorted(found) == [0, 20, 40, 60, 69]
        for step, bins in found.items():
            stride = stride_of((300, 300))
            wanted = histograms.of_values(seen[step][place].reshape(-1)[::stride])
            assert wanted is not None
            np.testing.assert_array_equal(bins, wanted * [1, 1, stride])
    assert not [each for each in listed(tab) if each[2] == "histograms"]


def test_a_keras_training(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    seen: dict[int, list[Any]] = {}

    class Look(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            seen[len(seen)] = [weight.numpy() for weight in self.model.weights]

    model: Any = keras.Sequential([keras.Input((300,)), keras.layers.Dense(300, "relu", name="stem"), keras.layers.Dense(3, name="head")])
    model.compile("adam", "mse")
    x = np.random.default_rng(0).normal(size=(80, 300)).astype(np.float32)
    model.fit(x, x[:, :3], batch_size=8, epochs=7, verbose=0, callbacks=[Layerscope(tmp_path), Look()])
    tab = open_tab(tmp_path, 12)

    paths = [f"{layer}/{name}" for layer in ("stem", "head") for name in ("kernel", "bias")]
    assert set(shown(tab)["layerscope"]) == {f"{of}/{path}" for of in ("weights", "gradients") for path in paths}
    for place, path in enumerate(paths):
        found = points(tab, "layerscope", f"weights/{path}")
        assert sorted(found) == [0, 20, 40, 60, 69]
        for step, bins in found.items():
            stride = stride_of(seen[step][place].shape)
            wanted = histograms.of_values(seen[step][place].reshape(-1)[::stride])
            assert wanted is not None
            np.testing.assert_array_equal(bins, wanted * [1, 1, stride])
    assert not [each for each in listed(tab) if each[2] == "histograms"]
