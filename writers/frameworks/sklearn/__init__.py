"""scikit-learn: `from_estimator` evaluates an estimator, or anything with its methods, by what it predicts of some samples."""

from writers.frameworks.sklearn.from_estimator import from_estimator

__all__ = ["from_estimator"]
