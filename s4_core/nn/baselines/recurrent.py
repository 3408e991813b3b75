"""U-Nets that a ConvLSTM reads date by date: the supervised reference and Section 6.5's decoder."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s4_core.nn.baselines.frames import FrameDecoder, FrameEncoder, valid_at
from s4_core.nn.blocks import Layers
from s4_core.nn.convlstm import ConvLSTM
from s4_core.nn.heads import date_shares

_SPATIAL = Layers(across_dates=False)


class RecurrentUNet(nn.Module):
    """A 2D encoder per date, dates reduced to one map a level, a 2D decoder.

    Args:
        encoder: that sees every date by itself.
        classes: K.
        state: channels of a ConvLSTM's state.
        every_level: ConvLSTMs reduce every level (paper 6.5: SeCo, CaCo, GSSL); else the deepest
            alone, and the skip connections are means over the dates (U-ConvLSTM).
        both_ways: a second ConvLSTM reads backwards (Chamorro Martinez et al. 2021 [62]).
    """

    def __init__(
        self,
        encoder: FrameEncoder,
        classes: int,
        state: int,
        *,
        every_level: bool = False,
        both_ways: bool = False,
    ) -> None:
        super().__init__()
        self.encoder = encoder
        widths = encoder.widths
        self.reducers = nn.ModuleList(
            [
                _Recurrence(width, state, both_ways) if every_level or last else _Mean()
                for width, last in zip(widths, [*[False] * (len(widths) - 1), True])
            ]
        )
        self.decoder = FrameDecoder(widths)
        self.classify = _SPATIAL.conv(widths[0], classes)

    def forward(self, x: Tensor, valid: Tensor) -> Tensor:
        """Logits (B, K, H, W).

        Args:
            x: (B, C, T, H, W). valid: (B, T, H, W) bool.
        """
        maps = self.encoder(x)
        reduced = [
            reduce(level, valid_at(valid, level)) for reduce, level in zip(self.reducers, maps)
        ]
        logits: Tensor = self.classify(self.decoder(reduced)).squeeze(2)
        return logits


class _Recurrence(nn.Module):
    """A ConvLSTM, or one in each direction, brought back to the level's width."""

    def __init__(self, width: int, state: int, both_ways: bool) -> None:
        super().__init__()
        self.lstms = nn.ModuleList([ConvLSTM(width, state) for _ in range(1 + both_ways)])
        self.join = _SPATIAL.conv(state * len(self.lstms), width)

    def forward(self, series: Tensor, valid: Tensor) -> Tensor:
        """(B, F, T, H, W) -> (B, F, 1, H, W)."""
        states = [self.lstms[0](series, valid)]
        if len(self.lstms) > 1:
            states.append(self.lstms[1](series.flip(2), valid.flip(1)))
        out: Tensor = self.join(torch.cat(states, dim=1))
        return out


class _Mean(nn.Module):
    """Mean over the valid dates."""

    def forward(self, series: Tensor, valid: Tensor) -> Tensor:
        """(B, F, T, H, W) -> (B, F, 1, H, W)."""
        shares = date_shares(valid, series.dtype)[:, None]
        return (series * shares).sum(dim=2, keepdim=True)
