"""Plugin names whose data we read. A file of its own: TensorBoard asks for them before anybody has opened the tab."""

from __future__ import annotations

from tb_plugin.schema.summary import PLUGIN_NAME

SCALARS = "scalars"
HISTOGRAMS = "histograms"
KERAS_MODEL = "graph_keras_model"
PR_CURVES = "pr_curves"
RECORDS = (PLUGIN_NAME, PR_CURVES)
"""Whose series are read as points, one a record; those of the others as a whole."""
OWNERS = (PLUGIN_NAME, SCALARS, HISTOGRAMS, KERAS_MODEL, PR_CURVES)
