"""PASTIS and PASTIS-R (Garnot & Landrieu 2021; Garnot, Landrieu & Chehata 2022), as published.

DATA_S2/S2_<id>.npy         (T, 10, 128, 128) int16, reflectance x 10 000
DATA_S1A/S1A_<id>.npy       (T, 3, 128, 128) VV, VH, VV/VH in dB; DATA_S1D alike
ANNOTATIONS/TARGET_<id>.npy (3, 128, 128); plane 0 holds the class: 0 background, 19 void
metadata.geojson            per patch: ID_PATCH, Fold, dates-S2, dates-S1A, dates-S1D
NORM_<sensor>_patch.json    per fold: mean and std of each band
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from s4_core import io
from s4_core.data.published.clouds import BANDS as CLOUD_BANDS
from s4_core.data.published.clouds import cloud_share
from s4_core.data.published.npy_folder import (
    METADATA,
    NpyFolder,
    Sensor,
    load_numpy,
    write_metadata,
    write_series,
)
from s4_core.data.published.patches import (
    IGNORED,
    UNITS,
    PatchContent,
    Split,
    Targets,
    require_files,
    save_numpy,
)
from s4_core.errors import InputError, LabelError
from s4_core.model_card import BandStatistics
from s4_core.sits import Series
from s4_core.types import OPTICAL_BANDS, RATIO, Modality

SOURCE = "PASTIS-R is on Zenodo: https://doi.org/10.5281/zenodo.5735646 (54 GB)."

CLASSES = (
    "Background", "Meadow", "Soft winter wheat", "Corn", "Winter barley", "Winter rapeseed",
    "Spring barley", "Sunflower", "Grapevine", "Beet", "Winter triticale", "Winter durum wheat",
    "Fruits, vegetables, flowers", "Potatoes", "Leguminous fodder", "Soybeans", "Orchard",
    "Mixed cereal", "Sorghum",
)  # fmt: skip
"""By code; the 20th, void, is ignored in training and scores."""

VOID = 19
FOLDS = 5

_S2 = Sensor("S2", Modality.OPTICAL, OPTICAL_BANDS)
_CLOUDS = "CLOUDS_S2"
"""Not part of the published files: `CLOUDS_<id>.npy` (T, H, W) bool, true = hidden."""

RADAR_ORBITS = ("S1A", "S1D")


def _radar(orbit: str) -> Sensor:
    return Sensor(orbit, Modality.RADAR, ("VV", "VH", RATIO))


@dataclass(frozen=True, eq=False)
class Pastis:
    """The data set in a folder.

    Args:
        folder: that holds the files above.
        orbit: radar series to use: "S1A" (ascending) or "S1D" (descending).

    Raises:
        InputError: files are missing, or the metadata cannot be read.
    """

    folder: Path
    orbit: str = "S1A"
    name: str = "PASTIS-R"
    class_names: tuple[str, ...] = CLASSES
    _files: NpyFolder = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = [METADATA, "DATA_S2", f"DATA_{self.orbit}", "ANNOTATIONS", "NORM_S2_patch.json"]
        names.append(f"NORM_{self.orbit}_patch.json")
        require_files(self.folder, names, self.name, SOURCE)
        files = NpyFolder.opened(self.folder, (_S2, _radar(self.orbit)))
        object.__setattr__(self, "_files", files)

    @property
    def ids(self) -> tuple[str, ...]:
        """Patches by number."""
        return tuple(self._files.properties)

    def split(self, rotation: int = 0) -> Split:
        """Folds 1-3, 4 and 5; `rotation` moves each on by so many folds, as the authors do."""
        turned = [(fold + rotation) % FOLDS + 1 for fold in range(FOLDS)]
        parts = [tuple(p for p in self.ids if self._fold(p) in turned[a:b]) for a, b in _PARTS]
        if not all(parts):
            raise InputError(
                f"{self.folder / METADATA} leaves a fold without a patch.",
                "Give the complete data set: five folds.",
            )
        return Split(*parts)

    def _fold(self, patch: str) -> int:
        return int(self._files.properties[patch]["Fold"])

    def series(self, patch: str, modality: Modality, channels: Sequence[str]) -> Series:
        """See `UnlabelledSet`."""
        return self._files.series(patch, modality, channels)

    def length(self, patch: str, modality: Modality) -> int:
        """Number of dates."""
        return len(self._files.dates(patch, modality))

    def place(self, patch: str) -> tuple[float, float]:
        """Centre in the metadata's coordinates."""
        return self._files.place(patch)

    def target(self, patch: str) -> Targets:
        """Classes 0 (background) to 18; void is IGNORED.

        Raises:
            LabelError: the file holds another code.
        """
        path = self.folder / "ANNOTATIONS" / f"TARGET_{patch}.npy"
        codes = np.asarray(load_numpy(path)[0], np.int64)
        if codes.min() < 0 or codes.max() > VOID:
            raise LabelError(
                f"{path} holds codes {codes.min()} to {codes.max()}, expected 0 to {VOID}.",
                "Get the file again.",
            )
        return np.where(codes == VOID, IGNORED, codes)

    def statistics(
        self, modality: Modality, channels: Sequence[str], patches: Sequence[str]
    ) -> BandStatistics:
        """From NORM_*_patch.json: the mean over the patches' folds, as in the authors' loader."""
        sensor = self._files.sensors[modality]
        path = self.folder / f"NORM_{sensor.name}_patch.json"
        folds = sorted({self._fold(patch) for patch in patches})
        where = [sensor.bands.index(channel) for channel in channels]
        try:
            table = json.loads(path.read_text(encoding="utf-8"))
            mean, std = (
                np.mean([table[f"Fold_{f}"][key] for f in folds], axis=0)[where]
                for key in ("mean", "std")
            )
        except (OSError, ValueError, KeyError, IndexError) as error:
            raise InputError(
                f"{path} cannot be read: {error}.", "Get the data set again."
            ) from error
        scale = 1e-4 if modality is Modality.OPTICAL else 1.0
        return BandStatistics(
            tuple(channels), UNITS[modality], tuple(mean * scale), tuple(std * scale)
        )

    def cloud_cover(self, patch: str) -> float | None:
        """From CLOUDS_S2, where somebody has put masks there; else judged by brightness."""
        path = self.folder / _CLOUDS / f"CLOUDS_{patch}.npy"
        if path.exists():
            return float(load_numpy(path).mean())
        return cloud_share(self.series(patch, Modality.OPTICAL, CLOUD_BANDS))


