"""/score_history: curves and calibration at every evaluation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

from tests.server.conftest import Array, Tab
from tests.server.evaluations import LABELS, RUN, write_evaluations

SERIES = {"run": RUN, "tag": "validation/score_curves"}


@pytest.mark.parametrize("of", ["0", "3", "macro"])
def test_every_evaluation_is_scikit_learns(python_tab: Callable[..., Tab], tmp_path: Path, of: str) -> None:
    logged = write_evaluations(tmp_path)
    told = python_tab(tmp_path).arrays("/score_history", **SERIES, classes=of).arrays

    assert_array_equal(told["0/step"], list(logged.probabilities))
    each = range(len(LABELS)) if of == "macro" else [int(of)]
    areas = {step: [roc_auc_score(logged.truth == k, p[:, k]) for k in each] for step, p in logged.probabilities.items()}
    assert_allclose(told["0/auc"], [np.mean(found) for found in areas.values()])
    precisions = {step: [average_precision_score(logged.truth == k, p[:, k]) for k in each] for step, p in logged.probabilities.items()}
    assert_allclose(told["0/ap"], [np.mean(found) for found in precisions.values()])
    assert_allclose(told["0/nll"], [log_loss(logged.truth, p, labels=range(len(LABELS))) for p in logged.probabilities.values()])
    assert np.isnan(told["0/auc_low"]).all() == (of == "macro")


@pytest.mark.parametrize("of", ["1", "micro", "macro"])
def test_it_says_what_the_routes_of_single_evaluations_say(python_tab: Callable[..., Tab], tmp_path: Path, of: str) -> None:
    logged = write_evaluations(tmp_path)
    tab = python_tab(tmp_path)
    answered = tab.arrays("/score_history", **SERIES, classes=of)
    told: dict[str, Array] = answered.arrays

    for i, step in enumerate(logged.probabilities):
        curves = tab.arrays("/curves", **SERIES, step=str(step), classes=of).arrays
        for name in ("auc", "auc_low", "auc_high", "ap"):
            assert_array_equal(told[f"0/{name}"][i], curves[f"0/{name}"][0])
        fields = tab.arrays("/calibration", **SERIES, step=str(step)).segments[0]["points"][0]["fields"]
        for name in ("ece", "ece_floor", "brier", "brier_low", "brier_high", "nll", "nll_low", "nll_high"):
            assert told[f"0/{name}"][i] == fields[name]


def test_a_class_that_has_no_curve_has_no_numbers(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)
    told = python_tab(tmp_path).arrays("/score_history", **SERIES, classes="9").arrays

    assert np.isnan(told["0/auc"]).all()
    assert not np.isnan(told["0/ece"]).any()


@pytest.mark.parametrize(("query", "says"), [({"classes": "1,2"}, "classes must name one class here; it names 2"), ({}, "classes is required")])
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    write_evaluations(tmp_path)
    assert python_tab(tmp_path).refused("/score_history", **SERIES, **query)[:2] == (400, says)
