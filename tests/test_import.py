"""``import gradwright`` is light: NumPy and nothing heavier, and quick."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import gradwright

HEAVY = {
    "PIL",
    "array_api_compat",
    "array_api_strict",
    "click",
    "cupy",
    "dask",
    "hypothesis",
    "jax",
    "jaxlib",
    "matplotlib",
    "onnx",
    "pooch",
    "pytest",
    "rich",
    "safetensors",
    "scipy",
    "sklearn",
    "sympy",
    "threadpoolctl",
    "torch",
    "typer",
}


def heavy_after(code: str) -> set[str]:
    """Run code in a fresh interpreter; return the heavy packages that are loaded after it."""
    program = f"import json, sys\n{code}\nprint(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return HEAVY & set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "code",
    [
        "import gradwright",
        "import gradwright; dir(gradwright)",
        "import gradwright.errors, gradwright.storage, gradwright.trees, gradwright._validate",
        "import gradwright.descent",
        # Work on NumPy arrays needs no other library either.
        "import numpy as np\n"
        "from gradwright.descent.optimizers import Adam\n"
        "w = {'W': np.ones((2, 3)), 'b': [0.5]}\n"
        "Adam().update(w, Adam().init(w), w)",
    ],
)
def test_loads_nothing_heavy(code: str) -> None:
    assert heavy_after(code) == set()


def test_would_see_a_heavy_import() -> None:
    assert heavy_after("import array_api_compat") == {"array_api_compat"}


def test_is_quick() -> None:
    # What comes on top of NumPy; the best of three, since other work may be going on.
    program = "import time, numpy; start = time.perf_counter(); import gradwright; print(time.perf_counter() - start)"
    seconds = [
        float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(seconds) < 0.15


def test_no_public_name_is_that_of_a_file_beside_it():
    """`gradwright.data.digits` must be the function, in whatever order things are imported."""
    root = Path(gradwright.__file__).parent
    for init in root.glob("*/**/__init__.py"):
        if init.parent.name == "messages":  # imports its files as such
            continue
        tree = ast.parse(init.read_text(encoding="utf-8"))
        # A file that a package offers as a whole, such as `descent.landscapes`, is imported from the package itself.
        own = "gradwright." + init.parent.name
        imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module != own]
        names = {alias.asname or alias.name for node in imported for alias in node.names}
        assert not names & {path.stem for path in init.parent.glob("*.py")}, init
