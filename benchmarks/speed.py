"""Print how the time of a derivative compares with that of other libraries: ratios of medians, never seconds alone.

Run ``python benchmarks/speed.py``; a word such as ``Hessian`` picks the parts whose title holds it. Contestants take
turns, so that a machine which is busy for a while is busy for all of them. Each peer gets its own best settings: a
``Derivative`` object is made once, jacobi knows that the points are independent, SciPy gets arrays. The plain formula
and SciPy's two finite differences claim no error; they are here to show what the claim costs.
"""

from __future__ import annotations

import argparse
import math
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, its folder is on the path, not ours

import numpy as np
from scipy import optimize
from scipy.optimize._numdiff import approx_derivative  # what `minimize` and `least_squares` differentiate with

import gradwright as gw
from benchmarks import edges
from benchmarks.contestants import installed

Calls = dict[str, Callable[[], Any] | None]

_ROUNDS, _LEAST = 9, 0.01
_OURS = "gradwright"


def once(call: Callable[[], Any], repeat: int) -> float:
    """Return the seconds of one call, as the mean of `repeat`."""
    start = time.perf_counter()
    for _ in range(repeat):
        call()
    return (time.perf_counter() - start) / repeat


def medians(calls: dict[str, Callable[[], Any]], rounds: int = _ROUNDS) -> dict[str, float]:
    """Return the median time of each, the contestants taking turns."""
    repeats = {}
    for name, call in calls.items():
        call()  # imports, caches
        repeats[name] = max(1, math.ceil(_LEAST / once(call, 1)))
    times: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            times[name].append(once(call, repeats[name]))
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def compare(title: str, calls: Calls, rounds: int = _ROUNDS) -> None:
    """Print the time of every contestant in units of ours."""
    found = medians({name: call for name, call in calls.items() if call}, rounds)
    print(f"\n{title}: gradwright takes {found[_OURS] * 1e6:,.0f} us a call; the others, in units of that")
    for name, call in calls.items():
        if name != _OURS:
            print(f"  {name:44} " + (f"{found[name] / found[_OURS]:8.3g}" if call else "not installed"))


def peers(f: Callable[[Any], Any], x: Any) -> Calls:
    """Return the peers on independent points, or on one."""
    found: Calls = {"scipy": None, "numdifftools": None, "jacobi": None}
    if installed("scipy"):
        from scipy.differentiate import derivative

        found["scipy"] = lambda: derivative(f, x)
    if installed("numdifftools"):
        import numdifftools

        kept = numdifftools.Derivative(f)
        found["numdifftools"] = lambda: kept(x)
    if installed("jacobi"):
        from jacobi import jacobi

        found["jacobi"] = lambda: jacobi(f, x, diagonal=True)
    return found


def one_number() -> None:
    """Time one derivative at one point: all of it is overhead."""
    x, start = 1.0, np.array([1.0])
    for name, f in (("sin", np.sin), ("the course's quadratic", lambda t: 0.01 * t**2 + 0.1 * t)):
        calls: Calls = {
            _OURS: lambda f=f: gw.derivative(f, x),
            **peers(f, np.float64(x)),
            "scipy approx_fprime (no error)": lambda f=f: optimize.approx_fprime(start, lambda p: f(p[0])),
            "scipy approx_derivative (no error)": lambda f=f: approx_derivative(lambda p: f(p[0]), start),
            "plain formula (no error)": lambda f=f: (f(x + 1e-4) - f(x - 1e-4)) / 2e-4,
        }
        compare(f"one number, {name}", calls)


def many_points() -> None:
    """Time independent points, from 1 to 100,000."""
    for count in (1, 10, 100, 1000, 10_000, 100_000):
        x = np.linspace(0.1, 3, count)
        calls: Calls = {
            _OURS: lambda x=x: gw.derivative(np.sin, x),
            **peers(np.sin, x),
            "plain formula (no error)": lambda x=x: (np.sin(x + 1e-4) - np.sin(x - 1e-4)) / 2e-4,
        }
        compare(f"{count:,} points at once, sin", calls, _ROUNDS if count <= 1000 else 5)


def cheap(points: Any) -> Any:
    """Return a number for each row of an array."""
    return np.sum(np.sin(points) * points, axis=-1)


def gradients() -> None:
    """Time gradients of a cheap function of 1 to 1,000 variables."""
    for size in (1, 10, 100, 1000):
        x = np.linspace(0.1, 3, size)
        calls: Calls = {_OURS: lambda x=x: gw.gradient(cheap, x, vectorized=True)}
        calls["gradwright, one point a call"] = lambda x=x: gw.gradient(cheap, x)
        calls |= dict(_gradient_peers(x))
        compare(f"gradient, {size:,} variables", calls, _ROUNDS if size <= 10 else 3)


