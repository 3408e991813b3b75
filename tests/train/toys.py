"""Toy data: two modalities that see the same ground, small enough for one core."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np
from osgeo import gdal, osr

from s4_core import data, io
from s4_core.model_card import BandStatistics
from s4_core.progress import Silent, Stage
from s4_core.protocol import AreaRequest
from s4_core.sits import Sample
from s4_core.train.area_samples import cut
from s4_core.types import Legend, MapClass, Modality

CHANNELS = {Modality.OPTICAL: ("B04", "B08", "B11"), Modality.RADAR: ("VV", "VH")}
DATES = tuple(date(2021, 1, 5) + timedelta(days=40 * i) for i in range(8))
SIDE_PX = 32
CLASSES = ("maize", "grass", "beet")


def toy_sample(values):
    """A sample of (C, T, H, W) values on the toy's dates, valid everywhere."""
    channels, frames, height, width = values.shape
    return Sample(
        x=values.astype(np.float32),
        valid=np.ones((frames, height, width), bool),
        days=np.array([d.timetuple().tm_yday for d in DATES[:frames]], np.float32),
        dates=DATES[:frames],
        present_channels=np.ones(channels, bool),
    )


@dataclass
class ToySource:
    """Patches of one random ground that both modalities see linearly, with noise."""

    name: str = "toy"
    simulated: bool = True
    seed: int = 0
    spoilt: bool = False
    samples: dict = field(init=False)

    def __post_init__(self):
        rng = np.random.default_rng(self.seed)
        # blocks of 4 x 4 pixels with a curve each: (2, T, H, W)
        ground = rng.normal(size=(2, len(DATES), SIDE_PX // 4, SIDE_PX // 4))
        ground = ground.repeat(4, axis=2).repeat(4, axis=3)
        self.samples = {}
        for modality, names in CHANNELS.items():
            mix = rng.normal(size=(len(names), 2))
            values = np.einsum("cg,gthw->cthw", mix, ground)
            values = values + 0.1 * rng.normal(size=values.shape)
            if self.spoilt:
                values[0, 0] = np.inf
            self.samples[modality] = toy_sample(values)

    def patch(self, rng):
        (window,) = data.random_windows(SIDE_PX, SIDE_PX, 16, 1, rng)
        return {modality: cut(sample, window) for modality, sample in self.samples.items()}

    def record(self):
        return {"name": self.name, "simulated": self.simulated}


def statistics():
    return {
        m: BandStatistics(names, "dB", (0.0,) * len(names), (1.0,) * len(names))
        for m, names in CHANNELS.items()
    }


def class_map():
    """Parcels of 8 x 8 pixels; classes 1..3 along the diagonals: (index, classes)."""
    index = np.arange(SIDE_PX // 8 * (SIDE_PX // 8)).reshape(SIDE_PX // 8, -1)
    values = 1 + np.add.outer(np.arange(SIDE_PX // 8), np.arange(SIDE_PX // 8)) % 3
    grow = np.ones((8, 8), int)
    return np.kron(index + 1, grow).astype(np.int32), np.kron(values, grow).astype(np.uint16)


def toy_labels(parcels=None):
    """Labels of the toy area, of some of its 16 parcels (by index)."""
    index, classes = class_map()
    chosen = range(16) if parcels is None else parcels
    kept = np.zeros_like(index)
    named = []
    for number, parcel in enumerate(chosen, 1):
        kept[index == parcel + 1] = number
        value = int(classes[index == parcel + 1][0])
        named.append(data.LabelledParcel(f"p{parcel}", value, CLASSES[value - 1], 64, 0.64))
    legend = Legend(tuple(MapClass(n, str(i), (i * 50, 99, 9)) for i, n in enumerate(CLASSES, 1)))
    return data.Labels(tuple(named), kept, np.where(kept > 0, classes, 0).astype(np.uint16), legend)


def write_toy_area(folder, name="toy", *, seed=0, late=0.0, hidden_class=0, simulated=False):
    """A 32 x 32 px area whose three classes have curves of their own in both modalities.

    Args:
        late: added to every image after 2021-07-01.
        hidden_class: map value of a class without data in the radar images.
    """
    rng = np.random.default_rng(seed)
    classes = class_map()[1].astype(int) - 1
    for modality, first in (
        (Modality.OPTICAL, date(2021, 1, 3)),
        (Modality.RADAR, date(2021, 1, 8)),
    ):
        names = CHANNELS[modality]
        curves = np.random.default_rng(7).uniform(-1, 1, (3, len(names), 16))
        for frame in range(16):
            day = first + timedelta(days=20 * frame)
            values = curves[classes, :, frame].transpose(2, 0, 1)
            values = values + 0.3 * rng.normal(size=values.shape) + late * (day > date(2021, 7, 1))
            if modality is Modality.OPTICAL:
                path = folder / "optical" / f"S2_L2A_{day:%Y%m%d}.tif"
                write_raster(path, names, (2000 + 800 * values).clip(1).astype(np.uint16), 0)
            else:
                path = folder / "radar" / f"S1_GRD_ASC_{day:%Y%m%d}.tif"
                values = np.where(classes == hidden_class - 1, np.nan, -13 + 3 * values)
                write_raster(path, names, values.astype(np.float32), np.nan)
    stated = {"name": name, "season": ["2021-01-05", "2021-11-20"], "optical": {"mask": None}}
    (folder / "area.json").write_text(json.dumps({**stated, "simulated": simulated}))
    return folder


def write_raster(path, names, values, nodata):
    """Write (C, H, W) values as a GeoTIFF with named bands."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kind = gdal.GDT_UInt16 if values.dtype == np.uint16 else gdal.GDT_Float32
    dataset = gdal.GetDriverByName("GTiff").Create(
        str(path), values.shape[2], values.shape[1], len(names), kind
    )
    reference = osr.SpatialReference()
    reference.SetFromUserInput("EPSG:32631")
    dataset.SetProjection(reference.ExportToWkt())
    dataset.SetGeoTransform((500_000, 10, 0, 5_600_000, 0, -10))
    for number, (name, band_values) in enumerate(zip(names, values), 1):
        band = dataset.GetRasterBand(number)
        band.SetDescription(name)
        band.SetNoDataValue(nodata)
        band.WriteArray(band_values)
    dataset.FlushCache()
    del band, dataset


def open_toy(folder, **options):
    io.close_rasters()
    return data.open_area(AreaRequest(path=str(folder), **options))


@dataclass
class Stopping(Silent):
    """Asks to stop after so many progress reports."""

    after: int
    seen: int = 0

    def progress(self, fraction, stage, eta_s, metrics):
        self.seen += 1

    def cancelled(self):
        return self.seen >= self.after


def stopping(after):
    return Stage(Stopping(after), "train")


def with_epochs(settings, epochs):
    return replace(settings, pretrain=replace(settings.pretrain, epochs=epochs))
