"""U-TAE (Garnot & Landrieu 2021): attention over the dates at the coarsest level steers all.

Written after the paper's description and the published sizes; 1.09 million parameters at 10
channels and 20 classes.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_GROUPS = 4
"""Of the encoder's GroupNorm."""

_PERIOD = 1000.0
"""Of the positional encoding, days."""


class UTAE(nn.Module):
    """Per-date encoder, temporal attention, decoder on attention-weighted means.

    Args:
        channels: of the series. classes: K.
        widths: of the encoder's levels, full resolution first.
        decoder_widths: of the decoder's; the last is the encoder's.
        heads: of the attention; every level's width is a multiple. width: of its values.
    """

    def __init__(
        self,
        channels: int,
        classes: int,
        widths: Sequence[int] = (64, 64, 64, 128),
        decoder_widths: Sequence[int] = (32, 32, 64, 128),
        *,
        heads: int = 16,
        width: int = 256,
    ) -> None:
        super().__init__()
        inner = tuple(decoder_widths)
        self.heads = heads
        self.enter = _convs((channels, widths[0], widths[0]), group=True)
        self.downs = nn.ModuleList([_Down(a, b) for a, b in zip(widths, widths[1:])])
        self.attention = TemporalAttention(widths[-1], heads, width)
        self.ups = nn.ModuleList(
            [_Up(inner[i], inner[i - 1], widths[i - 1]) for i in range(len(widths) - 1, 0, -1)]
        )
        self.leave = _convs((inner[0], inner[0], classes), group=False)

    def forward(self, x: Tensor, valid: Tensor, days: Tensor) -> Tensor:
        """Logits (B, K, H, W).

        Args:
            x: (B, C, T, H, W). valid: (B, T, H, W) bool. days: (B, T), any origin.
        """
        batch, _, dates = x.shape[:3]
        # every date by itself: (B, C, T, H, W) -> (B T, C, H, W)
        frames = x.transpose(1, 2).flatten(0, 1)
        maps = [self.enter(frames)]
        for down in self.downs:
            maps.append(down(maps[-1]))
        # (B T, F, h, w) -> (B, T, F, h, w)
        series = [level.unflatten(0, (batch, dates)) for level in maps]
        shown = valid.flatten(2).any(dim=2)
        out, weights = self.attention(series[-1], shown, days)
        for up, level in zip(self.ups, series[-2::-1]):
            out = up(out, _aggregated(level, weights))
        logits: Tensor = self.leave(out)
        return logits


