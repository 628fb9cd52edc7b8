"""Kind `classes`: the classes of a task."""

from __future__ import annotations

from typing import Literal

from tb_plugin.schema.payload import Payload, listed, value

Task = Literal["binary", "multiclass", "ordinal", "multilabel"]


class Classes(Payload, kind="classes", version=1, is_axis=True):
    """The classes that rows and columns, curves and predictions refer to by id (the place in `labels`)."""

    labels: tuple[str, ...] = listed("class", help="Name of each class, by class id.")
    parents: tuple[int, ...] | None = listed("class", at_least=-1, below="class", help="A hierarchy: for each class the id of its group, or -1.", default=None)
    task: Task = value(help="What the classes are to each other.", default="multiclass")
    positive: int | None = value(at_least=0, below="class", help="Id of the class that counts as positive, in a binary task.", default=None)
    ignored: int | None = value(help="The label that marks samples to be left out.", default=None)
