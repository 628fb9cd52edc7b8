"""What is installed works from end to end: `smoke.py`, with and without TensorFlow."""

from __future__ import annotations

import json
from pathlib import Path

from tests.packaging.fixtures import ROOT, SMOKE, Environment


def test_the_wheel_works_without_tensorflow(without_tensorflow: Environment, tmp_path: Path) -> None:
    said = json.loads(without_tensorflow.run(SMOKE, tmp_path, "--loader", "python", cwd=tmp_path).splitlines()[-1])

    assert Path(said["layerscope"]).is_relative_to(without_tensorflow.folder)
    assert said["tensorflow"] is None


def test_the_sdist_works_with_tensorflow_and_logs_a_fit(with_tensorflow: Environment, tmp_path: Path) -> None:
    said = json.loads(with_tensorflow.run(SMOKE, tmp_path, "--keras", "--loader", "rust", cwd=tmp_path).splitlines()[-1])

    assert Path(said["layerscope"]).is_relative_to(with_tensorflow.folder)
    assert said["tensorflow"] is not None


def test_no_source_of_the_repository_is_within_reach(without_tensorflow: Environment, tmp_path: Path) -> None:
    found = without_tensorflow.run("-c", "import sys; print(*sys.path, sep='\\n')", cwd=tmp_path).splitlines()

    assert str(ROOT) not in found
