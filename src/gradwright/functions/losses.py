r"""Loss functions, each with its derivative with respect to the network's output.

For a batch a loss is the mean of the losses of its samples, so its derivative carries a factor 1/batch: forgetting it,
or taking it twice, is the commonest mistake in a hand-written backward pass.

The cross-entropy here is exact. The course adds 1e-7 inside the logarithm to keep it from -inf, which shifts every
loss and every gradient a little (0.51082546 for 0.51082562); here a wrong answer given with certainty costs inf, and
`cross_entropy_with_logits` computes from the logits what is finite without any such constant.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gradwright._arrays import Array, namespace
from gradwright.functions._exact import check_probabilities, log_of_base, quiet, weighted_surprise
from gradwright.functions._softmax import log_softmax, softmax
from gradwright.functions._targets import batch_of, distribution_of, half_squared_pair_of, output_of, pair_of


@quiet
def half_squared_error(y: Any, t: Any) -> Array:
    r"""Compute half the sum of the squared errors; for a batch its mean over the samples.

    .. math:: E = \frac{1}{2} \sum_k (y_k - t_k)^2, \qquad
              E = \frac{1}{N} \sum_{i=1}^{N} \frac{1}{2} \sum_k (y_{ik} - t_{ik})^2

    Parameters
    ----------
    y : array, shape (n,) or (batch, n)
        The outputs of the network; float32 and float64 are kept. A single number is allowed.
    t : array, shape of `y`
        The right answers; cast to the dtype of `y`.

    Returns
    -------
    array, shape ()
        0 or more, in the dtype of `y`.

    Raises
    ------
    ShapeError
        If the shapes differ, `y` has more than two axes, or is empty.

    Notes
    -----
    The course calls this the mean squared error; see `mean_squared_error` for what others call so. The 1/2 only
    serves to cancel the 2 of the derivative. torch's ``MSELoss(reduction="mean")`` divides by all entries, not by 2
    and the batch.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (5.11).

    Examples
    --------
    >>> from gradwright.functions import half_squared_error
    >>> float(half_squared_error([0.5, 0.25, 0.25], [1.0, 0.0, 0.0]))
    0.1875
    """
    y, t, xp = half_squared_pair_of(y, t)
    return 0.5 * xp.sum((y - t) * (y - t)) / batch_of(y)


@quiet
def half_squared_error_derivative(y: Any, t: Any) -> Array:
    r"""Compute the derivative of half the squared error with respect to y.

    .. math:: \frac{\partial E}{\partial y_{ik}} = \frac{y_{ik} - t_{ik}}{N}

    Parameters
    ----------
    y, t : array, shape (n,) or (batch, n)
        As in `half_squared_error`.

    Returns
    -------
    array, shape of `y`
        With the factor 1/N for a batch of N.

    Raises
    ------
    ShapeError
        If the shapes differ, `y` has more than two axes, or is empty.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (5.18).

    Examples
    --------
    >>> from gradwright.functions import half_squared_error_derivative
    >>> half_squared_error_derivative([0.5, 0.25, 0.25], [1.0, 0.0, 0.0])
    array([-0.5 ,  0.25,  0.25])
    """
    y, t, _ = half_squared_pair_of(y, t)
    return (y - t) / batch_of(y)


@quiet
def mean_squared_error(y: Any, t: Any) -> Array:
    r"""Compute the mean of the squared errors over all entries.

    .. math:: E = \frac{1}{M} \sum_{j=1}^{M} (y_j - t_j)^2

    Parameters
    ----------
    y : array of any shape, M entries
        The outputs of the network; float32 and float64 are kept.
    t : array, shape of `y`
        The right answers; cast to the dtype of `y`.

    Returns
    -------
    array, shape ()
        0 or more, in the dtype of `y`.

    Raises
    ------
    ShapeError
        If the shapes differ, or `y` is empty.

    Notes
    -----
    As in torch and scikit-learn. The course's function of this name is `half_squared_error`.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, Deep Learning (2016), eq. (5.4).

    Examples
    --------
    >>> from gradwright.functions import mean_squared_error
    >>> float(mean_squared_error([1.0, 3.0], [0.0, 1.0]))
    2.5
    """
    y, t, xp = pair_of(y, t)
    return xp.mean((y - t) * (y - t))


@quiet
def mean_squared_error_derivative(y: Any, t: Any) -> Array:
    r"""Compute the derivative of the mean squared error with respect to y.

    .. math:: \frac{\partial E}{\partial y_j} = \frac{2}{M} (y_j - t_j)

    Parameters
    ----------
    y, t : array of any shape, M entries
        As in `mean_squared_error`.

    Returns
    -------
    array, shape of `y`
        With the factor 2/M over all M entries.

    Raises
    ------
    ShapeError
        If the shapes differ, or `y` is empty.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, Deep Learning (2016), eq. (5.4), differentiated.

    Examples
    --------
    >>> from gradwright.functions import mean_squared_error_derivative
    >>> mean_squared_error_derivative([1.0, 3.0], [0.0, 1.0])
    array([1., 2.])
    """
    y, t, _ = pair_of(y, t)
    return 2.0 * (y - t) / int(np.prod(y.shape))


def _probabilities_and_target(y: Any, t: Any) -> tuple[Array, Array, Any]:
    y = output_of("y", y, t)
    check_probabilities("y", y, "probs.not-softmax")
    return y, distribution_of(t, "y", y), namespace(y)


@quiet
def cross_entropy(y: Any, t: Any, *, base: float | None = None) -> Array:
    r"""Compute the cross-entropy H(t, y) of probabilities y; for a batch its mean over the samples.

    .. math:: E = -\sum_k t_k \log y_k, \quad 0 \log 0 = 0, \qquad
              E = -\frac{1}{N} \sum_{i=1}^{N} \sum_k t_{ik} \log y_{ik}

    Parameters
    ----------
    y : array, shape (n,) or (batch, n)
        Probabilities, 0 to 1, such as `softmax` gives; float32 and float64 are kept.
    t : array
        Integer labels, shape () or (batch,); or one-hot rows or any distributions, in the shape of `y`.
    base : float, optional
        Of the logarithm: 2 for bits; by default e, for nats.

    Returns
    -------
    array, shape ()
        0 or more, in the dtype of `y`; inf where y = 0 and t > 0.

    Raises
    ------
    ArgumentError
        If an entry of `y` is not 0 to 1 (NaN included), one of `t` negative, or `base` not a positive number other
        than 1. Values traced by ``jax.jit`` are not looked at.
    LabelError
        If a label is not an integer or names no class.
    ShapeError
        If the shapes do not fit, or `y` is empty.

    Notes
    -----
    torch's ``CrossEntropyLoss`` takes logits: that is `cross_entropy_with_logits`.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.108).

    Examples
    --------
    >>> from gradwright.functions import cross_entropy
    >>> float(cross_entropy([0.5, 0.25, 0.25], 1, base=2))
    2.0
    >>> float(cross_entropy([[0.5, 0.5], [0.0, 1.0]], [[0.5, 0.5], [0.0, 1.0]], base=2))
    0.5
    """
    y, t, xp = _probabilities_and_target(y, t)
    return xp.sum(weighted_surprise(t, y, base, xp)) / batch_of(y)


@quiet
def cross_entropy_derivative(y: Any, t: Any, *, base: float | None = None) -> Array:
    r"""Compute the derivative of the cross-entropy with respect to the probabilities y.

    .. math:: \frac{\partial E}{\partial y_{ik}} = -\frac{t_{ik}}{N \, y_{ik} \ln b}

    Parameters
    ----------
    y, t : array
        As in `cross_entropy`.
    base : float, optional
        As in `cross_entropy`.

    Returns
    -------
    array, shape of `y`
        0 where t = 0, also where y = 0 too; -inf where y = 0 and t > 0.

    Raises
    ------
    ArgumentError, LabelError, ShapeError
        As `cross_entropy`.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.108), differentiated.

    Examples
    --------
    >>> from gradwright.functions import cross_entropy_derivative
    >>> cross_entropy_derivative([0.5, 0.5, 0.0], [1.0, 0.0, 0.0])
    array([-2.,  0.,  0.])
    """
    y, t, xp = _probabilities_and_target(y, t)
    counted = t > 0
    slope = t / xp.where(counted, xp.abs(y), xp.ones_like(y))  # abs: 1 / -0.0 would be -inf
    return 0.0 - slope / (batch_of(y) * log_of_base(base))


@quiet
def cross_entropy_with_logits(logits: Any, t: Any, *, base: float | None = None) -> Array:
    r"""Compute the cross-entropy of the softmax of logits; for a batch its mean over the samples.

    .. math:: E = -\sum_k t_k \log p_k = \sum_k t_k \Big( \log \sum_j e^{x_j} - x_k \Big), \quad p = \mathrm{softmax}(x)

    Parameters
    ----------
    logits : array, shape (n,) or (batch, n)
        The scores x before the softmax; float32 and float64 are kept.
    t : array
        Integer labels, shape () or (batch,); or one-hot rows or any distributions, in the shape of `logits`.
    base : float, optional
        Of the logarithm: 2 for bits; by default e, for nats.

    Returns
    -------
    array, shape ()
        0 or more, in the dtype of `logits`. Finite for finite logits, and to full relative precision near 0. A logit
        of -inf is a class ruled out; NaN stays NaN.

    Raises
    ------
    ArgumentError
        If an entry of `t` is negative, or `base` is not a positive number other than 1.
    LabelError
        If a label is not an integer or names no class.
    ShapeError
        If the shapes do not fit, or `logits` is empty.

    Notes
    -----
    torch's ``CrossEntropyLoss``. `cross_entropy` of `softmax` is the same until a probability underflows to 0; there
    it is inf where this is still exact.

    References
    ----------
    P. Blanchard, D. J. Higham, N. J. Higham, Accurately computing the log-sum-exp and softmax functions, IMA J. Numer.
    Anal. 41 (2021) 2311-2330, section 4.

    Examples
    --------
    >>> from gradwright.functions import cross_entropy_with_logits
    >>> float(cross_entropy_with_logits([1e4, -1e4], 1))
    20000.0
    """
    logits = output_of("logits", logits, t)
    t = distribution_of(t, "logits", logits)
    xp = namespace(logits)
    # A weight of 0 leaves out its term also where the logit is -inf.
    surprises = xp.where(t > 0, 0.0 - log_softmax(logits, xp), xp.zeros_like(logits))
    return xp.sum(t * surprises) / (batch_of(logits) * log_of_base(base))


@quiet
def cross_entropy_with_logits_derivative(logits: Any, t: Any, *, base: float | None = None) -> Array:
    r"""Compute the derivative of the cross-entropy with respect to the logits.

    .. math:: \frac{\partial E}{\partial x_{ik}} = \frac{1}{N \ln b} \Big( p_{ik} \sum_j t_{ij} - t_{ik} \Big),
              \quad p = \mathrm{softmax}(x)

    Parameters
    ----------
    logits, t : array
        As in `cross_entropy_with_logits`.
    base : float, optional
        As in `cross_entropy_with_logits`.

    Returns
    -------
    array, shape of `logits`
        (p - t) / N in nats where each t sums to 1: the simplest of all, and why softmax and cross-entropy go together.

    Raises
    ------
    ArgumentError, LabelError, ShapeError
        As `cross_entropy_with_logits`.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.109).

    Examples
    --------
    >>> from gradwright.functions import cross_entropy_with_logits_derivative
    >>> cross_entropy_with_logits_derivative([[0.0, 0.0], [1e4, -1e4]], [0, 1])
    array([[-0.25,  0.25],
           [ 0.5 , -0.5 ]])
    """
    logits = output_of("logits", logits, t)
    t = distribution_of(t, "logits", logits)
    total = namespace(logits).sum(t, axis=-1, keepdims=True)
    return (softmax(logits) * total - t) / (batch_of(logits) * log_of_base(base))
