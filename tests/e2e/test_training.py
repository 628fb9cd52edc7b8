"""A training loop in NumPy logs its statistics; the Training view shows what NumPy says of the very arrays."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from playwright.sync_api import expect

from layerscope import RunWriter
from scripts.processes import ROOT
from tb_plugin.schema.tensor_stats import NORMS, TensorStats
from tests.e2e.conftest import Logs, Serve, Tab
from writers import tensor_stats, training_facts

Array = np.ndarray[Any, Any]
STEPS = 40
LAYERS = ("stem", "block/dense_1", "block/dense_2", "head")


class Trained(NamedTuple):
    """A training's folder, and of each step the arrays by parameter: weights, gradients, updates."""

    folder: Path
    weights: list[dict[str, Array]]
    gradients: list[dict[str, Array]]
    updates: list[dict[str, Array]]

    def joined(self, of: list[dict[str, Array]], step: int, layer: str) -> Array:
        """All values of a layer at a step, in one array."""
        return np.concatenate([array.ravel() for path, array in of[step].items() if path.rpartition("/")[0] == layer]).astype(np.float64)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """A small network trained for a few steps, logged as the callbacks log: few statistics densely, all at every eighth step."""
    folder = tmp_path_factory.mktemp("tensors")
    done = Trained(folder, [], [], [])
    rng = np.random.default_rng(7)
    x = rng.normal(size=(64, 8)).astype(np.float32)
    y = (x @ rng.normal(size=(8, 3))).astype(np.float32)
    sizes = (8, 16, 16, 16, 3)
    weights: dict[str, Array] = {}
    for layer, rows, columns in zip(LAYERS, sizes, sizes[1:], strict=False):
        weights[f"{layer}/kernel"] = (rng.normal(size=(rows, columns)) * np.sqrt(2 / rows)).astype(np.float32)
        weights[f"{layer}/bias"] = np.zeros(columns, np.float32)
    with RunWriter(folder) as run:
        for step in range(STEPS):
            loss, gradients = backward(weights, x, y)
            updated = {path: weight - np.float32(0.01) * gradients[path] for path, weight in weights.items()}
            record = tensor_stats.of(step, weights=weights, gradients=gradients, updated=updated, loss=loss, learning_rate=0.01)
            run.write(*(("tensor_stats/full", record) if step % 8 == 0 else ("tensor_stats/norms", norms(record))), step)
            run.write("loss", loss, step)
            done.weights.append(weights)
            done.gradients.append(gradients)
            done.updates.append({path: updated[path] - weight for path, weight in weights.items()})
            weights = updated
    return done


def backward(weights: Mapping[str, Array], x: Array, y: Array) -> tuple[float, dict[str, Array]]:
    """The squared error of a ReLU network, and its gradients."""
    outputs = [x]
    for layer in LAYERS:
        total = outputs[-1] @ weights[f"{layer}/kernel"] + weights[f"{layer}/bias"]
        outputs.append(total if layer == LAYERS[-1] else np.maximum(total, 0))
    error = outputs[-1] - y
    gradients: dict[str, Array] = {}
    back = 2 * error / error.size
    for layer, given, made in zip(reversed(LAYERS), reversed(outputs[:-1]), reversed(outputs[1:]), strict=True):
        back = back if layer == LAYERS[-1] else back * (made > 0)
        gradients[f"{layer}/kernel"], gradients[f"{layer}/bias"] = given.T @ back, back.sum(0)
        back = back @ weights[f"{layer}/kernel"].T
    return float((error**2).mean()), {path: gradients[path] for path in weights}


def norms(record: TensorStats) -> TensorStats:
    """The record with no more than the sums of squares."""
    places = [record.statistics.index(name) for name in NORMS]
    fields = {
        name: getattr(record, name) for name in ("parameters", "groups", "step", "loss", "batch_examples", "epoch", "loss_scale", "clip_factor", "skipped")
    }
    return TensorStats(**fields, statistics=NORMS, value=record.value[places], learning_rate=record.learning_rate)


def cells(tab: Tab) -> dict[tuple[str, int], str]:
    """The table behind the heat map: text by row and step."""
    found = tab.frame.get_by_test_id("tensor-stats").locator("td[data-row]")
    expect(found.first).to_be_attached()
    texts = found.evaluate_all("cells => cells.map(c => [c.dataset.row, Number(c.dataset.step), c.textContent])")
    return {(row, step): text for row, step, text in texts}


