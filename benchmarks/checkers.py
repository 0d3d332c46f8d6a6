"""Print how gradient checks compare: false alarms, mistakes that are seen, evaluations of f, time.

Run ``python benchmarks/checkers.py``; ``--count`` is the number of problems in each row, and ``--missed`` lists those
that gradwright judged wrongly. The same random problems (`backward_rules`) go to all: to gradwright and
``torch.autograd.gradcheck`` through PyTorch, to ``jax.test_util.check_grads`` through JAX. The peers have their default
tolerances and get x in float64, which both of them ask for; gradwright gets it in the dtype that the row names. Where f
itself computes in float32, so it does for all.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file, its folder is on the path, not ours

import numpy as np

import gradwright as gw
from benchmarks.backward_rules import GROSS, RIGHT, SMALL, Jax, Mistake, Problem, Torch
from benchmarks.contestants import installed

#: What a check says: that the gradient is wrong, or that it cannot tell; and by the first cause, why.
Answer = tuple[str, str]
Contestant = Callable[[Problem, str], Answer]


def ours(library: Any) -> Contestant:
    """Return gradwright with its defaults."""

    def ask(problem: Problem, dtype: str) -> Answer:
        f, x = problem.on(library), library.array(problem.x, dtype=dtype)
        report = gw.check_gradient(f, x, "autograd")
        return report.verdict, report.causes[0].code if report.causes else ""

    return ask


def gradcheck(library: Any, fast: bool) -> Contestant:
    """Return PyTorch's check."""
    torch = library.xp

    def ask(problem: Problem, dtype: str) -> Answer:
        f, x = problem.on(library), library.array(problem.x).requires_grad_()
        # It compares in the dtype of what f returns, and in its fast mode stumbles over one that is not x's.
        passed = torch.autograd.gradcheck(lambda x: f(x).to(x.dtype), (x,), raise_exception=False, fast_mode=fast)
        return "passed" if passed else "wrong", ""

    return ask


def check_grads(library: Any) -> Contestant:
    """Return JAX's check; a function with its own backward rule has no forward mode."""
    from jax.test_util import check_grads

    def ask(problem: Problem, dtype: str) -> Answer:
        try:
            check_grads(problem.on(library), (library.array(problem.x),), order=1, modes=["rev"])
        except AssertionError:
            return "wrong", ""
        return "passed", ""

    return ask


@contextlib.contextmanager
def float64() -> Any:
    """Let JAX compute in float64."""
    import jax

    with jax.enable_x64(True):
        yield


def contestants() -> dict[str, Contestant | None]:
    """Return the checks that are installed, by name; None for the others."""
    found: dict[str, Contestant | None] = dict.fromkeys(("gradwright", "gradcheck", "gradcheck fast", "check_grads"))
    if installed("torch"):
        torch = Torch()
        found["gradwright"] = ours(torch)
        found["gradcheck"], found["gradcheck fast"] = (gradcheck(torch, fast) for fast in (False, True))
    if installed("jax"):
        jax_check = check_grads(Jax())

        def ask(problem: Problem, dtype: str) -> Answer:
            with float64():
                return jax_check(problem, dtype)

        found["check_grads"] = ask
    return found


@dataclass
class Tally:
    """What a contestant said to the problems of a row."""

    verdicts: Counter[str] = field(default_factory=Counter)
    evaluations: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    named: list[bool] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def share(self, verdict: str) -> float:
        """Return how often it gave a verdict."""
        return self.verdicts[verdict] / max(self.verdicts.total(), 1)

    def cell(self) -> str:
        """Return how often it called the gradient wrong, and how often it did not decide."""
        undecided = self.share("inconclusive")
        return f"{100 * self.share('wrong'):.0f} %" + (f" (+{100 * undecided:.0f} %)" if undecided else "")


@dataclass(frozen=True)
class Row:
    """Problems of one kind: which mistakes, and how each problem is made."""

    title: str
    mistakes: Sequence[Mistake]
    dtype: str = "float64"
    scale: float = 1.0
    kinks: int = 0
    narrow: bool = False

    def problems(self, count: int, seed: int) -> list[Problem]:
        """Draw the problems; those on which a mistake shows no difference are drawn again."""
        rng = np.random.default_rng(seed)
        found: list[Problem] = []
        while len(found) < count:
            mistake = self.mistakes[len(found) % len(self.mistakes)]
            problem = Problem(rng, mistake, self.scale, self.kinks, self.narrow)
            if mistake is RIGHT or problem.matters():
                found.append(problem)
        return found


