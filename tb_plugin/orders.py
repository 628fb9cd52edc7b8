"""Orders of classes, computed one at a time and kept: TensorBoard's threads share one interpreter."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tb_plugin.cache import Cache
from tb_plugin.refusals import NotFound, TooMuch
from tb_plugin.schema.summary import PLUGIN_NAME
from tb_plugin.store import Caller, Listed, Store

if TYPE_CHECKING:
    from tb_plugin.analysis.class_order import Order

_CACHE_BYTES = 32 * 2**20


class Orders:
    """The order by confusion of each series asked for."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._kept: Cache[Order] = Cache(_CACHE_BYTES, lambda found: 500 + found.order.nbytes + found.joins.nbytes)

    def of(self, caller: Caller, store: Store, series: Listed) -> Order:
        """The order of a series' classes over all its points.

        Raises:
            NotFound: It has no confusion matrix that can be read.
            TooMuch: It has too many classes.
        """
        key = (caller.experiment, series.run, series.tag)
        return self._kept.get(key, (series.last_step, series.last_wall_time), lambda _: self._compute(caller, store, series))

    def _compute(self, caller: Caller, store: Store, series: Listed) -> Order:
        from tb_plugin.analysis.class_order import TooSlow, class_order
        from tb_plugin.analysis.confusion_cells import summed

        points = store.points(caller, series).points if series.owner == PLUGIN_NAME else ()
        matrices = [p for p in points if p.known and p.kind == "confusion_matrix"]
        if not matrices:
            raise NotFound(f"{series.tag!r:.200} of run {series.run!r:.200} has no confusion matrix that can be read", "Ask for a series of that kind.")
        with self._one_at_a_time:
            try:
                return class_order(summed(matrices))
            except TooSlow as slow:
                raise TooMuch(str(slow), "Choose another order, such as by examples or by recall.") from slow
