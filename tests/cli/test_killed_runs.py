"""``kill -9`` at 500 points of a run: whatever is left, the run goes on to the bits of the undisturbed one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import gradwright

EXACT, TIMED, PARTS = 420, 80, 2
MOMENTS = {
    *(f"{when} {what}" for when in ("before", "after") for what in ("step", "evaluation", "flush", "rename", "lock")),
    *(f"{when} {what}" for when in ("before", "after") for what in ("bytes of a state", "folder", "gradient check")),
    *("opened", "half-written", "before removal", "at any time"),
}


@pytest.mark.slow
@pytest.mark.timeout(900)  # it takes a minute or two on two cores that have nothing else to do
@pytest.mark.skipif(not hasattr(os, "fork"), reason="each run is a fork")
def test_killed_at_500_points(tmp_path: Path) -> None:
    driver = Path(__file__).with_name("killed_runs.py")
    # A fork keeps only the thread that forked: there must be no others.
    source = str(Path(gradwright.__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": source, "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    processes = []
    for part in range(PARTS):
        place = tmp_path / str(part)
        place.mkdir()
        words = [sys.executable, driver, place, *map(str, (EXACT, TIMED, part, PARTS))]
        processes.append(
            subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True)
        )
    results = []
    for process in processes:
        out, err = process.communicate()
        assert process.returncode == 0, err
        assert err == ""
        results += json.loads(out)
    assert len(results) == EXACT + TIMED == 500
    ends = Counter(end for _, end, _ in results)
    failures = [one for one in results if one[1].removesuffix(" (was done)") not in ("anew", "resumed")]
    assert failures == []
    # The kills came in time, and at moments before and after the first checkpoint.
    assert sum(count for end, count in ends.items() if end.endswith("(was done)")) < 50, ends
    assert min(ends["anew"], ends["resumed"]) > 50, ends  # 88 and more, by how fast a machine is
    assert {moment for moment, _, _ in results} >= MOMENTS
    assert sum(starts > 1 for _, _, starts in results) > 30  # killed once more on the way
