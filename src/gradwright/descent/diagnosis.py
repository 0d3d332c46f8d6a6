"""How a descent ended, judged from what it left behind and a few more looks at the function."""

from __future__ import annotations

from dataclasses import replace

from gradwright.descent import moving, standing
from gradwright.descent.evidence import Evidence
from gradwright.descent.objective import Objective
from gradwright.descent.result import DescentStatus
from gradwright.descent.trace import Trace
from gradwright.descent.verdict import Verdict, say

#: In the order in which they are asked: the first that has something to say is right.
_LOOKS = (
    moving.diverged,
    standing.level,
    standing.saddle,
    standing.plateau,
    standing.converged,
    standing.frozen,
    moving.spent,
    moving.hidden,
    moving.oscillating,
    moving.crawling,
)
#: Statuses whose advice names a learning rate: of a wrong gradient there is nothing to say about it.
_OF_RATES = (DescentStatus.DIVERGED, DescentStatus.OSCILLATING, DescentStatus.CRAWLING, DescentStatus.MAX_STEPS)


def diagnose(trace: Trace, objective: Objective, plain: bool) -> Verdict:
    """Judge a run.

    Parameters
    ----------
    trace : Trace
        What it left behind.
    objective : Objective
        The function, for a few more looks.
    plain : bool
        Whether the steps were those of `SGD`, to which the stability limit applies.
    """
    run = Evidence(trace, objective, plain)
    found = next((verdict for look in _LOOKS if (verdict := look(run)) is not None), None) or moving.unfinished(run)
    if run.mismatch is not None and found.status in _OF_RATES:
        found = say(found.status, "misled", gradient=run.end_norm)
    broken = found.reason.endswith(("kink", "kink-up"))
    lambda_max = None if broken else run.lambda_max
    stable = 2 / lambda_max if plain and lambda_max else None
    return replace(found, lambda_max=lambda_max, stable=stable, mismatch=run.mismatch)
