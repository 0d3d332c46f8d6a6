"""``gradwright train`` that was stopped, and goes on: the same bits, or an error that says what differs."""

from __future__ import annotations

import csv
import errno
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradwright
from gradwright import Network, data, storage
from gradwright.cli import train as command
from gradwright.cli.interrupts import Interrupts
from gradwright.training import run_folder, state_file
from gradwright.training.checkpoints import Checkpoints, step_of

SMALL = (
    "train",
    "--hidden",
    "6",
    "--batch-size",
    "100",
    "--seed",
    "5",
    "--optimizer",
    "adam",
    "--learning-rate",
    "0.01",
)
# Other processes start in folders of their own, from where a relative path of the sources leads nowhere.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(gradwright.__file__).parents[1]), "GRADWRIGHT_LANG": "en"}
posix = pytest.mark.skipif(os.name != "posix", reason="signals as of POSIX")


def outcome(folder: Path) -> Any:
    """The bits of a run: its model, its history but for the seconds, and the state at its end."""
    rows = list(csv.DictReader((folder / "history.csv").read_text(encoding="utf-8").splitlines()))
    for row in rows:
        del row["seconds"]
    state, _ = state_file.read(Checkpoints(folder / "checkpoints").paths()[-1])
    history, batches = state["history"], state["batches"]
    optimizer = {
        name: {k: v.tobytes() for k, v in tree.items()} for name, tree in state["optimizer"].items() if name != "step"
    }
    rest = (history.loss, batches["rng"], batches["order"].tobytes(), batches["cursor"], state["step"], optimizer)
    return (folder / "model.safetensors").read_bytes(), rows, rest


def run_json(folder: Path) -> Any:
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


