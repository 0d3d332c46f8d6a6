"""The course's names give the course's numbers, and its mistakes are shown for what they are."""

from __future__ import annotations

import inspect
import struct

import numpy as np
import pytest

import gradwright as gw
from gradwright import textbook
from gradwright.errors import (
    ArgumentError,
    ArgumentTypeError,
    DataNotFoundError,
    FunctionError,
    GradwrightError,
    LabelError,
    PrecisionWarning,
    ShapeError,
)
from gradwright.textbook import function_1, function_2

T = np.array([0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
Y1 = np.array([0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0])
Y2 = np.array([0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0])
W = np.array([[-0.28784646, -0.55651218, -0.25385907], [1.38540908, -2.10760105, -0.06095728]])


def test_losses_as_printed():
    """Rows L1 to L4."""
    assert textbook.mean_squared_error(Y1, T) == 0.09750000000000003
    assert textbook.mean_squared_error(Y2, T) == 0.5975
    assert textbook.cross_entropy_error(Y1, T) == 0.510825457099338
    assert textbook.cross_entropy_error(Y2, T) == 2.302584092994546


def test_derivatives_as_printed():
    """Rows D1, D2, D4 (004 prints D2 and D4 with digits lost or added in copying)."""
    assert textbook.numerical_diff(function_1, 5) == 0.1999999999990898
    assert textbook.numerical_diff(function_1, 10) == 0.2999999999986347
    assert textbook.numerical_diff(lambda x0: x0 * x0 + 4.0**2.0, 3.0) == 6.00000000000378
    assert textbook.numerical_diff(lambda x1: 3.0**2.0 + x1 * x1, 4.0) == 7.999999999999119


def test_gradients_as_printed():
    """Row G1."""
    for point, gradient in (((3.0, 4.0), (6, 8)), ((0.0, 2.0), (0, 4)), ((3.0, 0.0), (6, 0))):
        np.testing.assert_allclose(textbook.numerical_gradient(function_2, np.array(point)), gradient, atol=1e-8)


class SimpleNet:
    def __init__(self, weight):
        self.W = weight

    def predict(self, x):
        return np.dot(x, self.W)

    def loss(self, x, t):
        return textbook.cross_entropy_error(textbook.softmax(self.predict(x)), t)


def test_simple_net_as_printed():
    """Rows N1 to N3: the array itself is moved, so a function that ignores its argument is differentiated."""
    net, x, t = SimpleNet(W.copy()), np.array([0.6, 0.9]), np.array([0, 0, 1])
    np.testing.assert_allclose(net.predict(x), [1.0741603, -2.23074826, -0.20717699], atol=2e-8)
    assert np.argmax(net.predict(x)) == 0
    assert net.loss(x, t) == pytest.approx(1.5546929843563622, abs=1e-7)
    gradient = textbook.numerical_gradient(lambda W: net.loss(x, t), net.W)
    printed = [[0.45649284, 0.01675446, -0.4732473], [0.68473926, 0.02513169, -0.70987095]]
    np.testing.assert_allclose(gradient, printed, atol=6e-9)
    np.testing.assert_array_equal(net.W, W)


def test_the_printed_gradient_without_its_weights_has_the_form_of_an_outer_product():
    """Row N4: rows 0.6 g and 0.9 g of one g that sums to 0, as softmax minus one-hot does."""
    printed = np.array([[0.21924763, 0.14356247, -0.36281009], [0.32887144, 0.2153437, -0.54421514]])
    np.testing.assert_allclose(printed[1], 1.5 * printed[0], atol=2e-8)
    np.testing.assert_allclose(printed.sum(axis=1), 0, atol=2e-8)
    g = printed[0] / 0.6
    probs = g + np.array([0, 0, 1])
    net = SimpleNet(np.outer([0.6, 0.9], np.log(probs)) / (0.6**2 + 0.9**2))  # one W that gives these probabilities
    x, t = np.array([0.6, 0.9]), np.array([0, 0, 1])
    np.testing.assert_allclose(textbook.numerical_gradient(lambda W: net.loss(x, t), net.W), printed, atol=2e-7)


def test_the_delta_is_the_only_difference_from_the_exact_cross_entropy():
    assert gw.cross_entropy(Y1, T) == pytest.approx(-np.log(0.6), abs=0)
    assert textbook.cross_entropy_error(Y1, T) == -np.log(0.6 + 1e-7)
    batch, labels = np.stack([Y1, Y2]), np.array([2, 2])
    mean = (0.510825457099338 + 2.302584092994546) / 2
    assert textbook.cross_entropy_error(batch, labels) == pytest.approx(mean, rel=1e-15)
    assert textbook.cross_entropy_error(batch, np.stack([T, T])) == pytest.approx(mean, rel=1e-15)


def test_an_array_of_integers_is_promoted_where_f_reads_its_argument():
    np.testing.assert_allclose(textbook.numerical_gradient(function_2, np.array([3, 4])), [6, 8], atol=1e-8)
    np.testing.assert_allclose(textbook.numerical_gradient(function_2, np.array([0, 0])), [0, 0], atol=1e-8)


def test_an_array_of_integers_is_refused_where_f_reads_the_array_itself():
    x = np.array([3, 4])
    with pytest.raises(ArgumentTypeError, match="floats"):
        textbook.numerical_gradient(lambda _: float(x[0] ** 2 + x[1] ** 2), x)


def test_x_is_put_back_when_f_raises_half_way():
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    calls = []

    def f(x):
        calls.append(1)
        if len(calls) == 6:
            raise ZeroDivisionError
        return float((x**2).sum())

    with pytest.raises(ZeroDivisionError):
        textbook.numerical_gradient(f, x)
    np.testing.assert_array_equal(x, [[1.0, 2.0], [3.0, 4.0]])
    np.testing.assert_allclose(textbook.numerical_gradient(lambda x: (x**2).sum(), x), 2 * x, atol=1e-7)


def test_integers_of_every_kind_are_told_apart_by_what_f_reads():
    for dtype in (np.int8, np.uint8, np.int64, np.bool_):
        x = np.array([[1, 0], [1, 1]], dtype)
        before = x.copy()
        with pytest.raises(ArgumentTypeError, match="reads the array itself"):
            textbook.numerical_gradient(lambda _, x=x: float(np.sum(x.astype(float) ** 2)), x)
        np.testing.assert_allclose(textbook.numerical_gradient(lambda a: np.sum(a**2), x), 2.0 * x, atol=1e-8)
        np.testing.assert_array_equal(x, before)
    # A function that is flat here, or has no value, reads its argument all the same.
    assert np.isnan(textbook.numerical_gradient(lambda x: np.nan * x[0], np.array([3]))).all()
    assert textbook.numerical_gradient(lambda x: float(np.sum(x > 2.5)), np.array([3, 1])).tolist() == [0, 0]


def test_x_of_integers_is_put_back_when_f_raises():
    x = np.array([3, 4])

    def f(_):
        if x[1] != 4:
            raise ZeroDivisionError
        return 1.0

    with pytest.raises(ZeroDivisionError):
        textbook.numerical_gradient(f, x)
    assert x.tolist() == [3, 4]


def test_a_read_only_array_is_refused_with_what_to_do():
    x = np.array([3.0, 4.0])
    x.flags.writeable = False
    for call in (textbook.numerical_gradient, textbook.gradient_descent):
        with pytest.raises(ArgumentError, match=r"x\.copy\(\)"):
            call(function_2, x)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 1, 3)])
