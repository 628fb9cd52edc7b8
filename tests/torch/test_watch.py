"""A watched training is the user's still: nothing of ours stays, stops it, grows, or waits for the device."""

from __future__ import annotations

import copy
import gc
import io
import logging
import os
import pickle
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.tensorboard import SummaryWriter

from layerscope import MemorySink, RunWriter, confusion_matrix
from layerscope.torch import watch
from tb_plugin.schema.structure import Structure
from tests.torch.logged import Logged
from tests.torch.trainings import TRAININGS, Net, Training, accumulated, adam, batch, plain, scaled
from writers.statistics_packer import STEPS_A_RECORD


def hooks(training: Training) -> list[Any]:
    """All that a watch may have left behind."""
    model, optimizer = training.model, training.optimizers
    of_modules = [[*m._forward_hooks, *m._forward_pre_hooks, *m._backward_hooks] for m in model.modules()]
    of_parameters = [list(p._post_accumulate_grad_hooks or []) for p in model.parameters()]
    of_optimizer = [*optimizer._optimizer_step_pre_hooks, *optimizer._optimizer_step_post_hooks]
    return [*of_modules, *of_parameters, of_optimizer, *([sorted(vars(training.scaler))] if training.scaler else [])]


@pytest.mark.parametrize("name", ["plain", "scaled", "compiled"])
def test_closing_leaves_the_model_and_its_optimizer_as_they_were(name: str) -> None:
    training = TRAININGS[name]()
    before = hooks(training)
    run = watch(training.model, training.optimizers, to=MemorySink(), loss_scaler=training.scaler)
    assert hooks(training) != before
    for i in range(3):
        training.step(i)
    run.close()
    run.close()

    assert hooks(training) == before


