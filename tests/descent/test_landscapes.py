"""The landscapes: gradients against differences, minima against both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradwright.descent import landscapes
from gradwright.descent.landscapes import ALL, Landscape
from gradwright.differentiate import gradient, hessian

EACH = pytest.mark.parametrize("landscape", ALL, ids=lambda landscape: landscape.name)


def gradient_is_right(landscape: Landscape) -> bool:
    points = np.random.default_rng(1).uniform(-2, 2, (10, 2))
    measured = [gradient(landscape, x).value for x in points]
    return np.allclose(landscape.gradient(points), measured, rtol=1e-7, atol=1e-7)


@EACH
class TestEach:
    def test_gradient(self, landscape: Landscape) -> None:
        assert gradient_is_right(landscape)

    def test_minima(self, landscape: Landscape) -> None:
        for point in landscape.minima:
            np.testing.assert_allclose(landscape.gradient(np.array(point)), 0, atol=1e-12)
            assert np.linalg.eigvalsh(hessian(landscape, list(point), step=1e-3).value).min() > 0

    def test_every_minimum_is_listed(self, landscape: Landscape) -> None:
        (left, right), (low, high) = landscape.limits
        x, y = np.meshgrid(np.linspace(left, right, 401), np.linspace(low, high, 401), indexing="ij")
        values = landscape(np.stack([x, y], axis=-1))
        inner = values[1:-1, 1:-1]
        around = [values[1 + i : 400 + i, 1 + j : 400 + j] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j]
        found = np.argwhere((inner <= np.min(around, axis=0)) & (inner < np.max(around, axis=0) - 1e-9)) + 1
        for i, j in found:
            # A valley as narrow as Rosenbrock's has minima of the grid along it that are none of f.
            if np.linalg.norm(landscape.gradient([x[i, j], y[i, j]])) < 0.1 * np.abs(values).max() ** 0.5:
                distance = min(np.hypot(x[i, j] - a, y[i, j] - b) for a, b in landscape.minima)
                assert distance < 0.2 or landscape.name == "rosenbrock"

    def test_grid(self, landscape: Landscape, xp: Any) -> None:
        points = xp(np.random.default_rng(2).uniform(-1, 1, (3, 4, 2)))
        values, slopes = xp.numpy(landscape(points)), xp.numpy(landscape.gradient(points))
        assert values.shape == (3, 4)
        assert slopes.shape == (3, 4, 2)
        one = landscape(np.asarray(xp.numpy(points)[1, 2], dtype=float))
        assert values[1, 2] == pytest.approx(float(one), rel=1e-4)

    def test_start_is_in_view(self, landscape: Landscape) -> None:
        assert all(low <= v <= high for v, (low, high) in zip(landscape.start, landscape.limits, strict=True))
        assert getattr(landscapes, landscape.name) is landscape

    def test_is_frozen(self, landscape: Landscape) -> None:
        with pytest.raises(AttributeError):
            landscape.name = "other"  # type: ignore[misc]


def test_a_wrong_gradient_is_seen() -> None:
    good = landscapes.bowl
    assert not gradient_is_right(Landscape("bad", good.f, lambda x: 1.01 * good.gradient(x), (), (0, 0), good.limits))


def test_known_values() -> None:
    assert landscapes.bowl([3.0, 4.0]) == 25
    assert landscapes.rosenbrock([-1.2, 1.0]) == pytest.approx(24.2)
    assert landscapes.himmelblau([0.0, 0.0]) == 170
    assert landscapes.saddle([2.0, 1.0]) == 3
