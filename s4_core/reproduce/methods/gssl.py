"""GSSL (Ayush et al. 2021): temporal positives, and where on Earth an image was taken."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.losses import queue_info_nce
from s4_core.nn import DeviceChoice
from s4_core.reproduce.method import Method, Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods.momentum import TEMPERATURE, MomentumTask, frame_model
from s4_core.reproduce.views import augmented, dates_apart, image_at
from s4_core.types import Modality


class GsslTask(MomentumTask):
    """MoCo v2 between dates, plus classifying the cluster of the patch's location."""

    def __init__(self, plan: Plan, modality: Modality) -> None:
        super().__init__(plan, modality)
        self.locate = nn.Linear(plan.sizes.frame_widths[-1], plan.places)

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """Sum of both, as in the original."""
        x, valid, _ = batch.pairs.inputs[self.modality]
        first, second = dates_apart(valid)
        with device.autocast():
            pooled = self.queries.pooled(augmented(image_at(x, first)))
            asked = F.normalize(self.queries.heads[0](pooled).float(), dim=1)
            with torch.no_grad():
                (key,) = self.keys(augmented(image_at(x, second)))
            places = self.locate(pooled)
        self.remember([key])
        contrast = queue_info_nce(asked, key, self.negatives(), TEMPERATURE)
        return contrast + F.cross_entropy(places.float(), batch.places)


def task(plan: Plan, modality: Modality) -> PretrainTask:
    """The pretraining task."""
    return GsslTask(plan, modality)


GSSL = Method(
    "gssl",
    "GSSL",
    "MoCo v2 on single images, temporal positives and location classification (Ayush et al. "
    "2021); decoder as SeCo's",
    frame_model,
    task,
)
