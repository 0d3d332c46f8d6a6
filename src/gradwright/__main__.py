"""``python -m gradwright``, and the ``gradwright`` command."""

from __future__ import annotations

import sys

from gradwright.errors import MissingExtraError


def main() -> int:
    """Run the command line; without the packages it needs, say which extra brings them."""
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


if __name__ == "__main__":
    sys.exit(main())
