"""``gradwright compare``."""

from __future__ import annotations

import json

import pytest


def test_three_sizes_of_batch(gradwright, folder):
    done = gradwright("compare", "--epochs", "1", "--hidden", "5", "--out", "비교.png")
    assert (done.status, done.err) == (0, "")
    for words in ("batch  ", "stochastic  ", "mini-batch 100  ", "By updates", "By epochs", "By seconds"):
        assert words in done.out
    assert (folder / "비교.png").read_bytes().startswith(b"\x89PNG")
    assert gradwright("compare", "--out", "비교.png").status == 1


def test_optimizers_as_json(gradwright, folder):
    done = gradwright(
        "compare", "--optimizer", "sgd,adam", "--batch-size", "50", "--epochs", "1", "--hidden", "5", "--json"
    )
    found = json.loads(done.out)
    assert [curve["name"] for curve in found["curves"]] == ["mini-batch 50, sgd", "mini-batch 50, adam"]
    assert found["rankings"]["updates"][0]["name"] == "mini-batch 50, adam"
    assert len(found["verdicts"]) == 3
    assert found["picture"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--batch-size", "0"), "`--batch-size`"),
        (("--batch-size", "some"), "`--batch-size`"),
        (("--optimizer", "sgd,newton"), "newton"),
        (("--learning-rate", "fast"), "`--learning-rate`"),
        (("--epochs", "0"), "`--epochs`"),
        (("--seed", "-1"), "`--seed`"),
        (("--out", "c.docx"), "c.docx"),
    ],
)
def test_mistakes(gradwright, folder, words, said):
    done = gradwright("compare", *words)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
