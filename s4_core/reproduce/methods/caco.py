"""CaCo (Mall et al. 2023): whether a place has changed decides what distant dates are."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from s4_core.nn import DeviceChoice
from s4_core.reproduce.method import Method, Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods.momentum import frame_model
from s4_core.reproduce.methods.seco import FarKeys, SecoTask
from s4_core.reproduce.views import dates_in_halves, image_at
from s4_core.types import Modality

_ROUNDS = 10
"""Of two-means in one dimension, which settles sooner."""


class CacoTask(SecoTask):
    """SeCo on dates that lie near each other; where the ground changed, distant ones are negatives.

    The original compares years; here a series holds one, so "long-term" is its other half. A
    place's change ratio is the distance of its distant dates over that of its near ones, in the
    subspace that takes seasons for the same. The places fall into two groups by their ratios (the
    original fits two Gaussians to those of all places each epoch, here two means to those of the
    last steps); in the upper group the ground has changed. Until enough ratios are known, no
    distant date counts.
    """

    ratios: Tensor
    known: Tensor

    def __init__(self, plan: Plan, modality: Modality) -> None:
        super().__init__(plan, modality)
        self.register_buffer("ratios", torch.zeros(plan.sizes.queue))
        self.register_buffer("known", torch.zeros(1, dtype=torch.int64))
        self._measured: Tensor | None = None

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """SeCo's, with distant dates among the negatives of changed places."""
        x, valid, _ = batch.pairs.inputs[self.modality]
        now, near, far = (image_at(x, index) for index in dates_in_halves(valid))
        with device.autocast():
            with torch.no_grad():
                here, soon, late = (self.keys(image) for image in (now, near, far))
                ratio = _distance(here[1], late[1]) / _distance(here[1], soon[1]).clamp(min=1e-4)
            self._measured = ratio
            return self.of_views(now, near, FarKeys(late, self.changed(ratio)))

    def changed(self, ratio: Tensor) -> Tensor:
        """Of places by their change ratio, (B,) -> (B,) bool."""
        if int(self.known) < len(self.ratios):
            return torch.zeros_like(ratio, dtype=torch.bool)
        return ratio > between_groups(self.ratios)

    def after_step(self) -> None:
        """Keep the newest ratios too."""
        super().after_step()
        if self._measured is not None:
            room = len(self.ratios)
            self.ratios.copy_(torch.cat([self.ratios, self._measured])[-room:])
            self.known += len(self._measured)
            self._measured = None


def _distance(a: Tensor, b: Tensor) -> Tensor:
    """(B, D), (B, D) -> (B,)."""
    return F.pairwise_distance(a.float(), b.float(), eps=0.0)


def between_groups(values: Tensor) -> Tensor:
    """Where two groups of numbers (N,) part: halfway between their means (two-means)."""
    parting = values.mean()
    for _ in range(_ROUNDS):
        low, high = values[values <= parting], values[values > parting]
        if not len(high):
            break
        parting = (low.mean() + high.mean()) / 2
    return parting


def task(plan: Plan, modality: Modality) -> PretrainTask:
    """The pretraining task."""
    return CacoTask(plan, modality)


CACO = Method(
    "caco",
    "CaCo",
    "SeCo's subspaces on dates near each other, distant dates as negatives where the ground "
    "changed (Mall et al. 2023), long-term meaning the other half of a series; decoder as SeCo's",
    frame_model,
    task,
)
