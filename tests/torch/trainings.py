"""Trainings as people write them, each with the loss whose gradient its optimizer is handed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

Batch = tuple[Tensor, Tensor]


@dataclass
class Training:
    """One training, at its beginning.

    Attributes:
        model: What is trained.
        optimizers: Handed to `watch` as they are.
        step: Makes the step of a batch, as a user's loop does.
        loss: What a model's gradient of that batch is taken of, before clipping and without scaling.
        scaler: Given to `watch`, where there is one.
    """

    model: nn.Module
    optimizers: Any
    step: Callable[[int], None]
    loss: Callable[[nn.Module, int], Tensor]
    scaler: Any = None


class Net(nn.Module):
    """Small, with a part that is not used, a frozen one and a moving mean."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Linear(6, 8)
        self.norm = nn.BatchNorm1d(8)
        self.body = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 8))
        self.frozen = nn.Linear(8, 8).requires_grad_(False)
        self.unused = nn.Linear(3, 2)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.norm(self.stem(x)))
        result: Tensor = self.head(self.frozen(x + self.body(x)))
        return result


class Checkpointed(nn.Module):
    """Part of it is computed anew in the backward pass, by a pass within that pass."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.body, self.head = nn.Linear(6, 8), nn.Linear(8, 8), nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.tanh(self.stem(x))
        result: Tensor = self.head(checkpoint(self.body, x, use_reentrant=self.training))
        return result


class Tied(nn.Module):
    """An embedding whose matrix is that of the last layer, too."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(5, 4)
        self.head = nn.Linear(4, 5, bias=False)
        self.head.weight = self.embedding.weight

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.head(torch.tanh(self.embedding(x).mean(1)))
        return result


class Words(nn.Module):
    """An embedding with gradients of only the rows that are used."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(50, 4, sparse=True)

    def forward(self, x: Tensor) -> Tensor:
        result: Tensor = self.embedding(x).mean(1)
        return result


def batch(i: int, dtype: torch.dtype = torch.float32) -> Batch:
    own = torch.Generator().manual_seed(i)
    return torch.randn(16, 6, generator=own).to(dtype), torch.randint(4, (16,), generator=own)


def words(i: int) -> Batch:
    own = torch.Generator().manual_seed(i)
    return torch.randint(5, (16, 3), generator=own), torch.randint(4, (16,), generator=own)


def plain(
    model: nn.Module | None = None,
    optimizer: Callable[[Any], Any] = lambda p: torch.optim.SGD(p, 0.1, momentum=0.9),
    data: Callable[[int], Batch] = batch,
    clip: Callable[[Any], Any] | None = None,
) -> Training:
    model = model or Net()
    made = optimizer(model.parameters())

    def loss(of: nn.Module, i: int) -> Tensor:
        x, y = data(i)
        return nn.functional.cross_entropy(of(x).float(), y)

    def step(i: int) -> None:
        made.zero_grad()
        loss(model, i).backward()
        if clip is not None:
            clip(model.parameters())
        made.step()

    return Training(model, made, step, loss)


def accumulated() -> Training:
    of = plain()

    def loss(model: nn.Module, i: int) -> Tensor:
        return torch.stack([of.loss(model, 4 * i + k) / 4 for k in range(4)]).sum()

    def step(i: int) -> None:
        of.optimizers.zero_grad()
        for k in range(4):
            (of.loss(of.model, 4 * i + k) / 4).backward()
        of.optimizers.step()

    return Training(of.model, of.optimizers, step, loss)


def scaled(optimizer: Callable[[Any], Any], *, clip: bool = False, is_told: bool = True, overflow: Sequence[int] = ()) -> Training:
    """With loss scaling; at some steps the gradients overflow."""
    of = plain(optimizer=optimizer)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**10, growth_interval=3)

    def loss(model: nn.Module, i: int) -> Tensor:
        return of.loss(model, i) * (float("inf") if i in overflow else 1.0)

    def step(i: int) -> None:
        of.optimizers.zero_grad()
        scaler.scale(loss(of.model, i)).backward()
        if clip:
            scaler.unscale_(of.optimizers)
            nn.utils.clip_grad_norm_(of.model.parameters(), 0.05)
        scaler.step(of.optimizers)
        scaler.update()

    return Training(of.model, of.optimizers, step, loss, scaler if is_told else None)


def with_closure() -> Training:
    model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 4))
    of = plain(model, lambda p: torch.optim.LBFGS(p, 0.1, max_iter=4))

    def step(i: int) -> None:
        def closure() -> Tensor:
            of.optimizers.zero_grad()
            loss = of.loss(of.model, i)
            loss.backward()
            return loss

        of.optimizers.step(closure)

    return Training(of.model, of.optimizers, step, of.loss)


def compiled() -> Training:
    of = plain()
    model: Any = torch.compile(of.model, backend="aot_eager", fullgraph=True)

    def step(i: int) -> None:
        of.optimizers.zero_grad()
        of.loss(model, i).backward()
        of.optimizers.step()

    return Training(model, of.optimizers, step, of.loss)


def clip_norm(parameters: Any) -> None:
    nn.utils.clip_grad_norm_(parameters, 0.05)


def clip_value(parameters: Any) -> None:
    nn.utils.clip_grad_value_(parameters, 0.01)


def adam(**how: Any) -> Callable[[Any], Any]:
    return lambda p: torch.optim.Adam(p, 0.01, **how)


TRAININGS: dict[str, Callable[[], Training]] = {
    "plain": plain,
    "adam": lambda: plain(optimizer=adam()),
    "adam foreach": lambda: plain(optimizer=adam(foreach=True)),
    "adam fused": lambda: plain(optimizer=adam(fused=True)),
    "adamw with decay": lambda: plain(optimizer=lambda p: torch.optim.AdamW(p, 0.01, weight_decay=0.1)),
    "rate as a tensor": lambda: plain(optimizer=lambda p: torch.optim.Adam(p, torch.tensor(0.01))),
    "clipped by norm": lambda: plain(clip=clip_norm),
    "clipped by value": lambda: plain(clip=clip_value),
    "accumulated": accumulated,
    "scaled": lambda: scaled(adam()),
    "scaled, untold": lambda: scaled(adam(), is_told=False),
    "scaled and clipped": lambda: scaled(adam(), clip=True),
    "scaled, fused": lambda: scaled(adam(fused=True)),
    "scaled, fused and clipped": lambda: scaled(adam(fused=True), clip=True),
    "tied": lambda: plain(Tied(), data=words),
    "sparse": lambda: plain(Words(), lambda p: torch.optim.SparseAdam(list(p), 0.01), data=words),
    "closure": with_closure,
    "checkpointed": lambda: plain(Checkpointed()),
    "compiled": compiled,
    "bfloat16": lambda: plain(Net().to(torch.bfloat16), data=lambda i: batch(i, torch.bfloat16)),
    "float64": lambda: plain(Net().to(torch.float64), data=lambda i: batch(i, torch.float64)),
    "spread": lambda: plain(nn.DataParallel(Net())),
}
