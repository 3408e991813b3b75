"""Attention over dates, learned from the training parcels: which dates tell the classes apart."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s4_core.train.weights import parcel_balanced
from training.experiments.classifiers import winners
from training.experiments.judging import Predict, Taught, Whole
from training.experiments.scenes import Floats, Scene

HEADS = 4
STEPS = 200
RATE, DECAY = 1e-2, 1e-2


class AttentionPooling(nn.Module):
    """Weights of dates by what a pixel shows on them and by the date; a linear readout of the sum.

    Args:
        dates: T. channels: C of a date. classes: K.
    """

    def __init__(self, dates: int, channels: int, classes: int) -> None:
        super().__init__()
        self.asks = nn.Linear(channels, HEADS, bias=False)
        self.of_date = nn.Parameter(torch.zeros(dates, HEADS))
        self.readout = nn.Linear(HEADS * channels, classes)
        nn.init.zeros_(self.asks.weight)

    def forward(self, series: Tensor) -> Tensor:
        """Logits (N, K) of series (N, T, C)."""
        shares = (self.asks(series) + self.of_date).softmax(dim=1)
        # (N, T, heads) and (N, T, C) -> (N, heads * C)
        pooled = torch.einsum("nth,ntc->nhc", shares, series).flatten(1)
        found: Tensor = self.readout(pooled)
        return found


def attended(scene: Scene) -> Predict:
    """Decoder features beside the raw series, dates weighed by attention."""
    series = torch.from_numpy(by_date(scene))

    def predict(taught: Taught) -> Whole:
        own = series[taught.places]
        mean, std = own.mean(dim=(0, 1)), own.std(dim=(0, 1)).clamp(min=1e-6)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(taught.seed)
            model = AttentionPooling(series.shape[1], series.shape[2], taught.class_count)
        _learn(model, (own - mean) / std, taught)
        with torch.inference_mode():
            logits: Floats = model((series - mean) / std).numpy()
        known = torch.zeros(taught.class_count, dtype=torch.bool)
        known[torch.from_numpy(taught.pixels.classes)] = True
        logits[:, ~known.numpy()] = -torch.inf
        return winners(logits)

    return predict


def by_date(scene: Scene) -> Floats:
    """Features and bands of every date, `(N, T, F + C)`."""
    split, dates = scene.reads.split, scene.reads.dates
    # (N, T * F) and (N, T * C) -> (N, T, F) and (N, T, C)
    parts = (scene.vectors[:, :split], scene.vectors[:, split:])
    tensors = [torch.from_numpy(part).reshape(len(part), dates, -1) for part in parts]
    found: Floats = torch.cat(tensors, dim=2).numpy()
    return found


def _learn(model: AttentionPooling, series: Tensor, taught: Taught) -> None:
    classes = torch.from_numpy(taught.pixels.classes)
    balanced = parcel_balanced(taught.pixels.classes, taught.pixels.parcels)
    weights = torch.from_numpy(balanced).to(series.dtype)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    for _ in range(STEPS):
        losses = nn.functional.cross_entropy(model(series), classes, reduction="none")
        optimizer.zero_grad()
        (losses * weights / weights.sum()).sum().backward()  # type: ignore[no-untyped-call]
        optimizer.step()
