"""Samples to look at, as a payload."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tb_plugin.schema.examples import Examples, Media
from writers.samples import ids_of


def of(contents: Sequence[tuple[Media, bytes]], *, numbers: Any, ids: Sequence[str] | None = None, feature_names: Sequence[str] = ()) -> Examples:
    """Some samples as a person can see them.

    Args:
        contents: What each is, and its bytes: a file of an image, UTF-8, or float32 features, little-endian.
        numbers: Number of each sample, as in `samples`.
        ids: Id of each, where ids are texts.
        feature_names: Names of the features.

    Raises:
        ValueError: Two have the same id, lengths differ, or an example has not one value for each feature.
    """
    texts, _ = ids_of(ids, len(contents))
    for i, (media, content) in enumerate(contents):
        if media == "features" and len(content) != 4 * len(feature_names):
            raise ValueError(f"example {i} must be one float32 for each of the {len(feature_names)} features; it is {len(content)} bytes")
    _, numbers = ids_of(numbers, len(contents))
    return Examples(
        ids=texts,
        media=tuple(media for media, _ in contents),
        feature_names=tuple(feature_names),
        number=numbers,
        content_end=np.cumsum([len(content) for _, content in contents], dtype=np.int64),
        content=np.frombuffer(b"".join(content for _, content in contents), np.uint8),
    )
