"""Which steps are counted and told: losses, rates, clipping, loss scaling, several optimizers, and where a training begins and ends."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from layerscope import MemorySink
from layerscope.torch import watch
from tb_plugin.schema.training_facts import TrainingFacts
from tests.torch.logged import Logged
from tests.torch.trainings import Training, accumulated, adam, batch, clip_norm, plain, scaled
from writers.statistics_schedule import StatisticsSchedule


def trained(training: Training, count: int, **how: Any) -> Logged:
    sink = MemorySink()
    with watch(training.model, training.optimizers, to=sink, loss_scaler=training.scaler, **how):
        for i in range(count):
            training.step(i)
    return Logged(sink)


def test_clipping_is_told_beside_the_norm_before_it() -> None:
    logged = trained(plain(clip=clip_norm), 8)
    norm = np.array([logged.scalars["gradient_norm"][i] for i in range(8)])

    assert (norm > 0.05).all()
    np.testing.assert_allclose(logged.start("clip_factor"), 0.05 / norm, rtol=1e-4)
    np.testing.assert_array_equal(trained(plain(), 8).start("clip_factor"), 1)


@pytest.mark.parametrize("change", [1.5, 1.0, 0.5])
def test_gradients_that_are_enlarged_by_hand_have_no_clip_factor(change: float) -> None:
    training, sink = plain(clip=lambda parameters: [p.grad.mul_(change) for p in parameters if p.grad is not None]), MemorySink()
    with watch(training.model, training.optimizers, to=sink):
        for i in range(3):
            training.step(i)
    np.testing.assert_allclose(Logged(sink).start("clip_factor"), change if change <= 1 else np.nan, rtol=1e-5)


@pytest.mark.parametrize("how", ["one pass", "two passes", "accumulated", "search", "by name", "passed before"])
def test_what_a_closure_clips_is_told_as_of_its_first_evaluation(how: str) -> None:
    """As Lightning calls every optimizer: a batch's loss, its backward pass and the clipping are in the closure."""
    model = nn.Linear(6, 4)
    optimizer: Any = torch.optim.LBFGS(model.parameters(), 0.1, max_iter=3) if how == "search" else torch.optim.Adam(model.parameters(), 0.1)
    sink, wanted, norms = MemorySink(), list[float](), list[float]()

    def loss_of(i: int) -> Tensor:
        return nn.functional.cross_entropy(model(batch(i)[0]), batch(i)[1])

    def evaluated(i: int) -> Tensor:
        if how != "accumulated" or i % 2 == 0:
            optimizer.zero_grad()
        loss = loss_of(i)
        loss.backward(retain_graph=True)
        if how == "two passes":
            (0.5 * loss).backward()
        if how != "accumulated" or i % 2:
            norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), 0.05)))
        return loss

    with watch(model, optimizer, to=sink):
        for i in range(4):
            evaluations = len(norms)
            if how == "accumulated" and i % 2 == 0:
                evaluated(i)
                continue
            if how == "passed before":
                loss = evaluated(i)
                returned = optimizer.step(lambda loss=loss: loss)
            elif how == "by name":
                returned = optimizer.step(closure=lambda i=i: evaluated(i))
            else:
                returned = optimizer.step(lambda i=i: evaluated(i))
            assert isinstance(returned, Tensor)
            wanted.append(norms[evaluations])
    logged = Logged(sink)

    np.testing.assert_allclose(np.sqrt(logged.statistic("gradient_sum_squares").sum(0)), wanted, rtol=1e-5)
    np.testing.assert_allclose(logged.start("clip_factor"), 0.05 / np.array(wanted), rtol=1e-4)


