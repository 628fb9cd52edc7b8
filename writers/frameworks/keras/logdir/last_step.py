"""The last step that a run on disk has: the same for any framework."""

from writers.last_step import last_step

__all__ = ["last_step"]
