"""Kills ``gradwright train`` again and again, goes on with each run, and compares the bits: one process for all of it.

    python killed_runs.py FOLDER EXACT TIMED PART PARTS

The package is imported once; each run is a fork of this process, which does one part of the work. EXACT kills happen at
a known moment: before or after a step, an evaluation, a flush, a rename, a removal, a lock, a folder, or with a file
opened or half-written. TIMED ones come from outside, at random. Afterwards the run is resumed, or begun again where it
has no checkpoint yet; one in four is killed once more on its way. Prints one JSON document: for each kill the moment,
how the run came to its end, and in how many starts.
"""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradwright import data, plot, storage
from gradwright.cli import train
from gradwright.cli.app import run
from gradwright.training import lock, state_file
from gradwright.training.checkpoints import Checkpoints
from gradwright.training.trainer import Trainer

#: 40 steps, evaluations every 7, checkpoints every 6: none falls together with the other before the end.
WORDS = (
    "train",
    "--hidden",
    "4",
    "--batch-size",
    "20",
    "--steps",
    "40",
    "--evaluate-every",
    "7",
    "--optimizer",
    "adam",
)
WORDS = (*WORDS, "--checkpoint-every", "6", "--quiet")


class HalfWriter:
    """A file of which only a part arrives before the process dies."""

    def __init__(self, file: Any, moment: Callable[[str], None]) -> None:
        self._file, self._moment = file, moment

    def __enter__(self) -> HalfWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def write(self, content: bytes) -> int:
        half = len(content) // 2
        self._file.write(content[:half])
        self._file.flush()
        self._moment("half-written")
        self._file.write(content[half:])
        return len(content)


def watch(moment: Callable[[str], None]) -> None:
    """Make everything that a run does call `moment`, before and after it is done."""

    def around(place: Any, name: str, label: str) -> None:
        real = getattr(place, name)

        def called(*args: Any, **more: Any) -> Any:
            moment(f"before {label}")
            result = real(*args, **more)
            moment(f"after {label}")
            return result

        setattr(place, name, called)

    opened = Path.open

    def open_watched(self: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        file = opened(self, mode, *args, **more)
        if "x" not in mode:
            return file
        moment("opened")
        return HalfWriter(file, moment)

    Path.open = open_watched  # type: ignore[method-assign, assignment]
    around(os, "fsync", "flush")
    around(os, "replace", "rename")
    around(os, "unlink", "removal")
    around(os, "mkdir", "folder")
    around(lock, "hold", "lock")
    around(Trainer, "_one_step", "step")
    around(Trainer, "_scores", "evaluation")
    around(state_file, "to_bytes", "bytes of a state")
    around(storage, "load_tensors", "reading")
    around(train, "_check", "gradient check")


def forked(words: tuple[str, ...], kill_at: int | None = None, count_into: Path | None = None) -> int:
    """Run a command in a fork, which kills itself at its `kill_at`-th moment; return its process id."""
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        moments: list[str] = []
        numbers = itertools.count(1)  # several threads count

        def moment(label: str) -> None:
            if next(numbers) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            moments.append(label)

        if kill_at is not None or count_into is not None:
            watch(moment)
        with contextlib.redirect_stdout(io.StringIO()):
            status = run(list(words))
        if count_into is not None:
            count_into.write_text(json.dumps(moments), encoding="utf-8")
    finally:
        os._exit(status)
    return 0


def ended(child: int) -> int:
    """Wait for a child; return its exit status, or minus its signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def outcome(folder: Path) -> Any:
    """The bits of a run: its model, its history but for the seconds, and the state at its end."""
    rows = list(csv.DictReader((folder / "history.csv").read_text(encoding="utf-8").splitlines()))
    for row in rows:
        del row["seconds"]
    state, _ = state_file.read(Checkpoints(folder / "checkpoints").paths()[-1])
    history, batches, optimizer = state["history"], state["batches"], state["optimizer"]
    slots = {s: {k: a.tobytes().hex() for k, a in tree.items()} for s, tree in optimizer.items() if s != "step"}
    rest = [history.loss, history.stopped, batches["rng"], batches["order"].tolist(), batches["cursor"], state["step"]]
    status = json.loads((folder / "run.json").read_text(encoding="utf-8"))["status"]
    model = (folder / "model.safetensors").read_bytes().hex()
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    slots["step"] = optimizer["step"]
    return {"model": model, "history": rows, "state": rest, "optimizer": slots, "status": status, "files": names}


def finish(folder: Path, kill_again: int | None) -> tuple[str, int]:
    """Go on with a run until it ends; return how, and how many times it had to be started."""
    starts, how = 0, "anew"
    while True:
        starts += 1
        paths = Checkpoints(folder / "checkpoints").paths()
        words = ("train", "--out", str(folder), "--resume", "--quiet") if paths else (*WORDS, "--out", str(folder))
        how = "resumed" if paths else how
        status = ended(forked(words, kill_again if starts == 1 else None))
        if status == 0:
            return how, starts
        if status != -signal.SIGKILL or starts > 2:
            return f"failed with {status}", starts


def main() -> None:
    """Do it all."""
    folder, (exact, timed, part, parts) = Path(sys.argv[1]), map(int, sys.argv[2:])
    # The picture takes most of the time of so small a run, and is drawn after all that is of interest here.
    plot.save = lambda figure, path, overwrite=False: storage.write_atomic(path, b"curves")
    plot.history = lambda *given, **more: None
    # A process that dies takes nothing with it of what it wrote: to wait for the disk tells nothing here.
    os.fsync = lambda descriptor: None
    digits = data.digits()
    train.options.load_data = lambda *given, **more: digits
    train._CHECKED_SAMPLES, train._CHECKED_ENTRIES = 2, 1  # the check of the gradient is of no more interest
    with contextlib.redirect_stdout(io.StringIO()):  # whatever is imported late, once and here
        assert run([*WORDS, "--out", str(folder / "imports")]) == 0
    whole = folder / "whole"
    assert ended(forked((*WORDS, "--out", str(whole)), count_into=folder / "moments.json")) == 0
    moments = json.loads((folder / "moments.json").read_text(encoding="utf-8"))
    expected = outcome(whole)
    start = time.perf_counter()
    assert ended(forked((*WORDS, "--out", str(folder / "timed")))) == 0
    duration = time.perf_counter() - start
    chance = random.Random(0)
    # Each moment in turn, over and over: threads make their order a little different each time.
    points: list[Any] = [1 + number % len(moments) for number in range(exact)]
    points += [chance.uniform(0, duration) for _ in range(timed)]
    again = [chance.randrange(1, 120) if chance.random() < 0.25 else None for _ in points]

    def job(number: int) -> tuple[str, str, int]:
        point, place = points[number], folder / str(number)
        words = (*WORDS, "--out", str(place))
        if isinstance(point, int):
            status, label = ended(forked(words, point)), moments[point - 1]
        else:
            child, label = forked(words), "at any time"
            time.sleep(point)
            os.kill(child, signal.SIGKILL)  # nobody has waited for it yet, so that its number is its own
            status = ended(child)
        if status not in (0, -signal.SIGKILL):
            return label, f"failed with {status}", 1
        how, starts = finish(place, again[number])
        if how in ("anew", "resumed"):
            found = outcome(place)
            other = [name for name in expected if found[name] != expected[name]]
            how = f"other {', '.join(other)}" if other else how
        if how in ("anew", "resumed"):
            shutil.rmtree(place)
        return label, how + ("" if status else " (was done)"), starts

    json.dump([job(number) for number in range(part, len(points), parts)], sys.stdout)


if __name__ == "__main__":
    main()
