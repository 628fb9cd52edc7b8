"""Distributions built from the sources as they are, and environments that they are installed in; each once for all workers."""

from __future__ import annotations

import os
import runpy
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uv

from tests.made_once import made_once

ROOT = Path(__file__).resolve().parents[2]
SMOKE = Path(__file__).with_name("smoke.py")
_VERSIONS = ROOT / "requirements" / "dev.txt"
_NOT_SOURCES = shutil.ignore_patterns(".*", "node_modules", "build", "dist", "logs", "__pycache__", "*.egg-info", "static.building")
_NO_NODE = {"PATH": "", "HOME": os.environ.get("HOME", "")}


@dataclass(frozen=True)
class Environment:
    """A virtual environment."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def run(self, *arguments: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
        """What Python says when it is run like this, without what `PYTHON…` variables or the working directory would add."""
        return _output([self.python, "-I", *arguments], cwd=cwd, env=env)

    def install(self, *arguments: str | Path) -> None:
        """Installs, in the versions that the tests use, with what the index has of them."""
        _output([uv.find_uv_bin(), "pip", "install", "--quiet", "--python", self.python, "--constraint", _VERSIONS, *arguments], cwd=self.folder)

    def install_alone(self, *arguments: str | Path) -> None:
        """Installs with nothing to be found but what is here: no index, no requirements, no build environment, no Node."""
        command = [uv.find_uv_bin(), "pip", "install", "--quiet", "--python", self.python, "--no-index", "--no-deps", "--no-build-isolation", *arguments]
        _output(command, cwd=self.folder, env=_NO_NODE)

    def hook(self, name: str, *arguments: object, cwd: Path) -> Any:
        """What one of the hooks by which pip and others build says, in a folder of sources."""
        program = f"from setuptools import build_meta; print(); print(repr(build_meta.{name}(*{arguments!r})))"
        (*_, said) = self.run("-c", program, cwd=cwd, env=_NO_NODE).splitlines()
        return eval(said, {})


def new_environment(folder: Path) -> Environment:
    """An environment with nothing in it."""
    _output([uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, folder], cwd=folder.parent)
    return Environment(folder)


def _output(command: list[str | Path], *, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def builder(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with setuptools and nothing else, not even Node."""
    return Environment(made_once(tmp_path_factory, "builder", lambda folder: new_environment(folder / "env").install("setuptools")) / "env")


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, as a clone has them after `make frontend` and after an install of an older version."""

    def copy(parent: Path) -> None:
        folder = Path(shutil.copytree(ROOT, parent / "layerscope", ignore=_NOT_SOURCES))
        # Whether the page is as new as its sources is not what is tested: it is taken as it is.
        names = runpy.run_path(str(folder / "setup.py"))
        names["DIGEST"].write_text(names["source_digest"]() + "\n", encoding="ascii")
        for left in ("tb_plugin/removed_since.py", "old_name/__init__.py"):
            (folder / "build" / "lib" / left).parent.mkdir(parents=True, exist_ok=True)
            (folder / "build" / "lib" / left).write_text("", encoding="utf-8")

    return made_once(tmp_path_factory, "tree", copy) / "layerscope"


@pytest.fixture(scope="session")
def sdist(tree: Path, builder: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sdist of these sources."""
    (made,) = made_once(tmp_path_factory, "sdist", lambda folder: builder.hook("build_sdist", str(folder), cwd=tree)).iterdir()
    return made


@pytest.fixture(scope="session")
def unpacked(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the sdist holds."""

    def unpack(folder: Path) -> None:
        with tarfile.open(sdist) as archive:
            archive.extractall(folder, filter="data")

    (only,) = made_once(tmp_path_factory, "unpacked", unpack).iterdir()
    return only


@pytest.fixture(scope="session")
def wheel(unpacked: Path, builder: Environment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built from the sdist, as `python -m build` does."""

    def build(folder: Path) -> None:
        # Building leaves files behind, and another worker may just be looking at what the sdist holds.
        builder.hook("build_wheel", str(folder), cwd=shutil.copytree(unpacked, folder / "sources"))

    (made,) = made_once(tmp_path_factory, "wheel", build).glob("*.whl")
    return made


@pytest.fixture(scope="session")
def without_tensorflow(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A fresh environment with the wheel and what it requires."""
    return Environment(made_once(tmp_path_factory, "without_tensorflow", lambda folder: new_environment(folder / "env").install(wheel)) / "env")


@pytest.fixture(scope="session")
def with_tensorflow(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with the sdist, and behind it the tests' own TensorFlow, whose install would take minutes."""
    environment = new_environment(tmp_path_factory.mktemp("with_tensorflow") / "env")
    environment.install("setuptools")
    environment.install_alone(sdist)
    (packages,) = environment.folder.glob("lib/python*/site-packages")
    # Without what .pth files there add: the editable install of the sources is one.
    (packages / "tests_own.pth").write_text(str(Path(uv.__file__).resolve().parents[1]) + "\n", encoding="utf-8")
    return environment
