"""Samples of several patches as one batch of tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from s4_core.errors import TrainingError
from s4_core.nn import SeriesInput
from s4_core.sits import Sample
from s4_core.types import Modality

Patch = Mapping[Modality, Sample]

Offset = tuple[int, int]
"""Pixels that the second modality's patch lies further down and right on the ground."""


@dataclass(frozen=True)
class Batch:
    """Patches of equal T, H and W, on the training's device.

    Args:
        inputs: `(x, valid, days)` by modality: (B, C, T, H, W), (B, T, H, W), (B, T).
        targets: the series to reconstruct, by modality, (B, C, T, H, W): x with all its bands.
        present: channels that the area recorded, by modality, (B, C) bool.
        offsets: of each patch's second modality from its first.
    """

    inputs: dict[Modality, SeriesInput]
    targets: dict[Modality, Tensor]
    present: dict[Modality, Tensor]
    offsets: tuple[Offset, ...]


def stack(patches: Sequence[Patch], device: torch.device) -> Batch:
    """Join patches.

    Raises:
        TrainingError: their numbers of dates differ (a pixel's result must not depend on how
            much its companions were padded).
    """
    modalities = tuple(patches[0])
    lengths = sorted({len(patch[m].dates) for patch in patches for m in modalities})
    if len(lengths) > 1:
        raise TrainingError(
            f"The patches of a batch have {', '.join(map(str, lengths))} dates; expected equally "
            "many.",
            "Prepare all areas with the same preparation.",
        )
    inputs = {m: series_input([patch[m] for patch in patches], device) for m in modalities}
    return Batch(
        inputs,
        {m: x for m, (x, _, _) in inputs.items()},
        {
            m: torch.from_numpy(np.stack([patch[m].present_channels for patch in patches])).to(
                device
            )
            for m in modalities
        },
        ((0, 0),) * len(patches),
    )


def series_input(samples: Sequence[Sample], device: torch.device) -> SeriesInput:
    """Samples (C, T, H, W) of one modality as (B, C, T, H, W), (B, T, H, W), (B, T)."""
    return (
        torch.from_numpy(np.stack([sample.x for sample in samples])).to(device),
        torch.from_numpy(np.stack([sample.valid for sample in samples])).to(device),
        torch.from_numpy(np.stack([sample.days for sample in samples])).to(device),
    )
