"""How TensorBoard finds and starts the plugin."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from tb_plugin.applications import applications
from tb_plugin.loader import KEPT_POINTS, LayerscopeLoader
from tb_plugin.plugin import PATHS
from tests.server.conftest import Tab
from writers import RunWriter


def test_the_entry_point_is_the_loader() -> None:
    (point,) = metadata.entry_points(group="tensorboard_plugins", name="layerscope")

    assert point.load() is LayerscopeLoader


def test_tensorboard_keeps_enough_of_our_points_unless_the_user_says_otherwise() -> None:
    plain, theirs = Namespace(samples_per_plugin={"images": 3}), Namespace(samples_per_plugin={"layerscope": 7})
    LayerscopeLoader().fix_flags(plain)
    LayerscopeLoader().fix_flags(theirs)

    assert plain.samples_per_plugin == {"images": 3, "layerscope": KEPT_POINTS}
    assert theirs.samples_per_plugin == {"layerscope": 7}


def test_the_tab_is_listed_and_active_with_anybodys_scalars(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d") as run:
        run.write("loss", 1.0, 0)
    tab = python_tab(tmp_path)

    listing = tab.client.get("/data/plugins_listing").get_json()["layerscope"]

    assert (listing["tab_name"], listing["enabled"]) == ("Layerscope", True)
    assert listing["loading_mechanism"] == {"type": "IFRAME", "module_path": "/data/plugin/layerscope/index.js"}
    assert tab.plugin.is_active()


def test_starting_the_plugin_loads_nothing_heavy() -> None:
    program = "import tb_plugin.loader, tb_plugin.plugin, tb_plugin.applications, sys; print({'tensorflow', 'scipy', 'sklearn', 'keras'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

    assert said.strip() == "set()"


def test_starting_the_plugin_loads_no_more_than_its_name() -> None:
    program = "import tb_plugin.loader, tb_plugin.plugin, sys; print(*sorted(name for name in sys.modules if name.startswith('tb_plugin.')))"
    said = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout

    assert set(said.split()) == {f"tb_plugin.{name}" for name in ("loader", "plugin", "owners", "schema", "schema.summary", "schema.json_fields")}


def test_every_path_of_the_plugin_is_answered() -> None:
    assert set(applications(None)) == set(PATHS)
