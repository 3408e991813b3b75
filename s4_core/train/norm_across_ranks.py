"""BatchNorm over the samples of all ranks, exactly, on any device.

torch's SyncBatchNorm knows only GPUs, and averages of the ranks' own statistics would not be those
of the batch. Here each rank's mean, variance and number of values are merged (Chan et al. 1979)
before anything is normalised, and the two sums of the gradient are added up on the way back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from s4_core.train.ranks import Ranks


class NormAcrossRanks(TorchFunctionMode):
    """In this context every `batch_norm` in training mode is one over all ranks.

    A mode rather than other layers: the network stays as it is, and so do its weights' names.
    """

    def __init__(self, ranks: Ranks) -> None:
        super().__init__()
        self._ranks = ranks

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Replace `batch_norm`, pass on all else."""
        named = kwargs or {}
        if func is not F.batch_norm:
            return func(*args, **named)
        return batch_norm(self._ranks, *args, **named)


def across(ranks: Ranks) -> AbstractContextManager[object]:
    """The context in which BatchNorm sees the batches of all ranks."""
    return nullcontext() if ranks.count == 1 else NormAcrossRanks(ranks)


def batch_norm(  # noqa: PLR0917 - torch's signature
    ranks: Ranks,
    x: Tensor,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """`torch.nn.functional.batch_norm` of (B, C, ...) values, B over all ranks."""
    if not training:
        return F.batch_norm(x, running_mean, running_var, weight, bias, False, momentum, eps)
    mean, var, count = _merged(ranks, x.detach())
    if running_mean is not None and running_var is not None:
        running_mean.lerp_(mean.to(running_mean), momentum)
        running_var.lerp_((var * count / max(count - 1, 1)).to(running_var), momentum)
    scale = torch.ones_like(mean) if weight is None else weight
    shift = torch.zeros_like(mean) if bias is None else bias
    out: Tensor = _Normalised.apply(x, scale, shift, mean, var, count, eps, ranks)  # type: ignore[no-untyped-call]
    return out


def _merged(ranks: Ranks, x: Tensor) -> tuple[Tensor, Tensor, int]:
    """Mean and variance (C,) over all ranks, in float32 at least, and the number of values."""
    own_var, own_mean = torch.var_mean(_wide(x), _axes(x), correction=0)
    number = x.numel() // x.shape[1]
    own = torch.stack([torch.full_like(own_mean, number), own_mean, own_var]).double()
    # (ranks, 3, C)
    numbers, means, variances = torch.stack(ranks.gathered(own)).unbind(1)
    count = numbers.sum(0)
    mean = (numbers * means).sum(0) / count
    var = (numbers * (variances + (means - mean) ** 2)).sum(0) / count
    return mean.to(own_mean), var.to(own_var), int(count[0].item())


class _Normalised(torch.autograd.Function):
    """Normalising by statistics that depend on all ranks' values."""

    @staticmethod
    def forward(  # noqa: PLR0917 - what `apply` takes
        ctx: Any,
        x: Tensor,
        weight: Tensor,
        bias: Tensor,
        mean: Tensor,
        var: Tensor,
        count: int,
        eps: float,
        ranks: Ranks,
    ) -> Tensor:
        ctx.save_for_backward(x, weight, mean, (var + eps).rsqrt())
        ctx.count, ctx.ranks = count, ranks
        return F.batch_norm(x, mean, var, weight, bias, False, 0.0, eps)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, upstream: Tensor) -> tuple[Tensor | None, ...]:
        x, weight, mean, inverse = ctx.saved_tensors
        # (C,) -> (1, C, 1, ...), against (B, C, ...)
        wide = (1, -1, *[1] * (x.dim() - 2))
        gradient, centred = _wide(upstream), _wide(x) - mean.view(wide)
        sums = torch.stack(
            [gradient.sum(_axes(x)), (gradient * centred).sum(_axes(x))]
        )  # of this rank: (2, C)
        first, second = ctx.ranks.total(sums) / ctx.count
        towards_mean = first.view(wide) + centred * (inverse**2 * second).view(wide)
        grad_x = (gradient - towards_mean) * (weight * inverse).view(wide)
        none = (None,) * 5
        return grad_x.to(x.dtype), sums[1] * inverse, sums[0], *none


def _wide(x: Tensor) -> Tensor:
    """Sums want more than 16 bits."""
    return x.to(torch.promote_types(x.dtype, torch.float32))


def _axes(x: Tensor) -> tuple[int, ...]:
    """All axes but the channels'."""
    return 0, *range(2, x.dim())
