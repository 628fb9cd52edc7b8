"""A record inside TensorBoard's own messages."""

from __future__ import annotations

from functools import cache
from typing import Any

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2

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
    one = tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)])
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, tensor_shape=one, string_val=[record])
    return _event([summary_pb2.Summary.Value(tag=tag, metadata=_metadata(kind, version), tensor=tensor)], step, wall_time)


@cache
def _metadata(kind: str, version: int) -> Any:
    content = canonical({"kind": kind, "version": version})
    return summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name=PLUGIN_NAME, content=content),
        data_class=summary_pb2.DATA_CLASS_TENSOR,
    )


def scalar_event(tag: str, value: float, step: int, wall_time: float) -> Any:
    """The event of one scalar, as `tf.summary.scalar` and Keras write it: float32, so that both overlay exactly."""
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT, tensor_shape=tensor_shape_pb2.TensorShapeProto(), float_val=[value])
    metadata = summary_pb2.SummaryMetadata(
        plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars", content=b""),
        data_class=summary_pb2.DATA_CLASS_SCALAR,
    )
    return _event([summary_pb2.Summary.Value(tag=tag, metadata=metadata, tensor=tensor)], step, wall_time)


def _event(values: list[Any], step: int, wall_time: float) -> Any:
    return event_pb2.Event(wall_time=wall_time, step=step, summary=summary_pb2.Summary(value=values))
