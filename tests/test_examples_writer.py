"""Kind `examples`: contents come back byte for byte."""

from __future__ import annotations

import numpy as np
import pytest

from tb_plugin.schema import record
from tb_plugin.schema.examples import Examples
from writers import examples


def test_contents_come_back_as_they_were() -> None:
    features = np.array([1.5, np.nan], "<f4").tobytes()
    contents = [("image/png", b"\x89PNG\x00\xff"), ("text/plain", "<b>שלום</b>".encode()), ("features", features), ("text/plain", b"")]
    made = examples.of(contents, numbers=[4, 1, 9, 0], feature_names=["age", "income"])  # type: ignore[arg-type]

    found = record.payload_of(record.decode(record.encode(made, writer="w", ordinal=0)))
    assert isinstance(found, Examples)
    starts = [0, *found.content_end[:-1]]
    assert [(m, found.content[a:b].tobytes()) for m, a, b in zip(found.media, starts, found.content_end, strict=True)] == contents
    assert found.number.tolist() == [4, 1, 9, 0]


def test_nothing_is_an_example_too() -> None:
    assert len(examples.of([], numbers=[]).content) == 0


def test_features_without_names_and_ids_that_come_again_are_refused() -> None:
    with pytest.raises(ValueError, match="example 0 must be one float32 for each of the 1 features; it is 3 bytes"):
        examples.of([("features", b"abc")], numbers=[0], feature_names=["age"])
    with pytest.raises(ValueError, match="1 of 2 come again"):
        examples.of([("text/plain", b""), ("text/plain", b"")], numbers=[5, 5])
