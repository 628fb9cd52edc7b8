"""What a run holds, by TensorBoard's own loader."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from tensorboard.backend.event_processing import event_accumulator

from tb_plugin.schema import record
from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.tensor_stats import TensorStats


def points(run: Path) -> dict[str, list[tuple[int, Any]]]:
    """(step, payload or number) of each point, by tag. References to axes are put in where the run has them."""
    reader = event_accumulator.EventAccumulator(str(run), size_guidance={event_accumulator.TENSORS: 0}, purge_orphaned_data=False)
    reader.Reload()
    return {tag: [(event.step, _content(event.tensor_proto)) for event in reader.Tensors(tag)] for tag in reader.Tags()["tensors"]}


def steps(run: Path, tag: str) -> list[int]:
    return [step for step, _ in points(run).get(tag, [])]


def last(run: Path, tag: str) -> Any:
    return points(run)[tag][-1][1]


def statistics_of(run: Path, tag: str = "norms") -> TensorStats:
    """Of all steps, however many records hold them: on a busy machine they are written after ten seconds."""
    records = [record for record in (payload for _, payload in points(run)[f"tensor_stats/{tag}"]) if isinstance(record, TensorStats)]
    by_step = ("step", "value", "loss", "batch_examples", "epoch", "loss_scale", "clip_factor", "skipped", "learning_rate")
    joined: dict[str, Any] = {name: np.concatenate([getattr(record, name) for record in records], axis=-1) for name in by_step}
    return replace(records[0], **joined)


def labels_of(run: Path, matrix: ConfusionMatrix) -> tuple[str, ...]:
    classes = points(run)[f"classes/{matrix.classes}"][0][1]
    return tuple(classes.labels)


def counts(matrix: ConfusionMatrix) -> np.ndarray[Any, Any]:
    """int64 [true class, predicted class]; no sample may be in the row and column beyond."""
    return _dense(matrix, matrix.count)


def weights(matrix: ConfusionMatrix) -> np.ndarray[Any, Any]:
    """float64 [true class, predicted class]."""
    return _dense(matrix, matrix.weight)


def _dense(matrix: ConfusionMatrix, cells: Any) -> np.ndarray[Any, Any]:
    size = len(matrix.row_end)
    whole = np.zeros((size, size), dtype=cells.dtype)
    row = np.repeat(np.arange(size), np.diff(matrix.row_end, prepend=0))
    whole[row, matrix.column] = cells
    assert not whole[-1].any()
    assert not whole[:, -1].any()
    return whole[:-1, :-1]


def _content(tensor: Any) -> Payload | float:
    if tensor.dtype != 7:  # DT_STRING
        return float(np.frombuffer(tensor.tensor_content, np.float32)[0]) if tensor.tensor_content else float(tensor.float_val[0])
    payload = record.payload_of(record.decode(tensor.string_val[0]))
    assert payload is not None
    return payload
