"""Which directories a callback writes to."""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Mapping

from writers.live import live_event_files
from writers.run_writer import RunWriter

_log = logging.getLogger("layerscope")

NAME = "layerscope"
"""Name of the run that holds what is ours."""


def own_run(logdir: str) -> RunWriter:
    """Opens `<logdir>/layerscope`; where somebody else is writing there, `<logdir>/layerscope_2` and so on, with a warning.

    Raises:
        OSError: No event file can be made there; the message names the directory.
    """
    for number in itertools.count(1):
        directory = os.path.join(logdir, NAME if number == 1 else f"{NAME}_{number}")
        live = live_event_files(directory)
        if not live:
            if number > 1:
                _log.warning(
                    "somebody else is writing to %s; this training is logged to %s. Give each training a logdir of its own",
                    os.path.join(logdir, NAME),
                    directory,
                )
            return RunWriter(directory)
    raise AssertionError("unreachable: count() does not end")


def free_run(directory: str, earlier: Mapping[str, int]) -> RunWriter | list[str]:
    """Opens a run for the values of each epoch, unless another writer, such as Keras' callback, is in it.

    Args:
        directory: The run's.
        earlier: Sizes of the event files there when the training began.

    Returns:
        The run; or the paths of the event files that the others write.

    Raises:
        OSError: No event file can be made there.
    """
    return live_event_files(directory, earlier=earlier) or RunWriter(directory)
