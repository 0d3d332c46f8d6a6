"""Networks as scikit-learn estimators: `NetworkClassifier` and `NetworkRegressor`."""

from __future__ import annotations

from gradwright.estimators.classifier import NetworkClassifier
from gradwright.estimators.regressor import NetworkRegressor

__all__ = ["NetworkClassifier", "NetworkRegressor"]