@pytest.fixture
def stop_at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a signal come in the middle of a run, from this very process."""

    def arrange(number: int, call: int) -> None:
        calls = 0
        asked = Interrupts.asked

        def ask(self: Interrupts) -> bool:
            nonlocal calls
            calls += 1
            if calls == call:
                os.kill(os.getpid(), number)
            return asked(self)

        monkeypatch.setattr(Interrupts, "asked", ask)

    return arrange


def interrupted(gradwright: Any, stop_at: Any, monkeypatch: Any, *words: object, call: int = 40) -> None:
    with monkeypatch.context():
        stop_at(signal.SIGINT, call)
        assert gradwright(*SMALL, *words).status == 130
    monkeypatch.undo()


@posix
@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (getattr(signal, "SIGTERM", 15), 143)])
def test_a_signal_leaves_a_checkpoint_and_the_command_to_go_on(
    gradwright, folder, stop_at, monkeypatch, number, status, lang
):
    assert gradwright(*SMALL, "--epochs", "6", "--out", "whole").status == 0
    stop_at(number, 40)
    before = signal.getsignal(number)
    done = gradwright(*SMALL, "--epochs", "6", "--out", "a run", "--lang", lang)
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert done.status == status
    assert signal.getsignal(number) is before
    (line,) = done.err.splitlines()
    assert "Traceback" not in line
    assert ("이어서 하려면" if lang == "ko" else "Go on with") in line
    assert [step_of(path) for path in Checkpoints("a run/checkpoints").paths()][-1] == 39
    assert run_json(folder / "a run")["status"] == "interrupted"
    assert not (folder / "a run" / "model.safetensors").exists()
    words = shlex.split(line[line.index(" train ") :] if " train " in line else line)
    assert words == ["train", "--out", "a run", "--resume"]
    again = gradwright(*words)
    assert (again.status, again.err) == (0, "")
    assert "going on after step 39 of 90" in again.out
    assert outcome(folder / "a run") == outcome(folder / "whole")
    assert run_json(folder / "a run")["status"] == "finished"


@posix
def test_real_signals_to_a_real_process(folder):
    """At any moment: 130 or 143, one line, and a rest with the same bits."""
    words = [sys.executable, "-m", "gradwright", *SMALL, "--steps", "20000", "--evaluate-every", "500"]
    runs = []
    for name, number, status in (("i", signal.SIGINT, 130), ("t", signal.SIGTERM, 143)):
        runs.append(
            (
                name,
                status,
                subprocess.Popen(
                    [*words, "--out", name],
                    stderr=subprocess.PIPE,
                    text=True,
                    env=ENVIRONMENT,
                    stdout=subprocess.DEVNULL,
                ),
            )
        )
        deadline = time.monotonic() + 60
        while not Checkpoints(folder / name / "checkpoints").paths() and time.monotonic() < deadline:
            time.sleep(0.01)
        runs[-1][2].send_signal(number)
    for name, status, process in runs:
        _, err = process.communicate(timeout=60)
        assert process.returncode == status, err
        assert len(err.splitlines()) == 1
        assert "--resume" in err
        step = step_of(Checkpoints(folder / name / "checkpoints").paths()[-1])
        assert 0 < step < 20000


def test_a_second_signal_does_not_wait():
    with Interrupts() as interrupts:
        with interrupts.held():
            signal.raise_signal(signal.SIGINT)
            assert interrupts.asked()
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        assert interrupts.status == 130
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_what_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with Interrupts() as interrupts:
            signal.raise_signal(signal.SIGINT)
            assert not interrupts.asked()
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("missing", ["SIGTERM", "SIGBREAK"])
def test_systems_without_a_signal(monkeypatch, missing):
    monkeypatch.delattr(signal, missing, raising=False)
    with Interrupts() as interrupts:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        assert interrupts.status == 130


def test_an_interrupt_before_the_first_step_writes_nothing(gradwright, folder, monkeypatch):
    def interrupt(*args: Any) -> None:
        signal.raise_signal(getattr(signal, "SIGTERM", signal.SIGINT))

    monkeypatch.setattr(command, "_check", interrupt)
    done = gradwright(*SMALL, "--out", "o")
    assert done.status in (130, 143)
    assert "nothing more was written" in done.err
    assert len(done.err.splitlines()) == 1
    assert list(folder.iterdir()) == []


# -- how long, how often -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "then"), [(("--steps", "20"), ("--steps", "47")), (("--epochs", "2"), ("--epochs", "4"))]
)
def test_a_finished_run_goes_on_at_another_number_of_steps(gradwright, folder, first, then):
    assert gradwright(*SMALL, *then, "--out", "whole").status == 0
    assert gradwright(*SMALL, *first, "--out", "o", "--checkpoint-every", "7").status == 0
    done = gradwright("train", "--out", "o", "--resume", *then, "--checkpoint-every", "5")
    assert (done.status, done.err) == (0, "")
    assert outcome(folder / "o") == outcome(folder / "whole")
    settings = run_json(folder / "o")["settings"]
    assert settings["checkpoint_every"] == 5
    assert {settings["steps"], settings["epochs"]} == {int(then[1]), None}
    # The settings of the run may be given once more, as they are.
    assert gradwright(*SMALL, *then, "--out", "o", "--resume").status == 0


def test_checkpoints_at_the_interval_and_at_the_end(gradwright, folder):
    assert gradwright(*SMALL, "--steps", "47", "--checkpoint-every", "10", "--out", "o").status == 0
    assert [step_of(path) for path in Checkpoints(folder / "o" / "checkpoints").paths()] == [30, 40, 47]
    done = gradwright(*SMALL, "--steps", "5", "--checkpoint-every", "0")
    assert done.status == 2
    assert "`--checkpoint-every` must be a positive whole number, not 0" in done.err


def test_a_finished_run_is_told_so(gradwright, folder):
    assert gradwright(*SMALL, "--steps", "20", "--out", "o").status == 0
    before = {path: path.read_bytes() for path in (folder / "o").rglob("*") if path.is_file()}
    for lang, said in (("en", "is finished: all 20 steps are done"), ("ko", "학습은 끝났습니다")):
        done = gradwright("train", "--out", "o", "--resume", "--lang", lang)
        assert (done.status, done.err) == (0, "")
        assert said in done.out
    assert {path: path.read_bytes() for path in (folder / "o").rglob("*") if path.is_file()} == before
    document = gradwright("train", "--out", "o", "--resume", "--json").document
    assert document["result"] == run_json(folder / "o")["result"]
    assert len(document["records"]) == 2


@pytest.mark.parametrize("lost", ["model.safetensors", "run.json"])
def test_what_a_finished_run_lost_is_made_again(gradwright, folder, lost):
    assert gradwright(*SMALL, "--steps", "20", "--out", "o").status == 0
    whole = outcome(folder / "o")
    (folder / "o" / lost).write_bytes(b"damaged")
    assert gradwright("train", "--out", "o", "--resume").status == 0
    assert outcome(folder / "o") == whole
    assert run_json(folder / "o")["status"] == "finished"


def test_fewer_steps_than_are_done(gradwright, folder):
    assert gradwright(*SMALL, "--steps", "20", "--out", "o").status == 0
    done = gradwright("train", "--out", "o", "--resume", "--steps", "10")
    assert done.status == 2
    assert "has done 20 steps already, more than the 10 asked for. Give `--steps` of at least 20" in done.err


# -- what must not differ ----------------------------------------------------------------------------------------------

OTHERS = [
    (("--seed", "6"), "--seed 5 -> 6"),
    (("--hidden", "6,3"), "--hidden 6 -> 6,3"),
    (("--activation", "relu"), "--activation sigmoid -> relu"),
    (("--optimizer", "sgd"), "--optimizer adam -> sgd"),
    (("--learning-rate", "0.02"), "--learning-rate 0.01 -> 0.02"),
    (("--batch-size", "full"), "--batch-size 100 -> full"),
    (("--gradient", "numerical"), "--gradient backprop -> numerical"),
    (("--sampling", "replacement"), "--sampling permutation -> replacement"),
    (("--evaluate-every", "3"), "--evaluate-every - -> 3"),
    (("--init", "0.01"), "--init auto -> 0.01"),
    (("--dtype", "float64"), "--dtype float32 -> float64"),
    (("--target", "5"), "--target - -> 5"),
    (("--label", "y"), "--label - -> y"),
    (("--task", "regression"), "--task auto -> regression"),
    (("--data", "mnist"), "--data digits -> mnist"),
    (("--seed", "6", "--dtype", "float64"), "--dtype float32 -> float64; --seed 5 -> 6"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of twenty steps; nobody writes to it."""
    from gradwright.cli.app import run

    path = tmp_path_factory.mktemp("made") / "run"
    assert run([*SMALL, "--steps", "20", "--quiet", "--out", str(path)]) == 0
    return path


