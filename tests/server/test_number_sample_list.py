"""/samples of a regression: the samples behind the largest errors, and behind a cell of the picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from tests.server.conftest import Array, Tab
from writers import RegressionEvaluation, RunWriter, number_predictions, samples

RUN = "d/layerscope"
SERIES = {"run": RUN, "tag": "validation/number_predictions"}
TARGETS = ["length", "<b>width</b>"]
STEPS = (10, 20, 30)


def write_numbers(logdir: Path, size: int = 150) -> tuple[Array, dict[int, Array], list[str]]:
    """Evaluations of the same samples, better from step to step: truth, predictions by step, ids."""
    random = np.random.default_rng(5)
    truth = random.normal(size=(size, 2)) * [1.0, 100.0]
    truth[2, 0] = np.nan
    ids = [f"img/{i:03}.png" for i in range(size)]
    found = {}
    with RunWriter(logdir / RUN) as run:
        for i, step in enumerate(STEPS):
            found[step] = predicted = truth + random.normal(size=truth.shape) * [1.0, 100.0] / (i + 1)
            predicted[7, 1] = np.inf
            predicted[2, 0] = 1.0
            evaluation = RegressionEvaluation(TARGETS, examples=20)
            evaluation.update(truth, predicted, ids=ids, inputs=[f"sample {j}" for j in range(size)]).write(run, "validation", step, epoch=i)
    return truth, found, ids


def asked(tab: Tab, **query: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """Fields and arrays of the one point of an answer."""
    found = tab.arrays("/samples", **{**SERIES, **query})
    (segment,) = found.segments
    (point,) = segment["points"]
    assert segment["kind"] == "number_sample_list"
    return point["fields"], {name.removeprefix("0/"): content for name, content in found.arrays.items() if not name.endswith("/end")}


@pytest.mark.parametrize("target", [0, 1])
def test_the_largest_errors_are_first(open_tab: Callable[..., Tab], tmp_path: Path, target: int) -> None:
    truth, predicted, ids = write_numbers(tmp_path)
    fields, arrays = asked(open_tab(tmp_path, 4), target=str(target), sort="loss", count="1000")

    with np.errstate(invalid="ignore"):
        error = np.abs(predicted[30][:, target] - truth[:, target])
    order = [i for i in np.argsort(-error, kind="stable") if np.isfinite(error[i])]
    assert fields["ids"] == [ids[i] for i in order]
    assert (fields["samples"], fields["matching"], fields["target"], fields["targets"]) == (149, 149, target, TARGETS)
    assert_array_equal(arrays["truth"], truth[order, target])
    assert_array_equal(arrays["predicted"], predicted[30][order, target])
    assert fields["stored"] == np.count_nonzero(arrays["example"] >= 0) > 10


@pytest.mark.parametrize("target", [0, 1])
def test_a_cell_has_as_many_samples_as_it_counts(python_tab: Callable[..., Tab], tmp_path: Path, target: int) -> None:
    truth, predicted, ids = write_numbers(tmp_path)
    tab = python_tab(tmp_path)
    arrays = tab.arrays("/points", run=RUN, tag="validation/regression", steps="last").arrays
    end, cell, count, edges = (arrays[f"0/{name}"] for name in ("cell_end", "cell", "cell_count", "edge"))
    edges = edges.reshape(2, 65)[target]
    span = slice(end[0] if target else 0, end[target])

    for key, n in list(zip(cell[span], count[span], strict=True))[:25]:
        t, p = divmod(int(key), 66)
        fields, _ = asked(tab, target=str(target), truth_bins=f"{t}..{t}", predicted_bins=f"{p}..{p}", count="1000")
        inside = (np.searchsorted(edges, truth[:, target], side="right") == t) & (np.searchsorted(edges, predicted[30][:, target], side="right") == p)
        assert fields["matching"] == n
        assert fields["ids"] == [ids[i] for i in np.flatnonzero(inside & np.isfinite(truth[:, target]) & np.isfinite(predicted[30][:, target]))]
    assert asked(tab, target=str(target), truth_bins="0..65")[0]["matching"] == 149


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"target": "2"}, "there is no target 2"),
        ({"target": "length"}, "target must be a whole number from 0; it is 'length'"),
        ({"truth_bins": "9..3"}, "truth_bins must not fall; it is '9..3'"),
        ({"outcome": "wrong"}, "outcome chooses among the samples of predictions; this series holds number_predictions"),
        ({"sort": "changed", "since": "1"}, "since chooses among the samples of predictions"),
        ({"sort": "doubt"}, "samples of number_predictions are sorted by place or loss; sort is 'doubt'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    write_numbers(tmp_path, 10)
    status, error, _ = python_tab(tmp_path).refused("/samples", **SERIES, **query)

    assert status == 400
    assert error.startswith(says)


def test_bins_that_nobody_counted_in_and_samples_without_numbers_are_refused(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    own = samples.of_numbers([[1.0], [2.0]])
    with RunWriter(tmp_path / RUN) as run:
        run.write("validation/number_predictions", number_predictions.of(own, [[1.0], [3.0]], targets=["a"]), 1)
        run.write("test/number_predictions", replace(number_predictions.of(own, [[1.0], [3.0]], targets=["a"]), samples=samples.of([0, 1])), 1)
    tab = python_tab(tmp_path)

    status, error, fix = tab.refused("/samples", **SERIES, truth_bins="0..9")
    assert (status, fix) == (404, "Leave truth_bins and predicted_bins out.")
    assert error == f"no regression in 'validation/regression' of run {RUN!r} at step 1, whose bins are asked for"
    status, error, _ = tab.refused("/samples", run=RUN, tag="test/number_predictions")
    assert status == 404
    assert error.startswith("the predictions of step 1 cannot be read: they are of the shape [2, 1], and the record of their samples has no numbers")
