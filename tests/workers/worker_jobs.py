"""Functions of one item that worker processes can import."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import numpy as np

MATRIX = np.random.default_rng(7).normal(size=(120, 120))


def square(x):
    return x * x


def wave(x):
    """A value whose last bits show any change in how it was computed."""
    return float(np.sum(np.sin(MATRIX[: len(x), : len(x)] @ x)) / 3)


def product(x):
    """A product large enough for BLAS to use several threads, if it may."""
    return (MATRIX * x) @ MATRIX


def blas_threads(_):
    from threadpoolctl import threadpool_info

    return [library["num_threads"] for library in threadpool_info()]


def pid(_):
    time.sleep(0.02)
    return os.getpid()


def meet(folder):
    """Wait until two processes are here, and return this one's number."""
    (Path(folder) / f"{os.getpid()}").touch()
    end = time.monotonic() + 30
    while len(list(Path(folder).iterdir())) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    return os.getpid()


class Odd(Exception):
    """An exception that cannot be made again from its `args`."""

    def __init__(self, code, *, text):
        super().__init__(f"{code}: {text}")


class Own(ValueError):
    """An exception of the caller's."""


def fail(x):
    if x >= 3:
        raise Own(f"no value at {x}")
    return x


def fail_early(x):
    """Items from 3 on fail, the later the sooner."""
    time.sleep(max(0.0, 0.3 - 0.02 * x))
    return fail(x)


def fail_oddly(x):
    raise Odd(7, text="odd")


def fail_locally(x):
    class Local(Exception):
        pass

    raise Local("local")


class Dies:
    """Doubles x, but ends its process at `deadly`, at most `times` times; notes each item that it begins."""

    def __init__(self, folder, deadly, times, way="exit"):
        self.folder, self.deadly, self.times, self.way = folder, deadly, times, way

    def __call__(self, x):
        with (Path(self.folder) / f"{x}").open("a") as file:
            file.write("x")
        if x == self.deadly and self.begun(x) <= self.times:
            if self.way == "exit":
                os._exit(3)
            os.kill(os.getpid(), signal.SIGKILL)
        return 2 * x

    def begun(self, x):
        path = Path(self.folder) / f"{x}"
        return len(path.read_text()) if path.exists() else 0


class Holds:
    """A function whose state cannot be sent."""

    def __init__(self):
        self.lock = threading.Lock()

    def __call__(self, x):
        return x


class Wraps:
    """What a caller of ours makes of a function."""

    def __init__(self, function):
        self.__wrapped__ = function

    def __call__(self, x):
        return self.__wrapped__(x)


def refuse_to_load():
    raise ImportError("only here")


class Unloadable:
    """Sent well, but not to be made again there."""

    def __reduce__(self):
        return refuse_to_load, ()

    def __call__(self, x):
        return x


def note_and_nap(item):
    """Leave this process's number in a folder, and sleep."""
    folder, seconds = item
    (Path(folder) / f"{os.getpid()}").touch()
    time.sleep(seconds)


def fail_or_nap(seconds):
    if seconds < 0:
        raise Own("negative")
    time.sleep(seconds)


def exit_on_long(x):
    if len(x) > 100:
        os._exit(1)


def inverse_from_777(x):
    return 1 / (x - 777)


def zeros(n):
    return np.zeros(n)


class Sent:
    """A function with data, which counts how often it is sent."""

    def __init__(self, values):
        self.values, self.sent = values, 0

    def __getstate__(self):
        self.sent += 1
        return {"values": self.values}

    def __call__(self, x):
        time.sleep(0.02)
        return float(np.sum(self.values))
