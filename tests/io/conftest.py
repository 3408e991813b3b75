"""Small rasters and vector files for the tests of `io`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from osgeo import gdal, ogr, osr

from s4_core import io
from s4_core.types import Grid, Legend, MapClass

UTM31 = "EPSG:32631"
MakeRaster = Callable[..., Path]


def wkt(crs: str) -> str:
    reference = osr.SpatialReference()
    reference.SetFromUserInput(crs)
    return str(reference.ExportToWkt())


@pytest.fixture(autouse=True)
def _close_rasters():
    yield
    io.close_rasters()


@pytest.fixture
def legend() -> Legend:
    return Legend(
        (
            MapClass("grass", "60", (148, 201, 115)),
            MapClass('maïze <"&">', "201", (244, 196, 48)),
            MapClass("winter wheat", "", (193, 125, 58)),
        )
    )


@pytest.fixture
def utm_grid() -> Callable[..., Grid]:
    """A north-up UTM 31 grid, 10 m unless told."""

    def make(
        height: int, width: int, pixel_m: float = 10.0, x: float = 500_000, y: float = 5_600_000
    ) -> Grid:
        return Grid(wkt(UTM31), (x, pixel_m, 0.0, y, 0.0, -pixel_m), height, width)

    return make


@pytest.fixture
def make_raster() -> MakeRaster:
    """Write a GeoTIFF of `(C, H, W)` values on a grid."""

    def make(
        path: Path,
        values: npt.NDArray[Any],
        grid: Grid,
        *,
        bands: Sequence[str] = (),
        nodata: Sequence[float | None] | float | None = None,
        tags: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
        mask: npt.NDArray[Any] | None = None,
    ) -> Path:
        kinds = {"uint8": 1, "uint16": 2, "int16": 3, "float32": 6, "complex64": 10}
        count, height, width = values.shape
        driver = gdal.GetDriverByName("GTiff")
        kind = kinds[values.dtype.name]
        dataset = driver.Create(str(path), width, height, count, kind, list(options))
        if grid.crs_wkt:
            dataset.SetProjection(grid.crs_wkt)
        dataset.SetGeoTransform(grid.transform)
        dataset.SetMetadata(dict(tags or {}))
        given = [nodata] * count if not isinstance(nodata, (list, tuple)) else nodata
        # GeoTIFF keeps one nodata value for all bands
        for index in range(count):
            band = dataset.GetRasterBand(index + 1)
            band.SetDescription(bands[index] if bands else "")
            if given[index] is not None:
                band.SetNoDataValue(given[index])
            band.WriteArray(values[index])
        if mask is not None:
            gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
            dataset.CreateMaskBand(gdal.GMF_PER_DATASET)
            dataset.GetRasterBand(1).GetMaskBand().WriteArray(mask.astype(np.uint8) * 255)
            gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", None)
        dataset.FlushCache()
        del band, dataset
        return path

    return make


@pytest.fixture
def make_vector() -> Callable[..., Path]:
    """Write features `(wkt geometry, {column: value})` with OGR, the format by suffix."""

    def make(
        path: Path,
        features: Sequence[tuple[str | None, Mapping[str, Any]]],
        crs: str | None = UTM31,
        layers: Sequence[str] = ("parcels",),
        kind: int = ogr.wkbUnknown,
    ) -> Path:
        driver = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".shp": "ESRI Shapefile"}[path.suffix]
        source = ogr.GetDriverByName(driver).CreateDataSource(str(path))
        reference = None
        if crs is not None:
            reference = osr.SpatialReference()
            reference.SetFromUserInput(crs)
            reference.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        kinds = {int: ogr.OFTInteger64, float: ogr.OFTReal, str: ogr.OFTString}
        for name in layers:
            layer = source.CreateLayer(name, reference, kind)
            cells = [cell for _, row in features for cell in row.items()]
            columns = {key: value for key, value in cells if value is not None}
            for column, value in columns.items():
                layer.CreateField(ogr.FieldDefn(column, kinds[type(value)]))
            for shape, row in features:
                feature = ogr.Feature(layer.GetLayerDefn())
                if shape is not None:
                    feature.SetGeometry(ogr.CreateGeometryFromWkt(shape))
                for column, value in row.items():
                    if value is not None:
                        feature.SetField(column, value)
                layer.CreateFeature(feature)
        del layer, source
        return path

    return make


def square(x: float, y: float, side: float) -> str:
    """WKT of a square with its lower left corner at (x, y)."""
    return f"POLYGON (({x} {y}, {x + side} {y}, {x + side} {y + side}, {x} {y + side}, {x} {y}))"


@pytest.fixture(name="square")
def square_fixture() -> Callable[[float, float, float], str]:
    return square
