"""What other tools log: shown as people mean it, and what it lacks is said."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from playwright.sync_api import expect
from torch.utils.tensorboard import SummaryWriter

from tests.e2e.conftest import Serve, Tab

LAYERS = ("stem", "layers.0", "layers.1", "head")


def lightning(folder: Path) -> None:
    """As Lightning's TensorBoardLogger, LearningRateMonitor and grad_norm name things; one layer comes late."""
    with SummaryWriter(str(folder)) as log:
        for step in range(0, 100, 10):
            log.add_scalar("train_loss_step", 1 / (1 + step), step)
            log.add_scalar("lr-Adam", 1e-3, step)
            log.add_scalar("grad_2.0_norm_total", 5.0, step)
            for i, layer in enumerate(LAYERS):
                if layer != "head" or step >= 50:
                    log.add_scalar(f"grad_2.0_norm/{layer}.weight", 3.0 + i, step)
                    log.add_scalar(f"grad_2.0_norm/{layer}.bias", 4.0 + i, step)
        log.add_scalar("train_loss_epoch", 0.5, 99)
        log.add_scalar("val_loss", 0.6, 99)


def torch_users(folder: Path) -> None:
    with SummaryWriter(str(folder)) as log:
        for step in range(20):
            log.add_scalar("Train Loss", 1 / (1 + step), step)
            log.add_scalar("Validation loss", 2 / (1 + step), step)


def keras_alone(folder: Path) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.zeros((8, 2), np.float32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        model.fit(x, x[:, :1], validation_split=0.5, verbose=0, callbacks=[keras.callbacks.TensorBoard(folder, write_graph=False)])


WATCH = 'layerscope.torch.watch(model, optimizer, "logs/run-1")'


@pytest.mark.parametrize(
    ("log", "charts", "lacks"),
    [
        (lightning, ["loss", "learning rate", "gradient norm"], f"Of the layers there is only what another tool wrote. {WATCH} adds the rest."),
        (torch_users, ["loss"], f"Weights, gradients and updates of each layer are not logged, nor is the learning rate. {WATCH} adds them."),
        (
            keras_alone,
            ["loss", "learning rate"],
            'Weights, gradients and updates of each layer are not logged. callbacks=[Layerscope("logs/run-1")] adds them.',
        ),
    ],
)
def test_what_means_the_same_shares_a_chart_and_what_is_not_there_is_said(
    tab: Tab, serve: Serve, tmp_path: Path, log: Callable[[Path], None], charts: list[str], lacks: str
) -> None:
    log(tmp_path / "run")
    tab.open(serve(tmp_path)).view("Training")

    expect(tab.frame.locator(".ls-partly")).to_have_text(lacks)
    expect(tab.frame.locator(".ls-scalars-chart h3")).to_have_text(charts)


def test_norms_that_another_tool_wrote_are_in_the_heat_map(tab: Tab, serve: Serve, tmp_path: Path, loader: str) -> None:
    lightning(tmp_path / "run")
    tab.open(serve(tmp_path, loader)).view("Training")

    table = tab.frame.get_by_test_id("tensor-stats")
    expect(tab.frame.locator(".ls-tensors h3")).to_contain_text("gradient norm · 4 layers × 10 logged steps")
    expect(tab.frame.locator(".ls-tensors h3")).to_contain_text("from scalars that another tool wrote")
    expect(table.locator("td[data-row='stem'][data-step='90']")).to_have_text("5")
    expect(table.locator("td[data-row='head'][data-step='40']")).to_have_text("not logged")
    assert float(table.locator("td[data-row='head'][data-step='50']").inner_text()) == pytest.approx(np.hypot(6, 7), rel=1e-6)
    tab.frame.get_by_role("radio", name="weight norm").check()
    expect(table.locator("td[data-row='stem'][data-step='90']")).to_have_text("not logged")
