"""Self-supervised multimodal fusion (paper 6.5): make up the missing modality, then join early."""

from __future__ import annotations

import torch
from torch import Tensor

from s4_core.errors import ConfigurationError
from s4_core.losses import masked_l1
from s4_core.nn import DeviceChoice, MeanHead, S4Network
from s4_core.reproduce.method import (
    Inputs,
    Maps,
    Method,
    Plan,
    PretrainBatch,
    PretrainTask,
    Reads,
    SegmentationModel,
)
from s4_core.train.objective import shared_pixels
from s4_core.types import Modality


def _other(modality: Modality) -> Modality:
    return Modality.RADAR if modality is Modality.OPTICAL else Modality.OPTICAL


class FusionTask(PretrainTask):
    """r(.): the other modality's series from the one that maps will be made from (Eq. 3)."""

    def __init__(self, plan: Plan, modality: Modality) -> None:
        super().__init__()
        self.modality = modality
        self.network = S4Network(plan.settings.network, dict(plan.channels))
        # what only contrastive learning or the other direction would use
        for part in (
            self.network.projection,
            self.network.stems[_other(modality).value],
            self.network.reconstruction[modality.value],
        ):
            part.requires_grad_(False)

    def reconstructed(self, x: Tensor, valid: Tensor, days: Tensor) -> Tensor:
        """The other modality, (B, C, T, H, W)."""
        return self.network.reconstruct(x, valid, days, self.modality, _other(self.modality))

    def feature_maps(self, x: Tensor, valid: Tensor, days: Tensor, modality: Modality) -> Maps:
        """What it makes the other modality from."""
        return [self.network.features(x, valid, days, modality)]

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """Mean absolute error."""
        with device.autocast():
            made = self.reconstructed(*batch.pairs.inputs[self.modality])
        wanted = batch.pairs.targets[_other(self.modality)]
        return masked_l1(made.float(), wanted, shared_pixels(batch.pairs))


class FusionModel(SegmentationModel):
    """A 3D U-Net on the series and on what r(.) makes of it; r(.) stays as it is."""

    def __init__(self, plan: Plan, task: FusionTask) -> None:
        super().__init__()
        self.modality = task.modality
        self.made_up = task.requires_grad_(False)
        channels = sum(plan.channels.values())
        self.network = S4Network(plan.settings.network, {self.modality: channels})
        self.head = MeanHead(self.network.feature_count("decoder"), plan.classes)

    def forward(self, inputs: Inputs) -> Tensor:
        """(B, K, H, W)."""
        x, valid, days = inputs[self.modality]
        self.made_up.eval()
        with torch.no_grad():
            other = self.made_up.reconstructed(x, valid, days)
        joined = torch.cat([x, other.to(x.dtype)], dim=1)
        features = self.network.features(joined, valid, days, self.modality)
        logits: Tensor = self.head([features], [valid])
        return logits


def task(plan: Plan, modality: Modality) -> PretrainTask:
    """The pretraining task."""
    return FusionTask(plan, modality)


def model(plan: Plan, modalities: Reads, task: PretrainTask | None) -> SegmentationModel:
    """Fine-tuned beside the frozen reconstruction."""
    if not isinstance(task, FusionTask):
        raise ConfigurationError("There is nothing pretrained.", "Give MMF's task.")
    if modalities != (task.modality,):
        raise ConfigurationError("MMF makes up the other modality.", "Give one modality.")
    return FusionModel(plan, task)


MMF = Method(
    "mmf",
    "MMF",
    "self-supervised multimodal fusion: reconstruct the missing modality, then early fusion in a "
    "3D U-Net (paper 6.5)",
    model,
    task,
)