def test_a_closure_that_fails_is_the_users() -> None:
    training = plain()

    def closure() -> Tensor:
        raise ZeroDivisionError

    with watch(training.model, training.optimizers, to=MemorySink()) as run:
        with pytest.raises(ZeroDivisionError):
            training.optimizers.step(closure)
        training.step(0)
        assert run.step == 2  # an optimizer was called


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("clip", [False, True])
def test_a_step_that_loss_scaling_leaves_out_is_told_and_counted(fused: bool, clip: bool) -> None:
    logged = trained(scaled(adam(fused=fused), clip=clip, overflow=[2, 5]), 8)

    assert logged.start("step").tolist() == list(range(8))
    was_skipped = logged.start("skipped").astype(bool)
    assert was_skipped.tolist() == [i in (2, 5) for i in range(8)]
    assert (np.nan_to_num(logged.statistic("gradient_non_finite")).sum(0) > 0).tolist() == was_skipped.tolist()
    assert np.isnan(logged.statistic("update_sum_squares")[:, was_skipped]).all()
    assert np.isfinite(logged.statistic("update_sum_squares")[0, ~was_skipped]).all()
    assert np.isnan(logged.scalars["gradient_norm"][2])
    scales = [1024.0, 1024.0, 1024.0, 512.0, 512.0, 512.0, 256.0, 256.0]
    assert logged.start("loss_scale").tolist() == scales


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("overflows", ["a", "b"])
def test_an_optimizer_that_is_left_out_takes_only_its_own_updates_along(fused: bool, overflows: str) -> None:
    model = nn.ModuleDict({"a": nn.Linear(6, 4), "b": nn.Linear(6, 4)})
    optimizers = {name: torch.optim.Adam(part.parameters(), 0.01, fused=fused) for name, part in model.items()}
    scaler, sink = torch.amp.GradScaler("cpu", init_scale=4.0), MemorySink()
    changes = []
    with watch(model, optimizers, to=sink, loss_scaler=scaler):
        for i in range(3):
            before = [p.detach().clone() for p in model.parameters()]
            for name, optimizer in optimizers.items():
                optimizer.zero_grad()
                x, y = batch(i)
                loss = nn.functional.cross_entropy(model[name](x), y) * (float("inf") if (name, i) == (overflows, 1) else 1.0)
                scaler.scale(loss).backward()
                scaler.step(optimizer)
            scaler.update()
            changes.append([float((p.detach() - was).square().sum()) for p, was in zip(model.parameters(), before, strict=True)])
    logged = Logged(sink)
    wanted = np.array(changes).T
    was_left_out = np.array([[parameter.path.startswith(overflows) and i == 1 for i in range(3)] for parameter in logged.parameters.parameters])
    wanted[was_left_out] = np.nan

    assert logged.start("skipped").tolist() == [False, True, False]
    np.testing.assert_allclose(logged.statistic("update_sum_squares"), wanted, rtol=1e-5)


@pytest.mark.parametrize("is_told", [False, True])
@pytest.mark.parametrize("unscales", [False, True])
def test_each_optimizer_may_have_its_own_scaler_or_none(is_told: bool, unscales: bool) -> None:
    """As GANs are often trained; the third is applied without one."""
    model = nn.ModuleDict({name: nn.Linear(6, 4) for name in "abc"})
    optimizers = {name: torch.optim.SGD(part.parameters(), 0.01) for name, part in model.items()}
    scalers = {"a": torch.amp.GradScaler("cpu", init_scale=4.0), "b": torch.amp.GradScaler("cpu", init_scale=64.0)}
    sink, wanted = MemorySink(), []
    with watch(model, optimizers, to=sink, loss_scaler=scalers["a"] if is_told else None):
        for i in range(4):
            for name, optimizer in optimizers.items():
                optimizer.zero_grad()
                x, y = batch(i)
                loss = nn.functional.cross_entropy(model[name](x), y)
                wanted += [float(g.square().sum()) for g in torch.autograd.grad(loss, list(model[name].parameters()), retain_graph=True)]
                if name == "b" and i == 2:
                    loss = loss * float("inf")
                if name not in scalers:
                    loss.backward()
                    optimizer.step()
                    continue
                scalers[name].scale(loss).backward()
                if unscales:
                    scalers[name].unscale_(optimizer)
                scalers[name].step(optimizer)
                scalers[name].update()
    logged = Logged(sink)

    squares = np.array(wanted).reshape(4, 6).T
    was_left_out = np.zeros((6, 4), bool)
    was_left_out[2:4, 2] = True
    np.testing.assert_allclose(logged.statistic("gradient_sum_squares")[~was_left_out], squares[~was_left_out], rtol=1e-5)
    assert np.isnan(logged.statistic("update_sum_squares")).tolist() == was_left_out.tolist()
    assert logged.start("skipped").tolist() == [False, False, True, False]
    assert logged.start("loss_scale").tolist() == [4.0] * 4  # of the first that is applied with one
    np.testing.assert_array_equal(logged.start("clip_factor")[[0, 1, 3]], 1)


