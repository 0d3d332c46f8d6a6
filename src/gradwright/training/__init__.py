"""Training: the `Trainer` and what it records, evaluation, the folder that a run leaves behind."""

from __future__ import annotations

from gradwright.training.checkpoints import Checkpoint, Checkpoints
from gradwright.training.comparison import Comparison, Curve, compare
from gradwright.training.evaluation import Evaluation, evaluate
from gradwright.training.history import History, Record
from gradwright.training.loop import train
from gradwright.training.rate_search import RateSearch, Trial, find_learning_rate
from gradwright.training.regression import RegressionEvaluation, evaluate_regression
from gradwright.training.run_folder import RunFolder
from gradwright.training.stopping import EarlyStopping
from gradwright.training.tensorboard_log import TensorBoard
from gradwright.training.trainer import StepEvent, Trainer
from gradwright.workers.blas import one_blas_thread

__all__ = [
    "Checkpoint",
    "Checkpoints",
    "Comparison",
    "Curve",
    "EarlyStopping",
    "Evaluation",
    "History",
    "RateSearch",
    "Record",
    "RegressionEvaluation",
    "RunFolder",
    "StepEvent",
    "TensorBoard",
    "Trainer",
    "Trial",
    "compare",
    "evaluate",
    "evaluate_regression",
    "find_learning_rate",
    "one_blas_thread",
    "train",
]
