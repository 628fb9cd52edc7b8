"""What a watched training has written, read back."""

from __future__ import annotations

from typing import Any

import numpy as np

from layerscope import MemorySink
from tb_plugin.schema import record
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.tensor_stats import STATISTICS, TensorStats


class Logged:
    """The points in a sink."""

    def __init__(self, sink: MemorySink) -> None:
        self.payloads: dict[str, list[Payload]] = {}
        self.scalars: dict[str, dict[int, float]] = {}
        for event in sink.events:
            for value in event.summary.value:
                if value.metadata.plugin_data.plugin_name == "layerscope":
                    payload = record.payload_of(record.decode(value.tensor.string_val[0]))
                    assert payload is not None
                    self.payloads.setdefault(value.tag, []).append(payload)
                elif value.metadata.plugin_data.plugin_name == "scalars":
                    self.scalars.setdefault(value.tag, {})[event.step] = value.tensor.float_val[0]

    @property
    def parameters(self) -> Parameters:
        """The axis."""
        (found,) = [payloads for tag, payloads in self.payloads.items() if tag.startswith("parameters/")]
        assert isinstance(found[0], Parameters)
        return found[0]

    def start(self, name: str) -> Any:
        """An array of the statistics of all steps at the start, steps along its last axis."""
        return np.concatenate([getattr(one, name) for one in self.stats("start")], -1)

    def stats(self, name: str) -> list[TensorStats]:
        """The records of `tensor_stats/<name>`."""
        return [one for one in self.payloads.get(f"tensor_stats/{name}", []) if isinstance(one, TensorStats)]

    def statistic(self, name: str) -> Any:
        """One statistic at the start, float32 [parameter, step]."""
        return self.start("value")[STATISTICS.index(name)]
