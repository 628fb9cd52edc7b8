"""Golden examples: an image, a text and features."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_plugin.schema.examples import Examples
from tb_plugin.schema.payload import Payload

_CONTENTS = (b"RIFF\x00\x00\x00\x00WEBP", "<script>שלום</script>".encode(), np.array([1.5, np.inf], "<f4").tobytes(), b"")

POINTS: Sequence[tuple[int, Payload]] = [
    (
        45,
        Examples(
            ids=("img/0001.png", "<b>🦊</b>", "שלום", ""),
            media=("image/webp", "text/plain", "features", "image/png"),
            feature_names=("age", "income"),
            number=np.array([0, 1, 2, 2**40]),
            content_end=np.cumsum([len(content) for content in _CONTENTS]),
            content=np.frombuffer(b"".join(_CONTENTS), np.uint8),
        ),
    ),
    (90, Examples(media=(), number=np.zeros(0, np.int64), content_end=np.zeros(0, np.int64), content=np.zeros(0, np.uint8))),
]
