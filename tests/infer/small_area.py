"""A small area on disk and narrow models with random weights."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from osgeo import gdal, ogr, osr

from s4_core import data, io, nn
from s4_core.config import settings_to_plain
from s4_core.infer import SegmentResult, segment
from s4_core.model_card import BandStatistics, HeadCard, ModelCard
from s4_core.progress import Reporter, Silent, Stage
from s4_core.protocol import AreaRequest, SegmentJob
from s4_core.types import (
    OPTICAL_BANDS,
    Calendar,
    Grid,
    Legend,
    MapClass,
    Modality,
    NetworkSettings,
    Settings,
    Window,
)

HEIGHT, WIDTH = 80, 96
START = date(2019, 1, 3)
CALENDAR = Calendar(1, 3, 40, 4)
NETWORK = NetworkSettings(
    widths=(4, 6, 8), decoder_widths=(6, 6, 4), projection_dim=4, encode_days=True
)
RADAR = ("VV", "VH", "VV/VH")
LEGEND = Legend(
    (
        MapClass("maize", "201", (244, 196, 48)),
        MapClass("grass", "60", (148, 201, 115)),
        MapClass("beet", "91", (214, 72, 120)),
    )
)
STATISTICS = {
    Modality.OPTICAL: BandStatistics(OPTICAL_BANDS, "reflectance", (0.2,) * 10, (0.1,) * 10),
    Modality.RADAR: BandStatistics(
        RADAR, "dB", (-10.0, -17.0, 7.0), (2.0, 2.0, 2.0), orbit="ascending"
    ),
}


def write_raster(
    path: Path, bands: dict[str, npt.NDArray[Any]], pixel_m: float, nodata: float
) -> None:
    """A GeoTIFF whose upper left corner is the area's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    first = next(iter(bands.values()))
    kind = {"uint16": gdal.GDT_UInt16, "float32": gdal.GDT_Float32}[first.dtype.name]
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), first.shape[1], first.shape[0], len(bands), kind
    )
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform((500000.0, pixel_m, 0.0, 5650000.0, 0.0, -pixel_m))
    for index, (name, values) in enumerate(bands.items(), start=1):
        band = dataset.GetRasterBand(index)
        band.SetDescription(name)
        band.SetNoDataValue(nodata)
        band.WriteArray(values)
    dataset.FlushCache()


