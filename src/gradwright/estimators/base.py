"""What the two estimators share: their parameters, and the course of a fit."""

from __future__ import annotations

import os
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from gradwright.descent import Optimizer
from gradwright.descent.schedules import Schedule
from gradwright.errors import ArgumentError, ShapeError
from gradwright.estimators import files
from gradwright.estimators.outputs import Outputs
from gradwright.estimators.scikit import BaseEstimator
from gradwright.estimators.settings import Settings, seeds_of
from gradwright.nn import Affine, Network
from gradwright.nn.losses import Loss

if TYPE_CHECKING:
    from gradwright.estimators.epochs import Samples

Numbers = npt.NDArray[Any]


class NetworkEstimator(BaseEstimator):  # type: ignore[misc]
    """Base of `NetworkClassifier` and `NetworkRegressor`, whose docstrings say what it does."""

    #: Attributes that are numbers or lists of numbers, and go into a file as they are.
    _kept: ClassVar[tuple[str, ...]] = ("loss_curve_", "validation_scores_", "n_iter_", "stopped_")
    _loss: ClassVar[type[Loss]]

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
        init: float | str = "auto",
        dtype: str = "auto",
        warm_start: bool = False,
        random_state: Any = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.tol = tol
        self.n_iter_no_change = n_iter_no_change
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.weight_decay = weight_decay
        self.init = init
        self.dtype = dtype
        self.warm_start = warm_start
        self.random_state = random_state

    # -- what the two differ in --------------------------------------------------------------------------------------

    @abstractmethod
    def _table(self, X: Any, y: Any, dtype: Any, reset: bool) -> tuple[Any, Numbers]:
        """Return X and y, looked at by scikit-learn."""

    @abstractmethod
    def _answers(self, y: Numbers, weights: Numbers | None, anew: bool, known: Numbers | None) -> Numbers:
        """Return y as the network learns it; if anew, `known` or y says what there is to learn."""

    @abstractmethod
    def _n_out(self) -> int:
        """Return how many outputs there are."""

    @abstractmethod
    def _held_score(self, outputs: Numbers, held: Samples) -> float:
        """Return the score of outputs on samples that were held back."""

    @abstractmethod
    def _strata(self, answers: Numbers) -> Numbers:
        """Return the group of each sample, of each of which the same share is held back."""

    # -- learning ----------------------------------------------------------------------------------------------------

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from samples.

        Parameters
        ----------
        X : array or sparse matrix, shape (n_samples, n_features)
            A sparse matrix is made dense batch by batch.
        y : array, shape (n_samples,), or (n_samples, n_targets) for a regression
            The answers.
        sample_weight : array, shape (n_samples,), optional
            How often each sample counts. Those that count 0 times are left out.

        Returns
        -------
        self

        Raises
        ------
        ArgumentError, ArgumentTypeError, ValueError
            If a parameter or the samples do not fit.
        NonFiniteLossError
            If the loss becomes NaN or infinite: the learning rate is too high.
        """
        anew = not (self.warm_start and hasattr(self, "network_"))
        return self._learn(X, y, sample_weight, Settings.of(self), anew)

    def _partial_fit(self, X: Any, y: Any, sample_weight: Any, anew: bool, known: Numbers | None = None) -> Self:
        settings = Settings.of(self)
        if settings.early_stopping:
            raise ArgumentError("estimator.partial-early-stopping")
        return self._learn(X, y, sample_weight, settings, anew, known, one=True)

    def _learn(
        self,
        X: Any,
        y: Any,
        sample_weight: Any,
        settings: Settings,
        anew: bool,
        known: Numbers | None = None,
        one: bool = False,
    ) -> Self:
        from gradwright.estimators.epochs import Samples

        x, y = self._table(X, y, self._dtype(anew), anew)
        weights = self._weights(sample_weight, x)
        answers = self._answers(y, weights, anew, known)
        if anew:
            self._begin(settings, x.dtype.name)
        self._check_network(settings, x.dtype)
        samples = Samples(x, answers.astype(x.dtype) if answers.dtype.kind == "f" else answers, weights)
        if weights is not None and not weights.all():
            samples = samples.part(np.flatnonzero(weights))
        held = None
        if settings.early_stopping:
            samples, held = self._split(samples, settings.validation_fraction)
        self._train(samples, held, settings, one)
        return self

    def _dtype(self, anew: bool) -> Any:
        """Return the dtype, or those of which X may choose one, to compute in."""
        if not anew:
            return self.network_.params["W1"].dtype
        return (np.float64, np.float32) if self.dtype == "auto" else np.dtype(self.dtype)

    def _weights(self, sample_weight: Any, x: Any) -> Numbers | None:
        if sample_weight is None:
            return None
        from sklearn.utils.validation import check_array

        weights: Numbers = check_array(sample_weight, ensure_2d=False, dtype=np.float64, input_name="sample_weight")
        if weights.shape != (x.shape[0],):
            raise ShapeError("array.shape", name="sample_weight", shape=weights.shape, expected=(x.shape[0],))
        lowest = int(weights.argmin())
        if weights[lowest] < 0:
            raise ArgumentError("estimator.weight-negative", value=float(weights[lowest]), index=lowest)
        if not weights.any():
            raise ArgumentError("estimator.weights-zero", count=len(weights))
        return weights

    def _begin(self, settings: Settings, dtype: str) -> None:
        """Draw a network, and forget all that was learned."""
        of_weights = self._resume()
        sizes = [self.n_features_in_, *settings.hidden, self._n_out()]
        self.network_ = Network.of_sizes(sizes, self.activation, self._loss(), self.init, of_weights, dtype)
        self.loss_curve_: list[float] = []
        self.validation_scores_: list[float] | None = None
        self.n_iter_, self.stopped_ = 0, ""

    def _resume(self) -> np.random.Generator:
        """Begin what no file holds, the random streams and the optimizer's state; return the stream of the weights."""
        of_weights, of_order, of_split = seeds_of(self.random_state).spawn(3)
        self._order, self._split_seed = np.random.default_rng(of_order), int(of_split.generate_state(1)[0])
        self._state: dict[str, Any] | None = None
        self._optimizer_kind = ""
        return np.random.default_rng(of_weights)

    def _check_network(self, settings: Settings, dtype: Any) -> None:
        """Raise if `hidden` or `activation` no longer say how the network is that is to learn on."""
        layers = self.network_.layers
        sizes = tuple(layer.n_out for layer in layers if isinstance(layer, Affine))[:-1]
        kinds = {layer.kind for layer in layers if not isinstance(layer, Affine)}
        if sizes != settings.hidden:
            raise ArgumentError("estimator.goes-on", name="hidden", value=settings.hidden, before=sizes)
        if not kinds <= {self.activation}:
            raise ArgumentError("estimator.goes-on", name="activation", value=self.activation, before=kinds.pop())

    def _split(self, samples: Samples, fraction: float) -> tuple[Samples, Samples]:
        from gradwright.data.split import stratified_split

        # The same samples in every fit that goes on: what was learned from must not judge later.
        strata = self._strata(samples.answers)
        train, held = stratified_split(strata, test_fraction=fraction, rng=self._split_seed)
        if len(held) < 2:
            raise ArgumentError("estimator.validation-empty", value=fraction, count=len(strata), held=len(held))
        return samples.part(train), samples.part(held)

    def _train(self, samples: Samples, held: Samples | None, settings: Settings, one: bool) -> None:
        from gradwright.estimators.epochs import Ending, Epochs

        network, optimizer = self.network_, settings.optimizer
        kind = f"{type(optimizer).__module__}.{type(optimizer).__qualname__}"
        state = self._state if self._state is not None and kind == self._optimizer_kind else None
        state = optimizer.init(network.params) if state is None else state
        epochs = Epochs(network, samples, optimizer, state, settings.batch_size, settings.weight_decay, self._order)
        judge = None if held is None else Outputs(network, len(held.answers))
        self.validation_scores_ = self.validation_scores_ if held is None else self.validation_scores_ or []
        ending, best, kept = Ending(settings.tol, settings.patience), -np.inf, network.params
        self.stopped_ = ""
        with np.errstate(over="ignore", invalid="ignore", under="ignore"), epochs.threads():
            try:
                for _ in range(1 if one else settings.epochs):
                    self.loss_curve_.append(epochs.one())
                    self.n_iter_ += 1
                    figure = self.loss_curve_[-1]
                    if judge is not None and held is not None and self.validation_scores_ is not None:
                        score = self._held_score(judge.of(held.x), held)
                        self.validation_scores_.append(score)
                        figure = -score
                        if score > best:
                            best, kept = score, network.params
                    if not one and ending.told(figure):
                        self.stopped_ = "no-change"
                        break
                else:
                    self.stopped_ = "epochs"
                epochs.check_finite()
            finally:
                self._state, self._optimizer_kind = epochs.state, kind
        if held is not None:
            network.params = kept

    # -- what was learned --------------------------------------------------------------------------------------------

    def _outputs(self, X: Any) -> Numbers:
        """Return the outputs of the network for rows that scikit-learn has looked at."""
        from sklearn.utils.validation import check_is_fitted, validate_data

        check_is_fitted(self, "network_")
        dtype = self.network_.params["W1"].dtype
        x = validate_data(self, X, accept_sparse="csr", dtype=dtype, order="C", reset=False)
        return Outputs(self.network_, x.shape[0]).of(x)

    @property
    def loss_(self) -> float:
        """The loss of the last epoch."""
        return self._curve()[-1]

    @property
    def best_loss_(self) -> float:
        """The lowest loss of an epoch."""
        return min(self._curve())

    def _curve(self) -> list[float]:
        if not vars(self).get("loss_curve_"):  # empty where the first epoch was interrupted
            raise AttributeError("loss_curve_")
        return self.loss_curve_

    @property
    def best_validation_score_(self) -> float | None:
        """The best score on the samples held back; None without early stopping."""
        self._curve()
        return max(self.validation_scores_) if self.validation_scores_ else None

    @property
    def coefs_(self) -> list[Numbers]:
        """The weights, layer by layer, each of shape (n_in, n_out)."""
        return [array for name, array in self.network_.params.items() if name.startswith("W")]

    @property
    def intercepts_(self) -> list[Numbers]:
        """The biases, layer by layer."""
        return [array for name, array in self.network_.params.items() if name.startswith("b")]

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags

    # -- files -------------------------------------------------------------------------------------------------------

    @abstractmethod
    def _facts(self) -> dict[str, Any]:
        """Return what this kind of estimator needs to predict beside the network, as JSON can hold it."""

    @abstractmethod
    def _fitting(self, facts: dict[str, Any], n_out: int) -> dict[str, bool]:
        """Tell of each of these facts, as a file has them, whether it is as `_facts` gives it, for so many outputs."""

    @abstractmethod
    def _take_facts(self, facts: dict[str, Any]) -> None:
        """Take back what `_facts` gave."""

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write the estimator to one safetensors file: no pickle, so that reading it runs no code.

        The file is that of ``network_`` with what a prediction needs in its metadata: `gradwright.Network.load`, and
        the commands ``predict`` and ``evaluate``, read it too. Parameters of the estimator that JSON cannot hold (an
        optimizer that is an object, a schedule, a generator) are not written; after `load` they have their defaults.

        Parameters
        ----------
        path : path
            The file.
        overwrite : bool
            Whether a file that is there may be replaced.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            Before `fit`.
        OutputExistsError
            If there is a file, and it may not be replaced.
        MissingExtraError
            If safetensors is not installed.
        """
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self, "network_")
        files.save(self, path, overwrite)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read an estimator that `save` wrote, to predict, or to learn on with a fresh state of its optimizer.

        Raises
        ------
        DataNotFoundError, ModelFileError
            If there is no such file, it is damaged, or holds something else.
        MissingExtraError
            If safetensors is not installed.
        """
        estimator = cls()
        files.restore(estimator, path)
        return estimator
