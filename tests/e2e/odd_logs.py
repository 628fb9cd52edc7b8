"""Logs that are allowed and that nobody would write: names with HTML, right-to-left text, newlines, 10 kB; runs with spaces, `%` and emoji."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from layerscope import RunWriter, confusion_matrix
from tb_plugin.schema.parameters import Parameter, Parameters
from tb_plugin.schema.structure import Node, Structure
from tb_plugin.schema.training_facts import TrainingFacts

ATTACK = '<img src=x onerror="parent.hacked=true">'
LABELS = [ATTACK, '"><script>parent.hacked=true</script>', "\u202egnirts \u05e9\u05dc\u05d5\u05dd", "two\nlines", "long " * 2_000, "", "{{1+1}} ${1+1}"]
RUN = f"odd 100%41 {chr(0x1F4A9)} <b>bold"


def write(logdir: Path) -> None:
    """One run of them, two evaluations of all labels, and a model whose every name is one of them."""
    with RunWriter(logdir / RUN) as run:
        run.write("structure", _structure(), 0)
        run.write("training_facts", _facts(), 0)
        for step in (10, 20):
            y_true = [i % len(LABELS) for i in range(40)]
            y_pred = [(i // 5 + step) % len(LABELS) for i in range(40)]
            run.write("validation/confusion_matrix", confusion_matrix.from_predictions(y_true, y_pred, labels=LABELS), step)
            run.write(f"{ATTACK}/confusion_matrix", confusion_matrix.from_predictions(y_true, y_pred, labels=LABELS), step)
            run.write(f"loss {ATTACK}", 1.0 / step, step)


def _structure() -> Structure:
    """A layer a label, one after the other, and back to the first: a circle."""
    names = [f"{i} {label}" for i, label in enumerate(LABELS)]
    n = len(names)
    parameter = Parameter(names[0], f"m/{ATTACK}", names[0], ATTACK, "trainable")
    return Structure(
        source="keras",
        model=ATTACK,
        parameters=Parameters(parameters=(parameter,), shape=np.array([3, 2**31]), shape_end=np.array([2])),
        nodes=tuple(Node(name, name, 0, label, {ATTACK: label, "nested": {label: [ATTACK]}}) for name, label in zip(names, LABELS, strict=True)),
        inputs={ATTACK: 0},
        outputs={LABELS[1]: n - 1},
        dtypes=(ATTACK,),
        notes=(f"A note that says {ATTACK}", *LABELS[1:3]),
        parent=np.full(n, -1),
        edge=np.array([[i, 0, (i + 1) % n, 0] for i in range(n)]),
        output_end=np.arange(1, n + 1),
        shape=np.full(n, 7),
        shape_end=np.arange(1, n + 1),
        dtype=np.zeros(n, int),
        macs=np.full(n, 2**62),
        activation_bytes=np.full(n, -1),
        edges_known=np.ones(n, bool),
    )


def _facts() -> TrainingFacts:
    told = {ATTACK: ATTACK, "list": list(LABELS)}
    texts = {ATTACK: ATTACK}
    return TrainingFacts(
        framework=ATTACK, optimizer=ATTACK, optimizer_config=told, loss=ATTACK, loss_config=told, schedule=texts, versions=texts, hyperparameters=told
    )
