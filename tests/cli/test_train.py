"""``gradwright train`` from the first word to the files it leaves."""

from __future__ import annotations

import csv
import json
import shlex
import subprocess
import sys

import numpy as np
import pytest

import gradwright as gw
from gradwright.cli.app import run

QUICK = ("train", "--epochs", "2", "--batch-size", "100")


def test_without_arguments_it_does_the_whole_job(gradwright, folder):
    done = gradwright("train")
    assert done.status == 0
    assert done.err == ""
    assert "gradient check passed: 40 of 3,760 entries" in done.out
    assert "epoch" in done.out
    assert "train acc" in done.out
    (out,) = (folder / "runs").iterdir()
    names = {"model.safetensors", "history.csv", "run.json", "curves.png", "example.png", "checkpoints"}
    assert {path.name for path in out.iterdir()} == names
    rows = list(csv.DictReader((out / "history.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 30
    assert float(rows[-1]["test_accuracy"]) >= 0.95
    assert (out / "curves.png").read_bytes().startswith(b"\x89PNG")
    network = gw.Network.load(out / "model.safetensors")
    digits = gw.data.digits()
    assert network.accuracy(digits.x_test, digits.t_test) == float(rows[-1]["test_accuracy"])
    known = {"data": "digits", "target": None, "classes": list("0123456789"), "image_shape": [8, 8], "seed": 0}
    assert known.items() <= network.metadata.items()
    assert network.metadata["fingerprint"] == digits.fingerprint()
    settings = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert settings["status"] == "finished"
    assert settings["settings"]["data_fingerprint"] == digits.fingerprint()
    assert settings["result"]["test_accuracy"] == float(rows[-1]["test_accuracy"])


def test_the_three_next_commands_can_be_typed_as_they_stand(gradwright, folder):
    done = gradwright(*QUICK, "--out", "an out")
    lines = [line for line in done.out.splitlines() if line.startswith("  ") and "gradwright" in line]
    assert len(lines) == 3
    for line in lines:
        words = shlex.split(line) if sys.platform != "win32" else line.split()
        start = next(i for i, word in enumerate(words) if word in ("evaluate", "predict", "train"))
        again = gradwright(*words[start:])
        assert again.status == 0, again.err


def test_each_run_without_out_gets_a_folder_of_its_own(gradwright, folder):
    for _ in range(3):
        assert gradwright(*QUICK).status == 0
    assert len(list((folder / "runs").iterdir())) == 3


def test_the_same_seed_gives_the_same_bits(gradwright, folder):
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        assert gradwright(*QUICK, "--seed", seed, "--out", name).status == 0
    read = [gw.Network.load(folder / name / "model.safetensors").params["W1"] for name in "abc"]
    np.testing.assert_array_equal(read[0], read[1])
    assert not np.array_equal(read[0], read[2])
    assert (folder / "a" / "model.safetensors").read_bytes() == (folder / "b" / "model.safetensors").read_bytes()


def test_json_is_one_document_and_nothing_else(gradwright):
    done = gradwright(*QUICK, "--json")
    assert done.err == ""
    document = done.document
    assert document["command"] == "train"
    assert document["gradient_check"]["verdict"] == "passed"
    assert [record["epoch"] for record in document["records"]] == [1, 2]
    assert document["settings"]["batch_size"] == 100
    assert len(document["next"]) == 3


def test_quiet_writes_nothing(gradwright):
    assert gradwright(*QUICK, "--quiet") == (0, "", "")


def test_korean(gradwright):
    done = gradwright(*QUICK, "--lang", "ko")
    assert "기울기 확인 통과" in done.out
    assert "다음에 해 볼 명령" in done.out
    assert "학습률" in gradwright("train", "--help", "--lang", "ko").out


def test_is_it_a_five(gradwright, folder):
    done = gradwright("train", "--target", "5", "--epochs", "5", "--out", "five", "--json").document
    assert gw.Network.load(folder / "five" / "model.safetensors").metadata["classes"] == ["not 5", "5"]
    assert done["result"]["test_accuracy"] > 0.95
    found = gradwright("evaluate", "five/model.safetensors", "--data", "digits", "--json").document
    assert found["classes"] == ["not 5", "5"]
    assert found["accuracy"] == done["result"]["test_accuracy"]


def test_the_flags_reach_the_run(gradwright, folder):
    done = gradwright(
        *("train", "--hidden", "12,7", "--activation", "relu", "--optimizer", "adam", "--learning-rate", "0.01"),
        *("--batch-size", "full", "--steps", "6", "--evaluate-every", "4", "--init", "0.01", "--dtype", "float64"),
        *("--sampling", "replacement", "--out", "o", "--json"),
    ).document
    assert [record["step"] for record in done["records"]] == [4, 6]
    network = gw.Network.load(folder / "o" / "model.safetensors")
    assert [network.params[name].shape for name in ("W1", "W2", "W3")] == [(64, 12), (12, 7), (7, 10)]
    assert network.params["W1"].dtype == np.float64
    assert [layer.kind for layer in network.layers] == ["affine", "relu", "affine", "relu", "affine"]


def test_numerical_gradients_train_as_backpropagation_does(gradwright, folder):
    common = ("train", "--hidden", "3", "--steps", "3", "--batch-size", "10", "--dtype", "float64")
    assert gradwright(*common, "--out", "b").status == 0
    done = gradwright(*common, "--gradient", "numerical", "--out", "n")
    assert done.status == 0
    assert "evaluates the loss 470 times" in done.out
    a, b = (gw.Network.load(folder / name / "model.safetensors").params for name in "bn")
    assert all(np.allclose(a[name], b[name], atol=1e-7) for name in a)
    twin = gradwright(*common, "--gradient", "numerical", "--out", "j", "--json").document["result"]["backprop"]
    apart = {name: float(np.abs(a[name] - b[name]).max()) for name in a}
    assert twin["largest_difference"] == pytest.approx(max(apart.values()))
    assert f"is {twin['largest_difference']:.1e}, in {max(apart, key=apart.get)}" in done.out


def test_in_another_process_and_another_language(folder):
    words = [sys.executable, "-m", "gradwright", *QUICK, "--out", "결과 1"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False, env=_environment("ko_KR.UTF-8"))
    assert done.returncode == 0, done.stderr
    assert "에폭" in done.stdout
    assert (folder / "결과 1" / "model.safetensors").is_file()


def _environment(lang):
    import os

    kept = {k: v for k, v in os.environ.items() if k not in ("GRADWRIGHT_LANG", "LC_ALL", "LC_MESSAGES")}
    return {**kept, "LANG": lang, "PYTHONUTF8": "1"}


@pytest.mark.parametrize(
    "words",
    [("train", "--foo"), ("train", "--steps"), ("predict",), ("trian",), ("train", "x"), ("train", "--seed", "a")],
)
def test_usage_errors_are_korean_too(gradwright, words):
    done = gradwright(*words, "--lang", "ko") if words[-1] != "--steps" else gradwright("train", "--lang=ko", "--steps")
    assert done.status == 2
    assert any("가" <= character <= "힣" for character in done.err)
    assert len(done.err.splitlines()) == 1


def test_a_run_that_grows_worse_is_told_so(gradwright):
    words = ("--learning-rate", "1000", "--epochs", "3", "--optimizer", "sgd", "--activation", "relu")
    done = gradwright("train", *words)
    assert ("loss rose" in done.out and done.status == 0) or "NonFiniteLossError" in done.err


@pytest.mark.parametrize("missing", ["click", "rich"])
def test_without_the_extra_one_line_names_it(missing):
    code = f"import sys; sys.modules[{missing!r}] = None; from gradwright.__main__ import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert 'pip install "gradwright[app]"' in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--optimizer", "sdg"), 2, "`--optimizer` must be one of 'sgd'"),
        (("--learning-rate", "0"), 2, "`--learning-rate` must be a positive number, not 0.0"),
        (("--learning-rate", "-1"), 2, "`--learning-rate` must be a positive number"),
        (("--learning-rate", "nan"), 2, "`--learning-rate` must be a positive number"),
        (("--learning-rate", "fast"), 2, "`--learning-rate` must be a number or 'auto', not 'fast'"),
        (("--steps", "0"), 2, "`--steps` must be a positive whole number"),
        (("--steps", "1.5"), 2, "`--steps` must be a whole number"),
        (("--steps", "5", "--epochs", "5"), 2, "not both"),
        (("--batch-size", "none"), 2, "`--batch-size` must be a number or 'full'"),
        (("--batch-size", "-3"), 2, "`--batch-size` must be a positive whole number"),
        (("--hidden", "5,,5"), 2, "`--hidden` must be whole numbers"),
        (("--hidden", "0"), 2, "`--hidden` must be whole numbers"),
        (("--activation", "relux"), 2, "`--activation` must be one of"),
        (("--gradient", "exact"), 2, "`--gradient` must be one of"),
        (("--sampling", "all"), 2, "`--sampling` must be one of"),
        (("--init", "big"), 2, "`--init` must be a number or"),
        (("--init", "0"), 2, "`--init` must be a positive number"),
        (("--dtype", "float16"), 2, "`--dtype` must be one of"),
        (("--seed", "-1"), 2, "`--seed` must be a whole number that is not negative"),
        (("--data", "cifar"), 2, "`--data` must be one of digits, mnist"),
        (("--data-dir", "x"), 2, "--data mnist"),
        (("--data", "mnist", "--data-dir", "nowhere"), 1, "nowhere"),
        (("--target", "eleven"), 2, "eleven"),
        (("--lang", "fr"), 2, "`--lang` must be one of 'ko', 'en'"),
        (("--nosuchflag",), 2, "there is no option --nosuchflag"),
        (("--steps",), 2, "--steps needs a value"),
        (("surplus",), 2, "surplus"),
    ],
)
def test_mistakes_are_told_in_one_line_and_nothing_is_written(gradwright, folder, words, status, said):
    done = gradwright("train", *words)
    assert done.status == status
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""
    assert list(folder.iterdir()) == []


