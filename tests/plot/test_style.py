"""Fonts, languages, the caller's settings, whole and equal files; and that no display is needed."""

from __future__ import annotations

import builtins
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradwright.errors import ArgumentError, ArgumentTypeError, MissingExtraError, OutputExistsError, StorageError
from gradwright.nn import Network
from gradwright.plot import check_path, confusion, history, mistakes, save, style, weights
from gradwright.plot.style import _apart, drawing, grid_of, number, share
from gradwright.training import Evaluation, History, Record

matplotlib = pytest.importorskip("matplotlib")


def record(step: int, loss: float = 1.0) -> Record:
    return Record(step, step / 10, loss, loss, 0.5, None, None, loss, 0.5, 1.0)


def run() -> History:
    return History(loss=[2.0 - 0.01 * k for k in range(50)], records=[record(k) for k in (10, 20, 30, 40, 50)])


def evaluation(classes: tuple[str, ...] = ("0", "1", "2")) -> Evaluation:
    table = np.array([[3, 1, 0], [0, 4, 0], [2, 0, 0]])
    labels, predictions = np.repeat(np.argwhere(table), table[table > 0], axis=0).T
    recall = np.array([0.75, 1.0, 0.0])
    precision = np.array([0.6, 0.8, np.nan])
    return Evaluation(
        0.7, 0.7, table, precision, recall, recall, classes, labels, predictions, np.linspace(0.5, 0.9, 10)
    )


def words(figure: Any) -> str:
    return "\n".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))


def every_figure(lang: str) -> list[Any]:
    net = Network.of_sizes([6, 4, 3], rng=0)
    x = np.arange(60.0).reshape(10, 6)
    return [
        history(run(), lang=lang),
        confusion(evaluation(), lang=lang),
        weights(net, lang=lang),
        weights(net, image_shape=(2, 3), lang=lang),
        mistakes(evaluation(), x, (2, 3), lang=lang),
    ]


def hangul(text: str) -> bool:
    return any("가" <= character <= "힣" for character in text)


@pytest.fixture
def no_hangul(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "_hangul_font", lambda: None)


@pytest.fixture
def korean_font() -> str:
    font = style._hangul_font()
    if font is None:
        pytest.skip("no font with Hangul is installed")
    return font


class TestLanguage:
    def test_english(self) -> None:
        assert not any(hangul(words(figure)) for figure in every_figure("en"))

    @pytest.mark.usefixtures("korean_font")
    def test_korean_with_a_font(self) -> None:
        assert all(hangul(words(figure)) for figure in every_figure("ko"))

    @pytest.mark.usefixtures("no_hangul")
    def test_english_without_a_font(self) -> None:
        for korean, english in zip(every_figure("ko"), every_figure("en"), strict=True):
            assert words(korean) == words(english)

    @pytest.mark.usefixtures("korean_font")
    def test_the_environment_is_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GRADWRIGHT_LANG", "ko")
        assert "에폭" in words(history(run()))

    def test_first_font_of_the_list_that_is_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from matplotlib import font_manager

        monkeypatch.setattr(font_manager, "get_font_names", lambda: ["DejaVu Sans", "NanumGothic", "AppleGothic"])
        assert style._hangul_font() == "AppleGothic"
        monkeypatch.setattr(font_manager, "get_font_names", lambda: ["DejaVu Sans"])
        assert style._hangul_font() is None


class TestNames:
    @pytest.mark.usefixtures("no_hangul")
    def test_a_number_instead_of_boxes(self) -> None:
        found = words(confusion(evaluation(("사과", "apple", "バナナ"))))
        assert not hangul(found)
        assert "apple" in found
        assert "\n0\n" in found

    @pytest.mark.usefixtures("korean_font")
    def test_korean_names_in_an_english_figure(self) -> None:
        figure = confusion(evaluation(("사과", "apple", "나무")), lang="en")
        assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == ["사과", "apple", "나무"]
        assert "predicted class" in words(figure)

    def test_glyphs_of_no_font(self) -> None:
        figure = mistakes(evaluation(("\U0001f352", "b", "\x07")), np.zeros((10, 4)), (2, 2))
        captions = [text.get_text() for text in figure.axes[0].texts]
        assert captions == ["2 → 0 (90%)", "2 → 0 (86%)", "0 → b (63%)"]

    def test_no_mathematics_in_a_name(self, tmp_path: Path) -> None:
        figure = confusion(evaluation(("$5", "$\\frac{$", "_^")))
        assert [label.get_text() for label in figure.axes[0].get_xticklabels()] == ["$5", "$\\frac{$", "_^"]
        save(figure, tmp_path / "a.png")

    def test_long_ones_are_cut(self) -> None:
        pen = style.Pen("en", ("DejaVu Sans",))
        assert pen.name("a" * 30, "0", 10) == "a" * 9 + "…"
        assert pen.name(" two\nlines ", "0") == "two lines"
        assert pen.name("", "0") == "0"
        assert style._shortened("가나다라마", 8) == "가나다…"

    def test_of_long_ones_that_begin_alike_the_ends_are_shown(self) -> None:
        pen = style.Pen("en", ("DejaVu Sans",))
        assert pen.names(("a" * 9 + "1", "a" * 9 + "2", "b", "c" * 9), 5, 6) == ["…aaaa1", "…aaaa2", "b", "ccccc…", "4"]
        middle = [f"{'a' * 9}{digit}{'a' * 9}" for digit in "12"]
        assert pen.names((*middle, "b"), 3, 6) == ["0", "1", "b"]
        assert pen.names((), 2) == ["0", "1"]

    @pytest.mark.usefixtures("no_hangul")
    def test_title_that_cannot_be_written(self) -> None:
        assert history(run(), title="학습").get_suptitle() == ""
        assert history(run(), title="run 1").get_suptitle() == "run 1"


