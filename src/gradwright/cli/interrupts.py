"""Ctrl-C and SIGTERM while a command runs: waited with until a step is done, or told at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

#: By their names, as each system has others: Ctrl-C; what `kill`, a job scheduler or a container sends; Ctrl-Break.
_NAMES = ("SIGINT", "SIGTERM", "SIGBREAK")


class Interrupts:
    """Watches for signals that end the program, as a context manager.

    Outside of `held` a signal raises KeyboardInterrupt at once. Inside it is noted, for `asked` to tell; a second one
    raises all the same, so that nobody has to wait.

    Attributes
    ----------
    number : int or None
        The signal that came last.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self._held = False
        self._before: dict[int, Any] = {}

    @property
    def status(self) -> int:
        """The exit status that tells of the signal, as shells have it: 130 for Ctrl-C, 143 for SIGTERM."""
        term = getattr(signal, "SIGTERM", None)
        return 128 + int(term if term is not None and self.number == term else signal.SIGINT)

    def asked(self) -> bool:
        """Tell whether a signal came."""
        return self.number is not None

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Note the first signal inside the block instead of raising."""
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def __enter__(self) -> Interrupts:
        # Only the main thread may; elsewhere (a test, a notebook's worker) signals stay what they are.
        if threading.current_thread() is threading.main_thread():
            for number in [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]:
                # Whoever had it ignored (nohup, a job in the background) does not want to hear of it.
                if signal.getsignal(number) not in (signal.SIG_IGN, None):
                    self._before[number] = signal.signal(number, self._came)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _came(self, number: int, frame: FrameType | None) -> None:
        first, self.number = self.number is None, number
        if not (self._held and first):
            raise KeyboardInterrupt