@pytest.mark.parametrize(("flags", "named"), OTHERS, ids=[" ".join(flags) for flags, _ in OTHERS])
def test_other_settings_are_named_old_and_new(gradwright, made, flags, named):
    before = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    for words in (("--out", made, "--resume"), ("--from", made / "run.json")):
        for lang in ("en", "ko"):
            done = gradwright("train", *words, *flags, "--lang", lang)
            assert done.status == 2
            (line,) = done.err.splitlines()
            told = line.split("): ", 1)[1].split(". ")[0].split("; ") if ". " in line else []
            assert all(one in line for one in named.split("; ")), line
            assert len([one for one in told if " -> " in one]) == len(named.split("; ")), line
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == before


def test_every_flag_of_a_run_is_compared():
    """A flag that is added later is one of these, or it is compared; this test says which it is to be."""
    free = {
        "lang",
        "as_json",
        "quiet",
        "out",
        "overwrite",
        "resume",
        "from_file",
        "steps",
        "epochs",
        "checkpoint_every",
    }
    names = {param.name for param in command.command("en").params} - free - {"data_dir"}
    compared = {flags[0][2:].replace("-", "_") for flags, _ in OTHERS} | {"data_name"}
    assert {"data" if name == "data_name" else name for name in names} <= compared


def test_data_that_changed_are_refused(gradwright, made, monkeypatch):
    digits = data.digits()
    x = np.array(digits.x_train)
    x[17, 3] += 1 / 16
    changed = data.Dataset(
        x, digits.t_train, digits.x_test, digits.t_test, name="digits", classes=digits.classes, image_shape=(8, 8)
    )
    monkeypatch.setattr(command.data_sets.data, "digits", lambda: changed)
    for words in (("--out", made, "--resume"), ("--from", made / "run.json")):
        for lang, said in (("en", "are not those of the run"), ("ko", "데이터와 다릅니다")):
            done = gradwright("train", *words, "--lang", lang)
            assert done.status == 1
            assert done.err.startswith("DataError: ")
            assert said in done.err
            assert digits.fingerprint()[:12] in done.err
            assert changed.fingerprint()[:12] in done.err


