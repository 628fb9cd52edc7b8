"""Gradients, weights and updates of a training, told from inside its own train function (TensorFlow backend).

Read `capture.py` first: it puts itself into a model and takes itself out again. `schedule.py` decides in the graph which
steps are told, `moments.py` computes what is told of them, `ring.py` keeps it until it is drained.
"""
