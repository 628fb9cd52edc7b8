"""Logs that are damaged, odd or somebody else's: what cannot be read is said, and takes nothing else along."""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import safetensors.numpy

from tb_plugin.schema.record import KEY, encode, pack
from tb_plugin.schema.training_facts import TrainingFacts
from tests.server.conftest import Tab
from tests.server.others import tensor_event, write_events, write_keras_model
from writers import RunWriter, confusion_matrix

GOOD = encode(TrainingFacts(loss="good"), writer="w", ordinal=0)
HEADER = {"kind": "training_facts", "version": 1, "writer": "w", "ordinal": 0}
CONTENT = json.dumps({"kind": "training_facts", "version": 1}).encode()


def zipped(header: dict[str, object], arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int32]]] | None = None) -> bytes:
    return zlib.compress(pack(arrays or {}, header))


BAD = {
    "empty": b"",
    "text": b"hello",
    "cut off": GOOD[:-3],
    "garbled": GOOD[:10] + bytes([GOOD[10] ^ 255]) + GOOD[11:],
    "no container": zlib.compress(b"hello"),
    "no header": zlib.compress(safetensors.numpy.save({"a": np.zeros(1)})),
    "header is a list": zlib.compress(safetensors.numpy.save({}, {KEY: "[]"})),
    "no kind": zipped({"version": 1, "writer": "w", "ordinal": 0}),
    "kind is a number": zipped({**HEADER, "kind": 3}),
    "field of a wrong type": zipped({**HEADER, "first_step": "many"}),
    "array is missing": zipped({**HEADER, "kind": "confusion_matrix", "classes": "0" * 16}),
    "row_end falls": zipped(
        {**HEADER, "kind": "confusion_matrix", "classes": "0" * 16},
        {"row_end": np.array([1, 0, 1], np.int32), "column": np.array([0], np.int32), "count": np.array([1], np.int32)},
    ),
    "offsets beyond the end": zlib.compress(struct.pack("<Q", 2**40) + b"{}"),
    "a bomb": zlib.compress(b"\0" * (65 * 2**20), 9),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD.keys())
def test_a_bad_record_becomes_a_problem_and_takes_no_other_along(python_tab: Callable[..., Tab], tmp_path: Path, bad: bytes) -> None:
    write_events(tmp_path / "run", [tensor_event("training_facts", [data], content=CONTENT, step=step) for step, data in enumerate([GOOD, bad, GOOD])])
    tab = python_tab(tmp_path)

    answer = tab.arrays("/points", run="run", tag="training_facts")

    assert [p["step"] for s in answer.segments for p in s["points"]] == [0, 2]
    (problem,) = answer.problems
    assert problem["step"] == 1
    assert problem["error"].startswith("the record at step 1 cannot be read: ")
    assert problem["fix"]
    (told,) = tab.runs()["problems"]
    assert (told["run"], told["tag"], told["error"]) == ("run", "training_facts", problem["error"])