def test_data_of_ones_own_that_moved_are_the_same_data(gradwright, folder):
    rows = "".join(f"{i % 7},{i * i % 5},{'안' if i % 3 else '밖'}\n" for i in range(40))
    (folder / "내 표.csv").write_text("a,b,y\n" + rows, encoding="utf-8")
    small = ("--hidden", "3", "--quiet")
    assert gradwright("train", "--data", "내 표.csv", "--steps", "20", "--out", "here", *small).status == 0
    (folder / "moved").mkdir()
    now = (folder / "내 표.csv").rename(folder / "moved" / "it's.csv")
    for words in (("--out", "here", "--resume", "--steps", "30"), ("--from", "here/run.json", "--out", "there")):
        gone = gradwright("train", *words)
        assert (gone.status, len(gone.err.splitlines())) == (1, 1)
        assert "내 표.csv, are no longer there" in gone.err
        assert "--data" in gone.err
        assert not (folder / "there").exists()
    before = Network.load("here/model.safetensors")
    assert gradwright("train", "--from", "here/run.json", "--data", now, "--out", "there", "--quiet").status == 0
    again = Network.load("there/model.safetensors")
    assert {name: array.tobytes() for name, array in again.params.items()} == {
        name: array.tobytes() for name, array in before.params.items()
    }
    assert run_json(folder / "there")["settings"]["data"] == str(now)
    on = gradwright("train", "--out", "here", "--resume", "--steps", "30", "--data", now, "--quiet")
    assert (on.status, on.err) == (0, "")
    now.write_text("a,b,y\n9" + rows, encoding="utf-8")
    other = gradwright("train", "--from", "here/run.json", "--out", "elsewhere")
    assert (other.status, "are not those of the run" in other.err) == (1, True)


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--resume",), 2, "`--resume` needs `--out`"),
        (("--resume", "--out", "nowhere"), 1, "nowhere holds no checkpoint to go on from"),
        (("--resume", "--out", "o", "--overwrite"), 2, "`--resume` and `--overwrite` exclude each other"),
        (("--resume", "--out", "o", "--from", "run.json"), 2, "`--resume` and `--from` exclude each other"),
        (("--from", "run.json"), 1, "there is no file run.json"),
        (("--from", "."), 1, "Give the run.json in it"),
        (("--checkpoint-every", "x"), 2, "`--checkpoint-every` must be a whole number, not 'x'"),
        (("--from",), 2, "--from needs a value"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ko"])
def test_wrong_usage_is_told_in_a_line_and_writes_nothing(gradwright, folder, words, status, said, lang):
    done = gradwright("train", "--lang", lang, *words)
    assert done.status == status
    assert len(done.err.splitlines()) == 1
    assert said in done.err if lang == "en" else any("가" <= letter <= "힣" for letter in done.err)
    assert list(folder.iterdir()) == []


def test_another_machine_is_told(gradwright, folder, monkeypatch):
    assert gradwright(*SMALL, "--steps", "20", "--out", "o").status == 0
    real = run_folder.environment()
    monkeypatch.setattr(command.resuming, "environment", lambda: {**real, "numpy": "9.9"})
    for words in (("--out", "o", "--resume"), ("--from", "o/run.json", "--out", "p")):
        done = gradwright("train", *words)
        assert done.status == 0
        assert done.err.startswith(
            f"Warning: the run was begun elsewhere (there -> here): numpy {np.__version__} -> 9.9."
        )


# -- once more ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "flags",
    [
        ("--epochs", "2"),
        ("--steps", "13", "--init", "0.1", "--target", "5", "--dtype", "float64"),
        ("--sampling", "replacement", "--batch-size", "full", "--steps", "3"),
    ],
)
def test_from_a_run_json_the_same_bits(gradwright, folder, flags):
    assert gradwright("train", "--hidden", "7,5", *flags, "--out", "first").status == 0
    done = gradwright("train", "--from", "first/run.json", "--out", "second")
    assert (done.status, done.err) == (0, "")
    assert outcome(folder / "second") == outcome(folder / "first")
    assert run_json(folder / "second")["settings"] == run_json(folder / "first")["settings"]
    # Without --out a folder of its own, as any run; flags that say the same are no contradiction.
    assert gradwright("train", "--from", "first/run.json", "--hidden", "7,5", "--checkpoint-every", "2").status == 0
    (third,) = (folder / "runs").iterdir()
    assert outcome(third) == outcome(folder / "first")
    refused = gradwright("train", "--from", "first/run.json", "--epochs", "9")
    assert refused.status == 2
    assert "--epochs" in refused.err


