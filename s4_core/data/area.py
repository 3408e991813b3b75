"""Opening an area: a folder or a list of rasters becomes acquisitions on one target grid."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from s4_core import io, sits
from s4_core.data.declared import Declared, declared
from s4_core.data.masking import with_masks
from s4_core.data.plausibility import check_radar_unit, reflectance_warnings
from s4_core.data.statements import with_statements
from s4_core.errors import AreaError, RasterError
from s4_core.io import Scan
from s4_core.protocol import AreaRequest
from s4_core.types import Acquisition, Area, Modality, RasterFile

_NAMED = 5
"""So many unreadable rasters are named one by one."""


def open_area(request: AreaRequest) -> Area:
    """Open an area and decide what its images are; only small pieces of pixels are read.

    A folder has its images in the subfolders `optical` and `radar`, or, without these, directly in
    it. Rasters that cannot be used are left out with a warning as long as the rest suffices.

    Raises:
        AreaError: no folder, no rasters, no dates, a single acquisition, an `area.json` or a
            declared unit that cannot be right, a mask that was asked for and is not there.
        RasterError: no raster can be read, none has band names, or one has no CRS.
        ConfigurationError: an option of the request is out of range.
    """
    folder, found = _find(request)
    stated = declared(folder, request)
    if not found.rasters:
        raise _nothing(folder, found)
    found = replace(found, rasters=with_statements(found.rasters, request))
    for raster in found.rasters:
        _require_crs(raster)
    listing = _catalogue(found)
    acquisitions = [_with_nodata(a, stated) for a in listing.acquisitions]
    optical, acquisitions, mask_warnings = with_masks(acquisitions, stated)
    area = Area(
        name=stated.name or _name(folder, request),
        path=str(folder),
        grid=io.target_grid([a.raster for a in acquisitions]),
        season=stated.season,
        acquisitions=tuple(acquisitions),
        optical=optical,
        radar=stated.radar,
        season_is_explicit=stated.season_is_explicit,
        until=stated.until,
        labels=stated.labels,
        field=stated.class_field,
        simulated=stated.simulated,
        warnings=(*stated.warnings, *_skipped(found), *listing.warnings, *mask_warnings),
    )
    check_radar_unit(area)
    return replace(area, warnings=(*area.warnings, *reflectance_warnings(area)))


def _find(request: AreaRequest) -> tuple[Path, Scan]:
    """The area's folder and its rasters."""
    if request.rasters:
        paths = list(request.rasters)
        return Path(os.path.commonpath([os.path.dirname(p) or "." for p in paths])), (
            io.scan_files(paths)
        )
    if not request.path:
        raise AreaError("No area was given.", "Give a folder or a list of rasters.")
    folder = Path(request.path)
    if folder.is_file():
        return folder.parent, io.scan_files([folder])
    if not folder.is_dir():
        raise AreaError(f"There is no folder {folder}.", "Check the path of the area.")
    parts = [folder / modality.value for modality in Modality]
    scans = [io.scan(part) for part in parts if part.is_dir()] or [io.scan(folder)]
    return folder, Scan(
        tuple(raster for scan in scans for raster in scan.rasters),
        tuple(skipped for scan in scans for skipped in scan.skipped),
    )


def _name(folder: Path, request: AreaRequest) -> str:
    if request.path and Path(request.path).is_file():
        return Path(request.path).stem
    return folder.resolve().name or "area"


def _nothing(folder: Path, found: Scan) -> AreaError | RasterError:
    if found.skipped:
        path, reason = found.skipped[0]
        more = f" ({len(found.skipped) - 1} more cannot be read)" if len(found.skipped) > 1 else ""
        return RasterError(
            f"No raster of {folder} can be read. {path}: {reason}{more}", "Get the files again."
        )
    return AreaError(
        f"There are no rasters in {folder} (*.tif, *.tiff, *.vrt, *.jp2), nor in its subfolders "
        "optical and radar.",
        "Choose the folder of an area.",
    )


def _require_crs(raster: RasterFile) -> None:
    if not raster.grid.crs_wkt:
        raise RasterError(
            f"{raster.path} has no coordinate reference system, so nobody knows where it lies.",
            f"Assign it, for example: gdal_edit.py -a_srs EPSG:32631 {raster.path}",
        )


def _catalogue(found: Scan) -> sits.Catalogue:
    try:
        return sits.catalogue(found.rasters)
    except (AreaError, RasterError) as error:
        if not found.skipped:
            raise
        # what could not be read may be what is missing
        raise type(error)(" ".join([error.message, *_skipped(found)]), error.remedy) from error


def _skipped(found: Scan) -> list[str]:
    said = [
        f"Left out {path}: {reason.replace(f'{path} ', '').replace(f'{path}: ', '')}"
        for path, reason in found.skipped[:_NAMED]
    ]
    more = len(found.skipped) - _NAMED
    return [*said, f"Left out {more} more rasters that cannot be read."] if more > 0 else said


def _with_nodata(acquisition: Acquisition, stated: Declared) -> Acquisition:
    """Declare the optical nodata number for the bands whose file does not say one."""
    nodata = stated.optical.nodata
    if acquisition.modality is not Modality.OPTICAL or nodata is None:
        return acquisition
    raster = acquisition.raster
    filled = tuple(nodata if known is None else known for known in raster.nodata)
    return replace(acquisition, raster=replace(raster, nodata=filled))
