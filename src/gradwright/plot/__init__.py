"""Figures: a function with its tangents, the error of a difference, gradients and paths of descent, a training run.

And a confusion matrix, the weights of a network, its mistakes, its way back step by step, the Taylor remainder of a
wrong gradient; and the files of all these. All are matplotlib figures, made without pyplot and without a display. A
notebook shows one where it is the last line of a cell.
"""

from __future__ import annotations

from gradwright.plot.comparison_curves import comparison
from gradwright.plot.confusion_matrix import confusion
from gradwright.plot.curves import tangent
from gradwright.plot.explanation_figure import explanation
from gradwright.plot.fields import vector_field
from gradwright.plot.files import check_path, save
from gradwright.plot.images import mistakes, weights
from gradwright.plot.paths import descent_path
from gradwright.plot.predicted_values import predictions
from gradwright.plot.rate_curve import learning_rates
from gradwright.plot.ratio_bars import ratios
from gradwright.plot.remainders import taylor
from gradwright.plot.step_errors import step_error
from gradwright.plot.training import history

__all__ = [
    "check_path",
    "comparison",
    "confusion",
    "descent_path",
    "explanation",
    "history",
    "learning_rates",
    "mistakes",
    "predictions",
    "ratios",
    "save",
    "step_error",
    "tangent",
    "taylor",
    "vector_field",
    "weights",
]
