"""The server: how long a request of each route takes, over HTTP, first and again."""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from benchmarks.logs import loaded, matrices
from benchmarks.row import Goal, Row
from scripts.processes import ROOT, tensorboard

CLASSES, EVALUATIONS = 1000, 50
_OURS = "/data/plugin/layerscope"


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
            client = _Client(server.url)
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
                first = [client.get(route, query) for query in each]
                again = [client.get(route, query) for query in each]
                # The last evaluation is what a notch of the step slider asks for, of a series that was read before.
                found += (
                    [Row(f"{name}, again", again, goal=goal)] if "steps" in each[0] else [Row(f"{name}, first", first, goal=goal), Row(f"{name}, again", again)]
                )
            return found


def _listing(client: _Client, rounds: int, trainings: int) -> Row:
    """The lists that the two pages poll: ours of all that there is, theirs of scalars."""
    ours, theirs = [], []
    for _ in range(rounds):
        time.sleep(1.1)  # ours is kept for a second, and is to be made anew
        ours.append(client.get("/runs"))
        theirs.append(client.get("/data/plugin/scalars/tags", ours=False))
    return Row(f"/runs: {trainings} trainings", ours, theirs, against="/data/plugin/scalars/tags")


class _Client:
    """A connection for each request, as TensorBoard closes each; what is timed begins once it is there."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc

    def get(self, route: str, query: Mapping[str, str] | None = None, *, ours: bool = True) -> float:
        """Seconds until the whole answer is here."""
        connection = http.client.HTTPConnection(self._address, timeout=120)
        connection.connect()
        begin = time.perf_counter()
        connection.request("GET", f"{_OURS if ours else ''}{route}?{urlencode(query or {})}")
        response = connection.getresponse()
        content = response.read()
        taken = time.perf_counter() - begin
        connection.close()
        if response.status != 200:
            raise RuntimeError(f"{route} answered {response.status}: {content[:300]!r}")
        return taken
