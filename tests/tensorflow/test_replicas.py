"""A training that is spread over devices."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np


def test_two_replicas_tell_what_one_device_does_and_train_as_without() -> None:
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-m", "tests.tensorflow.replicas"], cwd=root, capture_output=True, text=True, check=True)
    (_, unwatched), (spread, watched), (alone, _) = json.loads(done.stdout)

    assert watched == unwatched
    for ours, theirs in zip(spread, alone, strict=True):
        np.testing.assert_allclose(np.array(ours, float), np.array(theirs, float), rtol=1e-4, atol=1e-6)
    assert done.stderr.count("Layerscope") == 1
    assert "Layerscope does not tell of weights and gradients here: it trains under Other" in done.stderr
