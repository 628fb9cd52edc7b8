"""The public face: its names, and what it says when another file takes the place of a part."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import layerscope
from layerscope._installation import check

ROOT = Path(__file__).resolve().parents[1]


def run(source: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A user's program: started in a folder of theirs, which Python then looks into first."""
    (folder / "train.py").write_text(source)
    return subprocess.run([sys.executable, "train.py"], cwd=folder, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True, check=False)


def test_every_public_name_is_there() -> None:
    assert sorted(layerscope.__all__) == layerscope.__all__
    for name in layerscope.__all__:
        assert getattr(layerscope, name) is not None


@pytest.mark.parametrize("part", ["writers", "tb_plugin"])
@pytest.mark.parametrize("form", ["{}.py", "{}/__init__.py"])
def test_a_users_file_in_the_way_is_named(tmp_path: Path, part: str, form: str) -> None:
    in_the_way = tmp_path / form.format(part)
    in_the_way.parent.mkdir(exist_ok=True)
    in_the_way.touch()
    done = run("import layerscope", tmp_path)

    assert done.stderr.splitlines()[-1].startswith(f"ImportError: layerscope needs its own package '{part}', but {in_the_way} stands in its way: rename")


def test_a_folder_of_that_name_that_is_no_package_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "writers").mkdir()
    done = run("import layerscope; print(layerscope.__version__)", tmp_path)

    assert done.stdout.strip() == layerscope.__version__, done.stderr


def test_a_module_without_a_file_and_a_missing_part_are_told_apart(tmp_path: Path) -> None:
    done = run("import sys, types; sys.modules['writers'] = types.ModuleType('writers'); import layerscope", tmp_path)
    assert "a module of that name without a file is loaded already" in done.stderr

    with pytest.raises(ImportError, match="which is not there: pip install"):
        check("no_such_part", ROOT)
