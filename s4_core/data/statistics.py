"""Mean and spread of an area's channels, over the pixels that a model may use."""

from __future__ import annotations

from collections.abc import Sequence

from s4_core.data.reading import read_series
from s4_core.data.seasons import native_span
from s4_core.data.windows import MAX_SAMPLED, sample_windows
from s4_core.errors import AreaError
from s4_core.model_card import BandStatistics
from s4_core.sits import Moments
from s4_core.types import Area, Modality, Window

UNITS = {Modality.OPTICAL: "reflectance", Modality.RADAR: "dB"}


def band_statistics(
    areas: Sequence[Area],
    modality: Modality,
    channels: Sequence[str],
    mask_clouds: bool = True,
    max_windows: int = MAX_SAMPLED,
) -> BandStatistics:
    """Mean and standard deviation of each channel over the usable pixels of the areas' seasons.

    Every usable pixel of every date counts once, so a larger area counts more; of an area with
    more than `max_windows` windows of 64 x 64 px a fixed draw is read. Channels that some areas
    lack come from the others.

    Raises:
        AreaError: an area has no image of the modality in its season, a channel is in no area, or
            no pixel is usable (all cloud, all nodata).
    """
    moments = Moments.empty(len(channels))
    for area in areas:
        for window in sample_windows(area.grid, max_windows):
            moments = moments.joined(_moments(area, modality, channels, window, mask_clouds))
    _require_pixels(areas, modality, channels, moments)
    return BandStatistics(
        channels=tuple(channels),
        unit=UNITS[modality],
        mean=tuple(float(mean) for mean in moments.mean),
        std=tuple(float(std) for std in moments.std),
        backscatter=_common([a.radar.backscatter for a in areas], modality),
        orbit=_common([a.radar.orbit for a in areas], modality),
    )


def _moments(
    area: Area, modality: Modality, channels: Sequence[str], window: Window, mask_clouds: bool
) -> Moments:
    """Moments of the usable pixels of one window in the area's season."""
    series = read_series(
        area,
        modality,
        channels,
        window,
        mask_clouds,
        between=native_span(area),
        allow_missing=True,
    )
    # (T, C, h, w) -> (C, T, h, w), where a mask over (T, h, w) picks (C, n)
    pixels = series.values.transpose(1, 0, 2, 3)[:, series.valid]
    return Moments.of(pixels).only(series.present_channels or ())


def _require_pixels(
    areas: Sequence[Area], modality: Modality, channels: Sequence[str], moments: Moments
) -> None:
    names = ", ".join(area.name for area in areas)
    if not moments.count.any():
        raise AreaError(
            f"No {modality} pixel of {names} is usable in the season: all is cloud, nodata or "
            "outside of the area.",
            "Check the mask and the season (`s4 info`), or give other images.",
        )
    missing = [channel for channel, count in zip(channels, moments.count) if count == 0]
    if missing:
        raise AreaError(
            f"The {modality} images of {names} lack {', '.join(missing)} altogether.",
            f"Add an area that has them, or configure input.{modality} as "
            f"[{', '.join(channel for channel in channels if channel not in missing)}].",
        )


def _common(values: Sequence[str | None], modality: Modality) -> str | None:
    """The value that all areas share; None for optical or where they differ."""
    shared = set(values)
    return shared.pop() if len(shared) == 1 and modality is Modality.RADAR else None