def write_area(
    folder: Path, height: int = HEIGHT, width: int = WIDTH, *, scl: int | None = None
) -> Path:
    """Optical images every 15 days with drifting clouds, radar every 12 on a 20 m grid.

    The upper left 8 x 12 px are never seen by either; `scl` gives all optical pixels one code.
    """
    rng = np.random.default_rng(0)
    size = (height, width)
    for day in range(0, 160, 15):
        bands = {b: rng.integers(500, 4000, size).astype(np.uint16) for b in OPTICAL_BANDS}
        codes = np.where(rng.random(size) < 0.3, 9, 4).astype(np.uint16)
        codes[:, day // 2 : day // 2 + 12] = 9
        bands["SCL"] = codes if scl is None else np.full_like(codes, scl)
        for values in bands.values():
            values[:8, :12] = 0
        name = f"S2_{START + timedelta(days=day):%Y%m%d}.tif"
        write_raster(folder / "optical" / name, bands, 10.0, 0)
    for day in range(3, 160, 12):
        shape = (-(-height // 2), -(-width // 2))
        radar = {
            b: rng.normal(m, 2, shape).astype(np.float32) for b, m in (("VV", -10), ("VH", -17))
        }
        for values in radar.values():
            values[:4, :6] = np.nan
        name = f"S1_{START + timedelta(days=day):%Y%m%d}.tif"
        write_raster(folder / "radar" / name, radar, 20.0, float("nan"))
    described = {
        "name": "fields",
        "season": ["2019-01-03", "2019-06-11"],
        "radar": {"orbit": "ascending"},
    }
    (folder / "area.json").write_text(json.dumps(described))
    return folder


def make_model(path: Path, kind: str, modality: str, **card: Any) -> Path:
    """A checkpoint with random weights; kind "stem" (2 px radius) or "mean" (30 px)."""
    modalities = (Modality.OPTICAL, Modality.RADAR) if modality == "both" else (Modality(modality),)
    channels = {m: len(s.channels) for m, s in STATISTICS.items()}
    network = nn.untrained(NETWORK, channels, 3)
    values: dict[str, Any] = {
        "settings": settings_to_plain(Settings(network=NETWORK)),
        "modalities": STATISTICS,
        "calendar": CALENDAR,
        "legend": LEGEND,
        "head": HeadCard("mean", modalities)
        if kind == "mean"
        else HeadCard("readout", modalities, readout="stem", readout_raw=True),
        **card,
    }
    model_card = ModelCard(**values)
    torch.manual_seed(5)
    classes = len(values["legend"])
    head: nn.MeanHead | nn.ReadoutHead
    if kind == "mean":
        head = nn.MeanHead(4, classes, len(modalities))
    else:
        head = nn.ReadoutHead(nn.readout_size(network, model_card), classes)
    segmenter = nn.Segmenter(network, head, model_card)
    _spread(segmenter.eval(), modalities)
    nn.save_checkpoint(path, segmenter, model_card)
    return path


def _spread(segmenter: nn.Segmenter, modalities: tuple[Modality, ...]) -> None:
    """Scale and centre the head's logits, so that all classes occur, far from each other."""
    frames = CALENDAR.count
    noise = {
        m: (
            torch.randn(1, len(STATISTICS[m].channels), frames, 32, 32),
            torch.rand(1, frames, 32, 32) < 0.7,
            torch.arange(frames)[None] * 40.0,
        )
        for m in modalities
    }
    layer = getattr(segmenter.head, "conv", None) or segmenter.head.linear
    with torch.no_grad():
        logits = segmenter.logits(noise)[0].flatten(1)
        layer.bias -= logits.mean(1)
        scale = 2.0 / float(logits.std(1).mean())
        layer.weight *= scale
        layer.bias *= scale


class Recorder:
    """A reporter that remembers everything and stops after so many progress reports."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.logs: list[tuple[str, str]] = []
        self.fractions: list[float] = []
        self._stop_after = stop_after

    def progress(
        self, fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
    ) -> None:
        self.fractions.append(fraction)

    def log(self, level: str, message: str) -> None:
        self.logs.append((level, message))

    def cancelled(self) -> bool:
        return self._stop_after is not None and len(self.fractions) >= self._stop_after


def arrays(result: SegmentResult) -> tuple[npt.NDArray[Any], npt.NDArray[Any], npt.NDArray[Any]]:
    """Classes, confidence and margin of a map: `(H, W)` each."""
    confidence, margin = io.read_array(result.confidence)[0]
    return io.read_array(result.map)[0][0], confidence, margin


def boxes(path: Path, windows: Sequence[Window]) -> str:
    """Write rectangles on the area's pixels as parcels; their numbers count from 1."""
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    grid = Grid(reference.ExportToWkt(), (500000.0, 10.0, 0.0, 5650000.0, 0.0, -10.0), 1, 1)
    parcels = []
    for number, window in enumerate(windows, start=1):
        left, bottom, right, top = grid.at(window).bounds
        corners = ((left, bottom), (right, bottom), (right, top), (left, top), (left, bottom))
        ring = ",".join(f"{x} {y}" for x, y in corners)
        wkb = bytes(ogr.CreateGeometryFromWkt(f"POLYGON(({ring}))").ExportToWkb())
        parcels.append(io.Parcel(str(number), "", "", None, wkb, 0.0))
    io.write_parcels(path, parcels, grid.crs_wkt)
    return str(path)


class Mapper:
    """Maps the area with one of the models; options are those of `SegmentJob`."""

    def __init__(self, area: Path, models: dict[str, Path], folder: Path) -> None:
        self._area = area
        self._models = models
        self._folder = folder

    def job(
        self, model: str = "optical", area: dict[str, Any] | None = None, **options: Any
    ) -> SegmentJob:
        """The job of a map; `area` are options of `AreaRequest`, `model_path` another model."""
        given = {
            "area": AreaRequest(**{"path": str(self._area), **(area or {})}),
            "model": str(options.pop("model_path", self._models[model])),
            "modality": "optical" if model == "deep" else model,
            "out": str(self._folder / "map.tif"),
        }
        return SegmentJob(**{**given, **options})

    def __call__(
        self, model: str = "optical", *, reporter: Reporter | None = None, **options: Any
    ) -> SegmentResult:
        """Make the map."""
        job = self.job(model, **options)
        stage = Stage(reporter or Silent(), "segment")
        return segment(data.open_area(job.area), nn.load_segmenter(job.model), job, stage)
