"""TensorBoard's way in. It is imported at every start of TensorBoard, so it imports nothing heavy."""

from __future__ import annotations

from typing import Any

from tensorboard.plugins import base_plugin

from tb_plugin.schema.summary import PLUGIN_NAME

KEPT_POINTS = 1000
"""Points of a series that TensorBoard keeps for us. Our callbacks write fewer, so its random sampling never acts."""


class LayerscopeLoader(base_plugin.TBLoader):
    """Named by the entry point `tensorboard_plugins`."""

    def fix_flags(self, flags: Any) -> None:
        """Raises the number of points kept of our own series, unless the user has set it."""
        flags.samples_per_plugin.setdefault(PLUGIN_NAME, KEPT_POINTS)

    def load(self, context: Any) -> Any:
        """The plugin itself."""
        from tb_plugin.plugin import LayerscopePlugin

        return LayerscopePlugin(context)
