"""What steps are told on: a row of each tensor of a model, and a place of each learning rate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor, nn
from torch.optim import Optimizer

from tb_plugin.schema.parameters import Parameters
from writers.frameworks.torch.gradients import Rows
from writers.frameworks.torch.parameters import parameters_of, tensors_of
from writers.strides import stride_of


@dataclass(frozen=True, eq=False)
class Layout:
    """The rows and places that stand for some time: a model gets other layers, an optimizer other parameters.

    Attributes:
        parameters: The axis.
        tensors: By row; the same one at each of its places.
        row_of: The first row of each tensor that has statistics, by its id.
        rest: Those that no optimizer has.
        groups: Names of all learning rates.
        first_groups: The place of each optimizer's first.
    """

    parameters: Parameters
    tensors: tuple[Tensor, ...]
    row_of: Mapping[int, int]
    rest: Rows
    groups: tuple[str, ...]
    first_groups: tuple[int, ...]

    @property
    def strides(self) -> list[int]:
        """Of each row every how many-th value is looked at."""
        return [stride_of(tensor.shape) for tensor in self.tensors]

    @property
    def odd(self) -> list[str]:
        """Paths of the parameters that have no statistics."""
        rows = zip(self.parameters.parameters, self.tensors, strict=True)
        return [parameter.path for parameter, tensor in rows if isinstance(tensor, nn.Parameter) and id(tensor) not in self.row_of]

    @property
    def _places(self) -> tuple[object, ...]:
        """All but the tensors and their names."""
        return self.row_of, [row for row, _ in self.rest], self.groups, self.first_groups


def layout_of(model: nn.Module, optimizers: Mapping[str, Optimizer], before: Layout | None = None) -> Layout:
    """The rows and places of a training as it is now.

    Args:
        model: Unwrapped.
        optimizers: By name.
        before: What stood until now: its axis is kept while the model has the same tensors, and all of it while nothing is other than it was.

    Raises:
        ValueError: A parameter has no shape yet.
    """
    found = tensors_of(model)
    tensors = tuple(tensor for _, _, tensor in found)
    same = before if before is not None and list(map(id, tensors)) == list(map(id, before.tensors)) else None
    row_of: dict[int, int] = {}
    for row, tensor in enumerate(tensors):
        if _has_statistics(tensor):
            row_of.setdefault(id(tensor), row)
    trained = {id(p) for each in optimizers.values() for group in each.param_groups for p in group["params"]}
    rest = [(row, tensor) for row, tensor in enumerate(tensors) if row_of.get(id(tensor)) == row and id(tensor) not in trained]
    groups, first_groups = _groups(optimizers)
    made = Layout(parameters_of(found) if same is None else same.parameters, tensors, row_of, rest, tuple(groups), tuple(first_groups))
    # The steps of one layout go into one record: of layers that are frozen and trained by turns, too.
    return made if same is None or made._places != same._places else same


def _groups(optimizers: Mapping[str, Optimizer]) -> tuple[Sequence[str], Sequence[int]]:
    names: list[str] = []
    firsts = []
    for name, optimizer in optimizers.items():
        firsts.append(len(names))
        groups = [str(group.get("name", i)) for i, group in enumerate(optimizer.param_groups)]
        if len(set(groups)) < len(groups):
            groups = [str(i) for i in range(len(groups))]
        names += [name] if len(groups) == 1 and name else [f"{name}/{group}" if name else group for group in groups]
    return names, firsts


def _has_statistics(tensor: Tensor) -> bool:
    return tensor.is_floating_point() and tensor.device.type != "meta" and not hasattr(tensor, "to_local")
