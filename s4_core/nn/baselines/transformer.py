"""Transformers over the tokens of a series: SatMAE's encoder and a transformer of single pixels."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.nn.baselines.utae import encoded_days


@dataclass(frozen=True)
class TokenGrid:
    """How a series (B, C, T, H, W) is cut into tokens: squares of `patch` pixels of one date.

    Tokens are counted date by date, row by row.
    """

    dates: int
    rows: int
    cols: int
    patch: int

    @classmethod
    def of(cls, x: Tensor, patch: int) -> TokenGrid:
        """The grid of a series whose sides are multiples of `patch`.

        Raises:
            ValueError: they are not.
        """
        dates, height, width = x.shape[2:]
        if height % patch or width % patch:
            raise ValueError(f"{height} x {width} px cannot be cut into squares of {patch} px")
        return cls(dates, height // patch, width // patch, patch)

    def cut(self, x: Tensor) -> Tensor:
        """(B, C, T, H, W) -> (B, T rows cols, C patch patch)."""
        size = self.patch
        parts = x.reshape(*x.shape[:3], self.rows, size, self.cols, size)
        # (B, C, T, rows, p, cols, p) -> (B, T, rows, cols, C, p, p)
        return parts.permute(0, 2, 3, 5, 1, 4, 6).flatten(4).flatten(1, 3)

    def shown(self, valid: Tensor) -> Tensor:
        """Tokens with any valid pixel: (B, T, H, W) bool -> (B, tokens)."""
        return self.cut(valid[:, None]).any(dim=2)

    def places(self, device: torch.device) -> tuple[Tensor, Tensor]:
        """Row and column of each token within its image: (tokens,) each."""
        row, col = torch.meshgrid(
            torch.arange(self.rows, device=device),
            torch.arange(self.cols, device=device),
            indexing="ij",
        )
        return row.flatten().repeat(self.dates), col.flatten().repeat(self.dates)


class SeriesTransformer(nn.Module):
    """A vision transformer over all tokens of a series (SatMAE's temporal variant).

    Its tokens know row, column and date by sines and cosines, so that series of any length and
    patches of any size can be read: the original knows three images.

    Args:
        channels: of the series. patch: side of a token, pixels.
        width: of the tokens. depth, heads: of the transformer.
    """

    def __init__(self, channels: int, patch: int, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.patch, self.width = patch, width
        self.embed = nn.Linear(channels * patch * patch, width)
        self.blocks = transformer(width, depth, heads)

    def tokens(self, x: Tensor, days: Tensor) -> Tensor:
        """Embedded tokens with their positions: (B, N, width)."""
        grid = TokenGrid.of(x, self.patch)
        embedded: Tensor = self.embed(grid.cut(x))
        return embedded + positions(grid, days, self.width)

    def encode(self, tokens: Tensor, shown: Tensor) -> Tensor:
        """(B, n, width) -> the same; tokens that are not shown are attended by none."""
        return attended(self.blocks, tokens, shown)


def transformer(width: int, depth: int, heads: int) -> nn.TransformerEncoder:
    """Pre-norm blocks with a final norm."""
    block = nn.TransformerEncoderLayer(
        width, heads, 4 * width, dropout=0.0, activation=_gelu, batch_first=True, norm_first=True
    )
    return nn.TransformerEncoder(block, depth, norm=nn.LayerNorm(width), enable_nested_tensor=False)


def _gelu(x: Tensor) -> Tensor:
    """GELU under a name of its own: torch sends blocks with the known one down another path.

    In evaluation that path ignores autocast and holds the whole attention matrix in fp32: a patch
    of 1024 tokens took ten times as long as in training.
    """
    return F.gelu(x)


def attended(blocks: nn.TransformerEncoder, tokens: Tensor, shown: Tensor) -> Tensor:
    """Run blocks; where nothing is shown, everything is: attention over nothing is NaN."""
    hidden = ~(shown | ~shown.any(dim=1, keepdim=True))
    out: Tensor = blocks(tokens, src_key_padding_mask=hidden)
    return out


def positions(grid: TokenGrid, days: Tensor, width: int) -> Tensor:
    """Sines and cosines of row, column and day, joined: (B, N, width)."""
    row, col = grid.places(days.device)
    quarter = width // 4
    # (B, T) -> a token its date's day
    when = days.repeat_interleave(grid.rows * grid.cols, dim=1)
    where = [encoded_days(at.float()[None], quarter).expand(len(days), -1, -1) for at in (row, col)]
    return torch.cat([*where, encoded_days(when, width - 2 * quarter)], dim=2)


class PixelTransformer(nn.Module):
    """Every pixel's series by itself: a transformer over its dates, then a linear classifier.

    Args:
        channels: of the series. classes: K. width, depth, heads: of the transformer.
    """

    def __init__(self, channels: int, classes: int, width: int, depth: int, heads: int) -> None:
        super().__init__()
        self.width = width
        self.embed = nn.Linear(channels, width)
        self.blocks = transformer(width, depth, heads)
        self.classify = nn.Linear(width, classes)

    def forward(self, x: Tensor, valid: Tensor, days: Tensor) -> Tensor:
        """Logits (B, K, H, W) of (B, C, T, H, W), (B, T, H, W) bool and (B, T)."""
        height, width = x.shape[-2:]
        # a pixel a row: (B, C, T, H, W) -> (B H W, T, C)
        pixels = self.embed(x.permute(0, 3, 4, 2, 1).flatten(0, 2))
        when = encoded_days(days, self.width).repeat_interleave(height * width, dim=0)
        shown = valid.permute(0, 2, 3, 1).flatten(0, 2)
        out = attended(self.blocks, pixels + when, shown)
        weights = (shown | ~shown.any(dim=1, keepdim=True)).to(out.dtype)[..., None]
        mean = (out * weights).sum(dim=1) / weights.sum(dim=1)
        # (B H W, K) -> (B, K, H, W)
        logits: Tensor = self.classify(mean).unflatten(0, (len(x), height, width))
        return logits.permute(0, 3, 1, 2)
