"""Jacobians with few entries, from few evaluations: `sparse_jacobian`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradwright import _validate, messages
from gradwright._arrays import FloatArray
from gradwright.differentiate.calling import crew
from gradwright.differentiate.coloured import Measured, Study
from gradwright.differentiate.derivatives import statuses
from gradwright.differentiate.estimate import Status
from gradwright.differentiate.options import Options
from gradwright.differentiate.patterns import Pattern
from gradwright.differentiate.point import Point
from gradwright.errors import ArgumentError, MissingExtraError
from gradwright.workers import Workers

#: Probing moves x by these fractions of its size; by the second where the first did not explain f.
_PROBES = (2.0**-7, 2.0**-20)
_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class SparseEstimate:
    """A Jacobian with few entries, each with its error bar, as vectors over the entries in NumPy's float64.

    Attributes
    ----------
    rows, columns : ndarray of int, shape (entries,)
        Where the entries are, row by row: output i of f and entry j of x, both counted in C order (through the arrays
        of a tree one after the other). Everywhere else the Jacobian is taken to be 0.
    value, error : ndarray, shape (entries,)
        As in `Estimate`.
    status : ndarray of Status, shape (entries,)
        As in `Estimate`; UNRESOLVED, with an infinite error, also for all entries of a row in `unexplained`.
    left, right : ndarray, shape (entries,)
        As in `Estimate`.
    shape : (int, int)
        How many numbers f returns, and how many are in x.
    colours : ndarray of int, shape (columns,)
        Columns of one colour were moved together; -1 for those without entries, which were not moved.
    unexplained : ndarray of int
        The rows in which f changes along a random direction otherwise than the entries say, so that some are missing.
    evaluations : int
        The number of points at which f was evaluated, probing included.

    Examples
    --------
    >>> J = sparse_jacobian(lambda x: x[1:] * x[:-1], [1.0, 2.0, 3.0])
    >>> J.rows.tolist(), J.columns.tolist(), J.value.round(9).tolist()
    ([0, 0, 1, 1], [0, 1, 1, 2], [2.0, 1.0, 3.0, 2.0])
    >>> J.toarray().round(9)
    array([[2., 1., 0.],
           [0., 3., 2.]])
    """

    rows: np.ndarray[Any, Any]
    columns: np.ndarray[Any, Any]
    value: FloatArray
    error: FloatArray
    status: np.ndarray[Any, Any]
    left: FloatArray
    right: FloatArray
    shape: tuple[int, int]
    colours: np.ndarray[Any, Any]
    unexplained: np.ndarray[Any, Any]
    evaluations: int

    @cached_property
    def ok(self) -> np.ndarray[Any, Any]:
        """True for each entry whose value and error may be trusted."""
        return np.asarray(self.status.astype(np.int64) <= Status.ONE_SIDED)

    @cached_property
    def all_ok(self) -> bool:
        """Whether every entry may be trusted, and no row has shown that entries are missing."""
        return bool(self.ok.all()) and not self.unexplained.size

    def toarray(self) -> FloatArray:
        """Return the values as a dense array of `shape`, with 0 where there is no entry."""
        dense = np.zeros(self.shape)
        dense[self.rows, self.columns] = self.value
        return dense

    def tocsr(self) -> Any:
        """Return the values as a ``scipy.sparse.csr_array``; it also serves as the `sparsity` of a next Jacobian.

        Raises
        ------
        MissingExtraError
            If SciPy is not installed, which nothing else here needs.
        """
        try:
            from scipy import sparse
        except ImportError:
            raise MissingExtraError("sparse.scipy") from None
        return sparse.csr_array((self.value, (self.rows, self.columns)), shape=self.shape)

    def __str__(self) -> str:
        return self.text()

    def text(self, lang: str | None = None) -> str:
        """Return size, colours, the largest error, the worst status and the cost in words."""
        status = Status(max(self.status, default=Status.CONVERGED))
        note = messages.text("estimate.note", lang, status=status.text(lang), evaluations=self.evaluations)
        line = messages.text(
            "sparse.summary",
            lang,
            height=self.shape[0],
            width=self.shape[1],
            entries=len(self.value),
            colours=int(self.colours.max(initial=-1)) + 1,
            error=float(self.error.max(initial=0.0)),
            note=note,
        )
        if self.unexplained.size:
            first, count = int(self.unexplained[0]), len(self.unexplained)
            line += "\n" + messages.text("sparse.unexplained", lang, count=count, first=first)
        return line


def sparse_jacobian(
    f: Callable[..., Any],
    x: Any,
    sparsity: Any = None,
    *,
    method: str = "auto",
    step: Any = None,
    bounds: Any = None,
    vectorized: bool = False,
    workers: Workers = None,
    rtol: float | None = 1e-8,
    check: bool = True,
    rng: int | np.random.Generator | None = 0,
) -> SparseEstimate:
    r"""Return the partial derivatives of a function of which each output depends on few entries of x.

    .. math:: J_{ij} = \frac{\partial f_i}{\partial x_j} = \frac{1}{d_j} \frac{d}{dt} f_i(x + t d) \Big|_{t=0}
        \quad \text{if of all } d_k \ne 0 \text{ only } d_j \text{ has an entry in row } i

    Columns without a row in common get one colour and are moved together, each by its size: the evaluations grow with
    the number of colours, not with that of the columns.

    Parameters
    ----------
    f : callable
        ``f(x) -> number or array``.
    x : number, array of any shape, or dict, list or tuple of arrays
        The point; never changed.
    sparsity : optional
        Where the Jacobian may have entries: an array of booleans of shape (outputs, inputs), a SciPy sparse matrix or
        array (whatever it stores counts, zeros too), or a tuple (rows, columns) of two lists of whole numbers. By
        default it is found by probing f around x.
    method, step, bounds, vectorized, workers
        As in `gradient`.
    rtol : float, optional
        As in `gradient`, but 1e-8 by default: one step serves all entries of a colour, perhaps thousands, and it would
        be moved on for the worst of them.
    check : bool
        Whether to compare J v with the derivative of f along a random direction v, which shows a pattern that misses
        something.
    rng : int, numpy.random.Generator or None
        Where v and the displacements of probing come from; None for different ones each time.

    Returns
    -------
    SparseEstimate

    Raises
    ------
    ArgumentError
        If `sparsity` misses entries, as `check` shows; an error names the first such row. What probing missed is no
        error of the caller: see `SparseEstimate.unexplained`.
    ShapeError, ArgumentTypeError
        If `sparsity` is no pattern, or not one of the right shape.

    Notes
    -----
    Six evaluations for each colour and for v where the first step is good, and two. A band of width w has w colours. A
    row that is full needs a colour for each column, however empty the rest is. Probing takes about
    2 w log2(n) more: sets of columns are moved together and bisected, see `find_pattern` for the scheme. A pattern that
    was found is one of f around x, by a hundredth of its size, rather than of its values at x, and may be given as
    `sparsity` at another x as long as f takes the same branches there.

    Probing cannot see an output that changes by less than its last digits, nor one that changes only farther away, or
    only when several entries move together at other places than those drawn. The check sees a missing entry unless it
    contributes less than a millionth to its row, or hides in its error bars, as where f jumps or is not finite; and it
    does not see entries that are 0 at x. Entries too many cost time, never a wrong value.

    SciPy's ``approx_derivative`` groups columns likewise, with one fixed step, no error bars and no check.

    References
    ----------
    A. R. Curtis, M. J. D. Powell and J. K. Reid, On the estimation of sparse Jacobian matrices, J. Inst. Maths Applics
    13 (1974) 117-119.
    T. F. Coleman and J. J. More, Estimation of sparse Jacobian matrices and graph coloring problems, SIAM J. Numer.
    Anal. 20 (1983) 187-209.

    Examples
    --------
    >>> def heat(u):  # each point of a rod and its neighbours
    ...     wide = np.pad(u, 1)
    ...     return wide[2:] - 2 * u + wide[:-2] - u**3
    >>> n = 500
    >>> band = np.abs(np.subtract.outer(np.arange(n), np.arange(n))) <= 1
    >>> J = sparse_jacobian(heat, np.ones(n), band)
    >>> int(J.colours.max()) + 1, J.evaluations < 50, J.all_ok
    (3, True, True)
    >>> found = sparse_jacobian(heat, np.ones(n))
    >>> np.array_equal(found.rows, J.rows), found.evaluations < 120
    (True, True)
    """
    _validate.function("f", f)
    point = Point(x)
    options = Options.of(point, method=method, order=1, step=step, bounds=bounds, rtol=rtol)
    generator = _validate.generator("rng", rng)
    with crew(workers) as run:
        study = Study(f, point, options, vectorized=vectorized, rng=generator, run=run)
        return _found(study, check) if sparsity is None else _given(study, Pattern.of(sparsity, study.shape), check)


def _given(study: Study, pattern: Pattern, check: bool) -> SparseEstimate:
    """Measure where the caller says that there are entries."""
    found = study.measure(pattern)
    if check and (missing := study.unexplained(found)).size:
        raise ArgumentError("sparsity.incomplete", count=missing.size, rows=study.shape[0], first=int(missing[0]))
    return _estimate(study, found, _NONE)


def _found(study: Study, check: bool) -> SparseEstimate:
    """Measure where probing sees entries, and probe again where the check says that some are missing."""
    pattern, missing = Pattern.of_entries(_NONE, _NONE, study.shape), _NONE
    for fraction in _PROBES:
        pattern = pattern.joined(study.probe(fraction))
        found = study.measure(pattern)
        missing = study.unexplained(found) if check else _NONE
        if not missing.size:
            break
    return _estimate(study, found, missing)


def _estimate(study: Study, found: Measured, missing: np.ndarray[Any, Any]) -> SparseEstimate:
    """Return what was found, without trust in rows of which something is `missing`."""
    rows, columns = found.pattern.rows, found.pattern.columns
    lost = np.isin(rows, missing)
    codes = np.where(lost, int(Status.UNRESOLVED), found.codes)
    return SparseEstimate(
        rows=rows,
        columns=columns,
        value=found.value,
        error=np.where(lost, np.inf, found.error),
        status=statuses(codes),
        left=found.left,
        right=found.right,
        shape=study.shape,
        colours=found.colours,
        unexplained=missing,
        evaluations=study.evaluations,
    )