_PARTS = ((0, 3), (3, 4), (4, 5))
"""Folds of training, validation and test, as positions."""


def write_pastis(folder: Path, patches: Iterable[PatchContent]) -> None:
    """Write patches in the published layout (both radar orbits hold the one radar series).

    Raises:
        OutputError: the folder cannot be written.
    """
    sensors = (_S2, *(_radar(orbit) for orbit in RADAR_ORBITS))
    features, sums = [], {sensor.name: _Norms() for sensor in sensors}
    for content in patches:
        for sensor in sensors:
            write_series(folder, sensor, content)
            sums[sensor.name].add(content.fold, content.series[sensor.modality])
        _write_annotations(folder, content)
        count = (
            0 if content.parcels is None else len(np.unique(content.parcels[content.parcels > 0]))
        )
        features.append((content, {"Fold": content.fold, "N_Parcel": count, "TILE": "simulated"}))
    for name, norms in sums.items():
        io.write_json(folder / f"NORM_{name}_patch.json", norms.table(1e4 if name == "S2" else 1.0))
    # last: a folder with metadata is complete
    write_metadata(folder, "PASTIS-R", features, sensors)


def _write_annotations(folder: Path, content: PatchContent) -> None:
    if content.target is None:
        raise ValueError("a patch of PASTIS needs a target")
    planes = np.zeros((3, *content.target.shape), np.uint8)
    planes[0] = content.target
    io.atomic.make_folder(folder / "ANNOTATIONS")
    save_numpy(folder / "ANNOTATIONS" / f"TARGET_{content.id}.npy", planes)
    if content.parcels is not None:
        save_numpy(folder / "ANNOTATIONS" / f"ParcelIDs_{content.id}.npy", content.parcels)
    if content.cloudy is not None:
        io.atomic.make_folder(folder / _CLOUDS)
        save_numpy(folder / _CLOUDS / f"CLOUDS_{content.id}.npy", content.cloudy)


class _Norms:
    """Mean over a fold's patches of their bands' mean and standard deviation."""

    def __init__(self) -> None:
        self._of: dict[int, list[Any]] = {}

    def add(self, fold: int, series: Series) -> None:
        # (T, C, H, W) -> (C, all pixels of all dates)
        pixels = series.values.swapaxes(0, 1).reshape(series.values.shape[1], -1)
        self._of.setdefault(fold, []).append((pixels.mean(axis=1), pixels.std(axis=1)))

    def table(self, scale: float) -> dict[str, Any]:
        return {
            f"Fold_{fold}": dict(zip(("mean", "std"), np.mean(found, axis=0) * scale))
            for fold, found in sorted(self._of.items())
        }
