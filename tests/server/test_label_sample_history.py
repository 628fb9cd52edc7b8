"""/sample of several labels: one sample through a training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tests.server.conftest import Tab
from tests.server.test_label_sample_list import RUN, SERIES, STEPS, became_of, write_labels
from writers import MultilabelEvaluation, RunWriter


@pytest.mark.parametrize("i", [0, 3])
def test_a_sample_is_told_at_every_evaluation(open_tab: Callable[..., Tab], tmp_path: Path, i: int) -> None:
    truth, logits, ids = write_labels(tmp_path)
    found = open_tab(tmp_path, 6).arrays("/sample", **SERIES, sample=ids[i])

    assert found.segments[0]["kind"] == "label_sample_history"
    fields = found.segments[0]["points"][0]["fields"]
    assert (fields["id"], fields["number"]) == (ids[i], i)
    assert found.arrays["0/step"].tolist() == list(STEPS)
    starts = np.concatenate([[0], found.arrays["0/entry_end"]])
    for at, step in enumerate(STEPS):
        is_ = {name: matches[i] for name, matches in became_of(truth, logits[step]).items()}
        span = slice(starts[at], starts[at + 1])
        own = np.flatnonzero(is_["wrong"] | is_["rightly"] | (truth[i] < 0))
        assert_array_equal(found.arrays["0/label"][span], own)
        assert_array_equal(found.arrays["0/became"][span], np.select([is_["missed"], is_["false"], is_["rightly"]], [1, 2, 3], -1)[own])


def test_its_example_is_found_where_it_is_stored(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    _, _, ids = write_labels(tmp_path)
    tab = python_tab(tmp_path)
    listed = tab.arrays("/samples", **SERIES, count="1000").arrays["0/example"]
    i = int(np.flatnonzero(listed >= 0)[0])
    place = tab.arrays("/sample", **SERIES, sample=ids[i]).segments[0]["points"][0]["fields"]["example"]

    assert place == listed[i]
    shown = tab.arrays("/examples", run=RUN, tag="validation/examples", places=str(place))
    assert bytes(shown.arrays["0/content"]).decode() == f"sample {i}"


def test_a_sample_that_is_not_there_is_named_and_what_was_dropped_is_not_told(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / RUN) as run:
        MultilabelEvaluation(2, score=None).update([[0, 1], [1, 1]], [[0, 1], [0, 0]], [1.0, -1.0]).write(run, "validation", 1)
        MultilabelEvaluation(2, score="prob").update([[0, 1], [1, 1]], [[0.2, 0.9], [0.1, 0.2]]).write(run, "validation", 2)
    tab = python_tab(tmp_path)

    assert tab.nothing("/sample", **SERIES, sample="7")[0] == "this evaluation has no sample '7'"
    assert tab.arrays("/sample", **SERIES, sample="1").arrays["0/step"].tolist() == [2]
    first = tab.arrays("/sample", **SERIES, sample="0")
    assert first.arrays["0/step"].tolist() == [1, 2]
    assert np.isnan(first.arrays["0/probability"]).tolist() == [True, False], "the first evaluation had no scores"
