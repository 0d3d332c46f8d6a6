from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradwright import messages
from gradwright.errors import ArgumentError, ArgumentTypeError
from gradwright.messages import CATALOGUE
from gradwright.nn import (
    Affine,
    Explanation,
    HalfSquaredError,
    Layer,
    Network,
    ReLU,
    Sigmoid,
    SoftmaxCrossEntropy,
    Tanh,
    TwoLayerNet,
    explanation_text,
)
from gradwright.nn.layers import ACTIVATIONS, LAYERS
from gradwright.nn.losses import LOSSES
from gradwright.nn.rules import Formula, Rule

X = np.array([[0.5, -1.0, 2.0], [1.0, 0.25, -0.5]])
NOTE = ["dy", "dW2", "db2", "da1", "dz1", "dW1", "db1"]  # in the order of the course's code


def two_layers(**options: Any) -> Network:
    return TwoLayerNet(3, 4, 5, init=1.0, rng=0, dtype="float64", **options)


def problem(seed: int, net: Network, count: int, one_hot: bool) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((count, net.n_in))
    if not net.loss_function.classifies:
        return x, rng.standard_normal((count, net.n_out))
    labels = rng.integers(0, net.n_out, count)
    return x, np.eye(net.n_out)[labels] if one_hot else labels


class TestTheCoursesNetwork:
    def test_the_steps_are_those_of_its_code_in_their_order(self) -> None:
        assert [step.name for step in two_layers().explain(X, [1, 4]).steps] == NOTE

    def test_what_each_is_the_gradient_of(self) -> None:
        # The course's names: what comes through the weights to z1 is da1, and after the slope of the sigmoid, dz1.
        found = {step.name: step.of for step in two_layers().explain(X, [1, 4]).steps}
        assert found == dict(zip(NOTE, ["a2", "W2", "b2", "z1", "a1", "W1", "b1"], strict=True))

    def test_formulas_and_shapes(self) -> None:
        explained = two_layers().explain(X, [1, 4])
        assert {step.name: (step.formula.text, step.shapes) for step in explained.steps} == {
            "dy": ("(y - t) / N", "(2, 5) / 2 -> (2, 5)"),
            "dW2": ("z1.T @ dy", "(4, 2) @ (2, 5) -> (4, 5)"),
            "db2": ("sum(dy, axis=0)", "sum((2, 5), axis=0) -> (5,)"),
            "da1": ("dy @ W2.T", "(2, 5) @ (5, 4) -> (2, 4)"),
            "dz1": ("da1 * z1 * (1 - z1)", "(2, 4) * (2, 4) -> (2, 4)"),
            "dW1": ("x.T @ dz1", "(3, 2) @ (2, 4) -> (3, 4)"),
            "db1": ("sum(dz1, axis=0)", "sum((2, 4), axis=0) -> (4,)"),
        }
        assert explained["dW2"].formula.latex == r"z_{1}^T\,\frac{\partial L}{\partial a_{2}}"
        assert explained["dW2"].latex == r"\frac{\partial L}{\partial W_{2}}"

    def test_the_code_written_by_hand_gives_the_same_numbers(self) -> None:
        net, t = two_layers(), np.eye(5)[[1, 4]]
        p = net.params
        z1 = 1 / (1 + np.exp(-(X @ p["W1"] + p["b1"])))
        scores = np.exp(z1 @ p["W2"] + p["b2"])
        y = scores / scores.sum(axis=1, keepdims=True)
        dy = (y - t) / 2
        da1 = dy @ p["W2"].T
        dz1 = z1 * (1 - z1) * da1
        by_hand = [dy, z1.T @ dy, dy.sum(axis=0), da1, dz1, X.T @ dz1, dz1.sum(axis=0)]
        for step, expected in zip(net.explain(X, t).steps, by_hand, strict=True):
            np.testing.assert_allclose(step.value, expected, rtol=1e-12, atol=1e-15)

    def test_the_way_forward(self) -> None:
        explained = two_layers().explain(X, [1, 4])
        assert [(one.name, one.formula.text, one.shape) for one in explained.forward] == [
            ("x", "", (2, 3)),
            ("a1", "x @ W1 + b1", (2, 4)),
            ("z1", "sigmoid(a1)", (2, 4)),
            ("a2", "z1 @ W2 + b2", (2, 5)),
            ("y", "softmax(a2)", (2, 5)),
            ("L", "-sum(t * log(y)) / N", ()),
        ]
        assert explained.loss == two_layers().loss(X, [1, 4])


