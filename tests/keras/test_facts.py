"""What a training says of itself and how much it keeps, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import pytest
import tensorflow as tf

from layerscope.keras import Layerscope
from tb_plugin.schema.training_facts import TrainingFacts
from tests.keras.logged import points, steps
from tests.keras.models import digits, sequential, two_outputs

DATA = digits()


def compiled(model: keras.Model | None = None, loss: Any = "sparse_categorical_crossentropy", **options: Any) -> keras.Model:
    model = sequential() if model is None else model
    model.compile("sgd", loss, **{"run_eagerly": True, **options})
    return model


def facts(logdir: Path) -> TrainingFacts:
    written: list[tuple[int, TrainingFacts]] = points(logdir / "layerscope")["training_facts"]
    assert len(written) == 1
    return written[0][1]


@pytest.mark.parametrize("executions", [1, 3])
@pytest.mark.parametrize("batch_size", [40, 200])
def test_examples_in_a_batch(batch_size: int, executions: int, tmp_path: Path) -> None:
    compiled(steps_per_execution=executions).fit(DATA.x, DATA.y, batch_size=batch_size, verbose=0, callbacks=[Layerscope(tmp_path)])

    assert facts(tmp_path).batch_size == min(batch_size, len(DATA.x))


@pytest.mark.filterwarnings("ignore:`shuffle=True` was passed:UserWarning")
def test_examples_in_a_batch_of_a_dataset(tmp_path: Path) -> None:
    compiled().fit(tf.data.Dataset.from_tensor_slices((DATA.x, DATA.y)).batch(24), verbose=0, callbacks=[Layerscope(tmp_path)])

    assert facts(tmp_path).batch_size == 24


def test_a_model_that_does_not_count_its_examples_has_no_batch_size(tmp_path: Path) -> None:
    class Custom(keras.Model):
        def train_step(self, data: Any) -> dict[str, Any]:
            return {"nothing": tf.constant(0.0)}

    inputs = keras.Input((8, 8))
    model = Custom(inputs, keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(inputs)))
    compiled(model).fit(DATA.x, DATA.y, batch_size=32, verbose=0, callbacks=[Layerscope(tmp_path)])

    assert facts(tmp_path).batch_size is None


def test_facts_of_a_training_that_fails_in_its_first_batch_are_on_disk(tmp_path: Path) -> None:
    callback = Layerscope(tmp_path)
    with pytest.raises(Exception, match="shape"):
        compiled().fit(DATA.x, DATA.y[:, None, None].repeat(3, 1), verbose=0, callbacks=[callback])
    callback.close()

    assert facts(tmp_path).optimizer == "SGD"


def test_each_series_has_a_part_of_what_evaluations_keep(tmp_path: Path) -> None:
    """256 points are kept whatever they take: 64 at the start, then one in so many that the others fit."""
    few = DATA.x[:8], [DATA.y[:8], DATA.y[:8] % 2]
    losses = ["sparse_categorical_crossentropy", "binary_crossentropy"]

    def fit(folder: Path, epochs: int, **options: Any) -> Path:
        callback = Layerscope(folder, budget=0.2, **options)
        model = compiled(two_outputs(), losses)
        model.fit(*few, epochs=epochs, initial_epoch=epochs - 6, verbose=0, validation_data=few, callbacks=[callback])
        return folder / "layerscope"

    # 0.8 MB: of about 650 bytes 700 points for one series; 260 for each of four.
    run = fit(tmp_path / "run", 520, evaluations={"test": few})

    assert facts(tmp_path / "run").budget == {"evaluations": 800_000, "statistics": 800_000, "distributions": 200_000, "weights": 200_000}
    logged = steps(run, "validation/digit/confusion_matrix")
    assert logged == steps(run, "validation/odd/confusion_matrix")
    assert len(logged) == 3  # every third, and the last


def test_a_training_that_changes_its_directory_stays_in_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Elsewhere(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            monkeypatch.chdir(tmp_path / "elsewhere")

    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    compiled().fit(DATA.x, DATA.y, verbose=0, callbacks=[Layerscope("run"), Elsewhere()])

    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["layerscope", "train"]
    assert not list((tmp_path / "elsewhere").iterdir())
