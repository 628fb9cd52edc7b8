"""This Python environment: versions, and whether its TensorBoard will show the tab."""

from __future__ import annotations

import platform
import sys
from importlib import metadata
from pathlib import Path

import tb_plugin
from layerscope._installation import DISTRIBUTION, installed_version
from layerscope.doctor.report import Section, Trouble

OLDEST_TENSORBOARD = (2, 16)

_GROUP = "tensorboard_plugins"
_LISTED = (DISTRIBUTION, "tensorboard", "tensorboard-data-server", "numpy", "scipy", "safetensors", "tensorflow", "keras", "torch", "jax")


def examine() -> Section:
    """Versions, the entry point, and whether the page was built."""
    versions = {name: installed_version(name) for name in _LISTED}
    section = Section("Environment", [f"Python {platform.python_version()} ({sys.executable})"])
    section.lines += [f"{name} {version}" for name, version in versions.items() if version is not None]
    section.problems += [*_tensorboard(versions["tensorboard"]), *_entry_point(), *_page(Path(tb_plugin.__file__).parent / "static")]
    if versions["tensorboard-data-server"] is None:
        section.lines.append("no tensorboard-data-server: TensorBoard reads with its slower Python loader")
    return section


def installed_at() -> float | None:
    """When the distribution was installed, in seconds since 1970; None where only the sources are there."""
    # All of that name: a clone in which a wheel was built holds another, of the sources, that Python finds first.
    files = (file for found in metadata.distributions(name=DISTRIBUTION) for file in found.files or [])
    found = [Path(str(file.locate())) for file in files if file.name == "METADATA"]
    return next((path.stat().st_mtime for path in found if path.is_file()), None)


def _tensorboard(version: str | None) -> list[Trouble]:
    if version is None:
        return [Trouble("TensorBoard is not installed as a package of this environment", f"pip install --upgrade {DISTRIBUTION}")]
    numbers = tuple(int(part) for part in version.split(".")[:2] if part.isdigit())
    if numbers < OLDEST_TENSORBOARD:
        return [Trouble(f"TensorBoard {version} is older than this plugin can serve", "pip install --upgrade tensorboard")]
    return []


def _entry_point() -> list[Trouble]:
    points = [point for point in metadata.entry_points(group=_GROUP) if point.name == "layerscope"]
    if not points:
        fix = f"Install it into this environment: {sys.executable} -m pip install {DISTRIBUTION} (from a clone: pip install .)"
        return [Trouble("this environment's TensorBoard does not see the plugin", fix)]
    try:
        points[0].load()
    except (ImportError, AttributeError) as error:
        return [Trouble(f"the plugin cannot be loaded: {error}", f"{sys.executable} -m pip install --force-reinstall {DISTRIBUTION}")]
    return []


def _page(static: Path) -> list[Trouble]:
    if (static / "index.js").is_file():
        return []
    return [Trouble("the page was not built, so the tab stays empty", 'Run "make setup" in the clone, or "pip install ." again, then restart TensorBoard.')]
