"""/runs: which runs make one training, and what each of them has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_plugin.run_groups import group, natural
from tb_plugin.schema.training_facts import TrainingFacts
from tests.server.conftest import Tab
from tests.server.others import simple_value_event, write_events, write_keras_model
from writers import RunWriter, confusion_matrix

MATRIX = confusion_matrix.from_predictions([0, 1], [0, 0], labels=["a", "b"])


@pytest.mark.parametrize(
    ("runs", "evaluations", "expected"),
    [
        (["d/layerscope", "d/train", "d/validation"], {}, {"d": ["d/layerscope", "d/train", "d/validation"]}),
        (["train", "validation", "layerscope_2"], {}, {".": ["layerscope_2", "train", "validation"]}),
        (["d", "d/train", "e"], {}, {"d": ["d", "d/train"], "e": ["e"]}),
        ([".", "train"], {}, {".": [".", "train"]}),
        (["d/layerscope", "d/holdout"], {}, {"d": ["d/layerscope"], "d/holdout": ["d/holdout"]}),
        (["d/layerscope", "d/holdout"], {"d/layerscope": ["holdout"]}, {"d": ["d/holdout", "d/layerscope"]}),
        (["d/layerscope", "d/test/age"], {"d/layerscope": ["test/age"]}, {"d": ["d/layerscope", "d/test/age"]}),
        (["d", "d/holdout"], {"d": ["holdout"]}, {"d": ["d", "d/holdout"]}),
        (["layerscope", "holdout"], {"layerscope": ["holdout"]}, {".": ["holdout", "layerscope"]}),
        (["a/b", "a/c"], {}, {"a/b": ["a/b"], "a/c": ["a/c"]}),
        (["version_10", "version_2"], {}, {"version_2": ["version_2"], "version_10": ["version_10"]}),
        (["d/training", "d/trainer"], {}, {"d/trainer": ["d/trainer"], "d/training": ["d/training"]}),
    ],
)
def test_runs_of_one_parent_are_one_training(runs: list[str], evaluations: dict[str, list[str]], expected: dict[str, list[str]]) -> None:
    found = group(runs, evaluations)

    assert found == expected
    assert list(found) == list(expected)


names = st.lists(st.sampled_from(["a", "b", "train", "validation", "test", "layerscope", "layerscope_2", "holdout"]), min_size=1, max_size=3).map("/".join)


@settings(max_examples=40)
@given(st.sets(names, max_size=12), st.dictionaries(names, st.lists(names, max_size=2), max_size=3))
def test_every_run_is_in_one_training(runs: set[str], evaluations: dict[str, list[str]]) -> None:
    assert sorted(run for group_ in group(runs, evaluations).values() for run in group_) == sorted(runs)


@settings(max_examples=40)
@given(st.lists(st.text(max_size=6)).flatmap(lambda texts: st.tuples(st.just(texts), st.permutations(texts))))
def test_the_natural_order_does_not_depend_on_the_order_given(texts: tuple[list[str], list[str]]) -> None:
    first, second = texts

    assert sorted(first, key=natural) == sorted(second, key=natural)


def test_the_natural_order_counts_and_puts_the_shorter_name_first() -> None:
    assert sorted(["run-10/a", "run-10", "run-2-lr10", "run-2", "run"], key=natural) == ["run", "run-2", "run-2-lr10", "run-10", "run-10/a"]


def test_a_training_tells_what_it_has(open_tab: Callable[..., Tab], tmp_path: Path) -> None:
    with RunWriter(tmp_path / "d/layerscope") as run:
        run.write("training_facts", TrainingFacts(evaluations=("validation", "holdout"), steps_per_epoch=50), 0)
        for name in ("holdout", "validation", "test/age"):
            run.write(f"{name}/confusion_matrix", MATRIX, 100)
        run.write("learning_rate", 0.1, 10)
    with RunWriter(tmp_path / "d/train") as run:
        run.write("epoch_loss", 0.5, 1)
    with RunWriter(tmp_path / "d/holdout") as run:
        run.write("epoch_loss", 0.5, 1)

    told = open_tab(tmp_path, 8).runs()

    assert told["problems"] == []
    (training,) = told["trainings"]
    assert training["name"] == "d"
    assert training["runs"] == ["d/holdout", "d/layerscope", "d/train"]
    assert training["evaluations"] == ["validation", "holdout", "test/age"]
    assert training["structure"] is None
    series = {(s["run"], s["tag"]): s for s in training["series"]}
    assert series["d/layerscope", "test/age/confusion_matrix"]["evaluation"] == "test/age"
    assert series["d/layerscope", "training_facts"]["evaluation"] is None
    rate = series["d/layerscope", "learning_rate"]
    assert (rate["kind"], rate["name"], rate["split"], rate["last_step"]) == ("scalars", "learning_rate", None, 10)
    # Keras' epoch 1 ended at step 100.
    for name, split in [("train", "train"), ("holdout", "holdout")]:
        loss = series[f"d/{name}", "epoch_loss"]
        assert (loss["name"], loss["split"], loss["last_step"]) == ("loss", split, 100)
    assert all(s["last_wall_time"] > 1e9 for s in training["series"])


def test_where_the_layers_come_from_is_told(python_tab: Callable[..., Tab], tmp_path: Path) -> None:
    write_keras_model(tmp_path / "theirs/train", "{}")
    write_events(tmp_path / "neither", [simple_value_event("loss", 1.0, 0)])

    told = python_tab(tmp_path).runs()["trainings"]

    assert {t["name"]: t["structure"] for t in told} == {"theirs": "graph_keras_model", "neither": None}


def test_new_points_are_told_within_a_second(tmp_path: Path) -> None:
    from tb_plugin.store import Caller, Store
    from tests.server.conftest import read_with_python

    with RunWriter(tmp_path / "d") as run:
        run.write("training_facts", TrainingFacts(), 0)
        provider = read_with_python(tmp_path)
        now = 100.0
        store = Store(provider, clock=lambda: now)
        assert store.listing(Caller.local())[0].last_step == 0
        run.write("training_facts", TrainingFacts(), 5)
        provider._multiplexer.Reload()

        assert store.listing(Caller.local())[0].last_step == 0
        now += 1.0
        assert store.listing(Caller.local())[0].last_step == 5
