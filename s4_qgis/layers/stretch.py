"""Colours of satellite images: true colour, or VV and VH, on scales that dates share."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.core import (
    Qgis,
    QgsContrastEnhancement,
    QgsMultiBandColorRenderer,
    QgsRasterBandStats,
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
_SAMPLE_PX = 4096

Band = tuple[int, float, float]
"""Number in the file, and the values that show as black and as full."""


def band_numbers(provider: QgsRasterDataProvider, bands: Sequence[str]) -> dict[str, int]:
    """Numbers of the bands that the info job names: by description, else by position."""
    count = provider.bandCount()
    described = {_plain(provider.generateBandName(i)): i for i in range(1, count + 1)}
    found = {}
    for position, band in enumerate(bands, start=1):
        hits = [i for text, i in described.items() if band.casefold() in text.split()]
        if len(hits) == 1:
            found[band] = hits[0]
        elif len(bands) == count:
            found[band] = position
    return found


def image_renderer(
    provider: QgsRasterDataProvider, modality: str, bands: Sequence[str]
) -> QgsRasterRenderer | None:
    """A renderer for one image; None where its bands are not found."""
    numbers = band_numbers(provider, bands)
    chosen = _optical(provider, numbers) if modality == "optical" else _radar(provider, numbers)
    if not chosen:
        return None
    if len(chosen) < 3:
        return _gray(provider, chosen[0])
    red, green, blue = chosen
    renderer = QgsMultiBandColorRenderer(provider, red[0], green[0], blue[0])
    renderer.setRedContrastEnhancement(_stretch(provider, red))
    renderer.setGreenContrastEnhancement(_stretch(provider, green))
    renderer.setBlueContrastEnhancement(_stretch(provider, blue))
    return renderer


def _optical(provider: QgsRasterDataProvider, numbers: dict[str, int]) -> list[Band]:
    alone = tuple(band for band in numbers if band != "SCL")[:1]
    choices = [c for c in (_TRUE_COLOUR, _INFRARED, alone) if all(b in numbers for b in c)]
    wanted = choices[0]
    if not wanted:
        return []
    first = numbers[wanted[0]]
    # whole numbers are reflectance times 10000, as in every Sentinel-2 product
    scale = 10_000.0 if provider.dataType(first) in _WHOLE else 1.0
    low, high = _REFLECTANCE
    # vegetation is far brighter in the near infrared than in visible light
    return [(numbers[b], low * scale, high * scale * (2.0 if b == "B08" else 1.0)) for b in wanted]


def _radar(provider: QgsRasterDataProvider, numbers: dict[str, int]) -> list[Band]:
    wanted = [band for band in ("VV", "VH", "HH", "HV") if band in numbers][:2]
    if not wanted:
        return []
    first = numbers[wanted[0]]
    lowest = provider.bandStatistics(
        first, QgsRasterBandStats.Stats.Min, provider.extent(), _SAMPLE_PX
    ).minimumValue
    ranges = _DECIBEL if lowest < 0 else _POWER
    shown = [(numbers[band], *ranges[band]) for band in wanted]
    return [shown[0], shown[1], shown[0]] if len(shown) == 2 else shown


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
