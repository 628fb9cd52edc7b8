"""The one module that talks to TensorBoard's data provider. What it reads it decodes, checks and keeps, within bounds."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tensorboard import context, errors
from tensorboard.backend import experiment_id
from tensorboard.data import provider

from tb_plugin.adapters.pr_curves import curve_point
from tb_plugin.cache import Cache
from tb_plugin.owners import HISTOGRAMS, MODELS, OWNERS, PR_CURVES, RECORDS, SCALARS
from tb_plugin.points import Point, Points, Problem, point_of
from tb_plugin.refusals import NotFound
from tb_plugin.schema.record import BadRecord, decode
from tb_plugin.schema.summary import PLUGIN_NAME
from tb_plugin.slices import goes_back, rising

_log = logging.getLogger("layerscope")

LIST_SECONDS = 1.0
CACHE_BYTES = 256 * 2**20

_UNREADABLE = (ValueError, TypeError, MemoryError)
"""What TensorBoard's Python loader raises at tensors that are not what they claim; memory, where they claim to be huge."""

# More than any series holds: what TensorBoard kept is read whole.
_ALL = 2**31 - 1


@dataclass(frozen=True)
class Caller:
    """On whose behalf TensorBoard is asked.

    Attributes:
        context: TensorBoard's request context.
        experiment: Id of the experiment; empty in a local TensorBoard.
    """

    context: Any
    experiment: str

    @staticmethod
    def of(environ: Mapping[str, Any]) -> Caller:
        """Who sent a request."""
        # As plugin_util does, whose import brings a Markdown converter along.
        return Caller(context.from_environ(environ), environ.get(experiment_id.WSGI_ENVIRON_KEY, ""))

    @staticmethod
    def local() -> Caller:
        """Nobody in particular."""
        return Caller(context.RequestContext(), "")


@dataclass(frozen=True)
class Listed:
    """A series as TensorBoard lists it.

    Attributes:
        owner: One of `OWNERS`.
        content: What its first record's metadata says; bytes from the log, not to be trusted.
        last_step, last_wall_time: Of the points that TensorBoard kept.
    """

    run: str
    tag: str
    owner: str
    content: bytes
    last_step: int
    last_wall_time: float


@dataclass(frozen=True)
class ScalarSeries:
    """A scalar series in the order in which TensorBoard kept it: steps and values, float64 [point]."""

    step: np.ndarray[Any, Any]
    wall_time: np.ndarray[Any, Any]
    value: np.ndarray[Any, Any]

    @property
    def nbytes(self) -> int:
        """About what it takes in memory."""
        return 1000 + 24 * len(self.step)


@dataclass(frozen=True)
class HistogramSeries:
    """A series of TensorBoard's histograms in the order in which TensorBoard kept it.

    Attributes:
        step, wall_time: float64 [point].
        bins: Of each point left edge, right edge and count of the bins that are not empty, float64 [bin, 3].
        problems: Why a point, by its place, cannot be read; its bins are empty.
    """

    step: np.ndarray[Any, Any]
    wall_time: np.ndarray[Any, Any]
    bins: tuple[np.ndarray[Any, Any], ...]
    problems: Mapping[int, str]

    @property
    def nbytes(self) -> int:
        """About what it takes in memory."""
        return 1000 + sum(200 + bins.nbytes for bins in self.bins)


@dataclass(frozen=True)
class LoggedModel:
    """A point of a series of one of `MODELS`: Keras' JSON, a `GraphDef` or a `RunMetadata`."""

    step: int
    wall_time: float
    content: bytes

    @property
    def nbytes(self) -> int:
        """About what it takes in memory."""
        return 500 + len(self.content)


