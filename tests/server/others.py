"""Events that other writers make, written by TensorBoard's own writer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.summary.writer.event_file_writer import EventFileWriter


def write_events(run: Path, events: list[Any]) -> None:
    """Writes events to a run."""
    writer = EventFileWriter(str(run))
    for event in events:
        writer.add_event(event)
    writer.close()


def tensor_event(tag: str, strings: list[bytes], *, plugin: str = "layerscope", content: bytes = b"", step: int = 0, blob: bool = False) -> Any:
    """An event with a string tensor that any plugin may own."""
    data_class = summary_pb2.DATA_CLASS_BLOB_SEQUENCE if blob else summary_pb2.DATA_CLASS_TENSOR
    metadata = summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name=plugin, content=content), data_class=data_class)
    shape = tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=len(strings))])
    tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_STRING, tensor_shape=shape, string_val=strings)
    value = summary_pb2.Summary.Value(tag=tag, metadata=metadata, tensor=tensor)
    return event_pb2.Event(wall_time=1.0 + step, step=step, summary=summary_pb2.Summary(value=[value]))


def write_keras_model(run: Path, text: str) -> None:
    """What Keras' callback logs of a model: a scalar string, owned by `graph_keras_model`."""
    event = tensor_event("keras", [text.encode()], plugin="graph_keras_model", content=b"1", blob=True)
    event.summary.value[0].tensor.tensor_shape.Clear()
    event.summary.value[0].metadata.data_class = summary_pb2.DATA_CLASS_UNKNOWN
    write_events(run, [event])


def simple_value_event(tag: str, value: float, step: int) -> Any:
    """A scalar as TF1 and tensorboardX write it."""
    return event_pb2.Event(wall_time=1.0 + step, step=step, summary=summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, simple_value=value)]))
