"""Steps of a PyTorch training that is watched, beside steps that are not, and beside what people log today."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.rounds import side_by_side
from benchmarks.row import Goal, Row
from benchmarks.took import Took
from layerscope.torch import watch

LONG = 1_000_000
"""Steps of the training that a short one is a part of, far from its start."""


@dataclass(frozen=True)
class Case:
    """A model, a batch, and how many steps are taken of it."""

    name: str
    model: Callable[[], nn.Module]
    batch: Callable[[], Tensor]
    steps: int
    goal: float


def rows(rounds: int = 4, scale: float = 1.0) -> list[Row]:
    """On each model of the design's: our default at the start of a training and far in it; a bare norm of all; histograms of all.

    Args:
        rounds: How often each way is taken.
        scale: Of the numbers of steps.
    """
    found = []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for case in CASES:
            found += _of(case, max(3, round(case.steps * scale)), rounds)
    finally:
        torch.set_num_threads(threads)
    return found


def _of(case: Case, steps: int, rounds: int) -> list[Row]:
    ways: Mapping[str, Callable[[], Took]] = {
        "none": lambda: _train(case, steps, _nothing),
        "far in": lambda: _train(case, steps, lambda m, o, d: _watched(m, o, d, initial_step=LONG // 10, steps=LONG)),
        "default": lambda: _train(case, steps, lambda m, o, d: _watched(m, o, d, steps=10_000)),
        "norms": lambda: _train(case, steps, _norms),
        "histograms": lambda: _train(case, max(3, steps // 20), _histograms),
    }
    took = side_by_side(ways, rounds, warm_up=False)
    wall = {way: [each.wall for each in of] for way, of in took.items()}
    processor = {way: [each.processor for each in of] for way, of in took.items()}
    against = "the same without"
    return [
        Row(f"{case.name}: a step far in a long training", wall["far in"], wall["none"], against=against),
        Row(
            f"{case.name}: a step far in a long training, time of the processor", processor["far in"], processor["none"], against=against, goal=Goal(case.goal)
        ),
        Row(f"{case.name}: one of the first {steps:,} steps", wall["default"], wall["none"], against=against),
        Row(f"{case.name}: one of the first {steps:,} steps, time of the processor", processor["default"], processor["none"], against=against),
        Row(f"{case.name}: one of the first {steps:,} steps", wall["default"], wall["norms"], against="a norm of each weight and gradient, each step"),
        Row(
            f"{case.name}: one of the first {steps:,} steps",
            wall["default"],
            wall["histograms"],
            against="torch.utils.tensorboard histograms of all, each step",
        ),
    ]


_Log = Callable[[int], None]
_Way = Callable[[nn.Module, torch.optim.Optimizer, str], tuple[_Log, Callable[[], None]]]


def _train(case: Case, steps: int, way: _Way) -> Took:
    """Seconds a step, all that was logged written when the clock is stopped."""
    torch.manual_seed(0)
    model, x = case.model(), case.batch()
    y = torch.randint(10, (len(x),))
    optimizer = torch.optim.Adam(model.parameters())

    def step() -> None:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

    step()  # Adam makes its state
    with tempfile.TemporaryDirectory() as folder:
        log, close = way(model, optimizer, folder)
        begin = Took.now()
        for i in range(steps):
            step()
            log(i)
        close()
        return Took.now().since(begin, steps)


def _nothing(model: nn.Module, optimizer: torch.optim.Optimizer, folder: str) -> tuple[_Log, Callable[[], None]]:
    return lambda i: None, lambda: None


def _watched(model: nn.Module, optimizer: torch.optim.Optimizer, folder: str, *, steps: int, initial_step: int = 0) -> tuple[_Log, Callable[[], None]]:
    run = watch(model, optimizer, folder, steps=steps, initial_step=initial_step)
    return lambda i: None, run.close


def _norms(model: nn.Module, optimizer: torch.optim.Optimizer, folder: str) -> tuple[_Log, Callable[[], None]]:
    parameters: list[Tensor] = list(model.parameters())
    held: list[Tensor] = []

    def log(i: int) -> None:
        gradients = [p.grad for p in parameters if p.grad is not None]
        with torch.no_grad():
            held.append(torch.stack([*torch._foreach_norm(parameters), *torch._foreach_norm(gradients)]))

    return log, held.clear


def _histograms(model: nn.Module, optimizer: torch.optim.Optimizer, folder: str) -> tuple[_Log, Callable[[], None]]:
    from torch.utils.tensorboard import SummaryWriter

    writer: Any = SummaryWriter(folder)

    def log(i: int) -> None:
        for name, p in model.named_parameters():
            writer.add_histogram(name, p, i)
            writer.add_histogram(f"{name}.grad", p.grad, i)

    return log, writer.close


def _mlp(*sizes: int) -> Callable[[], nn.Module]:
    def made() -> nn.Module:
        layers: list[nn.Module] = []
        for a, b in pairwise(sizes):
            layers += [nn.Linear(a, b), nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    return made


class _Block(nn.Module):
    def __init__(self, a: int, b: int) -> None:
        super().__init__()
        stride = 1 if a == b else 2
        self.first, self.one = nn.Conv2d(a, b, 3, stride, 1, bias=False), nn.BatchNorm2d(b)
        self.second, self.other = nn.Conv2d(b, b, 3, 1, 1, bias=False), nn.BatchNorm2d(b)
        self.skip = nn.Identity() if a == b else nn.Conv2d(a, b, 1, stride, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        inner = self.other(self.second(torch.relu(self.one(self.first(x)))))
        return torch.relu(inner + self.skip(x))


def _resnet() -> nn.Module:
    widths = [16, 16, 16, 16, 32, 32, 32, 64, 64, 64]
    blocks = [_Block(a, b) for a, b in pairwise(widths)]
    stem = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


CASES: Sequence[Case] = (
    Case("dense, 0.24 M", _mlp(784, 256, 128, 10), lambda: torch.randn(128, 784), 400, 1.10),
    Case("ResNet-20, 0.27 M", _resnet, lambda: torch.randn(32, 3, 32, 32), 40, 1.03),
    Case("dense, 25 M", _mlp(3072, 4096, 2560, 770, 10), lambda: torch.randn(32, 3072), 30, 1.03),
)
