"""SeCo (Manas et al. 2021): seasonal positives, in several embedding subspaces."""

from __future__ import annotations

import torch
from torch import Tensor

from s4_core.losses import queue_info_nce
from s4_core.nn import DeviceChoice
from s4_core.reproduce.method import Method, Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods.momentum import TEMPERATURE, MomentumTask, frame_model
from s4_core.reproduce.views import augmented, dates_apart, image_at
from s4_core.types import Modality


class SecoTask(MomentumTask):
    """A query and three keys: another season, another augmentation, and both.

    Subspace 0 takes all three for the same place. Subspace 1 tells augmentations apart and takes
    seasons for the same; subspace 2 the other way round. What a subspace tells apart is a
    negative of its own there.
    """

    def __init__(self, plan: Plan, modality: Modality) -> None:
        super().__init__(plan, modality, subspaces=3)

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """Mean over the subspaces."""
        x, valid, _ = batch.pairs.inputs[self.modality]
        first, second = dates_apart(valid)
        now, later = image_at(x, first), image_at(x, second)
        with device.autocast():
            queries = self.queries(now)
            with torch.no_grad():
                # season changed, augmentation changed, both changed
                keys = [self.keys(view) for view in (later, augmented(now), augmented(later))]
        losses = [
            torch.stack(
                [queue_info_nce(queries[0], k[0], self.negatives(0), TEMPERATURE) for k in keys]
            ).mean(),
            self._telling(queries[1], same=keys[0][1], others=(keys[1][1], keys[2][1]), number=1),
            self._telling(queries[2], same=keys[1][2], others=(keys[0][2], keys[2][2]), number=2),
        ]
        self.remember([keys[2][0], keys[0][1], keys[1][2]])
        return torch.stack(losses).mean()

    def _telling(
        self, query: Tensor, *, same: Tensor, others: tuple[Tensor, ...], number: int
    ) -> Tensor:
        own = torch.stack(others, dim=1)
        # (Q, D) for every query, beside its own
        shared = self.negatives(number).expand(len(query), -1, -1)
        return queue_info_nce(query, same, torch.cat([own, shared], dim=1), TEMPERATURE)


def task(plan: Plan, modality: Modality) -> PretrainTask:
    """The pretraining task."""
    return SecoTask(plan, modality)


SECO = Method(
    "seco",
    "SeCo",
    "MoCo v2 on single images, seasonal positives in three subspaces (Manas et al. 2021); "
    "ConvLSTM and 2D U-Net decoder at fine-tuning (paper 6.5)",
    frame_model,
    task,
)
