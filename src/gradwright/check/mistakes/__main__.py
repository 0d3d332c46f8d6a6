"""``python -m gradwright.check.mistakes``: the page of mistakes, on standard output."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

from gradwright import messages
from gradwright.check.mistakes.page import page


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, in UTF-8 whatever the console's own encoding, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m gradwright.check.mistakes", description=messages.text("mistakes.command")
    )
    parser.add_argument("--lang", choices=messages.LANGUAGES, help=messages.text("mistakes.lang"))
    lang = parser.parse_args(arguments).lang
    # A Windows console, or a file that its output goes to, is in another encoding otherwise, which may lack Hangul.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(page(lang))
    return 0


if __name__ == "__main__":
    sys.exit(main())
