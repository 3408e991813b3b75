"""The one typed configuration of a model and its training; `config` reads it from YAML.

Defaults are preset `field`, the product. Preset `paper` reproduces the paper (DESIGN section 3)
and is a YAML file over these defaults: `s4_core/config/presets/`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from s4_core.errors import ConfigurationError
from s4_core.types.sensing import OPTICAL_BANDS, RADAR_BANDS, RATIO, Modality


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ConfigurationError(f"{name} is '{value}'.", f"Choose one of: {', '.join(choices)}.")


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise ConfigurationError(f"{name} is {value}.", "Give a number above zero.")


def _between(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise ConfigurationError(
            f"{name} is {value}.", f"Give a number from {least:.10g} to {most:.10g}."
        )


def _patch(name: str, value: int) -> None:
    if value < 8 or value % 4:
        raise ConfigurationError(f"{name} is {value}.", "Give a multiple of 4, at least 8.")


_LARGEST_SEED = 2**32 - 1
"""What numpy, scikit-learn and torch all take."""

_LARGEST_RATE = 10.0
"""Adam moves every weight by about the learning rate in each step."""


@dataclass(frozen=True)
class InputSettings:
    """Channels of each modality, in network order; RATIO ("VV/VH") is derived from VV and VH."""

    optical: tuple[str, ...] = OPTICAL_BANDS
    radar: tuple[str, ...] = (*RADAR_BANDS, RATIO)

    def __post_init__(self) -> None:
        for modality in Modality:
            names = self.channels(modality)
            if len(set(names)) < len(names):
                raise ConfigurationError(
                    f"input.{modality} names a channel twice: {', '.join(names)}.",
                    "Name each once.",
                )

    def channels(self, modality: Modality) -> tuple[str, ...]:
        """Channel names of one modality."""
        return self.optical if modality is Modality.OPTICAL else self.radar


@dataclass(frozen=True)
class TemporalSettings:
    """How irregular dates become the network's time axis.

    Args:
        mode: "calendar" (preset field: both modalities onto one calendar) or "nearest" (preset
            paper: nearest-timestamp pairs for pretraining, native dates afterwards).
        step_days: distance between calendar dates, days.
        start: first calendar date as MM-DD; None takes the first area's season start.
        count: number of calendar dates; None covers the first area's season.
        max_gap_days: a calendar date inside a longer gap between two usable observations is
            masked, not interpolated.
        mask_clouds: cloudy pixels are not usable (preset paper: False, clouds are pixels).
        length_percentile: of the pretraining series' lengths ("nearest" only; paper 6.3).
    """

    mode: str = "calendar"
    step_days: int = 10
    start: str | None = None
    count: int | None = None
    max_gap_days: int = 60
    mask_clouds: bool = True
    length_percentile: float = 90.0

    def __post_init__(self) -> None:
        _one_of("temporal.mode", self.mode, ("calendar", "nearest"))
        _positive("temporal.step_days", self.step_days)
        _positive("temporal.max_gap_days", self.max_gap_days)
        _between("temporal.length_percentile", self.length_percentile, 0.0, 100.0)


@dataclass(frozen=True)
class NetworkSettings:
    """Sizes and variants of the U-Net.

    Args:
        temporal: "conv3d" (the 3D U-Net: dates are convolved like rows and columns) or
            "convlstm" (paper 5.3: a 2D U-Net sees every date by itself; a ConvLSTM over its
            features joins at fine-tuning, in the modes decoder and full).
        lstm_width: channels of the ConvLSTM's state.
        widths: channels of the three encoder levels.
        decoder_widths: channels after the upper decoder block, then inside and after the last.
        transposed: "k2" (kernel 2, stride 2, padding 0: the text) or "k3" (kernel 3, stride 2,
            padding 1, output padding 1: the reference code).
        shared_norm: BatchNorm of the shared encoder part: "shared" or "per_modality".
        encode_days: append sin and cos of the day of year as two input channels. Without them
            the network cannot tell a site of the other modality by its date (docs/checkpoint.md).
        encode_valid: append the validity mask as an input channel.
        projection_dim: size of the contrastive embedding.
        metric_dates: dates that the parcel metric reads, the calendar's count; 0 leaves it out.
        metric_widths: of the parcel metric: linear part, hidden layers, nonlinear part.
    """

    temporal: str = "conv3d"
    lstm_width: int = 32
    widths: tuple[int, int, int] = (32, 64, 128)
    decoder_widths: tuple[int, int, int] = (64, 32, 16)
    transposed: str = "k3"
    shared_norm: str = "shared"
    encode_days: bool = False
    encode_valid: bool = False
    projection_dim: int = 64
    metric_dates: int = 0
    metric_widths: tuple[int, int, int] = (96, 80, 40)

    def __post_init__(self) -> None:
        _one_of("network.temporal", self.temporal, ("conv3d", "convlstm"))
        _one_of("network.transposed", self.transposed, ("k2", "k3"))
        _one_of("network.shared_norm", self.shared_norm, ("shared", "per_modality"))
        for name in ("widths", "decoder_widths", "metric_widths"):
            _positive(f"network.{name}", min(getattr(self, name)))
        for name in ("projection_dim", "lstm_width"):
            _positive(f"network.{name}", getattr(self, name))
        if self.metric_dates < 0:
            raise ConfigurationError(
                f"network.metric_dates is {self.metric_dates}.", "Give a number of 0 or more."
            )


@dataclass(frozen=True)
class LossSettings:
    """Weights and constants of Eq. 1-3.

    Args:
        temperature: tau of Eq. 2 (paper 0.5).
        reconstruction_weight: lambda of Eq. 1 (paper 0.01); 0 leaves reconstruction out.
        contrastive_weight: 1 as in Eq. 1; 0 leaves the contrastive loss out (Table 4).
        chunk: rows of the similarity matrix held at once; memory only, not the result.
        literal_padding: count repeated (padding) frames in both losses as the paper's text does.
    """

    temperature: float = 0.1
    reconstruction_weight: float = 1.0
    contrastive_weight: float = 1.0
    chunk: int = 512
    literal_padding: bool = False

    def __post_init__(self) -> None:
        _positive("loss.temperature", self.temperature)
        _positive("loss.chunk", self.chunk)
        for name in ("reconstruction_weight", "contrastive_weight"):
            _between(f"loss.{name}", getattr(self, name), 0.0, 1e6)


@dataclass(frozen=True)
class PretrainSettings:
    """Schedule of self-supervised pretraining.

    Args:
        epochs, steps_per_epoch: an epoch is `steps_per_epoch` batches of random patches.
        batch: patches a step.
        patch_px: side of a patch, pixels; a multiple of 4.
        learning_rate: Adam's.
        validation_patches: fixed patches on which the best epoch is chosen; all bands are shown.
        band_dropout: probability that a recorded band of a patch is hidden from the network, and
            with it the channels made from it, but never all of them; what is to be reconstructed
            stays whole. Above 0, the model may be used on areas that lack bands.
        shift_px: the two modalities of a patch are cut up to so many pixels apart, along each
            axis by a draw of its own, and only their overlap counts: the place in the patch then
            tells nothing. A multiple of 4, at most half of `patch_px` is used; 0 cuts both at
            one place (the paper).
        learns: of a checkpoint that is pretrained further: "network" (all of it but its parcel
            metric), "metric" (nothing but that, see `train.adaptation`) or "auto" (the metric,
            where the checkpoint has one).
    """

    epochs: int = 20
    steps_per_epoch: int = 15
    batch: int = 2
    patch_px: int = 32
    learning_rate: float = 1e-3
    validation_patches: int = 4
    band_dropout: float = 0.0
    shift_px: int = 16
    learns: str = "auto"

    def __post_init__(self) -> None:
        if not 0 <= self.band_dropout < 1:
            raise ConfigurationError(
                f"pretrain.band_dropout is {self.band_dropout}.",
                "Give a probability from 0 up to, not including, 1.",
            )
        _one_of("pretrain.learns", self.learns, ("auto", "network", "metric"))
        _patch("pretrain.patch_px", self.patch_px)
        _between("pretrain.learning_rate", self.learning_rate, 0.0, _LARGEST_RATE)
        _between("pretrain.validation_patches", self.validation_patches, 0, 10_000)
        if self.shift_px % 4 or self.shift_px < 0:
            raise ConfigurationError(
                f"pretrain.shift_px is {self.shift_px}.", "Give a multiple of 4, or 0 for none."
            )
        for name in ("epochs", "steps_per_epoch", "batch", "learning_rate"):
            _positive(f"pretrain.{name}", getattr(self, name))

    @property
    def apart_px(self) -> int:
        """The longest shift in use: more than half of a patch would leave too little overlap."""
        return min(self.shift_px, self.patch_px // 8 * 4)

    @property
    def drawn_px(self) -> int:
        """Side of the patches to draw, from which two of `patch_px` are cut apart."""
        return self.patch_px + self.apart_px


@dataclass(frozen=True)
class FinetuneSettings:
    """Schedule and choices of learning from parcels.

    Args:
        mode: "head" (frozen network, linear readout of cached features), "decoder" or "full".
        readout: layer whose features the head reads: "stem" (first full-resolution block),
            "decoder" (last full-resolution block), "metric" (what a checkpoint has learned from
            few-parcel tasks to tell classes apart by; it contains the series).
        readout_raw: join the resampled, standardised input series to the features.
        classifier: of "head": "logistic" (regression); for readout metric "prototypes" (the
            nearest mean of a class) or "propagation" (that, spread among unlabelled pixels).
        inverse_regularisation: scikit-learn's C of the logistic head.
        temperature: of "head": divides its logits as long as few parcels can be held out to
            calibrate it; a checkpoint states what simulated areas gave.
        pooling: of "decoder" and "full": "mean" (paper: masked mean of the logits over time; a
            network of temporal "convlstm" has the ConvLSTM's last state instead) or "dates"
            (every calendar date has its own weights).
        epochs, batch, patch_px, learning_rate: schedule of "decoder" and "full".
        inner_buffer_m: parcels shrink by this much before they become pixels, metres.
        validation_share: share of the parcels of each class kept for validation, where a class
            has at least two.
        parcels_per_class: use only so many parcels a class for training; None uses all.
        pixels_per_parcel: of "head": at most so many pixels of a parcel, a seeded draw; large
            parcels add time, not information.
        class_weights: of "decoder" and "full": rare classes count as much as frequent ones in
            the cross-entropy (preset paper: False).
    """

    mode: str = "head"
    readout: str = "stem"
    readout_raw: bool = True
    classifier: str = "logistic"
    inverse_regularisation: float = 0.003
    temperature: float = 1.0
    pooling: str = "mean"
    epochs: int = 50
    batch: int = 2
    patch_px: int = 32
    learning_rate: float = 1e-3
    inner_buffer_m: float = 0.0
    validation_share: float = 0.25
    parcels_per_class: int | None = None
    pixels_per_parcel: int = 400
    class_weights: bool = True

    def __post_init__(self) -> None:
        _one_of("finetune.mode", self.mode, ("head", "decoder", "full"))
        _one_of("finetune.readout", self.readout, ("stem", "decoder", "metric"))
        _one_of("finetune.classifier", self.classifier, ("logistic", "prototypes", "propagation"))
        _one_of("finetune.pooling", self.pooling, ("mean", "dates"))
        _patch("finetune.patch_px", self.patch_px)
        _between("finetune.learning_rate", self.learning_rate, 0.0, _LARGEST_RATE)
        _between("finetune.inner_buffer_m", self.inner_buffer_m, 0.0, 1e6)
        for name in (
            "epochs",
            "batch",
            "learning_rate",
            "inverse_regularisation",
            "temperature",
        ):
            _positive(f"finetune.{name}", getattr(self, name))
        _positive("finetune.pixels_per_parcel", self.pixels_per_parcel)
        if self.parcels_per_class is not None:
            _positive("finetune.parcels_per_class", self.parcels_per_class)
        if not 0 <= self.validation_share < 1:
            raise ConfigurationError(
                f"finetune.validation_share is {self.validation_share}.",
                "Give a share from 0 up to, not including, 1.",
            )


@dataclass(frozen=True)
class RuntimeSettings:
    """Where and how fast; never changes what is computed beyond rounding.

    Args:
        device: "auto", "cpu" or "cuda".
        precision: "auto" (bf16 where the hardware has it and training gains), "fp32" or "bf16".
        threads: CPU threads; 0 leaves torch's choice.
        backend: what computes a network that no longer learns: "auto" (the fastest of those
            installed that agrees with torch, found by a probe), "torch" or "openvino".
        cache: keep features of small areas, so that learning again and mapping again are quick.
    """

    device: str = "auto"
    precision: str = "auto"
    threads: int = 0
    backend: str = "auto"
    cache: bool = True

    def __post_init__(self) -> None:
        _one_of("runtime.device", self.device, ("auto", "cpu", "cuda"))
        _one_of("runtime.precision", self.precision, ("auto", "fp32", "bf16"))
        _one_of("runtime.backend", self.backend, ("auto", "torch", "openvino"))


@dataclass(frozen=True)
class Settings:
    """Everything that determines a model: one value, stored in its checkpoint."""

    preset: str = "field"
    seed: int = 0
    input: InputSettings = field(default_factory=InputSettings)
    temporal: TemporalSettings = field(default_factory=TemporalSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    loss: LossSettings = field(default_factory=LossSettings)
    pretrain: PretrainSettings = field(default_factory=PretrainSettings)
    finetune: FinetuneSettings = field(default_factory=FinetuneSettings)
    runtime: RuntimeSettings = field(default_factory=RuntimeSettings)

    def __post_init__(self) -> None:
        _between("seed", self.seed, 0, _LARGEST_SEED)
