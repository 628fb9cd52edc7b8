"""The parameters of a live Keras 3 model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tb_plugin.schema.parameters import Parameter, Parameters, Role
from writers import parameters

_STATISTICS = ("moving_mean", "moving_variance")


def parameters_of(model: Any, owner: Mapping[int, str]) -> Parameters:
    """Each array of the model once, in the order of `model.weights`; together they are what `count_params()` counts.

    Args:
        model: Any `keras.Model` that is built.
        owner: Path of the layer that each variable belongs to, by the variable's id.
    """
    weights = list(model.weights)
    trainable = {id(variable) for variable in model.trainable_weights}
    made_to_train = {id(v) for layer in model._flatten_layers() for v in getattr(layer, "_trainable_variables", ())}
    paths = parameters.distinct([variable.path.removeprefix(f"{model.name}/") for variable in weights])
    return parameters.of(
        (
            Parameter(
                path=path,
                variable_path=variable.path,
                layer=owner.get(id(variable), ""),
                dtype=str(variable.dtype),
                role=_role(variable, is_trainable=id(variable) in trainable, was_made_to_train=id(variable) in made_to_train),
            ),
            [int(size) for size in variable.shape],
        )
        for path, variable in zip(paths, weights, strict=True)
    )


def _role(variable: Any, *, is_trainable: bool, was_made_to_train: bool) -> Role:
    if is_trainable:
        return "trainable"
    if variable.name.endswith("_scale") and not was_made_to_train:
        return "scale"
    # A layer's arrays that no optimizer ever changes describe its data; those of a frozen layer were made to be trained.
    return "frozen" if was_made_to_train and variable.name not in _STATISTICS else "statistic"