class TestTheFirstLine:
    def test_worked_by_hand(self) -> None:
        # Two classes with equal scores: y = (1/2, 1/2), t = (0, 1); one sample of four.
        net = Network([Affine(1, 2)], init=1.0, rng=0, dtype="float64")
        net.params["W1"] = np.zeros((1, 2))
        sample = net.explain(np.ones((4, 1)), [1, 0, 0, 0]).sample
        log_slope, jacobian, product, mean = (line.value for line in sample.derivation)
        np.testing.assert_array_equal(log_slope, [0, -2])
        np.testing.assert_array_equal(jacobian, [[0.25, -0.25], [-0.25, 0.25]])
        np.testing.assert_array_equal(product, [0.5, -0.5])
        np.testing.assert_array_equal(mean, [0.125, -0.125])
        np.testing.assert_array_equal(sample.gradient, [0.125, -0.125])

    @pytest.mark.parametrize("seed", range(3))
    def test_the_product_of_the_two_derivatives_is_y_minus_t(self, seed: int) -> None:
        net = two_layers()
        x, t = problem(seed, net, 3, one_hot=True)
        sample = net.explain(x, t, sample=2).sample
        log_slope, jacobian, product, mean = (line.value for line in sample.derivation)
        np.testing.assert_allclose(log_slope @ jacobian, product, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(product, sample.y - t[2], rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(mean, net.explain(x, t)["dy"].value[2], rtol=1e-12, atol=1e-15)

    def test_words_with_the_names_of_the_classes(self) -> None:
        net = two_layers()
        net.metadata["classes"] = ["ant", "bee", "cow", "dog", "eel"]
        explained = net.explain(X, [1, 4], sample=1)
        y = net.predict(X)[1]
        wrong = ["ant", "bee", "cow", "dog"][int(y[:4].argmax())]
        right, other = explained.sample.words("en")
        assert f"probability {y[4]:.3g} to the right class eel" in right
        assert "raises the score of eel" in right
        assert f"lowers the score of {wrong}" in other
        assert "정답 클래스 eel" in explained.sample.words("ko")[0]

    def test_words_of_a_regression(self) -> None:
        net = Network([Affine(1, 2)], HalfSquaredError(), rng=0, dtype="float64")
        net.params["W1"] = np.array([[1.0, 2.0]])
        (low,) = net.explain([[1.0]], [[1.5, 4.0]]).sample.words("en")
        (high,) = net.explain([[1.0]], [[1.0, -1.0]]).sample.words("en")
        (met,) = net.explain([[1.0]], [[1.0, 2.0]]).sample.words("en")
        assert "output 1: 2 where 4 is the answer" in low
        assert "raises it" in low
        assert "lowers it" in high
        assert "no change" in met

    def test_answers_that_do_not_sum_to_one_are_told(self) -> None:
        net = two_layers()
        t = np.array([[0.5, 0.5, 0.5, 0.5, 0], [0, 0, 0, 0, 1.0]])
        explained = net.explain(X, t)
        assert "y * sum(t) - t" in explained.text("en")
        np.testing.assert_allclose(explained["dy"].factors[0].value / 2, explained["dy"].value, rtol=1e-12)
        assert "y * sum(t) - t" not in net.explain(X, [1, 4]).text("en")

    def test_a_probability_that_rounds_to_zero(self) -> None:
        net = Network([Affine(1, 2)], rng=0, dtype="float64")
        net.params["W1"] = np.array([[1000.0, -1000.0]])
        explained = net.explain([[1.0]], [1])
        assert explained.sample.derivation[0].value[1] == -np.inf
        assert json.loads(json.dumps(explained.to_dict(), allow_nan=False))["sample"]["y"] == [1.0, 0.0]
        assert explained.text("en")


@st.composite
def networks(draw: Any) -> Network:
    """Return a network of any depth, its layers in any order."""
    width = draw(st.integers(1, 4))
    layers: list[Layer] = [ACTIVATIONS[kind]() for kind in draw(st.lists(st.sampled_from([*ACTIVATIONS]), max_size=1))]
    for _ in range(draw(st.integers(1, 4))):
        following = draw(st.integers(1, 4))
        layers.append(Affine(width, following, bias=draw(st.booleans())))
        layers += [ACTIVATIONS[kind]() for kind in draw(st.lists(st.sampled_from([*ACTIVATIONS]), max_size=2))]
        width = following
    loss = LOSSES[draw(st.sampled_from([*LOSSES]))]()
    dtype = draw(st.sampled_from(["float32", "float64"]))
    net = Network(layers, loss, init=0.8, rng=draw(st.integers(0, 1000)), dtype=dtype)
    rng = np.random.default_rng(0)
    for name in net.params:
        if name.startswith("b"):
            net.params[name] = rng.standard_normal(net.params[name].shape).astype(dtype)
    return net


class TestAnyNetwork:
    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(networks(), st.integers(1, 5), st.booleans(), st.integers(0, 100))
    def test_is_right(self, net: Network, count: int, one_hot: bool, seed: int) -> None:
        x, t = problem(seed, net, count, one_hot)
        explained = net.explain(x, t)
        for name, gradient in net.gradient(x, t).items():
            np.testing.assert_array_equal(explained[f"d{name}"].value, gradient)
            assert explained[f"d{name}"].value.dtype == net.params[name].dtype
        assert len({step.name for step in explained.steps}) == len(explained.steps)
        assert all(step.check.agrees for step in explained.steps), [s.check for s in explained.steps]
        assert explained.agrees
        for lang in ("en", "ko"):
            assert not re.search(r"<\w+>|\{\w*\}", explained.text(lang)), "a mark or field was left"
        json.dumps(explained.to_dict("ko"), allow_nan=False)

    @pytest.mark.parametrize("dtype", ["float32", "float64"])
    @pytest.mark.parametrize("loss", [SoftmaxCrossEntropy(), HalfSquaredError()])
    def test_the_factors_multiply_to_the_result(self, dtype: str, loss: Any) -> None:
        layers = [Affine(3, 4), Tanh(), Affine(4, 4), ReLU(), Affine(4, 3), Sigmoid(), Affine(3, 2)]
        net = Network(layers, loss, init=1.0, rng=1, dtype=dtype)
        x, t = problem(1, net, 6, one_hot=True)
        combine = {"@": np.matmul, "*": np.multiply, "/": np.divide}
        steps = net.explain(x, t).steps
        assert [s.name for s in steps][:5] == ["dy", "dW4", "db4", "da3", "dz3"]
        for step in steps:
            first, *rest = (factor.value for factor in step.factors)
            product = first.sum(axis=0) if step.operation == "sum" else first
            for factor in rest:
                product = combine[step.operation](product, factor)
            np.testing.assert_allclose(product, step.value, rtol=1e-5 if dtype == "float32" else 1e-12, atol=1e-8)

    def test_one_sample_without_a_batch(self) -> None:
        explained = two_layers().explain(X[0], 1)
        assert explained.n_samples == 1
        assert explained["dW2"].shapes == "(4, 1) @ (1, 5) -> (4, 5)"

    def test_every_array_library(self, xp: Any) -> None:
        net = two_layers()
        expected = net.explain(X, [1, 4])
        net.params = {name: xp(array) for name, array in net.params.items()}
        explained = net.explain(xp(X), xp(np.array([1, 4])))
        assert explained.agrees
        for step, same in zip(explained.steps, expected.steps, strict=True):
            np.testing.assert_allclose(step.value, same.value, rtol=1e-4, atol=1e-7)
        for name, gradient in net.gradient(xp(X), xp(np.array([1, 4]))).items():
            np.testing.assert_array_equal(explained[f"d{name}"].value, xp.numpy(gradient))

    def test_nothing_is_changed(self) -> None:
        net = two_layers()
        before, x = {name: array.copy() for name, array in net.params.items()}, X.copy()
        str(net.explain(x, [1, 4]))
        np.testing.assert_array_equal(x, X)
        for name, array in before.items():
            np.testing.assert_array_equal(net.params[name], array)

    def test_below_the_first_parameters_nothing_is_asked(self) -> None:
        net = Network([Sigmoid(), Affine(3, 2)], rng=0)
        assert [step.name for step in net.explain(X, [0, 1]).steps] == ["dy", "dW1", "db1"]
        assert net.explain(X, [0, 1])["dW1"].formula.text == "z0.T @ dy"


class TestARegistry:
    """A kind that is added must bring its explanation: rules that give what `backward` gives."""

    @staticmethod
    def made(kind: str) -> Layer:
        return LAYERS[kind](3, 4) if kind == "affine" else LAYERS[kind]()

    @pytest.mark.parametrize("kind", LAYERS)
    def test_the_rules_of_a_layer_give_what_backward_gives(self, kind: str) -> None:
        layer, rng = self.made(kind), np.random.default_rng(0)
        params = {key: rng.standard_normal(shape) for key, shape in layer.shapes().items()}
        x = rng.standard_normal((5, 3))
        y, cache = layer.forward(params, x)
        upstream = rng.standard_normal(y.shape)
        dx, grads = layer.backward(params, cache, upstream)
        expected = {"x": dx, **grads}
        assert {rule.of for rule in layer.rules} == set(expected)
        for rule in layer.rules:
            product = rule.product({"x": x, "y": y, "dy": upstream, **params})
            np.testing.assert_allclose(product, expected[rule.of], rtol=1e-12)
            assert rule.why in CATALOGUE
        assert layer.written().text
        assert layer.written().latex

    @pytest.mark.parametrize("kind", LOSSES)
    def test_the_rule_of_a_loss_gives_its_gradient(self, kind: str) -> None:
        loss, rng = LOSSES[kind](), np.random.default_rng(0)
        outputs, t = rng.standard_normal((5, 3)), np.eye(3)[[0, 1, 2, 0, 1]]
        parts = {"y": loss.predict(outputs), "t": t, "N": np.asarray(5.0)}
        (rule,) = loss.rules
        np.testing.assert_allclose(rule.product(parts), loss.gradient(outputs, t), rtol=1e-12, atol=1e-15)
        of_one = {name: array[0] if array.ndim else array for name, array in parts.items()}
        np.testing.assert_allclose(
            loss.derivation[-1].value(of_one), loss.gradient(outputs, t)[0], rtol=1e-12, atol=1e-15
        )
        assert {rule.why, *(line.why for line in loss.derivation)} <= set(CATALOGUE)
        assert loss.formula.text
        assert loss.formula.latex

    def test_one_without_rules_is_named(self) -> None:
        class Mystery(Sigmoid):
            rules: ClassVar[tuple[Rule, ...]] = ()

        with pytest.raises(ArgumentTypeError, match="Mystery has no `rules`"):
            Network([Affine(3, 4), Mystery(), Affine(4, 5)], rng=0).explain(X, [1, 4])

        class Lossy(SoftmaxCrossEntropy):
            rules: ClassVar[tuple[Rule, ...]] = ()

        with pytest.raises(ArgumentTypeError, match="Lossy has no `rules`"):
            Network([Affine(3, 5)], Lossy(), rng=0).explain(X, [1, 4])

    def test_a_layer_of_ones_own_explains_itself(self) -> None:
        @dataclass(frozen=True)
        class Double(Layer):
            kind: ClassVar[str] = "double"
            formula: ClassVar[Formula] = Formula("2 * <x>", "2 <x>")
            rules: ClassVar[tuple[Rule, ...]] = (Rule("x", Sigmoid.rules[0].terms[:1] * 2, "*", "explain.identity"),)

            def forward(self, params: Any, x: Any) -> Any:
                return 2 * x, None

            def backward(self, params: Any, cache: Any, upstream: Any) -> Any:
                return 2 * upstream, {}

        net = Network([Affine(3, 4), Double(), Affine(4, 5)], rng=0, dtype="float64")
        assert net.explain(X, [1, 4]).agrees


class TestPlantedMistakes:
    """The check of a step sees a wrong way back."""

    @pytest.mark.parametrize("mistake", ["no mean", "sign", "slope left out", "bias of one", "columns change places"])
    def test_is_seen(self, mistake: str) -> None:
        class WrongLoss(SoftmaxCrossEntropy):
            def gradient(self, outputs: Any, t: Any) -> Any:
                right = super().gradient(outputs, t)
                return {"no mean": right * 2, "sign": -right}.get(mistake, right)

        class WrongSigmoid(Sigmoid):
            def backward(self, params: Any, cache: Any, upstream: Any) -> Any:
                return (upstream, {}) if mistake == "slope left out" else super().backward(params, cache, upstream)

        class WrongAffine(Affine):
            def backward(self, params: Any, cache: Any, upstream: Any) -> Any:
                dx, grads = super().backward(params, cache, upstream)
                if mistake == "bias of one":
                    grads["b"] = upstream[0]
                if mistake == "columns change places":
                    grads["W"] = grads["W"][:, ::-1]
                return dx, grads

        net = Network([WrongAffine(3, 4), WrongSigmoid(), WrongAffine(4, 5)], WrongLoss(), init=1.0, rng=0)
        explained = net.explain(X, [1, 4])
        assert not explained.agrees
        assert "NOT confirmed" in explained.text("en")
        first = {"no mean": "dy", "sign": "dy", "slope left out": "dz1", "bias of one": "db2"}.get(mistake, "dW2")
        assert not explained[first].check.agrees

    def test_a_kink_is_no_mistake(self) -> None:
        # An empty image: every pre-activation of the ReLU is exactly 0.
        net = Network([Affine(3, 4), ReLU(), Affine(4, 2)], rng=0)
        explained = net.explain(np.zeros((2, 3)), [0, 1])
        assert explained.agrees
        assert explained["dz1"].check.kink
        assert "has a kink here" in explained.text("en")


NETS: dict[str, tuple[list[int], str, Any]] = {
    "the course's": ([6, 5, 4], "sigmoid", SoftmaxCrossEntropy()),
    "one layer": ([6, 4], "sigmoid", SoftmaxCrossEntropy()),
    "four layers, tanh": ([6, 5, 4, 5, 3], "tanh", SoftmaxCrossEntropy()),
    "four layers, relu": ([6, 7, 6, 5, 2], "relu", HalfSquaredError()),
    "identity, one output": ([6, 3, 1], "identity", HalfSquaredError()),
}


@pytest.mark.parametrize("count", [1, 100])
@pytest.mark.parametrize("which", NETS)
class TestTheNumbers:
    """What is shown is what `Network.gradient` gives, and follows from the factors beside it."""

    @staticmethod
    def made(which: str, count: int) -> tuple[Network, Explanation, dict[str, np.ndarray]]:
        sizes, activation, loss = NETS[which]
        net = Network.of_sizes(sizes, activation, loss, init=1.0, rng=0, dtype="float64")
        x, t = problem(3, net, count, one_hot=False)
        return net, net.explain(x, t), net.gradient(x, t)

    def test_the_entry_worked_out(self, which: str, count: int) -> None:
        _, explained, gradient = self.made(which, count)
        assert explained.agrees
        for step in explained.steps:
            entry = step.entry
            assert np.abs(step.value[entry.index]) == np.abs(step.value).max()
            assert entry.value == step.value[entry.index]
            if step.of in gradient:
                assert entry.value == gradient[step.of][entry.index]
            assert len(entry.terms) == {"@": step.factors[0].value.shape[-1], "sum": count}.get(step.operation, 1)
            products = entry.terms[:, 0] / entry.terms[:, 1] if step.operation == "/" else entry.terms.prod(axis=1)
            np.testing.assert_allclose(products.sum(), entry.value, rtol=1e-10)

    def test_the_symbols_name_the_numbers(self, which: str, count: int) -> None:
        """Each symbol of an entry, such as W2[3, 0], looked up, gives the number below it."""
        net, explained, _ = self.made(which, count)
        known = {one.name: one.value for one in explained.forward} | dict(net.params)
        known |= {step.name: step.value for step in explained.steps} | {"N": np.float64(count)}
        known["t"] = known["y"] - explained.steps[0].factors[0].value
        for step in explained.steps:
            for term, numbers in zip(explanation_text.symbols(step, 99).split(" + "), step.entry.terms, strict=False):
                if term == "...":
                    continue
                expected = numbers[0] / numbers[1] if step.operation == "/" else numbers.prod()
                assert eval(term, {}, known) == pytest.approx(expected, rel=1e-10)

    def test_the_numbers_in_the_text(self, which: str, count: int) -> None:
        _, explained, gradient = self.made(which, count)
        for lang in ("en", "ko"):
            lines = explained.text(lang).splitlines()
            for step in explained.steps:
                place = f"{step.name}[{', '.join(map(str, step.entry.index))}]"
                at = [i for i, line in enumerate(lines) if line.startswith(f"      {place} = ")]
                if step.entry.terms.size == 1:
                    assert not at
                    continue
                (at,) = at
                _, numbers, value = lines[at + 1].split(" = ")
                expected = gradient.get(step.of, step.value)
                assert float(value) == pytest.approx(expected[step.entry.index], rel=1e-3)
                if not numbers.endswith("..."):
                    assert eval(numbers) == pytest.approx(float(value), rel=5e-3, abs=1e-3)

    def test_the_dict(self, which: str, count: int) -> None:
        _, explained, gradient = self.made(which, count)
        for entry in explained.to_dict("en")["steps"]:
            worked = entry["entry"]
            if entry["of"] in gradient:
                full = gradient[entry["of"]]
                np.testing.assert_array_equal(entry["values"], full[tuple(slice(n) for n in np.shape(entry["values"]))])
                assert worked["value"] == full[tuple(worked["index"])]
            assert len(worked["terms"]) == min(worked["n_terms"], 4)
            assert f"dL/d{entry['of']}" in entry["meaning"]
        json.dumps(explained.to_dict("ko"), allow_nan=False)


class TestTheText:
    @pytest.mark.parametrize("lang", ["en", "ko"])
    def test_sentences_fit_and_formulas_are_whole(self, lang: str) -> None:
        net = Network.of_sizes([64, 30, 20, 10], "tanh", rng=0)
        x = np.random.default_rng(0).random((100, 64))
        lines = net.explain(x, np.arange(100) % 10).text(lang).splitlines()
        sentences = [line for line in lines if re.match(r" +[A-Za-z가-힣]", line) and " = [" not in line]
        assert len(sentences) > 50
        for line in sentences:
            assert messages.columns_of(line) <= 103, line
            assert not re.search(r" [-*/=@>]$", line), line
            assert not re.match(r" +[-*/=@>] ", line) or line.lstrip().startswith("= "), line

    def test_wrapping_by_hand(self) -> None:
        assert explanation_text.wrapped("so y - t is left", 7) == ["so", "y - t", "is left"]
        assert explanation_text.wrapped("z1[n, i] * dy[n, j]", 5) == ["z1[n, i] * dy[n, j]"]
        assert explanation_text.wrapped("가나 다라 마바", 9) == ["가나 다라", "마바"]

    @pytest.mark.parametrize("lang", ["en", "ko"])
    def test_answers_the_question_marks(self, lang: str) -> None:
        """Why y - t, why over the batch size, why the transposes, why a sum over axis 0."""
        text = " ".join(two_layers().explain(X, [1, 4]).text(lang).split())
        answers = {
            "en": [
                "multiply to prediction minus answer, y - t",
                "the mean over the N samples of the batch (the course's cross_entropy_error ends with / batch_size)",
                "the matrix product with z1 transposed, which puts the samples n next to each other",
                "the matrix product with W2 transposed, which puts the columns j next to each other",
                "the same b2 was added to every row",
                "sum over axis 0, the axis of the samples",
                "the course's sigmoid_grad(a1), is z1 * (1 - z1)",
                "da1, the course's name, stands for dL/dz1 (not for dL/da1)",
            ],
            "ko": [
                "예측에서 정답을 뺀 y - t만 남습니다",
                "샘플 N개의 평균이어서(교재의 cross_entropy_error도 끝에서 batch_size로 나눕니다)",
                "전치하면 샘플 축 n끼리 맞닿기 때문입니다",
                "W2의 전치와의 행렬 곱입니다(전치하면 열 j끼리 맞닿습니다)",
                "같은 b2 벡터가 배치의 모든 행에 더해졌습니다",
                "축 0(샘플의 축)을 따라 모두 더합니다",
                "교재의 sigmoid_grad(a1) 값은 z1 * (1 - z1)이고",
                "dL/da1 값이 아니라 dL/dz1",
            ],
        }
        for answer in answers[lang]:
            assert answer in text

    def test_holds_every_step_with_its_reason(self) -> None:
        explained = two_layers().explain(X, [1, 4])
        text = " ".join(explained.text("en").split())
        for step in explained.steps:
            assert f"{step.name} = {step.formula.text}" in text
            assert step.shapes in text
            assert " ".join(step.reason("en").split()) in text
            assert f"dL/d{step.of}" in text
        assert "the mean over the N samples" in text
        assert text.count("Check: ") == len(explained.steps)
        assert "da1, the course's name, stands for dL/dz1 (not for dL/da1)" in text

    def test_in_the_language_of_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        explained = two_layers().explain(X, [1, 4])
        assert str(explained) == explained.text("en")
        monkeypatch.setenv("GRADWRIGHT_LANG", "ko")
        assert str(explained) == explained.text("ko")
        assert "순전파" in str(explained)

    def test_of_a_large_array_the_corners(self) -> None:
        net = TwoLayerNet(784, 50, 10, rng=0)
        explained = net.explain(np.ones((100, 784)), np.zeros(100, dtype=int))
        assert len(explained.text("en").splitlines()) < 250
        entry = explained.to_dict()["steps"][1]
        assert entry["shape"] == [50, 10]
        assert not entry["whole"]
        assert np.shape(entry["values"]) == (4, 4)
        assert entry["shapes"] == "(50, 100) @ (100, 10) -> (50, 10)"

    def test_a_regression_has_its_own_reason(self) -> None:
        net = Network([Affine(3, 2)], HalfSquaredError(), rng=0)
        text = " ".join(net.explain(X, np.zeros((2, 2))).text("en").split())
        assert "one half takes away" in text
        assert "softmax" not in text
        assert "(not for dL/dy)" not in text, "y is a1 here"


class TestArguments:
    @pytest.mark.parametrize("sample", [2, -1, 1.5])
    def test_no_such_sample(self, sample: Any) -> None:
        with pytest.raises(ArgumentError, match="`sample`"):
            two_layers().explain(X, [1, 4], sample=sample)

    def test_no_such_step(self) -> None:
        with pytest.raises(KeyError):
            two_layers().explain(X, [1, 4])["dW3"]

    def test_its_class_is_public(self) -> None:
        assert isinstance(two_layers().explain(X, [1, 4]), Explanation)
