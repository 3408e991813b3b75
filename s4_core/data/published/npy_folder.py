"""Folders of `.npy` series with a `metadata.geojson`: the layout of PASTIS (Garnot & Landrieu)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.data.published.patches import PatchContent, save_numpy
from s4_core.errors import ConfigurationError, InputError, RasterError
from s4_core.sits import Series, ratio_db
from s4_core.types import RATIO, Modality

METADATA = "metadata.geojson"
_SCALE = 1e-4
"""Reflectance per stored number of Sentinel-2."""


@dataclass(frozen=True)
class Sensor:
    """One satellite's series in a data set.

    Args:
        name: "S2" makes `DATA_S2/S2_<id>.npy` and the property `dates-S2`.
        bands: of axis 1, in file order; VV/VH is derived where VV and VH are stored without it.
    """

    name: str
    modality: Modality
    bands: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class NpyFolder:
    """Reads such a folder.

    Args:
        properties: of each patch's feature, by its id.
        outlines: box (xmin, ymin, xmax, ymax) of each patch's polygon.
    """

    folder: Path
    sensors: Mapping[Modality, Sensor]
    properties: Mapping[str, Mapping[str, Any]]
    outlines: Mapping[str, tuple[float, float, float, float]]

    @classmethod
    def opened(cls, folder: Path, sensors: Iterable[Sensor]) -> NpyFolder:
        """Read the metadata.

        Raises:
            InputError: the metadata cannot be read.
        """
        path = folder / METADATA
        try:
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
            found = {str(int(f["properties"]["ID_PATCH"])): f for f in features}
            outlines = {patch: _box(f["geometry"]["coordinates"]) for patch, f in found.items()}
        except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
            raise InputError(
                f"{path} cannot be read: {error}.", "Get the data set again."
            ) from error
        ordered = sorted(found, key=int)
        return cls(
            folder,
            {sensor.modality: sensor for sensor in sensors},
            {patch: found[patch]["properties"] for patch in ordered},
            outlines,
        )

    @property
    def boxes(self) -> tuple[tuple[float, float, float, float], ...]:
        """Of all patches."""
        return tuple(self.outlines.values())

    def place(self, patch: str) -> tuple[float, float]:
        """Centre of a patch."""
        xmin, ymin, xmax, ymax = self.outlines[patch]
        return (xmin + xmax) / 2, (ymin + ymax) / 2

    def dates(self, patch: str, modality: Modality) -> tuple[date, ...]:
        """Acquisition dates in file order.

        Raises:
            InputError: the metadata does not tell them.
        """
        key = f"dates-{self.sensors[modality].name}"
        try:
            stored = self.properties[patch][key]
            # written by some versions as text inside the JSON
            table = json.loads(stored) if isinstance(stored, str) else stored
            numbers = [table[index] for index in sorted(table, key=int)]
            return tuple(datetime.strptime(str(n), "%Y%m%d").date() for n in numbers)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{self.folder / METADATA} has no readable '{key}' for patch {patch}.",
                "Get the data set again.",
            ) from error

    def series(self, patch: str, modality: Modality, channels: Sequence[str]) -> Series:
        """One modality, sorted by date: reflectance, or dB as stored."""
        sensor = self.sensors[modality]
        stored = self._stored(patch, sensor)
        dates = self.dates(patch, modality)
        if stored.ndim != 4 or stored.shape[:2] != (len(dates), len(sensor.bands)):
            raise RasterError(
                f"{self._path(patch, sensor)} holds {stored.shape}, expected {len(dates)} dates of "
                f"{len(sensor.bands)} bands.",
                "Get the file again.",
            )
        order = np.argsort([d.toordinal() for d in dates], kind="stable")
        planes = [_channel(stored, sensor, name)[order] for name in channels]
        values = np.stack(planes, axis=1)
        if modality is Modality.OPTICAL:
            values *= np.float32(_SCALE)
        seen = np.isfinite(values).all(axis=1)
        return Series(
            np.where(seen[:, None], values, np.float32(0)), seen, tuple(dates[i] for i in order)
        )

    def _stored(self, patch: str, sensor: Sensor) -> npt.NDArray[Any]:
        return load_numpy(self._path(patch, sensor))

    def _path(self, patch: str, sensor: Sensor) -> Path:
        return self.folder / f"DATA_{sensor.name}" / f"{sensor.name}_{patch}.npy"


def load_numpy(path: Path) -> npt.NDArray[Any]:
    """A `.npy` file, mapped into memory: only what is used is read.

    Raises:
        RasterError: missing, truncated, or not such a file.
    """
    try:
        array: npt.NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise RasterError(f"{path} cannot be read: {error}.", "Get the file again.") from error
    return array


def _channel(stored: npt.NDArray[Any], sensor: Sensor, name: str) -> npt.NDArray[np.float32]:
    if name in sensor.bands:
        return np.asarray(stored[:, sensor.bands.index(name)], np.float32)
    if name == RATIO and {"VV", "VH"} <= set(sensor.bands):
        vv, vh = (_channel(stored, sensor, band) for band in ("VV", "VH"))
        return np.asarray(ratio_db(vv, vh), np.float32)
    raise ConfigurationError(
        f"The {sensor.modality} series of {sensor.name} have no channel {name}.",
        f"Choose from {', '.join(sensor.bands)}.",
    )


def _box(coordinates: Any) -> tuple[float, float, float, float]:
    """Around a polygon's or multipolygon's first ring."""
    ring = coordinates
    while isinstance(ring[0][0], list):
        ring = ring[0]
    corners = np.asarray(ring, float)[:, :2]
    (xmin, ymin), (xmax, ymax) = corners.min(axis=0), corners.max(axis=0)
    return float(xmin), float(ymin), float(xmax), float(ymax)


def write_series(folder: Path, sensor: Sensor, content: PatchContent) -> None:
    """One modality of a patch: int16 reflectance numbers, or float32 dB.

    Of radar, VV and VH come first; the derived channel follows where the format stores it.
    """
    values = content.series[sensor.modality].values[:, : len(sensor.bands)]
    if sensor.modality is Modality.OPTICAL:
        values = np.clip(np.rint(values / _SCALE), -32768, 32767).astype(np.int16)
    path = folder / f"DATA_{sensor.name}" / f"{sensor.name}_{content.id}.npy"
    io.atomic.make_folder(path.parent)
    save_numpy(path, values)


def write_metadata(
    folder: Path,
    name: str,
    features: Sequence[tuple[PatchContent, Mapping[str, Any]]],
    sensors: Sequence[Sensor],
) -> None:
    """The patches' footprints, dates and further properties."""
    write_features(folder, name, [feature(content, extra, sensors) for content, extra in features])


def write_features(folder: Path, name: str, features: Sequence[Mapping[str, Any]]) -> None:
    """The metadata, of features as `feature` makes them."""
    collection = {"type": "FeatureCollection", "name": name, "features": list(features)}
    io.write_json(folder / METADATA, collection)


def feature(
    content: PatchContent, extra: Mapping[str, Any], sensors: Sequence[Sensor]
) -> dict[str, Any]:
    """A patch's footprint, dates and further properties, as GeoJSON."""
    x0, y0, x1, y1 = content.grid.bounds
    dates = {
        f"dates-{sensor.name}": {
            str(index): int(day.strftime("%Y%m%d"))
            for index, day in enumerate(content.series[sensor.modality].dates)
        }
        for sensor in sensors
    }
    ring = [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]]
    return {
        "type": "Feature",
        "id": content.id,
        "properties": {"ID_PATCH": int(content.id), **extra, **dates},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]},
    }
