"""Checkpoints: every bit comes back, no damage goes unseen, and one run at a time writes in a folder."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gradwright import storage
from gradwright.data import mnist
from gradwright.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataWarning,
    FolderBusyError,
    ModelFileError,
    OutputExistsError,
    StorageError,
)
from gradwright.nn import Network, TwoLayerNet
from gradwright.training import Checkpoints, EarlyStopping, History, Record, Trainer, lock, saving, state_file
from gradwright.training.ahead import Ahead
from gradwright.training.checkpoints import LOCK, step_of

OPTIMIZERS = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam"]
posix = pytest.mark.skipif(os.name != "posix", reason="as of POSIX")


@pytest.fixture(autouse=True)
def _safetensors(need_module: Any) -> None:
    need_module("safetensors")


@pytest.fixture(scope="module")
def data() -> tuple[Any, ...]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(50, 3))
    t = (x[:, 0] + x[:, 1] * x[:, 2] + 0.5 * rng.normal(size=50) > 0).astype(int)
    return x[:40], t[:40], x[40:], t[40:]


def make(data: Any, **options: Any) -> Trainer:
    """A trainer of 23 steps: 5 in an epoch, an evaluation every 4 steps."""
    settings: dict[str, Any] = {"steps": 23, "batch_size": 9, "evaluate_every": 4, "rng": 3, **options}
    return Trainer(Network.of_sizes([3, 6, 2], "tanh", rng=0), data, **settings)


def outcome(trainer: Trainer) -> Any:
    """All that a run came to and all that a rest of it would depend on, but for the time that it took."""
    state = trainer.state()
    records = [replace(record, seconds=0.0) for record in state["history"].records]
    history = replace(state["history"], records=records)
    params = {name: np.asarray(array).tobytes() for name, array in trainer.network.params.items()}
    return params, frozen({**state, "history": history.to_dict(), "seconds": 0.0})


def frozen(node: Any) -> Any:
    """A copy in which equal means equal to the bit and to the kind."""
    if isinstance(node, dict):
        return {key: frozen(child) for key, child in node.items()}
    if isinstance(node, (list, tuple)):
        return [frozen(child) for child in node]
    if isinstance(node, np.ndarray):
        return node.dtype.str, node.shape, node.tobytes()
    return type(node), node.hex() if isinstance(node, float) else node


def through_a_file(state: Any, folder: Path, about: Any = None) -> Any:
    (folder / "state").write_bytes(state_file.to_bytes(state, about or {}))
    return state_file.read(folder / "state")[0]


# -- every bit ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_a_state_comes_back_to_the_bit(data: Any, tmp_path: Path, optimizer: str, sampling: str) -> None:
    options: dict[str, Any] = {"optimizer": optimizer, "sampling": sampling, "validation": 0.25, "early_stopping": 9}
    trainer = make(data, **options)
    for steps in (0, 1, 6, 16):
        for _ in range(steps):
            next(trainer)
        state = trainer.state()
        again = through_a_file(state, tmp_path)
        assert isinstance(again["history"], History)
        plain = [{**one, "history": one["history"].to_dict()} for one in (state, again)]
        assert frozen(plain[0]) == frozen(plain[1])


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64"])
def test_every_generator_of_numpy(data: Any, tmp_path: Path, kind: str) -> None:
    def make_own() -> Trainer:
        return make(data, rng=np.random.Generator(getattr(np.random, kind)(5)), sampling="replacement")

    whole, fresh = make_own(), make_own()
    for _ in range(7):
        next(whole)
    fresh.restore(through_a_file(whole.state(), tmp_path))
    whole.run()
    fresh.run()
    assert outcome(fresh) == outcome(whole)


def test_numbers_that_are_not_ordinary(tmp_path: Path) -> None:
    strange = [float("nan"), float("inf"), -float("inf"), -0.0, 5e-324, 0.1 + 0.2, 1.7976931348623157e308]
    record = Record(3, 0.1, strange[0], strange[1], None, None, 0.0, -0.0, None, 5e-324)
    tree = {
        "history": History(strange, [record], 2**80, ""),
        "numbers": strange,
        "big": 2**127 + 1,
        "flags": [True, False, None],
        "text": "한글 \ud55c \u0000 \"'",
        "empty": {"dict": {}, "list": []},
        "a.b": np.arange(3),
        "a": {"b": np.array(2.5), "c": np.zeros((0, 2), np.float16)},
    }
    again = through_a_file(tree, tmp_path)
    assert frozen(again["history"].loss) == frozen(strange)
    assert frozen(list(vars(again["history"].records[0]).values())) == frozen(list(vars(record).values()))
    assert again["history"].seed == 2**80
    for name in ("numbers", "big", "flags", "text", "empty", "a.b", "a"):
        assert frozen(again[name]) == frozen(tree[name]), name


@pytest.mark.parametrize(
    "bad",
    [object(), {1, 2}, 1j, np.array(["a"]), np.array([1j]), {3: 4}],
    ids=["object", "set", "complex", "text", "complex-array", "int-key"],
)
def test_what_cannot_be_saved_is_said(bad: Any) -> None:
    for lang in ("en", "ko"):
        with pytest.raises(ArgumentTypeError) as caught:
            state_file.to_bytes({"history": History(), "optimizer": {"own": bad}}, {})
        assert "optimizer.own" in caught.value.text(lang)


# -- a run and its rest ------------------------------------------------------------------------------------------------

RUNS: list[dict[str, Any]] = [
    {},
    {"optimizer": "adam", "sampling": "replacement"},
    {"batch_size": "full"},
    {"evaluate_every": 1},
    {"evaluate_every": 100},
    {"gradient": "numerical"},
    {"validation": 0.25, "early_stopping": EarlyStopping(50), "learning_rate": 0.3},
]


@pytest.mark.parametrize("every", [1, 3, 4, 5, 22, 100, None])
@pytest.mark.parametrize("options", RUNS, ids=lambda options: "-".join(options) or "plain")
def test_the_rest_has_the_bits_of_the_undisturbed_run(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], every: int | None
) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # the disk is not what is tested here
    whole, saved = make(data, **options), make(data, **options)
    whole.run()
    saved.run(checkpoints=Checkpoints(tmp_path, every=every, keep=99))
    assert outcome(saved) == outcome(whole)
    paths = Checkpoints(tmp_path).paths()
    if every is not None:
        assert [step_of(path) for path in paths] == [*range(every, 23, every), 23]
    for path in paths:
        fresh = make(data, **options)
        fresh.restore(state_file.read(path)[0])
        assert fresh.step == step_of(path)
        fresh.run()
        assert outcome(fresh) == outcome(whole), path.name


@pytest.mark.parametrize("slow", [0.0, 0.01])
def test_evaluations_under_way_are_in_the_checkpoint(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slow: float
) -> None:
    """However long an evaluation takes, a checkpoint of later steps has it."""
    trainer = make(data, steps=60, evaluate_every=7)
    scores = trainer._scores

    def late(*args: Any) -> Any:
        time.sleep(slow)
        return scores(*args)

    monkeypatch.setattr(trainer, "_scores", late)
    trainer.run(checkpoints=Checkpoints(tmp_path, every=4, keep=99))
    paths = Checkpoints(tmp_path).paths()
    assert [step_of(path) for path in paths] == list(range(4, 61, 4))
    for path in paths:
        state = state_file.read(path)[0]
        assert len(state["history"].loss) == step_of(path)
        due = [*range(7, step_of(path) + 1, 7)] + ([60] if step_of(path) == 60 else [])
        assert state["history"].steps == due


@pytest.mark.parametrize("sampling", ["permutation", "replacement"])
def test_batches_gathered_ahead_do_not_leak(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sampling: str
) -> None:
    whole = make(data, sampling=sampling, steps=60)
    whole.run()
    monkeypatch.setattr(Ahead, "pays", staticmethod(lambda x, batches: not batches.whole))
    gathered: list[int] = []
    rows = Ahead.rows

    def counted(self: Ahead, numbers: Any) -> Any:
        found = rows(self, numbers)
        gathered.append(found is not None)
        time.sleep(0.001)  # so that the other thread comes to something
        return found

    monkeypatch.setattr(Ahead, "rows", counted)
    make(data, sampling=sampling, steps=60).run(checkpoints=Checkpoints(tmp_path, every=1, keep=99))
    assert any(gathered) or sampling == "replacement"
    for path in Checkpoints(tmp_path).paths()[::7]:
        fresh = make(data, sampling=sampling, steps=60)
        fresh.restore(state_file.read(path)[0])
        fresh.run()
        assert outcome(fresh) == outcome(whole), path.name


@pytest.mark.slow
def test_on_mnist(mnist_folder: Path, tmp_path: Path) -> None:
    """Where batches are gathered ahead by themselves; and what checkpoints cost."""
    images = mnist(mnist_folder)

    def make_own() -> Trainer:
        return Trainer(TwoLayerNet(784, 50, 10, init="auto", rng=0), images, optimizer="momentum", epochs=3, rng=0)

    times: dict[str, list[float]] = {"without": [], "with": []}
    for turn in range(3):
        for name, spent in times.items():
            trainer, start = make_own(), time.process_time()  # which other work on the machine does not lengthen
            kept = Checkpoints(tmp_path / str(turn)) if name == "with" else None
            trainer.run(checkpoints=kept)
            spent.append(time.process_time() - start)
    assert min(times["with"]) < 1.15 * min(times["without"])  # measured: 1.01
    whole = outcome(trainer)
    make_own().run(checkpoints=Checkpoints(tmp_path / "often", every=250, keep=99))
    for path in Checkpoints(tmp_path / "often").paths()[::3]:
        fresh = make_own()
        fresh.restore(state_file.read(path)[0])
        fresh.run()
        assert outcome(fresh) == whole


@pytest.mark.parametrize("options", [{}, {"validation": 0.25, "early_stopping": EarlyStopping(50)}], ids=["run", "for"])
@pytest.mark.parametrize("first", [1, 6, 8, 10])
def test_at_another_number_of_steps(data: Any, tmp_path: Path, first: int, options: dict[str, Any]) -> None:
    """The evaluation at the end of the shorter run is not one that the longer run makes."""
    checkpoints = Checkpoints(tmp_path)
    whole, longer = make(data, **options), make(data, **options)
    whole.run()
    make(data, **{**options, "steps": first}).run(checkpoints=checkpoints)
    found = checkpoints.restore(longer)
    assert found is not None
    ends_with_the_best = (
        bool(options) and first % 4 and found.state["best"]["record"] == len(found.state["history"].records)
    )
    longer.run(checkpoints=checkpoints)
    if not ends_with_the_best:  # as `Trainer.restore` says
        assert outcome(longer) == outcome(whole)
    else:
        assert longer.network.params.keys() == whole.network.params.keys()
        assert longer.history.loss == whole.history.loss


def test_stopped_by_a_question_it_goes_on(data: Any, tmp_path: Path) -> None:
    for options in ({}, {"validation": 0.25, "early_stopping": EarlyStopping(50)}):
        folder = tmp_path / str(len(options))
        whole, first = make(data, **options), make(data, **options)
        whole.run()
        first.run(checkpoints=Checkpoints(folder, every=100), stop=lambda first=first: first.step >= 9)
        assert (first.step, first.history.stopped) == (9, "")
        assert [step_of(path) for path in Checkpoints(folder).paths()] == [9]
        second = make(data, **options)
        Checkpoints(folder).restore(second)
        for trainer in (first, second):
            trainer.run()
            assert outcome(trainer) == outcome(whole)


def test_an_interrupt_leaves_the_last_ones_sound(data: Any, tmp_path: Path) -> None:
    trainer, whole = make(data, steps=400), make(data, steps=400)
    whole.run()

    def interrupt(step: int) -> None:
        if step >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.run(progress=interrupt, checkpoints=Checkpoints(tmp_path, every=7))
    fresh = make(data, steps=400)
    found = Checkpoints(tmp_path).restore(fresh)
    assert found is not None
    assert 0 < fresh.step <= 100
    assert not found.damaged
    fresh.run(checkpoints=tmp_path)
    assert outcome(fresh) == outcome(whole)


def test_a_callback_and_a_finished_run(data: Any, tmp_path: Path) -> None:
    stopped = make(data, callbacks=[lambda event: event.step == 7])
    stopped.run(checkpoints=tmp_path)
    assert [step_of(path) for path in Checkpoints(tmp_path).paths()] == [5, 7]
    whole, fresh = make(data), make(data)
    whole.run()
    assert Checkpoints(tmp_path).restore(fresh)
    fresh.run(checkpoints=tmp_path)
    assert outcome(fresh) == outcome(whole)
    over = make(data)
    assert Checkpoints(tmp_path).restore(over)
    assert over.history.stopped == "steps"
    assert over.run(checkpoints=tmp_path) is over.history
    assert outcome(over) == outcome(whole)


def test_the_default_interval_is_an_epoch_unless_that_costs_too_much(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path)
    cheap = saving.Saving(checkpoints, 10, None)
    assert [step for step in range(1, 41) if cheap.due(step)] == [10, 20, 30, 40]
    cheap._took, cheap._ended = 1e9, time.perf_counter()
    assert not any(cheap.due(step) for step in range(1, 41))
    asked = saving.Saving(Checkpoints(tmp_path, every=3), 10, None)
    asked._took, asked._ended = 1e9, time.perf_counter()
    assert [step for step in range(1, 10) if asked.due(step)] == [3, 6, 9]


# -- the folder --------------------------------------------------------------------------------------------------------


def filled(data: Any, folder: Path, steps: int = 23) -> tuple[Checkpoints, Trainer]:
    """Three checkpoints, of the steps 10, 20 and 23."""
    checkpoints, trainer = Checkpoints(folder, every=10), make(data, steps=steps)
    trainer.run(checkpoints=checkpoints)
    return checkpoints, trainer


def test_save_restore_and_what_is_kept(data: Any, tmp_path: Path) -> None:
    checkpoints, trainer = Checkpoints(tmp_path / "한글 it's" / "new", about={"why": "자"}), make(data)
    assert checkpoints.paths() == []
    assert checkpoints.newest() is None
    assert checkpoints.restore(trainer) is None
    for event in trainer:
        path = checkpoints.save(trainer)
        assert step_of(path) == event.step
        assert [step_of(path) for path in checkpoints.paths()] == list(range(1, event.step + 1))[-3:]
    found = checkpoints.newest()
    assert found is not None
    assert (found.path, found.about, found.damaged) == (path, {"why": "자"}, ())
    assert path.stat().st_mode & 0o444 == 0o444 or os.name == "nt"
    assert checkpoints.paths()[-1].read_bytes() == state_file.to_bytes(trainer.state(), {"why": "자"})
    checkpoints.clear()
    assert checkpoints.paths() == []
    assert repr(checkpoints).startswith("Checkpoints(")


@pytest.mark.parametrize("how", ["flipped", "truncated", "empty", "foreign", "removed"])
def test_the_newest_damaged_the_one_before_it_is_used(data: Any, tmp_path: Path, how: str) -> None:
    checkpoints, whole = filled(data, tmp_path)
    newest = checkpoints.paths()[-1]
    content = bytearray(newest.read_bytes())
    if how == "flipped":
        content[-3] ^= 1
    elif how == "truncated":
        content = content[: len(content) // 2]
    elif how == "empty":
        content = bytearray()
    elif how == "foreign":
        content = bytearray(storage.tensors_to_bytes({"x": np.zeros(1)}, {"format": "else"}))
    if how == "removed":
        newest.unlink()
    else:
        newest.write_bytes(content)
    fresh, again = make(data), Checkpoints(tmp_path, every=1)
    if how == "removed":
        again.restore(fresh)
    else:
        with pytest.warns(DataWarning, match=f"damaged and passed over: {newest.name}.*step-000000020"):
            again.restore(fresh)
    assert fresh.step == 20
    fresh.run(checkpoints=again)
    assert outcome(fresh) == outcome(whole)
    assert [step_of(path) for path in again.paths()] == [21, 22, 23]
    assert again.newest().damaged == ()  # type: ignore[union-attr]


def test_a_damaged_one_does_not_push_a_sound_one_out(data: Any, tmp_path: Path) -> None:
    checkpoints, _ = filled(data, tmp_path)
    for path in checkpoints.paths()[1:]:
        path.write_bytes(b"")
    fresh = make(data)
    with pytest.warns(DataWarning, match="step-000000023.safetensors, step-000000020.safetensors"):
        checkpoints.restore(fresh)
    next(fresh)
    checkpoints.save(fresh)
    assert [step_of(path) for path in checkpoints.paths()] == [10, 11]


def test_all_damaged(data: Any, tmp_path: Path) -> None:
    checkpoints, _ = filled(data, tmp_path)
    for path in checkpoints.paths():
        path.write_bytes(path.read_bytes()[:-1])
    trainer = make(data)
    before = outcome(trainer)
    for lang in ("en", "ko"):
        with pytest.raises(ModelFileError) as caught:
            checkpoints.restore(trainer)
        assert all(path.name in caught.value.text(lang) for path in checkpoints.paths())
    assert outcome(trainer) == before


def test_one_of_a_later_version_is_no_damage(data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_file, "FORMAT", 2)
    checkpoints, _ = filled(data, tmp_path)
    monkeypatch.undo()
    with pytest.raises(ModelFileError, match="written in format 2"):
        checkpoints.newest()


def unseen(path: Path, content: bytes, flip: int) -> list[int]:
    """Change each byte in turn; return where the file was read without a word."""
    found = []
    for at in range(len(content)):
        changed = bytearray(content)
        changed[at] ^= flip
        path.write_bytes(changed)
        try:
            state_file.read(path)
        except ModelFileError:
            continue
        found.append(at)
    return found


@pytest.fixture
def small(tmp_path: Path) -> tuple[Path, bytes]:
    network = Network.of_sizes([2, 2, 2], rng=0)
    trainer = Trainer(network, ([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1]), optimizer="momentum", steps=2, rng=0)
    trainer.run()
    content = state_file.to_bytes(trainer.state(), {"settings": {"seed": 0}})
    assert len(content) < 8000
    return tmp_path / "step-000000002.safetensors", content


# 0x29 turns a blank into a tab, which JSON takes for a blank, too.
@pytest.mark.parametrize("flip", [0x01, 0x29, 0x80, 0xFF])
def test_no_changed_byte_goes_unseen(small: tuple[Path, bytes], flip: int) -> None:
    assert unseen(*small, flip) == []


def test_the_test_of_changed_bytes_sees(small: tuple[Path, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_check_header", lambda file: None)
    path, content = small
    end = 8 + int.from_bytes(content[:8], "little")
    blanks = content[:end].rstrip(b" ")
    assert unseen(path, content, 0x29) == list(range(len(blanks), end))
    monkeypatch.setattr(storage, "_check_sums", lambda file, arrays, metadata: metadata.pop("sha256", None))
    assert len(unseen(path, content, 0x01)) > 200


def test_no_length_but_the_whole(small: tuple[Path, bytes]) -> None:
    path, content = small
    for cut in (*range(0, len(content), 7), len(content) - 1):
        path.write_bytes(content[:cut])
        with pytest.raises(ModelFileError):
            state_file.read(path)
    path.write_bytes(content + b"\0")
    with pytest.raises(ModelFileError):
        state_file.read(path)


def test_a_model_carries_the_same_sums(data: Any, tmp_path: Path) -> None:
    make(data).network.save(tmp_path / "model.safetensors")
    content = (tmp_path / "model.safetensors").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    sums = json.loads(header["__metadata__"]["sha256"])
    arrays, _ = storage.load_tensors(tmp_path / "model.safetensors")
    assert sums["arrays"] == {name: storage.array_sum(name, array) for name, array in arrays.items()}
    with pytest.raises(ModelFileError, match="gradwright-checkpoint"):
        state_file.read(tmp_path / "model.safetensors")


def test_what_a_killed_run_left_half_written_is_swept(data: Any, tmp_path: Path) -> None:
    checkpoints, _ = filled(data, tmp_path)
    orphan = tmp_path / ".step-000000030.safetensors.0123456789ab.tmp"
    others = [tmp_path / name for name in ("notes.txt", ".notes.0123456789ab.tmp", ".step-000000030.safetensors.tmp")]
    for path in (orphan, *others):
        path.write_bytes(b"half")
    with Checkpoints(tmp_path):
        assert not orphan.exists()
        assert all(path.exists() for path in others)
    assert len(checkpoints.paths()) == 3


def test_another_run_is_not_mixed_in(data: Any, tmp_path: Path) -> None:
    checkpoints, _ = filled(data, tmp_path)
    before = {path.name: path.read_bytes() for path in checkpoints.paths()}
    fresh = make(data)
    for attempt in (lambda: Checkpoints(tmp_path).save(fresh), lambda: fresh.run(checkpoints=tmp_path)):
        with pytest.raises(OutputExistsError, match=r"step-000000023.*this run is at step 0.*restore\(trainer\)"):
            attempt()
    assert fresh.step == 0
    assert {path.name: path.read_bytes() for path in checkpoints.paths()} == before


@pytest.mark.parametrize("bad", [{"every": 0}, {"every": 1.5}, {"keep": 0}, {"folder": 5}])
def test_arguments(tmp_path: Path, bad: dict[str, Any]) -> None:
    (name,) = bad
    with pytest.raises((ArgumentError, ArgumentTypeError), match=f"`{name}`"):
        Checkpoints(**{"folder": tmp_path, **bad})


# -- disks that are full, folders that may not be written to -----------------------------------------------------------


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
@pytest.mark.parametrize("options", [{}, {"validation": 0.25, "early_stopping": EarlyStopping(50)}], ids=["run", "for"])
def test_a_full_disk_ends_the_run_and_loses_nothing(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, options: dict[str, Any]
) -> None:
    trainer, whole = make(data, **options), make(data, **options)
    whole.run()
    checkpoints, calls = Checkpoints(tmp_path, every=2), 0
    real = {"write": storage.write_atomic, "fsync": os.fsync, "replace": Path.replace}[where]

    def fail_later(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args)

    def write(path: Any, content: bytes) -> None:
        try:
            fail_later(path, content)
        except OSError as error:
            raise StorageError("file.unwritable", path=str(path), reason=error.strerror) from error

    target = {"write": (storage, "write_atomic", write), "fsync": (os, "fsync", fail_later)}
    monkeypatch.setattr(*target.get(where, (Path, "replace", fail_later)))
    with pytest.raises(StorageError, match=r"checkpoint .* cannot be written: No space left on device"):
        trainer.run(checkpoints=checkpoints)
    monkeypatch.undo()
    assert not list(tmp_path.glob("*.tmp"))
    fresh = make(data, **options)
    found = checkpoints.restore(fresh)
    assert found is not None
    assert found.damaged == ()
    assert fresh.step <= trainer.step < 23
    fresh.run(checkpoints=checkpoints)
    assert outcome(fresh) == outcome(whole)


@posix
def test_a_disk_that_is_really_full(data: Any, tmp_path: Path) -> None:
    """A limit on the size of files stands for it: the system itself refuses the last part of the file."""
    code = """
