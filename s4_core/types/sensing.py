"""What satellites recorded: modalities, bands, rasters as found, acquisitions, areas."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from s4_core.errors import ConfigurationError
from s4_core.types.spatial import Grid
from s4_core.types.temporal import Season

OPTICAL_BANDS = ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12")
RADAR_BANDS = ("VV", "VH")
SCL = "SCL"
RATIO = "VV/VH"
"""Derived radar channel: VV minus VH in dB, that is the ratio of the linear powers."""

CLOUDY_SCL = (0, 1, 3, 8, 9, 10, 11)
"""SCL codes that hide the ground: no data, defective, cloud shadow, medium and high cloud
probability, cirrus, snow (Sentinel-2 L2A Algorithm Theoretical Basis Document)."""


class Modality(str, Enum):
    """A kind of sensor with its bands."""

    OPTICAL = "optical"
    RADAR = "radar"

    def __str__(self) -> str:
        return self.value


def modalities_of(choice: str) -> tuple[Modality, ...]:
    """The modalities that a user's choice `optical`, `radar` or `both` names.

    Raises:
        ConfigurationError: the choice is none of the three.
    """
    if choice == "both":
        return (Modality.OPTICAL, Modality.RADAR)
    try:
        return (Modality(choice),)
    except ValueError as error:
        raise ConfigurationError(
            f"'{choice}' is not a modality.", "Choose optical, radar or both."
        ) from error


@dataclass(frozen=True)
class RasterFile:
    """One raster as it lies on disk, before anything is decided about it.

    Args:
        path: anything GDAL opens, including `/vsi...`.
        grid: its own grid; `crs_wkt` is empty where the file has none.
        bands: band descriptions in file order; "" where a band has none.
        nodata: nodata value of each band (NaN allowed), None where a band has none.
        dtype: GDAL's type name of the first band, for example "UInt16".
        tags: dataset metadata of the default domain.
        blocks: natural block size `(height, width)` of the first band, pixels.
    """

    path: str
    grid: Grid
    bands: tuple[str, ...]
    nodata: tuple[float | None, ...]
    dtype: str
    tags: dict[str, str] = field(default_factory=dict)
    blocks: tuple[int, int] = (256, 256)


@dataclass(frozen=True)
class Acquisition:
    """One dated image of one modality.

    Args:
        indices: 1-based band number in the file, by band name.
        is_composite: made of many images of a period; `date` is the middle of the period.
    """

    modality: Modality
    date: date
    raster: RasterFile
    indices: dict[str, int]
    is_composite: bool = False

    @property
    def bands(self) -> tuple[str, ...]:
        """Band names in file order."""
        return tuple(sorted(self.indices, key=lambda name: self.indices[name]))


@dataclass(frozen=True)
class OpticalOptions:
    """How optical numbers become reflectance.

    Args:
        scale: reflectance per digital number.
        offset: reflectance added after scaling (S2 processing baseline >= 04.00: -0.1).
        nodata: digital number that means "no data" where the file does not say.
        mask: name of the scene classification band ("SCL"), path of a mask raster with
            `{date}` in it (YYYYMMDD; 0 = unusable), or None for nodata only.
        cloudy: SCL codes that count as unusable.
    """

    scale: float = 1e-4
    offset: float = 0.0
    nodata: float | None = 0.0
    mask: str | None = SCL
    cloudy: tuple[int, ...] = CLOUDY_SCL


@dataclass(frozen=True)
class RadarOptions:
    """How radar numbers become dB.

    Args:
        unit: "dB", or "linear" for power.
        backscatter: "sigma0", "gamma0" or None where it is not known.
        orbit: "ascending", "descending" or None.
    """

    unit: str = "dB"
    backscatter: str | None = None
    orbit: str | None = None


@dataclass(frozen=True)
class AreaOptions:
    """What a user states about an area; None means "as area.json says, else the default"."""

    season: Season | None = None
    until: date | None = None
    mask: str | None = None
    scale: float | None = None
    radar_unit: str | None = None


@dataclass(frozen=True)
class Area:
    """A place with its acquisitions, on one target grid.

    Args:
        name: for tables and file names.
        grid: target grid; every modality is warped to it.
        season: days to map; None where nobody said so.
        acquisitions: all usable ones, sorted by modality, then date.
        season_is_explicit: the user gave the season (not area.json).
        until: last day whose images may be used (in-season maps).
        labels, field: parcel layer and class field that area.json names.
        simulated: made by the simulator; every output must say so.
        warnings: what a user should know, in plain sentences.
    """

    name: str
    path: str
    grid: Grid
    season: Season | None
    acquisitions: tuple[Acquisition, ...]
    optical: OpticalOptions = OpticalOptions()
    radar: RadarOptions = RadarOptions()
    season_is_explicit: bool = False
    until: date | None = None
    labels: str | None = None
    field: str | None = None
    simulated: bool = False
    warnings: tuple[str, ...] = ()

    def of(self, modality: Modality) -> tuple[Acquisition, ...]:
        """The acquisitions of one modality, by date."""
        return tuple(a for a in self.acquisitions if a.modality is modality)

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """The modalities that have at least one acquisition."""
        return tuple(m for m in Modality if self.of(m))