def test_run_json_tells_what_a_run_depends_on(made):
    document = run_json(made)
    assert set(document["gradwright"]) >= {"version", "python", "numpy", "system", "machine", "blas", "cores"}
    assert document["settings"]["seed"] == 5
    assert document["settings"]["data_fingerprint"] == data.digits().fingerprint()


@pytest.mark.parametrize("content", ["", "[]", "{}", "{", '{"gradwright": {}, "settings": []}', "\udcff"])
def test_something_else_is_no_run_json(gradwright, folder, content):
    (folder / "run.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    done = gradwright("train", "--from", "run.json")
    assert done.status == 1
    assert "ModelFileError: run.json is no run.json" in done.err
    assert [path.name for path in folder.iterdir()] == ["run.json"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", "5"),
        ("hidden", 5),
        ("steps", 2.5),
        ("optimizer", 3),
        ("seed", True),
        ("learning_rate", None),
        ("data", None),
        ("unheard_of", 1),
        ("dtype", ...),
    ],
)
def test_a_run_json_written_by_hand(gradwright, folder, made, name, value):
    document = run_json(made)
    if value is ...:
        del document["settings"][name]
    else:
        document["settings"][name] = value
    (folder / "run.json").write_text(json.dumps(document), encoding="utf-8")
    done = gradwright("train", "--from", "run.json")
    assert done.status == 1
    assert f"its setting {name!r}" in done.err
    assert len(done.err.splitlines()) == 1


# -- damage, disks, locks ----------------------------------------------------------------------------------------------


