"""A small budget of each fuzz target, the same each time; `make fuzz` takes minutes and other paths each time."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.strategies import STRATEGIES
from tests.fuzz.targets import TARGETS, golden_client, good_event, good_file, seeds

BUDGET: Mapping[str, int] = {"record": 200, "container": 200, "event": 25, "event file": 25, "query": 150, "Keras model": 100, "name": 200}


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_are_read_or_refused(name: str) -> None:
    @settings(max_examples=BUDGET[name], derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STRATEGIES[name])
    def one(data: bytes) -> None:
        TARGETS[name](data)

    one()


def test_what_is_good_is_read() -> None:
    """The seeds: were they refused, the fuzzer would only knock at the door."""
    for data in seeds():
        TARGETS["record"](data)
        TARGETS["container"](zlib.decompress(data))
    TARGETS["event file"](good_file())
    TARGETS["event"](good_event())
    assert golden_client().get("/data/plugin/layerscope/runs").status_code == 200
