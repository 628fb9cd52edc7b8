"""The server: how long a request of each route takes, over HTTP, first and again."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.client import Client
from benchmarks.logs import loaded, matrices
from benchmarks.row import Goal, Row
from scripts.processes import ROOT, tensorboard

CLASSES, EVALUATIONS = 1000, 50


def rows(rounds: int = 5, classes: int = CLASSES, evaluations: int = EVALUATIONS) -> list[Row]:
    """Each training of the logdir has the same data, so that each is asked for the first time once."""
    tag = "validation/confusion_matrix"
    with tempfile.TemporaryDirectory() as folder:
        logdir = Path(folder)
        names = [f"digits-{i}" for i in range(rounds)]
        subprocess.run([sys.executable, "-m", "benchmarks.logs", folder, names[0]], cwd=ROOT, check=True)
        for name in names[1:]:
            shutil.copytree(logdir / names[0], logdir / name)
        for name in names:
            matrices(logdir / f"matrices-{name}", classes, evaluations)
        with tensorboard(logdir, "--load_fast=true") as server:
            loaded(server.url, 2 * rounds)
            client = Client(server.url)
            client.get("/runs")
            several = f"{classes:,} classes"
            runs = [f"matrices-{name}" for name in names]
            queries = {
                f"/points: {evaluations} evaluations of {several}": ("/points", [{"run": run, "tag": tag} for run in runs], None),
                f"/points: the last evaluation of {several}": ("/points", [{"run": run, "tag": tag, "steps": "last"} for run in runs], Goal(0.15, of="ours")),
                f"/order: {evaluations} evaluations of {several}": ("/order", [{"run": run, "tag": tag} for run in runs], None),
                "/structure: a network on digits": ("/structure", [{"training": name} for name in names], Goal(0.15, of="ours")),
            }
            found = [_listing(client, rounds, 2 * rounds)]
            for name, (route, each, goal) in queries.items():
                first = [client.get(route, query).seconds for query in each]
                again = [client.get(route, query).seconds for query in each]
                # The last evaluation is what a notch of the step slider asks for, of a series that was read before.
                found += (
                    [Row(f"{name}, again", again, goal=goal)] if "steps" in each[0] else [Row(f"{name}, first", first, goal=goal), Row(f"{name}, again", again)]
                )
            return found


def _listing(client: Client, rounds: int, trainings: int) -> Row:
    """The lists that the two pages poll: ours of all that there is, theirs of scalars."""
    ours, theirs = [], []
    for _ in range(rounds):
        time.sleep(1.1)  # ours is kept for a second, and is to be made anew
        ours.append(client.get("/runs").seconds)
        theirs.append(client.get("/data/plugin/scalars/tags", ours=False).seconds)
    return Row(f"/runs: {trainings} trainings", ours, theirs, against="/data/plugin/scalars/tags")
