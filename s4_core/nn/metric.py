"""A metric of pixels: near is what grows alike, learned from many few-parcel tasks.

A frozen S4 network gives features of every date. Which of them tell crops apart, and which only
tell one field of a crop from the next, one or two parcels cannot say. Areas with known crops can:
trained on few-parcel episodes (prototypical networks: Snell, Swersky, Zemel 2017), this small
network maps features and series to an embedding in which a class is what lies near its mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.nn.heads import ReadoutHead

Widths = tuple[int, int, int]
"""Linear part of the embedding, hidden layers, nonlinear part of the embedding."""


class ParcelMetric(nn.Module):
    """Embedding of a pixel: a linear part beside a small perceptron, of the same inputs.

    Squared distances are in units of the classifier's logits: softmax of -distance is its
    probability, see `train.readout.fit_prototypes`.

    Args:
        in_features: D, sum of T * F over the parts that it reads (see `ReadoutHead`).
        widths: linear part, hidden layers, nonlinear part.
        dropout: of the hidden layers, in training.
    """

    def __init__(self, in_features: int, widths: Widths, dropout: float = 0.2) -> None:
        super().__init__()
        self.linear_part, hidden, nonlinear = widths
        self.first = ReadoutHead(in_features, self.linear_part + hidden)
        self.second = nn.Linear(hidden, hidden)
        self.third = nn.Linear(hidden, nonlinear)
        self.dropout = dropout

    @property
    def in_features(self) -> int:
        """D."""
        return self.first.linear.in_features

    @property
    def size(self) -> int:
        """E, numbers of the embedding."""
        return self.linear_part + self.third.out_features

    def forward(self, parts: Sequence[Tensor]) -> Tensor:
        """Embedding (B, E, 1, H, W) of parts (B, F, T, H, W)."""
        # channels last for the perceptron: (B, n, H, W) -> (B, H, W, n)
        return self._finished(self.first(parts).movedim(1, -1)).movedim(-1, 1)[:, :, None]

    def embed(self, vectors: Tensor) -> Tensor:
        """The same of single pixels: (N, D) -> (N, E)."""
        return self._finished(self.first.of_vectors(vectors))

    def _finished(self, first: Tensor) -> Tensor:
        """(..., linear part + hidden) -> (..., E)."""
        with torch.autocast(first.device.type, enabled=False):
            linear, hidden = first[..., : self.linear_part], first[..., self.linear_part :]
            hidden = self._dropped(F.gelu(hidden))
            hidden = self._dropped(F.gelu(self.second(hidden)))
            return torch.cat([linear, self.third(hidden)], dim=-1)

    def _dropped(self, hidden: Tensor) -> Tensor:
        return F.dropout(hidden, self.dropout, self.training)
