"""Labels that do not fit are said at once, also of a model that tells its outputs only when it is called."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from layerscope.keras import Layerscope
from tests.keras.models import Subclassed, digits, two_outputs

DATA = digits()
NAMES = [f"digit {i}" for i in range(10)]


def compiled(**options: Any) -> keras.Model:
    model = Subclassed()
    model.compile("adam", "sparse_categorical_crossentropy", **options)
    return model


@pytest.mark.parametrize("options", [{}, {"run_eagerly": True}, {"steps_per_execution": 2}])
def test_labels_that_do_not_fit_a_model_not_yet_built_raise_after_its_first_batch(options: dict[str, Any], tmp_path: Path) -> None:
    model = compiled(**options)
    with pytest.raises(ValueError, match="it has 10, and there are 2 labels"):
        model.fit(DATA.x, DATA.y, epochs=3, verbose=0, callbacks=[Layerscope(tmp_path, labels=["a", "b"])])

    assert int(model.optimizer.iterations) == options.get("steps_per_execution", 1)
    assert "call" not in vars(model)


def test_labels_that_fit_change_nothing(tmp_path: Path) -> None:
    def weights(*callbacks: Any) -> list[Any]:
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(1)
        model = compiled()
        model.fit(DATA.x, DATA.y, epochs=2, verbose=0, callbacks=list(callbacks))
        assert "call" not in vars(model)
        return [variable.numpy() for variable in model.weights]

    for one, other in zip(weights(), weights(Layerscope(tmp_path, labels=NAMES)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_an_interrupt_in_the_first_batch_leaves_the_model_as_it_was(tmp_path: Path) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            raise KeyboardInterrupt

    model, callback = compiled(), Layerscope(tmp_path, labels=NAMES)
    with pytest.raises(KeyboardInterrupt):
        model.fit(DATA.x, DATA.y, verbose=0, callbacks=[callback, Interrupt()])
    callback.close()

    assert "call" not in vars(model)


def test_one_list_for_two_outputs_is_answered_with_a_mapping(tmp_path: Path) -> None:
    model = two_outputs()
    model.compile("adam", ["sparse_categorical_crossentropy", "binary_crossentropy"])

    with pytest.raises(ValueError, match=r'several outputs.*labels=\{"digit": \[…\]\}.*output \'odd\' tells apart: it has 2, and there are 10'):
        model.fit(DATA.x, [DATA.y, DATA.y % 2], verbose=0, callbacks=[Layerscope(tmp_path, labels=NAMES)])
    with pytest.raises(ValueError, match=r'labels=\{"odd": \[…\]\}'):
        model.fit(DATA.x, [DATA.y, DATA.y % 2], verbose=0, callbacks=[Layerscope(tmp_path, labels=["even", "odd"])])