def choose(tab: Tab, label: str) -> None:
    tab.frame.locator(".ls-tensors-controls label").filter(has_text=re.compile(f"^{re.escape(label)}$")).click()


@pytest.fixture
def training(tab: Tab, serve: Serve, trained: Trained, loader: str) -> Tab:
    """The Training view of it."""
    return tab.open(serve(trained.folder, loader)).view("Training")


@pytest.mark.parametrize(
    ("label", "of"),
    [
        ("update size", lambda w, g, u: np.linalg.norm(u) / np.linalg.norm(w)),
        ("gradient norm", lambda w, g, u: np.linalg.norm(g)),
        ("gradient RMS", lambda w, g, u: np.sqrt(np.mean(g**2))),
        ("gradient / weight", lambda w, g, u: np.linalg.norm(g) / np.linalg.norm(w)),
        ("weight norm", lambda w, g, u: np.linalg.norm(w)),
    ],
)
def test_the_heat_map_shows_what_numpy_says_of_the_arrays(training: Tab, trained: Trained, label: str, of: Any) -> None:
    choose(training, label)

    shown = cells(training)

    assert {row for row, _ in shown} == set(LAYERS)
    assert {step for _, step in shown} == set(range(STEPS - 21, STEPS))
    for (layer, step), text in shown.items():
        arrays = (trained.joined(each, step, layer) for each in (trained.weights, trained.gradients, trained.updates))
        assert float(text) == pytest.approx(of(*arrays), rel=1e-6), (layer, step)


def test_the_selected_layers_parameters_are_lines_that_say_what_numpy_says(training: Tab, trained: Trained) -> None:
    training.frame.locator(".ls-tensors .ls-heat-grid").click(position={"x": 300, "y": 8})
    lines = training.frame.locator(".ls-tensors-line[data-measure=weight_norm]")
    expect(lines.locator("header > span")).to_have_count(2)
    step = int(training.frame.get_by_role("slider", name="step", exact=True).get_attribute("aria-valuenow") or "")

    shown = lines.locator("header > span").evaluate_all("all => all.map(s => [s.querySelector('.ls-label').textContent, s.querySelector('b').textContent])")

    norms_of = {name: float(np.linalg.norm(trained.weights[step][f"stem/{name}"])) for name in ("kernel", "bias")}
    assert {name: float(text) for name, text in shown} == pytest.approx(norms_of, rel=5e-3)
    expect(training.frame.locator(".ls-tensors-line[data-measure=update_ratio] .ls-tensors-band")).to_have_count(1)
    training.frame.get_by_role("button", name="let it go (Esc)").click()
    expect(lines).to_have_count(0)


def test_a_cell_selects_its_step_and_its_layer_in_all_views(training: Tab) -> None:
    grid = training.frame.locator(".ls-tensors .ls-heat-grid")
    box = grid.bounding_box()
    assert box is not None

    grid.click(position={"x": box["width"] * 10.5 / (STEPS - 1), "y": box["height"] * 1.5 / len(LAYERS)})

    expect(training.frame.locator(".ls-tensors .ls-heat-chosen")).to_have_attribute("title", re.compile("^block/dense_1"))
    expect(training.page).to_have_url(re.compile(r"p\.layerscope\.step=10\b"))
    expect(training.page).to_have_url(re.compile(r"p\.layerscope\.layer=block%2Fdense_1\b"))
    expect(training.frame.get_by_role("slider", name="step in the charts")).to_have_attribute("aria-valuenow", "10")


def test_a_stretch_is_zoomed_into_in_all_pictures(training: Tab) -> None:
    grid = training.frame.locator(".ls-tensors .ls-heat-grid")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2

    training.page.mouse.move(box["x"] + box["width"] * 0.25, middle)
    training.page.mouse.down()
    training.page.mouse.move(box["x"] + box["width"] * 0.4, middle, steps=3)
    training.page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=3)
    training.page.mouse.up()

    expect(training.frame.get_by_role("button", name="show all (Esc)")).to_be_visible()
    expect(training.frame.locator(".ls-tensors .ls-heat .ls-axis-marks span").nth(1)).to_have_text("10")
    handle = training.frame.get_by_role("slider", name="step in the charts")
    grid.click(position={"x": 90, "y": 8})
    expect(training.frame.locator(".ls-tensors .ls-heat-chosen")).to_have_attribute("title", re.compile("^stem"))
    chosen = handle.get_attribute("aria-valuenow")
    training.page.wait_for_timeout(700)  # two clicks, not a double one
    grid.dblclick(position={"x": 400, "y": 50})
    expect(training.frame.get_by_role("button", name="show all (Esc)")).to_have_count(0)
    expect(training.frame.locator(".ls-tensors .ls-heat .ls-axis-marks span").nth(1)).to_have_text("0")
    assert handle.get_attribute("aria-valuenow") == chosen
    expect(training.frame.locator(".ls-tensors .ls-heat-chosen")).to_have_attribute("title", re.compile("^stem"))


