"""The encoder f_m = y_c o y_m (paper 5, "Encoder Design") and the projection head g (5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from s4_core.nn.blocks import Groups, Layers, ModalityNorm, activation
from s4_core.types import Modality


class SharedUnit(nn.Module):
    """Convolution, norm, LeakyReLU in a part that modalities share."""

    def __init__(
        self, inputs: int, outputs: int, norms: Sequence[Modality], layers: Layers
    ) -> None:
        super().__init__()
        self.conv = layers.conv(inputs, outputs)
        self.norm = ModalityNorm(outputs, norms)
        self.activation = activation()

    def forward(self, x: Tensor, groups: Groups) -> Tensor:
        """(B, inputs, T, H, W) -> (B, outputs, T, H, W)."""
        out: Tensor = self.activation(self.norm(self.conv(x), groups))
        return out


class SharedEncoder(nn.Module):
    """y_c: pool, two convolutions, pool, one convolution.

    Args:
        widths: channels of the three levels.
        norms: modalities with BatchNorm statistics of their own; empty shares them.
    """

    def __init__(
        self, widths: tuple[int, int, int], norms: Sequence[Modality], layers: Layers
    ) -> None:
        super().__init__()
        stem, middle, deep = widths
        self.layers = layers
        self.pool = layers.pool()
        self.middle = nn.ModuleList(
            [
                SharedUnit(stem, middle, norms, layers),
                SharedUnit(middle, middle, norms, layers),
            ]
        )
        self.deep = SharedUnit(middle, deep, norms, layers)

    def forward(self, stem: Tensor, groups: Groups) -> tuple[Tensor, Tensor]:
        """Features after one and after two poolings of `stem` (B, 32, T, H, W)."""
        middle = self.pool(stem)
        for unit in self.middle:
            middle = unit(middle, groups)
        return middle, self.deep(self.pool(middle), groups)


def projection_head(features: int, outputs: int) -> nn.Sequential:
    """g: two 1 x 1 x 1 convolutions with BatchNorm and LeakyReLU between them."""
    return nn.Sequential(
        nn.Conv3d(features, features, 1),
        nn.BatchNorm3d(features),
        activation(),
        nn.Conv3d(features, outputs, 1),
    )
