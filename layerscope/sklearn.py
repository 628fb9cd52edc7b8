"""scikit-learn: `from_estimator(classifier, x, y)` evaluates a classifier; `.write(run, "test", step)` writes what that gives."""

from writers.frameworks.sklearn import from_estimator

__all__ = ["from_estimator"]