def test_an_exception_of_the_loop_is_the_users_and_the_hooks_are_gone() -> None:
    training, sink = plain(), MemorySink()
    before = hooks(training)

    def train() -> None:
        with watch(training.model, training.optimizers, to=sink):
            training.step(0)
            training.step(1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        train()
    assert hooks(training) == before
    assert Logged(sink).start("step").tolist() == [0, 1]


def test_watching_again_ends_the_first() -> None:
    training, first, second = plain(), MemorySink(), MemorySink()
    before = hooks(training)
    watch(training.model, training.optimizers, to=first)
    training.step(0)
    with watch(training.model, training.optimizers, to=second):
        training.step(1)

    assert Logged(first).start("step").tolist() == [0]
    assert Logged(second).start("step").tolist() == [1]
    assert hooks(training) == before


@pytest.mark.parametrize("into", ["the same run", "the same directory", "another run"])
def test_a_model_that_goes_on_with_another_optimizer_counts_on(into: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As where layers are unfrozen, or a cell of a notebook is run again: the run before was not closed."""
    training, sink, second = plain(), MemorySink(), MemorySink()
    run = RunWriter(to=sink)
    where: dict[str, Any] = {"logdir": tmp_path} if into == "the same directory" else {"to": run}
    first = watch(training.model, training.optimizers, **where)
    for i in range(3):
        training.step(i)
    other = torch.optim.Adam(training.model.parameters(), 0.01)
    again = watch(training.model, other, **(where if into != "another run" else {"to": second}))
    assert again.step == 3
    for i in range(3, 5):
        other.zero_grad()
        training.loss(training.model, i).backward()
        other.step()
    again.close()
    first.close()
    run.close()
    watch(training.model, other, to=MemorySink()).close()
    assert watch(training.model, other, to=MemorySink()).step == 5

    if into == "the same run":
        assert Logged(sink).start("step").tolist() == [0, 1, 2, 3, 4]
        assert len(Logged(sink).payloads["training_facts"]) == 2
    elif into == "another run":
        assert Logged(sink).start("step").tolist() == [0, 1, 2]
        assert Logged(second).start("step").tolist() == [3, 4]
    assert not [record for record in caplog.records if record.name == "layerscope"]


def test_a_training_that_is_let_go_of_is_written() -> None:
    sink = MemorySink()

    def train() -> None:
        training = plain()
        watch(training.model, training.optimizers, to=sink)
        training.step(0)

    train()
    gc.collect()
    assert Logged(sink).start("step").tolist() == [0]


def test_copies_and_checkpoints_know_nothing_of_it() -> None:
    """Made at once, and in the midst of it: of a copy's hooks none does anything."""
    training = plain(optimizer=adam())
    sink = MemorySink()
    with watch(training.model, training.optimizers, to=sink):
        for i in range(2):
            copied = copy.deepcopy(training.model)
            copied(batch(0)[0]).sum().backward()
            restored = pickle.loads(pickle.dumps(training.model))
            restored(batch(0)[0])
            buffer = io.BytesIO()
            torch.save(training.model, buffer)
            pickle.dumps(training.optimizers)
            twin = torch.optim.Adam(copied.parameters(), 0.01)
            twin.load_state_dict(training.optimizers.state_dict())
            twin.step()
            assert not any(p._post_accumulate_grad_hooks for p in copied.parameters())
            training.step(i)
        assert training.model.state_dict().keys() == Net().state_dict().keys()
    assert Logged(sink).start("step").tolist() == [0, 1]


COPIES: dict[str, Any] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda it: pickle.loads(pickle.dumps(it)),
    "torch.save": lambda it: _loaded(it),
}


def _loaded(it: Any) -> Any:
    buffer = io.BytesIO()
    torch.save(it, buffer)
    buffer.seek(0)
    return torch.load(buffer, weights_only=False)


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_of_a_scaler_steps_for_itself(how: str) -> None:
    training, sink = scaled(adam()), MemorySink()
    with watch(training.model, training.optimizers, to=sink, loss_scaler=training.scaler) as run:
        for i in range(2):
            copied = COPIES[how](training.scaler)
            assert copied.state_dict() == training.scaler.state_dict()
            assert vars(copied).keys() == vars(torch.amp.GradScaler("cpu")).keys()
            other = plain()
            copied.scale(other.loss(other.model, 0)).backward()
            before = other.model.get_parameter("head.bias").detach().clone()
            copied.step(other.optimizers)
            copied.update()
            assert not torch.equal(before, other.model.get_parameter("head.bias"))
            assert run.step == i
            training.step(i)
    assert vars(training.scaler).keys() == vars(torch.amp.GradScaler("cpu")).keys()
    assert Logged(sink).start("loss_scale").tolist() == [1024, 1024]


@pytest.mark.parametrize("is_first_closed_first", [True, False])
def test_two_trainings_with_one_scaler_leave_nothing_on_it(is_first_closed_first: bool) -> None:
    scaler, before = torch.amp.GradScaler("cpu", init_scale=4.0), vars(torch.amp.GradScaler("cpu")).keys()
    trainings, sinks = [plain(), plain()], [MemorySink(), MemorySink()]
    runs = [watch(training.model, training.optimizers, to=sink, loss_scaler=scaler) for training, sink in zip(trainings, sinks, strict=True)]
    for i in range(3):
        for number, training in enumerate(trainings):
            training.optimizers.zero_grad()
            scaler.scale(training.loss(training.model, i) * (float("inf") if i == 1 and number == 0 else 1.0)).backward()
            scaler.step(training.optimizers)
        scaler.update()
    for run in runs if is_first_closed_first else runs[::-1]:
        assert vars(copy.deepcopy(scaler)).keys() == before
        run.close()
    assert vars(scaler).keys() == before
    assert [Logged(sink).start("skipped").tolist() for sink in sinks] == [[False, True, False], [False] * 3]


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_of_a_model_an_optimizer_or_a_schedule_is_not_watched(how: str) -> None:
    """Made before the first batch, between steps, and between a backward pass and its step."""
    training, sink = plain(optimizer=adam()), MemorySink()
    schedule = torch.optim.lr_scheduler.StepLR(training.optimizers, 1, 0.5)
    with watch(training.model, training.optimizers, to=sink) as run:
        for i in range(3):
            training.optimizers.zero_grad()
            training.loss(training.model, i).backward()
            model, optimizer = COPIES[how]((training.model, training.optimizers)) if how != "copy" else (training.model, copy.copy(training.optimizers))
            assert not optimizer._optimizer_step_pre_hooks
            assert not optimizer._optimizer_step_post_hooks
            if how != "copy":  # else its parameters are those that are watched
                training.loss(model, 0).backward()
                optimizer.step()
                assert not any(p._post_accumulate_grad_hooks for p in model.parameters())
            twin = COPIES[how](schedule)
            assert twin.get_last_lr() == schedule.get_last_lr()
            assert run.step == i
            training.optimizers.step()
            schedule.step()
    assert Logged(sink).start("step").tolist() == [0, 1, 2]
    np.testing.assert_array_equal(Logged(sink).start("clip_factor"), 1)


def test_a_checkpoint_of_a_whole_model_names_nothing_of_ours() -> None:
    """It may be read where Layerscope is not installed, also one that was saved before the first batch."""
    training = plain()
    with watch(training.model, training.optimizers, to=MemorySink()):
        for it in (training.model, copy.deepcopy(training.model)):
            assert it._forward_hooks
            assert not re.search(rb"writers|layerscope|tb_plugin", pickle.dumps(it))
            restored = pickle.loads(pickle.dumps(it))
            torch.testing.assert_close(restored.eval()(batch(0)[0]), it.eval()(batch(0)[0]))


@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")
@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_a_model_may_be_traced_before_its_first_batch(tmp_path: Path) -> None:
    """As TensorBoard's own graph is made; that is no batch of the training."""
    training, sink = plain(nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))), MemorySink()
    with watch(training.model, training.optimizers, to=sink), SummaryWriter(str(tmp_path)) as writer:
        writer.add_graph(training.model, torch.zeros(3, 6))
        traced: Any = torch.jit.trace(training.model, torch.zeros(3, 6))
        assert torch.equal(traced(batch(0)[0]), training.model(batch(0)[0]))
        training.step(0)
    (structure,) = Logged(sink).payloads["structure"]
    assert isinstance(structure, Structure)
    assert not structure.notes


