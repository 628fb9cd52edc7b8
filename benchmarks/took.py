"""How long something took."""

from __future__ import annotations

import time
from typing import NamedTuple


class Took(NamedTuple):
    """Seconds by the clock, and by the processor's count of all threads, which others on the machine disturb less."""

    wall: float
    processor: float

    @classmethod
    def now(cls) -> Took:
        """Since some origin."""
        return cls(time.perf_counter(), time.process_time())

    def since(self, begin: Took, times: int = 1) -> Took:
        """From then to this, each of so many times."""
        return Took((self.wall - begin.wall) / times, (self.processor - begin.processor) / times)
