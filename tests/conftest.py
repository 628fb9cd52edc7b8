"""What all tests share: Keras on TensorFlow, quiet, and no test that meets the state of another."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Before anything imports them: one backend, no remarks on the processor, one thread pool a test.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

# How long an example takes says how busy the machine is, not whether the code is right.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

pytest_plugins = ["tests.packaging.fixtures"]

_LONG = ("packaging", "e2e", "keras", "tensorflow", "torch")
"""Folders whose files take longest: environments, browsers, trainings."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first: workers take file after file, and at the end none has a long one while the others have none."""
    items.sort(key=lambda item: _rank(item.path))


def _rank(path: Path) -> int:
    return _LONG.index(path.parent.name) if path.parent.name in _LONG else len(_LONG)