class _Counted(TorchFunctionMode):
    """Counts what waits for a device, or copies from it."""

    waits: list[str]

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = getattr(func, "__name__", "")
        if name in ("item", "tolist", "cpu", "__bool__", "__float__", "__int__", "__index__", "nonzero", "__array__"):
            self.waits.append(name)
        return func(*args, **(kwargs or {}))


class _Dispatched(TorchDispatchMode):
    """Counts the same below Python."""

    waits = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self.waits += func in (torch.ops.aten._local_scalar_dense.default, torch.ops.aten.is_nonzero.default, torch.ops.aten.equal.default)
        return func(*args, **(kwargs or {}))


def test_there_is_one_copy_a_drain_and_no_other_wait_for_the_device() -> None:
    training, sink = plain(optimizer=lambda p: torch.optim.SGD(p, 0.1, foreach=True)), MemorySink()
    made: Any = _Dispatched
    counted, dispatched = _Counted(), made()
    counted.waits = []
    with counted, dispatched, watch(training.model, training.optimizers, to=sink, weights=False) as run:
        for i in range(2 * STEPS_A_RECORD + 1):
            training.step(i)
            run.loss(training.loss(training.model, i))

    drains = len(Logged(sink).stats("norms"))
    assert drains == 2  # when 64 are held, and on closing
    assert [name for name in counted.waits if name != "cpu"] == []
    looked_at = len(Logged(sink).payloads["distributions/weights"])
    assert looked_at == 2  # of step 0 and step 100
    assert counted.waits.count("cpu") == drains + looked_at
    assert dispatched.waits == 0


