"""A logdir: its files, its trainings, and what each of them holds."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

from layerscope.doctor.event_files import crowded, event_files, scan
from layerscope.doctor.report import Section, Trouble, printable
from tb_plugin import structures
from tb_plugin.open import open_logdir
from tb_plugin.owners import SCALARS
from tb_plugin.store import Caller, Store
from tb_plugin.trainings import Catalogue, Series, Training, catalogue

_LOG_IT = "Log there: callbacks=[Layerscope(logdir)], or RunWriter(logdir). The README shows both."


def examine(logdir: str) -> list[Section]:
    """What is in a logdir, file by file and training by training."""
    title = f"Logdir {printable(logdir)}"
    if "://" not in logdir and not os.path.isdir(logdir):
        return [Section(title, problems=[Trouble(f"there is no directory {printable(logdir)}", "Give the logdir that the training writes to.")])]
    files = Section(title)
    if "://" not in logdir:
        _files(files, logdir)
        if files.problems and not files.lines:
            return [files]
    store, caller = open_logdir(logdir), Caller.local()
    everything = catalogue(store, caller)
    if not everything.trainings:
        files.problems.append(Trouble("nothing in it is of a kind that the tab shows", _LOG_IT))
    for told in everything.problems:
        files.problems.append(Trouble(f"run {printable(told.run)}, tag {printable(told.tag)}: {told.problem.error}", told.problem.fix))
    return [files, *(_training(store, caller, everything, training) for training in everything.trainings)]


def _files(section: Section, logdir: str) -> None:
    found = list(event_files(logdir))
    if not found:
        section.problems.append(Trouble("there is no event file in it", _LOG_IT))
        return
    scans = [scan(path) for path in found]
    size = sum(s.size for s in scans)
    section.lines.append(f"{_count(len(found), 'event file')}, {_count(sum(s.records for s in scans), 'record')}, {size / 1e6:.1f} MB")
    section.problems += [s.damage for s in scans if s.damage is not None]
    section.problems += [trouble for folder in dict.fromkeys(Path(path).parent for path in found) if (trouble := crowded(folder)) is not None]


def _training(store: Store, caller: Caller, everything: Catalogue, training: Training) -> Section:
    section = Section(f"Training {printable(training.name)}")
    section.lines.append(f"runs: {', '.join(printable(run) for run in training.runs)}")
    for series in training.series:
        if series.kind != SCALARS:
            _series(section, store, caller, series)
    scalars = Counter(s.listed.run for s in training.of_kind(SCALARS))
    section.lines += [f"{printable(run)}: {_count(n, 'scalar series')}" for run, n in scalars.items()]
    layers = structures.find(store, caller, everything, training, None)
    if layers.points:
        source = layers.points[0].fields.get("source", "an unknown source")
        section.lines.append(f"layers: {len(layers.points[0].fields.get('nodes', ()))} nodes, from {source}")
    else:
        section.lines.append("layers: none logged")
    # Those of our own structure series were told with the series.
    if not training.of_kind("structure"):
        section.problems += [Trouble(f"training {printable(training.name)}: {p.error}", p.fix) for p in layers.problems]
    return section


def _series(section: Section, store: Store, caller: Caller, series: Series) -> None:
    read = store.points(caller, series.listed)
    name = f"{printable(series.listed.run)}: {printable(series.listed.tag)}"
    if read.points:
        first, last = read.points[0], read.points[-1]
        steps = f"step {first.step}" if first.step == last.step else f"steps {first.step} to {last.step}"
        section.lines.append(f"{name}: {_count(len(read.points), 'point')} of {series.kind}, {steps}")
        if not last.known:
            error = f"{name} was written by a newer Layerscope ({last.kind} version {last.version})"
            section.problems.append(Trouble(error, "pip install --upgrade tensorboard-plugin-layerscope"))
        lost = sum(_gaps([p.ordinal for p in read.points if p.writer == writer]) for writer in {p.writer for p in read.points})
        if lost:
            section.problems.append(Trouble(f"{name}: {_count(lost, 'record')} between those kept are missing", "The disk was full, or a file is damaged."))
    section.problems += [Trouble(f"{name}: {p.error}", p.fix) for p in read.problems]


def _gaps(ordinals: list[int]) -> int:
    return max(ordinals) - min(ordinals) + 1 - len(ordinals) if ordinals else 0


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 or what.endswith("series") else f"{n} {what}s"
