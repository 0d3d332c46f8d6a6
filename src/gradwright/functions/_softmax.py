"""The softmax, its Jacobian and its logarithm; reached as `gradwright.functions.softmax`, which is the function."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradwright import _validate
from gradwright._arrays import Array, adapter, namespace
from gradwright.functions._exact import check_last_axis, quiet


@quiet
def softmax(x: Any) -> Array:
    r"""Compute the softmax over the last axis.

    .. math:: p_i = \frac{e^{x_i}}{\sum_j e^{x_j}} = \frac{e^{x_i - m}}{\sum_j e^{x_j - m}}, \quad m = \max_j x_j

    Parameters
    ----------
    x : array, shape (..., n)
        The logits. float32 and float64 are kept; integers and lists become the library's default float.

    Returns
    -------
    array, shape of `x`
        Probabilities: 0 to 1, with sum 1 over the last axis. A logit of -inf gets probability 0.

    Raises
    ------
    ShapeError
        If `x` is a single number or its last axis is empty.
    ArgumentTypeError
        If `x` does not hold real numbers.

    Notes
    -----
    Always the last axis, as ``torch.softmax(x, -1)``; scipy.special.softmax takes all axes at once by default.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.62).

    Examples
    --------
    >>> from gradwright.functions import softmax
    >>> softmax([[1e4, 1e4], [0.0, -1e4]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    x = _validate.real_array("x", x)
    xp = namespace(x)
    check_last_axis("x", x)
    e = xp.exp(x - xp.max(x, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)


@quiet
def softmax_derivative(x: Any) -> Array:
    r"""Compute the Jacobian of the softmax at the logits x.

    .. math:: J_{ij} = \frac{\partial p_i}{\partial x_j} = p_i (\delta_{ij} - p_j)

    Parameters
    ----------
    x : array, shape (..., n)
        What went into `softmax`, not what came out of it.

    Returns
    -------
    array, shape (..., n, n)
        One symmetric matrix for each row of `x`; its rows sum to 0.

    Raises
    ------
    ShapeError
        If `x` is a single number or its last axis is empty.
    ArgumentTypeError
        If `x` does not hold real numbers.

    Notes
    -----
    The diagonal p_i (1 - p_i) alone is not the derivative: every output depends on every input. In backpropagation
    `softmax_vjp` gives the product with the upstream gradient without this n by n matrix.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.106).

    Examples
    --------
    >>> from gradwright.functions import softmax_derivative
    >>> softmax_derivative([0.0, 0.0])
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    p = softmax(x)
    xp = namespace(p)
    diagonal = adapter(p).from_numpy(np.eye(p.shape[-1], dtype=bool), p)
    outer = xp.expand_dims(p, axis=-1) * xp.expand_dims(p, axis=-2)
    others = xp.where(diagonal, xp.zeros_like(outer), outer)
    # 1 - p_i is the sum of the other probabilities; so taken it keeps its digits where p_i rounds to 1.
    return xp.where(diagonal, xp.sum(others, axis=-1, keepdims=True), -others)


@quiet
def softmax_vjp(probs: Any, upstream: Any) -> Array:
    r"""Multiply an upstream gradient by the Jacobian of the softmax, as backpropagation does.

    .. math:: (J^T g)_i = p_i \Big( g_i - \sum_j g_j p_j \Big)

    Parameters
    ----------
    probs : array, shape (..., n)
        The output p of `softmax`.
    upstream : array, shape (..., n)
        The gradient g of the loss with respect to that output; cast to the dtype of `probs`.

    Returns
    -------
    array, shape (..., n)
        The gradient of the loss with respect to the logits.

    Raises
    ------
    ShapeError
        If the shapes differ, or there is no last axis.
    ArgumentTypeError
        If an argument does not hold real numbers.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.106).

    Examples
    --------
    >>> from gradwright.functions import softmax_vjp
    >>> softmax_vjp([0.5, 0.5], [1.0, 0.0])
    array([ 0.25, -0.25])
    """
    p = _validate.real_array("probs", probs, like=upstream)
    g = _validate.real_array("upstream", upstream, like=p)
    check_last_axis("probs", p)
    _validate.same_shape("upstream", g, "probs", p)
    xp = namespace(p)
    g = xp.astype(g, p.dtype, copy=False)
    return p * (g - xp.sum(g * p, axis=-1, keepdims=True))


def log_softmax(logits: Array, xp: Any) -> Array:
    r"""Return the logarithm of the softmax over the last axis.

    With m the largest logit, at place c, log p_k = x_k - m - log1p(sum over j other than c of exp(x_j - m)). Leaving
    the 1 = exp(0) of place c to log1p keeps the digits of a loss near 0, down to 1e-300. The largest is taken by a
    mask and not by max: at a tie torch shares the slope of max among the places, which would not match the mask.
    """
    classes = adapter(logits).from_numpy(np.arange(logits.shape[-1]), logits)
    largest = classes == xp.argmax(logits, axis=-1, keepdims=True)
    zero = xp.zeros_like(logits)
    shifted = logits - xp.sum(xp.where(largest, logits, zero), axis=-1, keepdims=True)
    others = xp.sum(xp.where(largest, zero, xp.exp(shifted)), axis=-1, keepdims=True)
    return shifted - xp.log1p(others)
