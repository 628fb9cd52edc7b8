"""Orders of classes, computed one at a time and kept: TensorBoard's threads share one interpreter."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tb_plugin.cache import Cache
from tb_plugin.refusals import NotFound, TooMuch
from tb_plugin.store import Caller, Listed, Store

if TYPE_CHECKING:
    from tb_plugin.analysis.class_order import Order

_CACHE_BYTES = 32 * 2**20


class Orders:
    """The order by confusion of each group of series asked for."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._kept: Cache[tuple[Order, str]] = Cache(_CACHE_BYTES, lambda found: 500 + found[0].order.nbytes + found[0].joins.nbytes)

    def of(self, caller: Caller, store: Store, series: Sequence[Listed]) -> tuple[Order, str]:
        """The order of classes over all points of some series, and the digest of the classes whose ids it holds.

        Args:
            series: At least one. The classes are those of the first one's last point; others' are matched by name.

        Raises:
            NotFound: The first has no confusion matrix that can be read.
            TooMuch: There are too many classes.
        """
        key = (caller.experiment, *((each.run, each.tag) for each in series))
        version = tuple((each.last_step, each.last_wall_time) for each in series)
        return self._kept.get(key, version, lambda _: self._compute(caller, store, series))

    def _compute(self, caller: Caller, store: Store, series: Sequence[Listed]) -> tuple[Order, str]:
        from tb_plugin.analysis.class_order import TooSlow, class_order
        from tb_plugin.analysis.confusion_cells import summed

        found = [(each.run, store.of_kind(caller, each, "confusion_matrix").points) for each in series]
        run, own = found[0]
        if not own:
            raise NotFound(f"{series[0].tag!r:.200} of run {run!r:.200} has no confusion matrix that can be read", "Ask for a series of that kind.")
        digest = str(own[-1].fields["classes"])
        labels = {(run, point.fields["classes"]): _labels(caller, store, run, str(point.fields["classes"])) for run, points in found for point in points}
        named = [(point, labels[run, point.fields["classes"]]) for run, points in found for point in points]
        with self._one_at_a_time:
            try:
                return class_order(summed(own[-1], labels[run, digest], named)), digest
            except TooSlow as slow:
                raise TooMuch(str(slow), "Choose another order, such as by examples or by recall.") from slow


def _labels(caller: Caller, store: Store, run: str, digest: str) -> tuple[str, ...] | None:
    """Names of the classes that matrices of a run refer to; None where they cannot be read."""
    classes = store.referred(caller, run, "classes", digest)
    return None if classes is None else tuple(classes.fields["labels"])
