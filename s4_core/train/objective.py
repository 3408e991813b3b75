"""What pretraining minimises (paper Eq. 1): contrastive plus weighted reconstruction loss."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from s4_core import losses
from s4_core.nn import DeviceChoice, PretrainOutputs, S4Network, pooled_validity
from s4_core.train.batches import Batch
from s4_core.types import LossSettings


@dataclass(frozen=True)
class PretrainLoss:
    """One step's loss (with its graph) and its two parts, all scalars."""

    total: Tensor
    contrastive: Tensor
    reconstruction: Tensor

    @property
    def values(self) -> Tensor:
        """Total, contrastive and reconstruction without their graph: (3,)."""
        return torch.stack([self.total, self.contrastive, self.reconstruction]).detach()


def pretrain_loss(
    network: S4Network, batch: Batch, settings: LossSettings, device: DeviceChoice
) -> PretrainLoss:
    """L = L_c + lambda L_r (Eq. 1) of a batch; the network runs in the device's precision.

    Both losses count only sites valid in both modalities: pixels for L_r, boxes of them (of
    the network's stride) for L_c. A part whose weight is 0 is measured, not learned from.
    """
    with device.autocast():
        outputs = network.pretrain_outputs(batch.inputs)
    first, second = (batch.inputs[m][1] for m in batch.inputs)
    shared = first & second
    contrastive = _contrastive(outputs, pooled_validity(shared, network.stride), settings)
    reconstruction = _reconstruction(outputs, batch, shared)
    total = _weighted(settings.contrastive_weight, contrastive) + _weighted(
        settings.reconstruction_weight, reconstruction
    )
    return PretrainLoss(total, contrastive, reconstruction)


def _contrastive(outputs: PretrainOutputs, valid: Tensor, settings: LossSettings) -> Tensor:
    """Eq. 2, symmetric, averaged over the samples; `valid` are sites (B, T', H', W')."""
    za, zb = outputs.embeddings.values()
    return losses.info_nce_batch(za, zb, valid, settings.temperature, settings.chunk)


def _reconstruction(outputs: PretrainOutputs, batch: Batch, valid: Tensor) -> Tensor:
    """Eq. 3, averaged over the two directions; channels that an area lacks do not count."""
    parts = [
        losses.masked_l1(given.float(), batch.targets[m], valid, batch.present[m])
        for m, given in outputs.reconstructions.items()
    ]
    return torch.stack(parts).mean()


def _weighted(weight: float, loss: Tensor) -> Tensor:
    # 0 * inf is NaN, and a part that does not count must not spoil the other
    return weight * loss if weight else torch.zeros_like(loss)
