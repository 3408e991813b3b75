"""`s4`: the checkpoint in the product's quick mode."""

from __future__ import annotations

from s4_core.benchmark.methods.method import Method, Predictor
from s4_core.benchmark.methods.readouts import quick_mode
from s4_core.benchmark.task import Ground
from s4_core.progress import Stage


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """Quick mode on the checkpoint's network."""
    return quick_mode(ground.finetuning, ground, stage)


METHOD = Method(
    prepare,
    lambda _: {"what": "the checkpoint, quick mode (`finetune --mode head`)"},
    weight=6.0,
    preparing=0.3,
)
