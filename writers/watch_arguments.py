"""The arguments of `watch` that are the same for each framework."""

from __future__ import annotations

import operator
from typing import Any

from writers.budget import LARGEST_SHARE
from writers.statistics_schedule import BUDGET


def check_watch_arguments(*, budget: Any, initial_step: Any) -> None:
    """Checks how much is kept, and how many steps were made before.

    Raises:
        TypeError, ValueError: One is not what it should be.
    """
    if isinstance(budget, bool) or not isinstance(budget, int | float) or not 0 < budget <= LARGEST_SHARE / BUDGET:
        raise ValueError(f"budget must be a number above 0 and at most {LARGEST_SHARE / BUDGET:g}, 1 for 4 MB of statistics; it is {budget!r:.80}")
    if initial_step is not None and operator.index(initial_step) < 0:
        raise ValueError(f"initial_step counts steps made before; it is {initial_step}")