def test_nothing_grows() -> None:
    model = nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), 1e-3)
    training = Training(model, optimizer, lambda i: None, lambda m, i: m(torch.ones(1, 2)))

    def tensors() -> int:
        gc.collect()
        return sum(type(each) in (Tensor, nn.Parameter) for each in gc.get_objects())

    def train(steps: int) -> None:
        for _ in range(steps):
            model(torch.ones(1, 2)).sum().backward()
            optimizer.step()

    with watch(model, optimizer, to=RunWriter(to=_Nowhere())) as run:
        train(500)
        run.flush()
        before, of_hooks = tensors(), hooks(training)
        train(5000)
        run.flush()
        assert tensors() <= before + 8
        assert len(hooks(training)) == len(of_hooks)


class _Nowhere(MemorySink):
    def _put(self, event: bytes) -> None:
        pass


def test_what_fails_is_said_once_and_the_training_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    training = plain()
    training.optimizers.param_groups[0]["lr"] = _Odd(0.1)
    with watch(training.model, training.optimizers, to=MemorySink()):
        for i in range(3):
            training.step(i)

    assert [record.message for record in caplog.records if "gradients and weights" in record.message] == [
        "Layerscope could not log gradients and weights: RuntimeError: a rate of the user's own. Training goes on without it."
    ]


class _Odd(float):
    def __float__(self) -> float:
        raise RuntimeError("a rate of the user's own")


@pytest.mark.parametrize("is_compiled_first", [True, False])
def test_a_model_is_compiled_no_more_often_than_without(is_compiled_first: bool) -> None:
    """Once more where it is compiled with the hooks that look at its first batch."""
    compiled: list[int] = []

    def backend(module: Any, inputs: Any) -> Any:
        compiled.append(1)
        return module.forward

    def train(is_watched: bool) -> int:
        torch._dynamo.reset()
        compiled.clear()
        training, sink = TRAININGS["plain"](), MemorySink()
        model: Any = torch.compile(training.model, backend=backend, fullgraph=True)
        run = watch(model if is_compiled_first else training.model, training.optimizers, to=sink) if is_watched else None
        for i in range(4):
            training.optimizers.zero_grad()
            training.loss(model, i).backward()
            training.optimizers.step()
        if run is not None:
            run.close()
            assert Logged(sink).start("step").tolist() == [0, 1, 2, 3]
        return len(compiled)

    assert train(is_watched=True) == train(is_watched=False) + (not is_compiled_first)


@pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning")  # what the compiler imports
@pytest.mark.filterwarnings("ignore:The .grad attribute:UserWarning")
@pytest.mark.parametrize("is_whole", [False, True])
def test_an_optimizer_that_is_compiled_is_left_alone_and_that_is_said_once(is_whole: bool, caplog: pytest.LogCaptureFixture) -> None:
    """Its step alone, or in a function that makes all of a step."""
    graphs: list[int] = []

    def backend(module: Any, inputs: Any) -> Any:
        graphs.append(1)
        return module.forward

    def train(is_watched: bool) -> tuple[list[Tensor], int]:
        torch._dynamo.reset()
        graphs.clear()
        torch.manual_seed(0)
        training, sink = plain(nn.Sequential(nn.Linear(6, 4)), optimizer=lambda p: torch.optim.SGD(p, 0.1)), MemorySink()
        step: Any = torch.compile((lambda: training.step(0)) if is_whole else training.optimizers.step, backend=backend)
        run = watch(training.model, training.optimizers, to=sink) if is_watched else None
        for i in range(3):
            training.loss(training.model, i).backward()
            step()
        if run is not None:
            run.close()
            assert not Logged(sink).stats("norms")
        return [p.detach().clone() for p in training.model.parameters()], len(graphs)

    plainly, watched = train(is_watched=False), train(is_watched=True)
    for one, other in zip(plainly[0], watched[0], strict=True):
        assert torch.equal(one, other)
    assert plainly[1] == watched[1] > 0
    (said,) = [record.message for record in caplog.records if record.name == "layerscope"]
    assert "is compiled" in said
    assert "compile the model alone" in said


