"""SeCo (Manas et al. 2021): seasonal positives, in several embedding subspaces."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from s4_core.losses import queue_info_nce
from s4_core.nn import DeviceChoice
from s4_core.reproduce.method import Method, Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods.momentum import TEMPERATURE, MomentumTask, frame_model
from s4_core.reproduce.views import augmented, dates_apart, image_at
from s4_core.types import Modality


@dataclass(frozen=True, eq=False)
class FarKeys:
    """Keys of further images of the same places.

    Args:
        keys: (B, D), one a subspace. counted: (B,) bool, whose count as negatives.
    """

    keys: list[Tensor]
    counted: Tensor


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
        now, later = (image_at(x, index) for index in dates_apart(valid))
        with device.autocast():
            return self.of_views(now, later)

    def of_views(self, now: Tensor, later: Tensor, far: FarKeys | None = None) -> Tensor:
        """The loss of two images of each place, (B, C, 1, H, W).

        Args:
            far: further images of the places that count as negatives in every subspace.
        """
        queries = self.queries(now)
        with torch.no_grad():
            # season changed, augmentation changed, both changed
            keys = [self.keys(view) for view in (later, augmented(now), augmented(later))]
        places = [self._contrast(0, queries[0], key[0], (), far) for key in keys]
        losses = [
            torch.stack(places).mean(),
            self._contrast(1, queries[1], keys[0][1], (keys[1][1], keys[2][1]), far),
            self._contrast(2, queries[2], keys[1][2], (keys[0][2], keys[2][2]), far),
        ]
        self.remember([keys[2][0], keys[0][1], keys[1][2]])
        return torch.stack(losses).mean()

    def _contrast(
        self,
        number: int,
        query: Tensor,
        same: Tensor,
        others: tuple[Tensor, ...],
        far: FarKeys | None,
    ) -> Tensor:
        """InfoNCE in one subspace; its queue's keys and `others` are the negatives."""
        # (Q, D) for every query, beside its own (B, n, D)
        shared = self.negatives(number).expand(len(query), -1, -1)
        own = [key[:, None] for key in others]
        counted = None
        if far is not None:
            own.append(far.keys[number][:, None])
            counted = shared.new_ones(len(query), len(others) + 1 + shared.shape[1]).bool()
            counted[:, len(others)] = far.counted
        negatives = torch.cat([*own, shared], dim=1)
        return queue_info_nce(query, same, negatives, TEMPERATURE, counted)


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
