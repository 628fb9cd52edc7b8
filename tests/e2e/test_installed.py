"""The wheel in a fresh environment, without TensorFlow, shows what was logged elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Tab
from tests.packaging import smoke
from tests.packaging.fixtures import Environment


@pytest.fixture
def address(without_tensorflow: Environment, tmp_path: Path) -> Iterator[str]:
    """Of that environment's TensorBoard, on a run that this process wrote."""
    smoke.write(tmp_path / "logs" / "run-1")
    with smoke.tensorboard(tmp_path / "logs", "--load_fast=true", python=without_tensorflow.python) as address:
        yield address


def test_a_fresh_install_shows_a_logdir_that_was_written_elsewhere(address: str, tab: Tab) -> None:
    tab.open(address).view("Predictions")

    matrix = tab.frame.get_by_test_id("confusion-matrix")
    expect(matrix.locator("td[data-true='1'][data-predicted='1']")).to_have_text("2")
    expect(matrix.locator("tbody th")).to_have_text(["cat", "dog", "owl"])
