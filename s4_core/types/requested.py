"""Parts that the requests of several jobs share; part of the protocol."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class AreaRequest:
    """An area and what the user states about it.

    Args:
        path: a folder in the area layout.
        rasters: instead of a folder, rasters anywhere.
        season: `START:END`, ISO dates. until: last date to use, ISO.
        mask: SCL band name, mask raster pattern, or "none". scale: reflectance per number.
        radar_unit: "dB" or "linear".
        dates: ISO dates of rasters that do not tell theirs, by path; these count before all else.
        bands: names of a raster's bands in file order, by path; these count before its own.
    """

    path: str = ""
    rasters: tuple[str, ...] = ()
    season: str | None = None
    until: str | None = None
    mask: str | None = None
    scale: float | None = None
    radar_unit: str | None = None
    dates: dict[str, str] = field(default_factory=dict)
    bands: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Runtime:
    """Device, precision, threads, backend and cache (`RuntimeSettings`); None: as configured."""

    device: str | None = None
    precision: str | None = None
    threads: int | None = None
    backend: str | None = None
    cache: bool | None = None


CONFIGURED = Runtime()
"""Whatever the configuration says."""
