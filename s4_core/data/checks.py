"""Whether a model can be used on an area, decided before a long job begins."""

from __future__ import annotations

from collections.abc import Sequence

from s4_core.data.preparation import Preparation
from s4_core.data.reading import choose, read_series
from s4_core.data.seasons import season_warnings
from s4_core.data.windows import sample_windows
from s4_core.errors import AreaError
from s4_core.model_card import BandStatistics
from s4_core.types import Acquisition, Area, Modality


def check_area(
    area: Area, modality: Modality, preparation: Preparation, allow_missing: bool = False
) -> tuple[str, ...]:
    """Refuse an area that a model cannot map; say what is doubtful.

    Args:
        allow_missing: channels may be absent, whatever the preparation says (pretraining).

    Returns:
        Warnings in plain sentences: absent channels, season, radar unit, backscatter or orbit
        unlike the model's.

    Raises:
        AreaError: no season, bands missing, fewer than two dates in the season, or no usable pixel
            in it at all (all cloud, all nodata).
        RasterError: a file cannot be read.
    """
    channels = preparation.statistics[modality].channels
    span = preparation.span_in(area)
    chosen = choose(area, modality, channels, span, allow_missing or preparation.allow_missing)
    if len({a.date for a in chosen.acquisitions}) < 2:
        raise AreaError(
            f"The area {area.name} has a single {modality} date in its season, "
            f"{chosen.acquisitions[0].date}; a time series needs several.",
            "Add the other dates of the season, or give another --season.",
        )
    recorded = [c for c, present in zip(channels, chosen.present) if present]
    mask_clouds = preparation.temporal.mask_clouds
    if not _any_usable(area, modality, recorded, chosen.acquisitions, mask_clouds):
        raise AreaError(
            f"No {modality} pixel of {area.name} is usable in the season: all is cloud, nodata or "
            "outside of the area.",
            "Check the mask (--mask), the season (--season) and where the images lie (`s4 info`).",
        )
    absent = [c for c, present in zip(channels, chosen.present) if not present]
    return (
        *([_absent_warning(area, modality, absent)] if absent else []),
        *season_warnings(area, preparation.calendar),
        *_radar_warnings(area, modality, preparation.statistics[modality]),
    )


def _any_usable(
    area: Area,
    modality: Modality,
    channels: Sequence[str],
    acquisitions: Sequence[Acquisition],
    mask_clouds: bool,
) -> bool:
    """Look through the dates until one shows something; usually the first few do."""
    for day in dict.fromkeys(a.date for a in acquisitions):
        for window in sample_windows(area.grid):
            series = read_series(area, modality, channels, window, mask_clouds, between=(day, day))
            if series.valid.any():
                return True
    return False


def _absent_warning(area: Area, modality: Modality, absent: Sequence[str]) -> str:
    return (
        f"The {modality} images of {area.name} lack {', '.join(absent)}; the network sees 0, the "
        "mean, in their place."
    )


def _radar_warnings(area: Area, modality: Modality, model: BandStatistics) -> list[str]:
    if modality is not Modality.RADAR:
        return []
    warnings = []
    for what in ("backscatter", "orbit"):
        found, expected = getattr(area.radar, what), getattr(model, what)
        if found and expected and found != expected:
            warnings.append(
                f"The radar {what} of {area.name} is {found}, the model learned from {expected}; "
                "values are shifted. Restandardising on the area helps (pretrain --init MODEL "
                "--stats AREA)."
            )
    return warnings
