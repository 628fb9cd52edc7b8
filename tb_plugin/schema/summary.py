"""A record inside TensorBoard's own messages."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2, types_pb2

from tb_plugin.schema.json_fields import canonical

PLUGIN_NAME = "layerscope"


def record_event(tag: str, kind: str, version: int, record: bytes, step: int, wall_time: float) -> Any:
    """The event that holds one record.

    Args:
        tag: The series.
        kind, version: Repeated in the summary's metadata for whoever lists tags without reading records.
        record: What `record.encode` made.
        step: The last step in the record.
        wall_time: Seconds since 1970.
    """
    event, tensor = _event(tag, _metadata(kind, version), step, wall_time)
    tensor.dtype = types_pb2.DT_STRING
    tensor.tensor_shape.dim.add(size=1)
    tensor.string_val.append(record)
    return event


@cache
def _metadata(kind: str, version: int) -> Any:
    content = canonical({"kind": kind, "version": version})
    return summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name=PLUGIN_NAME, content=content),
        data_class=summary_pb2.DATA_CLASS_TENSOR,
    )


_SCALAR = summary_pb2.SummaryMetadata(
    plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars", content=b""),
    data_class=summary_pb2.DATA_CLASS_SCALAR,
)


def scalar_event(tag: str, value: float, step: int, wall_time: float) -> Any:
    """The event of one scalar, as `tf.summary.scalar` and Keras write it: float32, so that both overlay exactly."""
    event, tensor = _event(tag, _SCALAR, step, wall_time)
    tensor.dtype = types_pb2.DT_FLOAT
    tensor.tensor_shape.SetInParent()  # there, and without axes
    tensor.float_val.append(value)
    return event


REPEATS = b"\xc2\x3e\x0alayerscope"
"""Content of a histogram's metadata that says: its values are in the run as `distributions`, too.

TensorBoard reads its own message there, of one number that is 0 and so is not written; this is a field 1000 beside it, which it skips.
"""


def histogram_event(tag: str, bins: np.ndarray[Any, Any], description: str, repeats: bool, step: int, wall_time: float) -> Any:
    """The event of one histogram, as `tf.summary.histogram` writes it.

    Args:
        tag: The series.
        bins: Left edge, right edge, count: [bin, 3].
        description: Shown beside the series.
        repeats: Whether it says `REPEATS`.
        step: The step.
        wall_time: Seconds since 1970.
    """
    metadata = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="histograms", content=REPEATS if repeats else b""),
        summary_description=description,
        data_class=summary_pb2.DATA_CLASS_TENSOR,
    )
    event, tensor = _event(tag, metadata, step, wall_time)
    tensor.dtype = types_pb2.DT_DOUBLE
    for size in bins.shape:
        tensor.tensor_shape.dim.add(size=size)
    tensor.tensor_content = bins.astype("<f8").tobytes()
    return event


def _event(tag: str, metadata: Any, step: int, wall_time: float) -> tuple[Any, Any]:
    """An event of one value, and its tensor, to be filled in place: messages made apart would be copied into it."""
    event = event_pb2.Event(wall_time=wall_time, step=step)
    return event, event.summary.value.add(tag=tag, metadata=metadata).tensor
