"""Pairs cut apart: the two modalities' patches shifted against each other, as a pure lattice move.

A convolutional network knows its place in a patch from the zeros that it pads with, and the same
place in both modalities would answer the contrastive question without a look at the ground.
Shifted apart, equal places show different ground; only where the two patches overlap there are
pairs, and they lie at different places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from s4_core.nn import STRIDE
from s4_core.train.area_samples import cut
from s4_core.train.batches import Batch, Offset, Patch, stack
from s4_core.types import Window


def stack_apart(
    patches: Sequence[Patch], shift_px: int, rng: np.random.Generator, device: torch.device
) -> Batch:
    """A batch of patches cut apart, each by a draw of its own.

    Args:
        patches: `shift_px` higher and wider than the batch will be.
        shift_px: longest shift along each axis; 0 leaves all as it is and draws nothing.
    """
    if not shift_px:
        return stack(patches, device)
    offsets = [draw_offset(shift_px, rng) for _ in patches]
    parts = [cut_apart(patch, shift_px, offset) for patch, offset in zip(patches, offsets)]
    return replace(stack(parts, device), offsets=tuple(offsets))


def third_apart(
    patches: Sequence[Patch],
    offsets: Sequence[Offset],
    shift_px: int,
    rng: np.random.Generator,
    device: torch.device,
) -> Batch:
    """A third modality of the patches of `stack_apart`, cut at places of its own.

    Args:
        patches: of one modality each, as large as those were.
        offsets: of that batch.

    Returns:
        A batch whose offsets are from the first modality's patches.
    """
    parts, found = [], []
    for patch, offset in zip(patches, offsets):
        starts = rng.integers(0, shift_px // STRIDE + 1, 2) * STRIDE
        row, col = (int(start) for start in starts)
        ((modality, sample),) = patch.items()
        height, width = (side - shift_px for side in sample.valid.shape[-2:])
        parts.append({modality: cut(sample, Window(row, col, height, width))})
        down, right = (max(0, -d) for d in offset)  # where the first modality was cut
        found.append((row - down, col - right))
    return replace(stack(parts, device), offsets=tuple(found))


def draw_offset(shift_px: int, rng: np.random.Generator) -> Offset:
    """Rows and columns, multiples of the network's stride up to `shift_px` in both directions."""
    steps = shift_px // STRIDE
    rows, cols = rng.integers(-steps, steps + 1, 2)
    return int(rows) * STRIDE, int(cols) * STRIDE


def cut_apart(patch: Patch, shift_px: int, offset: Offset) -> Patch:
    """Both modalities, `shift_px` smaller, the second cut `offset` further down and right."""
    first, second = patch
    height, width = (side - shift_px for side in patch[first].valid.shape[-2:])
    origins = [(max(0, -d), max(0, d)) for d in offset]
    starts = {first: [a for a, _ in origins], second: [b for _, b in origins]}
    return {m: cut(patch[m], Window(row, col, height, width)) for m, (row, col) in starts.items()}


def onto_first(values: Tensor, offsets: Sequence[Offset], stride: int = 1) -> Tensor:
    """What the second modality's patches show, moved to where the first's show the same ground.

    Args:
        values: (B, ..., H, W) of the second modality, a place every `stride` pixels.
        offsets: of the second patch from the first, pixels.

    Returns:
        The same shape; 0 (False) where the second patch does not reach.
    """
    if not any(rows or cols for rows, cols in offsets):
        return values
    moved = [
        _moved(one, rows // stride, cols // stride) for one, (rows, cols) in zip(values, offsets)
    ]
    return torch.stack(moved)


def _moved(values: Tensor, down: int, right: int) -> Tensor:
    """(..., H, W) moved, with zeros for what comes in and without what goes out."""
    height, width = values.shape[-2:]
    inside = values[
        ..., max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)
    ]
    # left, right, top, bottom
    return F.pad(inside, (max(0, right), max(0, -right), max(0, down), max(0, -down)))
