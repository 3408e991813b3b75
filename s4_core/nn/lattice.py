"""The lattice of the two poolings: padding onto it, masks on its sites.

Sites of the embedding are boxes of 4 dates (of one, where every date is seen by itself) x 4 x 4
pixels, counted from the first date and the upper left pixel. Tiles whose origin lies on multiples
of 4 pixels therefore share their sites.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

from s4_core.nn.blocks import Size

STRIDE = 4
"""Rows and columns, and across dates dates, in one site of the embedding (two poolings by 2)."""


def pad_edges(x: Tensor, stride: Size) -> Tensor:
    """Repeat the last date, row and column until T, H and W are multiples of the stride.

    Args:
        x: (B, C, T, H, W).
    """
    padding = _missing(x, stride)
    return F.pad(x, padding, mode="replicate") if any(padding) else x


def pooled_validity(valid: Tensor, stride: Size) -> Tensor:
    """Sites of the embedding that rest on data: at least half of their box is valid.

    Dates and pixels that were added to reach a multiple of the stride are not valid, so that a
    site of mostly padding does not count.

    Args:
        valid: (B, T, H, W) bool.
        stride: dates, rows and columns of a site (`S4Network.stride`).

    Returns:
        (B, T', H', W') bool, sizes divided by the stride and rounded up.
    """
    share = F.pad(valid.float(), _missing(valid, stride))[:, None]
    # (B, 1, T, H, W) -> (B, T', H', W')
    return F.avg_pool3d(share, stride)[:, 0] >= 0.5


def _missing(x: Tensor, stride: Size) -> list[int]:
    """What the last three axes lack to the next multiple, as `F.pad` wants it: last axis first."""
    time, rows, columns = (-size % step for size, step in zip(x.shape[-3:], stride))
    return [0, columns, 0, rows, 0, time]
