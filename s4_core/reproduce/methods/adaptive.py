"""S4 that weighs its modalities pixel by pixel (Section 7's adaptive fusion)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s4_core.errors import ConfigurationError
from s4_core.nn import S4Network, date_shares
from s4_core.nn.blocks import Layers
from s4_core.reproduce.method import (
    Inputs,
    Method,
    Plan,
    PretrainTask,
    Reads,
    SegmentationModel,
    both,
)
from s4_core.reproduce.methods.s4 import S4Task, s4_task
from s4_core.types import Modality

_DROPPED = 0.3
"""Probability of each modality to be hidden from a training batch (never both)."""


class AdaptiveModel(SegmentationModel):
    """Both modalities' features, averaged over their dates and joined by learned weights.

    The weights come from the features themselves and sum to one over the modalities at hand, so
    that a pixel under cloud can lean on radar, and one modality alone still makes a map.
    """

    def __init__(self, network: S4Network, classes: int) -> None:
        super().__init__()
        self.network = network
        features = network.feature_count("decoder")
        layers = Layers(across_dates=False)
        names = [m.value for m in network.modalities]
        self.weigh = nn.ModuleDict({name: layers.conv(features, 1) for name in names})
        self.enter = nn.ModuleDict({name: layers.conv(features, features, 1) for name in names})
        self.classify = layers.conv(features, classes)

    def forward(self, inputs: Inputs) -> Tensor:
        """(B, K, H, W)."""
        at_hand = self._kept(tuple(inputs)) if self.training else tuple(inputs)
        means, scores = [], []
        for modality in at_hand:
            x, valid, days = inputs[modality]
            series = self.network.features(x, valid, days, modality)
            shares = date_shares(valid, series.dtype)[:, None]
            mean = (series * shares).sum(dim=2, keepdim=True)
            means.append(self.enter[modality.value](mean))
            scores.append(self.weigh[modality.value](mean))
        weights = torch.stack(scores).softmax(dim=0)
        logits: Tensor = self.classify((torch.stack(means) * weights).sum(dim=0)).squeeze(2)
        return logits

    @staticmethod
    def _kept(modalities: tuple[Modality, ...]) -> tuple[Modality, ...]:
        if len(modalities) < 2:
            return modalities
        draw = float(torch.rand(()))
        if draw < _DROPPED:
            return modalities[:1]
        return modalities[1:] if draw > 1 - _DROPPED else modalities


def model(plan: Plan, modalities: Reads, task: PretrainTask | None) -> SegmentationModel:  # noqa: ARG001 - reads both
    """Fine-tuned on S4's network."""
    if not isinstance(task, S4Task):
        raise ConfigurationError("There is nothing pretrained.", "Give S4's task.")
    return AdaptiveModel(task.network, plan.classes)


ADAPTIVE = Method(
    "s4-adaptive",
    "S4, adaptive fusion",
    "S4 fine-tuned on both modalities with learned weights a pixel, either dropped at random; "
    "maps from one or both (paper 7)",
    model,
    s4_task,
    pretrains_once=True,
    apart=True,
    learns_from=both,
    extra=True,
    fuses=True,
)
