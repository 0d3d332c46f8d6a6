"""Other libraries at the job of a training run: each a function that does so many steps and returns the seconds."""

from __future__ import annotations

import importlib.util
import time
import warnings
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]
Sets = tuple[Numbers, Numbers, Numbers, Numbers]


def installed(module: str) -> bool:
    """Tell whether a library can be imported, without importing it."""
    return importlib.util.find_spec(module) is not None


def torch_run(
    sets: Sets, sizes: Sequence[int], activation: str, optimizer: str, size: int, every: int, threads: int
) -> Callable[[int], float]:
    """PyTorch, as its tutorials write it: `torch.optim` and eager mode, accuracies each `every` steps."""
    import torch

    torch.manual_seed(0)
    layers: list[Any] = []
    for n_in, n_out in pairwise(sizes):
        layers += [torch.nn.Linear(n_in, n_out), {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU}[activation]()]
    model, criterion = torch.nn.Sequential(*layers[:-1]), torch.nn.CrossEntropyLoss()
    chosen = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[optimizer]
    stepper = chosen(model.parameters(), lr={"sgd": 0.1, "adam": 0.001}[optimizer])
    x, t, x_test, t_test = (torch.from_numpy(array) for array in sets)

    def run(steps: int) -> float:
        before, losses = torch.get_num_threads(), []
        torch.set_num_threads(threads)
        start = time.perf_counter()
        order = torch.randperm(len(x))
        for i in range(steps):
            first = i * size % (len(x) - size + 1)
            rows = order[first : first + size]
            loss = criterion(model(x[rows]), t[rows])
            stepper.zero_grad()
            loss.backward()
            stepper.step()
            losses.append(loss.item())
            if (i + 1) % every == 0:
                with torch.no_grad():
                    for images, labels in ((x, t), (x_test, t_test)):
                        (model(images).argmax(dim=1) == labels).float().mean().item()
        taken = time.perf_counter() - start
        torch.set_num_threads(before)
        return taken

    return run


def jax_run(sets: Sets, sizes: Sequence[int], size: int, every: int) -> Callable[[int], float]:
    """JAX at its best: the steps between two evaluations are one compiled scan."""
    import jax
    import jax.numpy as jnp

    rng = np.random.default_rng(0)
    x, t, x_test, t_test = (jnp.asarray(array.astype(np.int32) if array.ndim == 1 else array) for array in sets)
    params = [
        (jnp.asarray(0.05 * rng.standard_normal(pair), jnp.float32), jnp.zeros(pair[1])) for pair in pairwise(sizes)
    ]

    def outputs(params: Any, x: Any) -> Any:
        for weight, bias in params[:-1]:
            x = jax.nn.sigmoid(x @ weight + bias)
        return x @ params[-1][0] + params[-1][1]

    def loss(params: Any, x: Any, t: Any) -> Any:
        return -jnp.take_along_axis(jax.nn.log_softmax(outputs(params, x)), t[:, None], 1).mean()

    def step(params: Any, rows: Any) -> Any:
        value, gradient = jax.value_and_grad(loss)(params, x[rows], t[rows])
        return jax.tree.map(lambda w, g: w - 0.1 * g, params, gradient), value

    scan = jax.jit(lambda params, rows: jax.lax.scan(step, params, rows))
    score = jax.jit(lambda params: [(outputs(params, a).argmax(1) == b).mean() for a, b in ((x, t), (x_test, t_test))])

    def run(steps: int) -> float:
        nonlocal params
        rows = rng.permutation(len(x))[: every * size].reshape(every, size)
        start = time.perf_counter()
        for _ in range(steps // every):
            params, losses = scan(params, rows)
            np.asarray(losses)
            [float(value) for value in score(params)]
        return time.perf_counter() - start

    return run


def sklearn_run(sets: Sets, hidden: int, size: int) -> Callable[[int], float]:
    """scikit-learn's classifier, which computes no accuracies on the way: whole epochs, scaled to the steps."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    def run(steps: int) -> float:
        epochs = max(1, round(steps * size / len(sets[0])))
        model = MLPClassifier(
            (hidden,), activation="logistic", solver="sgd", batch_size=size, learning_rate_init=0.1, momentum=0.0,
            alpha=0.0, max_iter=epochs, tol=0.0, n_iter_no_change=epochs + 1, random_state=0,
        )  # fmt: skip
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(sets[0], sets[1])
        return (time.perf_counter() - start) * steps * size / (epochs * len(sets[0]))

    return run
