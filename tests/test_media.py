"""Samples to look at: pictures against Pillow's decoder, texts and rows as they were."""

from __future__ import annotations

import io
import sys
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

from writers.media import MOST_TEXT, look, picture, pixels, png, short, thumbnail

Array = np.ndarray[Any, Any]


def read(content: bytes) -> Array:
    return np.asarray(Image.open(io.BytesIO(content)))


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3, 4]), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_a_small_picture_is_kept_to_the_bit(rows: int, columns: int, channels: int, seed: int) -> None:
    image = np.random.default_rng(seed).integers(0, 256, (rows, columns, channels), dtype=np.uint8)
    media, content = picture(thumbnail(image))

    assert media == "image/png"
    assert_array_equal(read(content).reshape(image.shape), image)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_large_picture_is_made_small(channels: int) -> None:
    smooth = np.add.outer(np.arange(300), np.arange(200))[:, :, None] // 2 + np.zeros(channels)
    media, content = picture(thumbnail(np.where(np.arange(channels) == 3, 255, smooth).astype(np.uint8)))

    assert media == "image/webp"
    found = read(content)
    assert found.shape[:2] == (96, 64)
    assert len(content) < 3000
    assert_allclose(found[48, 32, 0], smooth[150, 100, 0], atol=8)


def test_each_pixel_of_a_smaller_picture_is_a_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)  # as where Pillow is not installed
    image = np.random.default_rng(0).integers(0, 256, (192, 96, 3), dtype=np.uint8)
    media, content = picture(thumbnail(image))
    monkeypatch.undo()

    assert media == "image/png"
    assert_allclose(read(content), image.reshape(96, 2, 48, 2, 3).mean(axis=(1, 3)), atol=1.01)


@given(st.integers(1, 500), st.integers(1, 500))
@settings(max_examples=20)
def test_a_thumbnail_keeps_its_shape_within_its_bounds(rows: int, columns: int) -> None:
    _, content = picture(thumbnail(np.zeros((rows, columns, 1), np.uint8)))
    found = read(content)

    assert max(found.shape[:2]) <= 96
    assert abs(found.shape[0] - max(1, rows * min(1, 96 / max(rows, columns)))) <= 0.5


def example(sample: Any) -> tuple[str, bytes]:
    return look(sample).file()


def test_pixels_are_what_was_declared_or_what_is_told() -> None:
    assert pixels(np.array([[0.0, 0.5, 1.0]]))[0, :, 0].tolist() == [0, 128, 255]
    assert pixels(np.array([[0.25, 0.5]]))[0, :, 0].tolist() == [64, 128]
    assert pixels(np.array([[-2.0, 0.0, 2.0]]))[0, :, 0].tolist() == [0, 128, 255]
    assert pixels(np.array([[-2.0, 0.0, 2.0]]), (0, 1))[0, :, 0].tolist() == [0, 0, 255]
    assert pixels(np.array([[7, 9]], np.uint8))[0, :, 0].tolist() == [7, 9]
    assert pixels(np.array([[True, False]]))[0, :, 0].tolist() == [255, 0]
    assert pixels(np.array([[np.nan, 1.0]]))[0, :, 0].tolist() == [0, 255]
    assert pixels(np.full((2, 2), 5.0))[0, :, 0].tolist() == [0, 0]
    assert pixels(np.zeros((3, 8, 9))).shape == (8, 9, 3)
    for shape in [(8, 9, 2), (0, 4), (5, 5, 5)]:
        with pytest.raises(ValueError, match="1, 3 or 4 channels"):
            pixels(np.zeros(shape))


def test_what_a_sample_is_is_seen_by_its_shape() -> None:
    assert example("<b>שלום</b>") == ("text/plain", "<b>שלום</b>".encode())
    assert example(np.str_("a")) == example(b"a") == ("text/plain", b"a")
    assert example(np.array("a", object)) == ("text/plain", b"a")
    assert example([1, np.nan]) == ("features", np.array([1, np.nan], "<f4").tobytes())
    assert example(np.array([1, 2.5], object)) == ("features", np.array([1, 2.5], "<f4").tobytes())
    assert example(torch.zeros(2, requires_grad=True))[0] == "features"
    assert example(torch.zeros(3, 8, 9, dtype=torch.bfloat16))[0] == "image/png"
    for bad in (np.zeros((2, 2, 2, 2)), 5.0):
        with pytest.raises(ValueError, match="inputs that can be shown"):
            example(bad)
    with pytest.raises(TypeError, match="holds complex128"):
        example(np.zeros(2, complex))


@given(st.text(max_size=3000) | st.integers(600, 800).map("🦊".__mul__))
@settings(max_examples=60)
def test_a_text_is_cut_between_characters(text: str) -> None:
    content = short(text)

    assert len(content) <= MOST_TEXT
    found = content.decode()
    assert found == text.encode(errors="replace").decode() or (found.endswith("…") and text.startswith(found[:-1]))


def test_png_has_what_the_format_asks_for() -> None:
    with Image.open(io.BytesIO(png(np.zeros((2, 3, 1), np.uint8)))) as found:
        found.verify()
        assert (found.format, found.size, found.mode) == ("PNG", (3, 2), "L")