@pytest.mark.parametrize("initial_step", [0, 1003])
@pytest.mark.parametrize("gives_loss", [False, True])
def test_an_optimizer_that_is_never_applied_is_named_once(gives_loss: bool, initial_step: int, caplog: pytest.LogCaptureFixture) -> None:
    training, other = plain(), plain()
    applied = torch.optim.SGD(training.model.parameters(), 0.1)
    with watch(training.model, training.optimizers, to=MemorySink(), initial_step=initial_step) as run:
        for i in range(120):
            loss = training.loss(training.model, i)
            loss.backward()
            applied.step()
            if gives_loss:
                run.loss(loss)
            if i == 110:
                assert caplog.text.count("has not seen one step of SGD") == 1
    assert caplog.text.count("has not seen one step of SGD") == 1
    assert "hand it the optimizer that is" in caplog.text

    caplog.clear()
    with watch(other.model, other.optimizers, to=MemorySink()):
        for i in range(3):
            other.loss(other.model, i).backward()
    assert caplog.text.count("has not seen one step of SGD") == 1


def test_nobody_is_warned_of_a_training_that_is_accumulated_interrupted_or_never_began(caplog: pytest.LogCaptureFixture) -> None:
    training = accumulated()
    with watch(training.model, training.optimizers, to=MemorySink()) as run:
        for i in range(60):
            run.loss(0.5)
            training.step(i)
        for i in range(3):
            training.loss(training.model, i).backward()
    watch(training.model, training.optimizers, to=MemorySink()).close()
    run = watch(training.model, training.optimizers, to=MemorySink())
    training.loss(training.model, 0).backward()
    run.close()  # as an error in the first step makes a with block do
    assert not [record for record in caplog.records if record.name == "layerscope"]


def test_a_run_of_ones_own_is_added_to_and_stays_open(tmp_path: Path) -> None:
    training = plain()
    writer = SummaryWriter(str(tmp_path))
    writer.add_scalar("mine", 1.0, 0)
    with watch(training.model, training.optimizers, to=writer) as run:
        training.step(0)
        run.write("validation/confusion_matrix", confusion_matrix.from_predictions([0, 1], [0, 1], n_classes=2))
    writer.add_scalar("mine", 2.0, 1)
    writer.close()
    values = {(v.tag, event.step) for path in tmp_path.iterdir() for event in EventFileLoader(str(path)).Load() for v in event.summary.value}

    assert {("mine", 0), ("mine", 1), ("tensor_stats/norms", 0), ("validation/confusion_matrix", 1), ("structure", 0)} <= values

    with RunWriter(tmp_path / "other") as other, watch(training.model, training.optimizers, to=other):
        training.step(1)
    with RunWriter(to=MemorySink()) as other:
        watch(training.model, training.optimizers, to=other).close()
        other.write("mine", 1.0, 0)


def test_a_directory_is_a_run(tmp_path: Path) -> None:
    training = plain()
    with watch(training.model, training.optimizers, tmp_path / "run-1") as run:
        training.step(0)
        run.flush()
        assert run.writer.logdir == str(tmp_path / "run-1")
        assert run.step == 1
    assert len(list((tmp_path / "run-1").iterdir())) == 1


def test_a_training_that_begins_below_what_is_on_disk_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for expected in (0, 1):
        training = plain()
        with watch(training.model, training.optimizers, tmp_path):
            for i in range(3):
                training.step(i)
        assert caplog.text.count("has points up to step 3 already") == expected


def test_a_wrapped_optimizer_is_looked_through() -> None:
    training, sink = plain(), MemorySink()

    class Wrapper(torch.optim.SGD):
        optimizer = training.optimizers

    with watch(training.model, Wrapper(training.model.parameters()), to=sink):
        training.step(0)
    assert Logged(sink).start("step").tolist() == [0]


