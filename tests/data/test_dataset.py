"""Data sets: every form that is accepted, every mistake that is named."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradwright import messages
from gradwright.data import Dataset, as_dataset
from gradwright.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataError,
    GradwrightError,
    LabelError,
    NonFiniteError,
    ShapeError,
)

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
T = [0, 1, 1, 0]


def test_arrays_of_every_library_become_float32_rows_and_int64_labels(xp):
    data = Dataset(xp(np.arange(24.0).reshape(4, 2, 3)), xp(np.array([0, 1, 2, 1])), xp(np.ones((1, 6))), xp([2]))
    assert type(data.x_train) is type(data.t_train) is np.ndarray
    assert (data.x_train.dtype, data.t_train.dtype) == (np.float32, np.int64)
    np.testing.assert_array_equal(data.x_train, np.arange(24).reshape(4, 6))
    np.testing.assert_array_equal(data.t_test, [2])
    assert data.classes == ("0", "1", "2")
    assert data.image_shape == (2, 3)
    assert (data.n_features, data.n_classes) == (6, 3)


def test_float32_rows_are_kept_without_a_copy_and_the_callers_arrays_stay_as_they_were():
    x, t = np.array(X, np.float32), np.array(T, np.uint8)
    data = Dataset(x, t)
    assert np.shares_memory(data.x_train, x)
    np.testing.assert_array_equal(x, X)
    assert t.dtype == np.uint8


@pytest.mark.parametrize("dtype", [bool, np.int8, np.uint8, np.uint64, np.float32, np.float64])
def test_labels_of_every_dtype_and_one_hot_rows_are_the_same_labels(dtype):
    one_hot = np.eye(2)[T]
    for t in (np.array(T, dtype), one_hot.astype(dtype)):
        np.testing.assert_array_equal(Dataset(X, t, X, t).t_train, T)
        np.testing.assert_array_equal(Dataset(X, t, X, t).t_test, T)


@given(st.lists(st.integers(0, 6), min_size=2, max_size=20).filter(lambda labels: len(set(labels)) > 1))
def test_one_hot_rows_carry_the_labels_whatever_they_are(labels):
    x = np.zeros((len(labels), 1))
    np.testing.assert_array_equal(Dataset(x, np.eye(7)[labels]).t_train, labels)
    np.testing.assert_array_equal(Dataset(x, np.array(labels) * 1.0).t_train, labels)


def test_a_missing_or_empty_test_part_has_the_width_of_the_training_part():
    for rest in ((), ([], []), (np.zeros((0, 2)), np.zeros(0, int))):
        data = Dataset(X, T, *rest)
        assert (data.x_test.shape, data.t_test.shape) == ((0, 2), (0,))
        assert (data.x_test.dtype, data.t_test.dtype) == (np.float32, np.int64)


def test_values_to_predict_are_kept_and_have_no_classes():
    t = np.array([[0.5], [1.0], [1.5], [2.5]])
    data = Dataset(X, t, X[:2], [[7.0], [1.0]])
    np.testing.assert_array_equal(data.t_train, t)
    np.testing.assert_array_equal(data.t_test, [[7.0], [1.0]])
    assert data.t_train.dtype == np.float32
    assert (data.classes, data.n_classes) == ((), 1)
    assert Dataset(X, t).t_test.shape == (0, 1)
    assert data.describe("en") == "data: 4 training and 2 test samples of 2 features; values to predict: 1"
    # a column of 0 and 1 in floating numbers is one value, and one class only is no mistake there
    assert Dataset(X, np.ones((4, 1))).classes == ()


@pytest.mark.parametrize(
    ("arguments", "keywords", "error", "fragment"),
    [
        (([1, 2, 3], [0, 1, 0]), {}, ShapeError, "`x_train` has shape (3,)"),
        ((np.zeros((0, 2)), []), {}, ShapeError, "`x_train` is empty"),
        ((np.zeros((4, 0)), T), {}, ShapeError, "`x_train` is empty"),
        ((X, np.zeros((4, 0))), {}, ShapeError, "`t_train` is empty"),
        ((X, [0, 1, 1]), {}, ShapeError, "`x_train` has 4 rows but `t_train` has 3"),
        ((X, T, X, [0]), {}, ShapeError, "`x_test` has 4 rows but `t_test` has 1"),
        ((X, T, [], [0]), {}, ShapeError, "`x_test` has 0 rows but `t_test` has 1"),
        ((X, T, [[1.0]], [0]), {}, ShapeError, "`x_test` has 1 features but `x_train` has 2"),
        ((X, T, X), {}, ArgumentTypeError, "give both or neither"),
        ((X, np.zeros((4, 2, 2))), {}, ShapeError, "`t_train` has shape (4, 2, 2)"),
        ((X, [0, 1, 1.5, 0]), {}, LabelError, "`t_train` has label 1.5 in row 2"),
        ((X, [0, 1, float("nan"), 0]), {}, LabelError, "label nan in row 2"),
        ((X, [0, 1, float("inf"), 0]), {}, LabelError, "label inf in row 2"),
        ((X, [0, 1, -1, -2]), {}, LabelError, "label -1 in row 2"),
        ((X, [0, 1, 2, 3]), {"classes": ("a", "b")}, LabelError, "label 2 in row 2; with 2 classes a label must be 0"),
        ((X, [0, 1, 90_000, 1]), {}, LabelError, "label 90000 in row 2"),
        ((X, np.array([0, 1, 2**63, 1], np.uint64)), {}, LabelError, "in row 2"),
        ((X, T, X, [0, 1, 2, 0]), {"classes": ("a", "b")}, LabelError, "`t_test` has label 2 in row 2"),
        ((X, [[1, 0], [0, 1], [1, 1], [0, 1]]), {}, LabelError, "row 2 of `t_train` (shape (4, 2)) is not one-hot"),
        ((X, [[0], [1], [1], [0]]), {}, LabelError, "row 0 of `t_train` (shape (4, 1)) is not one-hot"),
        ((X, np.full((4, 2), 0.5)), {"classes": ("a", "b")}, LabelError, "row 0 of `t_train`"),
        ((X, T, X, np.full((4, 2), 0.5)), {}, LabelError, "row 0 of `t_test`"),
        ((X, np.full((4, 2), 0.5), X, T), {}, ShapeError, "`t_test` has shape (4,)"),
        ((X, np.full((4, 2), 0.5), X, np.full((4, 3), 0.5)), {}, ShapeError, "`t_test` has 3 values a row"),
        ((X, [1, 1, 1, 1]), {}, DataError, "every training sample is of the class '1'"),
        ((X, T), {"classes": ("a", "a")}, DataError, "holds more than once: a"),
        ((X, T), {"image_shape": (2, 2)}, ShapeError, "a sample has 2 features"),
        ((X, T), {"image_shape": 2}, ArgumentTypeError, "must be (height, width), not 2"),
        ((X, T), {"image_shape": (0, 2)}, ArgumentError, "positive whole number"),
        ((np.array(X) + 1j, T), {}, ArgumentTypeError, "complex128"),
        ((X, np.array(T) + 1j), {}, ArgumentTypeError, "complex128"),
        ((X, ["a", "b", "b", "a"]), {}, ArgumentTypeError, "`t_train`"),
        (([[1.0], [1.0, 2.0]], [0, 1]), {}, ArgumentTypeError, "different lengths"),
    ],
)
def test_what_does_not_fit_is_named(arguments, keywords, error, fragment):
    with pytest.raises(error) as caught:
        Dataset(*arguments, **keywords)
    assert fragment in str(caught.value)
    assert "\n" not in caught.value.text("ko")


@pytest.mark.parametrize(("bad", "shown"), [(np.nan, "nan"), (np.inf, "inf"), (1e300, "1e+300")])
def test_a_value_that_is_not_finite_in_float32_is_named_by_row_and_column(bad, shown):
    x = np.array(X)
    x[2, 1] = x[3, 0] = bad
    with pytest.raises(NonFiniteError, match=r"`x_train` holds .* in row 2, column 1 \(2 such") as caught:
        Dataset(x, T)
    assert f"holds {shown} in" in str(caught.value)
    with pytest.raises(NonFiniteError, match="`x_test` holds"):
        Dataset(X, T, x, T)
    with pytest.raises(NonFiniteError, match="`t_train` holds"):
        Dataset(X, x)


def test_is_it_a_5_asks_one_class_against_the_rest():
    data = Dataset([[0], [1], [2], [3]], [5, 3, 5, 0], [[4]], [5], image_shape=(1, 1), name="digits")
    five = data.one_vs_rest("5")
    np.testing.assert_array_equal(five.t_train, [1, 0, 1, 0])
    np.testing.assert_array_equal(five.t_test, [1])
    assert five.classes == ("not 5", "5")
    assert five.image_shape == (1, 1)
    assert np.shares_memory(five.x_train, data.x_train)
    assert data.one_vs_rest(5).fingerprint() == five.fingerprint()


def test_the_target_must_be_a_class():
    data = Dataset(X, T, classes=("cat", "dog"))
    with pytest.raises(LabelError, match="one of the classes cat, dog, not 'cow'"):
        data.one_vs_rest("cow")
    with pytest.raises(DataError, match="no classes"):
        Dataset(X, [[0.5]] * 4).one_vs_rest("cat")
    with pytest.raises(DataError, match="every training sample"):
        Dataset(X, T, classes=("cat", "dog", "cow")).one_vs_rest("cow")


def test_the_fingerprint_changes_with_the_names_of_the_features():
    first, same, turned, none = (
        Dataset(X, T, features=features) for features in (("u", "v"), ["u", "v"], ("v", "u"), ())
    )
    assert first.fingerprint() == same.fingerprint()
    assert len({first.fingerprint(), turned.fingerprint(), none.fingerprint()}) == 3


def test_features_are_a_list_of_names():
    for features in ("ab", b"ab", 2):
        with pytest.raises(ArgumentTypeError, match="`features` must be a list of names"):
            Dataset(X, T, features=features)
    assert Dataset(X, T, features=np.array(["u", "v"])).features == ("u", "v")


def test_the_fingerprint_changes_with_each_part_and_not_with_the_name():
    base = Dataset(X, T, X, T, classes=("a", "b"))
    assert base.fingerprint() == Dataset(X, T, X, T, classes=("a", "b"), name="other").fingerprint()
    assert len(base.fingerprint()) == 64
    flipped = [1 - t for t in T]
    changed = [
        Dataset(np.array(X) + 1, T, X, T, classes=("a", "b")),
        Dataset(X, flipped, X, T, classes=("a", "b")),
        Dataset(X, T, np.array(X) + 1, T, classes=("a", "b")),
        Dataset(X, T, X, flipped, classes=("a", "b")),
        Dataset(X, T, X, T, classes=("b", "a")),
        Dataset(X, T, classes=("a", "b")),
    ]
    assert len({data.fingerprint() for data in (base, *changed)}) == 7


def test_it_is_shown_on_one_line_and_cannot_be_assigned_to():
    data = Dataset(np.zeros((30, 1)), np.arange(30), name="many")
    assert repr(data) == "Dataset('many', train=30, test=0, n_features=1, n_classes=30)"
    assert data.describe("en").endswith("30 classes: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ...")
    assert "훈련 데이터 30개" in data.describe("ko")
    with pytest.raises(AttributeError):
        data.name = "other"


ONE_HOT = [[1, 0], [0, 1]]


@pytest.mark.parametrize(
    ("given_as", "test_rows"),
    [
        ((X, T), 0),
        ([np.array(X), np.array(T)], 0),
        ((X[:2], T[:2]), 0),  # two samples of lists: not two pairs
        ((X[:2], ONE_HOT), 0),
        ((X, T, X[:2], T[:2]), 2),
        (((X, T), (X[:2], T[:2])), 2),
        ([[np.array(X), np.array(T)], [np.array(X[:2]), ONE_HOT]], 2),
        (((X, T), (np.zeros((0, 2)), [])), 0),
        (((np.zeros((2, 1, 3, 3)), [0, 1]), (np.zeros((1, 1, 3, 3)), [0])), 1),
    ],
)
def test_the_usual_arrangements_are_told_apart(given_as, test_rows):
    data = as_dataset(given_as)
    assert len(data.x_test) == test_rows
    np.testing.assert_array_equal(data.t_train, T[: len(data.x_train)])


def test_a_dataset_is_returned_as_it_is_and_other_things_are_refused():
    data = Dataset(X, T)
    assert as_dataset(data) is data
    assert as_dataset((np.zeros((2, 1, 3, 3)), [0, 1])).image_shape == (3, 3)
    for other in (X[0][0], None, "digits", (X,), (X, T, X), np.zeros((2, 3)), {"x": X}):
        with pytest.raises(ArgumentTypeError, match="`data` must be a Dataset"):
            as_dataset(other)


def test_every_sentence_of_the_room_reads_in_both_languages():
    from string import Formatter

    from gradwright.messages import data as room

    for key, pair in room.MESSAGES.items():
        english, korean = ({field for _, field, _, _ in Formatter().parse(text) if field} for text in pair)
        assert english >= korean, key
        assert messages.CATALOGUE[key] == pair
    assert issubclass(LabelError, GradwrightError)
