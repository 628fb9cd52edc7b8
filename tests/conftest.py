"""What all tests share: Keras on TensorFlow, quiet, and no test that meets the state of another."""

from __future__ import annotations

import os

# Before anything imports them: one backend, no remarks on the processor, one thread pool a test.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")

pytest_plugins = ["tests.packaging.fixtures"]
