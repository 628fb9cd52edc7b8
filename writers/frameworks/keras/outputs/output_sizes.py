"""The sizes of the outputs of a model that does not tell them before it is called."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from writers.frameworks.keras.outputs.scored_outputs import by_name
from writers.frameworks.keras.temporary_attributes import temporary_attributes


class OutputSizes:
    """Looks at what the model returns while its first batch is traced or run; nothing of that is changed.

    Args:
        model: Before its first batch.

    Attributes:
        columns: Size of the last axis of each output, by name as in `scored_outputs`; empty until the model was called.
    """

    def __init__(self, model: Any) -> None:
        self.columns: dict[str, int] = {}
        self._model, self._call = model, model.call
        self._shadow = ExitStack()
        self._shadow.enter_context(temporary_attributes(model, call=self._watched))

    def end(self) -> None:
        """After the batch, or an interrupt: leaves the model as it was."""
        self._shadow.close()

    def _watched(self, *args: Any, **kwargs: Any) -> Any:
        out = self._call(*args, **kwargs)
        shapes = {name: getattr(tensor, "shape", None) for name, tensor in by_name(out, getattr(self._model, "output_names", None)).items()}
        sizes = {name: 1 if len(shape) < 2 else shape[-1] for name, shape in shapes.items() if shape is not None and _has_rank(shape)}
        self.columns = {name: int(size) for name, size in sizes.items() if size is not None}
        return out


def _has_rank(shape: Any) -> bool:
    return getattr(shape, "rank", 0) is not None
