"""What `Evaluation` writes comes back from both of TensorBoard's loaders, to the last count."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from layerscope import Evaluation, RunWriter
from tests.server.conftest import Tab


@pytest.mark.parametrize("exact_bytes", [10**8, 0], ids=["exact", "binned"])
def test_all_of_an_evaluation_comes_back(open_tab: Callable[..., Tab], exact_bytes: int, tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    truth = random.integers(0, 3, 200)
    logits = random.normal(size=(200, 3)).astype(np.float32)
    evaluation = Evaluation(["cat", "dog", "owl"], score="logit", examples=20, exact_bytes=exact_bytes)
    pictures = random.integers(0, 256, (200, 64, 64, 3), dtype=np.uint8)
    evaluation.update(truth, logits, random.random(200), ids=[f"{i}.png" for i in range(200)], inputs=pictures)
    with RunWriter(tmp_path / "run") as run:
        evaluation.write(run, "validation", 40, epoch=1)
        evaluation.write(run, "validation", 80, epoch=2)
    tab = open_tab(tmp_path, 6)

    for kind, payload in evaluation.payloads().items():
        answer = tab.arrays("/points", run="run", tag=f"validation/{kind}")
        (segment,) = answer.segments
        steps = [40] if kind == "examples" else [40, 80]  # the second evaluation has no other examples
        assert (segment["kind"], [point["step"] for point in segment["points"]], answer.problems) == (kind, steps, [])
        if kind != "examples":
            assert [point["fields"]["epoch"] for point in segment["points"]] == [1, 2]
        for name, value in vars(payload).items():
            if isinstance(value, np.ndarray):
                for read in answer.parts(0, name):
                    assert_array_equal(read, value.astype(np.float32) if value.dtype == np.float16 else value, name)