def test_gradients_of_any_shape(shape, rng):
    x, w = rng.standard_normal(shape), rng.standard_normal(shape)
    before = x.copy()
    gradient = textbook.numerical_gradient(lambda x: np.sum(w * x**3), x)
    assert gradient.shape == shape
    np.testing.assert_allclose(gradient, 3 * w * before**2, atol=1e-6)
    np.testing.assert_array_equal(x, before)


class TestGradientDescent:
    def test_as_printed(self):
        """Rows G2, G4, G5."""
        for lr, printed in (
            (0.1, "array([-6.11110793e-10,  8.14814391e-10])"),
            (10.0, "array([-2.58983747e+13, -1.29524862e+12])"),
            (1e-10, "array([-2.99999994,  3.99999992])"),
        ):
            x = textbook.gradient_descent(function_2, init_x=np.array([-3.0, 4.0]), lr=lr, step_num=100)
            assert repr(x) == printed

    def test_signature_of_the_course(self):
        names = list(inspect.signature(textbook.gradient_descent).parameters.values())
        assert [(p.name, p.default) for p in names[2:]] == [("lr", 0.01), ("step_num", 100)]
        start = np.array([-3.0, 4.0])
        positional = textbook.gradient_descent(function_2, start, 0.01, 100)
        np.testing.assert_array_equal(positional, textbook.gradient_descent(function_2, init_x=start))

    def test_the_start_is_put_back_and_the_result_is_new(self):
        start = np.array([-3.0, 4.0])
        x = textbook.gradient_descent(function_2, start, step_num=3)
        assert start.tolist() == [-3.0, 4.0]
        assert not np.shares_memory(x, start)
        assert textbook.gradient_descent(function_2, start, step_num=0).tolist() == [-3.0, 4.0]

    def test_the_start_is_put_back_when_f_raises(self):
        start = np.array([-3.0, 4.0])
        values = iter([1.0, 2.0, 3.0, 4.0, 5.0])
        with pytest.raises(StopIteration):
            textbook.gradient_descent(lambda x: next(values), start)
        assert start.tolist() == [-3.0, 4.0]

    def test_a_function_that_reads_the_array_itself_sees_every_step(self):
        start = np.array([-3.0, 4.0])
        read = textbook.gradient_descent(lambda _: function_2(start), start, 0.1)
        np.testing.assert_array_equal(read, textbook.gradient_descent(function_2, np.array([-3.0, 4.0]), 0.1))

    def test_a_start_of_integers(self):
        whole = np.array([-3, 4])
        x = textbook.gradient_descent(function_2, whole, 0.1)
        np.testing.assert_array_equal(x, textbook.gradient_descent(function_2, np.array([-3.0, 4.0]), 0.1))
        with pytest.raises(ArgumentTypeError, match="floats"):
            textbook.gradient_descent(lambda _: function_2(whole), whole)

    @pytest.mark.parametrize("bad", [-1, 2.5, True])
    def test_steps_that_are_no_count(self, bad):
        with pytest.raises(ArgumentError, match="step_num"):
            textbook.gradient_descent(function_2, np.array([1.0, 2.0]), step_num=bad)


