"""SatMAE (Cong et al. 2022): a masked autoencoder over the tokens of a whole series.

The original reads three RGB images of three years; here a series has any number of dates, and a
token knows its date by the day of the year. Masking is independent for every date, as in the
original's temporal variant.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s4_core.errors import ConfigurationError
from s4_core.nn import DeviceChoice
from s4_core.nn.baselines import SeriesTransformer, TokenGrid
from s4_core.nn.baselines.transformer import attended, positions, transformer
from s4_core.reproduce.method import (
    Inputs,
    Maps,
    Method,
    Plan,
    PretrainBatch,
    PretrainTask,
    Reads,
    SegmentationModel,
)
from s4_core.types import Modality

_KEPT = 0.25
"""Share of the tokens that the encoder sees."""

_DECODER_DEPTH = 1


class SatmaeTask(PretrainTask):
    """Encode a quarter of the tokens, predict the standardised pixels of all others."""

    def __init__(self, plan: Plan, modality: Modality) -> None:
        super().__init__()
        sizes, channels = plan.sizes, plan.channels[modality]
        self.modality = modality
        self.encoder = SeriesTransformer(
            channels, sizes.patch, sizes.attention, sizes.depth, sizes.heads
        )
        self.narrow = nn.Linear(sizes.attention, sizes.attention // 2)
        self.hidden = nn.Parameter(0.02 * torch.randn(sizes.attention // 2))
        self.decoder = transformer(sizes.attention // 2, _DECODER_DEPTH, sizes.heads)
        self.predict = nn.Linear(sizes.attention // 2, channels * sizes.patch**2)

    def loss(self, batch: PretrainBatch, device: DeviceChoice) -> Tensor:
        """Mean squared error on the hidden tokens, each standardised by itself."""
        x, valid, days = batch.pairs.inputs[self.modality]
        grid = TokenGrid.of(x, self.encoder.patch)
        shown = grid.shown(valid)
        kept, order = _drawn(shown)
        with device.autocast():
            tokens = _taken(self.encoder.tokens(x, days), kept)
            encoded = self.encoder.encode(tokens, shown.gather(1, kept))
            whole = self._filled(encoded, order, grid, days)
            predicted: Tensor = self.predict(attended(self.decoder, whole, shown)).float()
        wanted = grid.cut(x)
        wanted = (wanted - wanted.mean(2, keepdim=True)) / (
            wanted.var(2, keepdim=True) + 1e-6
        ).sqrt()
        asked = shown & ~torch.zeros_like(shown).scatter(1, kept, True)
        error = ((predicted - wanted) ** 2).mean(dim=2)
        return (error * asked).sum() / asked.sum().clamp(min=1)

    def feature_maps(
        self,
        x: Tensor,
        valid: Tensor,
        days: Tensor,
        modality: Modality,  # noqa: ARG002 - one
    ) -> Maps:
        """The encoder's tokens, all of them shown."""
        grid = TokenGrid.of(x, self.encoder.patch)
        tokens = self.encoder.encode(self.encoder.tokens(x, days), grid.shown(valid))
        # (B, T rows cols, D) -> (B, D, T, rows, cols)
        return [tokens.transpose(1, 2).reshape(len(x), -1, grid.dates, grid.rows, grid.cols)]

    def _filled(self, encoded: Tensor, order: Tensor, grid: TokenGrid, days: Tensor) -> Tensor:
        """Encoded tokens and stand-ins for the others, back in their order, with positions."""
        narrow = self.narrow(encoded)
        missing = order.shape[1] - narrow.shape[1]
        stand_ins = self.hidden.to(narrow.dtype).expand(len(narrow), missing, -1)
        joined = torch.cat([narrow, stand_ins], dim=1)
        ordered = _taken(joined, order.argsort(dim=1))
        return ordered + positions(grid, days, ordered.shape[2])


def _drawn(shown: Tensor) -> tuple[Tensor, Tensor]:
    """A random quarter of each series' shown tokens: their indices, and a whole random order."""
    # tokens without data come last, so that they are kept only where there is nothing else
    order = (torch.rand(shown.shape, device=shown.device) + ~shown).argsort(dim=1)
    fewest = max(1, int(_KEPT * int(shown.sum(dim=1).min())))
    return order[:, :fewest], order


def _taken(tokens: Tensor, index: Tensor) -> Tensor:
    """(B, N, D) at (B, n) -> (B, n, D)."""
    return tokens.gather(1, index[:, :, None].expand(-1, -1, tokens.shape[2]))


class SatmaeModel(SegmentationModel):
    """The encoder on all tokens, their mean over the dates, transposed convolutions."""

    def __init__(self, encoder: SeriesTransformer, modality: Modality, classes: int) -> None:
        super().__init__()
        self.encoder, self.modality = encoder, modality
        steps = encoder.patch.bit_length() - 1
        if 2**steps != encoder.patch:
            raise ConfigurationError(
                f"A token of {encoder.patch} px cannot be doubled up to pixels.",
                "Choose a power of 2.",
            )
        widths = [max(encoder.width // 2**step, classes) for step in range(steps + 1)]
        layers: list[nn.Module] = []
        for a, b in zip(widths, widths[1:]):
            layers += [nn.ConvTranspose2d(a, b, 2, 2), nn.BatchNorm2d(b), nn.ReLU()]
        self.decoder = nn.Sequential(*layers, nn.Conv2d(widths[-1], classes, 3, padding=1))

    def forward(self, inputs: Inputs) -> Tensor:
        """(B, K, H, W)."""
        x, valid, days = inputs[self.modality]
        grid = TokenGrid.of(x, self.encoder.patch)
        shown = grid.shown(valid)
        encoded = self.encoder.encode(self.encoder.tokens(x, days), shown)
        counted = (shown | ~shown.any(dim=1, keepdim=True)).to(encoded.dtype)
        # (B, T rows cols, D) -> (B, T, rows, cols, D)
        shape = (len(x), grid.dates, grid.rows, grid.cols)
        weights = counted.reshape(*shape, 1)
        mean = (encoded.reshape(*shape, -1) * weights).sum(1) / weights.sum(1).clamp(min=1)
        # (B, rows, cols, D) -> (B, D, rows, cols)
        logits: Tensor = self.decoder(mean.permute(0, 3, 1, 2))
        return logits


def task(plan: Plan, modality: Modality) -> PretrainTask:
    """The pretraining task."""
    return SatmaeTask(plan, modality)


def model(plan: Plan, modalities: Reads, task: PretrainTask | None) -> SegmentationModel:
    """Fine-tuned on the pretrained encoder."""
    if not isinstance(task, SatmaeTask):
        raise ConfigurationError("There is nothing pretrained.", "Give SatMAE's task.")
    return SatmaeModel(task.encoder, modalities[0], plan.classes)


SATMAE = Method(
    "satmae",
    "SatMAE",
    "masked autoencoder over the tokens of the series, any number of dates (after Cong et al. "
    "2022); transposed-convolution decoder at fine-tuning",
    model,
    task,
)
