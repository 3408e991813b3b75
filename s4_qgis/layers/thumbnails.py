"""Small pictures of images, drawn by GDAL: in any thread, without a layer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from osgeo import gdal
from qgis.PyQt.QtGui import QImage

from s4_qgis.layers.stretch import numbers_of, shown_bands

_MINIMUM_OF_OVERVIEW = 1  # GDAL may look at an overview instead of every pixel


def thumbnail(image: Mapping[str, Any], size_px: int) -> QImage | None:
    """A picture of an image, on a scale that dates share; None where it cannot be drawn.

    Args:
        image: an acquisition of the info job. size_px: of the longer side.
    """
    try:
        dataset = gdal.OpenEx(image["path"], gdal.OF_RASTER | gdal.OF_READONLY)
        picture = None if dataset is None else _drawn(dataset, image, size_px)
    except RuntimeError:  # GDAL's, where its exceptions are on: a file that has gone or is damaged
        return None
    return picture


def _drawn(dataset: Any, image: Mapping[str, Any], size_px: int) -> QImage | None:
    count = dataset.RasterCount
    descriptions = [dataset.GetRasterBand(i).GetDescription() for i in range(1, count + 1)]
    numbers = numbers_of(image, descriptions)
    chosen = shown_bands(
        numbers,
        image["modality"],
        is_whole=dataset.GetRasterBand(1).DataType not in (gdal.GDT_Float32, gdal.GDT_Float64),
        is_power=image["modality"] == "radar" and _lowest(dataset, numbers) >= 0,
    )
    if not chosen:
        return None
    shrink = size_px / max(dataset.RasterXSize, dataset.RasterYSize)
    name = f"/vsimem/s4_{uuid4().hex}.png"
    options = gdal.TranslateOptions(
        format="PNG",
        outputType=gdal.GDT_Byte,
        bandList=[number for number, _, _ in chosen],
        scaleParams=[[low, high, 0, 255] for _, low, high in chosen],
        width=max(1, round(dataset.RasterXSize * shrink)),
        height=max(1, round(dataset.RasterYSize * shrink)),
        resampleAlg="average",
        noData="none",
    )
    drawn = gdal.Translate(name, dataset, options=options)
    del drawn  # writes the picture
    return _taken(name)


def _lowest(dataset: Any, numbers: Mapping[str, int]) -> float:
    band = dataset.GetRasterBand(next(iter(numbers.values()), 1))
    return float(band.ComputeRasterMinMax(_MINIMUM_OF_OVERVIEW)[0])


def _taken(name: str) -> QImage | None:
    """The picture in a file of GDAL's memory, which is then freed."""
    stream = gdal.VSIFOpenL(name, "rb")
    if stream is None:
        return None
    size = gdal.VSIStatL(name).size
    content = bytes(gdal.VSIFReadL(1, size, stream) or b"")
    gdal.VSIFCloseL(stream)
    gdal.Unlink(name)
    gdal.Unlink(f"{name}.aux.xml")
    picture = QImage.fromData(content)
    return None if picture.isNull() else picture