class TestTwoLayerNet:
    def test_parameters_as_in_the_course(self):
        net = textbook.TwoLayerNet(input_size=784, hidden_size=50, output_size=10)
        assert {name: array.shape for name, array in net.params.items()} == {
            "W1": (784, 50),
            "b1": (50,),
            "W2": (50, 10),
            "b2": (10,),
        }
        assert {array.dtype for array in net.params.values()} == {np.dtype(np.float64)}
        assert np.std(net.params["W1"]) == pytest.approx(0.01, rel=0.03)
        assert not net.params["b1"].any()
        assert np.std(textbook.TwoLayerNet(784, 50, 10, 0.5).params["W1"]) == pytest.approx(0.5, rel=0.03)

    def test_the_global_generator_is_left_alone(self):
        state = repr(np.random.get_state())  # noqa: NPY002
        first, second = (textbook.TwoLayerNet(4, 3, 2).params["W1"] for _ in range(2))
        assert np.any(first != second)
        assert repr(np.random.get_state()) == state  # noqa: NPY002
        same = [textbook.TwoLayerNet(4, 3, 2, rng=5).params["W1"] for _ in range(2)]
        np.testing.assert_array_equal(*same)

    def test_loss_is_that_of_the_course(self, rng):
        net = textbook.TwoLayerNet(4, 3, 2, 40.0, rng=0)
        x, t = rng.standard_normal((6, 4)), rng.integers(0, 2, 6)
        assert net.loss(x, t) == textbook.cross_entropy_error(net.predict(x), np.eye(2)[t])
        # Saturated as it is, a wrong answer costs at most -log 1e-7 with the delta, and its gradient is still there.
        assert net.loss(x, 1 - np.argmax(net.predict(x), axis=1)) < -np.log(1e-7) + 1e-6

    def test_both_gradients_agree(self, rng):
        net = textbook.TwoLayerNet(4, 3, 2, 0.5, rng=0)
        x, t = rng.standard_normal((6, 4)), rng.integers(0, 2, 6)
        backward, numeric = net.gradient(x, t), net.numerical_gradient(x, t)
        for name, array in net.params.items():
            assert backward[name].shape == numeric[name].shape == array.shape
            np.testing.assert_allclose(numeric[name], backward[name], atol=1e-8)
        backward["W1"] *= 1.01
        assert np.abs(numeric["W1"] - backward["W1"]).max() > 1e-4

    def test_one_sample(self):
        net = textbook.TwoLayerNet(4, 3, 2, rng=0)
        x = np.array([0.1, 0.2, 0.3, 0.4])
        assert net.predict(x).shape == (2,)
        assert net.loss(x, np.array([0, 1])) == net.loss(x[None], np.array([[0, 1]])) == net.loss(x, 1)

    @pytest.mark.parametrize(
        ("sizes", "name"), [((0, 3, 2), "input_size"), ((4, 2.5, 2), "hidden_size"), ((4, 3, -1), "output_size")]
    )
    def test_bad_sizes_are_named_as_the_caller_wrote_them(self, sizes, name):
        with pytest.raises(ArgumentError, match=name):
            textbook.TwoLayerNet(*sizes)
        with pytest.raises(ArgumentError, match="weight_init_std"):
            textbook.TwoLayerNet(4, 3, 2, 0.0)