def test_a_scaler_that_only_unscales_is_seen_when_it_is_told_of() -> None:
    training, sink, scaler = plain(), MemorySink(), torch.amp.GradScaler("cpu", init_scale=8.0)
    wanted = []
    with watch(training.model, training.optimizers, to=sink, loss_scaler=scaler):
        for i in range(3):
            training.optimizers.zero_grad()
            scaler.scale(training.loss(training.model, i)).backward()
            scaler.unscale_(training.optimizers)
            wanted.append(sum(float(p.grad.square().sum()) for p in training.model.parameters() if p.grad is not None))
            training.optimizers.step()
            scaler.update()
    logged = Logged(sink)

    np.testing.assert_allclose(np.nansum(logged.statistic("gradient_sum_squares"), axis=0), wanted, rtol=1e-5)
    np.testing.assert_array_equal(logged.start("loss_scale"), 8)
    np.testing.assert_array_equal(logged.start("clip_factor"), 1)


def test_a_scaler_that_is_not_told_of_is_found() -> None:
    logged = trained(scaled(adam(), is_told=False, overflow=[4]), 6)

    assert logged.start("loss_scale").tolist() == [1024, 1024, 1024, 2048, 2048, 1024]
    assert logged.start("skipped").astype(bool).tolist() == [False, False, False, False, True, False]


@pytest.mark.parametrize("is_before", [True, False])
def test_a_loss_belongs_to_its_step_whether_it_is_given_before_or_after(is_before: bool) -> None:
    training, sink, losses = plain(), MemorySink(), []
    with watch(training.model, training.optimizers, to=sink) as run:
        for i in range(120):
            loss = training.loss(training.model, i)
            losses.append(float(loss.detach()))
            if is_before:
                run.loss(loss)
            training.step(i)
            if not is_before:
                run.loss(loss)
    logged = Logged(sink)

    np.testing.assert_allclose(logged.start("loss"), losses[:100], rtol=1e-6)
    norms = logged.stats("norms")
    steps, told = np.concatenate([one.step for one in norms]), np.concatenate([one.loss for one in norms])
    assert set(steps.tolist()) >= {*range(100), 100, 110}
    np.testing.assert_allclose(told, np.array(losses)[steps], rtol=1e-6)
    assert logged.scalars["loss"][100] == pytest.approx(losses[100])


def test_a_loss_is_what_it_was_when_it_was_given_whatever_becomes_of_it() -> None:
    """A sum over batches is often begun with `loss.detach()` and added to in place; CUDA graphs write the next one over it."""
    training, sink, losses = plain(), MemorySink(), []
    with watch(training.model, training.optimizers, to=sink) as run:
        for i in range(3):
            training.step(i)
            loss = training.loss(training.model, i)
            run.loss(loss)
            losses.append(float(loss.detach()))
            loss.detach().mul_(0)
    np.testing.assert_allclose(Logged(sink).start("loss"), losses, rtol=1e-6)