class Store:
    """Reads what a data provider has. Safe to use from many threads at once.

    Args:
        data_provider: TensorBoard's, local or remote.
        clock: Seconds that never go back.
        cache_bytes: Bound of the memory that decoded series may take.
    """

    def __init__(self, data_provider: Any, *, clock: Callable[[], float] = time.monotonic, cache_bytes: int = CACHE_BYTES) -> None:
        self._provider = data_provider
        self._clock = clock
        self._lists: Cache[tuple[Listed, ...]] = Cache(16 * 2**20, lambda _: 0)
        self._points: Cache[Points] = Cache(cache_bytes, lambda p: p.nbytes)
        self._scalars: Cache[ScalarSeries] = Cache(cache_bytes // 4, lambda s: s.nbytes)
        self._histograms: Cache[HistogramSeries] = Cache(cache_bytes // 4, lambda h: h.nbytes)
        self._models: Cache[LoggedModel] = Cache(cache_bytes // 4, lambda m: m.nbytes)

    def listing(self, caller: Caller) -> tuple[Listed, ...]:
        """All series that we can read, as they were at most a second ago, by run and tag."""
        return self._lists.get(caller.experiment, self._clock() // LIST_SECONDS, lambda before: self._list(caller, before))

    def find(self, caller: Caller, run: str, tag: str) -> Listed | None:
        """One series of the listing; ours before others' when a tag has several owners."""
        found = [s for s in self.listing(caller) if s.run == run and s.tag == tag]
        return min(found, key=lambda s: OWNERS.index(s.owner), default=None)

    def named(self, caller: Caller, run: str, tag: str) -> Listed:
        """The series that a request names; see `find`.

        Raises:
            NotFound: There is none.
        """
        listed = self.find(caller, run, tag)
        if listed is None:
            raise NotFound(f"run {run!r:.200} has no series {tag!r:.200}", "The route runs lists what there is; it may have been deleted.")
        return listed

    def points(self, caller: Caller, series: Listed) -> Points:
        """The points of a series of ours, or of precision-recall curves. A record that cannot be read becomes a problem and takes no other along."""
        return self._points.get(*_key(caller, series), lambda before: self._read_points(caller, series, before))

    def of_kind(self, caller: Caller, series: Listed, *kinds: str) -> Points:
        """The points of a series that are of some kinds and were checked; none where it is of records of others."""
        points = self.points(caller, series).points if series.owner in RECORDS else ()
        return Points(tuple(point for point in points if point.known and point.kind in kinds))

    def referred(self, caller: Caller, run: str, kind: str, digest: str) -> Point | None:
        """The record that points of a run refer to by its digest: of their own run, else of any, because equal digests mean equal content."""
        tag = f"{kind}/{digest}"
        for listed in sorted((each for each in self.listing(caller) if each.tag == tag), key=lambda each: each.run != run):
            point = self.of_kind(caller, listed, kind).at(None)
            if point is not None:
                return point
        return None

    def scalars(self, caller: Caller, series: Listed) -> ScalarSeries:
        """The points of a scalar series."""
        return self._scalars.get(*_key(caller, series), lambda _: self._read_scalars(caller, series))

    def histograms(self, caller: Caller, series: Listed) -> HistogramSeries:
        """The points of a series of TensorBoard's histograms. One that cannot be read takes no other along."""
        return self._histograms.get(*_key(caller, series), lambda _: self._read_histograms(caller, series))

    def histogram_sizes(self, caller: Caller, run: str, tags: Sequence[str]) -> dict[str, int]:
        """How many values series of histograms are of, by one point of each; none of those that cannot be read."""
        asked = provider.RunTagFilter(runs=[run], tags=tags)
        try:
            read = self._provider.read_tensors(caller.context, experiment_id=caller.experiment, plugin_name=HISTOGRAMS, downsample=1, run_tag_filter=asked)
        except _UNREADABLE:
            return {}
        sizes = {}
        for tag, data in read.get(run, {}).items():
            bins = _bins_of(data[-1].numpy) if data else ""
            count = 0.0 if isinstance(bins, str) else float(bins[:, 2].sum())
            if count >= 1 and count == round(count):
                sizes[tag] = int(count)
        return sizes

    def model(self, caller: Caller, series: Listed, step: int | None = None) -> LoggedModel | None:
        """The newest model of a series of one of `MODELS` at or before a step, or of all.

        Raises:
            BadRecord: What stands there is no blob.
        """
        read = self._provider.read_blob_sequences
        data = _only(self._read(read, caller, series), series)
        datum = next((d for d in reversed(data) if d.values and (step is None or d.step <= step)), None)
        if datum is None:
            return None

        def fetch(_: LoggedModel | None) -> LoggedModel:
            try:
                content = self._provider.read_blob(caller.context, blob_key=datum.values[0].blob_key)
                return LoggedModel(datum.step, datum.wall_time, bytes(content))
            except (LookupError, TypeError, ValueError) as error:  # the Python loader indexes whatever tensor stands there
                raise BadRecord(f"it is not one blob: {error}") from error

        key, _ = _key(caller, series)
        return self._models.get((*key, datum.step), datum.wall_time, fetch)

    def _list(self, caller: Caller, before: tuple[Listed, ...] | None) -> tuple[Listed, ...]:
        lists = [
            (PLUGIN_NAME, self._provider.list_tensors),
            (SCALARS, self._provider.list_scalars),
            (HISTOGRAMS, self._provider.list_tensors),
            *((owner, self._provider.list_blob_sequences) for owner in MODELS),
            (PR_CURVES, self._provider.list_tensors),
        ]
        found = [
            Listed(run, tag, owner, bytes(series.plugin_content or b""), int(series.max_step), float(series.max_wall_time))
            for owner, list_ in lists
            for run, tags in self._series_of(list_, caller, owner, None).items()
            for tag, series in tags.items()
            # The Python loader lists a series before it has kept a point of it.
            if series.max_step is not None
        ]
        listing = tuple(sorted(found, key=lambda s: (s.run, s.tag, s.owner)))
        # The same object where nothing moved: what is made of a listing is then compared at once.
        return before if before == listing else listing

    def _series_of(self, list_: Callable[..., Any], caller: Caller, owner: str, runs: list[str] | None) -> dict[str, Any]:
        """What TensorBoard lists of an owner's series, by run and tag; of all runs, or of some.

        Its Python loader fails the whole list at a series that was announced and has no data. The run that has it is found by halving.
        """
        asked = provider.RunTagFilter(runs=runs) if runs is not None else None
        try:
            return dict(list_(caller.context, experiment_id=caller.experiment, plugin_name=owner, run_tag_filter=asked) or {})
        except KeyError as absent:
            if runs is not None and len(runs) == 1:
                _log.info("run %r is left out: TensorBoard has no data of its series %s", runs[0], absent)
                return {}
        if runs is None:
            runs = [run.run_id for run in self._provider.list_runs(caller.context, experiment_id=caller.experiment)]
        half = len(runs) // 2
        return {run: tags for part in (runs[:half], runs[half:]) if part for run, tags in self._series_of(list_, caller, owner, part).items()}

    def _read(self, read: Callable[..., Any], caller: Caller, series: Listed) -> Any:
        return read(
            caller.context,
            experiment_id=caller.experiment,
            plugin_name=series.owner,
            downsample=_ALL,
            # One series a call: over 256 MiB the Rust loader fails the whole answer.
            run_tag_filter=provider.RunTagFilter(runs=[series.run], tags=[series.tag]),
        )

    def _read_points(self, caller: Caller, series: Listed, before: Points | None) -> Points:
        try:
            data = _only(self._read(self._provider.read_tensors, caller, series), series)
        except _UNREADABLE as error:  # the Python loader parses all tensors of a series at once
            return Points(problems=(Problem(f"TensorBoard cannot read this series: {error}", "Its file is damaged; log it again."),))
        # A series that grew by one record is decoded by one record.
        decoded = {(p.step, p.wall_time): p for p in before.points} if before is not None else {}
        points: list[Point] = []
        problems: list[Problem] = []
        for datum in data:
            if (datum.step, datum.wall_time) in decoded:
                points.append(decoded[datum.step, datum.wall_time])
                continue
            try:
                points.append(_point(series, datum))
            except BadRecord as bad:
                fix = "The other records are shown. If the file was cut off, log it again."
                problems.append(Problem(f"the record at step {datum.step} cannot be read: {bad}", fix, datum.step))
        return Points(rising(points), tuple(problems), goes_back(points))

    def _read_histograms(self, caller: Caller, series: Listed) -> HistogramSeries:
        try:
            data = _only(self._read(self._provider.read_tensors, caller, series), series)
        except _UNREADABLE as error:
            raise errors.InvalidArgumentError(f"TensorBoard cannot read the histograms {series.tag!r:.200}: {error}") from error
        step, wall_time = (np.array([getattr(d, name) for d in data], np.float64) for name in ("step", "wall_time"))
        read = [_bins_of(d.numpy) for d in data]
        bins = tuple(np.zeros((0, 3)) if isinstance(each, str) else each for each in read)
        return HistogramSeries(step, wall_time, bins, {i: each for i, each in enumerate(read) if isinstance(each, str)})

    def _read_scalars(self, caller: Caller, series: Listed) -> ScalarSeries:
        try:
            data = _only(self._read(self._provider.read_scalars, caller, series), series)
        except _UNREADABLE as error:
            raise errors.InvalidArgumentError(f"TensorBoard cannot read the scalars {series.tag!r:.200}: {error}") from error
        columns = [np.array([getattr(d, name) for d in data], np.float64) for name in ("step", "wall_time", "value")]
        return ScalarSeries(*columns)


def _point(series: Listed, datum: Any) -> Point:
    """A record as a point.

    Raises:
        BadRecord: It cannot be read.
    """
    if series.owner == PR_CURVES:
        return curve_point(datum.numpy, datum.step, datum.wall_time)
    return point_of(decode(_bytes_of(datum.numpy)), datum.step, datum.wall_time)


def _bins_of(tensor: np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | str:
    """The bins of a histogram that hold something, or what is wrong with it."""
    if tensor.dtype.kind not in "iuf" or tensor.ndim != 2 or tensor.shape[1] != 3:
        return f"a histogram is numbers [bin, 3]; this is {tensor.dtype} {list(tensor.shape)}"
    # The Rust loader puts an empty bin before those that PyTorch's writers made, and it ends before it begins.
    bins: np.ndarray[Any, Any] = tensor.astype(np.float64)[tensor[:, 2] != 0]
    if not np.isfinite(bins).all():
        return "its edges or counts are not finite, as those of values with NaN or infinities are"
    if (bins[:, 2] < 0).any() or (bins[:, 0] > bins[:, 1]).any():
        return "it has a negative count, or a bin that ends before it begins"
    return bins


def declared_kind(series: Listed) -> tuple[str, int] | None:
    """Kind and version that a series' metadata names; None when it names none."""
    try:
        content = json.loads(series.content)
    except ValueError:
        return None
    if not isinstance(content, dict):
        return None
    kind, version = content.get("kind"), content.get("version")
    return (kind, version) if isinstance(kind, str) and type(version) is int else None


def _bytes_of(tensor: np.ndarray[Any, Any]) -> bytes:
    content = tensor.reshape(-1)[0] if tensor.size == 1 else None
    if not isinstance(content, bytes):
        raise BadRecord(f"a record is one byte string; this is {tensor.dtype} {list(tensor.shape)}")
    return content


def _only(answer: Any, series: Listed) -> list[Any]:
    data = answer.get(series.run, {}).get(series.tag)
    if data is None:
        raise errors.NotFoundError(f"run {series.run!r:.200}, tag {series.tag!r:.200} is gone")
    return list(data)


def _key(caller: Caller, series: Listed) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """What a cached series is of, and the state that it is in."""
    return (caller.experiment, series.owner, series.run, series.tag), (series.last_step, series.last_wall_time)