def _gradient_peers(x: np.ndarray) -> Iterator[tuple[str, Callable[[], Any] | None]]:
    scipy_, numdifftools_, jacobi_ = (installed(name) for name in ("scipy", "numdifftools", "jacobi"))
    if scipy_:
        from scipy.differentiate import jacobian
    if numdifftools_:
        import numdifftools

        kept = numdifftools.Gradient(cheap)
    if jacobi_:
        from jacobi import jacobi
    small = len(x) <= 100  # beyond, SciPy's arrays and numdifftools' steps take minutes
    if small:
        yield "scipy jacobian", (lambda: jacobian(lambda p: cheap(np.moveaxis(p, 0, -1)), x)) if scipy_ else None
        yield "numdifftools Gradient", (lambda: kept(x)) if numdifftools_ else None
    yield "jacobi", (lambda: jacobi(cheap, x)) if jacobi_ else None
    yield "scipy approx_fprime (no error)", lambda: optimize.approx_fprime(x, cheap)
    yield "scipy approx_derivative (no error)", lambda: approx_derivative(cheap, x)


def rosenbrock() -> None:
    """Time Rosenbrock's gradient in 50 and its Hessian in 10 variables, and say how much of it is f's own."""
    f, x = edges.rosenbrock, edges.rosenbrock_points(50)["row"]
    g = gw.gradient(f, x, vectorized=True)
    digits = edges.digits(g.value, edges.rosenbrock_gradient(x))
    calls: Calls = {_OURS: lambda: gw.gradient(f, x, vectorized=True), "one point a call": lambda: gw.gradient(f, x)}
    calls["scipy approx_derivative (no error)"] = lambda: approx_derivative(f, x)
    compare(f"Rosenbrock's gradient, 50 variables, {digits:.1f} digits, {g.evaluations} evaluations", calls)
    for name, scalar in (("here", f), ("SciPy's", optimize.rosen)):
        found = medians({"all": lambda s=scalar: gw.gradient(s, x), "f": lambda s=scalar: s(x)})
        ratio = found["all"] / (gw.gradient(scalar, x).evaluations * found["f"])
        print(f"  one point a call, f as {name}: {ratio:.2f} times the time of its own calls")


def hessians() -> None:
    """Time Rosenbrock's Hessian in 10 variables beside SciPy's."""
    f, x = edges.rosenbrock, edges.rosenbrock_points(10)["row"]
    H, true = gw.hessian(f, x), edges.rosenbrock_hessian(x)
    calls: Calls = {_OURS: lambda: gw.hessian(f, x), "vectorized": lambda: gw.hessian(f, x, vectorized=True)}
    calls |= {"scipy": None, "numdifftools": None}
    if installed("scipy"):
        from scipy.differentiate import hessian

        calls["scipy"] = lambda: hessian(lambda p: f(np.moveaxis(p, 0, -1)), x)
    if installed("numdifftools"):
        import numdifftools

        kept = numdifftools.Hessian(f)
        calls["numdifftools"] = lambda: kept(x)
    digits = edges.digits(H.value, true, "matrix")
    compare(f"Rosenbrock's Hessian, 10 variables, {digits:.1f} digits, {H.evaluations} evaluations", calls)


def memory() -> None:
    """Say what 100,000 points need at most, in units of the points themselves."""
    x = np.linspace(0.1, 3, 100_000)
    print("\npeak memory, 100,000 points, in units of the points")
    calls: Calls = {_OURS: lambda: gw.derivative(np.sin, x), **peers(np.sin, x)}
    for name, call in calls.items():
        if call is None:
            print(f"  {name:44} not installed")
            continue
        tracemalloc.start()
        call()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"  {name:44} {peak / x.nbytes:8.1f}")


PARTS = {
    "one number": one_number,
    "points": many_points,
    "gradient": gradients,
    "Rosenbrock": rosenbrock,
    "Hessian": hessians,
    "memory": memory,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", default="", help="only parts whose title holds this word")
    chosen = parser.parse_args().part
    if not any(chosen in title for title in PARTS):
        parser.error(f"no part holds {chosen!r}; the parts are {', '.join(PARTS)}")
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        for title, part in PARTS.items():
            if chosen in title:
                part()


if __name__ == "__main__":
    main()
