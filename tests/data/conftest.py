"""How a file of somebody's is judged: it gives the right data, or one line that names it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gradwright.data import Dataset, load
from gradwright.errors import GradwrightError


def contents(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.fixture
def judged(tmp_path: Path) -> Callable[..., None]:
    """Load what `make` puts into a folder; `expected` is a test of the data, or the key of an error that `says` it."""

    def judge(
        make: Callable[[Path], Path], expected: str | Callable[[Dataset], bool], says: str = "", **options: Any
    ) -> None:
        folder = tmp_path / "자료 'ab c"
        folder.mkdir()
        path = make(folder)
        before = contents(folder)
        start = time.process_time()
        found: Dataset | None = None
        caught: GradwrightError | None = None
        try:
            found = load(path, **options)
        except GradwrightError as error:
            caught = error
        assert time.process_time() - start < 1
        assert contents(folder) == before
        if isinstance(expected, str):
            assert caught is not None
            assert caught.key == expected, caught.text("en")
            assert says in caught.text("en")
            for lang in ("en", "ko"):
                assert "\n" not in caught.text(lang)
                assert len(caught.text(lang)) < 600
                assert str(path) in caught.text(lang)
        else:
            assert caught is None, caught
            assert found is not None
            assert expected(found)

    return judge
