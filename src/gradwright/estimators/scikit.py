"""The classes of scikit-learn that the estimators build on, or, where it is not installed, what says so when used.

So the names can be listed and imported (``from gradwright import *``) without it.
"""

from __future__ import annotations

from typing import Any

from gradwright.errors import MissingExtraError

try:
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] != "sklearn":
        raise

    class BaseEstimator:  # type: ignore[no-redef]
        """Stands for scikit-learn's; no object of it can be made."""

        def __new__(cls, *args: Any, **options: Any) -> Any:
            """Say what is missing."""
            raise MissingExtraError("extra.missing", package="scikit-learn", extra="sklearn")

    class ClassifierMixin:  # type: ignore[no-redef]
        """Stands for scikit-learn's."""

    class RegressorMixin:  # type: ignore[no-redef]
        """Stands for scikit-learn's."""


__all__ = ["BaseEstimator", "ClassifierMixin", "RegressorMixin"]