class TestLoadMnist:
    PIXELS = np.arange(3 * 28 * 28, dtype=np.uint8).reshape(3, 28, 28)
    LABELS = np.array([5, 0, 9], np.uint8)

    @pytest.fixture
    def folder(self, tmp_path):
        for name in ("train", "t10k"):
            header = struct.pack(">4I", 0x803, 3, 28, 28)
            (tmp_path / f"{name}-images-idx3-ubyte").write_bytes(header + self.PIXELS.tobytes())
            (tmp_path / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">2I", 0x801, 3) + self.LABELS.tobytes())
        return tmp_path

    def test_as_it_comes(self, folder):
        (x_train, t_train), (x_test, t_test) = textbook.load_mnist(folder=folder)
        assert x_train.shape == x_test.shape == (3, 784)
        assert x_train.dtype == np.float32
        np.testing.assert_array_equal(x_train, self.PIXELS.reshape(3, 784).astype(np.float32) / 255)
        assert t_train.tolist() == t_test.tolist() == [5, 0, 9]

    def test_raw_pixels_in_their_shape_with_one_hot_rows(self, folder):
        (x_train, t_train), _ = textbook.load_mnist(False, False, True, folder)
        assert x_train.dtype == np.uint8
        np.testing.assert_array_equal(x_train, self.PIXELS[:, None])
        np.testing.assert_array_equal(t_train, np.eye(10)[[5, 0, 9]])

    def test_a_folder_without_the_files(self, tmp_path):
        with pytest.raises(DataNotFoundError, match="train-images"):
            textbook.load_mnist(folder=tmp_path)

    @pytest.mark.slow
    def test_the_real_files(self, mnist_folder):
        (x_train, t_train), (x_test, t_test) = textbook.load_mnist(normalize=False, folder=mnist_folder)
        assert (x_train.shape, x_test.shape) == ((60000, 784), (10000, 784))
        assert t_train[:5].tolist() == [5, 0, 4, 1, 9]
        assert t_test[:5].tolist() == [7, 2, 1, 0, 4]
        assert x_train.max() == 255


def test_activations_by_hand():
    x = np.array([-1.0, 0.0, 2.0])
    assert textbook.step_function(x).tolist() == [0, 0, 1]
    assert textbook.step_function(x).dtype.kind == "i"
    assert textbook.step_function(np.array([np.nan])).tolist() == [0]
    assert textbook.identity_function(x).tolist() == [-1.0, 0.0, 2.0]
    assert textbook.relu(x).tolist() == [0.0, 0.0, 2.0]
    np.testing.assert_allclose(textbook.sigmoid(x), 1 / (1 + np.exp(-x)), rtol=1e-15)
    np.testing.assert_allclose(textbook.sigmoid_grad(x), textbook.numerical_diff(textbook.sigmoid, x), atol=1e-8)
    np.testing.assert_allclose(
        textbook.softmax(np.array([0.3, 2.9, 4.0])), [0.01821127, 0.24519181, 0.73659691], atol=5e-9
    )
    rows = textbook.softmax(np.array([[1010.0, 1000.0, 990.0], [0.3, 2.9, 4.0]]))
    np.testing.assert_allclose(rows[1], textbook.softmax(np.array([0.3, 2.9, 4.0])), rtol=1e-15)
    np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-15)


