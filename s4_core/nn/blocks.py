"""The layers that the 3D U-Net is made of (Garnot & Landrieu's UNet3D; paper 6.3).

Attribute names are the names of the tensors in a checkpoint.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.types import Modality

Groups = Sequence[Modality]
"""Modality of each equal, consecutive part of a batch."""


def activation() -> nn.Module:
    """LeakyReLU with slope 0.01."""
    return nn.LeakyReLU(0.01, inplace=True)


def conv(inputs: int, outputs: int, kernel: int = 3) -> nn.Conv3d:
    """A 3D convolution that keeps the size."""
    return nn.Conv3d(inputs, outputs, kernel, padding=kernel // 2)


def conv_block(inputs: int, middle: int, outputs: int) -> nn.Sequential:
    """Two times convolution, BatchNorm, LeakyReLU."""
    return nn.Sequential(
        conv(inputs, middle),
        nn.BatchNorm3d(middle),
        activation(),
        conv(middle, outputs),
        nn.BatchNorm3d(outputs),
        activation(),
    )


def transposed_conv(inputs: int, outputs: int, kind: str) -> nn.ConvTranspose3d:
    """Doubles T, H and W: kernel 2 (`k2`, the paper's text) or 3 (`k3`, the reference code)."""
    if kind == "k2":
        return nn.ConvTranspose3d(inputs, outputs, 2, stride=2)
    return nn.ConvTranspose3d(inputs, outputs, 3, stride=2, padding=1, output_padding=1)


def pool(x: Tensor) -> Tensor:
    """Halves T, H and W by the maximum."""
    return F.max_pool3d(x, kernel_size=2, stride=2)


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
