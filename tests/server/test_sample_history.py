"""/sample: one sample through a training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.server.conftest import Tab
from tests.server.evaluations import RUN, log_odds, write_evaluations
from writers import RunWriter, predictions, samples

SERIES = {"run": RUN, "tag": "validation/predictions"}


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"sample": ""}, "sample is required"),
        ({"step": "3"}, "unknown parameter 'step'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    assert python_tab(tmp_path).refused("/sample", **{**SERIES, "sample": "img/0000.png", **query})[:2] == (400, says)


@pytest.mark.parametrize("tag", ["validation/confusion_matrix", "validation/nothing"])
def test_a_series_of_another_kind_has_none(python_tab: Callable[..., Tab], tmp_path: Path, tag: str) -> None:
    write_evaluations(tmp_path)
    status, error, _ = python_tab(tmp_path).refused("/sample", **{**SERIES, "sample": "img/0000.png", "tag": tag})

    assert status == 404
    assert error.startswith(("no predictions that can be read", "run 'd/layerscope' has no series"))


def test_a_sample_that_is_not_there_is_named(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_evaluations(tmp_path)

    error, fix = python_tab(tmp_path).nothing("/sample", **SERIES, sample="<img>")
    assert error == "this evaluation has no sample '<img>'"
    assert fix.startswith("The link may be of another evaluation")


@pytest.mark.parametrize("i", [0, 17, 199])
def test_a_sample_is_told_at_every_evaluation(open_tab: Callable[..., Tab], tmp_path: Path, i: int) -> None:
    logged = write_evaluations(tmp_path)
    found = open_tab(tmp_path, 6).arrays("/sample", **SERIES, sample=logged.ids[i])

    point = found.segments[0]["points"][0]
    assert found.segments[0]["kind"] == "sample_history"
    assert point["step"] == 30
    assert (point["fields"]["id"], point["fields"]["number"], point["fields"]["truth"]) == (logged.ids[i], i, logged.truth[i])
    assert point["fields"]["example"] == (i if i < 30 else -1)
    assert found.arrays["0/step"].tolist() == [10, 20, 30]
    p = np.array([logged.probabilities[step][i] for step in (10, 20, 30)])
    assert found.arrays["0/predicted"].tolist() == p.argmax(axis=1).tolist()
    assert found.arrays["0/confidence"].tolist() == (np.floor(p.max(axis=1) * 65536) / 65536).tolist()
    assert found.arrays["0/loss"].tolist() == (-np.log(p[:, logged.truth[i]])).astype(np.float16).tolist()
    assert found.arrays["0/rank"].tolist() == (1 + (p > p[:, [logged.truth[i]]]).sum(axis=1)).tolist()


def test_only_evaluations_that_tell_of_it_count_and_numbers_are_ids_where_there_are_no_texts(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    odds = log_odds(np.array([[0.8, 0.1, 0.1], [0.1, 0.8, 0.1]]))
    with RunWriter(tmp_path / RUN) as run:
        run.write("validation/predictions", predictions.of(samples.of([0, 1]), odds, labels=list("abc")), 0)
        run.write("validation/predictions", predictions.of(samples.of([1, 0], ids=[7, 1]), odds, labels=list("abc")), 1)
        run.write("validation/predictions", predictions.of(samples.of([0, 1]), odds, labels=list("abc"), kept=[True, False]), 2)
        run.write("validation/predictions", predictions.of(samples.of([0, 1]), odds, labels=list("xyz")), 3)
        run.write("validation/predictions", predictions.of(samples.of([0, 1]), odds, labels=list("abc")), 4)
    tab = python_tab(tmp_path)

    told = {sample: tab.arrays("/sample", **SERIES, sample=sample) for sample in ("0", "1", "7")}
    assert {sample: found.arrays["0/step"].tolist() for sample, found in told.items()} == {"0": [0, 2, 4], "1": [0, 1, 4], "7": [1]}
    assert told["1"].arrays["0/predicted"].tolist() == [1, 1, 1]
    assert told["7"].segments[0]["points"][0]["fields"]["id"] is None
    for sample in ("00x", "8", "-1", "9" * 19, "9" * 25, "²"):
        assert tab.nothing("/sample", **SERIES, sample=sample)[0].startswith("this evaluation has no sample")
