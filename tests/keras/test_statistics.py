"""What the callback writes of weights and gradients, read back."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from tensorboard.backend.event_processing import event_accumulator

from layerscope.keras import Layerscope
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.tensor_stats import NORMS, STATISTICS, TensorStats
from tests.keras.logged import points
from tests.keras.models import digits, sequential
from writers import distributions
from writers.strides import stride_of


def fit(folder: Path, optimizer: Any = "adam", *, epochs: int = 3, model: keras.Model | None = None, callbacks: Any = (), **options: Any) -> keras.Model:
    data = digits()
    if model is None:
        model = sequential()
        model.compile(optimizer, "sparse_categorical_crossentropy")
    model.fit(
        data.x,
        data.y,
        batch_size=8,
        epochs=epochs,
        verbose=0,
        callbacks=[Layerscope(folder, evaluations={"v": (data.x_val, data.y_val)}, **options), *callbacks],
    )
    return model


def told(run: Path, tag: str) -> list[TensorStats]:
    return [payload for _, payload in points(run).get(f"tensor_stats/{tag}", [])]


def joined(records: list[TensorStats], name: str) -> np.ndarray[Any, Any]:
    return np.concatenate([getattr(record, name) for record in records], axis=-1)


def test_steps_are_kept_as_the_budget_has_it(tmp_path: Path) -> None:
    model = fit(tmp_path, epochs=10)  # 200 steps
    run = tmp_path / "layerscope"
    start, norms, full = (told(run, tag) for tag in ("start", "norms", "full"))

    assert joined(start, "step").tolist() == list(range(100))
    assert joined(norms, "step").tolist() == [*range(100), *range(100, 200, 10), 199]
    assert joined(full, "step").tolist() == [*range(0, 100, 8), 100, 180, 199]
    assert {record.statistics for record in norms} == {NORMS}
    assert {record.statistics for record in start + full} == {STATISTICS}
    np.testing.assert_array_equal(joined(start, "value")[: len(NORMS)], joined(norms, "value")[:, :, :100])
    np.testing.assert_allclose(joined(norms, "epoch"), joined(norms, "step") / 20)

    axis = points(run)[f"parameters/{norms[0].parameters}"][0][1]
    assert isinstance(axis, Parameters)
    assert [parameter.variable_path for parameter in axis.parameters] == [weight.path for weight in model.weights]


def test_scalars_say_the_same_as_the_statistics(tmp_path: Path) -> None:
    fit(tmp_path, keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 5, 0.9), global_clipnorm=0.5))
    run = tmp_path / "layerscope"
    (norms,), logged = [told(run, "norms")], points(run)

    scalar = {tag: np.array([value for _, value in logged[tag]]) for tag in ("loss", "gradient_norm", "learning_rate")}
    assert [step for step, _ in logged["loss"]] == joined(norms, "step").tolist()
    norm = np.sqrt(joined(norms, "value")[1].astype(np.float64).sum(axis=0))
    np.testing.assert_allclose(scalar["gradient_norm"], norm, rtol=1e-6)
    np.testing.assert_allclose(scalar["loss"], joined(norms, "loss"), rtol=1e-6)
    np.testing.assert_allclose(scalar["learning_rate"], 0.1 * 0.9 ** (np.arange(60) / 5), rtol=1e-5)
    np.testing.assert_allclose(joined(norms, "clip_factor"), np.minimum(1, 0.5 / norm))


def test_distributions_are_those_of_the_very_values(tmp_path: Path) -> None:
    """A model of one small layer and a large one, of which a part is looked at, trained with its weights seen before each step."""
    before: dict[int, list[np.ndarray[Any, Any]]] = {}

    class Look(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
            before[batch] = [weight.numpy() for weight in self.model.weights]

    model = keras.Sequential([keras.Input((8, 8)), keras.layers.Flatten(), keras.layers.Dense(1100, "relu"), keras.layers.Dense(10, "softmax")])
    optimizer = keras.optimizers.SGD(1.0)
    model.compile(optimizer, "sparse_categorical_crossentropy")
    fit(tmp_path, model=model, epochs=1, callbacks=[Look()])
    before[20] = [weight.numpy() for weight in model.weights]

    logged = points(tmp_path / "layerscope")
    assert [step for step, _ in logged["distributions/weights"]] == [step for step, _ in logged["distributions/gradients"]] == [0, 19]
    paths = [weight.path for weight in model.weights]
    for step, payload in logged["distributions/weights"]:
        assert_same_distribution(payload, distributions.of(dict(zip(paths, before[step], strict=True))))
    for step, payload in logged["distributions/gradients"]:
        ours = [sum(counts) for counts in np.split(payload.count, payload.bucket_end[:-1])]
        assert ours == [len(weight.ravel()[:: stride_of(weight.shape)]) for weight in before[0]]
        # With a rate of 1 the gradient is what the step took away.
        change = {path: one - other for path, one, other in zip(paths, before[step], before[step + 1], strict=True)}
        wanted = distributions.of({path: change[path] for path in paths})
        bias = slice(payload.bucket_end[2], None)
        np.testing.assert_array_equal(payload.exponent[bias], wanted.exponent[wanted.bucket_end[2] :])


def assert_same_distribution(payload: Any, wanted: Any) -> None:
    assert payload.sampled == wanted.sampled
    for name in ("bucket_end", "exponent", "count"):
        np.testing.assert_array_equal(getattr(payload, name), getattr(wanted, name))


def test_layers_thawed_between_two_fits_have_gradients_from_then_on(tmp_path: Path) -> None:
    model = sequential()
    model.layers[1].trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(tmp_path, model=model, epochs=1)
    model.layers[1].trainable = True
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(tmp_path, model=model, epochs=1)

    first, second = (record for record in told(tmp_path / "layerscope", "norms"))
    assert first.step.tolist() + second.step.tolist() == list(range(40))
    assert np.isnan(first.value[1:, :2]).all()
    assert np.isfinite(second.value).all()
    assert first.parameters != second.parameters


def test_a_batch_that_is_trained_between_two_epochs_is_no_step_and_costs_none(tmp_path: Path) -> None:
    norms: list[float] = []

    class TrainsToo(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            norms.append(float(np.square(self.model.weights[0].numpy()).sum()))

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            if epoch < 2:
                self.model.train_on_batch(digits().x[:8], digits().y[:8])

    fit(tmp_path, callbacks=[TrainsToo()])
    told_norms = told(tmp_path / "layerscope", "norms")
    assert joined(told_norms, "step").tolist() == list(range(60))
    np.testing.assert_allclose(joined(told_norms, "value")[0, 0, [0, 20, 40]], norms, rtol=1e-5)


@pytest.mark.filterwarnings("ignore:The model does not have any trainable weights")
def test_a_model_of_which_nothing_is_trained_tells_of_its_weights(tmp_path: Path) -> None:
    model = sequential()
    model.trainable = False
    model.compile("sgd", "sparse_categorical_crossentropy")
    fit(tmp_path, model=model, epochs=1)
    (start,) = told(tmp_path / "layerscope", "start")
    assert start.step.tolist() == list(range(20))
    assert np.isfinite(start.value[0]).all()
    assert np.isnan(start.value[1]).all()


def test_two_callbacks_on_one_fit_leave_nothing_behind(tmp_path: Path) -> None:
    model = fit(tmp_path / "a", epochs=1, callbacks=[Layerscope(tmp_path / "b")])
    assert not {"train_step", "compute_loss"} & set(vars(model))
    assert "apply" not in vars(model.optimizer)
    (one,), (other,) = (told(tmp_path / folder / "layerscope", "start") for folder in "ab")
    np.testing.assert_array_equal(one.value, other.value)


def test_without_gradients_the_train_function_is_left_alone(tmp_path: Path) -> None:
    functions: list[Any] = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            functions.append(("train_step" in vars(self.model), "apply" in vars(self.model.optimizer)))

    fit(tmp_path / "without", epochs=1, callbacks=[Look()], gradients=False)
    assert set(functions) == {(False, False)}
    assert not told(tmp_path / "without" / "layerscope", "norms")
    assert points(tmp_path / "without" / "layerscope")["learning_rate"]

    functions.clear()
    fit(tmp_path / "with", epochs=1, callbacks=[Look()])
    assert set(functions) == {(True, True)}
    with pytest.raises(TypeError, match="gradients must be True or False"):
        Layerscope(tmp_path, gradients="yes")  # type: ignore[arg-type]


def test_an_interrupted_fit_leaves_nothing_behind_and_loses_nothing_told(tmp_path: Path) -> None:
    class Interrupts(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            if batch == 7:
                raise KeyboardInterrupt

    model = sequential()
    model.compile("sgd", "sparse_categorical_crossentropy")
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path / "a", model=model, epochs=1, callbacks=[Interrupts()])
    fit(tmp_path / "b", model=model, epochs=1)

    assert "train_step" not in vars(model)
    assert "apply" not in vars(model.optimizer)
    assert joined(told(tmp_path / "a" / "layerscope", "norms"), "step").tolist() == list(range(8))
    assert joined(told(tmp_path / "b" / "layerscope", "norms"), "step").tolist() == list(range(8, 28))


@pytest.mark.filterwarnings("ignore:__array__ implementation")  # Keras', of what it saves
def test_a_model_that_is_saved_and_loaded_while_it_is_captured(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    model = fit(tmp_path, epochs=1, callbacks=[keras.callbacks.ModelCheckpoint(path)])
    again = keras.models.load_model(path)
    for one, other in zip(model.weights, again.weights, strict=True):
        np.testing.assert_array_equal(one.numpy(), other.numpy())
    assert "apply" not in vars(again.optimizer)


def test_a_failure_while_the_step_is_traced_is_one_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    from writers.frameworks.keras.capture import optimizer_capture

    def fails(*_: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr(optimizer_capture, "moments", fails)
    fit(tmp_path, epochs=1)
    assert [record.getMessage() for record in caplog.records if record.levelname == "WARNING"] == [
        "Layerscope could not log gradients and weights: RuntimeError: a bug. Training goes on without it."
    ]


@pytest.mark.parametrize("executions", [1, 4])
def test_scalars_stand_at_the_time_at_which_their_step_was_made(tmp_path: Path, executions: int) -> None:
    ends: list[float] = [time.time()]
    pauses: list[float] = []

    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
            ends.append(time.time())
            time.sleep(0.002)

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            time.sleep(0.3)
            pauses.append(time.time())

    model = sequential()
    model.compile("adam", "sparse_categorical_crossentropy", steps_per_execution=executions)
    fit(tmp_path, model=model, callbacks=[Look()])
    made = wall_times(tmp_path / "layerscope", "gradient_norm")

    assert list(made) == list(range(60))
    # Of several in one execution the last; those before it lie between.
    for step in range(executions - 1, 60, executions):
        assert ends[step // executions] <= made[step] <= ends[step // executions + 1]
    # What lies between two epochs, as an evaluation does, is no part of the steps after it.
    per_epoch = 60 // len(pauses)
    assert all(made[step] >= pauses[step // per_epoch - 1] for step in range(per_epoch, 60))
    assert list(made.values()) == sorted(made.values())


def wall_times(run: Path, tag: str) -> dict[int, float]:
    reader = event_accumulator.EventAccumulator(str(run), size_guidance={event_accumulator.TENSORS: 0})
    reader.Reload()
    return {event.step: event.wall_time for event in reader.Tensors(tag)}
