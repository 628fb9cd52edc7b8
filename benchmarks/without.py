"""TensorBoard as it is where something is not installed: `python -m benchmarks.without tensorflow,layerscope --logdir …`.

The same environment and the same program in all cases; only what is named is hidden, at the two places where TensorBoard
looks for it: a plugin among the entry points, TensorFlow among the modules. Name nothing (`,`) to hide nothing.
"""

from __future__ import annotations

import sys
from typing import Any

PLUGIN, TENSORFLOW = "layerscope", "tensorflow"


def main() -> None:
    """Hides, then starts TensorBoard with the rest of the command line."""
    hidden = sys.argv.pop(1).split(",")
    if TENSORFLOW in hidden:
        sys.modules["tensorflow"] = None  # type: ignore[assignment]  # what Python itself takes for "cannot be imported"
    from tensorboard import default, main

    if PLUGIN in hidden:
        every = default._iter_entry_points

        def others(group: str) -> Any:
            return [entry_point for entry_point in every(group) if entry_point.name != PLUGIN]

        default._iter_entry_points = others
    main.run_main()


if __name__ == "__main__":
    main()
