"""Requests for images from elsewhere; part of the protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union


@dataclass(frozen=True)
class FetchJob:
    """Get images of an area and a season from a STAC catalogue, into an area's folder.

    Credentials are no part of it: they come from the environment.

    Args:
        aoi: vector or raster file whose box is meant, or `xmin,ymin,xmax,ymax` in `aoi_crs`
            (None: longitude and latitude). layer: of the file, None the first.
        season: `START:END`, ISO dates. margin_days: before and after it, of which images are got
            too: they tell what the season's ends looked like, where these are under cloud.
        out: folder to fill; may be "" with `plan_only`.
        modality: "optical", "radar" or both.
        source: names of sources, addresses of STAC catalogues or files of entries; of several the
            first that offers a modality gives it. Empty: the default ones.
        collections: to search, instead of the source's. bands: by own or common names.
        orbit: "ascending", "descending" or "both"; None takes the one with more dates.
        backscatter: "gamma0" or "sigma0"; None as the source has it.
        radar_pixel_m: size of the radar's pixels; None as the source has it.
        max_cloud: percent of a scene above which it is left out.
        cloud_mask: "s2cloudless" makes a mask for optical images that come without one.
        parallel: images that are read at once.
        plan_only: tell what there is and what it costs, download nothing.
        confirmed: go on although it is huge.
    """

    aoi: str
    season: str
    out: str = ""
    modality: tuple[str, ...] = ("optical", "radar")
    source: tuple[str, ...] = ()
    aoi_crs: str | None = None
    layer: str | None = None
    collections: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    orbit: str | None = None
    backscatter: str | None = None
    radar_pixel_m: float | None = None
    max_cloud: float | None = None
    margin_days: int = 0
    cloud_mask: str | None = None
    parallel: int = 4
    plan_only: bool = False
    confirmed: bool = False


@dataclass(frozen=True)
class ImportJob:
    """Bring downloaded images into an area's folder: Sentinel-2 SAFE, Theia, openEO, GeoTIFFs.

    Args:
        paths: products, or folders of them.
        out: folder to fill; may be "" with `plan_only`.
        aoi: as of FetchJob; "" takes all that the images cover.
        season: `START:END`; None takes the images' first and last day.
        unit: of radar whose files do not tell it, "dB" or "linear".
        others: as of FetchJob.
    """

    paths: tuple[str, ...]
    out: str = ""
    aoi: str = ""
    season: str | None = None
    aoi_crs: str | None = None
    layer: str | None = None
    bands: tuple[str, ...] = ()
    orbit: str | None = None
    backscatter: str | None = None
    radar_pixel_m: float | None = None
    unit: str | None = None
    cloud_mask: str | None = None
    parallel: int = 2
    plan_only: bool = False
    confirmed: bool = False


ImagesJob = Union[FetchJob, ImportJob]
