"""Importing this checks that the parts of Layerscope are ours: they have plain names, which a user's own file may take."""

from __future__ import annotations

import importlib.util
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DISTRIBUTION = "tensorboard-plugin-layerscope"
"""Its name in the index of packages."""


def check(part: str, home: Path) -> None:
    """Raises ImportError unless the package `part` that Python would import lies in the folder `home`, naming what stands in its way."""
    try:
        spec = importlib.util.find_spec(part)
    except ValueError:  # a module of that name was made by hand and has no origin
        raise ImportError(f"layerscope needs its own package {part!r}, but a module of that name without a file is loaded already") from None
    if spec is None or spec.origin is None:
        raise ImportError(f"layerscope needs its package {part!r}, which is not there: pip install --force-reinstall {DISTRIBUTION}")
    if Path(spec.origin).resolve() != home / part / "__init__.py":
        raise ImportError(f"layerscope needs its own package {part!r}, but {spec.origin} stands in its way: rename that file or folder")


def installed_version(distribution: str) -> str | None:
    """The version of a distribution in this environment; None where it is not installed."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


for _part in ("tb_plugin", "writers"):
    check(_part, Path(__file__).resolve().parents[1])
