"""Shapes of what modules give, from the first batch that passes by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from writers.frameworks.torch.parameters import is_compiled, unwrapped
from writers.structure import Output


@dataclass(frozen=True)
class Seen:
    """One call of a module.

    Attributes:
        outputs: The tensors it gave; the first axis is unknown where it is that of the batch.
        macs: Multiply-adds of one example, forward, of contractions alone; None when not counted.
        activation_bytes: Bytes of its outputs for one example; None when not counted.
    """

    outputs: tuple[Output, ...]
    macs: int | None
    activation_bytes: int | None


class Recording:
    """Looks at the calls of a model's modules until its first forward pass is over, or it is removed.

    Args:
        model: As `watch` was given it. Of one that is compiled nothing is looked at: hooks would have it compiled anew.
    """

    def __init__(self, model: nn.Module) -> None:
        self.calls: Mapping[int, list[Seen]] = defaultdict(list)
        """Calls of each module, by its id, in their order."""
        self._model, self._batch = unwrapped(model), 0
        self._handles: list[Any] = []
        if not is_compiled(model):
            self._handles.append(self._model.register_forward_pre_hook(_Passing(self._begins)))
            self._handles += [module.register_forward_hook(_Passing(self._saw)) for module in self._model.modules()]

    def remove(self) -> None:
        """Takes the hooks off."""
        handles, self._handles = self._handles, []
        for handle in handles:
            handle.remove()

    def _begins(self, module: nn.Module, given: Any) -> None:
        self.calls = defaultdict(list)
        self._batch = next((int(t.shape[0]) for t in _tensors(given) if t.ndim > 1), 0)

    def _saw(self, module: nn.Module, given: Any, result: Any) -> None:
        tensors = list(_tensors(result))
        batch = self._batch if self._batch and all(t.ndim and t.shape[0] == self._batch for t in tensors) else 0
        outputs = tuple(Output([None, *t.shape[1:]] if batch else list(t.shape), str(t.dtype).removeprefix("torch.")) for t in tensors)
        macs = multiply_adds(module, next(_tensors(given), None), tensors[0]) if batch and tensors else None
        size = sum(t.numel() * t.element_size() for t in tensors) // batch if batch else None
        self.calls[id(module)].append(Seen(outputs, None if macs is None else macs // batch, size))
        if module is self._model:
            self.remove()


def multiply_adds(module: nn.Module, given: Tensor | None, result: Tensor) -> int | None:
    """Those of one call: a dense layer's at each position, a convolution's at each of its output (transposed: input).

    None where they are not known; 0 where nothing is contracted.
    """
    weight = getattr(module, "weight", None)
    if isinstance(module, nn.Linear):
        return result.numel() * module.in_features
    if isinstance(module, nn.Conv1d | nn.Conv2d | nn.Conv3d) and isinstance(weight, Tensor):
        return result.numel() * prod(weight.shape[1:])
    if isinstance(module, nn.ConvTranspose1d | nn.ConvTranspose2d | nn.ConvTranspose3d) and isinstance(weight, Tensor):
        return None if given is None else given.numel() * prod(weight.shape[1:])
    return 0 if type(module).__module__.startswith("torch.nn.") and not isinstance(module, _UNCOUNTED) and not module._modules else None


class _Passing:
    """A hook that belongs to one module: its copies, in memory or on disk, get one that does nothing."""

    def __init__(self, hook: Callable[..., None]) -> None:
        self._hook = hook

    def __call__(self, *args: Any) -> None:
        if not torch.compiler.is_compiling() and torch._C._get_tracing_state() is None:  # what is traced holds the names of our variables
            self._hook(*args)

    def __deepcopy__(self, memo: Any) -> Callable[..., None]:
        return _NOTHING

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return getattr, (nullcontext(), "__exit__")


# A hook that does nothing, of Python's own: a checkpoint of a whole model is read where Layerscope is not installed, too.
_NOTHING: Callable[..., None] = nullcontext().__exit__


def _tensors(given: Any) -> Iterator[Tensor]:
    if isinstance(given, Tensor):
        yield given
    elif isinstance(given, Mapping):
        for each in given.values():
            yield from _tensors(each)
    elif isinstance(given, list | tuple):
        for each in given:
            yield from _tensors(each)


_UNCOUNTED = (nn.RNNBase, nn.RNNCellBase, nn.MultiheadAttention, nn.Bilinear)
