"""The classifier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from gradwright.errors import ArgumentError, ArgumentTypeError, LabelError
from gradwright.estimators.base import NetworkEstimator
from gradwright.estimators.files import labels_come_back, labels_from_json, labels_to_json
from gradwright.estimators.scikit import ClassifierMixin
from gradwright.nn import SoftmaxCrossEntropy
from gradwright.nn.losses import Loss

if TYPE_CHECKING:
    from gradwright.estimators.epochs import Samples

Numbers = npt.NDArray[Any]


class NetworkClassifier(ClassifierMixin, NetworkEstimator):  # type: ignore[misc]
    r"""A network that tells classes apart, as a scikit-learn estimator.

    .. math:: L = \frac{\sum_n w_n \left(-\log y_{n, t_n}\right)}{\sum_n w_n} + \frac{\lambda}{2} \sum_l \|W_l\|^2,
        \qquad y = \mathrm{softmax}(a)

    with a the outputs of the last layer (as many as there are classes, two as well), w the sample weights, lambda
    `weight_decay` and W the weights of the layers.

    Parameters
    ----------
    hidden : int or sequence of int
        The sizes of the hidden layers. ``()`` is none: softmax regression.
    activation : {"relu", "tanh", "sigmoid", "identity"}
        What follows each hidden layer.
    optimizer : str or Optimizer
        ``"sgd"``, ``"momentum"``, ``"nesterov"``, ``"adagrad"``, ``"rmsprop"``, ``"adam"``, or an object such as
        ``gw.Momentum(0.1, momentum=0.8)``.
    learning_rate : float or schedule, optional
        The size of a step, or a function from the number of a step to it. By default the optimizer's own: 0.001 for
        adam and rmsprop, 0.01 for the others.
    batch_size : int, "auto" or "full"
        Samples in a step. ``"auto"`` is 200, ``"full"`` all; no more than there are.
    epochs : int
        Passes through the samples, at most.
    tol, n_iter_no_change : float or None, int
        The fit ends when the loss (with `early_stopping` the validation score) has failed to better its best by `tol`
        in more than `n_iter_no_change` epochs in a row. None does all epochs.
    early_stopping : bool
        Whether to watch a score on samples held back, and to end with the parameters of its best epoch.
    validation_fraction : float
        The share of the samples that is held back for that, the same of each class.
    weight_decay : float
        lambda. scikit-learn's ``alpha`` divides by the size of the batch: its ``alpha=a`` is ``a / batch_size`` here.
    init : float or {"auto", "he", "xavier"}
        The standard deviation of the weights to begin with; see `gradwright.Network`.
    dtype : {"auto", "float32", "float64"}
        What to compute in. ``"auto"``: float32 for samples in float32, else float64. float32 takes half the time.
    warm_start : bool
        Whether `fit` goes on from where the last one ended, the optimizer's state included.
    random_state : int, numpy.random.RandomState, numpy.random.Generator or None
        What the weights, the order of the samples and those held back are drawn from. The same int makes the same bits.
        None is drawn afresh, and not from NumPy's global state.

    Attributes
    ----------
    network_ : Network
        What was learned; its ``explain``, ``check_gradients`` and ``save`` are at hand.
    classes_ : ndarray, shape (n_classes,)
        The labels, ascending.
    loss_, best_loss_, loss_curve_ : float, float, list of float
        The loss of the last epoch, the lowest, and all: means over the samples, each at its own step.
    n_iter_ : int
        Epochs done, those before a warm start included.
    validation_scores_, best_validation_score_ : list of float, float
        The accuracies on the samples held back, and the best; None without `early_stopping`.
    stopped_ : str
        Why the fit ended: ``"epochs"`` or ``"no-change"``. There is no ConvergenceWarning.
    coefs_, intercepts_ : list of ndarray
        Weights and biases, layer by layer.
    n_features_in_, feature_names_in_ : int, ndarray of str
        What the samples had; names only where X had names.

    See Also
    --------
    sklearn.neural_network.MLPClassifier : has L-BFGS as well. Its output for two classes is one number, and its
        batches divide by the weights in them.

    Examples
    --------
    >>> import gradwright as gw
    >>> x = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    >>> xor = gw.NetworkClassifier(hidden=8, activation="tanh", learning_rate=0.1, random_state=0)
    >>> xor.fit(x, ["same", "other", "other", "same"]).predict(x)
    array(['same', 'other', 'other', 'same'], dtype='<U5')
    """

    _loss: ClassVar[type[Loss]] = SoftmaxCrossEntropy
    classes_: Numbers

    # -- learning ----------------------------------------------------------------------------------------------------

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Do one epoch on these samples, from where the last call ended.

        Parameters
        ----------
        X, y, sample_weight
            As for `fit`.
        classes : array, shape (n_classes,)
            All labels there will be; needed in the first call only.

        Returns
        -------
        self

        Raises
        ------
        ArgumentError
            If `classes` is missing in the first call or another one later, or `early_stopping` is set.
        LabelError
            If a label of `y` is none of the classes.
        """
        anew = not hasattr(self, "network_")
        if anew and classes is None:
            raise ArgumentError("estimator.classes-first")
        known = self.classes_ if classes is None else np.unique(classes)
        if not anew and not np.array_equal(known, self.classes_):
            raise ArgumentError("estimator.classes-changed", value=known.tolist(), before=self.classes_.tolist())
        return self._partial_fit(X, y, sample_weight, anew, known)

    def _table(self, X: Any, y: Any, dtype: Any, reset: bool) -> tuple[Any, Numbers]:
        from sklearn.utils.multiclass import check_classification_targets
        from sklearn.utils.validation import column_or_1d, validate_data

        x, y = validate_data(self, X, y, accept_sparse="csr", dtype=dtype, order="C", multi_output=True, reset=reset)
        check_classification_targets(y)
        if y.ndim == 2 and y.shape[1] > 1:
            raise ArgumentTypeError("estimator.multilabel", shape=tuple(y.shape))
        return x, column_or_1d(y, warn=True)

    def _answers(self, y: Numbers, weights: Numbers | None, anew: bool, known: Numbers | None) -> Numbers:
        labels, numbers = np.unique(y, return_inverse=True)
        if known is None:
            known = labels if anew else self.classes_
        if len(known) < 2:
            raise LabelError("estimator.one-class", value=known.tolist())
        if not np.array_equal(labels, known):
            strange = np.setdiff1d(labels, known)
            if len(strange):
                raise LabelError("estimator.label", value=strange.tolist()[0], classes=known.tolist())
            numbers = np.searchsorted(known, labels)[numbers]
        self.classes_ = known
        return numbers

    def _n_out(self) -> int:
        return len(self.classes_)

    def _strata(self, answers: Numbers) -> Numbers:
        return answers

    def _held_score(self, outputs: Numbers, held: Samples) -> float:
        return float(np.average(outputs.argmax(axis=1) == held.answers, weights=held.weights))

    # -- predicting --------------------------------------------------------------------------------------------------

    def predict(self, X: Any) -> Numbers:
        """Return the label of the most probable class of each row of `X`.

        Parameters
        ----------
        X : array or sparse matrix, shape (n_samples, n_features)

        Returns
        -------
        ndarray, shape (n_samples,)
        """
        found = self._outputs(X).argmax(axis=1)
        return np.asarray(self.classes_[found])

    def predict_proba(self, X: Any) -> Numbers:
        """Return the probability of each class, in the order of ``classes_``, for each row of `X`.

        Returns
        -------
        ndarray, shape (n_samples, n_classes)
            Each row sums to 1.
        """
        outputs = self._outputs(X)
        return np.asarray(self.network_.loss_function.predict(outputs))

    def predict_log_proba(self, X: Any) -> Numbers:
        """Return the logarithms of the probabilities, exact also where these round to 0 or 1."""
        outputs = self._outputs(X)
        shifted = outputs - outputs.max(axis=1, keepdims=True)
        return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))

    # -- files -------------------------------------------------------------------------------------------------------

    def _facts(self) -> dict[str, Any]:
        try:
            return labels_to_json(self.classes_)
        except TypeError:
            raise ArgumentTypeError("estimator.labels-unsaved", kind=type(self.classes_.tolist()[0]).__name__) from None

    def _fitting(self, facts: dict[str, Any], n_out: int) -> dict[str, bool]:
        labels = facts.get("labels")
        return {"labels": isinstance(labels, list) and len(labels) == n_out and labels_come_back(facts)}

    def _take_facts(self, facts: dict[str, Any]) -> None:
        self.classes_ = labels_from_json(facts)
