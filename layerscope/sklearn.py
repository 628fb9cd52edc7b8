"""scikit-learn: `from_estimator(estimator, x, y)` evaluates a classifier or a regressor; `.write(run, "test", step)` writes what that gives."""

from writers.frameworks.sklearn import from_estimator

__all__ = ["from_estimator"]
