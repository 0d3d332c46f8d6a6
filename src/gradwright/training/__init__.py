"""Training: the `Trainer` and what it records, evaluation, the folder that a run leaves behind."""

from __future__ import annotations

from gradwright.training.checkpoints import Checkpoint, Checkpoints
from gradwright.training.evaluation import Evaluation, evaluate
from gradwright.training.history import History, Record
from gradwright.training.loop import train
from gradwright.training.run_folder import RunFolder
from gradwright.training.stopping import EarlyStopping
from gradwright.training.trainer import StepEvent, Trainer
from gradwright.workers.blas import one_blas_thread

__all__ = [
    "Checkpoint",
    "Checkpoints",
    "EarlyStopping",
    "Evaluation",
    "History",
    "Record",
    "RunFolder",
    "StepEvent",
    "Trainer",
    "evaluate",
    "one_blas_thread",
    "train",
]
