"""Data sets in one form: the embedded digits, MNIST, arrays of one's own; and pictures to apply a model to."""

from __future__ import annotations

from gradwright.data.dataset import Dataset, as_dataset
from gradwright.data.embedded import digits
from gradwright.data.idx import read_idx
from gradwright.data.images import prepare, read_image, write_image
from gradwright.data.mnist_files import mnist
from gradwright.data.split import stratified_split

__all__ = [
    "Dataset",
    "as_dataset",
    "digits",
    "mnist",
    "prepare",
    "read_idx",
    "read_image",
    "stratified_split",
    "write_image",
]
