"""Cross-modality reconstruction loss (paper 5.2, Eq. 3)."""

from __future__ import annotations

import torch
from torch import Tensor


def masked_l1(
    prediction: Tensor, target: Tensor, valid: Tensor, present: Tensor | None = None
) -> Tensor:
    """Mean absolute error over the valid values of a batch; every valid value counts the same.

    Where nothing is masked this is Eq. 3 averaged over the batch.

    Args:
        prediction, target: (B, C, T, H, W).
        valid: (B, T, H, W) bool; values elsewhere, even NaN targets, are not looked at.
        present: channels that the target has, (B, C) bool; None where it has all.

    Returns:
        A scalar in float32 at least; 0 with a graph where nothing is valid.
    """
    # (B, T, H, W) -> (B, 1, T, H, W), then over the channels
    counted = valid[:, None].expand_as(target)
    if present is not None:
        counted = counted & present[:, :, None, None, None]
    # masked before the difference: a NaN there would poison the gradient
    wide = torch.promote_types(prediction.dtype, torch.float32)
    given = prediction.to(wide).masked_fill(~counted, 0.0)
    wanted = target.to(wide).masked_fill(~counted, 0.0)
    return (given - wanted).abs().sum() / counted.sum().clamp(min=1)
