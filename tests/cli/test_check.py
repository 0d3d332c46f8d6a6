"""``gradwright check``: a gradient in a file of the user's, right or wrong, and every way to call it wrongly."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys

import pytest

import gradwright as gw
from gradwright.cli import check, targets
from gradwright.errors import ArgumentTypeError, UsageError

MODEL = """\
import functools
import sys
from dataclasses import dataclass

import numpy as np

from neighbour import fails, twice

x = np.arange(12.0).reshape(6, 2) / 7 - 0.8
t = np.sin(np.arange(6.0))
w0 = {"w": np.array([0.3, -0.2]), "b": np.array(0.1)}
v0 = [1.0, -2.0, 3.0]
dv0 = np.array([2.0, -4.0, 6.0])
words = "no array"
nested = {"w": np.ones(2), "b": "no array"}
bad = np.array([1.0, np.nan])


@dataclass
class Named:
    value: "float" = 1.0


def start():
    return w0


def nothing():
    return None


def loss(p):
    return ((x @ p["w"] + p["b"] - t) ** 2).mean()


def gradient(p):
    r = twice(x @ p["w"] + p["b"] - t) / len(t)
    return {"w": x.T @ r, "b": r.sum()}


def wrong(p):
    r = twice(x @ p["w"] + p["b"] - t)
    return {"w": x.T @ r, "b": r.sum()}


def transposed(p):
    return {"w": np.ones((2, 1)), "b": np.array(0.0)}


def half(p):
    return {"w": p["w"]}


def square(v):
    return (v**2).sum()


def square_gradient(v):
    return 2 * v


def chatty(v):
    print("f is asked")
    return (v**2).sum()


def not_a_number(v):
    return v * np.nan


def without_return(v):
    (v**2).sum()


def of_two(v, t):
    return ((v - t) ** 2).sum()


def of_library(v):
    import gradwright as gw

    return float(gw.softmax("no array").sum())


def leaves(v):
    sys.exit("that was it")


def wordless(v):
    raise NotImplementedError


def long(v):
    raise ValueError("1 2 3\\n" * 1000)


def by_neighbour(v):
    return fails(v)


def singular(v):
    return np.linalg.inv(np.zeros((2, 2)))[0]


determinant = np.linalg.det
bound = functools.partial(of_two, t=np.zeros(3))
vague = lambda v: (v * 1e17 + 1) - v * 1e17
"""
NEIGHBOUR = """\
def twice(r):
    return 2 * r


def fails(v):
    return {}["there"]
