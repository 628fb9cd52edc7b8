"""Samples as a person can see them: small pictures, short texts, rows of features."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from tb_plugin.schema.examples import Media
from writers.host_arrays import host_array

Array = np.ndarray[Any, Any]

MOST_PIXELS = 96
"""Of a thumbnail's longer side."""

MOST_TEXT = 2048
"""Bytes of a text; of a longer one its begin."""

_SMALL = 48
"""Pictures of so many pixels a side are kept exactly."""

_CHANNELS = {1: 0, 3: 2, 4: 6}
"""Kinds of pictures by their channels, as PNG calls them."""


@dataclass(frozen=True)
class Look:
    """What a sample looks like, not yet as a file: making one takes time, and of most samples it is never asked for.

    Attributes:
        media: What it is; of a picture that it is one.
        content: Bytes, or the pixels of a thumbnail, uint8 [row, column, channel].
    """

    media: Media
    content: bytes | Array

    def file(self) -> tuple[Media, bytes]:
        """As kind `examples` stores it."""
        return (self.media, self.content) if isinstance(self.content, bytes) else picture(self.content)


def look(sample: Any, *, pixel_range: tuple[float, float] | None = None) -> Look:
    """What a sample looks like.

    Args:
        sample: A text; a row of features [feature]; or a picture [row, column], [row, column, channel] or
            [channel, row, column] of 1, 3 or 4 channels.
        pixel_range: The values of black and white; see `pixels`.

    Raises:
        TypeError, ValueError: It is none of them.
    """
    if isinstance(sample, bytes):
        sample = sample.decode(errors="replace")
    if isinstance(sample, str):
        return Look("text/plain", short(sample))
    content = host_array(sample, "an input")
    if content.ndim == 0 and content.dtype.kind in "USO":
        return look(content.item(), pixel_range=pixel_range)
    if content.dtype.kind == "O":
        content = content.astype(np.float64)  # a row of a table whose columns have several types
    if content.dtype.kind not in "biuf":
        raise TypeError(f"inputs that can be shown are texts, rows of numbers, or pictures; this one holds {content.dtype}")
    if content.ndim == 1:
        return Look("features", content.astype("<f4").tobytes())
    if content.ndim in (2, 3):
        return Look("image/png", thumbnail(pixels(content, pixel_range)))
    raise ValueError(f"inputs that can be shown are texts, rows [feature], or pictures [row, column, channel]; the shape of this one is {list(content.shape)}")


def rows_of(inputs: Any) -> tuple[Any, tuple[str, ...]]:
    """What gives an input by its place, and the names of its features where inputs are the rows of a table of pandas."""
    return (inputs.iloc, tuple(map(str, getattr(inputs, "columns", ())))) if hasattr(inputs, "iloc") else (inputs, ())


def short(text: str) -> bytes:
    """A text as UTF-8, cut between characters where it is long."""
    content = text.encode(errors="replace")
    if len(content) <= MOST_TEXT:
        return content
    return content[: MOST_TEXT - 3].decode(errors="ignore").encode() + "…".encode()


def pixels(image: Array, value_range: tuple[float, float] | None = None) -> Array:
    """A picture as uint8 [row, column, channel].

    Args:
        image: [row, column], [row, column, channel] or [channel, row, column], of 1, 3 or 4 channels.
        value_range: The values of black and white. Without it uint8 is taken as it is, numbers from 0 to 1 from black to
            white, and others from the least in the picture to the largest.

    Raises:
        ValueError: It has another number of channels, or no pixel.
    """
    if image.ndim == 2:
        image = image[:, :, None]
    if image.shape[2] not in _CHANNELS and image.shape[0] in _CHANNELS:
        image = np.moveaxis(image, 0, 2)
    if image.shape[2] not in _CHANNELS or not image.size:
        raise ValueError(f"pictures are [row, column], or have 1, 3 or 4 channels; the shape of this one is {list(image.shape)}")
    if image.dtype == np.uint8 and value_range is None:
        return image
    values = np.nan_to_num(image.astype(np.float64))
    low, high = (float(values.min()), float(values.max())) if value_range is None else value_range
    if value_range is None and low >= 0 and high <= 1:
        low, high = 0, 1
    scaled = (values - low) * (255 / (high - low) if high > low else 0)
    return np.asarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))


def thumbnail(image: Array, *, most: int = MOST_PIXELS) -> Array:
    """A copy of a picture uint8 [row, column, channel], smaller where a side is longer than `most`: each pixel is a mean."""
    scale = min(1, most / max(image.shape[:2]))
    small: Array = image.copy()
    for axis, length in enumerate(image.shape[:2]):
        small = _smaller(small, max(1, round(length * scale)), axis)
    return small


def picture(image: Array) -> tuple[Media, bytes]:
    """A file of a picture uint8 [row, column, channel]: WebP where Pillow can write it, else PNG; small ones are PNG, and exact."""
    if max(image.shape[:2]) > _SMALL:
        content = _webp(image)
        if content is not None:
            return "image/webp", content
    return "image/png", png(image)


def png(image: Array) -> bytes:
    """A PNG file of uint8 [row, column, channel]."""
    rows, columns, channels = image.shape
    lines = np.zeros((rows, 1 + columns * channels), np.uint8)  # each begins with the filter: none
    lines[:, 1:] = image.reshape(rows, -1)
    head = struct.pack(">IIBBBBB", columns, rows, 8, _CHANNELS[channels], 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 9)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _smaller(image: Array, size: int, axis: int) -> Array:
    length = image.shape[axis]
    if size >= length:
        return image
    starts = np.arange(size) * length // size
    width = np.diff(starts, append=length)
    total = np.add.reduceat(image.astype(np.float64), starts, axis=axis)
    return np.asarray(np.rint(total / np.expand_dims(width, tuple(i for i in range(3) if i != axis))).astype(np.uint8))


def _webp(image: Array) -> bytes | None:
    try:
        from PIL import Image, features
    except ImportError:
        return None
    if not features.check("webp"):
        return None
    content = io.BytesIO()
    Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image).convert("RGBA" if image.shape[2] == 4 else "RGB").save(content, "WEBP", quality=80)
    return content.getvalue()