class TestNumbers:
    def test_minus(self) -> None:
        assert number(-0.25) == "\N{MINUS SIGN}0.25"
        # The first font need not have that sign: Malgun Gothic has not.
        with drawing("ko") as pen:
            assert pen.name("\N{MINUS SIGN}", "missing") == "\N{MINUS SIGN}"

    @pytest.mark.parametrize(("value", "text"), [(1.0, "100%"), (0.999, ">99%"), (0.874, "87%"), (0.0, "0%")])
    def test_share(self, value: float, text: str) -> None:
        assert share(value) == text

    @pytest.mark.parametrize(
        ("count", "expected"), [(1, (1, 1)), (5, (1, 5)), (12, (3, 4)), (20, (4, 5)), (50, (5, 10)), (200, (10, 20))]
    )
    def test_grid(self, count: int, expected: tuple[int, int]) -> None:
        assert grid_of(count) == expected

    def test_every_grid_has_room(self) -> None:
        for count in range(1, 401):
            for aspect in (0.05, 0.5, 1.0, 2.0, 20.0):
                rows, columns = grid_of(count, aspect)
                assert (rows - 1) * columns < count <= rows * columns

    def test_labels_move_apart_and_stay_inside(self) -> None:
        assert _apart([0.2, 0.8], 0.1) == [0.2, 0.8]
        assert _apart([0.5, 0.5], 0.1) == pytest.approx([0.45, 0.55])
        assert _apart([0.99, 1.0, 1.0], 0.1) == pytest.approx([0.8, 0.9, 1.0])
        assert _apart([0.0, 0.0, 0.12], 0.1) == pytest.approx([0.0, 0.1, 0.2])


class TestTheCallersSettings:
    def test_are_as_before(self, tmp_path: Path) -> None:
        before = dict(matplotlib.rcParams)
        for figure in every_figure("ko"):
            save(figure, tmp_path / "a.svg", overwrite=True)
        assert dict(matplotlib.rcParams) == before

    def test_are_as_before_after_an_error(self) -> None:
        before = dict(matplotlib.rcParams)
        with pytest.raises(RuntimeError), drawing("en"):
            raise RuntimeError
        assert dict(matplotlib.rcParams) == before

    def test_do_not_show(self, tmp_path: Path) -> None:
        for place, figure in enumerate(every_figure("en")):
            save(figure, tmp_path / f"{place}.png")
        with matplotlib.style.context("dark_background"):
            matplotlib.rcParams.update(
                {"font.size": 20, "axes.grid": True, "savefig.bbox": "tight", "savefig.transparent": True}
            )
            figures = every_figure("en")
            for figure in figures:
                # Shown by the caller, in the caller's style.
                figure.canvas.draw()
        for place, figure in enumerate(figures):
            save(figure, tmp_path / "dark.png", overwrite=True)
            assert (tmp_path / "dark.png").read_bytes() == (tmp_path / f"{place}.png").read_bytes()