def test_the_keyboard_walks_the_cells(training: Tab, trained: Trained) -> None:
    grid = training.frame.locator(".ls-tensors .ls-heat-grid")
    grid.focus()
    for key in ("Control+Home", "ArrowDown", "ArrowRight"):
        grid.press(key)

    status = training.frame.locator("[role=status]").filter(has_text="update size")
    expect(status).to_contain_text(re.compile(r"^block/dense_1, step 1: update size "))
    assert ("stem", 0) in cells(training)


def test_charts_stand_on_the_same_axis(training: Tab, trained: Trained) -> None:
    charts = training.frame.get_by_test_id("scalars").locator("td[data-name]")
    expect(charts.filter(has=training.frame.locator("xpath=self::*[@data-name='gradient_norm']"))).to_have_count(1)
    found = dict(charts.evaluate_all("cells => cells.map(c => [c.dataset.name, Number(c.textContent)])"))
    last = np.concatenate([array.ravel() for array in trained.gradients[-1].values()]).astype(np.float64)

    assert found["gradient_norm"] == pytest.approx(np.linalg.norm(last), rel=1e-6)
    assert found["learning_rate"] == 0.01
    lefts = {round(box["x"]) for box in (each.bounding_box() for each in training.frame.locator(".ls-axis-pointer").all()) if box is not None}
    assert len(lefts) == 1


def test_statistics_alone_have_charts(tab: Tab, serve: Serve, trained: Trained, tmp_path: Path) -> None:
    with RunWriter(tmp_path / "statistics") as run:
        for step, (weights, gradients) in enumerate(zip(trained.weights, trained.gradients, strict=True)):
            run.write("tensor_stats", tensor_stats.of(step, weights=weights, gradients=gradients, loss=1 / (step + 1), learning_rate=0.01), step)

    tab.open(serve(tmp_path)).view("Training")

    charts = tab.frame.get_by_test_id("scalars").locator("td[data-name]")
    expect(charts).to_have_count(3)
    found = dict(charts.evaluate_all("cells => cells.map(c => [c.dataset.name, Number(c.textContent)])"))
    last = np.concatenate([array.ravel() for array in trained.gradients[-1].values()]).astype(np.float64)
    assert found == {"loss": 1 / STEPS, "learning_rate": 0.01, "gradient_norm": pytest.approx(np.linalg.norm(last), rel=1e-6)}
    expect(tab.frame.locator(".ls-tensors .ls-heat-grid")).to_be_visible()


def test_steps_that_are_logged_while_one_looks_appear_by_themselves(tab: Tab, serve: Serve, trained: Trained, tmp_path: Path, loader: str) -> None:
    def write(run: RunWriter, steps: range) -> None:
        for step in steps:
            run.write("tensor_stats", tensor_stats.of(step, weights=trained.weights[step], gradients=trained.gradients[step]), step)
        run.flush()

    with RunWriter(tmp_path / "growing") as run:
        write(run, range(10))
        tab.open(serve(tmp_path, loader)).view("Training")
        grid = tab.frame.locator(".ls-tensors .ls-heat-grid")
        grid.focus()
        for key in ("Control+Home", "ArrowDown", "ArrowRight", "Enter"):
            grid.press(key)
        chosen = tab.frame.locator(".ls-tensors .ls-heat-chosen")
        expect(chosen).to_have_attribute("title", re.compile("^block/dense_1"))
        expect(tab.frame.locator(".ls-tensors")).to_contain_text("10 logged steps")
        tab.frame.get_by_role("slider", name="step in the charts").press("+")
        expect(tab.frame.locator(".ls-tensors")).to_contain_text("of 10 logged steps")
        zoomed = re.compile(re.escape(re.findall(r"training\.zoom=[^&]+", tab.page.url)[0]) + "(&|$)")

        write(run, range(10, 25))

        # The reload interval is 1 s here, and the page asks as often as it changes.
        expect(tab.frame.locator(".ls-tensors")).to_contain_text("of 25 logged steps", timeout=20_000)
        expect(tab.page).to_have_url(zoomed)
        expect(chosen).to_have_attribute("title", re.compile("^block/dense_1"))
        expect(tab.page).to_have_url(re.compile(r"p\.layerscope\.step=1\b"))