class TemporalAttention(nn.Module):
    """L-TAE (Garnot & Landrieu 2020): one learned query a head, at every place by itself.

    Args:
        features: in and out. heads: groups of channels. width: of the values. keys: size of keys.
    """

    def __init__(self, features: int, heads: int, width: int, keys: int = 4) -> None:
        super().__init__()
        self.heads, self.keys = heads, keys
        self.enter_norm = nn.GroupNorm(heads, features)
        self.widen = nn.Linear(features, width)
        self.query = nn.Parameter(torch.randn(heads, keys) * (2.0 / keys) ** 0.5)
        self.key = nn.Linear(width, heads * keys)
        self.mix = nn.Sequential(nn.Linear(width, features), nn.BatchNorm1d(features), nn.ReLU())
        self.leave_norm = nn.GroupNorm(heads, features)
        self.dropout, self.attention_dropout = nn.Dropout(0.2), nn.Dropout(0.1)

    def forward(self, x: Tensor, shown: Tensor, days: Tensor) -> tuple[Tensor, Tensor]:
        """Features (B, F, h, w) and weights (heads, B, T, h, w).

        Args:
            x: (B, T, F, h, w). shown: (B, T) dates that count. days: (B, T).
        """
        batch, _, _, height, width = x.shape
        # a place a row: (B, T, F, h, w) -> (B h w, F, T)
        places = x.permute(0, 3, 4, 2, 1).flatten(0, 2)
        # normalised over the dates and a group's channels, then (B h w, T, F)
        places = self.widen(self.enter_norm(places).transpose(1, 2))
        times = encoded_days(days, places.shape[-1] // self.heads).repeat(1, 1, self.heads)
        # (B, T, D) for every place of its patch
        places = places + times.repeat_interleave(height * width, dim=0)
        weights = self._weights(places, shown.repeat_interleave(height * width, dim=0))
        values = places.unflatten(2, (self.heads, -1))
        # (P, T, heads) x (P, T, heads, D / heads) -> (P, D)
        pooled = torch.einsum("pth,pthd->phd", weights, values).flatten(1)
        out = self.leave_norm(self.dropout(self.mix(pooled)))
        # (B h w, F) -> (B, F, h, w)
        out = out.unflatten(0, (batch, height, width)).permute(0, 3, 1, 2)
        # (B h w, T, heads) -> (heads, B, T, h, w)
        spread = weights.reshape(batch, height, width, -1, self.heads).permute(4, 0, 3, 1, 2)
        return out, spread

    def _weights(self, places: Tensor, shown: Tensor) -> Tensor:
        """Of each date and head: (P, T, heads)."""
        keys = self.key(places).unflatten(2, (self.heads, self.keys))
        fit = (keys * self.query).sum(dim=3) / self.keys**0.5
        fit = fit.masked_fill(~shown[:, :, None], -1e3)
        weights: Tensor = self.attention_dropout(fit.softmax(dim=1))
        return weights


def encoded_days(days: Tensor, width: int) -> Tensor:
    """Sines and cosines of falling frequency: (B, T) -> (B, T, width)."""
    place = torch.arange(width, device=days.device)
    rates = _PERIOD ** (-2.0 * (place // 2) / width)
    angle = days[..., None] * rates
    return torch.where(place % 2 == 0, angle.sin(), angle.cos())


def _aggregated(level: Tensor, weights: Tensor) -> Tensor:
    """Mean over the dates by each group's attention: (B, T, F, H, W) -> (B, F, H, W)."""
    heads, batch = weights.shape[:2]
    # (heads, B, T, h, w) -> the level's resolution
    grown = F.interpolate(
        weights.flatten(0, 1), size=level.shape[-2:], mode="bilinear", align_corners=False
    )
    # (heads B, T, H, W) -> (heads, B, T, H, W); (B, T, F, H, W) -> (B, T, heads, F / heads, H, W)
    grown = grown.reshape(heads, batch, *grown.shape[1:])
    groups = level.reshape(*level.shape[:2], heads, -1, *level.shape[3:])
    return torch.einsum("gbthw,btgfhw->bgfhw", grown.to(groups.dtype), groups).flatten(1, 2)


def _convs(widths: Sequence[int], group: bool) -> nn.Sequential:
    """3 x 3 convolutions with norm and ReLU; edges are mirrored."""
    layers: list[nn.Module] = []
    for a, b in zip(widths, widths[1:]):
        norm: nn.Module = nn.GroupNorm(_GROUPS, b) if group else nn.BatchNorm2d(b)
        layers += [nn.Conv2d(a, b, 3, padding=1, padding_mode="reflect"), norm, nn.ReLU()]
    return nn.Sequential(*layers)


class _Down(nn.Module):
    """Strided convolution, then two of which the second is residual."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.down = nn.Sequential(
            nn.Conv2d(inputs, inputs, 4, 2, 1, padding_mode="reflect"),
            nn.GroupNorm(_GROUPS, inputs),
            nn.ReLU(),
        )
        self.first = _convs((inputs, outputs), group=True)
        self.second = _convs((outputs, outputs), group=True)

    def forward(self, x: Tensor) -> Tensor:
        out = self.first(self.down(x))
        return out + self.second(out)  # type: ignore[no-any-return]


class _Up(nn.Module):
    """Transposed convolution, joined with the skip connection, then as `_Down`."""

    def __init__(self, inputs: int, outputs: int, skip: int) -> None:
        super().__init__()
        self.skip = nn.Sequential(nn.Conv2d(skip, skip, 1), nn.BatchNorm2d(skip), nn.ReLU())
        self.up = nn.Sequential(
            nn.ConvTranspose2d(inputs, outputs, 4, 2, 1), nn.BatchNorm2d(outputs), nn.ReLU()
        )
        self.first = _convs((outputs + skip, outputs), group=False)
        self.second = _convs((outputs, outputs), group=False)

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        grown = self.up(x)
        out = self.first(torch.cat([grown, self.skip(skip)], dim=1))
        return out + self.second(out)  # type: ignore[no-any-return]
