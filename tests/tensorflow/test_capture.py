"""What is told of each step, against an independent loop: a tape's own gradients, weights before, weights after."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from layerscope import MemorySink
from layerscope.tensorflow import watch
from tb_plugin.schema.tensor_stats import STATISTICS
from tests.keras.test_capture import Step
from tests.tensorflow.trainings import STEPS, WAYS, Adversaries, Array, Training, batch, half, loss_of, noisy, nothing
from tests.torch.logged import Logged
from writers import tensor_stats


def by_hand(training: Training) -> list[Step]:
    """Trains with a tape, in a plain loop."""
    model, optimizer, seen = training.model, training.optimizer, []
    for i in range(STEPS):
        x, y = batch(i)
        with tf.GradientTape() as tape:
            loss = loss_of(model, x, y)
            scaled = optimizer.scale_loss(loss)
        variables = training.variables(model)
        before = [weight.numpy() for weight in model.weights]  # those that the forward pass moves have moved
        rate = float(tf.convert_to_tensor(optimizer.learning_rate))
        gradients = tape.gradient(scaled, [variable.value for variable in variables])
        factor = float(scaled) / float(loss)
        of = {id(v): tf.convert_to_tensor(g).numpy() / factor for v, g in zip(variables, gradients, strict=True) if g is not None}
        optimizer.apply(gradients, variables)
        seen.append(Step(before, [of.get(id(w)) for w in model.weights], [w.numpy() for w in model.weights], float(loss), rate))
    return seen


def made(name: str) -> Training:
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(3)
    return WAYS[name][0]()


def state(training: Training) -> list[Array]:
    return [variable.numpy() for variable in [*training.model.variables, *training.optimizer.variables]]


@pytest.mark.filterwarnings("ignore:Gradients do not exist")
@pytest.mark.parametrize("name", WAYS)
def test_steps_are_told_as_an_independent_loop_sees_them_and_the_training_stays_the_same(name: str) -> None:
    drive = WAYS[name][1]
    training, sink = made(name), MemorySink()
    with watch(training.model, training.optimizer, to=sink) as run:
        drive(training, STEPS, run.loss)
        assert run.step == STEPS
    assert "apply" not in vars(training.optimizer)
    alone = made(name)
    drive(alone, STEPS, nothing)
    for with_it, without in zip(state(training), state(alone), strict=True):
        np.testing.assert_array_equal(with_it, without)

    logged, other = Logged(sink), made(name)
    assert logged.start("step").tolist() == list(range(STEPS))
    assert_told(logged, by_hand(other), other)


@pytest.mark.parametrize("reads", [False, True])
def test_a_gradient_is_rounded_as_where_nobody_looks(reads: bool) -> None:
    """TensorFlow reorders what comes of gradients that nobody else reads: here a user who reads them has other bits."""

    def trained(is_watched: bool) -> list[Array]:
        keras.utils.clear_session(free_memory=False)
        keras.utils.set_random_seed(3)
        training, norm = Training(noisy(), keras.optimizers.SGD(0.1)), tf.Variable(0.0)

        def step(x: Any, y: Any) -> None:
            with tf.GradientTape() as tape:
                loss = loss_of(training.model, x, y)
            gradients = tape.gradient(loss, training.model.trainable_variables)
            if reads:
                norm.assign(tf.linalg.global_norm(gradients))
            training.optimizer.apply_gradients(zip(gradients, training.model.trainable_variables, strict=True))

        function = tf.function(step)
        run = watch(training.model, training.optimizer, to=MemorySink()) if is_watched else None
        for i in range(STEPS):
            function(*batch(i))
        if run is not None:
            run.close()
        return state(training)

    for ours, theirs in zip(trained(is_watched=True), trained(is_watched=False), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def assert_told(logged: Logged, seen: list[Step], training: Training) -> None:
    """Each number of each step is that of NumPy on the arrays of the other loop."""
    np.testing.assert_allclose(logged.start("loss"), [step.loss for step in seen], rtol=training.rtol)
    np.testing.assert_allclose(logged.start("learning_rate"), [[step.rate for step in seen]], rtol=1e-6)
    assert not logged.start("skipped").any()
    told = logged.start("value")
    for i, step in enumerate(seen):
        for row, (before, gradient, after) in enumerate(zip(*step[:3], strict=True)):
            has_update = gradient is not None and training.is_applied(i)
            one = tensor_stats.of(i, weights={"w": before}, gradients={"w": gradient}, updated={"w": after} if has_update else {}).value[:, 0, 0]
            for of, extremes in (("weight", ("min", "max")), ("gradient", ("min", "max")), ("update", ("max_abs",))):
                places = [j for j, statistic in enumerate(STATISTICS) if statistic.startswith(of)]
                spread = np.nanmax(np.abs([0, *(one[STATISTICS.index(f"{of}_{name}")] for name in extremes)]))
                np.testing.assert_allclose(told[places, row, i], one[places], rtol=training.rtol, atol=training.rtol * spread * before.size, err_msg=of)


@pytest.mark.parametrize("is_traced", [False, True])
def test_of_two_optimizers_a_step_ends_when_one_is_applied_again(is_traced: bool) -> None:
    gan, sink = Adversaries(), MemorySink()
    step = tf.function(gan.step) if is_traced else gan.step
    changes, losses = [], []
    with watch(gan.model, gan.optimizers, to=sink) as run:
        for i in range(6):
            before = [weight.numpy() for weight in gan.model.weights]
            losses.append(float(step(batch(i)[0], tf.constant(i % 2 == 1))))
            run.loss(losses[-1])
            changes.append([weight.numpy() - one for weight, one in zip(gan.model.weights, before, strict=True)])
        assert run.step == 6

    logged = Logged(sink)
    assert logged.start("step").tolist() == list(range(6))
    np.testing.assert_allclose(logged.start("loss"), losses, rtol=1e-6)
    np.testing.assert_allclose(logged.start("learning_rate"), [[0.01] * 6, [np.nan, 0.1] * 3], rtol=1e-6)
    assert logged.stats("norms")[0].groups == ("judge", "maker")
    wanted = np.array([[(each.astype(np.float64) ** 2).sum() for each in change] for change in changes]).T
    is_of_maker = np.array([any(weight is own for own in gan.maker.weights) for weight in gan.model.weights])
    wanted[is_of_maker, ::2] = np.nan
    np.testing.assert_allclose(logged.statistic("update_sum_squares"), wanted, rtol=1e-3)


def test_steps_that_loss_scaling_skips_say_so() -> None:
    training, sink = half(2.0**15, dynamic_growth_steps=3), MemorySink()
    step = tf.function(training.step)
    with watch(training.model, training.optimizer, to=sink):
        for i in range(14):
            step(*batch(i))
    logged = Logged(sink)
    skipped, scale = logged.start("skipped"), logged.start("loss_scale")
    assert skipped.any()
    assert not skipped.all()
    assert (scale[1:] < scale[:-1]).tolist() == skipped[:-1].tolist()
    assert np.isnan(logged.statistic("update_sum_squares")[:, skipped]).all()
    assert np.isfinite(logged.statistic("update_sum_squares")[:, ~skipped]).all()
    assert (logged.statistic("gradient_non_finite")[:, skipped].sum(axis=0) > 0).all()
