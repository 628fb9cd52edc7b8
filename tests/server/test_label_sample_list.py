"""/samples of several labels: the samples behind a label, and behind two that are wrong together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from tests.server.conftest import Array, Tab
from writers import MultilabelEvaluation, RunWriter

RUN = "d/layerscope"
SERIES = {"run": RUN, "tag": "validation/label_predictions"}
LABELS = ("sky", "<b>sea</b>", "שלום", "tree")
STEPS = (10, 20, 30)


def write_labels(logdir: Path, size: int = 120) -> tuple[Array, dict[int, Array], list[str]]:
    """Evaluations of the same samples, better from step to step: truth, logits by step, ids."""
    random = np.random.default_rng(5)
    truth = (random.random((size, len(LABELS))) < 0.4).astype(int)
    truth[3, 1] = -1
    ids = [f"img/{i:03}.png" for i in range(size)]
    found = {}
    with RunWriter(logdir / RUN) as run:
        for i, step in enumerate(STEPS):
            found[step] = logits = random.normal(size=truth.shape) + i * (truth - 0.5)
            evaluation = MultilabelEvaluation(LABELS, score="logit", ignored=-1, examples=20)
            evaluation.update(truth, logits, ids=ids, inputs=[f"sample {j}" for j in range(size)]).write(run, "validation", step, epoch=i)
    return truth, found, ids


def asked(tab: Tab, **query: str) -> tuple[dict[str, Any], dict[str, Array]]:
    """Fields and arrays of the one point of an answer."""
    found = tab.arrays("/samples", **{**SERIES, **query})
    (segment,) = found.segments
    (point,) = segment["points"]
    assert segment["kind"] == "label_sample_list"
    return point["fields"], {name.removeprefix("0/"): content for name, content in found.arrays.items() if not name.endswith("/end")}


def became_of(truth: Array, logits: Array) -> dict[str, Array]:
    """Straight from truths and logits, bool [sample, label]."""
    told, known = logits > 0, truth >= 0
    found = {
        "missed": (truth == 1) & ~told,
        "false": (truth == 0) & told,
        "rightly": (truth == 1) & told,
        "absent": (truth == 0) & ~told & known,
    }
    return {**found, "wrong": found["missed"] | found["false"]}


def test_samples_are_told_as_they_were_logged(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    truth, logits, ids = write_labels(tmp_path)
    fields, arrays = asked(open_tab(tmp_path, 6), count="1000")

    assert fields["ids"] == ids
    assert {name: fields[name] for name in ("epoch", "samples", "matching", "first")} == {"epoch": 2, "samples": 120, "matching": 120, "first": 0}
    assert fields["stored"] == np.count_nonzero(arrays["example"] >= 0) > 20
    is_ = became_of(truth, logits[30])
    entries = is_["wrong"] | is_["rightly"] | (truth < 0)
    ends = np.cumsum(entries.sum(axis=1))
    assert_array_equal(arrays["entry_end"], ends)
    assert_array_equal(arrays["label"], np.nonzero(entries)[1])
    code = np.select([is_["missed"], is_["false"], is_["rightly"]], [1, 2, 3], -1)[entries]
    assert_array_equal(arrays["became"], code)
    p = np.floor(65536 / (1 + np.exp(-logits[30])))[entries] / 65536
    assert_array_equal(arrays["probability"], np.where(code < 0, np.nan, p))
    loss = np.where(truth < 0, np.nan, np.logaddexp(0, np.where(truth == 1, -logits[30], logits[30])))
    assert_allclose(arrays["loss"], np.nanmean(loss, axis=1), rtol=1e-3)


def test_what_is_asked_for_is_what_matches(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    truth, logits, ids = write_labels(tmp_path)
    tab, is_ = python_tab(tmp_path), became_of(truth, logits[30])
    wrongs = is_["wrong"].sum(axis=1)
    cases = {(("outcome", "wrong"),): wrongs > 0, (("outcome", "right"),): wrongs == 0, (("most_wrong", "1"), ("outcome", "wrong")): wrongs == 1}
    for label in range(len(LABELS)):
        cases |= {(("labels", f"{label}:{became}"),): matches[:, label] for became, matches in is_.items()}
    for one, other in (("missed", "false"), ("missed", "missed"), ("false", "false")):
        cases[("labels", f"0:{one},2:{other}"), ("most_wrong", "2")] = is_[one][:, 0] & is_[other][:, 2] & (wrongs <= 2)

    for query, matches in cases.items():
        fields, _ = asked(tab, count="1000", **dict(query))
        assert fields["ids"] == [ids[i] for i in np.flatnonzero(matches)], query
        assert fields["matching"] == np.count_nonzero(matches)


def test_a_pair_has_as_many_samples_as_the_table_counts(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_labels(tmp_path)
    tab = python_tab(tmp_path)
    (segment,) = tab.arrays("/points", run=RUN, tag="validation/multilabel", steps="last").segments
    arrays = tab.arrays("/points", run=RUN, tag="validation/multilabel", steps="last").arrays
    end, column, count = (arrays[f"0/{name}"] for name in ("row_end", "column", "count"))
    most = str(segment["points"][0]["fields"]["most_wrong"])

    for row in range(len(LABELS)):
        for cell in range(end[row - 1] if row else 0, end[row]):
            assert asked(tab, labels=f"{row}:missed,{column[cell]}:false", most_wrong=most)[0]["matching"] == count[cell]


def test_the_largest_loss_is_first_and_parts_are_parts(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_labels(tmp_path)
    tab = python_tab(tmp_path)
    whole, part = asked(tab, sort="loss", count="1000"), asked(tab, sort="loss", first="50", count="20")

    assert (np.diff(whole[1]["loss"]) <= 0).all()
    assert part[0]["ids"] == whole[0]["ids"][50:70]
    assert (part[0]["matching"], part[0]["first"]) == (120, 50)
    starts = np.concatenate([[0], whole[1]["entry_end"]])
    assert_array_equal(part[1]["label"], whole[1]["label"][starts[50] : starts[70]])
    assert asked(tab, first="9999")[1]["entry_end"].size == 0


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"labels": "sky:missed"}, "labels must say of at most 10 labels what each became, one of missed, false, rightly, absent, wrong; it is 'sky:missed'"),
        ({"labels": "3:lost"}, "labels must say of at most 10 labels what each became"),
        ({"labels": "4:missed"}, "there is no label 4"),
        ({"truth": "1"}, "truth chooses among the samples of predictions; this series holds label_predictions"),
        ({"target": "1"}, "target chooses among the samples of number_predictions; this series holds label_predictions"),
        ({"sort": "doubt"}, "samples of label_predictions are sorted by place or loss; sort is 'doubt'"),
    ],
)
def test_a_wrong_request_says_what_to_write(python_tab: Callable[..., Tab], tmp_path: Path, query: dict[str, str], says: str) -> None:
    write_labels(tmp_path, 10)
    status, error, _ = python_tab(tmp_path).refused("/samples", **SERIES, **query)

    assert status == 400
    assert error.startswith(says)


def test_before_the_first_evaluation_there_is_none(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_labels(tmp_path, 10)

    assert python_tab(tmp_path).nothing("/samples", **SERIES, step="9")[1] == "The first are of step 10."