"""


@pytest.fixture
def model(folder):
    (folder / "model.py").write_text(MODEL, encoding="utf-8")
    (folder / "neighbour.py").write_text(NEIGHBOUR, encoding="utf-8")
    return folder / "model.py"


@pytest.fixture
def checked(gradwright, model):
    """Run the command on names of the model."""

    def command(f, gradient, at, *words, file="model.py"):
        names = [name if name == "autograd" else f"{file}:{name}" for name in (f, gradient, at)]
        return gradwright("check", *names[:2], "--at", names[2], *words)

    return command


def line_of(text: str, source: str = MODEL) -> int:
    return source.splitlines().index(text) + 1


@pytest.mark.parametrize(
    ("f", "gradient", "at"),
    [
        ("loss", "gradient", "w0"),
        ("loss", "gradient", "start"),
        ("square", "square_gradient", "v0"),
        ("square", "dv0", "v0"),
        ("bound", "square_gradient", "v0"),
    ],
)
def test_a_right_gradient_passes(checked, f, gradient, at):
    done = checked(f, gradient, at)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("gradient check passed")
    assert checked(f, gradient, at, "--quiet") == (0, "", "")


def test_a_wrong_one_fails_with_its_cause(checked):
    done = checked("loss", "wrong", "w0")
    assert (done.status, done.err) == (1, "")
    assert done.out.startswith("gradient check FAILED: 3 of 3 entries are wrong")
    assert "w[0]" in done.out
    assert "missing-batch-mean" in checked("loss", "wrong", "w0", "--batch-size", 6).out
    assert checked("loss", "wrong", "w0", "--quiet") == (1, "", "")


def test_what_cannot_be_decided_does_not_pass(checked, monkeypatch):
    report = gw.check_gradient(lambda v: v @ v, [1.0, 2.0], lambda v: 2 * v)
    report = gw.GradientReport(**{**vars(report), "verdict": "inconclusive"})
    monkeypatch.setattr(check, "check_gradient", lambda *arguments, **settings: report)
    done = checked("square", "square_gradient", "v0")
    assert done.status == 1
    assert "inconclusive" in done.out


def test_the_settings_reach_the_check(checked, monkeypatch):
    found = []

    def look(f, x, gradient, **settings):
        found.append((x, gradient, settings))
        return gw.check_gradient(f, x, lambda v: 2 * v)

    monkeypatch.setattr(check, "check_gradient", look)
    checked("square", "dv0", "v0", "--sample", 2, "--seed", 7, "--batch-size", 5)
    checked("square", "autograd", "v0")
    (x, gradient, settings), (_, word, plain) = found
    assert x == [1.0, -2.0, 3.0]
    assert gradient.tolist() == [2.0, -4.0, 6.0]
    assert settings == {"sample": 2, "rng": 7, "batch_size": 5}
    assert word == "autograd"
    assert plain == {"sample": None, "rng": 0, "batch_size": None}


def test_the_sample_is_drawn_by_the_seed(checked):
    done = checked("loss", "wrong", "w0", "--sample", 1, "--seed", 3, "--json").document
    assert (done["checked"], done["total"], done["seed"]) == (2, 3, 3)


def test_one_json_document_and_nothing_else(checked):
    done = checked("chatty", "square_gradient", "v0", "--json")
    assert done.status == 0
    assert done.document["command"] == "check"
    assert done.document["f"] == "model.py:chatty"
    assert done.document["gradient"] == "model.py:square_gradient"
    assert done.document["at"] == "model.py:v0"
    assert done.document["passed"] is True
    assert done.err == "f is asked\n" * done.err.count("\n")
    assert done.err
    # Without it the user's own words stay where they were.
    done = checked("chatty", "square_gradient", "v0")
    assert done.out.startswith("f is asked\n")
    assert done.err == ""


def test_the_document_holds_the_report(checked):
    done = checked("loss", "wrong", "w0", "--json", "--batch-size", 6)
    assert done.status == 1
    assert done.document["verdict"] == "wrong"
    assert {tuple(m["index"]) for m in done.document["mismatches"]} == {(0,), (1,), ()}
    cause = done.document["causes"][0]
    assert cause["code"] == "missing-batch-mean"
    assert cause["evidence"].isascii()
    korean = checked("loss", "wrong", "w0", "--json", "--batch-size", 6, "--lang", "ko").document["causes"][0]
    assert not korean["evidence"].isascii()
    assert not korean["cure"].isascii()


def test_what_is_not_finite_is_null_in_the_document():
    assert check._plain({"a": [1.0, math.nan, (math.inf, "x")], "b": None}) == {
        "a": [1.0, None, [None, "x"]],
        "b": None,
    }


def test_in_korean(checked):
    assert "기울기 확인 통과" in checked("loss", "gradient", "w0", "--lang", "ko").out
    done = checked("loss", "wrong", "w0", "--lang", "ko")
    assert done.status == 1
    assert "기울기 확인 실패" in done.out
    line = line_of("    raise NotImplementedError")
    done = checked("wordless", "dv0", "v0", "--lang", "ko")
    assert done.err == f"NotImplementedError: (model.py, {line}번째 줄)\n"
    assert "파일이 없습니다" in checked("f", "g", "x", "--lang", "ko", file="no.py").err


def test_from_another_folder_in_a_process_of_its_own(model, tmp_path):
    away = tmp_path / "away"
    away.mkdir()
    near = os.path.relpath(model, away)
    command = [sys.executable, "-m", "gradwright", "check", f"{near}:loss", f"{model}:gradient", "--at", f"{near}:w0"]
    done = subprocess.run(command, cwd=away, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("gradient check passed")
    command[5] = f"{model}:wrong"
    done = subprocess.run(
        [*command, "--json"], cwd=away, capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert json.loads(done.stdout)["passed"] is False
    # Nothing was left behind.
    assert sorted(path.name for path in model.parent.iterdir()) == ["model.py", "neighbour.py"]
    assert list(away.iterdir()) == []


class TestImport:
    def test_each_file_once(self, checked, folder):
        with (folder / "model.py").open("a", encoding="utf-8") as file:
            file.write('print("imported as", __name__)\n')
        assert checked("loss", "gradient", "w0").out.count("imported as model\n") == 1

    def test_by_whatever_path(self, gradwright, model):
        with model.open("a", encoding="utf-8") as file:
            file.write('print("imported")\n')
        here = model.parent.name
        done = gradwright("check", f"{model}:loss", f"../{here}/model.py:gradient", "--at", "model.py:w0")
        assert done.status == 0
        assert done.out.count("imported\n") == 1

    def test_a_file_that_another_imports(self, gradwright, folder):
        (folder / "one.py").write_text("from two import square_gradient\ndef square(v): return v @ v\n")
        (folder / "two.py").write_text("print('two')\nx0 = [1.0, 2.0]\ndef square_gradient(v): return 2 * v\n")
        done = gradwright("check", "one.py:square", "two.py:square_gradient", "--at", "two.py:x0")
        assert done.status == 0
        assert done.out.count("two\n") == 1

    def test_two_files_of_one_name(self, gradwright, folder):
        for name, source in (("a", "def f(v): return v @ v\nx0 = [1.0, 2.0]\n"), ("b", "def g(v): return 2 * v\n")):
            (folder / name).mkdir()
            (folder / name / "model.py").write_text(source)
        assert gradwright("check", "a/model.py:f", "b/model.py:g", "--at", "a/model.py:x0").status == 0

    @pytest.mark.parametrize("name", ["json.py", "numpy.py", "내 모델.py", "my-model.v2.py", "MODEL.PY"])
    def test_a_file_may_have_any_name(self, gradwright, folder, name):
        before = sys.modules["json"], sys.modules["numpy"]
        (folder / name).write_text("def f(v): return v @ v\ndef g(v): return 2 * v\nx0 = [1.0, 2.0]\n")
        done = gradwright("check", f"{name}:f", f"{name}:g", "--at", f"{name}:x0", "--json")
        assert done.document["passed"] is True
        assert (sys.modules["json"], sys.modules["numpy"]) == before

    def test_neighbours_that_are_imported_late(self, gradwright, folder):
        (folder / "late.py").write_text("def square(v): return v @ v\n")
        source = (
            "def f(v):\n    from late import square\n    return square(v)\ndef g(v): return 2 * v\nx0 = [1.0, 2.0]\n"
        )
        (folder / "model.py").write_text(source)
        assert gradwright("check", "model.py:f", "model.py:g", "--at", "model.py:x0").status == 0
        assert not (folder / "__pycache__").exists()

    def test_all_is_as_it_was(self, checked, folder):
        before = sys.path[:], sys.dont_write_bytecode, sys.stdout
        checked("loss", "gradient", "w0", "--json")
        checked("loss", "singular", "w0", "--json")
        assert (sys.path, sys.dont_write_bytecode, sys.stdout) == before
        assert not {"model", "neighbour"} & set(sys.modules)
        assert not (folder / "__pycache__").exists()

    def test_nothing_runs_before_all_files_are_there(self, gradwright, folder):
        (folder / "noisy.py").write_text("print('executed')\n")
        done = gradwright("check", "noisy.py:f", "noisy.py:g", "--at", "nowhere.py:x0")
        assert (done.status, done.out) == (2, "")


@pytest.mark.parametrize(
    ("said", "file", "name"),
    [
        ("model.py:loss", "model.py", "loss"),
        (r"C:\work\f.py:f", r"C:\work\f.py", "f"),
        (r"C:f.py:f", "C:f.py", "f"),
        ("내 드라이브/it's here/a:b.py:기울기", "내 드라이브/it's here/a:b.py", "기울기"),
    ],
)
def test_a_target_is_split_at_the_last_colon(said, file, name):
    assert targets.split(said) == (file, name)


@pytest.mark.parametrize(
    "said", ["model.py", r"C:\work\f.py", ":f", "model.py:", "", "model.py:f(x)", "model.py:net.f"]
)
def test_what_is_no_target(said):
    with pytest.raises(UsageError) as caught:
        targets.split(said)
    assert f"`{said}` must be written FILE.py:NAME" in caught.value.text("en")


def test_what_a_file_has_is_listed(checked):
    err = checked("los", "gradient", "w0").err
    assert err.startswith("UsageError: model.py has no los. It has loss, ")  # what is near comes first
    for name in ("gradient", "w0", "v0", "start"):
        assert f", {name}," in err
    for name in ("np", "Named", "dataclass", "twice", "words"):
        assert f"{name}," not in err
    assert len(err) < 400


def test_a_file_without_names(gradwright, folder):
    (folder / "empty.py").write_text("")
    done = gradwright("check", "empty.py:f", "empty.py:g", "--at", "empty.py:x")
    assert done == (2, "", "UsageError: empty.py has no f. It has no public function or array at all.\n")


@pytest.mark.parametrize(
    ("f", "gradient", "at", "said"),
    [
        ("w0", "gradient", "w0", "`model.py:w0` must be a function that can be called, not dict."),
        ("loss", "words", "w0", "`model.py:words` must be a function, or the gradient at the point"),
        ("loss", "of_two", "w0", "`model.py:of_two` must take one argument, the point, but it is of_two(v, t)."),
        ("of_two", "gradient", "w0", "`model.py:of_two` must take one argument, the point, but it is of_two(v, t)."),
        ("loss", "gradient", "words", "`model.py:words` must be an array"),
        ("loss", "gradient", "nothing", "not NoneType"),
        ("loss", "gradient", "loss", "`model.py:loss` must take no arguments, so that it can return the point"),
        ("loss", "gradient", "nested", "`nested` has str at b"),
        ("square", "square_gradient", "bad", "`bad` holds nan at bad[1]"),
        ("square", "square_gradient", "missing", "model.py has no missing."),
        ("square", "autograd", "v0", "ArgumentTypeError: "),  # a list becomes an array of NumPy, which has none
    ],
)
def test_wrong_names_are_wrong_usage(checked, f, gradient, at, said):
    done = checked(f, gradient, at)
    assert (done.status, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert said in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("no.py:f", "model.py:gradient", "--at", "model.py:w0"),
        ("model.txt:f", "model.py:gradient", "--at", "model.py:w0"),
        ("model:f", "model.py:gradient", "--at", "model.py:w0"),
        ("model.py", "model.py:gradient", "--at", "model.py:w0"),
        ("autograd", "model.py:gradient", "--at", "model.py:w0"),
        ("model.py:loss", "model.py:gradient", "--at", "autograd"),
        (".:f", "model.py:gradient", "--at", "model.py:w0"),
        ("model.py:loss", "model.py:gradient"),
        ("model.py:loss", "--at", "model.py:w0"),
        ("model.py:loss", "model.py:gradient", "model.py:w0", "--at", "model.py:w0"),
        ("model.py:loss", "model.py:gradient", "--at", "model.py:w0", "--sample", "0"),
        ("model.py:loss", "model.py:gradient", "--at", "model.py:w0", "--sample", "few"),
        ("model.py:loss", "model.py:gradient", "--at", "model.py:w0", "--seed", "-1"),
        ("model.py:loss", "model.py:gradient", "--at", "model.py:w0", "--batch-size", "0"),
        ("model.py:loss", "model.py:gradient", "--at", "model.py:w0", "--lang", "fr"),
    ],
)
def test_wrong_usage_is_told_in_one_line(gradwright, model, words):
    for form in ([], ["--json"]):
        done = gradwright("check", *words, *form)
        assert done.status == 2
        assert list(done.document) == ["error"] if form else done.out == ""
        assert len(done.err.splitlines()) == 1
        assert len(done.err) < 300


@pytest.mark.parametrize(
    ("f", "gradient", "at", "line"),
    [
        ("loss", "transposed", "w0", "FunctionError: `transposed w` has shape (2, 1), but it must have shape (2,)."),
        (
            "loss",
            "half",
            "w0",
            "FunctionError: `half` must have the same entries as `w0`: missing ['b'], unexpected -.",
        ),
        ("square", "v0", "dv0", None),
        ("without_return", "dv0", "v0", "FunctionError: `without_return` returned None; it must return a number."),
        ("square", "not_a_number", "v0", "FunctionError: `not_a_number` holds nan at index (0,) (3 in all)."),
    ],
)
def test_what_their_functions_return_fails_the_check(checked, f, gradient, at, line):
    done = checked(f, gradient, at)
    assert done.status == 1
    assert done.err.startswith(line or "")
    assert len(done.err.splitlines()) == (line is not None)


@pytest.mark.parametrize(
    ("name", "kind", "line"),
    [
        ("singular", "LinAlgError: Singular matrix", "    return np.linalg.inv(np.zeros((2, 2)))[0]"),
        ("wordless", "NotImplementedError:", "    raise NotImplementedError"),
        ("leaves", "SystemExit: that was it", '    sys.exit("that was it")'),
        ("of_library", "ArgumentTypeError: `x` must", '    return float(gw.softmax("no array").sum())'),
    ],
)
def test_errors_of_their_code_have_a_place(checked, name, kind, line):
    place = f"(model.py, line {line_of(line)})\n"
    for f, gradient in ((name, "dv0"), ("square", name)):
        done = checked(f, gradient, "v0")
        assert (done.status, done.out) == (1, "")
        assert done.err.startswith(kind)
        assert done.err.endswith(place)
        assert len(done.err.splitlines()) == 1
    assert checked("square", "square_gradient", name).status == 2  # it takes an argument


def test_errors_of_a_neighbour(checked):
    line = line_of('    return {}["there"]', NEIGHBOUR)
    assert checked("by_neighbour", "dv0", "v0") == (1, "", f"KeyError: 'there' (neighbour.py, line {line})\n")


def test_errors_of_a_function_from_elsewhere(checked):
    done = checked("determinant", "dv0", "v0")
    assert done.status == 1
    assert done.err.startswith("LinAlgError: ")
    assert done.err.endswith(" (model.py)\n")


def test_a_long_error_stays_short(checked):
    done = checked("long", "dv0", "v0")
    assert done.err.startswith("ValueError: 1 2 3 1 2 3")
    assert len(done.err) < 400


def test_an_error_of_ours_is_not_blamed_on_them(checked, monkeypatch):
    def broken(*arguments, **settings):
        raise IndexError("ours")

    monkeypatch.setattr(check, "check_gradient", broken)
    with pytest.raises(IndexError, match="ours"):
        checked("square", "dv0", "v0")

    def refuses(*arguments, **settings):
        raise ArgumentTypeError("array.ragged", name="x")

    monkeypatch.setattr(check, "check_gradient", refuses)
    assert checked("square", "dv0", "v0").err.startswith("ArgumentTypeError: `v0` cannot be made")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (b"x = 1\ndef f(x:\n    pass\n", "SyntaxError: '(' was never closed (model.py, line 2)"),
        (b"x = 1\n\nimport nosuchmodule\n", "ModuleNotFoundError: No module named 'nosuchmodule' (model.py, line 3)"),
        (b"import neighbour\n", "SyntaxError: invalid syntax (neighbour.py, line 2)"),
        (b"import sys\nsys.exit(3)\n", "SystemExit: 3 (model.py, line 2)"),
        (
            b"from . import other\n",
            "ImportError: attempted relative import with no known parent package (model.py, line 1)",
        ),
        (b'x = "\xff"\n', "SyntaxError: "),
        (b"x = 1\0\n", None),
    ],
)
def test_files_that_cannot_be_imported(gradwright, folder, source, said):
    (folder / "model.py").write_bytes(source)
    (folder / "neighbour.py").write_text("\n1 2\n" if b"neighbour" in source else "")
    done = gradwright("check", "model.py:f", "model.py:g", "--at", "model.py:x")
    assert (done.status, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
    assert "model.py" in done.err or "neighbour.py" in done.err
    assert done.err.startswith(said or "")
