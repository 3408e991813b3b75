"""S4 with a third modality in pretraining: infrared, with an encoder of its own (Section 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import torch
from torch import Tensor

from s4_core.errors import ConfigurationError
from s4_core.nn import DeviceChoice, S4Network
from s4_core.reproduce.method import Method, Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods.s4 import S4Task, s4_model
from s4_core.reproduce.samples import INFRARED, INFRARED_BANDS
from s4_core.train.batches import Batch, Offset
from s4_core.train.objective import pretrain_loss
from s4_core.types import Modality


class ThirdTask(S4Task):
    """Eq. 1, averaged over the three pairs of modalities."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan, plan.settings.loss, "conv3d")
        channels = {**plan.channels, INFRARED: len(INFRARED_BANDS)}
        self.network = S4Network(plan.settings.network, channels)

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """Mean over the pairs."""
        if batch.infrared is None:
            raise ConfigurationError("The third modality is missing.", "Pretrain with infrared.")
        whole = replace(
            batch.pairs,
            inputs={**batch.pairs.inputs, **batch.infrared.inputs},
            targets={**batch.pairs.targets, **batch.infrared.targets},
            present={**batch.pairs.present, **batch.infrared.present},
        )
        none = ((0, 0),) * len(batch.pairs.offsets)
        # where each modality's patches begin, seen from the first's
        begin = dict(zip(whole.inputs, (none, batch.pairs.offsets, batch.infrared.offsets)))
        losses = [
            pretrain_loss(
                self.network,
                _only(whole, (a, b), _between(begin[a], begin[b])),
                self.settings,
                device,
            ).total
            for a, b in combinations(whole.inputs, 2)
        ]
        return torch.stack(losses).mean()


def _between(first: Sequence[Offset], second: Sequence[Offset]) -> tuple[Offset, ...]:
    """Offsets of the second patches from the first."""
    return tuple((b[0] - a[0], b[1] - a[1]) for a, b in zip(first, second))


def _only(batch: Batch, pair: tuple[Modality, ...], offsets: tuple[Offset, ...]) -> Batch:
    return replace(
        batch,
        offsets=offsets,
        inputs={m: batch.inputs[m] for m in pair},
        targets={m: batch.targets[m] for m in pair},
        present={m: batch.present[m] for m in pair},
    )


def task(plan: Plan, modality: Modality) -> PretrainTask:  # noqa: ARG001 - one serves all
    """The pretraining task."""
    return ThirdTask(plan)


THIRD = Method(
    "s4-third",
    "S4, third modality",
    "S4 pretrained on optical, radar and infrared (B08, B11, B12), an encoder each (paper 7)",
    s4_model,
    task,
    pretrains_once=True,
    apart=True,
    extra=True,
    infrared=True,
)