@posix
def test_a_damaged_newest_checkpoint_is_passed_over_and_named(gradwright, folder, stop_at, monkeypatch):
    assert gradwright(*SMALL, "--epochs", "4", "--out", "whole").status == 0
    interrupted(gradwright, stop_at, monkeypatch, "--epochs", "4", "--checkpoint-every", "10", "--out", "o")
    monkeypatch.chdir(folder)
    paths = Checkpoints("o/checkpoints").paths()
    assert [step_of(path) for path in paths] == [20, 30, 39]
    content = bytearray(paths[-1].read_bytes())
    content[len(content) // 2] ^= 4
    paths[-1].write_bytes(content)
    done = gradwright("train", "--out", "o", "--resume")
    assert done.status == 0
    assert done.err.startswith("DataWarning: damaged and passed over: step-000000039.safetensors. The run goes on from")
    assert "step-000000030.safetensors" in done.err
    assert outcome(folder / "o") == outcome(folder / "whole")


def test_all_damaged_is_an_error(gradwright, folder):
    assert gradwright(*SMALL, "--steps", "5", "--out", "o").status == 0
    for path in Checkpoints(folder / "o" / "checkpoints").paths():
        path.write_bytes(b"")
    for lang in ("en", "ko"):
        done = gradwright("train", "--out", "o", "--resume", "--lang", lang)
        assert done.status == 1
        assert "step-000000005.safetensors" in done.err
        assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("fails", [1, 3, 5, 9])
def test_a_full_disk_is_told_in_a_line_and_loses_nothing(gradwright, folder, monkeypatch, fails):
    assert gradwright(*SMALL, "--epochs", "3", "--out", "whole").status == 0
    calls, fsync = 0, os.fsync

    def full(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls >= 2 * fails:  # each file is flushed, and then its folder
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    done = gradwright(*SMALL, "--epochs", "3", "--checkpoint-every", "10", "--out", "o")
    monkeypatch.setattr(os, "fsync", fsync)
    assert done.status == 1
    (line,) = done.err.splitlines()
    assert line.startswith("StorageError: ")
    assert "No space left on device" in line
    assert not list((folder / "o").rglob("*.tmp"))
    resumed = Checkpoints(folder / "o" / "checkpoints").paths()
    again = (
        gradwright("train", "--out", "o", "--resume") if resumed else gradwright(*SMALL, "--epochs", "3", "--out", "o")
    )
    assert (again.status, again.err) == (0, "")
    assert outcome(folder / "o") == outcome(folder / "whole")


@posix
@pytest.mark.parametrize("flag", ["--resume", "--overwrite"])
def test_a_read_only_folder_is_told_in_a_line(gradwright, folder, flag):
    """As somebody who is not root, who may write anywhere; changed only after all is imported."""
    assert gradwright(*SMALL, "--steps", "10", "--out", "locked").status == 0
    place = folder / "locked"
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    code = (
        "import os, sys\n"
        "from gradwright.cli import train\n"
        "from gradwright.cli.app import run\n"
        "from gradwright import data\n"
        "import safetensors.numpy, threadpoolctl\n"
        "digits = data.digits()\n"
        "train.options.load_data = lambda *given: digits\n"
        "if os.geteuid() == 0:\n    os.setgroups([])\n    os.setgid(65534)\n    os.setuid(65534)\n"
        "sys.exit(run(sys.argv[1:]))"
    )
    # The way to the folder is opened for others: a working folder that one may not enter is another error.
    for path in folder.relative_to(folder.parents[3]).parents:
        (folder.parents[3] / path).chmod(0o755)
    for path in (folder, folder.parents[3]):
        path.chmod(0o755)
    for path in (place, place / "checkpoints"):
        path.chmod(0o555)
    settings = () if flag == "--resume" else SMALL[1:]
    words = [sys.executable, "-c", code, "train", *settings, "--steps", "20", "--out", "locked", flag]
    try:
        done = subprocess.run(words, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    finally:
        for path in (place, place / "checkpoints"):
            path.chmod(0o755)
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("StorageError: "), line
    assert "Permission denied" in line
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_a_second_process_is_refused(gradwright, folder):
    assert gradwright(*SMALL, "--steps", "10", "--out", "o").status == 0
    with Checkpoints(folder / "o" / "checkpoints"):
        before = {path: path.read_bytes() for path in (folder / "o").rglob("*") if path.is_file()}
        for words in (("--resume", "--out", "o"), (*SMALL[1:], "--overwrite", "--out", "o")):
            for lang, said in (("en", "another process is writing in o."), ("ko", "다른 프로세스가")):
                done = gradwright("train", *words, "--lang", lang)
                assert done.status == 1
                assert said in done.err
                assert len(done.err.splitlines()) == 1
        assert {path: path.read_bytes() for path in (folder / "o").rglob("*") if path.is_file()} == before
    assert gradwright("train", "--resume", "--out", "o").status == 0


def test_overwrite_leaves_no_checkpoint_of_the_run_before(gradwright, folder):
    assert gradwright(*SMALL, "--steps", "50", "--out", "o").status == 0
    refused = gradwright(*SMALL, "--steps", "20", "--out", "o")
    assert refused.status == 1
    assert "--resume" in refused.err
    assert gradwright(*SMALL, "--steps", "20", "--out", "o", "--overwrite").status == 0
    assert [step_of(path) for path in Checkpoints(folder / "o" / "checkpoints").paths()][-1] == 20


def test_what_was_half_written_is_swept(gradwright, folder):
    assert gradwright(*SMALL, "--steps", "10", "--out", "o").status == 0
    names = (".model.safetensors", ".run.json", "checkpoints/.step-000000020.safetensors")
    orphans = [folder / "o" / f"{name}.0123456789ab.tmp" for name in names]
    for path in orphans:
        path.write_bytes(b"half")
    assert gradwright("train", "--resume", "--out", "o").status == 0
    assert not any(path.exists() for path in orphans)


def test_somebody_elses_checkpoints_are_not_written_beside(gradwright, folder):
    (folder / "o" / "checkpoints").mkdir(parents=True)
    (folder / "o" / "checkpoints" / "best.pt").write_bytes(b"mine")
    done = gradwright(*SMALL, "--steps", "5", "--out", "o")
    assert done.status == 1
    assert "checkpoints/best.pt" in done.err


def test_a_run_that_another_process_finished_meanwhile_is_not_lost(gradwright, folder, monkeypatch):
    """Both found the folder empty; the second waits for nobody, but looks again once it has the lock."""
    begin = run_folder.RunFolder.begin

    def late(self: run_folder.RunFolder, settings: Any) -> None:
        (folder / "o").mkdir(exist_ok=True)
        storage.write_atomic(folder / "o" / "model.safetensors", b"of the other process")
        begin(self, settings)

    monkeypatch.setattr(run_folder.RunFolder, "begin", late)
    done = gradwright(*SMALL, "--steps", "5", "--out", "o")
    assert done.status == 1
    assert done.err.startswith("OutputExistsError")
    assert (folder / "o" / "model.safetensors").read_bytes() == b"of the other process"
