"""Ends of backward passes: each is told once, and nothing of it is kept."""

from __future__ import annotations

import torch

from writers.frameworks.torch.backward_ends import BackwardEnds


def test_each_pass_is_told_once_and_none_of_many_without_a_step_is_kept() -> None:
    weight, other = torch.ones(3, requires_grad=True), torch.ones(3, requires_grad=True)
    told: list[int] = []
    ends = BackwardEnds(lambda: told.append(len(told)))
    ends.arm([weight, other])
    for _ in range(100):
        (weight * other * weight).sum().backward()

    assert len(told) == 100
    assert not ends._queued
