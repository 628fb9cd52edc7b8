"""What was learned and forgotten between two evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tb_plugin.points import Point
from tb_plugin.refusals import NotFound
from tb_plugin.schema.changes import Changes


def changes(before: Sequence[Point], later: Point, samples: Mapping[str, Point], size: int) -> Changes:
    """Samples that changed between the last of some evaluations and a later one.

    Args:
        before: Points of kind `predictions`, steps rising, at least one: the last is the earlier evaluation, and a sample
            is forgotten where it was right at any of them.
        later: The later one.
        samples: Points of kind `samples` by digest: all that these refer to. Samples are matched by id.

    Raises:
        NotFound: The two evaluations have no sample in common.
    """
    raise NotFound(f"no samples that steps {before[-1].step} and {later.step} have in common", "Compare evaluations of the same data.")
