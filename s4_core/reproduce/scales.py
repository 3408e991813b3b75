"""How large a reproduction is: its data where they are simulated, its networks, its schedules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from s4_core.errors import ConfigurationError


@dataclass(frozen=True)
class Simulation:
    """Size of the simulated data sets.

    Args:
        patch_px: side of a patch. area_px: side of the areas that they are cut from: each has its
            own weather, dates and sky, so that many small ones tell more than a few large ones.
        areas_per_fold: of the labelled sets, which have five folds.
        pretrain_areas: of each unlabelled set.
        optical_dates, radar_dates: most acquisitions of a patch.
    """

    patch_px: int
    area_px: int
    areas_per_fold: int
    pretrain_areas: int
    optical_dates: int
    radar_dates: int


@dataclass(frozen=True)
class Sizes:
    """Widths of the networks, besides S4's own in `network`.

    Args:
        network: over the preset `paper`, keys of NetworkSettings.
        frame_widths: channels of the levels of 2D encoders, full resolution first.
        lstm: channels of ConvLSTM states.
        attention: width of transformers. heads, depth: of transformers.
        patch: side of a transformer's image patch, pixels.
        embedding: width of contrastive embeddings. queue: keys that MoCo remembers.
        momentum: of its key network; few steps need less, or it stays the random one.
        utae_widths, utae_decoder_widths: of U-TAE's levels. utae_heads: of its attention.
    """

    network: dict[str, Any] = field(default_factory=dict)
    frame_widths: tuple[int, ...] = (64, 128, 256, 512)
    lstm: int = 64
    attention: int = 256
    heads: int = 8
    depth: int = 6
    patch: int = 8
    embedding: int = 128
    queue: int = 4096
    momentum: float = 0.999
    utae_widths: tuple[int, ...] = (64, 64, 64, 128)
    utae_decoder_widths: tuple[int, ...] = (32, 32, 64, 128)
    utae_heads: int = 16


@dataclass(frozen=True)
class Scale:
    """One size of everything.

    Args:
        simulation: None where real data are required.
        seeds: of the paper's rows on PASTIS-R, where the user names no number.
        seeds_elsewhere: of further rows and of the other data set.
        batch: patches a step, in pretraining and fine-tuning.
        shown: patches that an epoch shows at least. Where all labels are few patches, a tenth of
            them shown once an epoch would be too few steps to learn anything by; 0 shows each
            patch once, as the paper does.
        shift_px: S4 pretrains on modalities cut up to so many pixels apart. A network knows how
            far a pixel is from the zeros beyond the patch: in patches of 32 px everywhere, and
            the contrastive loss is then solved without a look at the ground (we measured it).
            0 as in the paper, whose patches of 128 px are mostly far from their border.
        fades: fine-tuning lets its learning rate fall to 0. Few steps at the paper's constant rate
            end in scores that jump by points from one epoch to the next.
    """

    name: str
    simulation: Simulation | None
    sizes: Sizes
    pretrain_epochs: int
    finetune_epochs: int
    batch: int
    seeds: int
    seeds_elsewhere: int
    shown: int = 0
    shift_px: int = 0
    fades: bool = False


_TINY = Sizes(
    network={"widths": (8, 16, 24), "decoder_widths": (16, 8, 8), "projection_dim": 16},
    frame_widths=(8, 12, 16),
    lstm=8,
    attention=32,
    heads=4,
    depth=2,
    patch=4,
    embedding=16,
    queue=64,
    momentum=0.9,
    utae_widths=(16, 16, 32),
    utae_decoder_widths=(8, 16, 32),
    utae_heads=4,
)

_SMALL = Sizes(
    network={"widths": (16, 32, 64), "decoder_widths": (32, 16, 16), "projection_dim": 32},
    frame_widths=(16, 32, 48),
    lstm=24,
    attention=64,
    heads=4,
    depth=3,
    patch=4,
    embedding=32,
    queue=1024,
    momentum=0.99,
    utae_widths=(32, 32, 64),
    utae_decoder_widths=(16, 32, 64),
    utae_heads=8,
)

SCALES = {
    scale.name: scale
    for scale in (
        Scale(
            "tiny", Simulation(16, 32, 1, 2, 8, 10), _TINY, 2, 3, 8, 1, 1, shift_px=4, fades=True
        ),
        Scale("small", Simulation(32, 64, 12, 40, 12, 12), _SMALL, 8, 24, 4, 3, 1, 56, 8, True),
        Scale("paper", None, Sizes(), 100, 50, 8, 3, 3),
    )
}


def scale_named(name: str) -> Scale:
    """The scale called so.

    Raises:
        ConfigurationError: there is none.
    """
    if name not in SCALES:
        raise ConfigurationError(f"There is no scale '{name}'.", f"Choose {', '.join(SCALES)}.")
    return SCALES[name]
