"""What the outputs of a model decide between, as its losses, its layers and the user declare it.

`outputs.py` asks `output_sizes.py` and `losses.py`, and `task.py` decides. `scored_outputs.py` tells which truth belongs
to which output.
"""
