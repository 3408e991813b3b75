"""S4 with one modality (Table 5): a series against itself, randomly changed."""

from __future__ import annotations

from torch import Tensor

from s4_core.losses import info_nce_batch
from s4_core.nn import DeviceChoice, pooled_validity
from s4_core.reproduce.method import Method, Plan, PretrainBatch, PretrainTask
from s4_core.reproduce.methods.s4 import S4Task, s4_model
from s4_core.reproduce.views import jittered, views_apart
from s4_core.train.shifts import onto_first
from s4_core.types import Modality


class UnimodalTask(S4Task):
    """The space-time contrastive loss between a series and its augmentation.

    Changes keep every pixel and date on its ground; the two are cut apart as S4's modalities are.
    """

    def __init__(self, plan: Plan, modality: Modality) -> None:
        super().__init__(plan, plan.settings.loss, "conv3d")
        self.modality, self.shift_px = modality, plan.shift_px

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """L_c alone: there is nothing to reconstruct."""
        x, valid, days = batch.pairs.inputs[self.modality]
        (here, there), (seen, seen_there), offsets = views_apart(x, valid, self.shift_px)
        with device.autocast():
            first = self.network.embed(here, seen, days, self.modality)
            second = self.network.embed(jittered(there), seen_there, days, self.modality)
        second = onto_first(second, offsets, self.network.stride[-1])
        sites = pooled_validity(seen & onto_first(seen_there, offsets), self.network.stride)
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
    apart=True,
)
