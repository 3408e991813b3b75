"""Scenes as a STAC catalogue has them: COGs and their items. The numbers are made up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, osr

from s4_core.io import box_in
from s4_core.types import OPTICAL_BANDS, Grid

osr.UseExceptions()
gdal.UseExceptions()

Array = np.ndarray[Any, Any]

COMMON = {
    "B02": "blue",
    "B03": "green",
    "B04": "red",
    "B05": "rededge1",
    "B06": "rededge2",
    "B07": "rededge3",
    "B08": "nir",
    "B8A": "nir08",
    "B11": "swir16",
    "B12": "swir22",
    "SCL": "scl",
}
COLLECTION = {"optical": "sentinel-2-l2a", "radar": "sentinel-1-rtc"}
ORIGIN = (600_000.0, 5_600_000.0)
SIDE = 48
"""Pixels of 10 m."""


def wkt(epsg: int) -> str:
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(epsg)
    return str(reference.ExportToWkt())


def grid(pixel_m: float = 10.0, side: int = SIDE, east_m: float = 0.0, epsg: int = 32631) -> Grid:
    x, y = ORIGIN
    return Grid(wkt(epsg), (x + east_m, pixel_m, 0.0, y, 0.0, -pixel_m), side, side)


def numbers(seed: int, shape: tuple[int, int]) -> Array:
    """Values of an optical band, far from 0 and from the offset of 1000."""
    return np.random.default_rng(seed).integers(1200, 6000, shape).astype(np.uint16)


def write_cog(
    path: Path, values: Array, on: Grid, nodata: float | None, names: Sequence[str] = ()
) -> Path:
    """A lossless COG of `(H, W)` or `(C, H, W)` values."""
    stack = values if values.ndim == 3 else values[None]
    kind = {"uint16": gdal.GDT_UInt16, "uint8": gdal.GDT_Byte, "float32": gdal.GDT_Float32}
    memory = gdal.GetDriverByName("MEM").Create(
        "", on.width, on.height, len(stack), kind[stack.dtype.name]
    )
    memory.SetProjection(on.crs_wkt)
    memory.SetGeoTransform(on.transform)
    for index, band_values in enumerate(stack, start=1):
        band = memory.GetRasterBand(index)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        if names:
            band.SetDescription(names[index - 1])
        band.WriteArray(band_values)
    path.parent.mkdir(parents=True, exist_ok=True)
    options = ["COMPRESS=DEFLATE", "BLOCKSIZE=512", "OVERVIEWS=NONE"]
    gdal.GetDriverByName("COG").CreateCopy(str(path), memory, options=options)
    return path


def footprint(on: Grid) -> tuple[dict[str, Any], list[float]]:
    """GeoJSON polygon around a grid, and its box, in degrees."""
    west, south, east, north = box_in(on.bounds, on.crs_wkt, "EPSG:4326")
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}, [west, south, east, north]


@dataclass
class Catalogue:
    """A folder of COGs with their items; `base` is where the folder is served."""

    folder: Path
    base: str
    items: list[dict[str, Any]]

    def add(
        self,
        name: str,
        day: str,
        modality: str,
        bands: Mapping[str, tuple[Array, Grid]],
        *,
        nodata: float | None = 0.0,
        common: bool = False,
        properties: Mapping[str, Any] | None = None,
        asset: Mapping[str, Any] | None = None,
        lattice: bool = True,
    ) -> dict[str, Any]:
        """Write a scene's COGs, one band each, and its item."""
        assets, largest = {}, None
        for band, (values, on) in bands.items():
            path = write_cog(self.folder / name / f"{band}.tif", values, on, nodata)
            told = {
                "href": f"{self.base}/{name}/{band}.tif",
                "type": "image/tiff; application=geotiff; profile=cloud-optimized",
                "roles": ["data"],
                "file:size": path.stat().st_size,
                **(asset or {}),
            }
            if lattice:
                x, dx, rx, y, ry, dy = on.transform
                told |= {"proj:transform": [dx, rx, x, ry, dy, y], "proj:shape": list(on.shape)}
            assets[COMMON[band] if common and band in COMMON else band] = told
            largest = largest or on
        geometry, box = footprint(largest)
        item = {
            "type": "Feature",
            "stac_version": "1.0.0",
            "id": name,
            "collection": COLLECTION[modality],
            "geometry": geometry,
            "bbox": box,
            "properties": {
                "datetime": f"{day}T10:50:31Z",
                **({"proj:epsg": 32631} if lattice else {}),
                **(properties or {}),
            },
            "links": [],
            "assets": assets,
        }
        self.items.append(item)
        return item

    def optical(
        self, name: str, day: str, seed: int = 1, on: Grid | None = None, **more: Any
    ) -> dict[str, Array]:
        """An optical scene: ten bands (six of 20 m) and SCL, all clear. Returns the numbers."""
        fine = on or grid()
        half = fine.height // 2
        x, _, _, y, _, _ = fine.transform
        coarse = Grid(fine.crs_wkt, (x, 20.0, 0.0, y, 0.0, -20.0), half, half)
        bands: dict[str, tuple[Array, Grid]] = {}
        for index, band in enumerate(OPTICAL_BANDS):
            where = fine if band in ("B02", "B03", "B04", "B08") else coarse
            bands[band] = (numbers(100 * seed + index, where.shape), where)
        bands["SCL"] = (np.full(coarse.shape, 4, np.uint8), coarse)
        leave_out = more.pop("without", ())
        kept = {band: v for band, v in bands.items() if band not in leave_out}
        properties = {
            "eo:cloud_cover": 12.5,
            "platform": "sentinel-2b",
            **more.pop("properties", {}),
        }
        self.add(name, day, "optical", kept, properties=properties, **more)
        return {
            band: values if where is fine else values.repeat(2, 0).repeat(2, 1)
            for band, (values, where) in kept.items()
        }

    def radar(
        self, name: str, day: str, seed: int = 1, orbit: str = "ascending", **more: Any
    ) -> dict[str, Array]:
        """A radar scene of linear power on 10 m."""
        on = more.pop("on", None) or grid()
        draw = np.random.default_rng(seed)
        power = {b: draw.gamma(4, 0.03, on.shape).astype(np.float32) for b in ("VV", "VH")}
        properties = {
            "sat:orbit_state": orbit,
            "sat:relative_orbit": 37,
            "platform": "SENTINEL-1A",
            **more.pop("properties", {}),
        }
        bands = {band: (values, on) for band, values in power.items()}
        nodata = more.pop("nodata", -32768.0)
        self.add(name, day, "radar", bands, nodata=nodata, properties=properties, **more)
        return power

    def collections(self) -> list[dict[str, Any]]:
        return [
            {
                "type": "Collection",
                "stac_version": "1.0.0",
                "id": name,
                "description": name,
                "license": "other",
                "extent": {
                    "spatial": {"bbox": [[-180, -90, 180, 90]]},
                    "temporal": {"interval": [["2015-01-01T00:00:00Z", None]]},
                },
                "links": [],
            }
            for name in sorted({item["collection"] for item in self.items})
        ]

    def write_static(self) -> Path:
        """A static catalogue: catalog.json, collections, items, with relative links."""
        children = []
        for collection in self.collections():
            items = [i for i in self.items if i["collection"] == collection["id"]]
            for item in items:
                _write(self.folder / "static" / collection["id"] / f"{item['id']}.json", item)
            links = [{"rel": "item", "href": f"./{item['id']}.json"} for item in items]
            place = self.folder / "static" / collection["id"] / "collection.json"
            _write(place, {**collection, "links": links})
            children.append({"rel": "child", "href": f"./{collection['id']}/collection.json"})
        root = {
            "type": "Catalog",
            "stac_version": "1.0.0",
            "id": "static",
            "description": "made up",
            "links": children,
        }
        return _write(self.folder / "static" / "catalog.json", root)

    def write_collection(self) -> Path:
        """All items in one file."""
        content = {"type": "FeatureCollection", "features": self.items}
        return _write(self.folder / "items.json", content)


def _write(path: Path, value: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
    return path
