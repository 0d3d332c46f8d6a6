"""Figures: a training run, a confusion matrix, the weights of a network, its mistakes; and their files.

All are matplotlib figures, made without pyplot and without a display. A notebook shows one where it is the last line of
a cell.
"""

from __future__ import annotations

from gradwright.plot.confusion_matrix import confusion
from gradwright.plot.images import mistakes, weights
from gradwright.plot.style import save
from gradwright.plot.training import history

__all__ = ["confusion", "history", "mistakes", "save", "weights"]
