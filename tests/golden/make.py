"""Writes the golden event files of this version: `python -m tests.golden.make`.

What each holds stands in a file of this folder, named after its kind. Run it once for a new kind or a new version of one;
files that exist are never written again, because what they hold is what is in people's log directories.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from tensorboard.compat.proto import event_pb2

from tb_plugin.schema import record
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.registry import kinds
from tb_plugin.schema.summary import record_event
from writers.event_file import framed

HERE = Path(__file__).parent
FOLDER = HERE / "v1"
WALL_TIME = 1_700_000_000.0
WRITER = "golden"

CONTENT: Mapping[str, Sequence[tuple[int, Payload]]] = {
    module.name: importlib.import_module(f"{__package__}.{module.name}").POINTS for module in pkgutil.iter_modules([str(HERE)]) if module.name in kinds()
}
"""For each kind the steps and payloads of its series, which has the kind's name for a tag."""


def event_file(kind: str) -> Path:
    """The golden file of a kind."""
    return FOLDER / kind / "events.out.tfevents.1700000000.golden"


def main() -> None:
    """Writes the files that are not there."""
    for kind, points in CONTENT.items():
        path = event_file(kind)
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        events = [event_pb2.Event(wall_time=WALL_TIME, file_version="brain.Event:2")]
        for ordinal, (step, payload) in enumerate(points):
            data = record.encode(payload, writer=WRITER, ordinal=ordinal)
            events.append(record_event(kind, payload.kind, payload.version, data, step, WALL_TIME + step))
        path.write_bytes(b"".join(framed(event.SerializeToString(deterministic=True)) for event in events))


if __name__ == "__main__":
    main()