def test_both_loaders_pass_bad_records_on_to_us(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_events(tmp_path / "run", [tensor_event("training_facts", [data], content=CONTENT, step=step) for step, data in enumerate([b"bad", GOOD])])

    answer = open_tab(tmp_path, 1).arrays("/points", run="run", tag="training_facts")

    assert [p["step"] for p in answer.problems] == [0]
    assert [p["fields"]["loss"] for p in answer.segments[0]["points"]] == ["good"]


@pytest.mark.parametrize("strings", [[], [GOOD, GOOD]], ids=["none", "two"])
def test_a_tensor_that_is_not_one_string_is_a_problem(python_tab: Callable[..., Tab], tmp_path: Path, strings: list[bytes]) -> None:
    write_events(tmp_path / "run", [tensor_event("facts", strings, content=CONTENT), tensor_event("facts", [GOOD], content=CONTENT, step=1)])

    answer = python_tab(tmp_path).arrays("/points", run="run", tag="facts")

    assert len(answer.segments) == len(answer.problems) == 1
    assert "a record is one byte string" in answer.problems[0]["error"]


def test_an_unknown_kind_is_answered_as_stored(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    arrays = {"depth": np.arange(6, dtype=np.float16).reshape(2, 3), "wide": np.array([2**40]), "flag": np.array([True, False]), "one": np.array(7)}
    records = [zlib.compress(pack(arrays, {**HEADER, "kind": "soundings", "place": "here"})) for _ in range(2)]
    write_events(tmp_path / "run", [tensor_event("deep", [r], content=b'{"kind":"soundings","version":9}', step=i) for i, r in enumerate(records)])
    tab = python_tab(tmp_path)

    answer = tab.arrays("/points", run="run", tag="deep")

    assert [(s["kind"], s["known"], len(s["points"])) for s in answer.segments] == [("soundings", False, 1)] * 2
    assert answer.segments[0]["points"][0]["fields"] == {"place": "here"}
    for name, dtype in [("depth", "float32"), ("wide", "float64"), ("flag", "uint8"), ("one", "int32")]:
        assert answer.arrays[f"1/{name}"].dtype == dtype
        np.testing.assert_array_equal(answer.arrays[f"1/{name}"].reshape(arrays[name].shape), arrays[name])
    (series,) = tab.runs()["trainings"][0]["series"]
    assert (series["kind"], series["version"]) == ("soundings", 9)


def test_a_newer_version_of_a_kind_is_answered_as_stored(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    newer = zipped({**HEADER, "version": 2, "first_step": "now a text"})
    write_events(tmp_path / "run", [tensor_event("training_facts", [r], content=CONTENT, step=i) for i, r in enumerate([GOOD, newer])])

    answer = python_tab(tmp_path).arrays("/points", run="run", tag="training_facts")

    assert [(s["version"], s["known"]) for s in answer.segments] == [(1, True), (2, False)]
    assert answer.segments[1]["points"][0]["fields"] == {"first_step": "now a text"}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"kind":3,"version":1}', b'{"kind":"x"}', b'{"kind":"x","version":true}'])
def test_metadata_that_tells_no_kind_leaves_it_to_the_record(python_tab: Callable[..., Tab], tmp_path: Path, content: bytes) -> None:
    write_events(tmp_path / "run", [tensor_event("t", [GOOD], content=content), tensor_event("u", [b"bad"], content=content)])

    told = python_tab(tmp_path).runs()

    assert [(s["tag"], s["kind"]) for s in told["trainings"][0]["series"]] == [("t", "training_facts")]
    assert [(p["run"], p["tag"]) for p in told["problems"]] == [("run", "u")]


def test_a_cut_off_file_shows_what_came_before(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "run") as run:
        for step in range(5):
            run.write("training_facts", TrainingFacts(first_step=step), step)
    (file,) = (tmp_path / "run").iterdir()
    file.write_bytes(file.read_bytes()[:-7])

    answer = open_tab(tmp_path, 1).arrays("/points", run="run", tag="training_facts")

    assert [p["step"] for p in answer.segments[0]["points"]] == [0, 1, 2, 3]


def test_a_run_that_is_garbled_takes_no_other_run_along(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        with RunWriter(tmp_path / name) as run:
            run.write("training_facts", TrainingFacts(loss=name), 0)
    (file,) = (tmp_path / "b").iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)

    tab = open_tab(tmp_path, 2)

    assert [tab.arrays("/points", run=name, tag="training_facts").segments[0]["points"][0]["fields"]["loss"] for name in "ac"] == ["a", "c"]


ODD = ["<b>bold</b>", "\u202eright to left", "عربى", "two\nlines", "%2e%2e", "a b", "😀", "x" * 10_000, "quote\"'", "\x7f\x01", "a&b=c#d?e"]


@pytest.mark.parametrize("name", ODD, ids=lambda name: ascii(name[:12]))
def test_odd_names_come_back_as_they_were_given(open_tab: Callable[..., Tab], tmp_path: Path, name: str) -> None:
    tag = f"{name}/confusion_matrix"
    with RunWriter(tmp_path / "run") as run:
        run.write(tag, confusion_matrix.from_predictions([0, 1], [0, 0], labels=[name, "other"]), 3)
    tab = open_tab(tmp_path, 2)

    (training,) = tab.runs()["trainings"]

    assert training["evaluations"] == [name]
    assert tab.arrays("/points", run="run", tag=tag).segments[0]["points"][0]["step"] == 3
    (axis,) = [s["tag"] for s in training["series"] if s["kind"] == "classes"]
    assert tab.arrays("/points", run="run", tag=axis).segments[0]["points"][0]["fields"]["labels"] == [name, "other"]
    assert json.loads(tab.get("/order", {"run": "run", "tag": tag}).get_data())["order"] == [0, 1]


@pytest.mark.parametrize("run_name", ["a/b/c", "a b", "50%", "😀", "<i>", "a&b=c#d", "ünï", "train", "layerscope_2", "%2e%2e"])
def test_odd_run_names_can_be_asked_for(open_tab: Callable[..., Tab], tmp_path: Path, run_name: str) -> None:
    with RunWriter(tmp_path / run_name) as run:
        run.write("training_facts", TrainingFacts(loss=run_name), 0)
    tab = open_tab(tmp_path, 1)

    (training,) = tab.runs()["trainings"]

    assert training["runs"] == [run_name]
    assert tab.arrays("/points", run=run_name, tag="training_facts").segments[0]["points"][0]["fields"]["loss"] == run_name


NO_MODELS = {"empty": "", "text": "not JSON", "list": "[]", "subclassed": '{"class_name": "Model", "config": {"name": "m"}}', "deep": "[" * 100_000}


@pytest.mark.parametrize("text", NO_MODELS.values(), ids=NO_MODELS.keys())
def test_a_model_that_cannot_be_read_says_why(python_tab: Callable[..., Tab], tmp_path: Path, text: str) -> None:
    write_keras_model(tmp_path / "train", text)

    status, error, fix = python_tab(tmp_path).refused("/structure", training=".")

    assert (status, "cannot be read" in error, "Layerscope" in fix) == (404, True, True)


def test_a_model_blob_of_a_wrong_shape_is_said(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    event = tensor_event("keras", [b"{}"], plugin="graph_keras_model", blob=True)
    event.summary.value[0].tensor.tensor_shape.Clear()
    write_events(tmp_path / "train", [event])

    assert python_tab(tmp_path).refused("/structure", training=".")[0] == 404


def test_an_empty_logdir_is_an_empty_list(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    tab = python_tab(tmp_path)

    assert tab.runs() == {"trainings": [], "problems": []}
    assert not tab.plugin.is_active()
