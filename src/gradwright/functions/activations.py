r"""Activation functions, each with its derivative.

Every derivative is a function of the input x (the pre-activation), not of the activation's output: the two are easily
mixed up (``z * (1 - z)`` with z *before* the sigmoid is a classic mistake), and only from x can the tails be computed
to full precision. With :math:`e = \exp(-|x|)`, which never overflows,

.. math:: \sigma(x) = \frac{1}{1 + e} \;(x \ge 0), \quad \frac{e}{1 + e} \;(x < 0), \qquad
          \sigma'(x) = \frac{e}{(1 + e)^2}, \qquad \tanh'(x) = 4\,\sigma'(2x).

None of these subtracts two nearly equal numbers, as :math:`1 - \sigma` or :math:`1 - \tanh^2` would.
"""

from __future__ import annotations

from typing import Any

from gradwright import _validate
from gradwright._arrays import Array, namespace
from gradwright.functions._exact import quiet


def _real(x: Any) -> tuple[Array, Any]:
    array = _validate.real_array("x", x)
    return array, namespace(array)


def _exp_minus_abs(x: Array, xp: Any) -> Array:
    # Not exp(-abs(x)): automatic differentiation takes the slope of abs at 0 as 0, and sigma'(0) would come out 0.
    return xp.exp(xp.where(x >= 0, -x, x))


@quiet
def sigmoid(x: Any) -> Array:
    r"""Compute the logistic sigmoid.

    .. math:: \sigma(x) = \frac{1}{1 + e^{-x}}

    Parameters
    ----------
    x : array of any shape
        float32 and float64 are kept; integers and lists become the library's default float.

    Returns
    -------
    array, shape of `x`
        0 to 1; NaN where `x` is NaN. To full relative precision in both tails, and without overflow.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.59).

    Examples
    --------
    >>> from gradwright.functions import sigmoid
    >>> sigmoid([-1e4, 0.0, 1e4])
    array([0. , 0.5, 1. ])
    """
    x, xp = _real(x)
    e = _exp_minus_abs(x, xp)
    return xp.where(x >= 0, 1.0 / (1.0 + e), e / (1.0 + e))


@quiet
def sigmoid_derivative(x: Any) -> Array:
    r"""Compute the derivative of the sigmoid at the pre-activation x.

    .. math:: \sigma'(x) = \sigma(x) (1 - \sigma(x)) = \frac{e^{-|x|}}{(1 + e^{-|x|})^2}

    Parameters
    ----------
    x : array of any shape
        What went into `sigmoid`, not what came out of it.

    Returns
    -------
    array, shape of `x`
        At most 1/4, at x = 0.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    Notes
    -----
    With y = sigmoid(x) at hand, y (1 - y) is the same but loses all digits for large x, where y rounds to 1.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (4.88).

    Examples
    --------
    >>> from gradwright.functions import sigmoid_derivative
    >>> sigmoid_derivative([0.0, 1e4])
    array([0.25, 0.  ])
    """
    x, xp = _real(x)
    e = _exp_minus_abs(x, xp)
    return e / ((1.0 + e) * (1.0 + e))


@quiet
def tanh(x: Any) -> Array:
    r"""Compute the hyperbolic tangent.

    .. math:: \tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}} = 2 \sigma(2x) - 1

    Parameters
    ----------
    x : array of any shape
        float32 and float64 are kept; integers and lists become the library's default float.

    Returns
    -------
    array, shape of `x`
        -1 to 1.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (5.59).

    Examples
    --------
    >>> from gradwright.functions import tanh
    >>> tanh([-1e4, 0.0, 1e4])
    array([-1.,  0.,  1.])
    """
    x, xp = _real(x)
    return xp.tanh(x)


@quiet
def tanh_derivative(x: Any) -> Array:
    r"""Compute the derivative of tanh at the pre-activation x.

    .. math:: \tanh'(x) = 1 - \tanh^2(x) = \frac{4 e^{-2|x|}}{(1 + e^{-2|x|})^2}

    Parameters
    ----------
    x : array of any shape
        What went into `tanh`, not what came out of it.

    Returns
    -------
    array, shape of `x`
        At most 1, at x = 0.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), eq. (5.60).

    Examples
    --------
    >>> from gradwright.functions import tanh_derivative
    >>> tanh_derivative([0.0, 1e4])
    array([1., 0.])
    """
    x, xp = _real(x)
    e = _exp_minus_abs(2.0 * x, xp)
    return 4.0 * e / ((1.0 + e) * (1.0 + e))


