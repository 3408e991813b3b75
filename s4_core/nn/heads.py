"""Heads that turn features into class logits: the paper's time mean and the linear readout.

Both work in float32 at least, whatever precision the network runs in, and both are exact: the
cheap forms used here equal the plain ones but for rounding. (`convlstm` has the third head.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.errors import ConfigurationError
from s4_core.nn.blocks import Layers


class MeanHead(nn.Module):
    """Convolution k3 to K classes, then the masked mean of the logits over time (paper 5.3).

    A pixel's mean is over its own valid dates; over all dates where it has none. With several
    modalities their mean logits add up, each modality with weights and dates of its own.

    Args:
        features: channels of each modality's features.
        classes: K.
        modalities: how many feature series are read.
    """

    reach_px = 1

    def __init__(self, features: int, classes: int, modalities: int = 1) -> None:
        super().__init__()
        self.conv = Layers().conv(features * modalities, classes)

    @property
    def classes(self) -> int:
        """K."""
        return self.conv.out_channels

    def forward(self, features: Sequence[Tensor], valid: Sequence[Tensor]) -> Tensor:
        """Logits (B, K, H, W).

        Args:
            features: (B, F, T, H, W) of each modality. valid: (B, T, H, W) of each.
        """
        with torch.autocast(features[0].device.type, enabled=False):
            weights = self.conv.weight.chunk(len(features), dim=1)
            logits = [
                _mean_logits(series.to(weight.dtype), weight, date_shares(mask, weight.dtype))
                for series, weight, mask in zip(features, weights, valid)
            ]
            bias = self.conv.bias
            total = torch.stack(logits).sum(0)
            return total if bias is None else total + bias[:, None, None]


def date_shares(valid: Tensor, dtype: torch.dtype = torch.float32) -> Tensor:
    """Weight of each date in its pixel's mean over time: sums to one over T.

    Args:
        valid: (B, T, H, W) bool; a pixel without any valid date weighs all its dates alike.
    """
    counted = (valid | ~valid.any(dim=1, keepdim=True)).to(dtype)
    return counted / counted.sum(dim=1, keepdim=True)


def _mean_logits(features: Tensor, weight: Tensor, shares: Tensor) -> Tensor:
    """(B, K, H, W) of features (B, F, T, H, W), weight (K, F, 3, 3, 3), shares (B, T, H, W)."""
    if bool((shares == shares[..., :1, :1]).all()):
        return _folded(features, weight, shares[..., 0, 0])
    # shares that differ between neighbours cannot go inside the spatial convolution
    return (F.conv3d(features, weight, padding=1) * shares[:, None]).sum(dim=2)


def _folded(features: Tensor, weight: Tensor, shares: Tensor) -> Tensor:
    """The same for shares (B, T) that all pixels have in common, as one 2D convolution.

    Frame s enters date t's logits through the kernel's plane k = s - t + 1, so plane k sees
    the sum over s of shares[s + 1 - k] * frame s.
    """
    padded = F.pad(shares, (1, 1))
    planes = torch.stack([padded[:, 2:], padded[:, 1:-1], padded[:, :-2]], dim=1)
    sums = torch.einsum("bkt,bcthw->bkchw", planes, features)
    # planes and features to channels: (B, 3F, H, W) and (K, 3F, 3, 3)
    return F.conv2d(sums.flatten(1, 2), weight.transpose(1, 2).flatten(1, 2), padding=1)


class ReadoutHead(nn.Module):
    """Linear classifier on standardised per-date features: every date has its own weights.

    Its inputs are parts (B, F, T, H, W), one after the other; within a part the features are
    counted date by date, index = t * F + f (see `flatten_dates`).

    Args:
        in_features: sum of T * F over the parts.
        classes: K.
    """

    reach_px = 0
    mean: Tensor
    std: Tensor

    def __init__(self, in_features: int, classes: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(in_features))
        self.register_buffer("std", torch.ones(in_features))
        self.linear = nn.Linear(in_features, classes)

    @classmethod
    def from_arrays(cls, mean: Any, std: Any, weight: Any, bias: Any) -> ReadoutHead:
        """A head from what a solver found on standardised features.

        Args:
            mean, std: (D,); a feature that never varied (std 0) is left unscaled.
            weight: (K, D). bias: (K,).
        """
        weights = torch.as_tensor(weight, dtype=torch.float32)
        head = cls(weights.shape[1], weights.shape[0])
        spread = torch.as_tensor(std, dtype=torch.float32)
        with torch.no_grad():
            head.mean.copy_(torch.as_tensor(mean, dtype=torch.float32))
            head.std.copy_(torch.where(spread > 1e-6, spread, torch.ones_like(spread)))
            head.linear.weight.copy_(weights)
            head.linear.bias.copy_(torch.as_tensor(bias, dtype=torch.float32))
        return head

    @property
    def classes(self) -> int:
        """K."""
        return self.linear.out_features

    def forward(self, parts: Sequence[Tensor]) -> Tensor:
        """Logits (B, K, H, W) of parts (B, F, T, H, W).

        Standardisation is folded into weights and bias, and the parts are never joined, so
        that nothing larger than the logits is made.

        Raises:
            ConfigurationError: the parts hold another number of dates or features than learned.
        """
        sizes = [part.shape[1] * part.shape[2] for part in parts]
        if sum(sizes) != self.linear.in_features:
            raise ConfigurationError(
                f"The series give {sum(sizes)} features a pixel, the model expects "
                f"{self.linear.in_features}: the number of dates or bands differs.",
                "Prepare the series on the model's calendar and with its bands.",
            )
        with torch.autocast(parts[0].device.type, enabled=False):
            weight = self.linear.weight / self.std
            shares = torch.split(weight, sizes, dim=1)
            terms = (_linear(part, share) for part, share in zip(parts, shares))
            return reduce(torch.add, terms) + self._shift(weight)[:, None, None]

    def of_vectors(self, vectors: Tensor) -> Tensor:
        """Logits (N, K) of single pixels (N, D), in the order of `flatten_dates`."""
        out: Tensor = self.linear((vectors - self.mean) / self.std)
        return out

    def _shift(self, weight: Tensor) -> Tensor:
        # float64: thousands of terms that nearly cancel
        centre = weight.double() @ self.mean.double()
        return (self.linear.bias.double() - centre).to(weight.dtype)


def _linear(part: Tensor, weight: Tensor) -> Tensor:
    """(B, K, H, W) of a part (B, F, T, H, W) with weight (K, T*F)."""
    if part.dtype == weight.dtype and part.is_contiguous():
        # (K, T*F) -> (K, F*T) against (B, F*T, H*W): one product, nothing is copied
        planes = weight.reshape(len(weight), part.shape[2], part.shape[1]).transpose(1, 2)
        found = planes.flatten(1) @ part.flatten(3).flatten(1, 2)
        # (B, K, H*W) -> (B, K, H, W)
        return found.reshape(*found.shape[:2], *part.shape[3:])
    return _linear_by_date(part, weight)


def _linear_by_date(part: Tensor, weight: Tensor) -> Tensor:
    """The same without a copy of the whole series in another layout or precision."""
    # (K, T*F) -> T times (K, F)
    by_date = weight.reshape(len(weight), part.shape[2], part.shape[1]).unbind(1)
    # (B, F, H, W) -> (B, H, W, F), which the CPU's channels-last layout is already
    frames = (frame.movedim(1, -1).to(weight.dtype) for frame in part.unbind(2))
    terms = (F.linear(frame, share) for frame, share in zip(frames, by_date))
    return reduce(torch.add, terms).movedim(-1, 1)


def flatten_dates(part: Tensor) -> Tensor:
    """(B, F, T, H, W) -> (B, T*F, H, W), date by date: the order of a readout's weights."""
    return part.transpose(1, 2).flatten(1, 2)
