"""The two forms of the Africa Crop Type Mapping files, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.data.published.patches import PatchContent
from s4_core.errors import ConfigurationError
from s4_core.sits import Series, ratio_db
from s4_core.types import OPTICAL_BANDS, RADAR_BANDS, RATIO, Grid, Modality

GROUPS = {Modality.OPTICAL: "s2", Modality.RADAR: "s1"}
_BANDS = {Modality.OPTICAL: OPTICAL_BANDS, Modality.RADAR: RADAR_BANDS}
_SCALE = {Modality.OPTICAL: 1e-4, Modality.RADAR: 1.0}
_YEAR = 2017
"""Of the labels; the HDF5 form tells days of the year alone."""

TABLE_NAME = "data.hdf5"
_PARTS = {1: "train", 2: "train", 3: "train", 4: "val", 5: "test"}
_CLOUD = 1


def chosen(
    stored: npt.NDArray[Any], modality: Modality, channels: Sequence[str], dates: Sequence[date]
) -> Series:
    """Bands (T, C, H, W) in the files' order and numbers, as a series of channels by date.

    Raises:
        ConfigurationError: there is no such channel.
    """
    bands = {
        name: np.asarray(stored[:, i], np.float32) * np.float32(_SCALE[modality])
        for i, name in enumerate(_BANDS[modality])
    }
    if modality is Modality.RADAR:
        bands[RATIO] = np.asarray(ratio_db(bands["VV"], bands["VH"]), np.float32)
    unknown = [name for name in channels if name not in bands]
    if unknown:
        raise ConfigurationError(
            f"The {modality} series have no channel {unknown[0]}.", f"Choose from {list(bands)}."
        )
    order = np.argsort([day.toordinal() for day in dates], kind="stable")
    values = np.stack([bands[name][order] for name in channels], axis=1)
    seen = np.isfinite(values).all(axis=1)
    return Series(
        np.where(seen[:, None], values, np.float32(0)), seen, tuple(dates[i] for i in order)
    )


@dataclass(frozen=True, eq=False)
class TableForm:
    """One HDF5 file."""

    file: io.Hdf5File

    @classmethod
    def found(cls, folder: Path) -> TableForm | None:
        """The form where its file lies in the folder."""
        path = folder / TABLE_NAME
        return cls(io.Hdf5File(path)) if path.exists() else None

    @property
    def ids(self) -> tuple[str, ...]:
        """Grids that are labelled."""
        return self.file.names("labels")

    def series(self, patch: str, modality: Modality, channels: Sequence[str]) -> Series:
        """(C, H, W, T) in the file."""
        group = GROUPS[modality]
        days = self.file.read(f"{group}_dates", patch)
        dates = [date(_YEAR, 1, 1) + timedelta(days=int(day) - 1) for day in days]
        stored = self.file.read(group, patch)
        return chosen(stored.transpose(3, 0, 1, 2), modality, channels, dates)

    def length(self, patch: str, modality: Modality) -> int:
        """Number of dates."""
        return self.file.shape(GROUPS[modality], patch)[3]

    def labels(self, patch: str) -> npt.NDArray[Any]:
        """(H, W) codes."""
        return self.file.read("labels", patch)

    def cloud_masks(self, patch: str) -> npt.NDArray[Any] | None:
        """(H, W, T), where they are in the file."""
        if patch not in self.file.names("cloudmasks"):
            return None
        return self.file.read("cloudmasks", patch)


_LABELS = re.compile(r"su_african_crops_\w+?_labels_(?P<id>\d+)$")
_IMAGES = re.compile(
    r"su_african_crops_\w+?_source_(?P<sensor>s1|s2)_(?P<id>\d+)_"
    r"(?P<year>\d{4})_(?P<month>\d\d)_(?P<day>\d\d)$"
)


@dataclass(frozen=True, eq=False)
class ItemForm:
    """A folder a label and a folder an image; inside, or one level below in collections.

    Args:
        items: folder of each date's image, by patch and modality.
        truths: folder of each patch's labels.
    """

    items: Mapping[tuple[str, Modality], tuple[tuple[date, Path], ...]]
    truths: Mapping[str, Path]

    @classmethod
    def found(cls, folder: Path) -> ItemForm | None:
        """The form where there are such folders."""
        truths: dict[str, Path] = {}
        items: dict[tuple[str, Modality], list[tuple[date, Path]]] = {}
        modalities = {sensor: modality for modality, sensor in GROUPS.items()}
        for path in sorted(_folders(folder)):
            label, image = _LABELS.match(path.name), _IMAGES.match(path.name)
            if label:
                truths[label["id"]] = path
            elif image:
                day = date(int(image["year"]), int(image["month"]), int(image["day"]))
                key = (image["id"], modalities[image["sensor"]])
                items.setdefault(key, []).append((day, path))
        whole = [p for p in truths if all((p, m) in items for m in Modality)]
        if not whole:
            return None
        return cls({k: tuple(sorted(v)) for k, v in items.items()}, {p: truths[p] for p in whole})

    @property
    def ids(self) -> tuple[str, ...]:
        """Patches with labels and both modalities."""
        return tuple(self.truths)

    def series(self, patch: str, modality: Modality, channels: Sequence[str]) -> Series:
        """A file a date, (C, H, W)."""
        images = self.items[(patch, modality)]
        count = len(_BANDS[modality])
        stored = np.stack([io.read_array(path / "source.tif")[0][:count] for _, path in images])
        return chosen(stored, modality, channels, [day for day, _ in images])

    def length(self, patch: str, modality: Modality) -> int:
        """Number of dates."""
        return len(self.items[(patch, modality)])

    def labels(self, patch: str) -> npt.NDArray[Any]:
        """(H, W) codes."""
        return np.asarray(io.read_array(self.truths[patch] / "labels.tif")[0][0])

    def cloud_masks(self, patch: str) -> npt.NDArray[Any] | None:
        """(T, H, W), where every date has one."""
        paths = [p / "cloudmask.tif" for _, p in self.items[(patch, Modality.OPTICAL)]]
        if not all(path.exists() for path in paths):
            return None
        return np.asarray(np.stack([io.read_array(path)[0][0] for path in paths]))


def _folders(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir():
            yield path
            yield from (inner for inner in path.iterdir() if inner.is_dir())


def write_africa(folder: Path, patches: Iterable[PatchContent], country: str = "ssudan") -> None:
    """Write the HDF5 form and the split files.

    Raises:
        OutputError: the folder cannot be written.
    """
    tiles: dict[str, list[str]] = {part: [] for part in _PARTS.values()}
    io.atomic.make_folder(folder)
    io.write_hdf5(folder / TABLE_NAME, _entries(patches, tiles))
    _write_splits(folder, country, tiles)


def _entries(patches: Iterable[PatchContent], tiles: dict[str, list[str]]) -> Iterator[Any]:
    for content in patches:
        name = f"{int(content.id):06d}"
        tiles[_PARTS[content.fold]].append(name)
        yield "labels", name, _codes(content)
        for modality, group in GROUPS.items():
            series = content.series[modality]
            # (T, C, H, W) -> (C, H, W, T)
            numbers = _numbers(series, modality).transpose(1, 2, 3, 0)
            yield group, name, numbers.astype(np.float32)
            days = [day.timetuple().tm_yday for day in series.dates]
            yield f"{group}_dates", name, np.array(days, np.int16)
            yield f"{group}_length", name, np.array(len(days), np.int16)
        if content.cloudy is not None:
            masks = np.where(content.cloudy, _CLOUD, 0).transpose(1, 2, 0)
            yield "cloudmasks", name, masks.astype(np.uint8)


def write_africa_items(
    folder: Path, patches: Iterable[PatchContent], country: str = "ssudan"
) -> None:
    """Write the form of items and the split files.

    Raises:
        OutputError: the folder cannot be written.
    """
    tiles: dict[str, list[str]] = {part: [] for part in _PARTS.values()}
    words = {"ssudan": "south_sudan"}.get(country, country)
    for content in patches:
        name = f"{int(content.id):06d}"
        tiles[_PARTS[content.fold]].append(name)
        stem = folder / f"su_african_crops_{words}"
        labels = Path(f"{stem}_labels_{name}") / "labels.tif"
        grid = Grid("", (0.0, 1.0, 0.0, 0.0, 0.0, 1.0), *_codes(content).shape)
        io.write_array(labels, _codes(content)[None], grid, ["labels"])
        for modality, sensor in GROUPS.items():
            series = content.series[modality]
            for number, (day, image) in enumerate(zip(series.dates, _numbers(series, modality))):
                item = Path(f"{stem}_source_{sensor}_{name}_{day.strftime('%Y_%m_%d')}")
                bands = _BANDS[modality]
                io.write_array(item / "source.tif", image.astype(np.float32), grid, bands)
                if modality is Modality.OPTICAL and content.cloudy is not None:
                    mask = np.where(content.cloudy[number], _CLOUD, 0).astype(np.uint8)
                    io.write_array(item / "cloudmask.tif", mask[None], grid, ["cloudmask"])
    _write_splits(folder, country, tiles)


def _codes(content: PatchContent) -> npt.NDArray[np.uint8]:
    if content.target is None:
        raise ValueError("a patch of this data set needs labels")
    return content.target


def _numbers(series: Series, modality: Modality) -> npt.NDArray[np.float32]:
    bands = series.values[:, : len(_BANDS[modality])]
    return np.asarray(bands / np.float32(_SCALE[modality]), np.float32)


def _write_splits(folder: Path, country: str, tiles: Mapping[str, Sequence[str]]) -> None:
    for part, names in tiles.items():
        io.write_text(folder / f"{country}_{part}.txt", "\n".join(names) + "\n")
