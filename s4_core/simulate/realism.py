"""Figures by which a simulated area is held against real ones; the same code measures both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core.simulate.area import SimulatedArea
from s4_core.types import CLOUDY_SCL, OPTICAL_BANDS

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
_RED, _NIR = OPTICAL_BANDS.index("B04"), OPTICAL_BANDS.index("B08")


@dataclass(frozen=True, eq=False)
class Observed:
    """An area as arrays, real or simulated.

    Args:
        optical: (T, 10, H, W) reflectance. scl: (T, H, W). radar: (R, 2, H / 2, W / 2) dB.
        parcel_index: (H, W) 0 = none, i + 1 = parcel i; crops: of each parcel.
    """

    optical: npt.NDArray[np.float32]
    scl: npt.NDArray[Any]
    optical_dates: tuple[date, ...]
    radar: npt.NDArray[np.float32]
    radar_dates: tuple[date, ...]
    parcel_index: npt.NDArray[np.int32]
    crops: tuple[str, ...]

    @classmethod
    def of(cls, area: SimulatedArea) -> Observed:
        """What there is to see of a simulated area."""
        return cls(
            area.optical,
            area.scl,
            area.optical_dates,
            area.radar,
            area.radar_dates,
            area.parcel_index,
            tuple(parcel.crop for parcel in area.parcels),
        )

    @property
    def clear(self) -> BoolArray:
        """(T, H, W) the classification calls the ground visible."""
        return ~np.isin(self.scl, CLOUDY_SCL)

    @property
    def ndvi(self) -> npt.NDArray[np.float32]:
        """(T, H, W), cloudy pixels included."""
        red, nir = self.optical[:, _RED], self.optical[:, _NIR]
        return np.asarray((nir - red) / (nir + red))


def sky(observed: Observed) -> dict[str, float]:
    """How much is hidden: all pixels, whole dates, and the gaps that remain."""
    hidden = 1.0 - observed.clear.mean(axis=(1, 2))
    days = np.array([day.toordinal() for day in observed.optical_dates])
    usable = days[hidden < 0.5]
    gaps = np.diff(usable) if len(usable) > 1 else np.array([np.nan])
    return {
        "hidden pixels": float(hidden.mean()),
        "dates hidden below 2 %": float((hidden < 0.02).mean()),
        "dates hidden above 98 %": float((hidden > 0.98).mean()),
        "longest gap between half-clear dates, days": float(gaps.max()),
    }


def scl_shares(observed: Observed) -> FloatArray:
    """Share of each classification code 0..11: (12,)."""
    counts = np.bincount(observed.scl.ravel().astype(np.int64), minlength=12)[:12]
    return np.asarray(counts / counts.sum())


def band_moments(observed: Observed) -> FloatArray:
    """Mean and standard deviation of each band over clear pixels: (10, 2)."""
    bands = np.moveaxis(observed.optical, 1, 0)[:, observed.clear]
    return np.stack([bands.mean(axis=1, dtype=float), bands.std(axis=1, dtype=float)], axis=1)


def radar_moments(observed: Observed) -> FloatArray:
    """Mean and standard deviation of VV and VH in dB: (2, 2)."""
    values = observed.radar
    return np.stack(
        [values.mean(axis=(0, 2, 3), dtype=float), values.std(axis=(0, 2, 3), dtype=float)], axis=1
    )


def ndvi_by_month(observed: Observed, shares: Sequence[float] = (0.1, 0.5, 0.9)) -> FloatArray:
    """Quantiles of clear parcels' NDVI in each calendar month: (12, quantiles), NaN if unseen."""
    months = np.array([day.month for day in observed.optical_dates])
    table = np.full((12, len(shares)), np.nan)
    for month in range(1, 13):
        here = months == month
        seen = observed.clear[here] & (observed.parcel_index > 0)
        if seen.any():
            table[month - 1] = np.quantile(observed.ndvi[here][seen], shares)
    return table


def interior(observed: Observed, parcel: int) -> BoolArray:
    """The pixels of parcel `parcel` (from 0) whose four neighbours belong to it too: (H, W)."""
    padded = np.pad(observed.parcel_index == parcel + 1, 1)
    return np.asarray(
        padded[1:-1, 1:-1]
        & padded[:-2, 1:-1]
        & padded[2:, 1:-1]
        & padded[1:-1, :-2]
        & padded[1:-1, 2:]
    )


