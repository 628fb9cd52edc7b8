"""Gradients, weights and updates of a training, told from inside the graph of its steps (TensorFlow backend).

Read `statistics.py` first, what is done in a `fit`; then `capture.py`, which puts itself into a model (`replacements.py`) and
takes itself out again, around `optimizer_capture.py`, what is seen of an update, in a loop of one's own as well.

- In the graph: `schedule.py` decides which steps are told, `moments.py` computes what is told of them, over tensors laid
  `together.py`, `samples.py` and `spread.py` hold values, `ring.py` keeps all until it is drained.
- Where nothing is seen: `traced_anew.py`, functions of the model that were traced before; `unseen.py` says why.
- What may not change by it: `again.py`, how a gradient is rounded; `seeded_draws.py`, what is drawn.
- `records.py`: what is drained, written.
"""