def test_a_model_spread_over_processes_is_told_as_it_is_applied(tmp_path: Path) -> None:
    torch.distributed.init_process_group("gloo", init_method=f"file://{tmp_path}/meeting", rank=0, world_size=1)
    try:
        training, sink = plain(nn.Sequential(nn.Linear(6, 4))), MemorySink()
        model = nn.parallel.DistributedDataParallel(training.model)
        with watch(model, training.optimizers, to=sink):
            for i in range(3):
                training.optimizers.zero_grad()
                training.loss(model, i).backward()
                wanted = next(training.model.parameters()).grad
                training.optimizers.step()
    finally:
        torch.distributed.destroy_process_group()
    logged = Logged(sink)

    assert wanted is not None
    assert [parameter.path for parameter in logged.parameters.parameters] == ["0/weight", "0/bias"]
    np.testing.assert_allclose(logged.statistic("gradient_sum_squares")[0, 2], float(wanted.square().sum()), rtol=1e-5)
    assert np.isnan(logged.start("clip_factor")).all()


def test_it_can_be_switched_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAYERSCOPE_DISABLE", "all")
    training = plain()
    before = hooks(training)
    with watch(training.model, training.optimizers, tmp_path / "run") as run:
        training.step(0)
        run.loss(0.5)
        assert hooks(training) == before
    assert not (tmp_path / "run").exists()


def test_a_forked_child_writes_nothing_of_its_parents(tmp_path: Path) -> None:
    training = plain()
    run = watch(training.model, training.optimizers, tmp_path)
    training.step(0)
    child = os.fork() if threading.active_count() == 1 else None
    if child == 0:
        run.close()
        os._exit(0)
    if child is not None:
        os.waitpid(child, 0)
    run.close()

    assert len(list(tmp_path.iterdir())) == 1


def test_what_has_no_statistics_is_named_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    model, phase = nn.Linear(2, 2), nn.Parameter(torch.ones(2, dtype=torch.complex64))
    model.register_parameter("phase", phase)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    sink = MemorySink()
    with watch(model, optimizer, to=sink):
        (model(torch.ones(1, 2)).sum() * phase.abs().sum()).backward()
        optimizer.step()
    logged = Logged(sink)

    assert "these parameters are left out: phase" in caplog.text
    assert [parameter.path for parameter in logged.parameters.parameters] == ["weight", "bias", "phase"]
    assert torch.isfinite(torch.from_numpy(logged.statistic("gradient_sum_squares"))).tolist() == [[True], [True], [False]]


def wrong() -> Iterator[tuple[Any, str]]:
    of = Net()
    optimizer = torch.optim.SGD(of.parameters(), 0.1)
    elsewhere = torch.optim.SGD(Net().parameters(), 0.1)
    lazy = nn.LazyLinear(2)
    odd: Any = "low"
    yield lambda: watch(odd, optimizer, to=MemorySink()), "takes a torch.nn.Module"
    yield lambda: watch(of, odd, to=MemorySink()), "takes a torch.optim.Optimizer"
    yield lambda: watch(of, [], to=MemorySink()), "the list is empty"
    yield lambda: watch(of, elsewhere, to=MemorySink()), "none of the model's parameters"
    yield lambda: watch(of, optimizer), "RunWriter takes either"
    yield lambda: watch(of, optimizer, budget=0, to=MemorySink()), "budget must be a number"
    yield lambda: watch(of, optimizer, initial_step=-1, to=MemorySink()), "initial_step counts"
    yield lambda: watch(of, optimizer, loss_scaler=odd, to=MemorySink()), "GradScaler"
    yield lambda: watch(of, optimizer, steps=0, to=MemorySink()), "steps"
    yield lambda: watch(lazy, torch.optim.SGD(lazy.parameters(), 0.1), to=MemorySink()), "call the model on one"
    yield lambda: watch(of, optimizer, to=MemorySink()).loss(torch.ones(2)), "one number; its shape is"
    yield lambda: watch(of, optimizer, to=MemorySink()).loss(odd), "a tensor of one number"


@pytest.mark.parametrize(("call", "message"), list(wrong()))
def test_a_wrong_argument_raises_at_once(call: Any, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        call()


def test_a_wrong_argument_leaves_no_hook(caplog: pytest.LogCaptureFixture) -> None:
    training = scaled(adam())
    before = hooks(training)
    with caplog.at_level(logging.WARNING), pytest.raises(ValueError, match="budget"):
        watch(training.model, training.optimizers, to=MemorySink(), budget=1e9)
    assert hooks(training) == before
