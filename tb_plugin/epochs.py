"""Which numbers of epochs stand in which run. Points are read only where a training has several fits that could be mistaken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tensorboard import errors

from tb_plugin.adapters.names import is_epoch_axis
from tb_plugin.adapters.scalars import Fit, as_numbered
from tb_plugin.owners import SCALARS
from tb_plugin.store import Caller, Listed, ScalarSeries, Store

_KERAS_RUNS = ("train", "validation")
"""Last parts of the runs of Keras' own callback, which writes both or none."""


def fits_by_run(store: Store, caller: Caller, listing: Sequence[Listed], fits: Sequence[Fit]) -> Mapping[str, tuple[Fit, ...]]:
    """The fits of a training for each of its runs with epoch values, with the offsets that the run's numbers need.

    Args:
        listing: The training's series.
        fits: As declared, in the order in which they began.

    Returns:
        Empty where no fit has an offset.
    """
    if not any(fit.epoch_offset for fit in fits):
        return {}
    groups: dict[str, list[Listed]] = {}
    for listed in listing:
        if listed.owner == SCALARS and is_epoch_axis(listed.tag):
            # Seen together: validation of every fifth epoch alone may look like epochs that were counted on.
            parent, _, last = listed.run.rpartition("/")
            groups.setdefault(f"{parent}/" if last in _KERAS_RUNS else listed.run, []).append(listed)
    found: dict[str, tuple[Fit, ...]] = {}
    for group in groups.values():
        read = [series for listed in group if (series := scalars_of(store, caller, listed)) is not None]
        found |= dict.fromkeys((listed.run for listed in group), as_numbered(fits, read))
    return found


def scalars_of(store: Store, caller: Caller, listed: Listed) -> ScalarSeries | None:
    """A scalar series; None where it cannot be read, which the route of its points tells."""
    try:
        return store.scalars(caller, listed)
    except (errors.InvalidArgumentError, errors.NotFoundError):
        return None
