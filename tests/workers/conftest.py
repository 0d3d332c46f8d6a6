"""What the suites of workers share: functions that other processes can import, and a pool."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from gradwright import workers


@pytest.fixture(scope="session")
def jobs() -> Iterator[ModuleType]:
    """The module `worker_jobs`, found under that name here and in every worker process, however pytest was started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parent))
        yield importlib.import_module("worker_jobs")


@pytest.fixture(scope="session")
def two(jobs: ModuleType) -> Iterator[workers.Run]:
    """The run of two processes, for all tests that leave them alive."""
    with workers.mapper(2) as run:
        yield run
