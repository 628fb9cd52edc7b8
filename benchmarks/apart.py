"""A benchmark in a process of its own: the thread pools of one framework disturb another's."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context

from benchmarks.row import Row


def apart(module: str) -> Sequence[Row]:
    """What the `rows` of a module of this package give."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_rows, module).result()


def _rows(module: str) -> Sequence[Row]:
    found: Sequence[Row] = import_module(f"benchmarks.{module}").rows()
    return found