def spread_within_fields(observed: Observed, least_px: int = 25) -> FloatArray:
    """Median over parcels and clear dates of the bands' and NDVI's standard deviation: (11,)."""
    layers = np.concatenate([observed.optical, observed.ndvi[:, None]], axis=1)
    spreads = []
    for parcel in range(len(observed.crops)):
        mask = interior(observed, parcel)
        if mask.sum() < least_px:
            continue
        seen = observed.clear[:, mask].mean(axis=1) > 0.99
        spreads.append(layers[seen][:, :, mask].std(axis=2, dtype=float))
    return np.asarray(np.median(np.concatenate(spreads), axis=0))


def date_noise(observed: Observed, least_px: int = 25) -> FloatArray:
    """How far a parcel's mean lies from the line between its neighbours in time: (11,).

    Root mean square over triples of clear dates within 20 days; bands, then NDVI.
    """
    layers = np.concatenate([observed.optical, observed.ndvi[:, None]], axis=1)
    days = np.array([day.toordinal() for day in observed.optical_dates], float)
    found = []
    for parcel in range(len(observed.crops)):
        mask = interior(observed, parcel)
        if mask.sum() < least_px:
            continue
        seen = np.flatnonzero(observed.clear[:, mask].mean(axis=1) > 0.99)
        means = layers[seen][:, :, mask].mean(axis=2, dtype=float)
        when = days[seen]
        for middle in range(1, len(seen) - 1):
            span = when[middle + 1] - when[middle - 1]
            if span <= 20:
                along = (when[middle] - when[middle - 1]) / span
                line = means[middle - 1] + along * (means[middle + 1] - means[middle - 1])
                found.append(means[middle] - line)
    return np.asarray(np.sqrt(np.mean(np.square(found), axis=0)))


@dataclass(frozen=True)
class Speckle:
    """What was measured of the speckle.

    Args:
        looks: equivalent number of looks of VV and VH.
        neighbours: correlation between pixels side by side, VV and VH.
    """

    looks: tuple[float, float]
    neighbours: tuple[float, float]


def speckle_of(observed: Observed, repeat_days: int = 6, least_px: int = 12) -> Speckle:
    """Speckle inside parcels, from differences between passes of the same track.

    In two images a few days apart a field's pattern is the same and the speckle is not: half the
    variance of the difference of the normalised images is 1 / looks. Patterns that last are thus
    not counted as speckle.
    """
    days = np.array([day.toordinal() for day in observed.radar_dates])
    first, second = np.nonzero(days[None, :] - days[:, None] == repeat_days)
    power = 10.0 ** (0.1 * observed.radar.astype(float))
    variance, weight = np.zeros(2), 0.0
    products = np.zeros((2, 2))
    for parcel in range(len(observed.crops)):
        mask = _coarse(interior(observed, parcel))
        if mask.sum() < least_px:
            continue
        inside = power[:, :, mask]
        fields = np.zeros((len(days), 2, *mask.shape))
        fields[:, :, mask] = inside / inside.mean(axis=2, keepdims=True) - 1.0
        change = fields[second] - fields[first]
        variance += 0.5 * change[:, :, mask].var(axis=2, ddof=1).mean(axis=0) * mask.sum()
        weight += float(mask.sum())
        beside = mask[:, 1:] & mask[:, :-1]
        pairs = change[..., 1:] * change[..., :-1]
        products[:, 0] += pairs[:, :, beside].mean(axis=(0, 2)) * mask.sum()
        products[:, 1] += np.square(change[:, :, mask]).mean(axis=(0, 2)) * mask.sum()
    looks, ratio = weight / variance, products[:, 0] / products[:, 1]
    return Speckle((float(looks[0]), float(looks[1])), (float(ratio[0]), float(ratio[1])))


def _coarse(mask: BoolArray) -> BoolArray:
    """The 20 m pixels whose four 10 m pixels are all in the mask."""
    height, width = mask.shape
    # (H, W) -> (H / 2, 2, W / 2, 2)
    return np.asarray(mask.reshape(height // 2, 2, width // 2, 2).all(axis=(1, 3)))
