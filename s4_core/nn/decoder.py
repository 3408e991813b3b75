"""The decoder h (paper 5.2, 6.3): back to full resolution with skip connections."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s4_core.nn.blocks import Layers, activation


class Decoder(nn.Module):
    """One trunk for every target; its output feeds one last convolution per target.

    As in the reference code, the first transposed convolution has no BatchNorm of its own.

    Args:
        widths: channels of the three encoder levels.
        decoder_widths: channels after the upper block, inside and after the last block.
        transposed: "k2" or "k3".
    """

    def __init__(
        self,
        widths: tuple[int, int, int],
        decoder_widths: tuple[int, int, int],
        transposed: str,
        layers: Layers,
    ) -> None:
        super().__init__()
        stem, middle, deep = widths
        upper, inner, last = decoder_widths
        self.bottom = nn.Sequential(layers.conv(deep, deep), nn.BatchNorm3d(deep), activation())
        self.up_middle = layers.transposed_conv(deep, middle, transposed)
        self.middle = layers.conv_block(2 * middle, upper, upper)
        self.up_full = nn.Sequential(
            layers.transposed_conv(upper, stem, transposed), nn.BatchNorm3d(stem), activation()
        )
        self.full = layers.conv_block(2 * stem, inner, last)

    def forward(self, stem: Tensor, middle: Tensor, deep: Tensor) -> Tensor:
        """Features of the three levels -> (B, decoder_widths[2], T, H, W)."""
        x = self.up_middle(self.bottom(deep))
        x = self.middle(torch.cat([x, middle], dim=1))
        x = self.up_full(x)
        out: Tensor = self.full(torch.cat([x, stem], dim=1))
        return out
