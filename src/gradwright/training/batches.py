"""Which samples make up each batch, drawn from one generator so that a seed fixes them all."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gradwright import _validate
from gradwright.errors import ArgumentError, ShapeError

SAMPLINGS = ("permutation", "replacement")


class Batches:
    """An endless supply of batches of sample numbers, with a state that can be saved.

    Parameters
    ----------
    n_samples : int
        How many samples there are.
    batch_size : int or "full"
        How many make a batch; at most all of them. ``"full"`` is all, in their own order, whatever `sampling` is.
    sampling : {"permutation", "replacement"}
        ``"permutation"``: each epoch goes once through all samples in a fresh order; its last batch may be smaller.
        ``"replacement"``: each batch is drawn anew, as in the course; an epoch is then n_samples // batch_size batches.
    rng : numpy.random.Generator
        What all is drawn from.

    Raises
    ------
    ArgumentError
        If `batch_size` or `sampling` is something else.

    Examples
    --------
    >>> batches = Batches(5, 2, "permutation", np.random.default_rng(0))
    >>> [len(batches.next()) for _ in range(4)], batches.per_epoch
    ([2, 2, 1, 2], 3)
    """

    def __init__(self, n_samples: int, batch_size: int | str, sampling: str, rng: np.random.Generator) -> None:
        self.sampling = _validate.choice("sampling", sampling, SAMPLINGS)
        if isinstance(batch_size, str):
            if batch_size != "full":
                raise ArgumentError("training.batch-size", value=batch_size)
            size = n_samples
        else:
            size = min(_validate.positive_int("batch_size", batch_size), n_samples)
        self.n_samples, self.batch_size, self.rng = n_samples, size, rng
        # A permutation of the whole set changes the batch in nothing but the order in which rounding happens.
        self.whole = isinstance(batch_size, str) or (sampling == "permutation" and size == n_samples)
        self._order: npt.NDArray[np.int64] = np.arange(n_samples if self.whole else 0)
        self._cursor = 0
        self._before = self._position()

    @property
    def per_epoch(self) -> int:
        """The number of batches in an epoch."""
        batches, rest = divmod(self.n_samples, self.batch_size)
        return batches + (1 if rest and self.sampling == "permutation" else 0)

    def next(self) -> npt.NDArray[np.int64]:
        """Return the sample numbers of the next batch."""
        # The state of the generator only where it is about to change: to ask for it takes as long as half of a batch.
        draws = not self.whole and (self.sampling == "replacement" or self._cursor >= len(self._order))
        self._before = (self.rng.bit_generator.state if draws else None, self._order, self._cursor)
        if self.whole:
            return self._order
        if self.sampling == "replacement":
            return self.rng.integers(self.n_samples, size=self.batch_size)
        if draws:
            self._order, self._cursor = self.rng.permutation(self.n_samples), 0
        batch = self._order[self._cursor : self._cursor + self.batch_size]
        self._cursor += self.batch_size
        return batch

    def coming(self, skip: int, count: int) -> npt.NDArray[np.int64]:
        """Return the sample numbers of up to `count` batches after the next `skip`, as far as they are drawn by now."""
        start = self._cursor + skip * self.batch_size
        return self._order[start : start + (0 if self.whole else count * self.batch_size)]

    def put_back(self) -> None:
        """Undo the last `next`: its batch was not used, and will come again."""
        state, self._order, self._cursor = self._before
        if state is not None:
            self.rng.bit_generator.state = state

    def _position(self) -> tuple[Any, npt.NDArray[np.int64], int]:
        return self.rng.bit_generator.state, self._order, self._cursor

    def state(self) -> dict[str, Any]:
        """Return all that the next batches depend on."""
        generator, order, cursor = self._position()
        return {"rng": generator, "order": order.copy(), "cursor": cursor, "n_samples": self.n_samples}

    def check(self, state: dict[str, Any]) -> None:
        """Raise unless `state` is of batches of as many samples, from the same kind of generator."""
        if state["n_samples"] != self.n_samples:
            raise ShapeError("training.state-samples", before=state["n_samples"], now=self.n_samples)
        before, now = state["rng"]["bit_generator"], self.rng.bit_generator.state["bit_generator"]
        if before != now:
            raise ArgumentError("training.state-rng", before=before, now=now)

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from where `state` was taken."""
        self.check(state)
        self.rng.bit_generator.state = state["rng"]
        self._order, self._cursor = np.array(state["order"], np.int64), int(state["cursor"])
        self._before = self._position()
