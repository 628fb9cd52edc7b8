"""Which samples of an evaluation are kept to look at, and what they look like."""

from __future__ import annotations

import copy
import hashlib
import logging
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, SupportsIndex
from weakref import WeakKeyDictionary

import numpy as np

from tb_plugin.schema.examples import Examples, Media
from tb_plugin.schema.payload import Payload
from writers import examples as examples_
from writers.media import Look, look
from writers.sample_ids import Ids

Array = np.ndarray[Any, Any]

MOST_EXAMPLES = 2000
MOST_BYTES = 8_000_000
"""Of one run and tag."""

MOST_UNASKED = 200
"""Examples, where nobody says how many."""

_log = logging.getLogger("layerscope")


class Writes(Protocol):
    """What points can be written to: a `RunWriter`, or what `watch` of PyTorch returns."""

    def write(self, tag: str, content: Payload, step: int) -> None:
        """Writes one point."""


class ExamplesKept:
    """Samples to look at: of the mistakes those with the largest loss, and some by lot; of the classes one each that was right.

    A quarter is for what was right, of the mistakes half are drawn by lot. Where nothing is right or wrong, as of numbers,
    all count as mistakes, and none is set aside for what was right. The lot is drawn from a sample's id (or place)
    alone: the same samples give the same examples, in any order and grouping, and at each evaluation; nobody's random
    numbers are used.

    Args:
        count: How many are kept.
        pixel_range: See `media.pixels`.
        losses: How many losses a sample has, as one for each number that is predicted: of each the largest are kept.
        has_right: Whether a sample may be right.
    """

    def __init__(self, count: int, *, pixel_range: tuple[float, float] | None = None, losses: int = 1, has_right: bool = True) -> None:
        self._pixel_range = pixel_range
        self._right = max(1, count // 4) if has_right and count > 1 else 0
        self._wrong = count - self._right
        self._by_each = -(-self._wrong // losses)
        self._kept = _none(losses)
        self._has_failed = False

    def add(self, places: Array, names: Ids, inputs: Callable[[int], Any], truth: Array, is_right: Array, loss: Array) -> None:
        """Looks at a batch of samples, whose truth is known.

        Args:
            places: Place of each among all [sample].
            names: Ids [sample], or None.
            inputs: What the model was given, by place in this batch.
            truth: Class ids [sample].
            is_right: Whether the model was right [sample].
            loss: Losses [sample], or [sample, loss] where there are several.
        """
        loss = loss.reshape(len(places), -1) if len(places) else np.zeros((0, self._kept.loss.shape[1]))
        keys = np.array([None] * len(places) if names is None else names, object)
        batch = _Samples(places, keys, lots_of(places if names is None else names), truth, is_right, loss, np.full(len(places), None))
        # Of most samples nothing is looked at: they are out already.
        rows = self._possible(batch)
        if not len(rows):
            return
        all_ = _joined([self._kept, batch.among(rows)])
        row_of = np.append(np.full(len(self._kept.place), -1), rows)
        for i in self._chosen(all_):
            if all_.look[i] is None:
                all_.look[i] = self._look(inputs, int(row_of[i]), all_.key(i))
        all_ = all_.among(np.array([each is not None for each in all_.look], bool))
        self._kept = all_.among(self._chosen(all_))

    def merge(self, other: ExamplesKept, shift: int) -> None:
        """Adds all that `other` has; its places begin at `shift`."""
        all_ = _joined([self._kept, replace(other._kept, place=other._kept.place + shift)])
        self._kept = all_.among(self._chosen(all_))

    def without(self, left_out: Array) -> ExamplesKept:
        """A copy that lacks some samples, bool [place]."""
        found = copy.copy(self)
        left = self._kept.among(~left_out[self._kept.place])
        found._kept = replace(left, place=(np.cumsum(~left_out) - 1)[left.place])
        return found

    def payload(self, feature_names: Sequence[str], *, stored: Stored | None = None) -> Examples:
        """The examples; without those that are stored already, and what no longer fits beside them."""
        stored = Stored() if stored is None else stored
        kept, files, size = self._kept, dict[int, tuple[Media, bytes]](), stored.bytes
        for i in self._in_order(kept):
            if kept.key(i) in stored.keys:
                continue
            file = kept.look[i].file()
            size += len(file[1])
            if len(stored.keys) + len(files) >= MOST_EXAMPLES or size > MOST_BYTES:
                break
            files[int(i)] = file
        chosen = sorted(files, key=lambda i: int(kept.place[i]))
        widths = {len(content) // 4 for media, content in files.values() if media == "features"}
        names = tuple(feature_names) or tuple(str(i) for width in widths for i in range(width))
        is_text = any(isinstance(kept.name[i], str) for i in chosen)
        numbers = [int(kept.place[i] if is_text else kept.key(i)) for i in chosen]
        return examples_.of(
            [files[i] for i in chosen],
            numbers=np.array(numbers, np.int64),
            ids=[str(kept.name[i]) for i in chosen] if is_text else None,
            feature_names=names if widths else (),
        )

    def _possible(self, batch: _Samples) -> Array:
        """The places in a batch of those that may be kept."""
        kept = self._kept
        wrong, right = np.flatnonzero(~batch.is_right), np.flatnonzero(batch.is_right)
        loss, drawn = kept.loss[~kept.is_right], kept.drawn[~kept.is_right]
        if len(loss) >= self._wrong > 0:
            least, last = np.sort(loss, axis=0)[-self._by_each], np.sort(drawn)[self._wrong - 1]
            wrong = wrong[(batch.loss[wrong] >= least).any(axis=1) | (batch.drawn[wrong] <= last)]
        drawn = kept.drawn[kept.is_right]
        if len(drawn) >= self._right:
            right = right[batch.drawn[right] <= drawn.max(initial=0)]
        both = batch.among(rows := np.concatenate([wrong, right]))
        return rows[self._chosen(both)] if len(rows) else rows

    def _look(self, inputs: Callable[[int], Any], row: int, key: str | int) -> Look | None:
        try:
            return look(inputs(row), pixel_range=self._pixel_range)
        except Exception as error:
            if not self._has_failed:
                self._has_failed = True
                _log.warning("Layerscope cannot show some inputs, such as that of sample %r: %s", key, error)
            return None

    def _chosen(self, all_: _Samples) -> Array:
        """The places of those that are kept: a few more than are told, since those by lot may be among those by loss."""
        by_loss, by_lot, right = self._sorts(all_)
        return np.unique(np.concatenate([by_loss, by_lot[: self._wrong], right]))

    def _sorts(self, all_: _Samples) -> tuple[Array, Array, Array]:
        """Mistakes by loss, those of several losses in turn; mistakes by lot; and one that was right of each class."""
        wrong, right = np.flatnonzero(~all_.is_right), np.flatnonzero(all_.is_right)
        by_each = [wrong[np.lexsort([all_.place[wrong], all_.drawn[wrong], -loss])][: self._by_each] for loss in all_.loss[wrong].T]
        in_turn = np.stack(by_each, axis=1).ravel()
        by_loss = in_turn[np.sort(np.unique(in_turn, return_index=True)[1])]
        by_lot = wrong[np.lexsort([all_.place[wrong], all_.drawn[wrong]])]
        right = right[np.lexsort([all_.place[right], all_.drawn[right]])]
        one_each = right[np.sort(np.unique(all_.truth[right], return_index=True)[1])]
        return by_loss, by_lot, one_each[: self._right]

    def _in_order(self, all_: _Samples) -> list[int]:
        """Those that are told, one of each sort in turn, so that each sort is there where not all fit."""
        by_loss, by_lot, right = self._sorts(all_)
        by_loss = by_loss[: self._wrong - self._wrong // 2]
        by_lot = by_lot[~np.isin(by_lot, by_loss)][: self._wrong - len(by_loss)]
        sorts = [by_loss, by_lot, right]
        return [int(sort[i]) for i in range(max(map(len, sorts))) for sort in sorts if i < len(sort)]


class Stored:
    """The examples that a run has of one tag."""

    def __init__(self) -> None:
        self.keys: set[str | int] = set()
        self.bytes = 0

    def add(self, payload: Examples) -> None:
        """Counts what was written."""
        self.keys.update(payload.number.tolist() if payload.ids is None else payload.ids)
        self.bytes += len(payload.content)


@dataclass(frozen=True)
class _Samples:
    """Of some samples: what decides whether they are kept, and what they look like once that is settled (else None)."""

    place: Array
    name: Array
    drawn: Array
    truth: Array
    is_right: Array
    loss: Array
    look: Array

    def among(self, rows: Array) -> _Samples:
        return _Samples(*(each[rows] for each in vars(self).values()))

    def key(self, row: int) -> str | int:
        name = self.name[row]
        return int(self.place[row]) if name is None else name if isinstance(name, str) else int(name)


def _joined(parts: Sequence[_Samples]) -> _Samples:
    return _Samples(*map(np.concatenate, zip(*(vars(part).values() for part in parts), strict=True)))


def _none(losses: int) -> _Samples:
    nothing = _Samples(*(np.zeros(0, t) for t in (np.int64, object, np.uint64, np.int64, bool, np.float64, object)))
    return replace(nothing, loss=np.zeros((0, losses)))


def checked_count(examples: int | bool) -> int:
    """How many inputs are kept to look at, as the user says it.

    Raises:
        ValueError: More than may be, or a negative number.
    """
    count = examples if not isinstance(examples, bool) else MOST_UNASKED if examples else 0
    if not 0 <= operator.index(count) <= MOST_EXAMPLES:
        raise ValueError(f"examples is how many inputs are kept to look at, from 0 to {MOST_EXAMPLES:,}; it is {examples}")
    return operator.index(count)


def write_all(run: Writes, evaluation: str, payloads: Callable[[Stored], Mapping[str, Payload]], step: SupportsIndex | None) -> None:
    """Writes what an evaluation gives, to `<evaluation>/<kind>`; of the examples those that the run does not have yet.

    Args:
        run: Where to.
        evaluation: Its name.
        payloads: By kind, without the examples that are stored.
        step: Training batches finished; None where the run knows it by itself.
    """
    at = {} if step is None else {"step": operator.index(step)}
    stored = _stored.setdefault(run, {}).setdefault(evaluation, Stored())
    for kind, payload in payloads(stored).items():
        run.write(f"{evaluation}/{kind}", payload, **at)
        if isinstance(payload, Examples):
            stored.add(payload)


_stored: WeakKeyDictionary[Any, dict[str, Stored]] = WeakKeyDictionary()
"""The examples that each open run has, by evaluation."""


def lots_of(keys: Ids) -> Array:
    """A number for each id or place, uint64 [sample]: as if drawn by lot, and the same for the same id everywhere."""
    if isinstance(keys, tuple):
        return np.array([int.from_bytes(hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=8).digest(), "little") for key in keys], np.uint64)
    mixed = np.asarray(keys, np.int64).astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)  # SplitMix64
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
