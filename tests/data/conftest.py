"""Small areas on disk for the tests of `data`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from osgeo import gdal, ogr, osr

from s4_core import io
from s4_core.protocol import AreaRequest
from s4_core.types import OPTICAL_BANDS

X0, Y0 = 500_000.0, 5_600_000.0
SIZE = 16
START = date(2019, 1, 3)
KINDS = {"uint8": 1, "uint16": 2, "float32": 6}


@pytest.fixture(autouse=True)
def _close_rasters():
    yield
    io.close_rasters()


@pytest.fixture
def write_raster() -> Callable[..., Path]:
    """Write `{band: (H, W)}` as a GeoTIFF with its upper left corner at (X0 + east, Y0 - south)."""

    def write(
        path: Path,
        bands: Mapping[str, npt.NDArray[Any]],
        *,
        pixel_m: float = 10.0,
        origin: tuple[float, float] = (0.0, 0.0),
        nodata: float | None = None,
        tags: Mapping[str, str] | None = None,
        crs: str | None = "EPSG:32631",
    ) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        first = next(iter(bands.values()))
        height, width = first.shape
        dataset = gdal.GetDriverByName("GTiff").Create(
            str(path), width, height, len(bands), KINDS[first.dtype.name]
        )
        if crs is not None:
            reference = osr.SpatialReference()
            reference.SetFromUserInput(crs)
            dataset.SetProjection(reference.ExportToWkt())
        east, south = origin
        dataset.SetGeoTransform((X0 + east, pixel_m, 0, Y0 - south, 0, -pixel_m))
        dataset.SetMetadata(dict(tags or {}))
        for index, (name, values) in enumerate(bands.items(), start=1):
            band = dataset.GetRasterBand(index)
            band.SetDescription(name)
            if nodata is not None:
                band.SetNoDataValue(nodata)
            band.WriteArray(values)
        dataset.FlushCache()
        del band, dataset
        return path

    return write


class AreaMaker:
    """A small area in the layout of the real ones, from random but repeatable numbers."""

    def __init__(self, folder: Path, write: Callable[..., Path]) -> None:
        self.folder = folder
        self.write = write
        self.rng = np.random.default_rng(0)
        self.options: dict[str, Any] = {
            "name": "small",
            "season": ["2019-01-03", "2019-06-01"],
            "radar": {"unit": "dB", "orbit": "ascending", "backscatter": "sigma0"},
        }

    def optical(self, day: int, *, bands=OPTICAL_BANDS, scl: Any = 4, size=SIZE, **options) -> Path:
        """One optical image, `day` days after the start; `scl` None leaves the band out."""
        values = {b: self.rng.integers(200, 4000, (size, size)).astype(np.uint16) for b in bands}
        if scl is not None:
            # a copy: GDAL does not write arrays without strides
            values["SCL"] = np.broadcast_to(np.asarray(scl, np.uint16), (size, size)).copy()
        name = f"S2_{START + timedelta(days=day):%Y%m%d}.tif"
        return self.write(self.folder / "optical" / name, values, **{"nodata": 0, **options})

    def radar(self, day: int, *, bands=("VV", "VH"), linear=False, size=SIZE // 2, **options):
        """One radar image on its 20 m grid."""
        values = {}
        for offset, band in zip((0.0, -7.0), bands):
            decibel = self.rng.normal(-10 + offset, 1.5, (size, size))
            values[band] = (10 ** (decibel / 10) if linear else decibel).astype(np.float32)
        name = f"S1_{START + timedelta(days=day):%Y%m%d}.tif"
        given = {"pixel_m": 20.0, "nodata": float("nan"), **options}
        return self.write(self.folder / "radar" / name, values, **given)

    def series(self, optical=range(0, 150, 10), radar=range(2, 152, 6)) -> None:
        """Whole series of both modalities."""
        for day in optical:
            self.optical(day)
        for day in radar:
            self.radar(day)

    def request(self, **options: Any) -> AreaRequest:
        """A request for this area, after writing its `area.json`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "area.json").write_text(json.dumps(self.options))
        return AreaRequest(path=str(self.folder), **options)


@pytest.fixture
def maker(tmp_path, write_raster) -> AreaMaker:
    return AreaMaker(tmp_path / "small", write_raster)


@pytest.fixture
def box() -> Callable[..., io.Parcel]:
    """A parcel that covers whole pixels: rows and columns from..to of the area's 10 m grid."""

    def make(
        rows: tuple[float, float],
        cols: tuple[float, float],
        name: str = "",
        code: str = "",
        colour: tuple[int, int, int] | None = None,
    ) -> io.Parcel:
        west, east = (X0 + 10 * c for c in cols)
        north, south = (Y0 - 10 * r for r in rows)
        ring = f"{west} {south}, {east} {south}, {east} {north}, {west} {north}, {west} {south}"
        shape = ogr.CreateGeometryFromWkt(f"POLYGON (({ring}))")
        return io.Parcel(
            id=f"{name or code}{rows[0]:g}-{cols[0]:g}",
            name=name,
            code=code,
            colour=colour,
            wkb=bytes(shape.ExportToWkb()),
            area_ha=shape.GetArea() / 1e4,
        )

    return make


@pytest.fixture
def layer() -> Callable[..., io.ParcelLayer]:
    """A parcel layer in the area's CRS."""

    def make(*parcels: io.Parcel) -> io.ParcelLayer:
        reference = osr.SpatialReference()
        reference.ImportFromEPSG(32631)
        return io.ParcelLayer(str(reference.ExportToWkt()), tuple(parcels), ("crop",))

    return make
