"""Which samples of a batch are counted, and why the others are not."""

from __future__ import annotations

from typing import Any

import numpy as np


class Sieve:
    """Drops samples by reason, each at most once, so that kept and dropped always add up to the batch.

    Attributes:
        kept: bool [sample]. The samples that nothing was found against so far.
        dropped: How many samples were dropped, by reason; the first reason found counts.
    """

    def __init__(self, size: int) -> None:
        self.kept = np.ones(size, dtype=bool)
        self.dropped: dict[str, int] = {}

    def drop(self, reason: str, bad: Any) -> None:
        """Drops those of the kept samples that are `bad` (bool [sample])."""
        bad = np.asarray(bad, dtype=bool)
        newly = int(np.count_nonzero(self.kept & bad))
        if newly:
            self.dropped[reason] = self.dropped.get(reason, 0) + newly
            self.kept &= ~bad
