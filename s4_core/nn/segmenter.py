"""A fine-tuned model: network and head, from standardised series to class probabilities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Union

import torch
from torch import Tensor, nn

from s4_core.errors import ConfigurationError
from s4_core.model_card import HeadCard, ModelCard
from s4_core.nn.backends import FeatureSource
from s4_core.nn.convlstm import ConvLSTMHead
from s4_core.nn.heads import MeanHead, ReadoutHead, date_shares, flatten_dates
from s4_core.nn.network import S4Network, SeriesInput, part_of
from s4_core.nn.receptive import receptive_radius_px
from s4_core.types import Modality, NetworkSettings, Window

Head = Union[MeanHead, ReadoutHead, ConvLSTMHead]
Inputs = Mapping[Modality, SeriesInput]

HEADS: Mapping[str, type[Head]] = {
    "mean": MeanHead,
    "readout": ReadoutHead,
    "convlstm": ConvLSTMHead,
}
"""By the `kind` of the head's card."""


def new_head(network: S4Network, card: ModelCard, classes: int) -> Head:
    """An untrained head as the card describes it, on a network.

    Raises:
        ConfigurationError: the card has no head, or its readout cannot be.
    """
    reads = head_card(card)
    features, modalities = network.feature_count("decoder"), len(reads.modalities)
    if reads.kind == "mean":
        return MeanHead(features, classes, modalities)
    if reads.kind == "convlstm":
        return ConvLSTMHead(features, classes, modalities, network.settings.lstm_width)
    return ReadoutHead(readout_size(network, card), classes)


def head_card(card: ModelCard) -> HeadCard:
    """What the card says of its head.

    Raises:
        ConfigurationError: it has none.
    """
    if card.head is None:
        raise ConfigurationError(
            "This model has no classes yet.", "Fine-tune it first (`s4 finetune`)."
        )
    return card.head


def model_radius_px(settings: NetworkSettings, card: ModelCard) -> int:
    """Pixels beyond this distance cannot change a pixel's class.

    Raises:
        ConfigurationError: as `head_card`.
    """
    reads = head_card(card)
    reach_px = HEADS[reads.kind].reach_px
    return receptive_radius_px(reads.readout or "decoder", settings.transposed, reach_px)


class Segmenter(nn.Module):
    """Network, head and the card that says what they read.

    Args:
        card: with a `head` whose kind fits `head` (see HEADS).
    """

    def __init__(self, network: S4Network, head: Head, card: ModelCard) -> None:
        super().__init__()
        reads = head_card(card)
        for modality in reads.modalities:
            network.require(modality)
        if not reads.temperature > 0:
            raise ConfigurationError(
                f"The calibration temperature is {reads.temperature}.",
                "Give a number above zero.",
            )
        self.network = network
        self.head = head
        self.card = card
        self._reads = reads
        self._source: FeatureSource | None = None

    def read_from(self, source: FeatureSource) -> None:
        """Take features from what computes the network's faster (`FastNetwork`).

        The network must not learn from now on; a `FastNetwork` would not notice.
        """
        self._source = source

    @property
    def classes(self) -> int:
        """Number of classes K."""
        return self.head.classes

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """What `logits` needs."""
        return self._reads.modalities

    @property
    def receptive_radius_px(self) -> int:
        """Pixels farther than this from a pixel never change its result."""
        return model_radius_px(self.network.settings, self.card)

    def forward(self, inputs: Inputs) -> Tensor:
        """The same as `logits`."""
        return self.logits(inputs)

    def logits(self, inputs: Inputs, wanted: Window | None = None) -> Tensor:
        """Class logits (B, K, H, W).

        Args:
            inputs: `(x, valid, days)` by modality: (B, C, T, H, W) standardised, (B, T, H, W)
                bool, (B, T) day of year. Modalities that the model does not read are ignored.
            wanted: compute only these pixels, (B, K, h, w).

        Raises:
            ConfigurationError: a modality that the model reads is missing, or its dates or
                channels are not the model's.
        """
        lacking = [m for m in self.modalities if m not in inputs]
        if lacking:
            raise ConfigurationError(
                f"This model reads {' and '.join(self.modalities)}, "
                f"{' and '.join(lacking)} is missing.",
                "Give every modality that the model was fine-tuned for.",
            )
        source = self._source or self.network
        if isinstance(self.head, ReadoutHead):
            out: Tensor = self.head(readout_parts(source, inputs, self.card, wanted))
            return out
        around, inside = _with_reach(wanted, self.head.reach_px, inputs[self.modalities[0]][0])
        features = [source.features(*inputs[m], m, "decoder", around) for m in self.modalities]
        logits: Tensor = self.head(
            features, [part_of(inputs[m][1], around) for m in self.modalities]
        )
        return part_of(logits, inside)

    def probabilities(self, inputs: Inputs, wanted: Window | None = None) -> Tensor:
        """Calibrated class probabilities (B, K, H, W): softmax of logits / temperature."""
        return self._tempered(self.logits(inputs, wanted))

    def probabilities_of(self, features: Tensor) -> Tensor:
        """The same of what the readout reads, (B, D, H, W) (`readout_features`).

        Raises:
            ConfigurationError: the head reads something else.
        """
        if not isinstance(self.head, ReadoutHead):
            raise ConfigurationError("This model reads no features out.", "Give it the series.")
        # one part whose numbers are all of one date: (B, D, 1, H, W)
        logits: Tensor = self.head([features[:, :, None]])
        return self._tempered(logits)

    def _tempered(self, logits: Tensor) -> Tensor:
        return torch.softmax(logits / self._reads.temperature, dim=1)


