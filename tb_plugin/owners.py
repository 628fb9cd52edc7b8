"""Plugin names whose data we read. A file of its own: TensorBoard asks for them before anybody has opened the tab."""

from __future__ import annotations

from tb_plugin.schema.summary import PLUGIN_NAME

SCALARS = "scalars"
HISTOGRAMS = "histograms"
KERAS_MODEL = "graph_keras_model"
GRAPH = "graphs"
TRACES = ("graph_run_metadata_graph", "graph_run_metadata")
"""Of functions that `tf.summary.trace_export` told of: without what the profiler measured, and with it."""
MODELS = (KERAS_MODEL, GRAPH, *TRACES)
"""What other tools log of a model, whole; those that tell most of its layers first."""
PR_CURVES = "pr_curves"
RECORDS = (PLUGIN_NAME, PR_CURVES)
"""Whose series are read as points, one a record; those of the others as a whole."""
OWNERS = (PLUGIN_NAME, SCALARS, HISTOGRAMS, *MODELS, PR_CURVES)
