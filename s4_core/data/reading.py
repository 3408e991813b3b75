"""Reading an area's images as a series in physical units, window by window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np

from s4_core import io, sits
from s4_core.data.masking import cloud_free
from s4_core.errors import AreaError
from s4_core.sits import Bools, Floats, Series
from s4_core.types import RADAR_BANDS, RATIO, SCL, Acquisition, Area, Modality, Window

Span = tuple[date, date]
"""First and last day, both included."""


def read_series(
    area: Area,
    modality: Modality,
    channels: Sequence[str],
    window: Window,
    mask_clouds: bool = True,
    *,
    between: Span | None = None,
    allow_missing: bool = False,
) -> Series:
    """Read one modality of one window: optical as reflectance, radar as dB.

    One frame a date: a pixel comes from the first image of the date that has it. Images that lack
    a band which others have are not read. Files were checked when the area was opened; one that is
    unreadable now is an error, never a silent gap: a pixel does not depend on when it was read.

    Args:
        channels: names in the order wanted; "VV/VH" is derived.
        window: on the area's grid; may reach outside, where nothing is valid.
        mask_clouds: pixels that the optical mask hides are not valid.
        between: read only images of these days. `area.until` always holds.
        allow_missing: channels that no image has are 0 and marked absent instead of an error.

    Raises:
        AreaError: no image of the modality in these days, or channels missing.
        RasterError: a file cannot be read.
    """
    chosen = choose(area, modality, channels, between, allow_missing)
    recorded = [c for c, present in zip(channels, chosen.present) if present]
    places = [int(place) for place in np.flatnonzero(chosen.present)]
    frames = [list(group) for _, group in groupby(chosen.acquisitions, key=lambda a: a.date)]
    shape = (len(frames), len(channels), window.height, window.width)
    values = np.zeros(shape, dtype=np.float32)
    valid = np.zeros((len(frames), window.height, window.width), dtype=bool)
    for index, group in enumerate(frames):
        for acquisition in group:
            image, usable = _read_image(area, acquisition, recorded, window, mask_clouds)
            _add(values[index], valid[index], places, image, usable)
    dates = tuple(group[0].date for group in frames)
    return Series(values, valid, dates, chosen.present)


@dataclass(frozen=True)
class Choice:
    """The images to read, by date, and which of the wanted channels they have."""

    acquisitions: tuple[Acquisition, ...]
    present: tuple[bool, ...]


def choose(
    area: Area,
    modality: Modality,
    channels: Sequence[str],
    between: Span | None = None,
    allow_missing: bool = False,
) -> Choice:
    """Decide which images to read; looks at no pixel.

    The image with the most of the wanted channels says which are there; images that lack one of
    these are left out.

    Raises:
        AreaError: no image of the modality in these days, or channels missing.
    """
    acquisitions = [a for a in area.of(modality) if _is_wanted(a, between, area.until)]
    if not acquisitions:
        raise _none_of(area, modality, between)
    offered = [tuple(_has(a, channel) for channel in channels) for a in acquisitions]
    present = max(offered, key=sum)
    if not any(present) or not (all(present) or allow_missing):
        best = acquisitions[offered.index(present)]
        raise _lacking(area, best, [c for c, has in zip(channels, present) if not has])
    complete = [
        a for a, has in zip(acquisitions, offered) if all(h or not p for h, p in zip(has, present))
    ]
    return Choice(tuple(complete), present)


def bands_of(channel: str) -> tuple[str, ...]:
    """The recorded bands that a channel is made from."""
    return RADAR_BANDS if channel == RATIO else (channel,)


def _has(acquisition: Acquisition, channel: str) -> bool:
    return all(band in acquisition.indices for band in bands_of(channel))


def _is_wanted(acquisition: Acquisition, between: Span | None, until: date | None) -> bool:
    if until is not None and acquisition.date > until:
        return False
    return between is None or between[0] <= acquisition.date <= between[1]


def _add(values: Floats, valid: Bools, places: Sequence[int], image: Floats, usable: Bools) -> None:
    """Put an image's usable pixels where a frame has none yet, in place."""
    fresh = usable & ~valid
    for place, channel in zip(places, image):
        np.copyto(values[place], channel, where=fresh)
    valid |= fresh


def _read_image(
    area: Area,
    acquisition: Acquisition,
    channels: Sequence[str],
    window: Window,
    mask_clouds: bool,
) -> tuple[Floats, Bools]:
    """One image `(C, h, w)` in physical units and its usable pixels `(h, w)`."""
    bands = list(dict.fromkeys(band for channel in channels for band in bands_of(channel)))
    indices = [acquisition.indices[band] for band in bands]
    numbers = io.read(acquisition.raster, indices, area.grid, window)
    if acquisition.modality is Modality.RADAR:
        decibel = sits.to_decibel(numbers) if area.radar.unit == "linear" else numbers
        values = _radar_channels(dict(zip(bands, decibel)), channels)
        return values, sits.finite(values)
    values = numbers * np.float32(area.optical.scale) + np.float32(area.optical.offset)
    usable = sits.finite(values)
    masks = cloud_free(area, acquisition, window) if mask_clouds else None
    return values, usable if masks is None else usable & masks[0]


def _radar_channels(bands: dict[str, Floats], channels: Sequence[str]) -> Floats:
    """Channels `(C, h, w)` in dB from bands `(h, w)` in dB."""
    vv, vh = RADAR_BANDS
    return np.stack(
        [sits.ratio_db(bands[vv], bands[vh]) if c == RATIO else bands[c] for c in channels]
    )


def _none_of(area: Area, modality: Modality, between: Span | None) -> AreaError:
    known = area.of(modality)
    until = f" up to {area.until}" if area.until else ""
    if not known:
        others = ", ".join(m.value for m in area.modalities)
        return AreaError(
            f"The area {area.name} has no {modality} images, only {others}.",
            f"Choose --modality {others}, or add {modality} images.",
        )
    days = f" from {between[0]} to {between[1]}" if between else ""
    return AreaError(
        f"The area {area.name} has no {modality} images{days}{until}; its images are from "
        f"{known[0].date} to {known[-1].date}.",
        "Give a later --until."
        if area.until and any(_is_wanted(a, between, None) for a in known)
        else "Give the season that the images cover: --season START:END.",
    )


def _lacking(area: Area, best: Acquisition, missing: Sequence[str]) -> AreaError:
    found = ", ".join(band for band in best.bands if band != SCL) or "none"
    return AreaError(
        f"The {best.modality} images of {area.name} lack {', '.join(missing)}; found: {found} "
        f"({best.raster.path}).",
        "Add these bands to the files (one file per date holds all its bands, named in the band "
        "descriptions), or use a model that was trained without them or with "
        "pretrain.band_dropout.",
    )
