"""Symmetric InfoNCE over all space-time sites, exact and streamed (paper 5.1, Eq. 2).

With S_ij = cos(a_i, b_j) / tau over N sites, R_i = sum_j exp S_ij and C_j = sum_i exp S_ij,

    L = 1/(2N) * sum_i [ (log R_i - S_ii) + (log C_i - S_ii) ]

and  dL/dS_ij = 1/(2N) * exp S_ij * (1/R_i + 1/C_j)  -  delta_ij / N.

Both need S only a block of rows at a time: O(N * chunk) memory, never N x N. As |S_ij| <= 1/tau,
the exponentials need no running maximum: one pass yields R and C, and the backward pass
recomputes each block once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F

from s4_core.errors import ConfigurationError

_SMALLEST_TEMPERATURE = 2e-3
"""exp(1/tau) times many sites must stay below float64's largest number, about exp(709)."""

_FLOAT32_TEMPERATURE = 1 / 70
"""The same for float32, about exp(88)."""

_CACHED = 2**21
"""Numbers of a block that stays in a core's cache between its passes: a fifth faster at N = 16384
than blocks of 512 rows."""

_FEWEST_ROWS = 64
"""Below, the product of matrices is slow."""


def info_nce(za: Tensor, zb: Tensor, valid: Tensor, temperature: float, chunk: int = 512) -> Tensor:
    """Symmetric InfoNCE of one sample; row i of `za` and of `zb` are the same space-time site.

    The denominator of an anchor is its positive plus all other sites of the other modality.
    Sites that are not valid are neither anchors nor negatives. Embeddings are L2-normalised
    here (the formula is about cosines), in float32 at least.

    Args:
        za, zb: embeddings of the two modalities, (N, D).
        valid: sites that count, (N,) bool.
        temperature: tau.
        chunk: rows of the similarity matrix held at once; memory only, not the result.

    Returns:
        A scalar; 0 with a graph where no site is valid.

    Raises:
        ConfigurationError: a temperature that no floating point number can carry.
    """
    if temperature < _SMALLEST_TEMPERATURE:
        raise ConfigurationError(
            f"loss.temperature is {temperature}.",
            f"Give at least {_SMALLEST_TEMPERATURE}; the paper has 0.5.",
        )
    dtype = _working_dtype(za, temperature)
    rows = valid.nonzero().squeeze(1)
    with torch.autocast(za.device.type, enabled=False):
        a, b = (F.normalize(z.to(dtype)[rows], dim=1, eps=1e-12) for z in (za, zb))
        if rows.numel() == 0:
            return a.sum() + b.sum()
        loss: Tensor = _StreamedInfoNCE.apply(a, b, temperature, chunk)  # type: ignore[no-untyped-call]
    return loss


def info_nce_batch(
    za: Tensor, zb: Tensor, valid: Tensor, temperature: float, chunk: int = 512
) -> Tensor:
    """Mean of `info_nce` over the samples of a batch that have a valid site.

    Negatives come from the same sample only, as in the paper.

    Args:
        za, zb: (B, D, T', H', W').
        valid: (B, T', H', W') bool.
        temperature, chunk: see `info_nce`.

    Returns:
        A scalar; 0 with a graph where no site of the batch is valid.
    """
    losses = [
        # (D, T', H', W') -> (T'H'W', D): a site a row
        info_nce(a.flatten(1).T, b.flatten(1).T, v.flatten(), temperature, chunk)
        for a, b, v in zip(za, zb, valid)
    ]
    counted = valid.flatten(1).any(1)
    return (torch.stack(losses) * counted).sum() / counted.sum().clamp(min=1)


def _working_dtype(z: Tensor, temperature: float) -> torch.dtype:
    if z.dtype == torch.float64 or temperature < _FLOAT32_TEMPERATURE:
        return torch.float64
    return torch.float32


class _StreamedInfoNCE(torch.autograd.Function):
    """The loss of normalised (N, D) embeddings and its gradient, block by block."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor, temperature: float, chunk: int) -> Tensor:
        rows = torch.empty(len(a), dtype=torch.float64, device=a.device)
        columns = torch.zeros(len(a), dtype=torch.float64, device=a.device)
        for block, exponentials in _blocks(a, b, temperature, chunk):
            rows[block] = exponentials.sum(1)
            columns += exponentials.sum(0)
        positives = (a * b).sum(1) / temperature
        ctx.save_for_backward(a, b, rows, columns)
        ctx.temperature, ctx.chunk = temperature, chunk
        loss = ((rows.log() + columns.log()) / 2 - positives).mean()
        return loss.to(a.dtype)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor, Tensor, None, None]:
        a, b, rows, columns = ctx.saved_tensors
        per_row, per_column = (0.5 / rows).to(a.dtype), (0.5 / columns).to(a.dtype)
        grad_a, grad_b = torch.empty_like(a), torch.zeros_like(b)
        with torch.autocast(a.device.type, enabled=False):
            for block, exponentials in _blocks(a, b, ctx.temperature, ctx.chunk):
                # the block of N dL/dS, but for the positives
                slope = exponentials.mul_(per_row[block, None] + per_column[None, :])
                grad_a[block] = slope @ b
                grad_b.addmm_(slope.T, a[block])
        scale = upstream / (len(a) * ctx.temperature)
        return (grad_a - b) * scale, (grad_b - a) * scale, None, None


def _blocks(a: Tensor, b: Tensor, temperature: float, chunk: int) -> Iterator[tuple[slice, Tensor]]:
    """Blocks of rows of exp(a b^T / tau), all in one buffer (it is overwritten by the next)."""
    scaled = b.T / temperature
    rows = min(chunk, len(a), max(_CACHED // len(a), _FEWEST_ROWS))
    buffer = a.new_empty(rows, len(a))
    for start in range(0, len(a), rows):
        part = a[start : start + rows]
        block = buffer[: len(part)]
        torch.mm(part, scaled, out=block)
        yield slice(start, start + len(part)), block.exp_()
