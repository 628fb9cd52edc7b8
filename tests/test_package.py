"""What `pip install` brings: the tab's entry point, and a page that was built from these sources."""

from __future__ import annotations

import runpy
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from tb_plugin.loader import LayerscopeLoader

ROOT = Path(__file__).resolve().parents[1]


def test_tensorboard_finds_the_plugin_without_a_flag() -> None:
    (found,) = [point for point in entry_points(group="tensorboard_plugins") if point.name == "layerscope"]

    assert found.load() is LayerscopeLoader


@pytest.fixture
def building(tmp_path: Path) -> dict[str, Any]:
    """The names of setup.py, for a copy of the project with one source and a page built from it."""
    (tmp_path / "setup.py").write_text((ROOT / "setup.py").read_text(encoding="utf-8"), encoding="utf-8")
    for path in ["frontend/src/index.ts", "frontend/package-lock.json", "tb_plugin/static/index.js"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("{}", encoding="utf-8")
    names = runpy.run_path(str(tmp_path / "setup.py"))
    names["DIGEST"].write_text(names["source_digest"](), encoding="ascii")
    return names


def test_a_page_built_from_these_sources_is_not_built_again(building: dict[str, Any]) -> None:
    assert not building["is_stale"]()


@pytest.mark.parametrize("path", ["frontend/src/index.ts", "frontend/src/new.tsx", "frontend/package-lock.json"])
def test_a_changed_source_makes_the_page_stale(building: dict[str, Any], path: str) -> None:
    (building["ROOT"] / path).write_text("changed", encoding="utf-8")

    assert building["is_stale"]()


@pytest.mark.parametrize("path", ["frontend/src/index.test.ts", "frontend/node_modules/a.js"])
def test_what_is_not_in_the_page_does_not(building: dict[str, Any], path: str) -> None:
    (building["ROOT"] / path).parent.mkdir(exist_ok=True)
    (building["ROOT"] / path).write_text("changed", encoding="utf-8")

    assert not building["is_stale"]()


def test_without_the_page_it_is_built_and_without_its_sources_it_cannot_be(building: dict[str, Any]) -> None:
    (building["STATIC"] / "index.js").unlink()
    assert building["is_stale"]()

    (building["FRONTEND"] / "package-lock.json").unlink()
    assert not building["is_stale"]()
