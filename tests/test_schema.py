"""The codec: laws of every kind, and what bytes that are no record may do."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
import zlib
from dataclasses import fields
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from tb_plugin.answer import container
from tb_plugin.points import Point
from tb_plugin.schema import record
from tb_plugin.schema.classes import Classes
from tb_plugin.schema.confusion_matrix import ConfusionMatrix
from tb_plugin.schema.json_fields import canonical
from tb_plugin.schema.parameters import Parameters
from tb_plugin.schema.payload import Payload, array, array_specs, present_arrays, value
from tb_plugin.schema.record import BadRecord, Record
from tb_plugin.schema.registry import kinds
from tests.strategies import jsons, on_disk, payloads

each_kind = pytest.mark.parametrize("kind", on_disk(), ids=lambda cls: cls.kind)
"""Every kind that is written, future ones too."""

DIGITS = Classes(labels=("0", "1"))


def assert_same(found: Payload | None, wanted: Payload) -> None:
    """Field by field; a reference is the same as its digest, a number that is not finite the same as null in JSON."""
    assert type(found) is type(wanted)
    assert found is not None
    assert record.json_of(found) == record.json_of(wanted)
    for name in array_specs(type(wanted)):
        a, b = getattr(found, name), getattr(wanted, name)
        assert (a is None) == (b is None), name
        if b is not None:
            assert a.dtype == b.dtype, name
            assert_array_equal(a, b, name)


def stored(payload: Payload) -> bytes:
    return record.encode(payload, writer="w", ordinal=3)


def as_record(arrays: dict[str, Any], header: Any) -> bytes:
    text = header if isinstance(header, str) else json.dumps(header)
    return zlib.compress(safetensors.numpy.save(arrays, {record.KEY: text}))


def outcome(data: bytes) -> Record | BadRecord:
    """Whatever these bytes are: a record, whose payload can be asked for, or the refusal. Nothing else gets out."""
    try:
        found = record.decode(data)
        record.payload_of(found)
    except BadRecord as refusal:
        return refusal
    return found


@each_kind
@given(data=st.data())
@settings(max_examples=40)
def test_what_is_read_is_what_was_written(kind: type[Payload], data: st.DataObject) -> None:
    payload = data.draw(payloads(kind))

    found = record.decode(stored(payload))

    assert (found.kind, found.version, found.writer, found.ordinal) == (kind.kind, kind.version, "w", 3)
    assert_same(record.payload_of(found), payload)


@each_kind
@given(data=st.data())
@settings(max_examples=25)
def test_the_same_payload_gives_the_same_bytes(kind: type[Payload], data: st.DataObject) -> None:
    payload = data.draw(payloads(kind))
    again = record.payload_of(record.decode(stored(payload)))
    assert again is not None

    assert stored(payload) == stored(payload) == stored(again)
    assert record.digest(payload) == record.digest(again)


@each_kind
@given(data=st.data())
@settings(max_examples=25)
def test_integers_are_stored_in_the_narrowest_type(kind: type[Payload], data: st.DataObject) -> None:
    payload = data.draw(payloads(kind))
    arrays = record.decode(stored(payload)).arrays

    for name, spec, content in present_arrays(payload):
        dtype = arrays[name].dtype
        if spec.dtype != "int64":
            assert dtype == spec.dtype, name
            continue
        sizes = [np.dtype(t).itemsize for t in "bBhHiIl" if content.size == 0 or (np.iinfo(t).min <= content.min() and content.max() <= np.iinfo(t).max)]
        assert dtype.itemsize == min(sizes), name


@pytest.mark.parametrize(("cells", "dtype"), [(255, "uint8"), (256, "uint16"), (65_536, "uint32")])
def test_ends_are_stored_in_the_narrowest_type_that_holds_the_last(cells: int, dtype: str) -> None:
    wide = Classes(labels=tuple(map(str, range(cells))))
    ends = np.append(0, np.full(cells, cells))
    matrix = ConfusionMatrix(
        classes=wide, row_end=ends, column=np.arange(cells), count=np.ones(cells, int), weight=None, weight_squares=None, column_weight_squares=None
    )
    found = record.decode(stored(matrix))

    assert found.arrays["row_end"].dtype == dtype
    assert_same(record.payload_of(found), matrix)


def test_a_digest_does_not_see_fields_at_their_default_nor_the_order_of_keys() -> None:
    class Small(Payload, kind="classes", version=1, on_disk=False):
        labels: tuple[str, ...] = value(help="As in the first version of `classes`, before it had any other field.")

    class Keyed(Payload, kind="keyed", version=1, on_disk=False):
        named: dict[str, Any] = value(help="Numbers by name.", default={})
        size: np.ndarray[Any, Any] = array("int64", "size", help="Sizes.")

    one = np.array([1])
    assert record.digest(Small(labels=("0", "1"))) == record.digest(DIGITS)
    assert record.digest(DIGITS) != record.digest(Classes(labels=("0", "1"), positive=1))
    assert record.digest(DIGITS) != record.digest(Classes(labels=("1", "0")))
    assert record.digest(Keyed(named={"a": 1, "b": 2}, size=one)) == record.digest(Keyed(named={"b": 2, "a": 1}, size=one.astype(np.int8)))
    assert record.digest(Keyed(size=one)) != record.digest(Keyed(size=one + 1))


def test_a_digest_is_a_sha_256_of_canonical_json_and_little_endian_arrays() -> None:
    # The contract's words, by hand: what others on disk refer to must not change.
    parameters = Parameters(parameters=(), shape=np.zeros(0, int), shape_end=np.zeros(0, int))
    assert record.digest(DIGITS) == hashlib.sha256(b'{"labels":["0","1"]}').hexdigest()[:16]
    assert record.digest(parameters) == hashlib.sha256(b'{"parameters":[]}shapeshape_end').hexdigest()[:16]


def test_a_payload_does_not_change_with_what_it_was_made_of() -> None:
    count = np.array([5, 7])
    payload = confusion(count=count)
    before = record.digest(payload)
    count[0] = 6

    assert payload.count.tolist() == [5, 7]
    assert record.digest(payload) == before != record.digest(confusion(count=count))
    with pytest.raises(ValueError, match="read-only"):
        payload.count[0] = 6


@each_kind
@given(data=st.data())
@settings(max_examples=10)
def test_every_truncation_is_refused(kind: type[Payload], data: st.DataObject) -> None:
    whole = stored(data.draw(payloads(kind)))

    for size in range(len(whole)):
        with pytest.raises(BadRecord):
            record.decode(whole[:size])


@each_kind
@given(data=st.data())
@settings(max_examples=40)
def test_garbled_records_are_read_or_refused(kind: type[Payload], data: st.DataObject) -> None:
    whole = bytearray(stored(data.draw(payloads(kind))))
    for bit in data.draw(st.lists(st.integers(0, 8 * len(whole) - 1), min_size=1, max_size=3)):
        whole[bit // 8] ^= 1 << bit % 8

    outcome(bytes(whole))


@each_kind
@given(data=st.data())
@settings(max_examples=40)
def test_garbled_containers_are_read_or_refused(kind: type[Payload], data: st.DataObject) -> None:
    # Behind the stream's checksum: what a broken or malicious writer would send.
    container = bytearray(zlib.decompress(stored(data.draw(payloads(kind)))))
    for place in data.draw(st.lists(st.integers(0, len(container) - 1), min_size=1, max_size=4)):
        container[place] = data.draw(st.integers(0, 255))

    outcome(zlib.compress(bytes(container)))


@each_kind
@given(data=st.data())
@settings(max_examples=40)
def test_any_json_in_place_of_a_field_is_read_or_refused(kind: type[Payload], data: st.DataObject) -> None:
    found = record.decode(stored(data.draw(payloads(kind))))
    header = {"kind": found.kind, "version": found.version, "writer": "w", "ordinal": 0, **found.fields}
    changed = data.draw(st.dictionaries(st.sampled_from(sorted(header)), jsons, min_size=1, max_size=2))
    left_out = data.draw(st.sets(st.sampled_from([*found.arrays, "nothing"]), max_size=1))

    outcome(as_record({name: a for name, a in found.arrays.items() if name not in left_out}, {**header, **changed}))


@given(st.binary(max_size=200))
@settings(max_examples=40)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert isinstance(outcome(data), BadRecord)
    outcome(zlib.compress(data))


def test_a_bomb_is_refused_without_being_inflated() -> None:
    stream, block = zlib.compressobj(1), bytes(2**20)
    bomb = b"".join([*(stream.compress(block) for _ in range(256)), stream.flush()])

    tracemalloc.start()
    with pytest.raises(BadRecord, match=str(record.LARGEST)):
        record.decode(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 3 * record.LARGEST < 256 * 2**20


@pytest.mark.parametrize("shape", [[2**40], [2**32, 2**32], [2**63 - 1], [-1], [1e9]])
def test_a_shape_that_is_not_there_is_refused_before_it_is_allocated(shape: list[float]) -> None:
    header = json.dumps({"__metadata__": {record.KEY: "{}"}, "a": {"dtype": "F64", "shape": shape, "data_offsets": [0, 8]}}).encode()

    with pytest.raises(BadRecord):
        record.decode(zlib.compress(len(header).to_bytes(8, "little") + header + bytes(8)))


def test_what_is_too_large_to_be_read_is_not_written() -> None:
    class Large(Payload, kind="large", version=1, on_disk=False):
        content: np.ndarray[Any, Any] = array("float64", "value", help="Many numbers.")

    with pytest.raises(ValueError, match=str(record.LARGEST)):
        stored(Large(content=np.zeros(record.LARGEST // 8)))


def test_what_follows_a_whole_stream_is_not_read() -> None:
    assert record.decode(stored(DIGITS) + b"more").fields == record.decode(stored(DIGITS)).fields


@pytest.mark.parametrize(
    "header",
    [
        {"kind": "classes", "version": 1, "writer": "w"},
        {"kind": "classes", "version": True, "writer": "w", "ordinal": 0},
        {"kind": 7, "version": 1, "writer": "w", "ordinal": 0},
        {"kind": "classes", "version": 1, "writer": None, "ordinal": 0},
        [],
        "{" * 10_000,
        "[" * 100_000,
    ],
    ids=lambda header: repr(header)[:40],
)
def test_a_header_that_is_not_ours_is_refused(header: Any) -> None:
    with pytest.raises(BadRecord):
        record.decode(as_record({}, header))


def test_unknown_kinds_and_newer_versions_are_records_without_a_payload() -> None:
    header = {"kind": "classes", "version": Classes.version + 1, "writer": "w", "ordinal": 0, "names": 7}
    newer = record.decode(as_record({"x": np.arange(3)}, header))
    unknown = record.decode(as_record({}, {**header, "kind": "of a later day"}))

    assert record.payload_of(newer) is None
    assert record.payload_of(unknown) is None
    assert newer.fields == {"names": 7}
    assert_array_equal(newer.arrays["x"], np.arange(3))


def test_unknown_fields_and_arrays_are_left_out() -> None:
    header = {"kind": "classes", "version": 1, "writer": "w", "ordinal": 0, "labels": ["0", "1"], "shade": "new in 1.4"}

    assert_same(record.payload_of(record.decode(as_record({"hue": np.zeros(2)}, header))), DIGITS)


def confusion(**changed: Any) -> ConfusionMatrix:
    given_ = {"classes": DIGITS, "row_end": [1, 2, 2], "column": [0, 1], "count": [5, 7]}
    return ConfusionMatrix(**{**given_, **changed})


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"count": [[5, 7]]}, r"count must have the axes \['cell'\]; its shape is \[1, 2\]"),
        ({"count": ["5", "7"]}, "count must be int64; it is <U1"),
        ({"count": [5.0, 7.0]}, "count must be int64; it is float64"),
        ({"count": [5]}, "axis 'cell' has size 2 in column but 1 in count"),
        ({"count": [5, 0]}, "count must be at least 1; it holds 0"),
        ({"count": np.array([5, 2**64 - 1], np.uint64)}, "count must be int64; it holds 18446744073709551615, which is too large"),
        ({"column": [0, 3]}, "column must lie below the size of 'row', 3; it holds 3"),
        ({"column": [1, 0], "row_end": [2, 2, 2]}, "column must rise strictly within each span of row_end"),
        ({"row_end": [2, 1, 2]}, "row_end must never fall"),
        ({"row_end": [1, 2, 3]}, "row_end must end at the size of 'cell', 2; it holds 3"),
        ({"row_end": [1, 2]}, "axis 'row' has size 3 in classes but 2 in row_end"),
        ({"weight": [1.0, 2.0]}, "the optional arrays weight, weight_squares are given together or not at all; weight_squares is missing"),
        ({"column_weight_squares": [1.0, 2.0]}, "axis 'row' has size 3 in classes but 2 in column_weight_squares"),
        ({"dropped": {"NaN score": -1}}, "dropped must be at least 0; it holds -1"),
    ],
)
def test_a_broken_rule_is_named_with_its_value(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        confusion(**changed)


def test_each_group_of_optional_arrays_comes_by_itself() -> None:
    weighted = {"weight": [1.0, 2.0], "weight_squares": [1.0, 4.0, 0.0]}

    for given_ in ({}, weighted, {"column_weight_squares": [1.0, 4.0, 0.0]}, {**weighted, "column_weight_squares": [1.0, 4.0, 0.0]}):
        payload = confusion(**given_)
        assert {name for name, spec, _ in present_arrays(payload) if spec.optional} == set(given_)
        assert_same(record.payload_of(record.decode(stored(payload))), payload)


def test_what_must_not_rise_within_its_span_may_rise_at_the_next_one() -> None:
    class Falling(Payload, kind="falling", version=1, on_disk=False):
        end: np.ndarray[Any, Any] = array("int64", "span", ends="value", help="Ends.")
        content: np.ndarray[Any, Any] = array("float32", "value", never_rises_within="end", help="Values.")

    def falling(end: list[int], content: list[float]) -> Falling:
        return Falling(end=np.array(end), content=np.array(content))

    assert len(falling([2, 2, 4], [1.0, 1.0, np.inf, -np.inf]).content) == 4
    with pytest.raises(ValueError, match="content must never rise within each span of end"):
        falling([2, 2, 4], [1.0, 2.0, 1.0, 0.0])
    with pytest.raises(ValueError, match="content must be numbers; it holds NaN"):
        falling([1], [np.nan])


def test_half_precision_and_bytes_stay_what_they_are() -> None:
    class Small(Payload, kind="small", version=1, on_disk=False):
        half: np.ndarray[Any, Any] = array("float16", "value", help="Values.")
        content: np.ndarray[Any, Any] = array("uint8", "byte", help="Bytes.")

    payload = Small(half=np.array([0.5, np.inf, np.nan]), content=np.frombuffer(b"\x00\xff", np.uint8))
    found = record.decode(stored(payload)).arrays
    answered, _ = record.unpack(container([Point(0, 0.0, "unknown", 1, "", 0, False, {}, found)]))

    assert (found["half"].dtype, found["content"].dtype) == (np.float16, np.uint8)
    assert_array_equal(answered["0/half"], np.array([0.5, np.inf, np.nan], np.float32))
    with pytest.raises(ValueError, match="content must be uint8; it is int64"):
        Small(half=np.zeros(0), content=np.array([1, 256]))


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"labels": "ab"}, "labels must be"),
        ({"labels": ["a", 7]}, r"labels\[1\] must be str; it is 7"),
        ({"labels": ["a"], "task": "guess"}, "task must be one of 'binary', 'multiclass', 'ordinal', 'multilabel'; it is 'guess'"),
        ({"labels": ["a"], "positive": True}, "positive must be int; it is True"),
    ],
)
def test_a_wrong_type_is_named_with_its_value(given_: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Classes(**given_)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"positive": 2}, "positive must lie below the size of 'class', 2; it holds 2"),
        ({"positive": -1}, "positive must be at least 0; it holds -1"),
        ({"parents": [0]}, "axis 'class' has size 2 in labels but 1 in parents"),
        ({"parents": [-1, 2]}, "parents must lie below the size of 'class', 2; it holds 2"),
    ],
)
def test_ids_refer_to_classes_that_exist(given_: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Classes(labels=("a", "b"), **given_)


@given(jsons)
@settings(max_examples=40)
def test_canonical_json_is_canonical(content: Any) -> None:
    text = canonical(content)

    assert canonical(json.loads(text)) == text
    assert b"NaN" not in canonical([float("nan")])
    assert b": " not in canonical({"a": 1})
    json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_canonical_json_has_sorted_keys_and_plain_letters() -> None:
    assert canonical({"ß": [1.0, float("inf")], "a": {"z": None, "b": True}}) == '{"a":{"b":true,"z":null},"ß":[1.0,null]}'.encode()
    with pytest.raises(ValueError, match="half of a surrogate pair"):
        canonical("\ud800")


def test_every_field_says_what_it_is() -> None:
    for kind, cls in kinds().items():
        for f in fields(cls):  # type: ignore[arg-type]
            spec = f.metadata.get("array")
            help_ = spec.help if spec is not None else f.metadata["help"]
            assert help_.strip(), f"{kind}.{f.name}"