import resource, signal, sys, numpy as np
from gradwright.training import Checkpoints, Trainer
from gradwright.nn import Network, TwoLayerNet
from gradwright.errors import StorageError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
x = np.arange(12.0).reshape(6, 2)
trainer = Trainer(Network.of_sizes([2, 4, 2], rng=0), (x, [0, 1, 0, 1, 0, 1]), steps=9, batch_size=2, rng=0)
checkpoints = Checkpoints(sys.argv[1])
next(trainer); checkpoints.save(trainer)
size = checkpoints.paths()[0].stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size - 100, size - 100))
next(trainer)
try:
    checkpoints.save(trainer)
except StorageError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
print([path.name for path in checkpoints.paths()], checkpoints.newest().state["step"])
"""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            code.replace("(size - 100, size - 100)", "(size - 100, resource.RLIM_INFINITY)"),
            tmp_path,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    said, left = done.stdout.splitlines()
    assert "cannot be written: File too large" in said
    assert left == "['step-000000001.safetensors'] 1"
    assert sorted(path.name for path in tmp_path.iterdir()) == [LOCK, "step-000000001.safetensors"]


@posix
@pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write anywhere; see the command's test")
def test_a_read_only_folder(data: Any, tmp_path: Path) -> None:
    checkpoints, whole = filled(data, tmp_path)
    tmp_path.chmod(0o500)
    try:
        fresh = make(data)
        assert checkpoints.restore(fresh)  # reading asks for nothing more
        assert outcome(fresh) == outcome(whole)
        (tmp_path / "sub").exists()
        with pytest.raises(StorageError, match="Permission denied"):
            Checkpoints(tmp_path / "sub").save(fresh)
    finally:
        tmp_path.chmod(0o700)


def test_a_file_in_the_place_of_the_folder(data: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(StorageError, match="taken"):
        make(data).run(checkpoints=tmp_path / "taken")
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"


# -- the lock ----------------------------------------------------------------------------------------------------------


def test_one_at_a_time(data: Any, tmp_path: Path) -> None:
    checkpoints, trainer = Checkpoints(tmp_path), make(data)
    with checkpoints:
        for attempt in (lambda: Checkpoints(tmp_path).save(trainer), lambda: trainer.run(checkpoints=tmp_path)):
            with pytest.raises(FolderBusyError) as caught:
                attempt()
            assert isinstance(caught.value, BlockingIOError)
            assert all(str(tmp_path) in caught.value.text(lang) for lang in ("en", "ko"))
        with checkpoints:  # the same object may, as often as it likes
            checkpoints.save(trainer)
        with pytest.raises(FolderBusyError):
            Checkpoints(tmp_path).save(trainer)
    Checkpoints(tmp_path).save(trainer)


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom gradwright.training import Checkpoints\n"
        "with Checkpoints(sys.argv[1]):\n    print('held', flush=True)\n    time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, tmp_path], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(FolderBusyError), Checkpoints(tmp_path):
            pass
        other.kill()
        other.wait()
    with Checkpoints(tmp_path):
        pass


def test_on_windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other system's way, on a module that stands for its own."""
    held: list[int] = []

    def locking(descriptor: int, mode: int, count: int) -> None:
        assert (mode, count) == (2, 1)
        if held:
            raise OSError(errno.EACCES, "Permission denied")
        held.append(descriptor)

    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(locking=locking, LK_NBLCK=2))
    monkeypatch.setattr(lock, "os", SimpleNamespace(**{**vars(os), "name": "nt"}))
    release = lock.hold(tmp_path / LOCK, tmp_path)
    with pytest.raises(FolderBusyError):
        lock.hold(tmp_path / LOCK, tmp_path)
    release()
    held.clear()
    lock.hold(tmp_path / LOCK, tmp_path)()


@posix
def test_a_disk_without_locks_is_used_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(number: int) -> Any:
        def claim(descriptor: int) -> None:
            raise OSError(number, os.strerror(number))

        return claim

    monkeypatch.setattr(lock, "_claim", refuse(errno.ENOLCK))
    lock.hold(tmp_path / LOCK, tmp_path)()
    monkeypatch.setattr(lock, "_claim", refuse(errno.EIO))
    with pytest.raises(StorageError, match="Input/output error"):
        lock.hold(tmp_path / LOCK, tmp_path)
