"""What a method is: how it pretrains, and which network it fine-tunes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor, nn

from s4_core.nn import DeviceChoice, SeriesInput
from s4_core.reproduce.scales import Sizes
from s4_core.train.batches import Batch
from s4_core.types import Modality, Settings

Inputs = Mapping[Modality, SeriesInput]
Maps = Sequence[Tensor]


@dataclass(frozen=True)
class Plan:
    """What methods build networks from.

    Args:
        settings: the preset `paper` with the scale's network sizes.
        channels: data channels of each modality.
        classes: K.
        places: clusters of locations in the pretraining set.
        shift_px: see `Scale`; for tasks that cut apart what they make themselves.
    """

    settings: Settings
    sizes: Sizes
    channels: Mapping[Modality, int]
    classes: int
    places: int = 1
    shift_px: int = 0


@dataclass(frozen=True)
class PretrainBatch:
    """Pairs of series on the same dates, and where they lie.

    Args:
        places: cluster of each patch's location, (B,) int64.
        infrared: the third modality alone, for methods that want it.
    """

    pairs: Batch
    places: Tensor
    infrared: Batch | None = None


class PretrainTask(nn.Module):
    """A self-supervised task; its parts become parts of the fine-tuned network."""

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """The loss of a batch; random draws come from torch's own generator."""
        raise NotImplementedError

    def feature_maps(self, x: Tensor, valid: Tensor, days: Tensor, modality: Modality) -> Maps:
        """What the frozen network makes of a series, for a linear probe.

        Args:
            x: (B, C, T, H, W). valid: (B, T, H, W) bool. days: (B, T).

        Returns:
            Maps (B, F, T', h, w) at any resolutions.
        """
        raise NotImplementedError

    def after_step(self) -> None:
        """What follows a step of the optimizer: a momentum update, a queue."""


class SegmentationModel(nn.Module):
    """Class logits from series: what every method fine-tunes."""

    def forward(self, inputs: Inputs) -> Tensor:
        """(B, K, H, W)."""
        raise NotImplementedError


Reads = tuple[Modality, ...]


def same(modalities: Reads) -> Reads:
    """Learns from exactly what it will map by."""
    return modalities


def both(modalities: Reads) -> Reads:
    """Learns from both modalities, whatever it will map by."""
    return tuple(Modality) if modalities else modalities


@dataclass(frozen=True)
class Method:
    """A row of the tables.

    Args:
        key: in file names. label: in tables. about: one sentence: what it is, and after whom.
        task: makes the pretraining task; None pretrains nothing. The modality is that to be
            mapped by, which tasks of both modalities ignore.
        model: makes the network to fine-tune from modalities and the pretrained task.
        pretrains_once: one pretraining serves both modalities.
        learns_from: modalities that fine-tuning reads, by those that maps are made from.
        extra: beyond the paper: of one seed, after all others.
        fuses: also maps by both modalities at once.
        infrared: pretrains on the third modality too.
        apart: pretrains on modalities cut apart (`Scale.shift_px`).
        pretrain_times: how many times the scale's epochs it pretrains.
    """

    key: str
    label: str
    about: str
    model: Callable[[Plan, Reads, PretrainTask | None], SegmentationModel]
    task: Callable[[Plan, Modality], PretrainTask] | None = None
    pretrains_once: bool = False
    learns_from: Callable[[Reads], Reads] = same
    extra: bool = False
    fuses: bool = False
    infrared: bool = False
    apart: bool = False
    pretrain_times: int = 1
