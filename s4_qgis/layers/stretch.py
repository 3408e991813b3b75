"""Colours of satellite images: true colour, or VV and VH, on scales that dates share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qgis.core import (
    Qgis,
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsRasterDataProvider,
    QgsRasterRenderer,
    QgsSingleBandGrayRenderer,
)

_WHOLE = (
    Qgis.DataType.Byte,
    Qgis.DataType.UInt16,
    Qgis.DataType.Int16,
    Qgis.DataType.UInt32,
    Qgis.DataType.Int32,
)
_TRUE_COLOUR: tuple[str, ...] = ("B04", "B03", "B02")
_INFRARED: tuple[str, ...] = ("B08", "B04", "B03")
_REFLECTANCE = (0.0, 0.25)
_DECIBEL = {"VV": (-20.0, -3.0), "VH": (-27.0, -10.0), "HH": (-20.0, -3.0), "HV": (-27.0, -10.0)}
_POWER = {"VV": (0.0, 0.3), "VH": (0.0, 0.07), "HH": (0.0, 0.3), "HV": (0.0, 0.07)}
_SAMPLE_PX = 24

Band = tuple[int, float, float]
"""Number in the file, and the values that show as black and as full."""


def numbers_of(image: Mapping[str, Any], descriptions: Sequence[str]) -> dict[str, int]:
    """Numbers of an image's bands in its file, by name, as the info job says them.

    Args:
        descriptions: of the file's bands, for what an earlier info job said without numbers.
    """
    if image.get("indices"):
        return dict(zip(image["bands"], image["indices"]))
    return band_numbers(descriptions, image["bands"])


def band_numbers(descriptions: Sequence[str], bands: Sequence[str]) -> dict[str, int]:
    """Numbers of the bands that the info job names: by description, else by position."""
    described = [_plain(text).split() for text in descriptions]
    found = {}
    for position, band in enumerate(bands, start=1):
        hits = [i for i, words in enumerate(described, start=1) if band.casefold() in words]
        if len(hits) == 1:
            found[band] = hits[0]
        elif len(bands) == len(descriptions):
            found[band] = position
    return found


def shown_bands(
    numbers: Mapping[str, int], modality: str, *, is_whole: bool, is_power: bool
) -> list[Band]:
    """Bands for red, green and blue, or one for gray; empty where there is none to show.

    Args:
        numbers: of the bands in the file, by name.
        is_whole: whole numbers are reflectance times 10000, as in every Sentinel-2 product.
        is_power: radar in linear power, not in dB.
    """
    if modality == "optical":
        return _optical(numbers, 10_000.0 if is_whole else 1.0)
    wanted = [band for band in ("VV", "VH", "HH", "HV") if band in numbers][:2]
    ranges = _POWER if is_power else _DECIBEL
    shown = [(numbers[band], *ranges[band]) for band in wanted]
    return [shown[0], shown[1], shown[0]] if len(shown) == 2 else shown


def _optical(numbers: Mapping[str, int], scale: float) -> list[Band]:
    alone = tuple(band for band in numbers if band != "SCL")[:1]
    choices = (_TRUE_COLOUR, _INFRARED, alone)
    wanted = next(c for c in choices if all(band in numbers for band in c))
    low, high = _REFLECTANCE
    # vegetation is far brighter in the near infrared than in visible light
    return [(numbers[b], low * scale, high * scale * (2.0 if b == "B08" else 1.0)) for b in wanted]


def image_renderer(
    provider: QgsRasterDataProvider, image: Mapping[str, Any], only: int | None = None
) -> QgsRasterRenderer | None:
    """A renderer for one image; None where its bands are not found.

    Args:
        only: number of the one band to show, in gray.
    """
    descriptions = [provider.generateBandName(i) for i in range(1, provider.bandCount() + 1)]
    numbers, modality = numbers_of(image, descriptions), image["modality"]
    if only is not None:
        numbers = {name: number for name, number in numbers.items() if number == only}
    chosen = shown_bands(
        numbers,
        modality,
        is_whole=provider.dataType(1) in _WHOLE,
        is_power=modality == "radar" and _lowest(provider, numbers) >= 0,
    )
    if len(chosen) < 3:
        return _gray(provider, chosen[0]) if chosen else None
    red, green, blue = chosen
    renderer = QgsMultiBandColorRenderer(provider, red[0], green[0], blue[0])
    renderer.setRedContrastEnhancement(_stretch(provider, red))
    renderer.setGreenContrastEnhancement(_stretch(provider, green))
    renderer.setBlueContrastEnhancement(_stretch(provider, blue))
    return renderer


def _lowest(provider: QgsRasterDataProvider, numbers: Mapping[str, int]) -> float:
    """The lowest of some of the values of the first band."""
    band = next(iter(numbers.values()), 1)
    block = provider.block(band, provider.extent(), _SAMPLE_PX, _SAMPLE_PX)
    count = block.width() * block.height()
    return min((block.value(i) for i in range(count) if not block.isNoData(i)), default=-1.0)


def _gray(provider: QgsRasterDataProvider, band: Band) -> QgsRasterRenderer:
    renderer = QgsSingleBandGrayRenderer(provider, band[0])
    renderer.setContrastEnhancement(_stretch(provider, band))
    return renderer


def _stretch(provider: QgsRasterDataProvider, band: Band) -> QgsContrastEnhancement:
    number, low, high = band
    stretch = QgsContrastEnhancement(provider.dataType(number))
    stretch.setMinimumValue(low)
    stretch.setMaximumValue(high)
    algorithm = QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    stretch.setContrastEnhancementAlgorithm(algorithm)
    return stretch


def _plain(text: str) -> str:
    return "".join(c if c.isalnum() else " " for c in text.casefold())
