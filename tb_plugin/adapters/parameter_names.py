"""Parameters alone → kind `structure`: which layer holds what, where a log tells nothing else of the layers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from tb_plugin.run_groups import natural
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.structure import Node, Structure

_KERNELS = ("kernel", "weight", "weights")
_TREE = "Read from the names of parameters: which layer holds what. Classes and edges are not logged, so layers stand in the order of their names."


def parameters_of_names(layers: Mapping[str, str], sizes: Mapping[str, int]) -> Parameters:
    """Parameters of which names are known, in natural order of these. Whose size is known has one axis.

    Args:
        layers: Of each parameter's path the layer that owns it; empty for one that stands in none, which is a layer by itself.
        sizes: How many values it has, where that is known.
    """
    owners = {path: layer or path for path, layer in layers.items()}
    rows = sorted(owners, key=lambda path: (_by_parts(owners[path]), not path.endswith(_KERNELS), natural(path)))
    return Parameters(
        parameters=tuple(Parameter(path, path, owners[path], "", "trainable") for path in rows),
        shape=np.array([sizes[path] for path in rows if path in sizes], np.int64),
        shape_end=np.cumsum([path in sizes for path in rows], dtype=np.int64),
    )


def structure_of_parameters(parameters: Parameters, *, model: str, notes: Sequence[str] = ()) -> Structure:
    """The tree of layers that own parameters, without edges.

    Args:
        parameters: With the layer of each.
        model: What the model is called.
        notes: What is to be said of their sizes.
    """
    layers = {row.layer or row.path for row in parameters.parameters}
    paths = sorted({"/".join(parts[: k + 1]) for parts in (layer.split("/") for layer in layers) for k in range(len(parts))}, key=_by_parts)
    place = {path: i for i, path in enumerate(paths)}
    holders = {path.rpartition("/")[0] for path in paths}
    return Structure(
        source="parameter_names",
        model=model,
        parameters=parameters,
        nodes=tuple(Node(path, path, 0, "Scope" if path in holders else "Layer") for path in paths),
        notes=(_TREE, *notes),
        parent=np.array([place.get(path.rpartition("/")[0], -1) for path in paths], np.int64),
        edge=np.zeros((0, 4), np.int64),
        output_end=np.zeros(len(paths), np.int64),
        shape=np.zeros(0, np.int64),
        shape_end=np.zeros(0, np.int64),
        dtype=np.zeros(0, np.int64),
        macs=np.full(len(paths), -1, np.int64),
        activation_bytes=np.full(len(paths), -1, np.int64),
        edges_known=np.zeros(len(paths), bool),
    )


def with_sizes(parameters: Parameters, sizes: Mapping[str, int]) -> tuple[Parameters, int]:
    """Parameters of which some have no shape, with one axis for those whose size something else tells; and how many these are."""
    ends = parameters.shape_end.tolist()
    shapes = [parameters.shape[a:b].tolist() for a, b in itertools.pairwise((0, *ends))]
    known = [not row.dtype and not shape and row.path in sizes for row, shape in zip(parameters.parameters, shapes, strict=True)]
    told = [[sizes[row.path]] if is_known else shape for row, shape, is_known in zip(parameters.parameters, shapes, known, strict=True)]
    sized = Parameters(
        parameters=parameters.parameters,
        shape=np.array([size for shape in told for size in shape], np.int64),
        shape_end=np.cumsum([len(shape) for shape in told], dtype=np.int64),
    )
    return sized, sum(known)


def notes_on_sizes(parameters: Parameters) -> list[str]:
    """What is known of how large parameters are of which only names were logged."""
    known = int((np.diff(parameters.shape_end, prepend=0) > 0).sum())
    unknown = len(parameters.parameters) - known
    notes = ["Shapes are not logged: of each parameter its histogram tells how many values it has."] if known else []
    if unknown:
        notes.append(f"How large {f'{unknown} of ' if known else ''}the {known + unknown} parameters are is not logged.")
    return notes


def _by_parts(path: str) -> list[tuple[tuple[int, int, str], ...]]:
    return [natural(part) for part in path.split("/")]