@pytest.mark.parametrize("reentrant", [False, True])
def test_gradients_are_told_before_clipping_also_after_a_backward_pass_that_failed(reentrant: bool) -> None:
    """As where a loop goes on after a batch that did not fit into memory."""
    model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    sink, norms = MemorySink(), []
    failing: Any = _Failing.apply
    with watch(model, optimizer, to=sink) as run:
        for i in range(6):
            optimizer.zero_grad()
            hidden = model[0](batch(i)[0])
            hidden = failing(hidden) if i in (1, 3) else hidden
            loss = (checkpoint(model[1:], hidden, use_reentrant=True) if reentrant else model[1:](hidden)).square().mean()
            if i in (1, 3):
                with pytest.raises(MemoryError):
                    loss.backward()
                continue
            loss.backward()
            norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), 0.01)))
            optimizer.step()
        assert run.step == 4
    logged = Logged(sink)

    np.testing.assert_allclose(np.sqrt(logged.statistic("gradient_sum_squares").sum(0)), norms, rtol=1e-5)
    np.testing.assert_allclose(logged.start("clip_factor"), 0.01 / np.array(norms), rtol=1e-4)


class _Failing(torch.autograd.Function):
    @staticmethod
    def forward(context: Any, x: Tensor) -> Tensor:
        return x.clone()

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> Tensor:
        raise MemoryError


def test_losses_of_the_parts_of_a_step_are_told_as_their_mean() -> None:
    training, sink = accumulated(), MemorySink()
    with watch(training.model, training.optimizers, to=sink) as run:
        for i in range(3):
            for part in range(4):
                run.loss(float(10 * i + part))
            training.step(i)

    assert Logged(sink).start("loss").tolist() == [1.5, 11.5, 21.5]


def test_a_loss_that_is_not_finite_is_told_and_one_that_was_not_given_is_not() -> None:
    training, sink = plain(), MemorySink()
    with watch(training.model, training.optimizers, to=sink) as run:
        for i in range(3):
            training.step(i)
            if i != 1:
                run.loss(torch.tensor(float("nan")))

    assert list(Logged(sink).scalars["loss"]) == [0, 2]


def test_the_rate_told_is_the_one_that_the_step_used() -> None:
    model = nn.Sequential(nn.Linear(6, 4), nn.Linear(4, 4))
    groups: list[dict[str, Any]] = [{"params": model[0].parameters(), "name": "early", "lr": 0.5}, {"params": model[1].parameters(), "name": "late"}]
    optimizer = torch.optim.SGD(groups, lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, 0.1)
    sink = MemorySink()
    with watch(model, optimizer, to=sink):
        for i in range(4):
            x, y = batch(i)
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
            scheduler.step()
    logged = Logged(sink)

    np.testing.assert_allclose(list(logged.scalars["learning_rate/early"].values()), [0.5, 0.5, 0.05, 0.05])
    np.testing.assert_allclose(list(logged.scalars["learning_rate/late"].values()), [0.1, 0.1, 0.01, 0.01], rtol=1e-6)


