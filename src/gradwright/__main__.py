"""``python -m gradwright``, and the ``gradwright`` command."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from gradwright.errors import MissingExtraError


def main() -> int:
    """Run the command line; without the packages it needs, say which extra brings them."""
    _open_streams()
    try:
        import click  # noqa: F401
        import rich  # noqa: F401
    except ImportError as error:
        missing = MissingExtraError("extra.missing", package=error.name or "click", extra="app")
        sys.stderr.write(f"{type(missing).__name__}: {missing}\n")
        return 1
    try:
        from gradwright.cli.app import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are imported: elsewhere the command has a word to say
        return 130


def _open_streams() -> None:
    """Give what is written a place to go where the caller closed it (``>&-``), or has no terminal (``pythonw``).

    A file opened later would else get the number of the closed one, and with it all that others write there.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


if __name__ == "__main__":
    sys.exit(main())
