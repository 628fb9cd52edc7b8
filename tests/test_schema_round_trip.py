"""Every kind through a real event file and TensorBoard's own data provider, with both of its loaders."""

from __future__ import annotations

import json
import tempfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_plugin.schema import record
from tb_plugin.schema.json_fields import canonical
from tb_plugin.schema.payload import Payload
from tb_plugin.schema.summary import record_event
from tests.event_files import LOADERS, Loader, records
from tests.golden import make
from tests.strategies import on_disk, payloads
from tests.test_schema import assert_same
from writers.run_writer import RunWriter
from writers.sinks import EventFileSink

each_loader = pytest.mark.parametrize("loader", LOADERS)

_GROUPS = 3

each_group = pytest.mark.parametrize("group", range(_GROUPS))
"""All kinds at once are more than is drawn for one example."""


def series(group: int) -> st.SearchStrategy[Mapping[str, list[Payload]]]:
    """Some payloads of every kind of a group."""
    return st.fixed_dictionaries({cls.kind: st.lists(payloads(cls), min_size=1, max_size=3) for cls in on_disk()[group::_GROUPS]})


@each_loader
@each_group
@given(data=st.data())
@settings(max_examples=2)
def test_event_files_give_back_every_kind(loader: Loader, group: int, data: st.DataObject) -> None:
    written = data.draw(series(group))
    with tempfile.TemporaryDirectory() as folder:
        for kind, points in written.items():
            sink = EventFileSink(Path(folder) / kind)
            for i, payload in enumerate(points):
                encoded = record.encode(payload, writer="w", ordinal=i)
                sink.append(record_event(kind, kind, payload.version, encoded, 10 * i, 1e9 + i).SerializeToString())
            sink.close()
        found = records(Path(folder), loader, expected=sum(map(len, written.values())))

    assert set(found) == {(kind, kind) for kind in written}
    for kind, points in written.items():
        stored = found[kind, kind]
        assert [(step, wall_time) for step, wall_time, _ in stored] == [(10 * i, 1e9 + i) for i in range(len(points))]
        for i, (payload, (_, _, held)) in enumerate(zip(points, stored, strict=True)):
            one = record.decode(held)
            assert one.ordinal == i
            assert_same(record.payload_of(one), payload)


@each_loader
@each_group
@given(data=st.data())
@settings(max_examples=1)
def test_a_run_writer_gives_back_every_kind_and_the_axes_it_refers_to(loader: Loader, group: int, data: st.DataObject) -> None:
    written = data.draw(series(group))
    with tempfile.TemporaryDirectory() as folder:
        with RunWriter(Path(folder) / "run") as run:
            for kind, points in written.items():
                for i, payload in enumerate(points):
                    run.write(f"test/{kind}", payload, i)
        found = records(Path(folder), loader, expected=sum(map(len, written.values())))

    for kind, points in written.items():
        stored = found["run", f"test/{kind}"]
        for payload, (_, _, held) in zip(points, stored, strict=True):
            one = record.decode(held)
            assert_same(record.payload_of(one), payload)
            for referred in (content for content in vars(payload).values() if isinstance(content, Payload)):
                _, _, axis = found["run", f"{referred.kind}/{record.digest(referred)}"][0]
                assert_same(record.payload_of(record.decode(axis)), referred)


def test_every_kind_has_a_golden_file() -> None:
    assert set(make.CONTENT) == {cls.kind for cls in on_disk()}, (
        "say what the new kind's golden file holds in tests/golden/<kind>.py, and run python -m tests.golden.make"
    )


@each_loader
def test_golden_files_stay_readable(loader: Loader) -> None:
    found = records(make.FOLDER, loader, expected=sum(map(len, make.CONTENT.values())))

    for kind, points in make.CONTENT.items():
        stored = found[kind, kind]
        assert [(step, wall_time) for step, wall_time, _ in stored] == [(step, make.WALL_TIME + step) for step, _ in points]
        for (_, payload), (_, _, data) in zip(points, stored, strict=True):
            assert_same(record.payload_of(record.decode(data)), payload)


def test_the_same_content_gives_the_golden_bytes() -> None:
    """But for fields that came later within a version: a golden file does not name them, and is read with their defaults."""
    found = records(make.FOLDER, "python", expected=0)

    for kind, points in make.CONTENT.items():
        for ordinal, ((_, payload), (_, _, data)) in enumerate(zip(points, found[kind, kind], strict=True)):
            text, *arrays = taken_apart(data)
            text_today, *arrays_today = taken_apart(record.encode(payload, writer=make.WRITER, ordinal=ordinal))
            golden, today = json.loads(text), json.loads(text_today)
            today = {name: today[name] for name in today if name in golden}
            assert (canonical(today).decode(), *arrays_today) == (text, *arrays), f"{kind}: what is written has changed; old readers must still be right"


def taken_apart(data: bytes) -> tuple[str, Mapping[str, object], bytes]:
    """A record's JSON text, what its container says of its arrays, and their bytes.

    Decompressed: another version of zlib may compress otherwise.
    """
    container = zlib.decompress(data)
    end = 8 + int.from_bytes(container[:8], "little")
    declared = json.loads(container[8:end])
    return declared.pop("__metadata__")["layerscope"], declared, container[end:]
