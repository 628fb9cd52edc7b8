"""What a watched training has written, as TensorBoard's own loaders and the tab's server read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from layerscope.tensorflow import watch
from tb_plugin.store import Caller, Store
from tests.keras.logged import points
from tests.server.conftest import Tab, open_tab, read_with_python
from tests.tensorflow.trainings import adam, by_function

__all__ = ["open_tab"]


def test_a_run_is_read_back_by_both_loaders(tmp_path: Path, open_tab: Callable[..., Tab]) -> None:
    training = adam()
    with watch(training.model, training.optimizer, tmp_path / "run", steps=130, hyperparameters={"width": 5}) as run:
        by_function(training, 130, run.loss)
    written = points(tmp_path / "run")
    tab = open_tab(tmp_path, len(Store(read_with_python(tmp_path)).listing(Caller.local())))

    tags = {found.tag for found in Store(tab.provider).listing(Caller.local())}
    assert {"structure", "training_facts", "tensor_stats/start", "tensor_stats/norms", "tensor_stats/full", "distributions/weights"} <= tags
    assert {"loss", "gradient_norm", "learning_rate"} <= tags
    assert {"weights/dense/kernel", "gradients/dense_1/bias"} <= set(written)
    norms = tab.arrays("/points", run="run", tag="tensor_stats/norms", steps="0..129")
    assert not norms.problems
    assert norms.arrays["0/step"].tolist() == [*range(100), 100, 110, 120, 129]