def _with_reach(
    wanted: Window | None, reach_px: int, x: Tensor
) -> tuple[Window | None, Window | None]:
    """The pixels that a head looks at for the wanted ones, and the wanted ones among them."""
    if wanted is None:
        return None, None
    around = wanted.grown(reach_px).clipped(*x.shape[-2:])
    return around, around and wanted.shifted(-around.row, -around.col)


def readout_parts(
    source: FeatureSource, inputs: Inputs, card: ModelCard, wanted: Window | None = None
) -> Sequence[Tensor]:
    """What a readout reads, in the order of its weights: per modality features, then raw series.

    A model without a calendar ("nearest") has no fixed dates: its parts are means over the
    valid dates, T = 1.

    Args:
        source: the network, or what computes its features faster.
        card: with `head` of kind "readout"; its weights need not exist yet.
        wanted: only these pixels.

    Returns:
        Parts (B, F, T, H, W).
    """
    reads = card.head
    if reads is None or reads.readout is None:
        raise ConfigurationError("The model card names no readout.", "Give a layer to read.")
    parts = []
    for modality in reads.modalities:
        x, valid, days = inputs[modality]
        series = [source.features(x, valid, days, modality, reads.readout, wanted)]
        if reads.readout_raw:
            series.append(part_of(x, wanted))
        shown = part_of(valid, wanted)
        parts += series if card.calendar else [time_mean(part, shown) for part in series]
    return parts


def readout_features(
    source: FeatureSource, inputs: Inputs, card: ModelCard, wanted: Window | None = None
) -> Tensor:
    """The same, joined for a solver: (B, D, H, W) in the order of `ReadoutHead`'s weights."""
    parts = readout_parts(source, inputs, card, wanted)
    return torch.cat([flatten_dates(part).float() for part in parts], 1)


def time_mean(part: Tensor, valid: Tensor) -> Tensor:
    """Mean over the valid dates (all, where a pixel has none): (B, F, T, H, W) -> T = 1."""
    wide = part.to(torch.promote_types(part.dtype, torch.float32))
    return (wide * date_shares(valid, wide.dtype)[:, None]).sum(dim=2, keepdim=True)


def readout_size(network: S4Network, card: ModelCard) -> int:
    """Features D that a readout of this card reads a pixel."""
    reads = card.head
    if reads is None or reads.readout is None:
        raise ConfigurationError("The model card names no readout.", "Give a layer to read.")
    # the metric sums all dates up itself
    dates = card.calendar.count if card.calendar and reads.readout != "metric" else 1
    per_date = network.feature_count(reads.readout) * len(reads.modalities)
    if reads.readout_raw:
        per_date += sum(network.channels[m] for m in reads.modalities)
    return dates * per_date
