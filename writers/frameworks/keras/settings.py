"""The arguments of the callback that say where, how much and since when, checked."""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from writers import distributions_schedule, weight_values_schedule
from writers.budget import LARGEST_SHARE, MOST_RECORDS
from writers.frameworks.keras.evaluations.due_kinds import Wanted
from writers.kept_examples import MOST_EXAMPLES, MOST_UNASKED
from writers.schedule import Schedule, at_epoch_end, within
from writers.statistics_schedule import BUDGET
from writers.weight_values_wanted import Wanted as WantedWeights
from writers.weight_values_wanted import checked_weights

SCALAR_BYTES = 64
"""What one scalar takes in a file, about."""

RATES_AT_START = 100
"""Learning rates from where a training begins, or goes on in another process: the warm-up is in them."""

_SCALARS, _EVALUATIONS, _ACTIVITY = 4_000_000, 4_000_000, 400_000
_MOST_EPOCH_ENDS = 200
_MOST_ACTIVITIES, _FEWEST_ACTIVITIES = 100, 10


@dataclass(frozen=True)
class Settings:
    """Where a training is logged, how much is kept, and where its steps begin.

    Attributes:
        logdir: Its folder, as an absolute path: a training may change the working directory.
        initial_step: Training batches finished before, where the user says so.
        budget: 1 is 10 MB a run.
        hyperparameters: What the user says of the training.
        gradients: Whether weights, gradients and updates are told.
        activity: Whether it is told what layers put out.
        weights: Of which parameters the values are told.
        wanted: What is told of evaluations.
    """

    logdir: str
    initial_step: int | None = None
    budget: float = 1.0
    gradients: bool = True
    activity: bool = True
    weights: WantedWeights = True
    hyperparameters: Mapping[str, Any] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)

    @classmethod
    def checked(
        cls,
        logdir: Any,
        *,
        initial_step: Any,
        budget: Any,
        hyperparameters: Any,
        gradients: Any,
        activity: Any = True,
        weights: Any = True,
        curves: Any = None,
        predictions: Any = None,
        examples: Any = False,
    ) -> Settings:
        """The settings, from what the user gave.

        Raises:
            TypeError, ValueError: An argument is not what it should be.
        """
        directory = os.fspath(logdir) if isinstance(logdir, str | os.PathLike) else logdir
        if not isinstance(directory, str) or not directory:
            raise TypeError(f'logdir must be the path of a folder, such as "logs/run-1"; it is {logdir!r:.80}')
        if "://" in directory:
            raise ValueError(f"logdir must be a folder of this machine; {directory!r:.200} is elsewhere. Log to a local folder and copy it")
        if initial_step is not None:
            try:
                initial_step = operator.index(initial_step)
            except TypeError:
                raise TypeError(f"initial_step must be a whole number of training batches; it is {initial_step!r:.80}") from None
            if initial_step < 0:
                raise ValueError(f"initial_step counts training batches finished before; it is {initial_step}")
        most = LARGEST_SHARE / max(_SCALARS, _EVALUATIONS)
        if isinstance(budget, bool) or not isinstance(budget, int | float):
            raise TypeError(f"budget must be a number, 1 for 10 MB a run; it is {budget!r:.80}")
        if not 0 < budget <= most:
            raise ValueError(f"budget must be above 0 and at most {most:g}, or series would not reach the page; it is {budget}")
        if hyperparameters is not None and not isinstance(hyperparameters, Mapping):
            raise TypeError(f"hyperparameters must map names to values; it is a {type(hyperparameters).__name__}")
        for name, is_wanted in (("gradients", gradients), ("activity", activity)):
            if not isinstance(is_wanted, bool):
                raise TypeError(f"{name} must be True or False; it is {is_wanted!r:.80}")
        wanted = _checked_wanted(curves, predictions, examples)
        values_of = checked_weights(weights)
        return cls(os.path.abspath(directory), initial_step, float(budget), gradients, activity, values_of, dict(hyperparameters or {}), wanted)

    @property
    def evaluation_bytes(self) -> int:
        """Bytes kept of all evaluations together."""
        return max(1, round(_EVALUATIONS * self.budget))

    @property
    def statistics_bytes(self) -> int:
        """Bytes kept of the statistics of weights, gradients and updates."""
        return max(1, round(BUDGET * self.budget))

    @property
    def distribution_bytes(self) -> int:
        """Bytes kept of the distributions of weights and gradients."""
        return max(1, round(distributions_schedule.BUDGET * self.budget))

    @property
    def weight_bytes(self) -> int:
        """Bytes kept of the values of weights."""
        return max(1, round(weight_values_schedule.BUDGET * self.budget))

    @property
    def rate_bytes(self) -> int:
        """Bytes kept of the learning rates."""
        return max(1, round(_SCALARS * self.budget))

    def bytes_of(self, groups: Iterable[str]) -> dict[str, int]:
        """Bytes kept of each group of series that is named."""
        known = {
            "evaluations": self.evaluation_bytes,
            "statistics": self.statistics_bytes,
            "distributions": self.distribution_bytes,
            "weights": self.weight_bytes,
            "learning_rate": self.rate_bytes,
        }
        return {group: known[group] for group in groups}

    def rates(self, epochs: int | None) -> Schedule:
        """When the learning rate is written, in a training of so many epochs, beside those at its start."""
        most = MOST_RECORDS - RATES_AT_START - _MOST_EPOCH_ENDS
        thinned = within(self.rate_bytes, least_spacing=10, most=most)
        return thinned | at_epoch_end() if epochs is not None and epochs <= _MOST_EPOCH_ENDS else thinned

    def evaluations(self, series: int = 1) -> Schedule:
        """Which evaluations are written of each of so many series, which share what is kept."""
        return within(max(1, self.evaluation_bytes // series))

    def activities(self, cost: int) -> Schedule:
        """After which epochs it is told what layers put out, where a point takes so many bytes."""
        most = round(_ACTIVITY * self.budget / max(1, cost))
        return within(self.evaluation_bytes, most=min(_MOST_ACTIVITIES, max(_FEWEST_ACTIVITIES, most)))


def _checked_wanted(curves: Any, predictions: Any, examples: Any) -> Wanted:
    for name, is_wanted in (("curves", curves), ("predictions", predictions)):
        if is_wanted is not None and not isinstance(is_wanted, bool):
            raise TypeError(f"{name} must be True, False, or None to tell of them where they are not too many; it is {is_wanted!r:.80}")
    if isinstance(examples, bool):
        return Wanted(curves, predictions, MOST_UNASKED if examples else 0)
    try:
        count = operator.index(examples)
    except TypeError:
        raise TypeError(f"examples must be how many inputs are kept to look at, True or False; it is {examples!r:.80}") from None
    if not 0 <= count <= MOST_EXAMPLES:
        raise ValueError(f"examples is how many inputs are kept to look at, from 0 to {MOST_EXAMPLES:,}; it is {count}")
    return Wanted(curves, predictions, count)