def test_trainings_that_began_at_different_steps_are_compared_from_their_own_first_step(tab: Tab, serve: Serve, tmp_path: Path) -> None:
    for name, first in (("fresh", 0), ("resumed", 1000)):
        with RunWriter(tmp_path / name) as run:
            for step in range(0, 101, 10):
                run.write("loss", 1 / (1 + step), first + step)
    address = serve(tmp_path)
    tab.open(f"{address}/#layerscope&p.layerscope.view=training&p.layerscope.trainings=resumed,fresh&p.layerscope.step=1050")
    handle = tab.frame.get_by_role("slider", name="step in the charts")
    expect(handle).to_have_attribute("aria-valuetext", "step 1\u202f050")
    plot = tab.frame.locator(".ls-axis-pointer")
    box = plot.bounding_box()
    assert box is not None

    def place() -> float:
        """Where the step's line stands, as a share of the chart."""
        line = tab.frame.locator(".ls-axis-step").bounding_box()
        assert line is not None
        return (line["x"] + line["width"] / 2 - box["x"]) / box["width"]

    assert place() == pytest.approx(1050 / 1100, abs=0.01)
    tab.frame.locator(".ls-scalars-controls label").filter(has_text="relative step").click()

    expect(tab.page).to_have_url(re.compile(r"p\.layerscope\.o\.training\.axis=relative\b"))
    expect(tab.frame.locator(".ls-scalars-axis")).to_have_text("relative step")
    expect(handle).to_have_attribute("aria-valuetext", re.compile("relative step 50$"))
    assert place() == pytest.approx(0.5, abs=0.01)
    plot.click(position={"x": box["width"] * 0.8, "y": 20})
    expect(handle).to_have_attribute("aria-valuenow", "1080")


KERAS_OPTIMIZERS = """
import json, keras
names = [name for name, each in vars(keras.optimizers).items() if isinstance(each, type) and issubclass(each, keras.optimizers.Optimizer)]
made = {name: getattr(keras.optimizers, name)() for name in names if name not in ("Optimizer", "LossScaleOptimizer", "MultiOptimizer")}
print(json.dumps({name: each.get_config() for name, each in made.items()}))
"""
TORCH_OPTIMIZERS = """
import json, torch
names = ("SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "ASGD", "Rprop")
parameters = [torch.nn.Parameter(torch.zeros(2))]
print(json.dumps({name: getattr(torch.optim, name)(parameters).defaults for name in names}))
"""


@pytest.mark.parametrize(("framework", "program", "rate"), [("keras/tensorflow", KERAS_OPTIMIZERS, "learning rate"), ("torch", TORCH_OPTIMIZERS, "lr")])
def test_of_an_optimizer_that_nobody_changed_the_rate_alone_is_listed(tab: Tab, serve: Serve, tmp_path: Path, framework: str, program: str, rate: str) -> None:
    """The defaults that the page leaves out are those of the frameworks."""
    printed = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
    optimizers = json.loads(printed.splitlines()[-1])
    for name, config in optimizers.items():
        with RunWriter(tmp_path / name) as run:
            run.write("training_facts", training_facts.of(framework=framework, optimizer=name, optimizer_config=config), 0)
    address = serve(tmp_path)
    tab.open(f"{address}/#layerscope&p.layerscope.view=training")

    for name in optimizers:
        tab.page.evaluate("to => { location.hash = to }", f"#layerscope&p.layerscope.view=training&p.layerscope.trainings={name}")
        set_up = tab.frame.get_by_role("region", name="Set-up")
        expect(set_up.locator("dd").first).to_have_text(name)
        listed = set_up.locator(".ls-training-facts-argument dt").all_inner_texts()
        assert [each for each in listed if each != "others"] == [rate], name


WATCHED = """
import sys, torch
from layerscope.torch import watch
model = torch.nn.Sequential(torch.nn.Conv2d(1, 8, 3), torch.nn.Flatten(), torch.nn.Linear(8 * 6 * 6, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
run = watch(model, optimizer, sys.argv[1])
for _ in range(2):
    optimizer.zero_grad()
    loss = model(torch.zeros(4, 1, 8, 8)).square().mean()
    loss.backward()
    optimizer.step()
    run.loss(loss)
run.close()
"""


