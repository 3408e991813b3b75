"""One meaning for the numbers of all sources: reflectance x 10 000, and backscatter in dB."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from s4_core import sits
from s4_core.errors import SourceError
from s4_core.fetch.items import Asset, Item
from s4_core.sits import Floats

SCALE = 1e-4
"""Reflectance per number in the files that are written."""

BOA_OFFSET = -0.1
"""Added to Sentinel-2 L2A reflectance of processing baseline 04.00 and later (ESA's
BOA_ADD_OFFSET, -1000 at a quantification of 10 000)."""

_OFFSET_SINCE = 4.0
_FIRST_DAY_WITH_OFFSET = date(2022, 1, 25)
_LARGEST = 65_535

_SHADOW, _CLEAR, _PERHAPS_CLOUD, _CLOUD, _CIRRUS = 3, 4, 8, 9, 10
"""Codes of the scene classification."""


@dataclass(frozen=True)
class Conversion:
    """reflectance = number * scale + offset; `note` says what is doubtful about it."""

    scale: float
    offset: float
    note: str = ""


def conversion_of(item: Item, asset: Asset) -> Conversion:
    """How an optical band's numbers become reflectance.

    The offset that comes with baseline 04.00 is taken off once: not where the catalogue says that
    its numbers are rid of it, and never from older baselines. The sensing date decides nothing,
    because old scenes were processed anew.
    """
    scale = SCALE if asset.scale is None else asset.scale
    if item.offset_applied or (item.baseline is not None and item.baseline < _OFFSET_SINCE):
        return Conversion(scale, 0.0)
    if asset.offset is not None:
        return Conversion(scale, asset.offset)
    if item.baseline is not None:
        return Conversion(scale, BOA_OFFSET)
    if item.date < _FIRST_DAY_WITH_OFFSET:
        return Conversion(scale, 0.0)
    return Conversion(
        scale,
        0.0,
        "the processing baseline is not told, so that an offset of 0.1 reflectance may remain",
    )


def to_numbers(values: Floats, conversion: Conversion) -> Floats:
    """An optical band as stored `(h, w)`, NaN where nodata -> reflectance x 10 000.

    What is valid is at least 1: 0 means no data. NaN stays.
    """
    if conversion.scale == SCALE and conversion.offset == 0:
        return values
    reflectance = values.astype(np.float64) * conversion.scale + conversion.offset
    numbers = np.clip(np.rint(reflectance / SCALE), 1, _LARGEST)
    return np.asarray(numbers, dtype=np.float32)


def to_scene_classes(values: Floats, code: str) -> Floats:
    """A mask of another kind as Sentinel-2 scene classes `(h, w)`; NaN stays.

    Args:
        code: "maja": the bits of MAJA's cloud mask (CLM): 1 clouds, 4 thin and 7 high clouds,
            5 and 6 shadows (Theia's description of the product).
    """
    if code != "maja":
        return values
    known = np.isfinite(values)
    bits = np.where(known, values, 0).astype(np.uint8)
    classes = np.select(
        [(bits & group) > 0 for group in (0b10, 0b1100000, 0b10010000, 0b11111111)],
        [_CLOUD, _SHADOW, _CIRRUS, _PERHAPS_CLOUD],
        _CLEAR,
    ).astype(np.float32)
    classes[~known] = np.nan
    return classes


def to_backscatter(values: Floats, unit: str | None) -> Floats:
    """A radar band as stored `(h, w)` -> dB.

    Args:
        unit: as the catalogue says; where it says nothing, values below 0 tell dB: power has none.
    """
    return values if is_decibel(values, unit) else sits.to_decibel(values)


def mean_backscatter(decibel: Floats, factor: int) -> Floats:
    """The mean power of `factor` x `factor` pixels in dB: `(h f, w f)` -> `(h, w)`; NaN left out.

    A mean of dB would be a geometric mean of powers, which lies below what a larger pixel sees.
    """
    height, width = (size // factor for size in decibel.shape)
    power = np.power(10.0, decibel.astype(np.float64) / 10)
    blocks = power.reshape(height, factor, width, factor)  # (h, f, w, f)
    known = np.isfinite(blocks)
    count = known.sum(axis=(1, 3))
    total = np.where(known, blocks, 0).sum(axis=(1, 3))
    mean = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    return sits.to_decibel(mean.astype(np.float32))  # of no power NaN


def is_decibel(values: Floats, unit: str | None) -> bool:
    """Whether radar numbers are dB already."""
    if unit:
        return unit.strip().lower() in ("db", "decibel")
    return bool(np.nanmin(values, initial=np.inf) < 0)


def to_convention(
    decibel: Floats, angle: Floats | None, have: str | None, want: str | None
) -> Floats:
    """Backscatter in the wanted convention: sigma0 = gamma0 cos(incidence), in dB a sum.

    Args:
        angle: ellipsoid incidence angle `(h, w)` in degrees; None where the source has none.
        have, want: "gamma0" or "sigma0"; None leaves the values as they are.

    Raises:
        SourceError: the source's convention is another, and no angle allows to convert it.
    """
    if want is None or have == want:
        return decibel
    if have is None or angle is None:
        raise SourceError(
            f"The images are {have or 'of an unknown convention'}, {want} was asked for, and the"
            " source has no incidence angles to convert them.",
            f"Fetch them as they are, and restandardise a model that learned {want} on the area"
            " (pretrain --init MODEL --stats AREA).",
        )
    cosine = 10 * np.log10(np.cos(np.deg2rad(angle)))
    return np.asarray(decibel + (cosine if want == "sigma0" else -cosine), dtype=np.float32)


def backscatter_of(item: Item, stated: str | None) -> str | None:
    """The convention of a radar item: what its source states, else what its names tell."""
    words: Mapping[str, str] = {"gamma0": "gamma0", "sigma0": "sigma0", "rtc": "gamma0"}
    if stated:
        return stated
    text = f"{item.collection} {item.id} {item.properties.get('sar:product_type', '')}".lower()
    text = text.replace("gamma_0", "gamma0").replace("sigma_0", "sigma0")
    return next((found for word, found in words.items() if word in text), None)
