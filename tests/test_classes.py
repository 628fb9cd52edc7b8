"""Kind `classes`: names in the order of the class ids, and nothing that only looks like them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tb_plugin.schema import record
from tb_plugin.schema.classes import Classes
from writers import classes

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@settings(max_examples=60)
@given(st.lists(TEXTS, min_size=1))
def test_names_are_kept_whatever_they_are(labels: list[str]) -> None:
    made = classes.of(labels)

    read = record.payload_of(record.decode(record.encode(made, writer="w", ordinal=0)))
    assert isinstance(read, Classes)
    assert list(read.labels) == labels


@pytest.mark.parametrize("labels", [["a", "b"], ("a", "b"), np.array(["a", "b"]), iter("ab"), {"a": 0, "b": 1}.keys()])
def test_names_come_in_any_sequence(labels: Any) -> None:
    assert classes.of(labels).labels == ("a", "b")


@pytest.mark.parametrize("labels", [3, np.int64(3), range(3), np.arange(3)])
def test_a_number_of_classes_names_them_by_their_ids(labels: Any) -> None:
    assert classes.of(labels).labels == ("0", "1", "2")


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ("cat", TypeError, "a list of names"),
        ({0: "cat"}, TypeError, "a list of names"),
        (None, TypeError, "a list of names"),
        (True, TypeError, "a list of names"),
        (2.5, TypeError, "a list of names"),
        ([1, 2], TypeError, r"labels\[0\] is 1"),
        (["a", None], TypeError, r"labels\[1\] is None"),
        ([], ValueError, "labels is empty"),
        (0, ValueError, "n_classes is 0"),
        (["\ud800"], ValueError, "valid Unicode"),
    ],
)
def test_what_is_no_list_of_names_raises(labels: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        classes.of(labels)


def test_the_rest_is_checked_against_the_labels() -> None:
    made = classes.of(["a", "b"], task="binary", positive=1, ignored=-1, parents=[-1, 0])
    assert (made.positive, made.ignored, made.parents) == (1, -1, (-1, 0))
    assert classes.of(made) is made

    with pytest.raises(ValueError, match=r"positive must .*2"):
        classes.of(["a", "b"], positive=2)
    with pytest.raises(ValueError, match="parents"):
        classes.of(["a", "b"], parents=[-1])
    not_a_number: Any = "none"
    with pytest.raises(TypeError, match="ignored must be a class id"):
        classes.of(["a", "b"], ignored=not_a_number)