TURNS_NAN = """
import sys, keras, numpy
from layerscope.keras import Layerscope
model = keras.Sequential([keras.Input((16,)), keras.layers.Dense(16, activation="relu", name="hidden"), keras.layers.Dense(4, activation="softmax")])
model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy")
x, y = numpy.random.default_rng(1).normal(size=(256, 16)).astype("float32"), numpy.arange(256) % 4
x[100] = numpy.nan
model.fit(x, y, epochs=2, verbose=0, callbacks=[Layerscope(sys.argv[1])])
"""


def test_a_training_that_turned_nan_has_no_dead_units(tab: Tab, serve: Serve, tmp_path: Path) -> None:
    """A compiled ReLU makes 0 of NaN: its outputs alone look like those of a dead layer."""
    subprocess.run([sys.executable, "-c", TURNS_NAN, str(tmp_path / "run")], check=True, cwd=ROOT, capture_output=True)

    tab.open(serve(tmp_path)).view("Training")

    cells_of = tab.frame.get_by_test_id("activity").locator("td[data-layer=hidden]")
    expect(cells_of.last).to_contain_text("not finite")
    assert all("not finite" in text for text in cells_of.all_inner_texts())
    expect(tab.frame.locator(".ls-activity-legend")).to_contain_text("NaN or infinite")
    choose(tab, "not finite")
    shown = cells(tab)
    last = max(step for _, step in shown)
    assert shown["hidden", last].replace("\u202f", " ") == "100 %"
    expect(tab.frame.locator("section[data-path='hidden/kernel'] h4")).to_contain_text(re.compile("all 256 NaN from step"))


def test_layers_of_pytorch_have_their_sizes(tab: Tab, serve: Serve, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", WATCHED, str(tmp_path / "run")], check=True, cwd=ROOT)

    tab.open(serve(tmp_path)).view("Model")

    boxes = tab.frame.locator("[role=treeitem][data-layer]")
    expect(boxes.filter(has_text="Conv2d 3×3 · 8")).to_have_count(1)
    expect(boxes.filter(has_text="Linear 10")).to_have_count(1)
    boxes.filter(has_text="Conv2d").click()
    details = tab.frame.get_by_test_id("layer-details")
    # The model's own input has no shape in the record; the layer's arguments tell what of it they fix.
    expect(details.locator("dl div").filter(has_text=re.compile("^input"))).to_have_text("inputbatch × 1 × ? × ?")
    expect(details.locator("dl div").filter(has_text=re.compile("^output"))).to_contain_text("8 × 6 × 6")


def test_a_log_that_counts_epochs_alone_is_told_in_epochs(tab: Tab, serve: Serve, logs: Logs) -> None:
    tab.open(serve(logs.folder / "theirs")).view("Training")

    expect(tab.frame.locator(".ls-scalars h2")).to_contain_text("epoch 3")
    expect(tab.frame.get_by_role("slider", name="step", exact=True)).to_have_attribute("aria-valuetext", "epoch 3 of 3")
    expect(tab.frame.locator(".ls-distributions h3")).to_contain_text("3 logged epochs")


def test_boxes_of_the_model_say_what_the_heat_map_says(tab: Tab, serve: Serve, logs: Logs) -> None:
    """Of a training that Keras' callback logged: both read its statistics, each in its own way."""
    address = serve(logs.folder / "ours")
    tab.open(f"{address}/#layerscope&p.layerscope.view=training&p.layerscope.o.tensors.measure=weight_norm")
    shown = cells(tab)
    last = max(step for _, step in shown)
    norms_of = {row: float(text) for (row, step), text in shown.items() if step == last}

    tab.view("Model")
    tab.frame.locator(".ls-structure-colour label").filter(has_text=re.compile("^weight$")).click()

    expect(tab.frame.locator(".ls-structure-legend")).to_contain_text("weight norm at step")
    boxes = tab.frame.locator("[role=treeitem][data-layer]").filter(has=tab.frame.get_by_test_id("told"))
    told = dict(boxes.evaluate_all("boxes => boxes.map(b => [b.dataset.layer, parseFloat(b.querySelector('[data-testid=told]').textContent)])"))
    assert set(told) == set(norms_of)
    for layer, norm in norms_of.items():
        assert told[layer] == pytest.approx(norm, rel=5e-3), layer
