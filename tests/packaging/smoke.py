"""Layerscope as it is installed, tried from end to end: `python smoke.py FOLDER [--keras]`, by the Python of any environment.

It writes a run, reads it back, and asks a real TensorBoard for it on each of its loaders; with `--keras`, `fit` writes one more.
Only what the wheel requires is imported. Prints, as JSON, the versions of what it ran on, or ends with an error.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("tensorboard", "numpy", "scipy", "safetensors", "google-crc32c", "protobuf", "keras", "tensorflow")
MATRIX = "validation/confusion_matrix"
Y_TRUE, Y_PRED = [0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 2, 0]
LOADERS = {"python": "--load_fast=false", "rust": "--load_fast=true"}
_PATIENCE = 60.0


def main() -> None:
    """Tries all of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="an empty folder to work in")
    parser.add_argument("--keras", action="store_true", help="with a fit of two steps")
    parser.add_argument("--loader", choices=LOADERS, action="append", help="these of TensorBoard's loaders")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.resolve()
    logs = folder / "logs"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        import layerscope

        home = Path(layerscope.__file__).resolve().parents[1]
        write(logs / "plain")
        read(logs)
        if arguments.keras:
            fit(logs / "fitted")
    ours = [str(warning) for warning in caught if Path(warning.filename).is_relative_to(home / "layerscope") or _is_of_parts(warning.filename, home)]
    assert not ours, "\n".join(ours)
    # Beside TensorFlow TensorBoard takes long to start, and what its loaders read is the same.
    for loader in arguments.loader or (["rust"] if arguments.keras else LOADERS):
        with tensorboard(logs, LOADERS[loader]) as address:
            ask(address, keras=arguments.keras)
    alone = os.environ | {"TMPDIR": str(folder)}  # where TensorBoards leave word of themselves: others on this machine are not what is tried
    doctor = subprocess.run([sys.executable, "-m", "layerscope", "doctor", "logs"], cwd=folder, env=alone, capture_output=True, text=True)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    print(json.dumps({"python": platform.python_version(), "layerscope": str(home), **{name: _version(name) for name in PACKAGES}}))


def write(run_directory: Path) -> None:
    """One scalar and one confusion matrix."""
    from layerscope import RunWriter, confusion_matrix

    with RunWriter(run_directory) as run:
        run.write("loss", 0.5, 10)
        run.write(MATRIX, confusion_matrix.from_predictions(Y_TRUE, Y_PRED, labels=["cat", "dog", "owl"]), 10)


def read(logdir: Path) -> None:
    """The same matrix comes back, without a server."""
    from tb_plugin.open import open_logdir
    from tb_plugin.store import Caller

    store = open_logdir(logdir)
    found = store.find(Caller.local(), "plain", MATRIX)
    assert found is not None, store.listing(Caller.local())
    points = store.points(Caller.local(), found)
    assert not points.problems, points.problems
    (point,) = points.points
    arrays = {name: point.arrays[name].tolist() for name in ("row_end", "column", "count")}
    # The row after the classes is for samples whose truth is unknown.
    assert arrays == {"row_end": [2, 3, 5, 5], "column": [0, 1, 1, 0, 2], "count": [1, 1, 2, 1, 1]}, arrays


def fit(logdir: Path) -> None:
    """Two steps of a Keras training, with its validation."""
    import keras
    import numpy as np

    from layerscope.keras import Layerscope

    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    x, y = np.zeros((8, 4), np.float32), np.arange(8) % 3
    model.fit(x, y, batch_size=4, validation_data=(x, y), callbacks=[Layerscope(str(logdir), labels=["cat", "dog", "owl"])], verbose=0)


@contextmanager
def tensorboard(logdir: Path, *flags: str, python: Path = Path(sys.executable)) -> Iterator[str]:
    """The address of a TensorBoard of this environment, or of another Python's."""
    command = [str(python), "-m", "tensorboard.main", "--logdir", str(logdir), "--port", "0", "--host", "localhost", "--reload_interval=1", *flags]
    log = logdir.parent / "tensorboard.log"
    with log.open("w") as output, subprocess.Popen(command, cwd=logdir.parent, stdout=output, stderr=output) as process:
        try:
            yield _until(lambda: _address(process, log))
        finally:
            process.terminate()


def ask(address: str, *, keras: bool) -> None:
    """What TensorBoard's page asks for, and ours."""
    _until(lambda: _listed(address)["enabled"])  # once something that it shows was found
    assert b"render" in _get(f"{address}{_listed(address)['loading_mechanism']['module_path']}")

    routes = f"{address}/data/plugin/layerscope"
    wanted = {("plain", "confusion_matrix"), ("plain", "scalars")}
    if keras:
        wanted |= {("fitted/layerscope", kind) for kind in ("confusion_matrix", "structure", "training_facts", "tensor_stats", "scalars")}

    def missing() -> set[tuple[str, str]]:
        return wanted - _kinds(json.loads(_get(f"{routes}/runs")))

    _until(lambda: not missing(), missing)
    query = urllib.parse.urlencode({"run": "plain", "tag": MATRIX})
    assert b"confusion_matrix" in _get(f"{routes}/points?{query}")
    assert sorted(json.loads(_get(f"{routes}/order?{query}"))["order"]) == [0, 1, 2]  # SciPy's


def _listed(address: str) -> dict[str, Any]:
    listed: dict[str, Any] = json.loads(_get(f"{address}/data/plugins_listing"))["layerscope"]
    return listed


def _kinds(runs: dict[str, Any]) -> set[tuple[str, str]]:
    assert not runs["problems"], runs["problems"]
    return {(series["run"], series["kind"]) for training in runs["trainings"] for series in training["series"]}


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    said = log.read_text(errors="replace")
    assert process.poll() is None, said
    found = re.search(r"TensorBoard \S+ at (http\S+?)/? ", said)
    return found[1] if found else ""


def _until(condition: Callable[[], Any], unmet: Callable[[], object] = str) -> Any:
    """What `condition` gives, once that is true; after a minute in vain the error says what `unmet` gives."""
    end = time.monotonic() + _PATIENCE
    while not (given := condition()):
        assert time.monotonic() < end, f"waited {_PATIENCE} s in vain {unmet()}"
        time.sleep(0.1)
    return given


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:
        content: bytes = answer.read()
        return content


def _is_of_parts(filename: str, home: Path) -> bool:
    return any(Path(filename).is_relative_to(home / part) for part in ("tb_plugin", "writers"))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    main()
