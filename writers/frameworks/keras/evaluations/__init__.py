"""Matrices, curves and predictions, of the evaluations that Keras makes anyway and of those of our own.

`evaluation_watch.py` follows the hooks of one evaluation. Its batches come from `watched_test_function.py`, whole by
`replicas.py` and no others by `own_batches.py`, and are counted in `counted_evaluation.py`; of that
`kept_payloads.py` writes what `due_kinds.py` has room for. `own_evaluations.py` makes evaluations of other data.
"""
