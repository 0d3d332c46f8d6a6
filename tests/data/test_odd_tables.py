"""Tables as spreadsheets, programs and people write them: read as meant, or refused by line and column."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.data import Dataset, inputs, load, read_table, samples
from gradwright.data.scaling import Scaling
from gradwright.errors import ArgumentTypeError, DataError

ROWS = "1,5,a\n2,6,b\n" * 6  # lines 2 to 13
T = "u,v,class\n" + ROWS
Expected = str | Callable[[Dataset], bool]


def columns(*names: str, classes: tuple[str, ...] = ("a", "b")) -> Callable[[Dataset], bool]:
    def expected(data: Dataset) -> bool:
        u = np.concatenate([data.x_train[:, 0], data.x_test[:, 0]])
        t = np.concatenate([data.t_train, data.t_test])
        return (data.features, data.classes, len(t)) == (names, classes, 12) and bool(((u > 0) == (t == 1)).all())

    return expected


def spreadsheet() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    return content.getvalue()


CASES: dict[str, tuple[str | bytes, Expected, str]] = {
    # what separates the cells, and what stands before them
    "sep= of Excel": ("sep=;\r\n" + T.replace(",", ";"), columns("u", "v"), ""),
    "sep= in capitals, after a byte order mark": ("\ufeffSEP=|\n" + T.replace(",", "|"), columns("u", "v"), ""),
    "sep= in quotes, after a blank line": ('\n"sep=\t"\n' + T.replace(",", "\t"), columns("u", "v"), ""),
    "sep= and then nothing": ("sep=;\n", "table.empty", ""),
    "lines are counted with sep=": ("sep=,\n" + T + "x,5,a\n", "table.not-number", "line 15"),
    "blank lines before the header": ("\n\r\n  \n" + T, columns("u", "v"), ""),
    "a thousand blank lines and more": ("\n" * 1200 + T, columns("u", "v"), ""),
    "separators inside quotes": ('"u;;;;",v,class\n' + ROWS, columns("u;;;;", "v"), ""),
    "a line break in the header": ('"u\nin cm",v,class\n' + ROWS, columns("u in cm", "v"), ""),
    "lines are counted with it": ('"u\nin cm",v,class\n' + ROWS + "1,,a\n", "table.missing", "line 15: column 'v'"),
    "semicolons, and a line break in the header": (
        '"u\n,";v;class\n' + ROWS.replace(",", ";"), columns("u ,", "v"), "",
    ),
    "blanks before quotes": ('u, "v",  "class"\n' + '1, "5", "a"\n2,  "6", "b"\n' * 6, columns("u", "v"), ""),
    "blanks on both sides of quotes": (
        'u , "v" , "class"\n' + '1 , "5" , "a"\n2 , "6" , "b"\n' * 6, columns("u", "v"), "",
    ),
    "a quoted comma after a blank": (
        "u,class\n" + '1, "a, or A"\n2, "b"\n' * 6, columns("u", classes=("a, or A", "b")), "",
    ),
    "blanks for separators": (T.replace(",", " "), "table.one-column", "'u v class'"),
    "pipes for separators": (T.replace(",", "|"), "table.one-column", "'u|v|class'"),
    "no table at all": ("hello\nthere\n", "table.no-features", "'hello'"),
    "ends of lines of an old Mac": (T.replace("\n", "\r"), columns("u", "v"), ""),
    "ends of lines of all kinds": (T.replace("\n", "\r\n", 5), columns("u", "v"), ""),
    # the column of answers
    "Label": ("Label,u\n" + "a,1\nb,2\n" * 6, columns("u"), ""),
    "CLASS": ("CLASS,u\n" + "a,1\nb,2\n" * 6, columns("u"), ""),
    "label and LABEL": ("u,LABEL,label\n" + "1,0,a\n2,0,b\n" * 6, columns("u", "LABEL"), ""),
    "Label and LABEL": ("Label,u,LABEL\n" + "a,1,a\nb,2,b\n" * 6, "table.labels", "Label, LABEL"),
    "a temperature T is no answer": ("T,p,rain\n" + ROWS, columns("T", "p"), ""),
    # no header: a row is never taken for one
    "no header, answers last": ("5.1,3.5,setosa\n" + "4.9,3.0,setosa\n5,3,other\n" * 5, "table.no-header", "line 1"),
    "no header, answers first": ("setosa,5\n" + "setosa,4\nother,3\n" * 5, "table.no-header", "(setosa, 5)"),
    "no header, after blank lines": ("\n\n1.5,5,a\n" + ROWS, "table.no-header", "line 3"),
    "columns that are counted": ("class,0,1\n" + "a,1,4\nb,2,5\n" * 6, columns("0", "1"), ""),
    "a comment for a header": ("# 2024, all\n" + T, "table.ragged", "line 2"),
    "a title above the header": ("All of 2024,,\n" + T, "table.no-name", "column 2"),
    # numbers
    "a decimal comma": (T.replace(",", ";").replace("1;5", "1,5;5"), "table.not-number", "column 'u' holds '1,5'"),
    "a thousands separator": (T + '"1,000",5,a\n', "table.not-number", "line 14: column 'u' holds '1,000'"),
    "NA": (T + "NA,5,a\n", "table.not-number", "line 14: column 'u' holds 'NA'"),
    "n/a": (T + "1,n/a,a\n", "table.not-number", "line 14: column 'v' holds 'n/a'"),
    "a per cent": (T + "5%,5,a\n", "table.not-number", "'5%'"),
    "money": (T + "$5,5,a\n", "table.not-number", "'$5'"),
    "a minus of typesetters": (T + "\u22125,5,a\n", "table.not-number", "line 14"),
    "hexadecimal": (T + "0x10,5,a\n", "table.not-number", "'0x10'"),
    "a formula": (T + "=1+1,5,a\n", "table.not-number", "'=1+1'"),
    "a zero byte": (T + "1\0,5,a\n", "table.not-number", "line 14"),
    "a column of blanks": ("u,v,class\n" + "1, ,a\n2, ,b\n" * 6, "table.missing", "line 2: column 'v'"),
    "a row of separators": (T + ",,\n", "table.missing", "line 14: column 'u'"),
    "a row of tabs": ("u\tv\tclass\n1\t2\ta\n\t\t\n2\t3\tb\n", "table.missing", "line 3: column 'u'"),
    "a row of sums": (T + "Total,55,\n", "table.not-number", "'Total'"),
    "numbers whose sum is too large": ("u,v,class\n" + "1e308,1e308,a\n-1e308,-1e308,b\n" * 6,
                                       lambda d: bool((abs(d.x_train) == 1).all()), ""),
    # quotes
    "a quote that is never closed": (T + '1,"2,a\n1,2,a\n', "table.unreadable", "line 14"),
    "two quotes that swallow a row": ("note,u,class\n1,1,a\n" + '"x,1,a\n"y,2,b\n', "table.unreadable", "line 3"),
    "a quote over a thousand lines": ('"\n",' * 5000, "table.unreadable", "line 1"),
    # answers
    "answers that are dates": (
        "u,day\n" + "".join(f"{n},2024-01-{n:02d}\n" for n in range(1, 31)), "load.many-classes", "30 rows",
    ),
    "answers that are true or false": ("u,y\n" + "1,False\n2,True\n" * 6, columns("u", classes=("False", "True")), ""),
    "a missing one among numbers": ("u,y\n" + "1,0\n2,1\n" * 6 + "3,NA\n", "load.missing", "line 14: the answer 'NA'"),
    "a missing one among names": (T + "1,5,N/A\n", "load.missing", "line 14"),
    "one that is no number among prices": (
        "u,y\n1,?\n" + "".join(f"1,{n}.5\n" for n in range(50)), "load.text-values", "line 2",
    ),
    "numbers of accounts": ("u,y\n" + "1,9007199254740992\n2,9007199254740993\n" * 6,
                            columns("u", classes=("9007199254740992", "9007199254740993")), ""),
    "one of an underscore": ("u,y\n" + "1,1_0\n2,20\n" * 6, columns("u", classes=("1_0", "20")), ""),
    "a control character": (T + "1,5,\x1b[31mred\n", "table.answer", "line 14: column 'class'"),
    "a control character in a name": ("u\x1b[31m,class\n1,a\n2,b\n", "table.binary", ""),
    "one value too large beside the others": ("u,y\n" + "".join(f"{n},{n}.5\n" for n in range(40)) + "1e300,1\n",
                                              lambda d: d.classes == (), ""),
    # what is no table
    "UTF-16 without a mark": (T.encode("utf-16-le"), "table.binary", ""),
    "UTF-32": (T.encode("utf-32"), "table.encoding", ""),
    "a byte that is no text, late": (
        (T + ROWS * 5000).encode() + b"1,5,\xff\n", "table.utf-8", f"line {12 * 5001 + 2}:",
    ),
    "a line that never ends": ("u,class\n" + "1" * 9_000_000 + ",a\n", "table.long-line", "line 2"),
    "a header that never ends": ("u," * 5_000_000, "table.long-line", "line 1"),
    "a spreadsheet called CSV": (spreadsheet(), "table.encoding", "ZIP"),
    "one row": ("u,class\n1,a\n", "load.one-row", ""),
    "one class": (T.replace("b\n", "a\n"), "data.one-class", "'a'"),
}  # fmt: skip


def put(content: str | bytes, name: str = "t.csv") -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder / name

    return make


@pytest.mark.parametrize("name", CASES)
def test_it_is_read_as_meant_or_said_where(name: str, judged: Callable[..., None]) -> None:
    content, expected, says = CASES[name]
    judged(put(content), expected, says)


@pytest.mark.parametrize(
    ("file", "content", "expected", "says"),
    [
        ("t.txt", T.encode(), columns("u", "v"), ""),
        ("T.CSV", T.encode(), columns("u", "v"), ""),
        ("t.csv.gz", gzip.compress(T.encode()), "table.encoding", "unpack"),
        ("t.xlsx", spreadsheet(), "npz.foreign", "a spreadsheet as CSV"),
        ("t.npy", b"\x93NUMPY\1\0", "load.kind", ""),
    ],
    ids=["txt", "CSV", "gz", "xlsx", "npy"],
)
def test_files_by_their_names(
    file: str, content: bytes, expected: Expected, says: str, judged: Callable[..., None]
) -> None:
    judged(put(content, file), expected, says)


def test_a_hundred_thousand_columns(judged: Callable[..., None]) -> None:
    header = ",".join(f"c{n}" for n in range(100_000))
    rows = "".join(",".join([str(n)] * 100_000) + f",{n % 2}\n" for n in range(3))
    judged(put(f"{header},class\n{rows}"), lambda d: d.n_features == 100_000)


def test_as_classes_whatever_they_are_called(judged: Callable[..., None]) -> None:
    content = "u,y\n" + "".join(f"{n},name {n}\n" for n in range(30)) + "1,NA\n"
    judged(put(content), lambda d: len(d.classes) == 31, task="classification")


def test_a_long_answer_does_not_make_all_rows_long(tmp_path: Path) -> None:
    file = put("u,y\n" + "1,a\n2,b\n" * 20_000 + "3," + "x" * 999 + "\n")(tmp_path)
    tracemalloc.start()
    try:
        assert len(load(file).classes) == 3
        assert tracemalloc.get_traced_memory()[1] < 32 * 2**20  # 40,001 texts of 999 characters would be 160 MB
    finally:
        tracemalloc.stop()


def test_the_line_of_each_row(tmp_path: Path) -> None:
    file = put('sep=;\n\nu;v;y\n1;"x\ny";a\n\n2;z;b\n')(tmp_path)
    table = read_table(file, features=["u"], answers=True)
    assert table.lines.tolist() == [4, 7]
    assert (table.x.tolist(), table.answers) == ([[1.0], [2.0]], ["a", "b"])


def test_letters_of_hangul_taken_apart_are_the_same_name(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "길이,종류\n1,가\n2,나\n3,가\n4,나\n")
    file = put(apart + "5,가\n6,나\n")(tmp_path)
    data = load(file, label="종류", test_fraction=0)
    assert (data.features, data.classes) == (("길이",), ("가", "나"))
    assert data.t_train.tolist() == [0, 1] * 3
    assert read_table(file, features=[unicodedata.normalize("NFD", "길이")]).x[:, 0].tolist() == [1, 2, 3, 4, 5, 6]


def test_messages_are_short_whatever_the_names(tmp_path: Path) -> None:
    file = put(",".join(f"{'x' * 1000} {n}" for n in range(50)) + ",class\n")(tmp_path)
    with pytest.raises(DataError, match=r"it has: x{40}\.\.\., x.*, \.\.\.\. Name") as caught:
        load(file, label="z")
    assert len(caught.value.text("en")) < 1000


def test_features_are_a_list_of_names(tmp_path: Path) -> None:
    file = put("a,b,y\n1,2,3\n4,5,6\n")(tmp_path)
    wrong: list[Any] = ["ab", b"ab", 3]
    for features in wrong:
        with pytest.raises(ArgumentTypeError, match="`features` must be a list of names"):
            read_table(file, features=features)
        with pytest.raises(ArgumentTypeError, match="`features` must be a list of names"):
            samples(file, features=features)
    assert read_table(file, features=iter("ab")).features == ("a", "b")


def test_what_is_too_large_for_the_scale_of_the_model(tmp_path: Path) -> None:
    scaling = Scaling.standard([[1.0, 2.0], [2.0, 4.0]])
    for large in ("1e300", "3e38"):  # which is a number of float32, but in a network soon becomes none
        file = put(f"v,id,u,y\n1,7,2,3\n\n2,7,{large},4\n")(tmp_path)
        with pytest.raises(DataError, match=r"t\.csv, line 4, column 'u'"):
            inputs(file, features=["u", "v"], scaling=scaling)
    file = put("v,id,u,y\n1,7,2,3\n\n2,7,1e300,4\n")(tmp_path)
    for read in (inputs, samples):
        with pytest.raises(DataError) as caught:
            read(file, features=["u", "v"], scaling=scaling)
        assert "t.csv, line 4, column 'u': 1e+300" in caught.value.text("en")
        assert "t.csv, 4번째 줄, 'u' 열: 1e+300" in caught.value.text("ko")
    with pytest.raises(DataError, match=r"t\.csv, line 2: 3\.0 is so far"):
        samples(file, features=["v"], label="y", target_scaling=Scaling.by(1e-300, 1))
    with pytest.raises(DataError, match=r"t\.csv: a sample has 1 features, but the model takes 2"):
        samples(file, features=["v"], label="y", scaling=scaling)


def test_a_test_row_too_large_for_the_training_rows(tmp_path: Path) -> None:
    rows = [f"{n},{n % 2}" for n in range(40)]
    file = put("\n".join(["u,y", *rows]))(tmp_path)
    data = load(file)
    assert data.scaling is not None
    held_back = round(float(data.scaling.undo(data.x_test)[0, 0]))
    rows[held_back] = f"1e300,{held_back % 2}"
    file.write_text("\n".join(["u,y", *rows]), encoding="utf-8")
    with pytest.raises(DataError, match=rf"t\.csv, line {held_back + 2}, column 'u': 1e\+300"):
        load(file)


def test_classes_that_the_model_does_not_know_are_named_by_line(tmp_path: Path) -> None:
    file = put("u,y\n1,a\n2,c\n")(tmp_path)
    with pytest.raises(DataError, match=r"t\.csv, line 3: .* c\."):
        samples(file, classes=("a", "b"))
