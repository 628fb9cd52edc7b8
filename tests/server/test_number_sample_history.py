"""/sample of a regression: one sample through a training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tests.server.conftest import Tab
from tests.server.test_number_sample_list import RUN, SERIES, STEPS, TARGETS, write_numbers
from writers import RegressionEvaluation, RunWriter


@pytest.mark.parametrize("i", [2, 7])
def test_a_sample_is_told_at_every_evaluation(open_tab: Callable[..., Tab], tmp_path: Path, i: int) -> None:
    truth, predicted, ids = write_numbers(tmp_path)
    found = open_tab(tmp_path, 4).arrays("/sample", **SERIES, sample=ids[i])

    assert found.segments[0]["kind"] == "number_sample_history"
    fields = found.segments[0]["points"][0]["fields"]
    assert (fields["id"], fields["number"], fields["targets"]) == (ids[i], i, TARGETS)
    assert found.arrays["0/step"].tolist() == list(STEPS)
    assert_array_equal(found.arrays["0/truth"], truth[i])
    told = np.stack([predicted[step][i] for step in STEPS])
    told[:, ~np.isfinite(truth[i])] = np.nan
    told[~np.isfinite(told)] = np.nan
    assert_array_equal(found.arrays["0/predicted"], told)


def test_only_evaluations_that_tell_of_it_count(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        RegressionEvaluation(["a"]).update([1.0, 2.0], [1.5, 2.5]).write(run, "validation", 1)
        RegressionEvaluation(["a"]).update([2.0], [2.25], ids=[1]).write(run, "validation", 2)
        RegressionEvaluation(["b"]).update([1.0, 2.0], [7.0, 7.0]).write(run, "validation", 3)
        RegressionEvaluation(["a"]).update([1.0, np.nan], [1.25, 2.0]).write(run, "validation", 4)
    tab = python_tab(tmp_path)

    assert {s: tab.arrays("/sample", **SERIES, sample=s).arrays["0/step"].tolist() for s in ("0", "1")} == {"0": [1, 4], "1": [1, 2]}
    error, fix = tab.nothing("/sample", **SERIES, sample="5")
    assert error == "this evaluation has no sample '5'"
    assert "Choose one from the list" in fix
