"""`make versions`: tries the wheel on each Python with the oldest and the newest of what it requires; the table goes into docs/install.md."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import uv

from scripts.processes import ROOT
from scripts.tables import put, table

PAGE = ROOT / "docs" / "install.md"
SMOKE = ROOT / "tests" / "packaging" / "smoke.py"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
SHOWN = ("tensorboard", "numpy", "scipy", "safetensors", "google-crc32c", "protobuf", "tensorflow", "keras")

_OLDEST = ("--resolution", "lowest-direct", "--only-binary", ":all:")
_PKG_RESOURCES = "setuptools>=77,<81"
"""TensorBoard imports pkg_resources up to 2.20, and newer setuptools come without."""

_PYENV = [str(folder) for folder in Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")).glob("versions/3.*/bin")]
_ENVIRONMENT = os.environ | {
    "PATH": os.pathsep.join([*_PYENV, os.environ["PATH"]]),
    "UV_PYTHON_DOWNLOADS": "never",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
}


@dataclass(frozen=True)
class Set:
    """What is tried together.

    Attributes:
        python: The version of Python.
        is_oldest: The oldest of each requirement that installs on it; else the newest.
        has_keras: With TensorFlow and Keras, and a fit.
    """

    python: str
    is_oldest: bool
    has_keras: bool

    def __str__(self) -> str:
        return f"Python {self.python}, {'oldest' if self.is_oldest else 'newest'}{', with Keras' if self.has_keras else ''}"


def main() -> int:
    """Tries, prints, writes; 1 where something did not hold."""
    pythons = {version: path for version in PYTHONS if (path := _python(version)) is not None}
    rows, failed = [], [f"Python {version} is claimed, and not found here" for version in PYTHONS if version not in pythons]
    with tempfile.TemporaryDirectory() as folder:
        wheel = _wheel(Path(folder))
        for tried in _sets(pythons):
            try:
                versions = _try(tried, pythons[tried.python], wheel, Path(folder, "env"))
            except subprocess.CalledProcessError as error:
                failed.append(f"{tried}: {error.stderr[-2000:]}")
                print(failed[-1], flush=True)
                continue
            rows.append((versions["python"], "oldest" if tried.is_oldest else "newest", *(versions[name] or "–" for name in SHOWN)))
            print(*rows[-1], sep="  ", flush=True)
    print("\n".join(failed) or "all hold")
    if not failed:
        put(PAGE, "versions", table(("Python", "of each", *SHOWN), rows))
    return bool(failed)


def _sets(pythons: dict[str, Path]) -> Iterator[Set]:
    for has_keras in (False, True):
        for python in pythons:
            yield Set(python, True, has_keras)
            yield Set(python, False, has_keras)


def _python(version: str) -> Path | None:
    done = subprocess.run([uv.find_uv_bin(), "python", "find", "--no-project", version], env=_ENVIRONMENT, capture_output=True, text=True)
    return Path(done.stdout.strip()) if done.returncode == 0 else None


def _wheel(folder: Path) -> Path:
    _run(uv.find_uv_bin(), "build", "--quiet", "--wheel", "--out-dir", folder, ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def _try(tried: Set, python: Path, wheel: Path, environment: Path) -> dict[str, str | None]:
    """Installs and runs the smoke test; what it ran on.

    Raises:
        subprocess.CalledProcessError: It cannot be installed, or does not work.
    """
    shutil.rmtree(environment, ignore_errors=True)
    _run(uv.find_uv_bin(), "venv", "--quiet", "--no-project", "--python", python, environment)
    own = environment / "bin" / "python"
    wanted = [str(wheel), *_claims(wheel, with_tensorflow=tried.has_keras)]
    if tried.is_oldest:
        wanted += [_PKG_RESOURCES, *_OLDEST]
    _run(uv.find_uv_bin(), "pip", "install", "--quiet", "--python", own, *wanted)
    logs = environment / "tried"
    logs.mkdir()
    said = _run(own, "-I", SMOKE, logs, *(["--keras"] if tried.has_keras else []))
    versions: dict[str, str | None] = json.loads(said.splitlines()[-1])
    return versions


def _claims(wheel: Path, *, with_tensorflow: bool) -> Iterator[str]:
    """What the wheel says that it requires, a line each: named directly, the oldest is what is resolved."""
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        lines: list[str] = message_from_bytes(archive.read(metadata)).get_all("Requires-Dist", [])
    for line in lines:
        requirement, _, condition = line.partition(";")
        if "extra" not in condition:
            yield line
        elif with_tensorflow and condition.strip() == 'extra == "tensorflow"':
            yield requirement


def _run(*command: str | Path) -> str:
    return subprocess.run(command, env=_ENVIRONMENT, cwd=tempfile.gettempdir(), check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