def test_a_number_gives_a_number():
    """As in the course, whose functions are NumPy's: an array without axes can be no key, and prints as an array."""
    x = 0.5
    for name in ("sigmoid", "sigmoid_grad", "relu", "relu_grad", "identity_function"):
        found = getattr(textbook, name)(x)
        assert type(found) is np.float64, name
        assert {found: name}[found] == name
    assert isinstance(textbook.step_function(3.0), np.integer)
    assert (textbook.step_function(3.0), textbook.relu(-3), textbook.relu_grad(-3)) == (1, 0, 0)
    assert textbook.sigmoid(1) == pytest.approx(0.7310585786300049)
    assert isinstance(textbook.sigmoid(np.array([1.0])), np.ndarray)


def test_the_other_names_of_the_course_s_functions():
    x = np.array([-1.0, 0.5, 2.0])
    assert textbook.relu_grad(x).tolist() == [0.0, 1.0, 1.0]
    assert textbook.sum_squared_error(Y1, T) == textbook.mean_squared_error(Y1, T)
    scores = np.array([0.3, 2.9, 4.0])
    assert textbook.softmax_loss(scores, np.array(2)) == textbook.cross_entropy_error(textbook.softmax(scores), 2)
    assert textbook.softmax_loss(scores, np.array(2)) == pytest.approx(-np.log(0.73659691), abs=2e-7)


def test_labels_of_floats_are_refused_by_the_name_of_the_argument():
    with pytest.raises(LabelError, match="`t`"):
        textbook.cross_entropy_error(np.stack([Y1]), np.array([2.0]))


def test_the_squared_error_of_a_batch_is_the_sum_as_in_the_course():
    y, t = np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 2))
    assert textbook.mean_squared_error(y, t) == 0.5 * np.sum((y - t) ** 2) == 15.0
    with pytest.raises(ShapeError):
        textbook.mean_squared_error(y, t[0])


def test_every_name_of_the_course_comes_with_a_star():
    names: dict[str, object] = {}
    exec("from gradwright.textbook import *", names)
    course = [
        "numerical_diff",
        "numerical_gradient",
        "gradient_descent",
        "softmax",
        "sigmoid",
        "sigmoid_grad",
        "relu",
        "relu_grad",
        "step_function",
        "identity_function",
        "mean_squared_error",
        "sum_squared_error",
        "cross_entropy_error",
        "softmax_loss",
        "TwoLayerNet",
        "load_mnist",
        "function_1",
        "function_2",
    ]
    assert set(course) == set(textbook.__all__) == set(names) - {"__builtins__"}
    assert list(inspect.signature(textbook.load_mnist).parameters)[:3] == ["normalize", "flatten", "one_hot_label"]
    assert list(inspect.signature(textbook.TwoLayerNet).parameters)[:4] == [
        "input_size",
        "hidden_size",
        "output_size",
        "weight_init_std",
    ]


def test_what_is_no_array_or_no_number_is_refused():
    with pytest.raises(ArgumentTypeError, match="NumPy array"):
        textbook.numerical_gradient(function_2, [3.0, 4.0])
    with pytest.raises(FunctionError, match="one number"):
        textbook.numerical_gradient(lambda x: x, np.array([3.0, 4.0]))
    with pytest.raises(ShapeError):
        textbook.cross_entropy_error(Y1, T[:5])
    with pytest.raises(LabelError):
        textbook.cross_entropy_error(np.stack([Y1]), np.array([10]))


WRONG = [
    None, 5, 0.5, -1, True, "text", b"x", [], [1, 2], {}, {"a": 1}, (1,), [[1], [1, 2]], object(), len, complex(1, 2),
    range(3), np.array(["a", "b"]), np.array([], float), np.array([[1, 2], [3, 4]]), np.array(1.0), np.array([1j]),
    np.array([None, 1]), np.ones((2, 2, 2)), np.array(["2020-01-01"], dtype="datetime64[D]"), 10**400,
]  # fmt: skip


def refused_or_done(function, *arguments, **options):
    """Call: what is wrong must be said by an error of ours, in one line of both languages, and never by NumPy's."""
    said = []
    try:
        function(*arguments, **options)
    except GradwrightError as error:
        said = [error.text(lang) for lang in ("en", "ko")]
    assert all(line.isprintable() and len(line) < 500 for line in said)


