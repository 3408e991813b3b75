"""Momentum contrast with a queue of negatives (MoCo v2: Chen et al. 2020)."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class KeyQueue(nn.Module):
    """The newest keys, first in, first out; no gradient flows into them.

    Args:
        size: how many are kept. features: of a key.
    """

    keys: Tensor
    place: Tensor

    def __init__(self, size: int, features: int) -> None:
        super().__init__()
        self.register_buffer("keys", F.normalize(torch.randn(size, features), dim=1))
        self.register_buffer("place", torch.zeros(1, dtype=torch.int64))

    @torch.no_grad()
    def push(self, keys: Tensor) -> None:
        """Replace the oldest by `keys` (B, D); of more than there is room for, the last stay."""
        size = len(self.keys)
        newest = keys[-size:].to(self.keys.dtype)
        start = int(self.place)
        where = torch.arange(start, start + len(newest), device=self.keys.device) % size
        self.keys[where] = newest
        self.place[0] = (start + len(newest)) % size


@torch.no_grad()
def follow(keys: nn.Module, queries: nn.Module, momentum: float) -> None:
    """Move the key network towards the query network; buffers are taken over.

    Args:
        momentum: share of the key network that stays (0.999 in the original).
    """
    for weight, newer in zip(keys.parameters(), queries.parameters()):
        weight.mul_(momentum).add_(newer, alpha=1 - momentum)
    for buffer, current in zip(keys.buffers(), queries.buffers()):
        buffer.copy_(current)


def queue_info_nce(
    queries: Tensor,
    positives: Tensor,
    negatives: Tensor,
    temperature: float,
    counted: Tensor | None = None,
) -> Tensor:
    """InfoNCE with one positive each and shared, or own, negatives.

    Args:
        queries, positives: (B, D), L2-normalised.
        negatives: (N, D) for all, or (B, N, D) for each.
        counted: (B, N) bool, which negatives count; None for all.

    Returns:
        A scalar.
    """
    near = (queries * positives).sum(dim=1, keepdim=True)
    if negatives.dim() == 2:
        far = queries @ negatives.T
    else:
        far = torch.einsum("bd,bnd->bn", queries, negatives)
    if counted is not None:
        far = far.masked_fill(~counted, float("-inf"))
    logits = torch.cat([near, far], dim=1) / temperature
    # the positive stands first
    return F.cross_entropy(
        logits, torch.zeros(len(logits), dtype=torch.int64, device=logits.device)
    )
