"""The structure that a training logs: once the model is built, and again only when it is another one; its code is run once for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from layerscope.tensorflow import watch
from tb_plugin.schema.structure import Structure
from tests.keras.logged import points
from tests.keras.own_layers import Residual, TwoTowers


def structures(run: Path) -> list[tuple[int, Structure]]:
    return points(run)["structure"]


def edges(structure: Structure) -> set[tuple[str, str]]:
    return {(structure.nodes[a].path, structure.nodes[b].path) for a, _, b, _ in structure.edge.tolist()}


class Counting(keras.Model):
    """Counts how often its code is run."""

    def __init__(self) -> None:
        super().__init__(name="counting")
        self.block, self.head = Residual(3, name="block"), keras.layers.Dense(2, name="head")
        self.ran = [0]

    def call(self, x: Any) -> Any:
        self.ran[0] += 1
        return self.head(keras.ops.mean(self.block(x), axis=(1, 2)))


EDGES = {("x", "block/one"), ("block/one", "block/two"), ("x", "block/add"), ("block/two", "block/add"), ("block/add", "head")}
IMAGES, LABELS = np.zeros((8, 6, 6, 3), np.float32), np.zeros(8, np.int32)


def counting() -> Counting:
    model = Counting()
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def test_a_subclassed_model_is_logged_with_its_wiring_after_the_batch_that_builds_it(tmp_path: Path) -> None:
    counting().fit(IMAGES, LABELS, batch_size=4, verbose=0, callbacks=[Layerscope(tmp_path)])

    ((step, structure),) = structures(tmp_path / "layerscope")
    assert step == 1
    assert edges(structure) == EDGES
    assert structure.notes == ()


def test_its_code_is_run_once_for_however_many_fits(tmp_path: Path) -> None:
    model, callback = counting(), Layerscope(tmp_path, activity=False, gradients=False)
    model.fit(IMAGES, LABELS, batch_size=4, verbose=0, callbacks=[callback])
    ran = model.ran[0]
    model.fit(IMAGES, LABELS, batch_size=4, verbose=0, callbacks=[callback])
    assert model.ran[0] == ran
    assert len(structures(tmp_path / "layerscope")) == 1

    model.head.trainable = False
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(IMAGES, LABELS, batch_size=4, verbose=0, callbacks=[callback])
    assert len(structures(tmp_path / "layerscope")) == 2


def test_without_connections_no_code_is_run(tmp_path: Path) -> None:
    def ran(callbacks: list[Any]) -> int:
        model = counting()
        model.fit(IMAGES, LABELS, batch_size=4, verbose=0, callbacks=callbacks)
        return int(model.ran[0])

    assert ran([Layerscope(tmp_path, connections=False, activity=False, gradients=False)]) == ran([])
    assert edges(structures(tmp_path / "layerscope")[0][1]) == set()
    with pytest.raises(TypeError, match="connections must be True or False"):
        Layerscope(tmp_path, connections="no")  # type: ignore[arg-type]


@pytest.mark.parametrize("as_data_set", [False, True])
def test_what_goes_in_has_the_types_of_the_data(tmp_path: Path, as_data_set: bool) -> None:
    words = {"query": np.zeros((8, 7), np.int64), "document": np.zeros((8, 9), np.int64)}
    truth = {"score": np.zeros((8, 1), np.float32), "query": np.zeros((8, 4), np.float32)}
    model = TwoTowers()
    model.compile("sgd", {"score": "mse", "query": "mse"})
    if as_data_set:
        model.fit(tf.data.Dataset.from_tensor_slices((words, truth)).batch(4), shuffle=False, verbose=0, callbacks=[Layerscope(tmp_path)])
    else:
        model.fit(words, truth, batch_size=4, verbose=0, callbacks=[Layerscope(tmp_path)])

    ((_, structure),) = structures(tmp_path / "layerscope")
    types = [structure.dtypes[structure.dtype[end - 1]] for end in structure.output_end]
    assert [types[structure.inputs[name]] for name in ("query", "document")] == ["int64", "int64"]
    assert {name: structure.nodes[node].path for name, node in structure.outputs.items()} == {"score": "head", "query": "encoder"}


def test_a_loop_around_a_tape_logs_the_wiring_too(tmp_path: Path) -> None:
    model, optimizer = Counting(), keras.optimizers.SGD(0.1)
    run = watch(model, optimizer, tmp_path)

    def step(x: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x) ** 2)
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
        return loss

    traced: Any = tf.function(step)
    for _ in range(2):
        traced(tf.zeros((4, 6, 6, 3)))
    run.close()

    assert edges(structures(tmp_path)[0][1]) == EDGES
