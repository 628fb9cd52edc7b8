"""Each test begins with Keras as after its import: names and random numbers start anew."""

from __future__ import annotations

import keras
import pytest


@pytest.fixture(autouse=True)
def fresh_keras() -> None:
    keras.utils.clear_session(free_memory=False)
    keras.utils.set_random_seed(0)
