"""`s4`: the checkpoint in the product's quick mode."""

from __future__ import annotations

from s4_core.benchmark.methods.method import Method, Predictor
from s4_core.benchmark.methods.readouts import features_of, quick_mode
from s4_core.benchmark.task import Floats, Ground, Task
from s4_core.progress import Stage


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """Features of the checkpoint's network."""
    finetuning = ground.finetuning
    features = features_of(finetuning, ground, stage)

    def predict(task: Task, stage: Stage) -> Floats:
        return quick_mode(task, finetuning, features, stage)

    return predict


METHOD = Method(
    prepare,
    lambda _: {"what": "the checkpoint, quick mode (`finetune --mode head`)"},
    weight=6.0,
    preparing=0.3,
)
