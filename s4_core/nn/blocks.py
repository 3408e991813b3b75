"""The layers that the U-Net is made of (Garnot & Landrieu's UNet3D; paper 6.3).

Attribute names are the names of the tensors in a checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.types import Modality

Groups = Sequence[Modality]
"""Modality of each equal, consecutive part of a batch."""

Size = tuple[int, int, int]
"""Of a kernel or a stride along T, H and W."""


def activation() -> nn.Module:
    """LeakyReLU with slope 0.01."""
    return nn.LeakyReLU(0.01, inplace=True)


@dataclass(frozen=True)
class Layers:
    """Makes layers for (B, C, T, H, W); the one place that gives their kernels a shape.

    Args:
        across_dates: along T, H and W (the 3D U-Net); else along H and W, every date by itself
            (the spatial encoders of paper 5.3).
    """

    across_dates: bool = True

    def sized(self, size: int) -> Size:
        """A kernel or stride of `size` along the axes that the layers work on, 1 along others."""
        return size if self.across_dates else 1, size, size

    def conv(self, inputs: int, outputs: int, kernel: int = 3) -> nn.Conv3d:
        """A convolution that keeps the size."""
        return nn.Conv3d(inputs, outputs, self.sized(kernel), padding=self._reach(kernel))

    def conv_block(self, inputs: int, middle: int, outputs: int) -> nn.Sequential:
        """Two times convolution, BatchNorm, LeakyReLU."""
        return nn.Sequential(
            self.conv(inputs, middle),
            nn.BatchNorm3d(middle),
            activation(),
            self.conv(middle, outputs),
            nn.BatchNorm3d(outputs),
            activation(),
        )

    def pool(self) -> nn.MaxPool3d:
        """Halves by the maximum."""
        return nn.MaxPool3d(self.sized(2))

    def transposed_conv(self, inputs: int, outputs: int, kind: str) -> nn.ConvTranspose3d:
        """Doubles the size: kernel 2 (`k2`, the paper's text) or 3 (`k3`, the reference code)."""
        stride = self.sized(2)
        if kind == "k2":
            return nn.ConvTranspose3d(inputs, outputs, stride, stride)
        reach = self._reach(3)
        return nn.ConvTranspose3d(inputs, outputs, self.sized(3), stride, reach, reach)

    def _reach(self, kernel: int) -> Size:
        time, rows, columns = (size // 2 for size in self.sized(kernel))
        return time, rows, columns


class ModalityNorm(nn.Module):
    """BatchNorm3d of layers that modalities share.

    Weight and bias are shared; mean and variance are of all modalities together (paper) or of
    each modality alone.

    Args:
        features: channels.
        modalities: that have statistics of their own; empty for shared statistics.
    """

    def __init__(self, features: int, modalities: Sequence[Modality] = ()) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(features))
        self.bias = nn.Parameter(torch.zeros(features))
        names = [m.value for m in modalities] or ["shared"]
        self.statistics = nn.ModuleDict(
            {name: nn.BatchNorm3d(features, affine=False) for name in names}
        )

    def forward(self, x: Tensor, groups: Groups) -> Tensor:
        """Normalise (B, C, T, H, W); `groups` are the modalities of its equal parts."""
        if "shared" in self.statistics:
            return self._normalise(x, "shared")
        parts = zip(x.chunk(len(groups)), groups)
        return torch.cat([self._normalise(part, group.value) for part, group in parts])

    def statistics_of(self, modality: Modality) -> nn.Module:
        """The BatchNorm whose running mean and variance a modality is normalised by."""
        shared = "shared" in self.statistics
        return self.statistics["shared" if shared else modality.value]

    def _normalise(self, x: Tensor, name: str) -> Tensor:
        statistics = self.statistics[name]
        return F.batch_norm(
            x,
            statistics.get_buffer("running_mean"),
            statistics.get_buffer("running_var"),
            self.weight,
            self.bias,
            self.training,
            momentum=0.1,
        )
