"""A logdir: its files, its trainings, and what each of them holds."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np

from layerscope._installation import DISTRIBUTION
from layerscope.doctor.event_files import crowded, event_files, scan
from layerscope.doctor.report import Section, Trouble, printable, size
from tb_plugin import structures
from tb_plugin.adapters.names import is_epoch_axis
from tb_plugin.catalogue import catalogue
from tb_plugin.epochs import scalars_of
from tb_plugin.open import open_logdir
from tb_plugin.owners import HISTOGRAMS, RECORDS, SCALARS
from tb_plugin.schema.registry import kinds
from tb_plugin.slices import steps_of
from tb_plugin.store import Caller, Store
from tb_plugin.trainings import Series, Training

_FEW = 3
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
    return [files, *(_training(store, caller, training) for training in everything.trainings)]


def _files(section: Section, logdir: str) -> None:
    found = list(event_files(logdir))
    if not found:
        section.problems.append(Trouble("there is no event file in it", _LOG_IT))
        return
    scans = [scan(path) for path in found]
    records, bytes_ = sum(s.records for s in scans), sum(s.size for s in scans)
    section.lines.append(f"{_count(len(found), 'event file')}, {_count(records, 'record')}, {size(bytes_)}")
    section.problems += [s.damage for s in scans if s.damage is not None]
    section.problems += [trouble for folder in dict.fromkeys(Path(path).parent for path in found) if (trouble := crowded(folder)) is not None]


def _training(store: Store, caller: Caller, training: Training) -> Section:
    section = Section(f"Training {printable(training.name)}")
    section.lines.append(f"runs: {', '.join(printable(run) for run in training.runs)}")
    records = [series for series in training.series if series.listed.owner in RECORDS]
    for series in records:
        _series(section, store, caller, series)
    for kind, called in ((SCALARS, "scalar series"), (HISTOGRAMS, "histogram series")):
        by_run = Counter(s.listed.run for s in training.of_kind(kind))
        section.lines += [f"{printable(run)}: {_count(n, called)}" for run, n in by_run.items()]
    writers = {point.writer for series in records for point in store.points(caller, series.listed).points if point.writer}
    if len(writers) > 1:
        section.lines.append(f"written by {len(writers)} writers: each `fit` and each RunWriter is one")
    section.problems += _mixed(store, caller, training)
    layers = structures.find(store, caller, training, None)
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
        steps, last = np.concatenate([steps_of(point) for point in read.points]), read.points[-1]
        told = f"step {steps[0]}" if len(steps) == 1 else f"steps {steps[0]} to {steps[-1]}"
        section.lines.append(f"{name}: {_count(len(steps), 'point')} of {series.kind}, {told}")
        if not last.known:
            error = f"{name} was written by a newer Layerscope ({last.kind} version {last.version})"
            section.problems.append(Trouble(error, f"pip install --upgrade {DISTRIBUTION}"))
        # Others' records have no writer, and nothing counts them.
        lost = sum(_gaps([p.ordinal for p in read.points if p.writer == writer]) for writer in {p.writer for p in read.points if p.writer})
        if lost:
            section.problems.append(Trouble(f"{name}: {_count(lost, 'record')} between those kept are missing", "The disk was full, or a file is damaged."))
    section.problems += [Trouble(f"{name}: {p.error}", p.fix) for p in read.problems]


def _mixed(store: Store, caller: Caller, training: Training) -> list[Trouble]:
    """Whether a second training was logged into the folder: then steps go back. Numbers of epochs do so at each `fit`."""
    # What each `fit` writes at its first step stands there twice where one failed before it trained; names of an axis stand at 0 always.
    once = {"structure", "training_facts", *(name for name, cls in kinds().items() if cls.is_axis)}
    ours = [s.listed for s in training.series if s.listed.owner in RECORDS and s.kind not in once]
    scalars = [s.listed for s in training.of_kind(SCALARS) if not is_epoch_axis(s.listed.tag)]
    back = {s.tag for s in ours if store.points(caller, s).goes_back}
    back |= {s.tag for s in scalars if (read := scalars_of(store, caller, s)) is not None and (np.diff(read.step) <= 0).any()}
    if not back:
        return []
    tags = ", ".join(map(printable, sorted(back)[:_FEW])) + (f" and {len(back) - _FEW} more" if len(back) > _FEW else "")
    error = f"training {printable(training.name)}: steps go back in {tags}: another training was logged into its folder, or it went on from an earlier step"
    fix = 'Log each training into a folder of its own: Layerscope("logs/run-2"). To see both, move the event files of one away; the time is in their names.'
    return [Trouble(error, fix)]


def _gaps(ordinals: list[int]) -> int:
    return max(ordinals) - min(ordinals) + 1 - len(ordinals) if ordinals else 0


def _count(n: int, what: str) -> str:
    return f"{n} {what}" if n == 1 or what.endswith("series") else f"{n} {what}s"
