"""Data sets in one form: the embedded digits, MNIST, arrays of one's own; and pictures to apply a model to."""

from __future__ import annotations

from gradwright.data.archives import read_npz
from gradwright.data.dataset import Dataset, as_dataset
from gradwright.data.embedded import digits
from gradwright.data.idx import read_idx
from gradwright.data.images import fitted, is_image, prepare, read_image, write_image
from gradwright.data.loading import inputs, load, samples
from gradwright.data.mnist_files import mnist
from gradwright.data.scaling import Scaling
from gradwright.data.split import stratified_split
from gradwright.data.tables import Table, column_names, read_table

__all__ = [
    "Dataset",
    "Scaling",
    "Table",
    "as_dataset",
    "column_names",
    "digits",
    "fitted",
    "inputs",
    "is_image",
    "load",
    "mnist",
    "prepare",
    "read_idx",
    "read_image",
    "read_npz",
    "read_table",
    "samples",
    "stratified_split",
    "write_image",
]
