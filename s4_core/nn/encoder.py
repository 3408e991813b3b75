"""The encoder f_m = y_c o y_m (paper 5, "Encoder Design") and the projection head g (5.1)."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from s4_core.nn.blocks import Groups, ModalityNorm, activation, conv, pool
from s4_core.types import Modality


class _SharedUnit(nn.Module):
    """Convolution, norm, LeakyReLU in a part that modalities share."""

    def __init__(self, inputs: int, outputs: int, norms: Sequence[Modality]) -> None:
        super().__init__()
        self.conv = conv(inputs, outputs)
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

    def __init__(self, widths: tuple[int, int, int], norms: Sequence[Modality]) -> None:
        super().__init__()
        self.middle = nn.ModuleList(
            [_SharedUnit(widths[0], widths[1], norms), _SharedUnit(widths[1], widths[1], norms)]
        )
        self.deep = _SharedUnit(widths[1], widths[2], norms)

    def forward(self, stem: Tensor, groups: Groups) -> tuple[Tensor, Tensor]:
        """Features at half and at a quarter of the resolution of `stem` (B, 32, T, H, W)."""
        middle = pool(stem)
        for unit in self.middle:
            middle = unit(middle, groups)
        return middle, self.deep(pool(middle), groups)


def projection_head(features: int, outputs: int) -> nn.Sequential:
    """g: two 1 x 1 x 1 convolutions with BatchNorm and LeakyReLU between them."""
    return nn.Sequential(
        conv(features, features, kernel=1),
        nn.BatchNorm3d(features),
        activation(),
        conv(features, outputs, kernel=1),
    )
