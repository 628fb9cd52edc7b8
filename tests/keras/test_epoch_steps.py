"""Where the epochs of Keras' own callback lie among the steps, over several fits, as the page gets them."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import keras
import pytest

from layerscope.keras import Layerscope
from tests.keras.models import digits, sequential
from tests.server.conftest import Tab, open_tab

__all__ = ["open_tab"]

DATA = digits()
EPOCHS = (2, 3)
STEPS = {"train": [5, 10, 15, 20, 25], "validation": [10, 20]}
"""Of two fits of 2 and 3 epochs of 5 batches, validated in every second epoch of each."""


def fit(model: keras.Model, logdir: Path, epochs: int, *others: keras.callbacks.Callback) -> None:
    data = {"validation_data": (DATA.x_val, DATA.y_val), "validation_freq": 2}
    model.fit(DATA.x, DATA.y, batch_size=32, epochs=epochs, verbose=0, callbacks=[Layerscope(logdir), *others], **data)


def compiled() -> keras.Model:
    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", run_eagerly=True)
    return model


def steps(tab: Tab) -> dict[str, list[float]]:
    """Of each run's losses, once all are read: the Rust loader reads on while it answers."""
    deadline = time.monotonic() + 20
    while True:
        tab = Tab(tab.provider)
        answers = {run: tab.arrays("/points", run=run, tag="epoch_loss") for run in STEPS}
        found = {run: answer.arrays["0/step"].tolist() for run, answer in answers.items()}
        if all(found[run][-1] == STEPS[run][-1] for run in STEPS) or time.monotonic() > deadline:
            return found


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # theirs, on its learning rate
def test_keras_epochs_begin_anew_but_not_their_steps(open_tab: Callable[..., Tab], request: pytest.FixtureRequest, tmp_path: Path) -> None:
    model = compiled()
    for epochs in EPOCHS:
        fit(model, tmp_path, epochs, keras.callbacks.TensorBoard(str(tmp_path), write_graph=False))
    tab = open_tab(tmp_path, 10)

    found = steps(tab)

    # TensorBoard's Rust loader drops what a second fit seems to write over.
    assert found == STEPS or ("rust" in request.node.name and found == {"train": [15, 20, 25], "validation": [20]})
    (training,) = tab.runs()["trainings"]
    assert {(s["run"], s["last_step"]) for s in training["series"] if s["tag"] == "epoch_loss"} == {("train", 25), ("validation", 20)}


def test_our_epochs_count_on(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    model = compiled()
    for epochs in EPOCHS:
        fit(model, tmp_path, epochs)

    assert steps(open_tab(tmp_path, 9)) == STEPS
