"""What is said of a training whose steps begin before the last one that its run has on disk."""

from __future__ import annotations

from writers.last_step import last_step


def earlier_steps(directory: str, first_step: int, *, own: str = "directory") -> str | None:
    """A warning with the way out; None where the steps go on.

    Args:
        directory: The run's.
        first_step: Of the training.
        own: What a training is to have of its own, in the words of who is warned.
    """
    before = last_step(directory)
    if before is None or first_step >= before:
        return None
    return (
        f"the steps of this training begin at {first_step}, but {directory} has points up to step {before} already, which TensorBoard may drop or mix "
        f"with these. Give each training a {own} of its own; where it goes on, pass initial_step="
    )
