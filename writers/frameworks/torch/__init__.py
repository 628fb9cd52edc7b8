"""PyTorch: `watch` logs what each step of a training does to the weights of its model.

Read `watch.py` first. `capture.py` puts hooks on the optimizers and decides what is told when, `applied.py`, `moments.py`
and `change.py` compute it where the tensors are, `told_steps.py` keeps it there until one copy brings it over.
"""

from writers.frameworks.torch.watch import Watch, watch

__all__ = ["Watch", "watch"]
