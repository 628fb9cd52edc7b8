"""Values of weights that a fit tells: those of the model, at the starts and the ends of its epochs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from layerscope.keras import Layerscope
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.weight_values import WeightValues
from tests.keras.logged import last, points, steps
from tests.keras.models import Subclassed, digits, sequential
from writers.frameworks.keras.model.structure import structure_of
from writers.frameworks.keras.weight_values import _axes

DATA = digits()


class Copies(keras.callbacks.Callback):
    """What the weights are at the start, and after each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.held: list[list[np.ndarray[Any, Any]]] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self.held.append(self.model.get_weights())

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.held.append(self.model.get_weights())


def fit(model: keras.Model, folder: Path, *others: Any, epochs: int = 3, **options: Any) -> Path:
    if not model.compiled:
        model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(DATA.x[:64], DATA.y[:64], batch_size=16, epochs=epochs, verbose=0, callbacks=[*others, Layerscope(folder, **options)])
    return folder / "layerscope"


def told(run: Path) -> dict[int, WeightValues]:
    return dict(points(run).get("weight_values", []))


def values(payload: WeightValues, i: int) -> np.ndarray[Any, Any]:
    return np.ldexp(np.split(payload.value, payload.cell_end)[i].astype(np.float64), int(payload.exponent[i]))


def test_each_moment_tells_what_the_weights_were(tmp_path: Path) -> None:
    copies = Copies()

    run = fit(sequential(noisy=True), tmp_path, copies)

    found = told(run)
    assert list(found) == [0, 4, 8, 12]
    for payload, wanted in zip(found.values(), copies.held, strict=True):
        is_real = [array.dtype.kind == "f" for array in wanted]
        assert [kept == "all" for kept in payload.kept] == is_real
        for i, array in enumerate(wanted):
            if is_real[i]:
                assert_allclose(values(payload, i), array.reshape(-1), rtol=2**-11, atol=1e-9)
                assert payload.sum_squares[i] == pytest.approx(float((array.astype(np.float64) ** 2).sum()), rel=1e-12)


def test_they_lie_on_the_axis_of_the_structure(tmp_path: Path) -> None:
    run = fit(sequential(), tmp_path)

    assert {payload.parameters for payload in told(run).values()} == {last(run, "structure").parameters}
    facts = last(run, "training_facts")
    assert facts.budget["weights"] == 1_000_000
    assert "the first and the last step" in facts.schedule["weights"]


def test_a_model_that_its_first_batch_builds_is_told_after_it(tmp_path: Path) -> None:
    copies = Copies()

    run = fit(Subclassed(), tmp_path, copies)

    assert list(told(run)) == [1, 4, 8, 12]
    assert_allclose(values(told(run)[12], 0), copies.held[-1][0].reshape(-1), rtol=2**-11, atol=1e-9)


def test_fits_go_on_and_the_same_moment_is_told_once(tmp_path: Path) -> None:
    model = sequential()
    fit(model, tmp_path, epochs=2)
    fit(model, tmp_path, epochs=1)

    assert steps(tmp_path / "layerscope", "weight_values") == [0, 4, 8, 12]


def test_of_an_interrupted_training_the_last_values_are_told(tmp_path: Path) -> None:
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 2:
                raise KeyboardInterrupt

    callback, model = Layerscope(tmp_path), sequential()
    model.compile("adam", "sparse_categorical_crossentropy")
    with pytest.raises(KeyboardInterrupt):
        model.fit(DATA.x[:64], DATA.y[:64], batch_size=16, epochs=5, verbose=0, callbacks=[callback, Interrupt()])
    callback.close()

    assert steps(tmp_path / "layerscope", "weight_values") == [0, 3]
    assert_allclose(values(told(tmp_path / "layerscope")[3], 0), model.get_weights()[0].reshape(-1), rtol=2**-11, atol=1e-9)


