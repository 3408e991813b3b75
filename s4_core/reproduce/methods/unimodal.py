"""S4 with one modality (Table 5): a series against itself, randomly changed."""

from __future__ import annotations

from torch import Tensor

from s4_core.losses import info_nce_batch
from s4_core.nn import DeviceChoice, pooled_validity
from s4_core.reproduce.method import Method, Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods.s4 import S4Task, s4_model
from s4_core.reproduce.views import jittered
from s4_core.types import Modality


class UnimodalTask(S4Task):
    """The space-time contrastive loss between a series and its augmentation.

    Changes keep every pixel and date in place: positives stay the same site.
    """

    def __init__(self, plan: Plan, modality: Modality) -> None:
        super().__init__(plan, plan.settings.loss, "conv3d")
        self.modality = modality

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """L_c alone: there is nothing to reconstruct."""
        x, valid, days = batch.pairs.inputs[self.modality]
        with device.autocast():
            first = self.network.embed(x, valid, days, self.modality)
            second = self.network.embed(jittered(x), valid, days, self.modality)
        sites = pooled_validity(valid, self.network.stride)
        return info_nce_batch(first, second, sites, self.settings.temperature, self.settings.chunk)


def task(plan: Plan, modality: Modality) -> PretrainTask:
    """The pretraining task."""
    return UnimodalTask(plan, modality)


UNIMODAL = Method(
    "s4-unimodal",
    "S4, one modality",
    "S4's contrastive loss between a series and its random augmentation (Table 5)",
    s4_model,
    task,
)
