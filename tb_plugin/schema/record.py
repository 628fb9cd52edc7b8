"""The codec of one record: a zlib stream of one safetensors container whose only metadata key is canonical JSON."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from json.encoder import encode_basestring as _quoted
from operator import itemgetter
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import safetensors.numpy

from tb_plugin.schema.json_fields import canonical, json_name, plain
from tb_plugin.schema.payload import Array, Payload, array_specs, json_names, present_arrays
from tb_plugin.schema.registry import kinds

KEY = "layerscope"
LARGEST = 64 * 2**20
"""Bytes a record may have once inflated."""

_LEVEL_0_FROM = 64_000
_NAMES = {"?": "BOOL", "u1": "U8", "i1": "I8", "<i2": "I16", "<u2": "U16", "<f2": "F16", "<i4": "I32", "<u4": "U32", "<f4": "F32"}
_NAMES |= {"<f8": "F64", "<i8": "I64", "<u8": "U64"}
_DTYPES = {np.dtype(name): (place, called) for place, (name, called) in enumerate(_NAMES.items())}
"""The types that arrays may have: the place of each among those of safetensors, which puts the last first, and what it is called there."""

_NARROW = tuple((np.dtype(name), int(np.iinfo(name).min), int(np.iinfo(name).max)) for name in ("u1", "i1", "u2", "i2", "u4", "i4", "i8"))
_ABSENT = object()

_digests: WeakKeyDictionary[Payload, str] = WeakKeyDictionary()
"""Digests found already: payloads do not change, and each matrix of a training refers to the same classes."""


class BadRecord(ValueError):
    """These bytes are not a record that may be read; the message says why."""


@dataclass(frozen=True)
class Record:
    """What one record says, before anything is known of its kind.

    Attributes:
        kind, version: The declaration it was written by.
        writer: The id of the opening that wrote it.
        ordinal: How many records that writer had tried to write to this series before, lost ones included.
        fields: The kind's JSON fields.
        arrays: Its arrays by name, as stored.
    """

    kind: str
    version: int
    writer: str
    ordinal: int
    fields: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray[Any, Any]]


def encode(payload: Payload, *, writer: str, ordinal: int) -> bytes:
    """The record of a payload. The same payload, writer and ordinal give the same bytes.

    Raises:
        ValueError: It is larger than a reader would inflate.
    """
    stored = {name: _narrow(content, spec) for name, spec, content in present_arrays(payload)}
    header = {"kind": payload.kind, "version": payload.version, "writer": writer, "ordinal": ordinal, **json_of(payload)}
    container = pack(stored, header)
    if len(container) > LARGEST:
        raise ValueError(f"a {payload.kind} record may have {LARGEST} bytes; this one has {len(container)}")
    is_large = len(container) > _LEVEL_0_FROM
    is_noise = is_large and sum(a.nbytes for a in stored.values() if a.dtype.kind == "f") > len(container) / 2
    return zlib.compress(container, 0 if is_noise else 1)


def decode(data: bytes) -> Record:
    """Reads a record without trusting it.

    Raises:
        BadRecord: It is not whole, larger than allowed, or not what the contract says.
    """
    arrays, header = unpack(_inflate(data))
    known = {"kind": str, "version": int, "writer": str, "ordinal": int}
    for key, wanted in known.items():
        if type(header.get(key)) is not wanted:
            raise BadRecord(f"its {key} must be {wanted.__name__}; it is {header.get(key)!r:.80}")
    return Record(**{k: header[k] for k in known}, fields={k: v for k, v in header.items() if k not in known}, arrays=arrays)


def payload_of(record: Record) -> Payload | None:
    """The checked payload of a record; None when its kind is unknown or its version newer than ours.

    Raises:
        BadRecord: It breaks a rule of its kind.
    """
    cls = kinds().get(record.kind)
    if cls is None or record.version > cls.version:
        return None
    given: dict[str, Any] = {}
    specs = array_specs(cls)
    for f in fields(cls):  # type: ignore[arg-type]
        source: Mapping[str, Any] = record.arrays if f.name in specs else record.fields
        name = f.name if f.name in specs else json_name(f.name)
        if name in source:
            given[f.name] = source[name]
        elif f.default is MISSING and f.default_factory is MISSING:
            raise BadRecord(f"{record.kind}: {name} is missing")
    try:
        return cls(**given)
    except (ValueError, TypeError) as error:
        raise BadRecord(f"{error}") from error


def digest(payload: Payload) -> str:
    """First 16 hex digits of the SHA-256 of an axis record's content.

    Fields at their default are left out, so that a field added later does not change the digest of old content.
    """
    known = _digests.get(payload)
    if known is None:
        known = _digests[payload] = _digest(payload)
    return known


def _digest(payload: Payload) -> str:
    defaults = _defaults(type(payload))
    content = {k: v for k, v in json_of(payload).items() if v != defaults.get(k, _ABSENT)}
    running = hashlib.sha256(canonical(content))
    for name, spec, content_array in sorted(present_arrays(payload)):
        running.update(name.encode())
        running.update(np.ascontiguousarray(content_array, np.dtype(spec.dtype).newbyteorder("<")).tobytes())
    return running.hexdigest()[:16]


def json_of(payload: Payload) -> dict[str, Any]:
    """The JSON fields of a payload, references as digests."""
    contents = ((json_name(name), getattr(payload, name)) for name in json_names(type(payload)))
    return {key: digest(content) if isinstance(content, Payload) else plain(content) for key, content in contents}


def pack(arrays: Mapping[str, np.ndarray[Any, Any]], header: Mapping[str, Any]) -> bytes:
    """One safetensors container with `header` as its only metadata.

    The bytes are those of safetensors' own writer, which takes ten times as long for the few small arrays of a record.
    """
    table = [f'"__metadata__":{{"{KEY}":{_quoted(canonical(header).decode())}}}']
    parts, end = [], 0
    for _, name, called, content in sorted((_typed(name, content) for name, content in arrays.items()), key=itemgetter(0, 1)):
        begin, end = end, end + content.nbytes
        shape = ",".join(map(str, content.shape))
        table.append(f'{_quoted(name)}:{{"dtype":"{called}","shape":[{shape}],"data_offsets":[{begin},{end}]}}')
        parts.append(content.tobytes())
    text = f"{{{','.join(table)}}}".encode()
    text += b" " * (-len(text) % 8)
    return b"".join((struct.pack("<Q", len(text)), text, *parts))


def _typed(name: str, content: np.ndarray[Any, Any]) -> tuple[int, str, str, np.ndarray[Any, Any]]:
    """Where an array stands among the others, its name, what its type is called, and itself in little-endian order."""
    content = np.ascontiguousarray(content, content.dtype.newbyteorder("<"))
    place, called = _DTYPES.get(content.dtype, (0, ""))
    if not called:
        raise ValueError(f"arrays are of the types {', '.join(sorted(map(str, _DTYPES)))}; not {name}: {content.dtype}")
    return -place, name, called, content


def unpack(container: bytes) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
    """Arrays and header of a container that `pack` made, or that claims to be one.

    Raises:
        BadRecord: A length, a shape, an offset or the header does not hold.
    """
    try:
        arrays = safetensors.numpy.load(container)
        (length,) = struct.unpack("<Q", container[:8])
        header = json.loads(json.loads(container[8 : 8 + length])["__metadata__"][KEY])
    except Exception as error:  # safetensors raises types of its own; whatever it is, these bytes are not a record
        raise BadRecord(f"not a container with a {KEY!r} header: {error}") from error
    if not isinstance(header, dict):
        raise BadRecord(f"its header must be an object; it is {type(header).__name__}")
    for name, content in arrays.items():
        if content.dtype not in _DTYPES:
            raise BadRecord(f"array {name!r:.80} has the type {content.dtype}, which none of our kinds uses")
    return arrays, header


def _inflate(data: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        container = stream.decompress(data, LARGEST + 1)
    except zlib.error as error:
        raise BadRecord(f"not a zlib stream: {error}") from error
    if len(container) > LARGEST:
        raise BadRecord(f"it inflates to more than {LARGEST} bytes")
    if not stream.eof:
        raise BadRecord("its zlib stream is cut off")
    return container


def _narrow(content: np.ndarray[Any, Any], spec: Array) -> np.ndarray[Any, Any]:
    if content.dtype.kind != "i" or content.dtype.itemsize == 1:
        return content
    low, high = _bounds(content, spec)
    for dtype, least, most in _NARROW:
        if least <= low and high <= most:
            return content.astype(dtype)
    return content


def _bounds(content: np.ndarray[Any, Any], spec: Array) -> tuple[int, int]:
    """Least and greatest value; where the declaration, which was checked, says that none is negative, 0 will do for the least."""
    if not content.size:
        return 0, 0
    if spec.ends is not None:
        return 0, int(content[-1])
    is_natural = spec.at_least is not None and spec.at_least >= 0
    # On the few numbers of a record, `min()` and `max()` would take twice as long to find their way to these.
    return 0 if is_natural else int(np.minimum.reduce(content, None)), int(np.maximum.reduce(content, None))


def _defaults(cls: type[Payload]) -> Mapping[str, Any]:
    """The defaults of a kind's fields as JSON has them, by key."""
    made = {f.name: f.default if f.default_factory is MISSING else f.default_factory() for f in fields(cls)}  # type: ignore[arg-type]
    return {json_name(name): plain(default) for name, default in made.items() if default is not MISSING}
