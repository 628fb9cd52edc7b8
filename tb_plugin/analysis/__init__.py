"""Computations that need SciPy or time: pure functions, imported when they are asked for."""
