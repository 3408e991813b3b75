"""Band dropout: in pretraining, bands of a patch are hidden from the network now and then.

A model that learned so can be used on areas that lack bands (DESIGN section 4).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import torch

from s4_core import data
from s4_core.train.batches import Batch
from s4_core.types import Modality

Bools = npt.NDArray[np.bool_]


def hide_bands(
    batch: Batch,
    channels: Mapping[Modality, Sequence[str]],
    probability: float,
    rng: np.random.Generator,
) -> Batch:
    """A batch whose inputs are 0 in hidden channels, as in those that an area lacks.

    Each patch and modality has a draw of its own; targets stay whole.

    Args:
        channels: names by modality, in the order of the inputs.
        probability: of a recorded band to be hidden.
    """
    if not probability:
        return batch
    inputs = {}
    for modality, (x, valid, days) in batch.inputs.items():
        present = batch.present[modality].cpu().numpy()
        shown = [shown_channels(channels[modality], one, probability, rng) for one in present]
        mask = torch.from_numpy(np.stack(shown)).to(x.device)
        # (B, C) -> (B, C, 1, 1, 1), against (B, C, T, H, W)
        inputs[modality] = x.masked_fill(~mask[:, :, None, None, None], 0.0), valid, days
    return replace(batch, inputs=inputs)


def shown_channels(
    channels: Sequence[str], present: Bools, probability: float, rng: np.random.Generator
) -> Bools:
    """Channels `(C,)` of one patch that the network sees; at least one of those present.

    Recorded bands are hidden, not channels: VV/VH goes with VV and with VH, as it does where an
    area lacks one of them.

    Args:
        present: channels that the area has, `(C,)`.
    """
    bands = list(dict.fromkeys(band for channel in channels for band in data.bands_of(channel)))
    # (C, bands): what each channel is made from
    needs = np.array([[band in data.bands_of(channel) for band in bands] for channel in channels])
    hidden = rng.random(len(bands)) < probability
    shown: Bools = present & ~(needs & hidden).any(axis=1)
    if shown.any() or not present.any():
        return shown
    spared = needs[rng.choice(np.flatnonzero(present))]
    kept: Bools = present & ~(needs & hidden & ~spared).any(axis=1)
    return kept
