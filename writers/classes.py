"""The classes of a task, as a payload."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tb_plugin.schema.classes import Classes, Task


def of(
    labels: Classes | Iterable[str] | int,
    *,
    task: Task = "multiclass",
    positive: int | None = None,
    ignored: int | None = None,
    parents: Sequence[int] | None = None,
) -> Classes:
    """The classes of a task.

    Args:
        labels: The name of each class, in the order of the class ids; or how many classes there are, named "0", "1", ….
            Names may repeat. Numbers are taken as names only where they are 0, 1, 2, …: elsewhere they would suggest
            that class ids are looked up in them, and they are positions.
        task: What the classes are to each other.
        positive: Id of the class that counts as positive, in a binary task.
        ignored: The label that marks samples to be left out.
        parents: A hierarchy: for each class the id of its group, or -1.

    Raises:
        TypeError: Labels are neither texts nor a number.
        ValueError: There is no class, or an argument refers to a class that does not exist.
    """
    if isinstance(labels, Classes):
        return labels
    return Classes(
        labels=_names(labels),
        task=task,
        positive=_whole(positive, "positive"),
        ignored=_whole(ignored, "ignored"),
        parents=None if parents is None else tuple(int(parent) for parent in parents),
    )


def positive_of(classes: Classes) -> int | None:
    """The class that counts as positive where one of two is chosen; else None."""
    if len(classes.labels) != 2 or classes.task == "multilabel":
        return None
    return 1 if classes.positive is None else classes.positive


def _names(labels: Any) -> tuple[str, ...]:
    if _is_whole(labels):
        if int(labels) < 1:
            raise ValueError(f"there must be at least one class; n_classes is {labels}")
        return tuple(str(i) for i in range(int(labels)))
    if isinstance(labels, str | bytes | Mapping) or not isinstance(labels, Iterable):
        raise TypeError(f"labels must be a list of names in the order of the class ids, or the number of classes; it is {labels!r:.80}")
    names = list(labels)
    if not names:
        raise ValueError("there must be at least one class; labels is empty")
    if all(map(_is_whole, names)) and [int(name) for name in names] == list(range(len(names))):
        return tuple(str(name) for name in names)
    for i, name in enumerate(names):
        if not isinstance(name, str):
            raise TypeError(f"labels are names (texts) in the order of the class ids 0, 1, …; labels[{i}] is {name!r:.80}")
        try:
            name.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"labels must be valid Unicode; labels[{i}] is {name!r:.80}") from error
    return tuple(str(name) for name in names)


def _whole(value: Any, name: str) -> int | None:
    if value is not None and not _is_whole(value):
        raise TypeError(f"{name} must be a class id, a whole number; it is {value!r:.80}")
    return None if value is None else int(value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)
