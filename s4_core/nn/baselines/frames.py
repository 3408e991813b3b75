"""2D encoders that see every date by itself, and the 2D decoder for what became of the dates.

All maps are (B, F, T, H, W); kernels are 1 along T, so that one encoder serves a series and a
single image alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.nn.blocks import Layers, activation

_SPATIAL = Layers(across_dates=False)


class FrameEncoder(nn.Module):
    """Maps of a series at several resolutions, halved from level to level."""

    widths: tuple[int, ...]

    def forward(self, x: Tensor) -> list[Tensor]:
        """(B, C, T, H, W) -> of each level i (B, widths[i], T, H / 2**i, W / 2**i)."""
        raise NotImplementedError


class UNetEncoder(FrameEncoder):
    """The contracting half of a U-Net (Ronneberger et al. 2015).

    Args:
        channels: of the series. widths: of the levels, full resolution first.
    """

    def __init__(self, channels: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.widths = tuple(widths)
        inputs = (channels, *widths[:-1])
        self.levels = nn.ModuleList(
            [_SPATIAL.conv_block(a, b, b) for a, b in zip(inputs, self.widths)]
        )
        self.pool = _SPATIAL.pool()

    def forward(self, x: Tensor) -> list[Tensor]:
        """See `FrameEncoder`."""
        maps: list[Tensor] = []
        for level in self.levels:
            maps.append(level(self.pool(maps[-1]) if maps else x))
        return maps


class ResNetEncoder(FrameEncoder):
    """A ResNet of basic blocks (He et al. 2015), two a level.

    Its first convolution keeps the resolution: at 10 m a pixel, parcels are a few pixels wide and
    the stride of 4 that photographs begin with would lose them.

    Args:
        channels: of the images. widths: of the levels, full resolution first.
    """

    def __init__(self, channels: int, widths: Sequence[int]) -> None:
        super().__init__()
        self.widths = tuple(widths)
        self.stem = nn.Sequential(
            _SPATIAL.conv(channels, widths[0]), nn.BatchNorm3d(widths[0]), nn.ReLU()
        )
        inputs = (widths[0], *widths[:-1])
        self.levels = nn.ModuleList(
            [
                nn.Sequential(_Residual(a, b, 2 if number else 1), _Residual(b, b, 1))
                for number, (a, b) in enumerate(zip(inputs, self.widths))
            ]
        )

    def forward(self, x: Tensor) -> list[Tensor]:
        """See `FrameEncoder`."""
        maps = []
        current = self.stem(x)
        for level in self.levels:
            current = level(current)
            maps.append(current)
        return maps


class _Residual(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        strides = (1, stride, stride)
        self.body = nn.Sequential(
            nn.Conv3d(inputs, outputs, (1, 3, 3), strides, (0, 1, 1), bias=False),
            nn.BatchNorm3d(outputs),
            nn.ReLU(),
            _SPATIAL.conv(outputs, outputs),
            nn.BatchNorm3d(outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv3d(inputs, outputs, 1, strides, bias=False), nn.BatchNorm3d(outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.body(x) + self.shortcut(x))


class FrameDecoder(nn.Module):
    """The expanding half of a U-Net, on one map a level.

    Args:
        widths: of the levels, full resolution first.
    """

    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        pairs = list(zip(widths[:0:-1], widths[-2::-1]))
        self.ups = nn.ModuleList(
            [
                nn.Sequential(_SPATIAL.transposed_conv(a, b, "k2"), nn.BatchNorm3d(b), activation())
                for a, b in pairs
            ]
        )
        self.levels = nn.ModuleList([_SPATIAL.conv_block(2 * b, b, b) for _, b in pairs])

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Maps of the levels, full resolution first -> (B, widths[0], T, H, W)."""
        current = maps[-1]
        for up, level, skip in zip(self.ups, self.levels, maps[-2::-1]):
            grown = up(current)
            if grown.shape[-2:] != skip.shape[-2:]:
                # an odd side was rounded on the way down
                grown = F.interpolate(grown, size=skip.shape[-3:])
            current = level(torch.cat([grown, skip], dim=1))
        return current


def valid_at(valid: Tensor, like: Tensor) -> Tensor:
    """Where a coarser map rests on any valid pixel: (B, T, H, W) -> (B, T, h, w) of `like`."""
    if valid.shape[-2:] == like.shape[-2:]:
        return valid
    size = (valid.shape[1], *like.shape[-2:])
    return F.adaptive_max_pool3d(valid.float()[:, None], size)[:, 0] > 0
