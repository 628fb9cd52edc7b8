"""Memory by which a long training grows after its first steps, with its weights and gradients logged and without."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.row import Goal, Row
from scripts.processes import ROOT

STEPS = 100_000
WAYS = ("Keras' fit", "a loop with a GradientTape", "a loop of PyTorch")

_STRETCHES = 10


def rows(steps: int = STEPS) -> list[Row]:
    """Of each way to train: what grows between its first fifth and its end.

    Args:
        steps: Of the training.
    """
    found = []
    for way in WAYS:
        name = f"{way}: what {steps - steps // 5:,} steps add to the memory of the {steps // 5:,} before them"
        # A record waits to be written, and an allocator keeps what it was once given: neither has to do with how many steps there are.
        found.append(Row(name, [_grown(way, steps, logged=True)], unit="B", goal=Goal(10e6, of="ours")))
        found.append(Row(f"{name}, without Layerscope", [_grown(way, steps, logged=False)], unit="B"))
    return found


def _grown(way: str, steps: int, logged: bool) -> float:
    command = [sys.executable, "-m", "benchmarks.growth", way, str(steps), str(int(logged))]
    told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    memory: list[float] = json.loads(told.splitlines()[-1])
    return memory[-1] - memory[_STRETCHES // 5]


def _fit(steps: int, folder: str | None, look: Callable[[], None]) -> None:
    import keras
    import numpy as np
    import tensorflow as tf

    from layerscope.keras import Layerscope

    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(10)])
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    data = tf.data.Dataset.from_tensors((np.ones((8, 8), np.float32), np.arange(8))).repeat()
    looks = keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: look())
    callbacks = [looks] if folder is None else [Layerscope(folder), looks]
    look()
    model.fit(data, epochs=_STRETCHES, steps_per_epoch=steps // _STRETCHES, verbose=0, callbacks=callbacks)


def _tape(steps: int, folder: str | None, look: Callable[[], None]) -> None:
    import keras
    import tensorflow as tf

    from layerscope.tensorflow import watch

    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
    optimizer = keras.optimizers.Adam()
    x = tf.ones((8, 8))

    def step() -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(model(x)))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    _repeat(tf.function(step), None if folder is None else watch(model, optimizer, folder, steps=steps), steps, look)


def _torch(steps: int, folder: str | None, look: Callable[[], None]) -> None:
    import torch

    from layerscope.torch import watch

    torch.set_num_threads(1)
    model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
    optimizer = torch.optim.Adam(model.parameters())
    x = torch.ones((8, 8))

    def step() -> Any:
        optimizer.zero_grad()
        loss = model(x).square().mean()
        loss.backward()
        optimizer.step()
        return loss

    _repeat(step, None if folder is None else watch(model, optimizer, folder, steps=steps), steps, look)


def _repeat(step: Callable[[], Any], run: Any | None, steps: int, look: Callable[[], None]) -> None:
    """A loop of one's own: each step gives its loss, which the run is told."""
    look()
    for _ in range(_STRETCHES):
        for _ in range(steps // _STRETCHES):
            loss = step()
            if run is not None:
                run.loss(loss)
        look()
    if run is not None:
        run.close()


def _own_memory() -> float:
    """Bytes that this process has for itself alone: what it shares counts by how many others there are just now."""
    told = Path("/proc/self/smaps_rollup").read_text()
    return next(int(line.split()[1]) * 1024.0 for line in told.splitlines() if line.startswith("Anonymous:"))


def _main(way: str, steps: int, logged: bool) -> None:
    memory: list[float] = []
    train = dict(zip(WAYS, (_fit, _tape, _torch), strict=True))[way]
    with tempfile.TemporaryDirectory() as folder:
        train(steps, folder if logged else None, lambda: memory.append(_own_memory()))
    print(json.dumps(memory))


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1")
