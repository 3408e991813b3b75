"""m2s2-SITS (paper 6.1): unlabelled, aligned series of both modalities, for pretraining.

The paper names what the data set holds, not how its files are laid out. Read and written is the
layout of PASTIS without labels:

    DATA_S2/S2_<id>.npy   (T, bands, H, W) int16, reflectance x 10 000
    DATA_S1/S1_<id>.npy   (T, 2, H, W) VV, VH in dB
    metadata.geojson      per patch: ID_PATCH, dates-S2, dates-S1; "bands-S2" where not 12
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from s4_core.data.published.npy_folder import (
    METADATA,
    NpyFolder,
    Sensor,
    feature,
    write_features,
    write_series,
)
from s4_core.data.published.patches import PatchContent, require_files
from s4_core.sits import Series
from s4_core.types import OPTICAL_BANDS, RADAR_BANDS, Modality

SOURCE = (
    "m2s2-SITS is on Harvard Dataverse: https://doi.org/10.7910/DVN/CCOGD0; or build one from "
    "areas of your own (docs/reproduction.md)."
)

ALL_BANDS = ("B01", *OPTICAL_BANDS[:8], "B09", *OPTICAL_BANDS[8:])
"""The 12 bands of a Level-2A product."""

_BANDS = "bands-S2"
_S1 = Sensor("S1", Modality.RADAR, RADAR_BANDS)


@dataclass(frozen=True, eq=False)
class M2s2:
    """The data set of one region in a folder.

    Raises:
        InputError: files are missing, or the metadata cannot be read.
    """

    folder: Path
    name: str = "m2s2-SITS"
    _files: NpyFolder = field(init=False, repr=False)

    def __post_init__(self) -> None:
        require_files(self.folder, [METADATA, "DATA_S2", "DATA_S1"], self.name, SOURCE)
        files = NpyFolder.opened(self.folder, (Sensor("S2", Modality.OPTICAL, ALL_BANDS), _S1))
        stated = next((p[_BANDS] for p in files.properties.values() if _BANDS in p), None)
        if stated is not None:
            optical = Sensor("S2", Modality.OPTICAL, tuple(stated))
            files = NpyFolder.opened(self.folder, (optical, _S1))
        object.__setattr__(self, "_files", files)

    @property
    def ids(self) -> tuple[str, ...]:
        """Patches by number."""
        return tuple(self._files.properties)

    def series(self, patch: str, modality: Modality, channels: Sequence[str]) -> Series:
        """See `UnlabelledSet`."""
        return self._files.series(patch, modality, channels)

    def length(self, patch: str, modality: Modality) -> int:
        """Number of dates."""
        return len(self._files.dates(patch, modality))

    def place(self, patch: str) -> tuple[float, float]:
        """Centre in the metadata's coordinates."""
        return self._files.place(patch)


def write_m2s2(
    folder: Path, patches: Iterable[PatchContent], bands: Sequence[str] = OPTICAL_BANDS
) -> int:
    """Write patches in that layout.

    Args:
        bands: of the patches' optical series, in order.

    Returns:
        How many were written.

    Raises:
        OutputError: the folder cannot be written.
    """
    features = []
    for content in patches:
        write_patch(folder, content, bands)
        features.append(feature_of(content, bands))
    write_set(folder, features)
    return len(features)


def write_patch(folder: Path, content: PatchContent, bands: Sequence[str] = OPTICAL_BANDS) -> None:
    """Write one patch's series; the set is whole when `write_set` has told its patches."""
    for sensor in _sensors(bands):
        write_series(folder, sensor, content)


def feature_of(content: PatchContent, bands: Sequence[str] = OPTICAL_BANDS) -> dict[str, Any]:
    """What the metadata tells of a patch."""
    return feature(content, {_BANDS: list(bands)}, _sensors(bands))


def write_set(folder: Path, features: Sequence[Mapping[str, Any]]) -> None:
    """Write the metadata of patches that are written, as `feature_of` tells them."""
    write_features(folder, "m2s2-SITS", features)


def _sensors(bands: Sequence[str]) -> tuple[Sensor, ...]:
    return (Sensor("S2", Modality.OPTICAL, tuple(bands)), _S1)
