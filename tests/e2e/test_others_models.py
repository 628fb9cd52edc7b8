"""Models that other tools logged, in the Model view: what their logs tell, and what they do not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from playwright.sync_api import expect
from torch.utils.tensorboard import SummaryWriter

from tests.e2e.conftest import Serve, Tab
from tests.server import graph_logs


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    model = graph_logs.TorchNetwork()
    graph_logs.torch_graph(folder / "torch", model, torch.zeros(2, 1, 8, 8))
    graph_logs.trace_of_step(folder / "step", graph_logs.keras_network())
    with SummaryWriter(str(folder / "names")) as log:
        for name, values in model.named_parameters():
            log.add_histogram(name, values, 0)
    return folder


def parameters_of(tab: Tab) -> dict[str, str]:
    """The number of parameters that the table tells of each layer."""
    rows = tab.frame.locator("table.ls-structure-layers tbody tr[data-layer], .ls-structure table tbody tr[data-layer]")
    return {str(row.get_attribute("data-layer")): row.locator("[data-parameters]").inner_text() for row in rows.all()}


def test_a_traced_step_of_tensorflow_is_its_model(tab: Tab, serve: Serve, logdir: Path, loader: str) -> None:
    model = graph_logs.keras_network()
    tab.follow(serve(logdir, loader), trainings="step", view="model")

    boxes = tab.frame.locator("[role=treeitem][data-layer]")
    expect(boxes.filter(has_text="conv1_1")).to_contain_text("Conv2D · ReLU")
    expect(tab.frame.get_by_test_id("model-summary")).to_contain_text(f"{model.count_params():,}".replace(",", "\u202f"))
    notes = tab.frame.locator(".ls-structure-notes")
    expect(notes).to_contain_text("Read from TensorFlow's graph of the function traced as 'train_step'")
    expect(notes).to_contain_text(re.compile(r"Left out, because it trains, saves or watches the model: adam\w* \(\d+\)"))
    tab.frame.locator("label").filter(has_text=re.compile("^table$")).click()
    told = parameters_of(tab)
    assert {layer.name: told[f"{layer.name}_1"] for layer in model.layers if layer.count_params() and layer.name != "drop"} == {
        layer.name: f"{layer.count_params():,}".replace(",", "\u202f") for layer in model.layers if layer.count_params() and layer.name != "drop"
    }


def test_a_graph_of_pytorch_says_which_sizes_it_does_not_tell(tab: Tab, serve: Serve, logdir: Path, loader: str) -> None:
    tab.follow(serve(logdir, loader), trainings="torch", view="model")

    expect(tab.frame.get_by_test_id("model-summary")).to_contain_text("≥")
    expect(tab.frame.locator("[role=treeitem][data-layer=bn]")).to_contain_text("BatchNorm2d")
    expect(tab.frame.locator(".ls-structure-legend")).to_contain_text("parameters of unknown size")
    notes = tab.frame.locator(".ls-structure-notes")
    expect(notes).to_contain_text("Read from the graph that PyTorch's add_graph traced")
    expect(notes).to_contain_text("2 of 10 parameters")
    expect(notes.get_by_role("tab")).to_have_text(["PyTorch"])
    tab.frame.locator("[role=treeitem][data-layer=conv1]").click()
    expect(tab.frame.locator("[data-parameter='conv1/weight']")).to_contain_text("not known")
    expect(tab.frame.locator("[data-parameter='conv1/bias']")).to_contain_text("4")


def test_names_of_parameters_are_a_tree_with_the_sizes_that_histograms_have(tab: Tab, serve: Serve, logdir: Path, loader: str) -> None:
    tab.follow(serve(logdir, loader), trainings="names", view="model")

    total = sum(each.numel() for each in graph_logs.TorchNetwork().parameters())
    expect(tab.frame.get_by_test_id("model-summary")).to_contain_text(f"{total:,}".replace(",", "\u202f"))
    expect(tab.frame.locator(".ls-structure-notes")).to_contain_text("Read from the names of parameters")
    expect(tab.frame.locator("[role=treeitem][data-layer=body]")).to_be_visible()
    assert tab.frame.locator(".ls-structure svg path.ls-structure-wire").count() == 0
