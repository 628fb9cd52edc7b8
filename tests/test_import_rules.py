"""Who may import whom: read off the sources, and off `sys.modules` of a fresh interpreter."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FRAMEWORKS = {"jax", "keras", "lightning", "sklearn", "tensorboardX", "tensorflow", "torch"}
HEAVY = FRAMEWORKS | {"scipy"}


class Import:
    """One import statement: who imports what, and whether it happens when the file is imported."""

    def __init__(self, path: Path, line: int, name: str, at_import: bool) -> None:
        self.path, self.line, self.name, self.at_import = path, line, name, at_import
        self.top = name.split(".")[0]

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.name}"


def imports(folder: Path) -> Iterator[Import]:
    for path in sorted(folder.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        later = {id(node) for scope in ast.walk(tree) if _runs_later(scope) for node in ast.walk(scope)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (Import(path, node.lineno, alias.name, id(node) not in later) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = "." * node.level + (node.module or "")
                yield from (Import(path, node.lineno, f"{module}.{alias.name}", id(node) not in later) for alias in node.names)


def _runs_later(scope: ast.AST) -> bool:
    """Whether importing the file leaves this out: the body of a function, or `if TYPE_CHECKING:`."""
    is_typing = isinstance(scope, ast.If) and isinstance(scope.test, ast.Name) and scope.test.id == "TYPE_CHECKING"
    return is_typing or isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def broken(found: Iterator[Import]) -> list[str]:
    return [str(statement) for statement in found]


def test_the_reader_imports_neither_the_writers_nor_a_training_framework() -> None:
    forbidden = FRAMEWORKS | {"layerscope", "writers"}
    assert not broken(i for i in imports(ROOT / "tb_plugin") if i.top in forbidden)


def test_the_reader_imports_scipy_only_where_it_is_asked_for() -> None:
    assert not broken(i for i in imports(ROOT / "tb_plugin") if i.top == "scipy" and i.at_import and "analysis" not in i.path.parts)


def test_the_contract_imports_nothing_but_itself_numpy_safetensors_and_tensorboards_messages() -> None:
    def allowed(i: Import) -> bool:
        is_contract = i.name.startswith("tb_plugin.schema")
        is_message = i.path.name == "summary.py" and i.top == "tensorboard"
        is_for_type_checkers = i.top == "typing_extensions" and not i.at_import
        return is_contract or is_message or is_for_type_checkers or i.top in {"numpy", "safetensors"} or i.top in sys.stdlib_module_names

    assert not broken(i for i in imports(ROOT / "tb_plugin" / "schema") if not allowed(i))


def test_the_writers_know_of_the_reader_only_the_contract_and_the_findings() -> None:
    def is_allowed(name: str) -> bool:
        return name.startswith(("tb_plugin.schema", "tb_plugin.findings"))

    assert not broken(i for i in imports(ROOT / "writers") if i.top in {"tb_plugin", "layerscope"} and not is_allowed(i.name))


def test_frameworks_are_imported_only_in_the_files_of_their_users() -> None:
    """Nor later, in a function: the rest of the writers knows arrays alone."""
    assert not broken(outside_of_frameworks(ROOT / "writers"))


def outside_of_frameworks(writers: Path) -> Iterator[Import]:
    return (i for i in imports(writers) if i.top in HEAVY and writers / "frameworks" not in i.path.parents)


@pytest.mark.parametrize("folder", ["layerscope", "tb_plugin", "writers"])
def test_imports_are_absolute(folder: str) -> None:
    assert not broken(i for i in imports(ROOT / folder) if i.name.startswith("."))


def test_the_public_face_holds_no_logic() -> None:
    """Its files import and list names; only the check of what is installed and the commands may do more."""
    plain = (ast.Import, ast.ImportFrom)
    commands = {"__main__.py", "_installation.py"}
    for path in sorted((ROOT / "layerscope").rglob("*.py")):
        if path.name in commands or path.parent.name == "doctor":
            continue
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            is_list = isinstance(statement, ast.Assign) and all(isinstance(t, ast.Name) and t.id.startswith("__") for t in statement.targets)
            assert is_docstring or is_list or isinstance(statement, plain), f"{path.relative_to(ROOT)}:{statement.lineno} is logic"


def loaded_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded after a statement."""
    program = f"{statement}\nimport sys\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize(
    "statement",
    ["import tb_plugin", "import tb_plugin.loader", "import tb_plugin.plugin", "import tb_plugin.store", "import tb_plugin.schema.registry"],
)
def test_the_reader_costs_tensorboards_start_no_heavy_import(statement: str) -> None:
    assert not loaded_by(statement) & HEAVY


@pytest.mark.parametrize("statement", ["from layerscope import RunWriter", "from layerscope import RunWriter, confusion_matrix", "import writers"])
def test_writing_without_a_framework_loads_none(statement: str) -> None:
    assert not loaded_by(statement) & HEAVY


def test_keras_users_load_no_other_framework_than_keras_does() -> None:
    assert not (loaded_by("import layerscope.keras") - loaded_by("import keras")) & HEAVY


def test_a_file_that_breaks_a_rule_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    folder = tmp_path / "tb_plugin"
    folder.mkdir()
    (folder / "bad.py").write_text("import tensorflow.io\nfrom writers import RunWriter\ndef f():\n    import scipy\n")

    found = list(imports(folder))

    assert [str(i) for i in found] == [
        "tb_plugin/bad.py:1 imports tensorflow.io",
        "tb_plugin/bad.py:2 imports writers.RunWriter",
        "tb_plugin/bad.py:4 imports scipy",
    ]
    assert [i.at_import for i in found] == [True, True, False]


def test_a_framework_is_found_wherever_a_writer_imports_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    for path in ["writers/frameworks/keras/fit.py", "writers/parameters.py"]:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("import numpy\ndef of():\n    from tensorflow import io\n")

    assert [str(i) for i in outside_of_frameworks(tmp_path / "writers")] == ["writers/parameters.py:3 imports tensorflow.io"]
