"""Where our code meets Keras' training: the same boundary as of any framework."""

from writers.guard import Guard, WrongArgument

__all__ = ["Guard", "WrongArgument"]
