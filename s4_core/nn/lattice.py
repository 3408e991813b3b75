"""The 4 x 4 x 4 lattice of the two poolings: padding onto it, masks on its sites.

Sites of the embedding are boxes of 4 dates x 4 x 4 pixels, counted from the first date and the
upper left pixel. Tiles whose origin lies on multiples of 4 pixels therefore share their sites.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional as F

STRIDE = 4
"""Dates, rows and columns in one site of the embedding (two poolings by 2)."""


def missing(size: int) -> int:
    """What `size` lacks to the next multiple of 4."""
    return -size % STRIDE


def pad_edges(x: Tensor) -> Tensor:
    """Repeat the last date, row and column until T, H and W are multiples of 4.

    Args:
        x: (B, C, T, H, W).
    """
    time, rows, columns = (missing(size) for size in x.shape[-3:])
    if not (time or rows or columns):
        return x
    return F.pad(x, (0, columns, 0, rows, 0, time), mode="replicate")


def pooled_validity(valid: Tensor) -> Tensor:
    """Sites of the embedding that rest on data: at least half of their box is valid.

    Dates and pixels that were added to reach a multiple of 4 are not valid, so that a site of
    mostly padding does not count.

    Args:
        valid: (B, T, H, W) bool.

    Returns:
        (B, T', H', W') bool, sizes divided by 4 and rounded up.
    """
    time, rows, columns = (missing(size) for size in valid.shape[-3:])
    share = F.pad(valid.float(), (0, columns, 0, rows, 0, time))[:, None]
    # (B, 1, T, H, W) -> (B, T', H', W')
    return F.avg_pool3d(share, STRIDE)[:, 0] >= 0.5
