"""Samples of an evaluation that match what is asked for, and one sample through all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tb_plugin.points import Point
from tb_plugin.query import Choice
from tb_plugin.refusals import NotFound
from tb_plugin.schema.sample_history import SampleHistory
from tb_plugin.schema.sample_list import SampleList


def sample_list(point: Point, since: Point | None, samples: Mapping[str, Point], examples: Sequence[Point], choice: Choice) -> SampleList:
    """Some samples of one evaluation, sorted.

    Args:
        point: A point of kind `predictions`.
        since: The earlier one to compare with, if any.
        samples: Points of kind `samples` by digest: all that `point` and `since` refer to.
        examples: The points of kind `examples` of the same evaluation, in order: an example's place counts through all.
        choice: Which samples, in which order.

    Raises:
        NotFound: There are none that can be read.
    """
    raise NotFound(f"no samples that can be listed at step {point.step}", "Ask for the points themselves: /points.")


def sample_history(points: Sequence[Point], samples: Mapping[str, Point], examples: Sequence[Point], sample: str) -> SampleHistory:
    """What was predicted of one sample at every evaluation that tells of it.

    Args:
        points: Points of kind `predictions`, steps rising.
        samples: As in `sample_list`, all that the points refer to.
        examples: As in `sample_list`.
        sample: Its id; where ids are no texts its number as digits.

    Raises:
        NotFound: No evaluation tells of such a sample.
    """
    raise NotFound(f"no sample {sample!r:.200} in {len(points)} evaluations", "The route samples lists what there is.")
