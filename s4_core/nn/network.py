"""S4's network: one stem per modality, a shared encoder, a projection head, a decoder (paper 5)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s4_core.errors import ConfigurationError
from s4_core.nn.blocks import Groups, Layers, Size
from s4_core.nn.decoder import Decoder
from s4_core.nn.encoder import SharedEncoder, projection_head
from s4_core.nn.lattice import STRIDE, pad_edges
from s4_core.nn.metric import ParcelMetric
from s4_core.types import Modality, NetworkSettings, Window

SeriesInput = tuple[Tensor, Tensor, Tensor]
"""`(x, valid, days)`: (B, C, T, H, W) float, (B, T, H, W) bool, (B, T) day of year."""

LAYERS = ("stem", "decoder", "metric")
"""What `features` gives: the first block, the last one, the parcel metric of the last one."""

_YEAR_DAYS = 365.25


@dataclass(frozen=True)
class PretrainOutputs:
    """What one pretraining step needs.

    Args:
        embeddings: by modality, (B, D, T', H', W'), L2-normalised.
        reconstructions: by the modality that is reconstructed (from the other one),
            (B, C, T, H, W), standardised units.
    """

    embeddings: dict[Modality, Tensor]
    reconstructions: dict[Modality, Tensor]


class S4Network(nn.Module):
    """The 3D U-Net of S4; of temporal "convlstm" the same in 2D, date by date (paper 5.3).

    T, H and W of any size: inside, the last date, row and column are repeated up to a multiple
    of the stride and cut off again, so that the newest dates count. The series enters as it is (see
    `sits.Sample`): 0, the mean, where nothing was observed, and repeated frames with the image
    that they repeat. Losses and means over time leave out what is not valid; the network does
    not, unless `encode_valid` shows it.

    Args:
        settings: sizes and variants.
        channels: data channels by modality, without the channels that `encode_days` and
            `encode_valid` add.

    Attributes:
        stride: dates, rows and columns of one site of the embedding.
    """

    def __init__(self, settings: NetworkSettings, channels: Mapping[Modality, int]) -> None:
        super().__init__()
        self.settings = settings
        self.channels = dict(channels)
        added = 2 * settings.encode_days + settings.encode_valid
        stem, _, deep = settings.widths
        norms = tuple(channels) if settings.shared_norm == "per_modality" else ()
        layers = Layers(across_dates=settings.temporal == "conv3d")
        self.stride: Size = layers.sized(STRIDE)
        self.stems = nn.ModuleDict(
            {m.value: layers.conv_block(count + added, stem, stem) for m, count in channels.items()}
        )
        self.encoder = SharedEncoder(settings.widths, norms, layers)
        self.projection = projection_head(deep, settings.projection_dim)
        self.decoder = Decoder(
            settings.widths, settings.decoder_widths, settings.transposed, layers
        )
        last = settings.decoder_widths[2]
        self.reconstruction = nn.ModuleDict(
            {m.value: layers.conv(last, count) for m, count in channels.items()}
        )
        self.metric = nn.ModuleDict()
        if settings.metric_dates:
            self.add_metric(settings.metric_dates)

    def add_metric(self, dates: int) -> None:
        """Give every modality a `ParcelMetric` without training, for series of so many dates."""
        self.settings = replace(self.settings, metric_dates=dates)
        per_date = self.settings.decoder_widths[2]
        for modality, count in self.channels.items():
            size = dates * (per_date + count)
            self.metric[modality.value] = ParcelMetric(size, self.settings.metric_widths)

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """The modalities that this network has a stem for."""
        return tuple(self.channels)

    def feature_count(self, layer: str) -> int:
        """Channels of `features` of a layer."""
        if _known_layer(layer) == "metric":
            linear, _, nonlinear = self.settings.metric_widths
            return linear + nonlinear
        widths = {"stem": self.settings.widths[0], "decoder": self.settings.decoder_widths[2]}
        return widths[layer]

    def features(  # noqa: PLR0917 - a series, then what is asked of it
        self,
        x: Tensor,
        valid: Tensor,
        days: Tensor,
        modality: Modality,
        layer: str = "decoder",
        wanted: Window | None = None,
    ) -> Tensor:
        """Full-resolution features of the stem, the decoder or the metric on top of it.

        Args:
            x: (B, C, T, H, W) standardised, 0 where nothing was observed. valid: (B, T, H, W)
                bool. days: (B, T) day of year.
            layer: "stem" (first block), "decoder" (last block) or "metric" (`ParcelMetric`).
            wanted: give only these pixels (B, F, T, h, w), from the same surroundings.

        Returns:
            (B, F, T, H, W); T = 1 of "metric", which reads all dates at once.

        Raises:
            ConfigurationError: the network has no such modality, channel count or layer.
        """
        if _known_layer(layer) == "stem":
            planes = self._input(x, valid, days, modality)
            stem: Tensor = self.stems[modality](planes)
            return part_of(stem, wanted)
        padded = self._stem(x, valid, days, modality)
        decoded = part_of(_crop(self._decode(padded, (modality,)), x), wanted)
        return self.topped(decoded, x, modality, layer, wanted)

    def topped(
        self, found: Tensor, x: Tensor, modality: Modality, layer: str, wanted: Window | None
    ) -> Tensor:
        """A layer's features (B, F, T, h, w) of the wanted pixels; "metric" reads them and `x`.

        Raises:
            ConfigurationError: a metric is asked for and the network has none.
        """
        if layer != "metric":
            return found
        return self._measured(found, part_of(x, wanted), modality)

    def embed(self, x: Tensor, valid: Tensor, days: Tensor, modality: Modality) -> Tensor:
        """Contrastive embedding, L2-normalised: (B, D, T', H', W'), sizes / stride rounded up."""
        _, deep = self.encoder(self._stem(x, valid, days, modality), (modality,))
        return self._project(deep)

    def reconstruct(
        self, x: Tensor, valid: Tensor, days: Tensor, source: Modality, target: Modality
    ) -> Tensor:
        """The standardised series of `target` from that of `source`: (B, C, T, H, W)."""
        self.require(target)
        decoded = self._decode(self._stem(x, valid, days, source), (source,))
        return _crop(self.reconstruction[target](decoded), x)

    def pretrain_outputs(self, inputs: Mapping[Modality, SeriesInput]) -> PretrainOutputs:
        """Both embeddings and both reconstructions, every layer once.

        The shared layers see both modalities in one batch: statistics that BatchNorm shares
        are then of both, in training as afterwards.

        Args:
            inputs: two modalities with equal B, T, H and W, on the same dates.
        """
        groups = tuple(inputs)
        if len(groups) != 2 or len({series[0].shape[2:] for series in inputs.values()}) != 1:
            raise ValueError("pretraining pairs two series of equal T, H and W")
        stem = torch.cat([self._stem(*series, modality) for modality, series in inputs.items()])
        middle, deep = self.encoder(stem, groups)
        embeddings = self._project(deep).chunk(2)
        decoded = self.decoder(stem, middle, deep).chunk(2)
        # each modality's decoded features give the other modality
        pairs = zip(reversed(groups), decoded)
        x = inputs[groups[0]][0]
        return PretrainOutputs(
            dict(zip(groups, embeddings)),
            {target: _crop(self.reconstruction[target](part), x) for target, part in pairs},
        )

    def _measured(self, decoded: Tensor, x: Tensor, modality: Modality) -> Tensor:
        if modality.value not in self.metric:
            raise ConfigurationError(
                "This network has no parcel metric.",
                "Choose finetune.readout decoder or stem, or a checkpoint that has one.",
            )
        out: Tensor = self.metric[modality.value]([decoded, x])
        return out

    def _decode(self, stem: Tensor, groups: Groups) -> Tensor:
        middle, deep = self.encoder(stem, groups)
        out: Tensor = self.decoder(stem, middle, deep)
        return out

    def _project(self, deep: Tensor) -> Tensor:
        z = self.projection(deep)
        # float32 at least: a bf16 norm would be off by up to 0.4 %
        return F.normalize(z.to(torch.promote_types(z.dtype, torch.float32)), dim=1)

    def _stem(self, x: Tensor, valid: Tensor, days: Tensor, modality: Modality) -> Tensor:
        planes = self.planes(x, valid, days, modality, "decoder")
        out: Tensor = self.stems[modality](planes)
        return out

    def planes(
        self, x: Tensor, valid: Tensor, days: Tensor, modality: Modality, layer: str
    ) -> Tensor:
        """What the stem convolves for a layer: (B, C + added, T, H, W).

        Padded to multiples of the stride, where the layer lies behind the poolings.
        """
        planes = self._input(x, valid, days, modality)
        return planes if layer == "stem" else pad_edges(planes, self.stride)

    def _input(self, x: Tensor, valid: Tensor, days: Tensor, modality: Modality) -> Tensor:
        """The stem's channels: data, then sin and cos of the day, then validity."""
        self.require(modality, x.shape[1])
        planes = [x]
        if self.settings.encode_days:
            angle = days.to(x.dtype) * (2 * math.pi / _YEAR_DAYS)
            waves = torch.stack([angle.sin(), angle.cos()], dim=1)
            # (B, 2, T) -> (B, 2, T, H, W)
            planes.append(waves[..., None, None].expand(-1, -1, -1, *x.shape[-2:]))
        if self.settings.encode_valid:
            planes.append(valid[:, None].to(x.dtype))
        return torch.cat(planes, dim=1) if len(planes) > 1 else planes[0]

    def require(self, modality: Modality, given: int | None = None) -> None:
        """Make sure that the network has this modality, with `given` data channels.

        Raises:
            ConfigurationError: it has not.
        """
        expected = self.channels.get(modality)
        if expected is None:
            known = ", ".join(self.modalities)
            raise ConfigurationError(
                f"This model knows {known}, not {modality}.", f"Choose {known}."
            )
        if given not in (None, expected):
            raise ConfigurationError(
                f"The {modality} series has {given} channels, the model expects {expected}.",
                "Give the bands that the model was trained on.",
            )


def untrained(settings: NetworkSettings, channels: Mapping[Modality, int], seed: int) -> S4Network:
    """A network with random weights by `seed`; torch's own random state stays as it is."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return S4Network(settings, channels)


def _known_layer(layer: str) -> str:
    if layer not in LAYERS:
        raise ConfigurationError(f"'{layer}' is not a layer.", f"Choose {', '.join(LAYERS)}.")
    return layer


def part_of(x: Tensor, wanted: Window | None) -> Tensor:
    """The wanted pixels of (..., H, W); all without a wish."""
    return x if wanted is None else x[(..., *wanted.slices)]


def _crop(features: Tensor, like: Tensor) -> Tensor:
    """`features` without what was padded onto T, H and W of `like`."""
    time, rows, columns = like.shape[-3:]
    return features[..., :time, :rows, :columns]
