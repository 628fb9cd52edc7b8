"""What was learned and forgotten between two evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tb_plugin.analysis.paired import mcnemar
from tb_plugin.analysis.sample_match import id_of, predicted_of, said
from tb_plugin.points import Point
from tb_plugin.refusals import Nothing
from tb_plugin.schema.changes import Changes


def changes(before: Sequence[Point], later: Point, samples: Mapping[str, Point], size: int) -> Changes:
    """Samples that changed between the last of some evaluations and a later one.

    What is right is what the later evaluation's samples call true: a label that was corrected in between changes no sample.

    Args:
        before: Points of kind `predictions`, steps rising, at least one: the last is the earlier evaluation, and a sample
            is forgotten where it was right at any of them.
        later: The later one.
        samples: Points of kind `samples` by digest: all that these refer to. Samples are matched by id.
        size: K, the number of classes.

    Raises:
        Nothing: The two evaluations have no sample in common.
        NotFound: Predictions do not fit their samples or classes.
    """
    digest = str(later.fields["samples"])
    own, now = samples[digest], said(later, samples, size)
    earlier = predicted_of([before[-1], *before[:-1]], samples, digest, size)
    then = next(earlier)
    counts = now.known & (then >= 0)
    if not counts.any():
        raise Nothing(f"no samples that steps {before[-1].step} and {later.step} have in common", "Compare evaluations of the same data.")
    was_right = then == now.truth
    ever_right = was_right.copy()
    for predicted in earlier:
        ever_right |= predicted == now.truth
    newly_right, newly_wrong, forgotten = counts & now.right & ~was_right, counts & ~now.right & was_right, counts & ~now.right & ever_right
    told = np.flatnonzero(newly_right | newly_wrong | forgotten)
    return Changes(
        classes=str(later.fields["classes"]),
        from_step=before[-1].step,
        to_step=later.step,
        compared=int(counts.sum()),
        both_right=int((counts & now.right & was_right).sum()),
        both_wrong=int((counts & ~now.right & ~was_right).sum()),
        p=float(mcnemar(newly_right.sum(), newly_wrong.sum())),
        ids=id_of(own, told.tolist()),
        number=own.arrays["number"][told],
        truth=now.truth[told],
        before=then[told],
        after=now.predicted[told],
        newly_right=newly_right[told],
        newly_wrong=newly_wrong[told],
        forgotten=forgotten[told],
    )
