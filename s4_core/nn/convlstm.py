"""A temporal encoder that joins at fine-tuning: a ConvLSTM over the dates (paper 5.3).

Its network has seen every date by itself, in pretraining as now; what the dates mean together is
learned here, from labels.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from s4_core.nn.blocks import Layers

_SPATIAL = Layers(across_dates=False)


class ConvLSTM(nn.Module):
    """Reads a series of feature maps date by date (Shi et al. 2015), gates as in `nn.LSTM`.

    Only what comes in is convolved with its neighbours; the state is convolved 1 x 1. A 3 x 3
    convolution of the state would widen what a pixel depends on by a pixel with every date, and
    the halo that makes tiles seamless would grow with the length of the season.

    Args:
        features: channels of a date. width: channels of the state.
    """

    def __init__(self, features: int, width: int) -> None:
        super().__init__()
        self.width = width
        self.incoming = _SPATIAL.conv(features, 4 * width)
        self.recurrent = nn.Conv3d(width, 4 * width, 1, bias=False)
        if self.incoming.bias is not None:
            with torch.no_grad():
                # an LSTM that starts by remembering learns long series (Jozefowicz et al. 2015)
                self.incoming.bias[width : 2 * width].fill_(1.0)

    def forward(self, features: Tensor, valid: Tensor) -> Tensor:
        """The state after the last date; a date that is not valid leaves a pixel's state alone.

        Args:
            features: (B, F, T, H, W). valid: (B, T, H, W) bool.

        Returns:
            (B, width, 1, H, W), 0 where no date is valid.
        """
        batch, _, _, height, width = features.shape
        hidden = cell = features.new_zeros(batch, self.width, 1, height, width)
        for date, shown in zip(torch.split(features, 1, dim=2), torch.split(valid, 1, dim=1)):
            gates = self.incoming(date) + self.recurrent(hidden)
            enter, keep, candidate, leave = gates.chunk(4, dim=1)
            updated = keep.sigmoid() * cell + enter.sigmoid() * candidate.tanh()
            # (B, 1, H, W) -> (B, 1, 1, H, W), against (B, width, 1, H, W)
            mask = shown[:, None]
            hidden = torch.where(mask, leave.sigmoid() * updated.tanh(), hidden)
            cell = torch.where(mask, updated, cell)
        return hidden


class ConvLSTMHead(nn.Module):
    """Last state of a ConvLSTM over the dates, then a 3 x 3 convolution to K classes.

    Works in float32 at least. Several modalities have a ConvLSTM each, on dates of their own;
    their states are joined.

    Args:
        features: channels of each modality's features.
        classes: K.
        modalities: how many feature series are read.
        width: channels of a state.
    """

    reach_px = 2

    def __init__(self, features: int, classes: int, modalities: int = 1, width: int = 32) -> None:
        super().__init__()
        self.lstms = nn.ModuleList([ConvLSTM(features, width) for _ in range(modalities)])
        self.conv = _SPATIAL.conv(width * modalities, classes)

    @property
    def classes(self) -> int:
        """K."""
        return self.conv.out_channels

    def forward(self, features: Sequence[Tensor], valid: Sequence[Tensor]) -> Tensor:
        """Logits (B, K, H, W).

        Args:
            features: (B, F, T, H, W) of each modality. valid: (B, T, H, W) of each.
        """
        dtype = self.conv.weight.dtype
        with torch.autocast(features[0].device.type, enabled=False):
            states = [
                lstm(series.to(dtype), mask)
                for lstm, series, mask in zip(self.lstms, features, valid)
            ]
            # (B, K, 1, H, W) -> (B, K, H, W)
            logits: Tensor = self.conv(torch.cat(states, dim=1)).squeeze(2)
        return logits
