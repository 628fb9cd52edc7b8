"""The parameters and buffers of a module, by path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from torch import Tensor, nn
from torch.nn.parameter import is_lazy

from tb_plugin.schema.parameters import Parameter, Parameters
from writers import parameters

_AROUND = ("DataParallel", "DistributedDataParallel", "FullyShardedDataParallel")


def unwrapped(model: nn.Module) -> nn.Module:
    """The user's own module inside what compiles it or spreads it over devices."""
    while True:
        name = "_orig_mod" if "_orig_mod" in model._modules else "module" if is_spread(model) else ""
        inner = model._modules.get(name)
        if inner is None:
            return model
        model = inner


def is_spread(model: nn.Module) -> bool:
    """Whether it is a wrapper that spreads a model over devices: gradients are whole only when it has gathered them."""
    return type(model).__name__ in _AROUND


def is_compiled(model: nn.Module) -> bool:
    """Whether it, or a part of it, is compiled."""
    return any("_orig_mod" in module._modules or getattr(module, "_compiled_call_impl", None) is not None for module in model.modules())


def modules_of(model: nn.Module, path: str = "") -> Iterator[tuple[str, nn.Module]]:
    """Each module of an unwrapped one by its path, parents first, itself with an empty path; shared ones at each of their places."""
    yield path, model
    for name, child in model._modules.items():
        if child is not None:
            yield from modules_of(unwrapped(child), f"{path}/{name}" if path else name)


def tensors_of(model: nn.Module) -> list[tuple[str, str, Tensor]]:
    """Layer, name and tensor of each parameter and each buffer that a checkpoint keeps; shared ones at each of their places.

    Raises:
        ValueError: One has no shape yet.
    """
    found = []
    for layer, module in modules_of(model):
        kept = {name: buffer for name, buffer in module._buffers.items() if name not in module._non_persistent_buffers_set}
        for name, tensor in {**module._parameters, **kept}.items():
            if tensor is None:
                continue
            if is_lazy(tensor):
                raise ValueError(f"{_joined(layer, name)} has no shape before the first batch: call the model on one, then watch()")
            found.append((layer, name, tensor))
    return found


def parameters_of(tensors: list[tuple[str, str, Tensor]]) -> Parameters:
    """The axis of some tensors, as `tensors_of` gives them."""
    paths = parameters.distinct(_joined(layer, name) for layer, name, _ in tensors)
    first: dict[int, str] = {}
    described = []
    for path, (layer, name, tensor) in zip(paths, tensors, strict=True):
        tied_to = first.get(id(tensor))
        first.setdefault(id(tensor), path)
        dtype = str(tensor.dtype).removeprefix("torch.")
        raw = _joined(layer, name).replace("/", ".")
        described.append((Parameter(path=path, variable_path=raw, layer=layer, dtype=dtype, role=_role(tensor), tied_to=tied_to), tensor.shape))
    return parameters.of(described)


def _role(tensor: Tensor) -> Any:
    if isinstance(tensor, nn.Parameter):
        return "trainable" if tensor.requires_grad else "frozen"
    return "statistic" if tensor.is_floating_point() else "state"


def _joined(layer: str, name: str) -> str:
    return f"{layer}/{name}" if layer else name
