"""Views of single images and their random changes, for the contrastive baselines."""

from __future__ import annotations

import torch
from torch import Tensor

from s4_core.nn import STRIDE
from s4_core.train.batches import Offset

_GAIN, _BIAS, _NOISE = 0.2, 0.2, 0.1
"""Spread of the random changes, in standard deviations of the channels."""


def dates_apart(valid: Tensor) -> tuple[Tensor, Tensor]:
    """Two dates of each patch, by a random draw among the dates that it has.

    Args:
        valid: (B, T, H, W) bool.

    Returns:
        Indices (B,) of the first and the second date; equal where a series has one date.
    """
    return _two_of(dates_of(valid))


def dates_in_halves(valid: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Two dates from one half of each patch's dates, and one from the other half.

    Args:
        valid: (B, T, H, W) bool.

    Returns:
        Indices (B,); all equal where a series has one date.
    """
    counts = dates_of(valid)
    early = torch.div(counts + 1, 2, rounding_mode="floor")
    late = counts - early
    is_early = (torch.rand(len(counts), device=valid.device) < 0.5) | (late == 0)
    now, near = _two_of(torch.where(is_early, early, late))
    (far, _) = _two_of(torch.where(is_early, late, early).clamp(min=1))
    start, other = torch.where(is_early, 0, early), torch.where(is_early, early, 0)
    return now + start, near + start, torch.minimum(far + other, counts - 1)


def dates_of(valid: Tensor) -> Tensor:
    """How many dates each patch has, at least 1: (B, T, H, W) bool -> (B,)."""
    return valid.flatten(2).any(dim=2).sum(dim=1).clamp(min=1)


def _two_of(counts: Tensor) -> tuple[Tensor, Tensor]:
    """Two of so many, (B,) each; different ones where there are two."""
    first = (torch.rand(len(counts), device=counts.device) * counts).long()
    step = 1 + (torch.rand(len(counts), device=counts.device) * (counts - 1)).long()
    return first, (first + step) % counts


def image_at(x: Tensor, index: Tensor) -> Tensor:
    """One date of each patch: (B, C, T, H, W), (B,) -> (B, C, 1, H, W)."""
    return x[torch.arange(len(x), device=x.device), :, index][:, :, None]


def views_apart(
    x: Tensor, valid: Tensor, shift_px: int
) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor], tuple[Offset, ...]]:
    """Two cuts of a batch, `shift_px` smaller, up to so many pixels apart.

    Args:
        x: (B, C, T, H, W). valid: (B, T, H, W) bool.

    Returns:
        Both of x, both of valid, and each patch's offset of the second cut from the first.
    """
    height, width = (side - shift_px for side in x.shape[-2:])
    steps = shift_px // STRIDE + 1
    # (B, cuts, axes)
    starts = (torch.randint(0, steps, (len(x), 2, 2)) * STRIDE).tolist()

    def cut(values: Tensor, number: int) -> Tensor:
        begin = [places[number] for places in starts]
        return torch.stack(
            [one[..., r : r + height, c : c + width] for one, (r, c) in zip(values, begin)]
        )

    offsets = tuple((b[0] - a[0], b[1] - a[1]) for a, b in starts)
    return (cut(x, 0), cut(x, 1)), (cut(valid, 0), cut(valid, 1)), offsets


def jittered(images: Tensor) -> Tensor:
    """Each channel of each image with another gain and offset, and noise; nothing moves.

    Args:
        images: (B, C, T, H, W) standardised.
    """
    shape = (*images.shape[:2], 1, 1, 1)
    gain = 1 + _GAIN * torch.randn(shape, device=images.device)
    bias = _BIAS * torch.randn(shape, device=images.device)
    return images * gain + bias + _NOISE * torch.randn_like(images)


def augmented(images: Tensor) -> Tensor:
    """`jittered`, turned and mirrored; each image by a draw of its own."""
    changed = []
    for image in jittered(images):
        turns, mirror = (int(n) for n in torch.randint(0, 4, (2,)))
        turned = torch.rot90(image, turns, (-2, -1))
        changed.append(turned.flip(-1) if mirror % 2 else turned)
    return torch.stack(changed)
