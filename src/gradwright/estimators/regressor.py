"""The regressor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.descent import Optimizer
from gradwright.descent.schedules import Schedule
from gradwright.errors import ShapeError
from gradwright.estimators.base import NetworkEstimator
from gradwright.estimators.scikit import RegressorMixin
from gradwright.nn import HalfSquaredError
from gradwright.nn.losses import Loss

if TYPE_CHECKING:
    from gradwright.estimators.epochs import Samples

Numbers = npt.NDArray[Any]


class NetworkRegressor(RegressorMixin, NetworkEstimator):  # type: ignore[misc]
    r"""A network that predicts real numbers, one or more for each sample, as a scikit-learn estimator.

    .. math:: L = \frac{\sum_n w_n \frac12 \|y_n - t_n\|^2}{\sum_n w_n} + \frac{\lambda}{2} \sum_l \|W_l\|^2

    with y the outputs of the last layer, t the targets, w the sample weights, lambda `weight_decay` and W the weights
    of the layers.

    Targets need no scaling: the network learns ``(t - mean) / scale``, each target with its own (weighted) mean and
    standard deviation in the first fit, and predictions are scaled back. The losses are those of the scaled targets.
    The features are taken as they are: put a `sklearn.preprocessing.StandardScaler` before, in a pipeline.

    Parameters
    ----------
    hidden, activation, optimizer, learning_rate, batch_size, epochs, tol, n_iter_no_change
        As for `NetworkClassifier`.
    early_stopping, validation_fraction, weight_decay, init, dtype, warm_start, random_state
        As for `NetworkClassifier`; the validation score is R^2, of the scaled targets.
    scale_targets : bool
        Whether targets are scaled as said above.

    Attributes
    ----------
    network_ : Network
        What was learned; it gives scaled targets.
    target_mean_, target_scale_ : ndarray, shape (n_targets,)
        What the targets are scaled by.
    loss_, best_loss_, loss_curve_, n_iter_, validation_scores_, best_validation_score_, stopped_
        As for `NetworkClassifier`, with R^2 in the place of the accuracy.
    coefs_, intercepts_, n_features_in_, feature_names_in_
        As for `NetworkClassifier`.

    See Also
    --------
    sklearn.neural_network.MLPRegressor : leaves the scaling of targets to the user.

    Examples
    --------
    >>> import numpy as np
    >>> import gradwright as gw
    >>> x = np.linspace(-2, 2, 100)[:, np.newaxis]
    >>> parabola = gw.NetworkRegressor(hidden=20, learning_rate=0.03, tol=None, random_state=0)
    >>> parabola.fit(x, 1000 * x[:, 0] ** 2).score(x, 1000 * x[:, 0] ** 2) > 0.99
    True
    """

    _loss: ClassVar[type[Loss]] = HalfSquaredError

    def __init__(
        self,
        hidden: Any = (50,),
        activation: str = "relu",
        *,
        optimizer: str | Optimizer = "adam",
        learning_rate: float | Schedule | None = None,
        batch_size: int | str = "auto",
        epochs: int = 200,
        tol: float | None = 1e-4,
        n_iter_no_change: int = 10,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        weight_decay: float = 0.0,
        scale_targets: bool = True,
        init: float | str = "auto",
        dtype: str = "auto",
        warm_start: bool = False,
        random_state: Any = None,
    ) -> None:
        super().__init__(
            hidden,
            activation,
            optimizer=optimizer,
            learning_rate=learning_rate,
            batch_size=batch_size,
            epochs=epochs,
            tol=tol,
            n_iter_no_change=n_iter_no_change,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            weight_decay=weight_decay,
            init=init,
            dtype=dtype,
            warm_start=warm_start,
            random_state=random_state,
        )
        self.scale_targets = scale_targets

    # -- learning ----------------------------------------------------------------------------------------------------

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Do one epoch on these samples, from where the last call ended; targets are scaled as in the first call.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`.

        Returns
        -------
        self

        Raises
        ------
        ArgumentError
            If `early_stopping` is set.
        """
        return self._partial_fit(X, y, sample_weight, not hasattr(self, "network_"))

    def _table(self, X: Any, y: Any, dtype: Any, reset: bool) -> tuple[Any, Numbers]:
        from sklearn.utils.validation import validate_data

        x, y = validate_data(
            self, X, y, accept_sparse="csr", dtype=dtype, order="C", multi_output=True, y_numeric=True, reset=reset
        )
        return x, np.asarray(y, np.float64)

    def _answers(self, y: Numbers, weights: Numbers | None, anew: bool, known: Numbers | None) -> Numbers:
        table = y[:, np.newaxis] if y.ndim == 1 else y
        if anew:
            self._one_target = y.ndim == 1
            self.target_mean_, self.target_scale_ = np.zeros(table.shape[1]), np.ones(table.shape[1])
            if _validate.flag("scale_targets", self.scale_targets):
                self._scale_by(table, weights)
        elif table.shape[1] != len(self.target_mean_):
            raise ShapeError("estimator.targets", now=table.shape[1], before=len(self.target_mean_))
        return (table - self.target_mean_) / self.target_scale_

    def _scale_by(self, targets: Numbers, weights: Numbers | None) -> None:
        mean = np.average(targets, axis=0, weights=weights)
        scale = np.sqrt(np.average((targets - mean) ** 2, axis=0, weights=weights))
        # Of a constant target rounding leaves a scale that is not quite 0.
        constant = scale <= 10 * np.finfo(np.float64).eps * np.abs(mean)
        self.target_mean_, self.target_scale_ = mean, np.where(constant, 1.0, scale)

    def _n_out(self) -> int:
        return len(self.target_mean_)

    def _strata(self, answers: Numbers) -> Numbers:
        return np.zeros(len(answers), np.int64)

    def _held_score(self, outputs: Numbers, held: Samples) -> float:
        from sklearn.metrics import r2_score

        return float(r2_score(held.answers, outputs, sample_weight=held.weights))

    # -- predicting --------------------------------------------------------------------------------------------------

    def predict(self, X: Any) -> Numbers:
        """Return the targets for each row of `X`.

        Parameters
        ----------
        X : array or sparse matrix, shape (n_samples, n_features)

        Returns
        -------
        ndarray, shape (n_samples,) or (n_samples, n_targets)
            As the targets were in the first fit.
        """
        found = self._outputs(X) * self.target_scale_ + self.target_mean_
        return found[:, 0] if self._one_target else found

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.single_output = True
        tags.target_tags.multi_output = True
        return tags

    # -- files -------------------------------------------------------------------------------------------------------

    def _facts(self) -> dict[str, Any]:
        columns = zip(self.target_mean_.tolist(), self.target_scale_.tolist(), strict=True)
        return {"targets": [list(pair) for pair in columns], "one_target": self._one_target}

    def _fitting(self, facts: dict[str, Any], n_out: int) -> dict[str, bool]:
        targets, one = facts.get("targets"), facts.get("one_target")
        found = targets if isinstance(targets, list) else []
        numbers = [_validate.number_or_nan(value) for pair in found if isinstance(pair, list) for value in pair]
        pairs = len(found) == n_out and all(isinstance(pair, list) and len(pair) == 2 for pair in found)
        return {
            "targets": pairs and all(map(math.isfinite, numbers)) and min(numbers[1::2]) > 0,
            "one_target": isinstance(one, bool) and (n_out == 1 or not one),
        }

    def _take_facts(self, facts: dict[str, Any]) -> None:
        pairs = np.array(facts["targets"], np.float64).reshape(-1, 2)
        self.target_mean_, self.target_scale_ = pairs[:, 0].copy(), pairs[:, 1].copy()
        self._one_target = bool(facts["one_target"])
