"""CaCo (Mall et al. 2023): whether a place has changed decides what distant dates are."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from s4_core.losses import queue_info_nce
from s4_core.nn import DeviceChoice
from s4_core.reproduce.method import Method, Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods.momentum import TEMPERATURE, MomentumTask, frame_model
from s4_core.reproduce.views import augmented, dates_apart, image_at
from s4_core.types import Modality


class CacoTask(MomentumTask):
    """Neighbouring dates are positives; distant ones where the ground stayed the same.

    The original compares years; here a series holds one, so "long-term" is half of a series.
    A place has changed where its distant dates differ by more than the median of the batch, each
    measured against its neighbouring dates. Its distant date is then a negative of its own.
    """

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """Short-term and long-term loss, averaged."""
        x, valid, _ = batch.pairs.inputs[self.modality]
        now, near = dates_apart(valid, short=True)
        _, far = dates_apart(valid, short=False)
        query, soon, late = (image_at(x, index) for index in (now, near, far))
        with device.autocast():
            (asked,) = self.queries(augmented(query))
            with torch.no_grad():
                (short,), (long,) = self.keys(augmented(soon)), self.keys(augmented(late))
                changed = self._changed(query, soon, late)
        shared = self.negatives().expand(len(asked), -1, -1)
        # a distant date counts as a negative where it changed, else it stands in by a shared one
        own = torch.where(changed[:, None], long, shared[:, 0])[:, None]
        losses = [queue_info_nce(asked, short, torch.cat([own, shared], dim=1), TEMPERATURE)]
        if not bool(changed.all()):
            same = ~changed
            losses.append(queue_info_nce(asked[same], long[same], shared[same], TEMPERATURE))
        self.remember([short])
        return torch.stack(losses).mean()

    def _changed(self, now: Tensor, soon: Tensor, late: Tensor) -> Tensor:
        """(B,) bool, by the key network's features."""
        here, near, far = (
            F.normalize(self.keys.pooled(image), dim=1) for image in (now, soon, late)
        )
        ratio = (here - far).norm(dim=1) / (here - near).norm(dim=1).clamp(min=1e-6)
        found: Tensor = ratio > ratio.median()
        return found


def task(plan: Plan, modality: Modality) -> PretrainTask:
    """The pretraining task."""
    return CacoTask(plan, modality)


CACO = Method(
    "caco",
    "CaCo",
    "MoCo v2 on single images, change-aware positives and negatives (Mall et al. 2023), "
    "long-term meaning half of a series; decoder as SeCo's",
    frame_model,
    task,
)
