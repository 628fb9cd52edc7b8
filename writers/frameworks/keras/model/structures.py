"""The structures of the models that one callback is given, one after the other."""

from __future__ import annotations

from typing import Any

from tb_plugin.schema import record
from tb_plugin.schema.structure import Structure
from writers.frameworks.keras.model.stand_ins import Given
from writers.frameworks.keras.model.structure import structure_of


class Structures:
    """Runs a model's code only where the model is other than the last one: a `fit` may be one of thousands.

    Args:
        runs_code: Whether it is run at all.
    """

    def __init__(self, *, runs_code: bool) -> None:
        self._runs_code = runs_code
        self._known: tuple[str, Structure] | None = None

    def of(self, model: Any, given: Given | None) -> Structure:
        """The structure of a model that is built; `given` as of `structure_of`."""
        if not self._runs_code:
            return structure_of(model, runs_code=False)
        # What is told without its code: layers, configurations, and which parameters are trained.
        now = f"{record.digest(structure_of(model, runs_code=False))} {given}"
        if self._known is None or self._known[0] != now:
            self._known = now, structure_of(model, given)
        return self._known[1]
