r"""Information, expectation and entropy, and their derivatives.

Information is surprise as a number: what is certain (p = 1) brings none, what is rare brings much, and that of
independent events adds up, which only :math:`-\log p` does. Entropy is its expectation. Natural logarithms give nats;
``base=2`` gives bits.
"""

from __future__ import annotations

from typing import Any

from gradwright import _validate
from gradwright._arrays import Array, namespace
from gradwright.functions._exact import (
    check_last_axis,
    check_probabilities,
    log_of_base,
    quiet,
    surprise,
    weighted_surprise,
)


def _probabilities(p: Any) -> tuple[Array, Any]:
    array = _validate.real_array("p", p)
    check_probabilities("p", array)
    return array, namespace(array)


@quiet
def information(p: Any, *, base: float | None = None) -> Array:
    r"""Compute the information of events with probabilities p.

    .. math:: I(p) = \log \frac{1}{p} = -\log p

    Parameters
    ----------
    p : array of any shape
        Probabilities, 0 to 1. float32 and float64 are kept.
    base : float, optional
        Of the logarithm: 2 for bits; by default e, for nats.

    Returns
    -------
    array, shape of `p`
        inf where p = 0.

    Raises
    ------
    ArgumentError
        If an entry is not 0 to 1, or `base` is not a positive number other than 1.

    References
    ----------
    C. E. Shannon, A mathematical theory of communication (1948), section 6.

    Examples
    --------
    >>> from gradwright.functions import information
    >>> information([1.0, 0.5, 0.125, 0.0], base=2)
    array([ 0.,  1.,  3., inf])
    """
    p, xp = _probabilities(p)
    return surprise(p, base, xp)


@quiet
def information_derivative(p: Any, *, base: float | None = None) -> Array:
    r"""Compute the derivative of the information with respect to p.

    .. math:: I'(p) = -\frac{1}{p \ln b}

    Parameters
    ----------
    p : array of any shape
        Probabilities, 0 to 1.
    base : float, optional
        Of the logarithm, as in `information`.

    Returns
    -------
    array, shape of `p`
        -inf where p = 0.

    Raises
    ------
    ArgumentError
        If an entry is not 0 to 1, or `base` is not a positive number other than 1.

    References
    ----------
    C. E. Shannon, A mathematical theory of communication (1948), section 6.

    Examples
    --------
    >>> from gradwright.functions import information_derivative
    >>> information_derivative([1.0, 0.5, 0.0])
    array([ -1.,  -2., -inf])
    """
    p, xp = _probabilities(p)
    return -1.0 / (xp.abs(p) * log_of_base(base))  # abs: 1 / -0.0 would be +inf


@quiet
def entropy(p: Any, *, base: float | None = None) -> Array:
    r"""Compute the entropy of distributions, the expectation of their information, over the last axis.

    .. math:: H(p) = -\sum_i p_i \log p_i, \quad 0 \log 0 = 0

    Parameters
    ----------
    p : array, shape (..., n)
        One distribution a row: entries 0 to 1. That they sum to 1 is not checked, as a difference quotient in one
        entry leaves it.
    base : float, optional
        Of the logarithm: 2 for bits; by default e, for nats.

    Returns
    -------
    array, shape (...)
        From 0 (certain) to log n (all equally likely).

    Raises
    ------
    ArgumentError
        If an entry is not 0 to 1, or `base` is not a positive number other than 1.
    ShapeError
        If `p` is a single number or its last axis is empty.

    Notes
    -----
    scipy.stats.entropy divides `p` by its sum first; this does not.

    References
    ----------
    C. E. Shannon, A mathematical theory of communication (1948), section 6.

    Examples
    --------
    >>> from gradwright.functions import entropy
    >>> entropy([[0.25, 0.25, 0.25, 0.25], [1.0, 0.0, 0.0, 0.0]], base=2)
    array([2., 0.])
    """
    p, xp = _probabilities(p)
    check_last_axis("p", p)
    return weighted_surprise(p, p, base, xp)


@quiet
def entropy_derivative(p: Any, *, base: float | None = None) -> Array:
    r"""Compute the derivative of the entropy with respect to each probability.

    .. math:: \frac{\partial H}{\partial p_i} = -\frac{\ln p_i + 1}{\ln b}

    Parameters
    ----------
    p : array, shape (..., n)
        One distribution a row, entries 0 to 1.
    base : float, optional
        Of the logarithm, as in `entropy`.

    Returns
    -------
    array, shape of `p`
        inf where p = 0 (automatic differentiation of `entropy` says 0 there).

    Raises
    ------
    ArgumentError
        If an entry is not 0 to 1, or `base` is not a positive number other than 1.
    ShapeError
        If `p` is a single number or its last axis is empty.

    References
    ----------
    T. M. Cover, J. A. Thomas, Elements of Information Theory (2006), section 2.1.

    Examples
    --------
    >>> from gradwright.functions import entropy_derivative
    >>> entropy_derivative([1.0, 0.0])
    array([-1., inf])
    """
    p, xp = _probabilities(p)
    check_last_axis("p", p)
    return -(xp.log(p) + 1.0) / log_of_base(base)


@quiet
def expectation(values: Any, probs: Any) -> Array:
    r"""Compute the expectation of values over the last axis.

    .. math:: E[x] = \sum_i x_i \, p_i

    Parameters
    ----------
    values : array, shape (..., n)
        The value :math:`x_i` of each outcome.
    probs : array, shape (..., n)
        The probability of each outcome, 0 to 1; cast to the dtype of `values`. Outcomes left out count as value 0.

    Returns
    -------
    array, shape (...)
        An outcome of probability 0 contributes 0, also where its value is infinite: so `entropy` is
        ``expectation(information(p), p)`` for every p.

    Raises
    ------
    ArgumentError
        If a probability is not 0 to 1.
    ShapeError
        If the shapes differ, or there is no last axis.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (1.33).

    Examples
    --------
    >>> from gradwright.functions import expectation
    >>> float(expectation([5.0, 0.0], [0.9, 0.1]))
    4.5
    """
    x = _validate.real_array("values", values, like=probs)
    p = _validate.real_array("probs", probs, like=x)
    check_last_axis("values", x)
    _validate.same_shape("values", x, "probs", p)
    check_probabilities("probs", p)
    xp = namespace(x)
    p = xp.astype(p, x.dtype, copy=False)
    return xp.sum(xp.where(p == 0, xp.zeros_like(x), x) * p, axis=-1)