@pytest.mark.parametrize("weights", [False, True, ["hidden/kernel", "nowhere"]])
def test_none_or_all_or_those_that_are_named_are_told(tmp_path: Path, weights: Any, caplog: pytest.LogCaptureFixture) -> None:
    inputs = keras.Input((8, 8))
    hidden = keras.layers.Dense(8, name="hidden")(keras.layers.Flatten()(inputs))
    model = keras.Model(inputs, keras.layers.Dense(10, activation="softmax", name="head")(hidden))

    run = fit(model, tmp_path, weights=weights, epochs=1)

    if weights is False:
        assert told(run) == {}
        assert "weights" not in last(run, "training_facts").schedule
    else:
        assert told(run)[4].kept == (("all",) * 4 if weights is True else ("all", "none", "none", "none"))
    assert ("no parameter 'nowhere'" in caplog.text) == isinstance(weights, list)


def test_the_environment_switches_them_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERSCOPE_DISABLE", "weights")

    run = fit(sequential(), tmp_path, epochs=1)

    assert told(run) == {}
    assert "structure" in points(run)


def test_what_is_half_as_wide_is_told_as_it_is(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((8, 8)), keras.layers.Flatten(), keras.layers.Dense(10, activation="softmax", dtype="bfloat16")])

    run = fit(model, tmp_path, epochs=1)

    assert_array_equal(values(told(run)[4], 0), np.asarray(model.weights[0].numpy(), np.float32).reshape(-1))


def test_axes_are_named_for_the_layers_that_keras_has() -> None:
    inputs, words = keras.Input((16, 16, 3)), keras.Input((7,), dtype="int32")
    x = keras.layers.Conv2D(4, 3, name="conv")(inputs)
    x = keras.layers.DepthwiseConv2D(3, name="depthwise")(x)
    x = keras.layers.SeparableConv2D(5, 3, name="separable")(x)
    x = keras.layers.Conv2DTranspose(6, 3, name="transpose")(x)
    x = keras.layers.GlobalAveragePooling2D()(keras.layers.BatchNormalization(name="norm")(x))
    y = keras.layers.Embedding(20, 8, name="words")(words)
    y = keras.layers.MultiHeadAttention(2, 4, name="attention")(y, y)
    y = keras.layers.Conv1D(6, 3, name="conv1d")(y)
    y = keras.layers.Bidirectional(keras.layers.LSTM(3), name="both")(keras.layers.GRU(4, return_sequences=True, name="gru")(y))
    model = keras.Model([inputs, words], keras.layers.Dense(2, name="head")(keras.layers.Concatenate()([x, y])))
    structure = structure_of(model)
    parameters = structure.parameters
    assert isinstance(parameters, Parameters)

    found = dict(zip([parameter.path for parameter in parameters.parameters], _axes(structure, parameters), strict=True))

    expected = {
        "conv/kernel": "height,width,in,out",
        "depthwise/kernel": "height,width,in,multiplier",
        "separable/depthwise_kernel": "height,width,in,multiplier",
        "separable/pointwise_kernel": "height,width,in,out",
        "transpose/kernel": "height,width,out,in",
        "norm/gamma": "feature",
        "words/embeddings": "id,feature",
        "attention/query/kernel": "in,head,feature",
        "attention/key/bias": "head,feature",
        "attention/value/kernel": "in,head,feature",
        "attention/attention_output/kernel": "head,feature,out",
        "attention/attention_output/bias": "out",
        "conv1d/kernel": "length,in,out",
        "head/kernel": "in,out",
        "head/bias": "out",
    }
    assert {path: found[path] for path in expected} == expected
    gates = ("update|reset|new", "input|forget|cell|output")
    assert {axes for axes in found.values() if ":" in axes} == {f"{of},gate:{each}" for of in ("in", "state") for each in gates}
    shapes = dict(zip(found, np.split(parameters.shape, parameters.shape_end), strict=False))
    assert all(len(axes.split(",")) == len(shapes[path]) for path, axes in found.items() if axes)
    assert [path for path, axes in found.items() if axes == "" and "seed" not in path] == ["gru/gru_cell/bias"]
