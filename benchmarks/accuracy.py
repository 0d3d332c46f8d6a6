"""Print how often each library is right, and how honest its error is.

Run ``python benchmarks/accuracy.py``; with ``--missed`` every case that gradwright missed is listed as well, and a word
such as ``kinks`` picks the parts whose title holds it. Shares are of the cases that a row is about (in brackets, for
gradwright). A library that has no word for kinks, jumps, noise or one-sided slopes gets 0 where that word is wanted.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, its folder is on the path, not ours

import numpy as np

import gradwright as gw
from benchmarks import edges
from benchmarks.contestants import contestants, installed
from benchmarks.scores import PARTS, Score

_NUMBERS = ("evaluations", "outside")


def _table(title: str, scores: dict[str, Score | None]) -> str:
    first = next(score for score in scores.values() if score is not None)
    names = [name for score in scores.values() if score for name in score.names()]
    lines = [f"\n{title}", f"{'':32}" + "".join(f"{name:>16}" for name in scores)]
    for name in dict.fromkeys(names):
        cells = (_cell(name, score) for score in scores.values())
        lines.append(f"  {f'{name} ({first.count(name)})':30}" + "".join(f"{cell:>16}" for cell in cells))
    return "\n".join(lines)


def _cell(name: str, score: Score | None) -> str:
    if score is None:
        return "not installed"
    if not score.count(name):
        return "-"
    return f"{score[name]:.1f}" if name in _NUMBERS else f"{100 * score[name]:.2f} %"


def _rosenbrock() -> str:
    lines = ["\nRosenbrock's function: digits of the worst entry, and evaluations"]
    for name, x in edges.rosenbrock_points(50).items():
        g = gw.gradient(edges.rosenbrock, x)
        right = edges.digits(g.value, edges.rosenbrock_gradient(x))
        lines.append(f"  gradient, 50 variables, {name}: gradwright {right:.1f} digits, {g.evaluations} evaluations")
    for name, x in edges.rosenbrock_points(10).items():
        H, true = gw.hessian(edges.rosenbrock, x), edges.rosenbrock_hessian(x)
        lines.append(
            f"  Hessian, 10 variables, {name}: gradwright {_digits(H.value, true)}, {H.evaluations} evaluations"
        )
        if installed("scipy"):
            found, points = _scipy_hessian(x)
            lines.append(f"    scipy {_digits(found, true)}, {points} evaluations")
    return "\n".join(lines)


def _scipy_hessian(x: np.ndarray) -> tuple[np.ndarray, int]:
    from scipy.differentiate import hessian

    points = 0

    def counted(columns: np.ndarray) -> np.ndarray:
        nonlocal points
        points += columns[0].size
        return edges.rosenbrock(np.moveaxis(columns, 0, -1))

    return hessian(counted, x).ddf, points


def _digits(found: object, true: object) -> str:
    return f"{edges.digits(found, true, 'matrix'):.1f} digits of the largest entry"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", default="", help="only parts whose title holds this word")
    parser.add_argument("--missed", action="store_true", help="list the cases that gradwright missed")
    chosen = parser.parse_args()
    if not any(chosen.part in title for title in (*PARTS, "Rosenbrock")):
        parser.error(f"no part holds {chosen.part!r}; the parts are {', '.join(PARTS)}, Rosenbrock")
    for title, judge in PARTS.items():
        if chosen.part not in title:
            continue
        scores = {name: None if ask is None else judge(ask) for name, ask in contestants().items()}
        print(_table(title, scores))
        if chosen.missed:
            mine = scores["gradwright"]
            print("\n".join("  missed " + mine.report(name) for name in mine.missed))
    if chosen.part in "Rosenbrock":
        print(_rosenbrock())


if __name__ == "__main__":
    main()