def test_a_run_that_diverges_says_so_and_keeps_its_history(gradwright, folder):
    words = ("--activation", "relu", "--learning-rate", "1e30", "--optimizer", "sgd", "--init", "10")
    done = gradwright("train", *words, "--out", "o")
    assert done.status == 1
    assert "NonFiniteLossError" in done.err
    assert "Lower" in done.err or "lower" in done.err
    assert "`--learning-rate`" in done.err, "as it is called here"
    assert len(done.err.splitlines()) == 1
    assert json.loads((folder / "o" / "run.json").read_text(encoding="utf-8"))["status"] == "failed"
    assert not (folder / "o" / "model.safetensors").exists()


class TestOutputFolder:
    def test_a_run_is_not_overwritten(self, gradwright, folder):
        assert gradwright(*QUICK, "--out", "o").status == 0
        before = (folder / "o" / "model.safetensors").read_bytes()
        done = gradwright(*QUICK, "--out", "o", "--seed", "3")
        assert done.status == 1
        assert "OutputExistsError" in done.err
        assert (folder / "o" / "model.safetensors").read_bytes() == before
        assert gradwright(*QUICK, "--out", "o", "--seed", "3", "--overwrite").status == 0
        assert (folder / "o" / "model.safetensors").read_bytes() != before

    def test_somebody_elses_files_are_not_written_beside(self, gradwright, folder):
        (folder / "o").mkdir()
        (folder / "o" / "thesis.txt").write_text("mine", encoding="utf-8")
        done = gradwright(*QUICK, "--out", "o")
        assert done.status == 1
        assert "thesis.txt" in done.err
        assert [path.name for path in (folder / "o").iterdir()] == ["thesis.txt"]

    def test_a_file_of_the_same_name_is_not_overwritten(self, gradwright, folder):
        (folder / "o").mkdir()
        (folder / "o" / "history.csv").write_text("mine", encoding="utf-8")
        assert gradwright(*QUICK, "--out", "o").status == 1
        assert (folder / "o" / "history.csv").read_text(encoding="utf-8") == "mine"

    def test_a_file_is_no_folder(self, gradwright, folder):
        (folder / "o").write_text("mine", encoding="utf-8")
        done = gradwright(*QUICK, "--out", "o")
        assert done.status == 1
        assert (folder / "o").read_text(encoding="utf-8") == "mine"

    def test_what_a_killed_run_left_is_used_again(self, gradwright, folder):
        assert gradwright(*QUICK, "--out", "o").status == 0
        for name in ("model.safetensors", "curves.png"):
            (folder / "o" / name).unlink()
        refused = gradwright(*QUICK, "--out", "o")  # there is a checkpoint to go on from
        assert refused.status == 1
        assert "--resume" in refused.err
        for path in (folder / "o" / "checkpoints").glob("step-*"):
            path.unlink()
        assert gradwright(*QUICK, "--out", "o").status == 0

    def test_an_empty_folder_and_a_deep_one_are_used(self, gradwright, folder):
        (folder / "empty").mkdir()
        assert gradwright(*QUICK, "--out", "empty").status == 0
        assert gradwright(*QUICK, "--out", "a/b/c").status == 0


def test_version_and_help(capsys):
    assert run(["--version"]) == 0
    assert gw.__version__ in capsys.readouterr().out
    assert run(["--help"]) == 0
    assert "train" in capsys.readouterr().out
    assert run([]) == 2


@pytest.mark.slow
def test_the_notes_own_job_on_mnist(gradwright, mnist_folder):
    """Row T1: 784-50-10, 0.01 normal, batches of 100 with replacement, rate 0.1, 10,000 steps, scores every 600."""
    done = gradwright(
        *("train", "--data", "mnist", "--data-dir", mnist_folder, "--hidden", "50", "--init", "0.01"),
        *("--batch-size", "100", "--sampling", "replacement", "--learning-rate", "0.1", "--steps", "10000"),
        *("--evaluate-every", "600", "--out", "mnist", "--json"),
    ).document
    assert done["settings"]["optimizer"] == "sgd"
    assert [record["step"] for record in done["records"]] == [*range(600, 9601, 600), 10000]
    assert done["result"]["test_accuracy"] >= 0.94
    assert done["result"]["train_accuracy"] >= 0.94