@pytest.mark.parametrize("critic_steps", [1, 3])
def test_several_optimizers_make_one_step_together(critic_steps: int) -> None:
    """A step ends when an optimizer is applied that was applied in it; gradients that spill over are not those it was handed."""
    maker, critic = nn.Linear(3, 6), nn.Linear(6, 1)
    model = nn.ModuleDict({"g": maker, "d": critic})
    optimizers = {"critic": torch.optim.SGD(critic.parameters(), 0.1), "maker": torch.optim.SGD(maker.parameters(), 0.2)}
    sink, wanted = MemorySink(), []
    with watch(model, optimizers, to=sink) as run:
        for i in range(4):
            for k in range(critic_steps):
                noise = torch.randn(8, 3, generator=torch.Generator().manual_seed(10 * i + k))
                optimizers["critic"].zero_grad()
                loss = critic(maker(noise).detach()).square().mean()
                wanted.append(float(torch.autograd.grad(loss, critic.weight, retain_graph=True)[0].square().sum()))
                loss.backward()
                optimizers["critic"].step()
            optimizers["maker"].zero_grad()
            critic(maker(noise)).sum().backward()
            optimizers["maker"].step()
        assert run.step == 4 * critic_steps
    logged = Logged(sink)
    paths = [parameter.path for parameter in logged.parameters.parameters]

    assert logged.start("step").tolist() == list(range(4 * critic_steps))
    np.testing.assert_allclose(logged.statistic("gradient_sum_squares")[paths.index("d/weight")], wanted, rtol=1e-5)
    is_maker = [(i + 1) % critic_steps == 0 for i in range(4 * critic_steps)]
    assert np.isfinite(logged.statistic("gradient_sum_squares")[paths.index("g/weight")]).tolist() == is_maker
    assert np.isfinite(logged.statistic("update_sum_squares")[paths.index("g/weight")]).tolist() == is_maker
    assert logged.stats("start")[0].groups == ("critic", "maker")
    np.testing.assert_allclose(logged.start("learning_rate")[0], 0.1)
    assert list(logged.scalars["learning_rate/maker"]) == [i for i, made in enumerate(is_maker) if made]


def test_steps_go_on_where_they_were() -> None:
    training = plain(optimizer=adam())
    for i in range(3):
        training.step(i)
    assert trained(training, 2).start("step").tolist() == [3, 4]
    assert trained(training, 2).start("step").tolist() == [5, 6]
    assert trained(training, 2, initial_step=50).start("step").tolist() == [50, 51]


def test_what_is_known_before_the_first_step_is_told() -> None:
    logged = trained(plain(optimizer=adam(), clip=clip_norm), 1, steps=500, hyperparameters={"augmentation": "flip"})
    (facts,) = logged.payloads["training_facts"]
    assert isinstance(facts, TrainingFacts)

    assert (facts.framework, facts.optimizer, facts.optimizer_config["lr"]) == ("torch", "Adam", 0.01)
    assert facts.schedule["tensor_stats"].startswith("the first 100 steps, then each 10th")
    assert "before clipping" in facts.schedule["gradients"]
    assert facts.hyperparameters == {"augmentation": "flip"}
    (spread,) = trained(plain(nn.DataParallel(nn.Linear(6, 4))), 1).payloads["training_facts"]
    assert isinstance(spread, TrainingFacts)
    assert "after clipping" in spread.schedule["gradients"]


@pytest.mark.parametrize(("steps", "length"), [(700, 700), (777, None), (405, 2000)])
def test_how_a_training_ends_is_known(steps: int, length: int | None) -> None:
    """Where its length is known the last step is told; else one is that is less than a 16th of the way to the next."""
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), 0.01)
    sink = MemorySink()
    with watch(model, optimizer, to=sink, steps=length):
        for _ in range(steps):
            model(torch.ones(1, 2)).sum().backward()
            optimizer.step()
    told = np.concatenate([one.step for one in Logged(sink).stats("norms")])
    schedule = StatisticsSchedule(4e6, 2, length)

    due = [step for step in range(steps) if schedule.is_due(step)]
    assert told[: len(due)].tolist() == due
    assert len(told) - len(due) <= 1
    assert steps - 1 - told[-1] <= (0 if length == steps else 10)


def test_scalars_stand_at_the_time_at_which_their_step_was_made() -> None:
    sink, training, spans = MemorySink(), plain(), []
    with watch(training.model, training.optimizers, to=sink) as run:
        for i in range(80):
            began = time.time()
            time.sleep(0.002)
            training.step(i)
            spans.append((began, time.time()))
        run.flush()
    made = {(value.tag, event.step): event.wall_time for event in sink.events for value in event.summary.value}

    for step, (began, ended) in enumerate(spans):
        assert began <= made["gradient_norm", step] <= ended
