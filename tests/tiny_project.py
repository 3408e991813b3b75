"""A whole project on disk, as small as it can be: an area, parcels, models and maps.

Two crops whose curves differ in both modalities, so that a model must learn them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal, ogr, osr

from s4_core import io, jobs
from s4_core.protocol import AreaRequest, FinetuneJob, PretrainJob, Runtime, SegmentJob
from s4_core.types import OPTICAL_BANDS

SIDE = 32
START = date(2019, 3, 1)
DAYS = range(0, 160, 16)
ORIGIN = (500_000.0, 5_600_000.0)

osr.UseExceptions()
_REFERENCE = osr.SpatialReference()
_REFERENCE.ImportFromEPSG(32631)
WKT = _REFERENCE.ExportToWkt()

SMALL: dict[str, Any] = {
    "network.widths": [8, 8, 16],
    "network.decoder_widths": [8, 8, 8],
    "pretrain.epochs": 1,
    "pretrain.steps_per_epoch": 1,
    "pretrain.batch": 1,
    "pretrain.patch_px": 16,
    "pretrain.validation_patches": 1,
    "temporal.step_days": 10,
}
ONE_CORE = Runtime("cpu", "fp32", 1)


def truth() -> np.ndarray[Any, Any]:
    """Crop of each pixel: 0 = beet in the west, 1 = wheat in the east."""
    return np.tile(np.arange(SIDE) >= SIDE // 2, (SIDE, 1)).astype(int)


def write_raster(
    path: Path,
    bands: dict[str, np.ndarray[Any, Any]],
    pixel_m: float = 10.0,
    nodata: float | None = None,
    crs: bool = True,
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    values = list(bands.values())
    kind = gdal.GDT_UInt16 if values[0].dtype == np.uint16 else gdal.GDT_Float32
    height, width = values[0].shape
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), width, height, len(values), kind)
    if crs:
        dataset.SetProjection(WKT)
    dataset.SetGeoTransform((ORIGIN[0], pixel_m, 0, ORIGIN[1], 0, -pixel_m))
    for index, (name, array) in enumerate(bands.items(), start=1):
        band = dataset.GetRasterBand(index)
        band.SetDescription(name)
        if nodata is not None:
            band.SetNoDataValue(nodata)
        band.WriteArray(array)
    dataset.FlushCache()
    return path


def write_area(
    folder: Path,
    *,
    bands: tuple[str, ...] = OPTICAL_BANDS,
    scl: int = 4,
    days: range = DAYS,
    dated: bool = True,
    crs: bool = True,
    value: float | None = None,
) -> Path:
    """An area; the arguments spoil it in one way or another."""
    random = np.random.default_rng(0)
    crop = truth()
    for index, day in enumerate(days):
        stamp = f"{START + timedelta(days=day):%Y%m%d}" if dated else f"number{index}"
        growth = np.where(crop == 0, np.sin(day / 160 * np.pi), np.cos(day / 160 * np.pi) ** 2)
        optical = {
            band: (1000 + 200 * place + 2000 * growth + random.normal(0, 60, crop.shape))
            for place, band in enumerate(bands)
        }
        if value is not None:
            optical = {band: np.full(crop.shape, value) for band in bands}
        stored = {name: array.astype(np.uint16) for name, array in optical.items()}
        stored["SCL"] = np.full(crop.shape, scl, np.uint16)
        write_raster(folder / "optical" / f"S2_{stamp}.tif", stored, nodata=0, crs=crs)
        half = growth[::2, ::2]
        radar = {
            "VV": (-14 + 6 * half + random.normal(0, 0.8, half.shape)).astype(np.float32),
            "VH": (-20 + 5 * half + random.normal(0, 0.8, half.shape)).astype(np.float32),
        }
        write_raster(folder / "radar" / f"S1_{stamp}.tif", radar, 20.0, float("nan"), crs)
    write_parcels(folder / "parcels.gpkg")
    (folder / "area.json").write_text(
        json.dumps(
            {
                "name": "tiny",
                "season": ["2019-03-01", "2019-08-01"],
                "labels": "parcels.gpkg",
                "field": "crop",
                "radar": {"unit": "dB"},
            }
        )
    )
    return folder


def write_parcels(
    path: Path, shift_px: int = 0, names: tuple[str, str] = ("beet", "wheat")
) -> Path:
    """Four parcels of each crop, 6 x 10 px."""
    parcels = []
    for number in range(8):
        crop, place = divmod(number, 4)
        row, col = 1 + 8 * place + shift_px, (3 if crop == 0 else 19) + shift_px
        west, north = ORIGIN[0] + 10 * col, ORIGIN[1] - 10 * row
        east, south = west + 100, north - 60
        ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
        shape = ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))")
        parcels.append(
            io.Parcel(str(number + 1), names[crop], f"{crop + 1}0", None, shape.ExportToWkb(), 0.6)
        )
    io.write_parcels(path, parcels, WKT)
    return path


@dataclass(frozen=True)
class Project:
    """Paths of a project that went through every step but the evaluation."""

    folder: Path
    area: Path
    pretrained: Path
    model: Path
    trained: Path
    map: Path


def make_project(folder: Path) -> Project:
    """Pretrain, fine-tune on two parcels a class and map by optical images."""
    area = write_area(folder / "area")
    request = AreaRequest(path=str(area))
    pretrained = folder / "pretrained.safetensors"
    jobs.run(PretrainJob((request,), str(pretrained), overrides=SMALL, runtime=ONE_CORE))
    model = folder / "optical" / "model.safetensors"
    learned = jobs.run(
        FinetuneJob(
            request,
            str(pretrained),
            str(model),
            "optical",
            parcels_per_class=2,
            runtime=ONE_CORE,
        )
    )
    mapped = jobs.run(
        SegmentJob(
            request,
            str(model),
            "optical",
            str(folder / "optical" / "crop_map.tif"),
            runtime=ONE_CORE,
        )
    )
    return Project(
        folder, area, pretrained, model, Path(learned["training_parcels"]), Path(mapped["map"])
    )
