"""`s4-random`: the same network without any training, the same readout."""

from __future__ import annotations

from s4_core import nn
from s4_core.benchmark.methods.method import Method, Predictor
from s4_core.benchmark.methods.readouts import quick_mode
from s4_core.benchmark.task import Ground
from s4_core.progress import Stage

SEEDS = (0, 1, 2)
"""Split number i uses the network of seed SEEDS[i modulo their number]: the mean over splits is
one over networks too."""


def prepare(ground: Ground, stage: Stage) -> Predictor:
    """Quick mode on a few untrained networks."""
    networks = [
        ground.finetuning_with(
            nn.untrained(ground.settings.network, ground.finetuning.network.channels, seed)
        )
        for seed in SEEDS
    ]
    predictors = [
        quick_mode(finetuning, ground, stage.part(stage.name, i / len(SEEDS), (i + 1) / len(SEEDS)))
        for i, finetuning in enumerate(networks)
    ]
    return lambda task, stage: predictors[task.number % len(SEEDS)](task, stage)


METHOD = Method(
    prepare,
    lambda _: {"what": "the same network untrained, same readout", "seeds": list(SEEDS)},
    weight=8.0,
    preparing=0.5,
    is_rival=True,
)
