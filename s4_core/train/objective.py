"""What pretraining minimises (paper Eq. 1): contrastive plus weighted reconstruction loss."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from s4_core import losses
from s4_core.nn import DeviceChoice, PretrainOutputs, S4Network, pooled_validity
from s4_core.train.batches import Batch
from s4_core.train.ranks import ALONE, Ranks
from s4_core.train.shifts import onto_first
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
    network: S4Network,
    batch: Batch,
    settings: LossSettings,
    device: DeviceChoice,
    ranks: Ranks = ALONE,
) -> PretrainLoss:
    """L = L_c + lambda L_r (Eq. 1) of a batch; the network runs in the device's precision.

    Both losses count only ground valid in both modalities: pixels for L_r, boxes of them (of
    the network's stride) for L_c. A part whose weight is 0 is measured, not learned from.

    Args:
        ranks: that share the batch: of each, this is what its samples add to the losses of all.
            Both losses compare within one sample only, so none needs another rank's.
    """
    with device.autocast():
        outputs = network.pretrain_outputs(batch.inputs)
    contrastive = _contrastive(network, outputs, batch, settings, ranks)
    reconstruction = reconstruction_loss(outputs, batch, shared_pixels(batch), ranks)
    total = _weighted(settings.contrastive_weight, contrastive) + _weighted(
        settings.reconstruction_weight, reconstruction
    )
    return PretrainLoss(total, contrastive, reconstruction)


def shared_pixels(batch: Batch) -> Tensor:
    """Ground valid in both modalities, in the first's place: (B, T, H, W)."""
    first, second = (valid for _, valid, _ in batch.inputs.values())
    return first & onto_first(second, batch.offsets)


def shared_sites(network: S4Network, batch: Batch) -> Tensor:
    """The same for the sites of the embedding: (B, T', H', W')."""
    return pooled_validity(shared_pixels(batch), network.stride)


def _contrastive(
    network: S4Network,
    outputs: PretrainOutputs,
    batch: Batch,
    settings: LossSettings,
    ranks: Ranks,
) -> Tensor:
    """Eq. 2, symmetric, averaged over the samples."""
    za, zb = outputs.embeddings.values()
    sites = shared_sites(network, batch)
    loss = losses.info_nce_batch(
        za,
        onto_first(zb, batch.offsets, network.stride[-1]),
        sites,
        settings.temperature,
        settings.chunk,
    )
    return ranks.part_of_mean(loss, sites.flatten(1).any(1).sum())


def reconstruction_loss(
    outputs: PretrainOutputs, batch: Batch, valid: Tensor, ranks: Ranks = ALONE
) -> Tensor:
    """Eq. 3, averaged over the two directions; channels that an area lacks do not count.

    All in the first modality's place: from the second come the second's inputs and the first's
    prediction.

    Args:
        valid: pixels that count, (B, T, H, W), in the first's place.
    """
    first, second = batch.inputs
    given = {
        first: onto_first(outputs.reconstructions[first], batch.offsets),
        second: outputs.reconstructions[second],
    }
    wanted = {
        first: batch.targets[first],
        second: onto_first(batch.targets[second], batch.offsets),
    }
    parts = [
        ranks.part_of_mean(
            losses.masked_l1(given[m].float(), wanted[m], valid, batch.present[m]),
            _counted(valid, batch.present[m]),
        )
        for m in outputs.reconstructions
    ]
    return torch.stack(parts).mean()


def _counted(valid: Tensor, present: Tensor) -> Tensor:
    """How many values a masked mean is over: valid (B, T, H, W), present (B, C)."""
    return (valid.flatten(1).sum(1) * present.sum(1)).sum()


def _weighted(weight: float, loss: Tensor) -> Tensor:
    # 0 * inf is NaN, and a part that does not count must not spoil the other
    return weight * loss if weight else torch.zeros_like(loss)