_BOTH = (*GROSS, *SMALL)
RIGHT_ROWS = (
    Row("float64", (RIGHT,)),
    Row("float32", (RIGHT,), dtype="float32"),
    Row("f computes in float32", (RIGHT,), dtype="float32", narrow=True),
    Row("1e-12 to 1e-3 beside a kink", (RIGHT,), kinks=1),
    Row("beside a kink, float32", (RIGHT,), dtype="float32", kinks=1),
    Row("beside four kinks", (RIGHT,), kinks=4),
    Row("x of size 1e-6", (RIGHT,), scale=1e-6),
    Row("x of size 1e6", (RIGHT,), scale=1e6),
)
WRONG_ROWS = (
    Row("gross ones, float64", GROSS),
    Row("small ones, float64", SMALL),
    Row("one entry by 1 %, float64", SMALL[-1:]),
    Row("all kinds, float32", _BOTH, dtype="float32"),
    Row("one entry by 1 %, float32", SMALL[-1:], dtype="float32"),
    Row("f computes in float32", _BOTH, dtype="float32", narrow=True),
    Row("beside a kink", _BOTH, kinks=1),
    Row("beside four kinks", _BOTH, kinks=4),
    Row("x of size 1e-6", _BOTH, scale=1e-6),
    Row("x of size 1e6", _BOTH, scale=1e6),
)


def judge(row: Row, ask: Contestant, count: int, seed: int) -> Tally:
    """Put the problems of a row to a contestant."""
    tally = Tally()
    for number, problem in enumerate(row.problems(count, seed)):
        start = time.perf_counter()
        verdict, code = ask(problem, row.dtype)
        tally.seconds.append(time.perf_counter() - start)
        tally.verdicts[verdict] += 1
        tally.evaluations.append(problem.evaluations)
        mistake = problem.mistake
        if verdict != ("passed" if mistake is RIGHT else "wrong"):
            tally.missed.append(f"{row.title}, problem {number} ({mistake.name}): {verdict} {code}")
        elif mistake.code:
            tally.named.append(code == mistake.code)
            if code != mistake.code:
                tally.missed.append(f"{row.title}, problem {number} ({mistake.name}): named {code}")
    return tally


def table(title: str, rows: Sequence[Row], asked: dict[str, Contestant | None], count: int, seed: int) -> list[str]:
    """Print how often each contestant calls the gradient wrong; return what gradwright misjudged."""
    print(f"\n{title}; in brackets: not decided")
    print(f"  {'':28}" + "".join(f"{name:>18}" for name in asked))
    totals: dict[str, Tally] = {name: Tally() for name in asked}
    missed = []
    for place, row in enumerate(rows):
        cells = []
        for name, ask in asked.items():
            if ask is None:
                cells.append("not installed")
                continue
            tally = judge(row, ask, count, seed + place)
            cells.append(tally.cell())
            for list_name in ("evaluations", "seconds", "named"):
                getattr(totals[name], list_name).extend(getattr(tally, list_name))
            missed += tally.missed if name == "gradwright" else []
        print(f"  {row.title:28}" + "".join(f"{cell:>18}" for cell in cells), flush=True)
    for label, show in (
        ("evaluations of f, median", lambda t: f"{statistics.median(t.evaluations):.0f}"),
        ("ms a check, median", lambda t: f"{1e3 * statistics.median(t.seconds):.1f}"),
    ):
        cells = (show(total) if total.seconds else "-" for total in totals.values())
        print(f"  {label:28}" + "".join(f"{cell:>18}" for cell in cells))
    named = totals["gradwright"].named
    if named:
        print(f"  {'named by the first cause':28}{100 * statistics.mean(named):>16.1f} %  of {len(named)} with a name")
    return missed


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="problems in each row")
    parser.add_argument("--seed", type=int, default=0, help="of the problems")
    parser.add_argument(
        "--missed", action="store_true", help="list the problems that gradwright judged or named wrongly"
    )
    chosen = parser.parse_args()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        asked = contestants()
        missed = table("right gradients called wrong", RIGHT_ROWS, asked, chosen.count, chosen.seed)
        missed += table("wrong gradients called wrong", WRONG_ROWS, asked, chosen.count, chosen.seed + 100)
    if chosen.missed:
        print("\n".join(["", *(f"missed: {line}" for line in missed)]))


if __name__ == "__main__":
    main()