@pytest.mark.parametrize("wrong", WRONG, ids=range(len(WRONG)))
class TestWrongKinds:
    def test_functions_of_one_array(self, wrong):
        for name in ("step_function", "function_1", "function_2", "identity_function", "relu", "sigmoid", "softmax"):
            refused_or_done(getattr(textbook, name), wrong)
        refused_or_done(textbook.sigmoid_grad, wrong)

    def test_losses(self, wrong):
        for other in (*WRONG, Y1, T):
            for name in ("mean_squared_error", "cross_entropy_error"):
                refused_or_done(getattr(textbook, name), wrong, other)
                refused_or_done(getattr(textbook, name), other, wrong)

    def test_derivatives(self, wrong):
        here = np.array([3.0, 4.0])
        refused_or_done(textbook.numerical_diff, function_1, wrong)
        refused_or_done(textbook.numerical_diff, lambda x: wrong, 1.0)
        for name in ("numerical_gradient", "gradient_descent"):
            refused_or_done(getattr(textbook, name), function_2, wrong)
            refused_or_done(getattr(textbook, name), lambda x: wrong, here)
            if not callable(wrong):
                refused_or_done(getattr(textbook, name), wrong, here)
        refused_or_done(textbook.gradient_descent, function_2, here, lr=wrong, step_num=2)
        if not isinstance(wrong, int) or wrong < 100:
            refused_or_done(textbook.gradient_descent, function_2, here, step_num=wrong)
        assert here.tolist() == [3.0, 4.0]

    def test_network_and_data(self, wrong, tmp_path):
        net, x, t = textbook.TwoLayerNet(3, 4, 2, rng=0), np.ones((2, 3)), np.array([0, 1])
        for name in ("loss", "accuracy", "gradient", "numerical_gradient"):
            refused_or_done(getattr(net, name), wrong, t)
            refused_or_done(getattr(net, name), x, wrong)
        refused_or_done(net.predict, wrong)
        refused_or_done(textbook.TwoLayerNet, 3, 4, 2, wrong)
        refused_or_done(textbook.TwoLayerNet, 3, 4, 2, rng=wrong)
        for name in ("normalize", "flatten", "one_hot_label"):
            with pytest.raises(GradwrightError):
                textbook.load_mnist(folder=tmp_path, **{name: wrong})
        if wrong is not None:
            with pytest.raises(GradwrightError):
                textbook.load_mnist(folder=wrong)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: textbook.cross_entropy_error(0.5, 1), r"`y` has shape \(\).*\(n,\) or \(batch, n\)"),
        (lambda: textbook.cross_entropy_error([0.1, 0.9], "cat"), "`t` must hold numbers|`labels`|`t`"),
        (lambda: textbook.load_mnist(folder=5), "`folder` must be a path, not int"),
        (lambda: textbook.load_mnist(flatten="no"), "`flatten` must be True or False, not str"),
        (lambda: textbook.function_2(5), r"`x` must hold two numbers, x\[0\] and x\[1\], not int"),
        (lambda: textbook.function_1("5"), "`x` must be a number or an array"),
    ],
)
def test_what_is_said(call, says):
    with pytest.raises(GradwrightError, match=says):
        call()


class TestPrecision:
    def test_parameters_in_float32_lose_digits_and_it_is_said(self, rng):
        net = gw.TwoLayerNet(4, 3, 2, rng=0)
        x, t = rng.standard_normal((6, 4)), rng.integers(0, 2, 6)
        with pytest.warns(PrecisionWarning, match='dtype="float64"') as caught:
            found = textbook.numerical_gradient(lambda _: net.loss(x, t), net.params["W1"])
        assert [warning.filename for warning in caught] == [__file__]
        exact = net.gradient(x, t)["W1"]
        assert 1e-6 < np.abs(found - exact).max() < 1e-2, "the digits that the warning speaks of"

    def test_in_float64_nothing_is_said(self, rng):
        net = gw.TwoLayerNet(4, 3, 2, rng=0, dtype="float64")
        x, t = rng.standard_normal((6, 4)), rng.integers(0, 2, 6)
        found = textbook.numerical_gradient(lambda _: net.loss(x, t), net.params["W1"])
        np.testing.assert_allclose(found, net.gradient(x, t)["W1"], atol=1e-9)

    def test_a_descent_says_it_once(self):
        with pytest.warns(PrecisionWarning) as caught:
            textbook.gradient_descent(function_2, np.array([3.0, 4.0], np.float32), step_num=5)
        assert len(caught) == 1