class TestSave:
    @pytest.mark.parametrize(
        ("ending", "start", "end"),
        [("png", b"\x89PNG", b"IEND"), ("SVG", b"<?xml", b"</svg>"), ("pdf", b"%PDF", b"%%EOF")],
    )
    def test_whole_and_equal(
        self, tmp_path: Path, ending: str, start: bytes, end: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        for place, (first, second) in enumerate(zip(every_figure("ko"), every_figure("ko"), strict=True)):
            for name, figure in (("a", first), ("b", second), ("c", first)):
                save(figure, tmp_path / f"{name}{place}.{ending}")
            contents = {(tmp_path / f"{name}{place}.{ending}").read_bytes() for name in "abc"}
            assert len(contents) == 1
            (content,) = contents
            assert content.startswith(start)
            assert end in content[-40:]
            assert b"atplotlib v" not in content
            assert b"Date" not in content
        assert caplog.messages == [], "matplotlib has nothing to complain of"
        assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]

    def test_different_figures_make_different_files(self, tmp_path: Path) -> None:
        other = run()
        other.loss[3] = 5.0
        save(history(run()), tmp_path / "a.png")
        save(history(other), tmp_path / "b.png")
        assert (tmp_path / "a.png").read_bytes() != (tmp_path / "b.png").read_bytes()

    def test_equal_in_another_process(self, tmp_path: Path) -> None:
        program = (
            "import sys; from gradwright.plot import history, save; from gradwright.training import History\n"
            "save(history(History(loss=[3.0, 2.0, 1.0])), sys.argv[1])\n"
            "assert 'matplotlib.pyplot' not in sys.modules"
        )
        for name in ("a.svg", "b.svg"):
            subprocess.run([sys.executable, "-W", "error", "-c", program, tmp_path / name], check=True, timeout=60)
        assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()

    def test_150_dots_per_inch(self, tmp_path: Path) -> None:
        figure = history(run())
        save(figure, tmp_path / "a.png")
        image = matplotlib.image.imread(tmp_path / "a.png")
        assert image.shape[:2] == (3.6 * 150, 9 * 150)

    @pytest.mark.parametrize("name", ["a.jpg", "a", ".png"])
    def test_other_endings(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ArgumentError, match=r"must end in one of \.png, \.svg, \.pdf"):
            save(history(run()), tmp_path / name)
        assert list(tmp_path.iterdir()) == []

    def test_a_file_that_is_there_is_kept_unless_it_may_go(self, tmp_path: Path) -> None:
        path = tmp_path / "그림 it's.png"
        path.write_bytes(b"a picture of yesterday")
        with pytest.raises(OutputExistsError, match="already exists; choose another name or pass overwrite=True"):
            save(history(run()), path)
        assert path.read_bytes() == b"a picture of yesterday"
        assert list(tmp_path.iterdir()) == [path]
        save(history(run()), path, overwrite=True)
        assert path.read_bytes().startswith(b"\x89PNG")

    def test_old_file_stays_where_the_new_cannot_be_written(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError):
            save(history(run()), tmp_path / "missing" / "a.png")

    def test_no_figure(self, tmp_path: Path) -> None:
        with pytest.raises(ArgumentTypeError, match="`figure` must be a Figure, not str"):
            save("picture", tmp_path / "a.png")  # type: ignore[arg-type]


class TestWithoutMatplotlib:
    def test_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        figure = history(run())
        real = builtins.__import__

        def missing(name: str, *args: Any, **kwargs: Any) -> Any:
            if name.startswith("matplotlib"):
                raise ImportError(name)
            return real(name, *args, **kwargs)

        monkeypatch.setattr(builtins, "__import__", missing)
        for call in (
            lambda: history(run()),
            lambda: confusion(evaluation()),
            lambda: weights(Network.of_sizes([2, 2], rng=0)),
            lambda: mistakes(evaluation(), np.zeros((10, 4)), (2, 2)),
            lambda: save(figure, tmp_path / "a.png"),
        ):
            with pytest.raises(MissingExtraError, match=r"gradwright\[app\]"):
                call()

    def test_no_pyplot_and_no_matplotlib_before_the_first_figure(self) -> None:
        program = (
            "import sys, numpy as np\n"
            "from gradwright import plot\n"
            "from gradwright.nn import Network\n"
            "from gradwright.training import evaluate, History\n"
            "assert 'matplotlib' not in sys.modules\n"
            "net = Network.of_sizes([4, 3], rng=0); x = np.eye(4); found = evaluate(net, x, [0, 1, 2, 0])\n"
            "plot.history(History(loss=[1.0])), plot.confusion(found)\n"
            "plot.weights(net), plot.mistakes(found, x, (2, 2))\n"
            "assert 'matplotlib.figure' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
        )
        subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=60)


def test_a_notebook_shows_a_figure_by_itself():
    from gradwright.plot.style import new_figure

    figure = new_figure(2, 1)
    assert figure._repr_png_().startswith(b"\x89PNG")
    assert figure._repr_png_() == figure._repr_png_()


def test_a_name_that_no_file_can_have_is_refused_before_the_work():
    with pytest.raises(StorageError, match="cannot be written"):
        check_path("a" * 300 + ".png")