def relu(x: Any) -> Array:
    r"""Compute the rectified linear unit.

    .. math:: \mathrm{relu}(x) = \max(0, x)

    Parameters
    ----------
    x : array of any shape
        float32 and float64 are kept; integers and lists become the library's default float.

    Returns
    -------
    array, shape of `x`
        NaN where `x` is NaN.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    References
    ----------
    X. Glorot, A. Bordes, Y. Bengio, Deep sparse rectifier neural networks, AISTATS (2011), section 3.

    Examples
    --------
    >>> from gradwright.functions import relu
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    x, xp = _real(x)
    # Not maximum(x, 0): torch and JAX share its slope at a tie, and would give 1/2 at 0. This way round keeps NaN.
    return xp.where(x <= 0, xp.zeros_like(x), x)


def relu_derivative(x: Any) -> Array:
    r"""Compute the derivative of relu at the pre-activation x, with 0 at 0.

    .. math:: \mathrm{relu}'(x) = 1 \;(x > 0), \quad 0 \;(x \le 0)

    Parameters
    ----------
    x : array of any shape
        What went into `relu`.

    Returns
    -------
    array, shape of `x`
        0 or 1; NaN where `x` is NaN.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    Notes
    -----
    There is no derivative at the kink x = 0: every number from 0 (slope on the left) to 1 (on the right) is a
    subgradient. We take 0, as torch and ``jax.nn.relu`` do; a central difference there gives 1/2.

    References
    ----------
    X. Glorot, A. Bordes, Y. Bengio, Deep sparse rectifier neural networks, AISTATS (2011), section 3.

    Examples
    --------
    >>> from gradwright.functions import relu_derivative
    >>> relu_derivative([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    return step(x)  # the slope of relu is the step function


def identity(x: Any) -> Array:
    r"""Return x, the output activation of a network for regression.

    .. math:: f(x) = x

    Parameters
    ----------
    x : array of any shape
        float32 and float64 are kept; integers and lists become the library's default float.

    Returns
    -------
    array, shape of `x`
        A new array: writing to it leaves `x` as it was.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), section 5.2.

    Examples
    --------
    >>> from gradwright.functions import identity
    >>> identity([-2.0, 3.0])
    array([-2.,  3.])
    """
    x, _ = _real(x)
    return x * 1.0


def identity_derivative(x: Any) -> Array:
    r"""Compute the derivative of the identity, which is 1 everywhere.

    .. math:: f'(x) = 1

    Parameters
    ----------
    x : array of any shape
        What went into `identity`.

    Returns
    -------
    array, shape of `x`
        Ones.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), section 5.2.

    Examples
    --------
    >>> from gradwright.functions import identity_derivative
    >>> identity_derivative([-2.0, 3.0])
    array([1., 1.])
    """
    x, xp = _real(x)
    return xp.ones_like(x)


def step(x: Any) -> Array:
    r"""Compute the step function of the perceptron.

    .. math:: \mathrm{step}(x) = 1 \;(x > 0), \quad 0 \;(x \le 0)

    Parameters
    ----------
    x : array of any shape
        float32 and float64 are kept; integers and lists become the library's default float.

    Returns
    -------
    array, shape of `x`
        0 or 1; NaN where `x` is NaN.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    Notes
    -----
    The value at the jump is 0, as in the perceptron; ``numpy.heaviside(x, 0)`` is the same.

    References
    ----------
    F. Rosenblatt, The perceptron, Psychological Review 65 (1958) 386-408.

    Examples
    --------
    >>> from gradwright.functions import step
    >>> step([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    x, xp = _real(x)
    one, zero = xp.ones_like(x), xp.zeros_like(x)
    # The outer `where` keeps NaN, and keeps the result in the graph of torch, with the slope 0 that it has.
    return xp.where(xp.isnan(x), x, xp.where(x > 0, one, zero))


def step_derivative(x: Any) -> Array:
    r"""Compute the derivative of the step function, which is 0 everywhere.

    .. math:: \mathrm{step}'(x) = 0

    Parameters
    ----------
    x : array of any shape
        What went into `step`.

    Returns
    -------
    array, shape of `x`
        Zeros, also at the jump x = 0, where there is no derivative.

    Raises
    ------
    ArgumentTypeError
        If `x` does not hold real numbers.

    Notes
    -----
    This is why a network of step functions cannot learn by gradient descent: by the chain rule every gradient is
    multiplied by this 0, so no weight ever changes. The sigmoid's slope is nowhere 0. Accuracy as a loss fails for
    the same reason.

    References
    ----------
    C. M. Bishop, Pattern Recognition and Machine Learning (2006), section 5.1.

    Examples
    --------
    >>> from gradwright.functions import step_derivative
    >>> step_derivative([-2.0, 0.0, 3.0])
    array([0., 0., 0.])
    """
    x, xp = _real(x)
    return xp.zeros_like(x)
