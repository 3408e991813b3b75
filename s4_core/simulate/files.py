"""A simulated area as a folder in the layout of the real ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from s4_core import io
from s4_core.simulate.area import SimulatedArea
from s4_core.types import CLOUDY_SCL, OPTICAL_BANDS, RADAR_BANDS, SCL, Grid

SCALE = 1e-4
"""Reflectance per digital number, as in the product."""


def write_area(
    area: SimulatedArea,
    folder: str | Path,
    *,
    reflectance_step: float = SCALE,
    hidden_step: float = SCALE,
    db_step: float | None = None,
) -> None:
    """Write an area folder: optical/, radar/, parcels.gpkg, reference.tif, area.json, README.md.

    Args:
        reflectance_step: reflectance is rounded to multiples of this; coarser compresses better.
        hidden_step: the same where the classification says that the ground is hidden.
        db_step: backscatter is rounded to multiples of this, dB; None keeps it as it is.

    Raises:
        OutputError: the folder cannot be written.
    """
    root = Path(folder)
    for name in ("optical", "radar"):
        io.atomic.make_folder(root / name)
    _write_optical(area, root / "optical", reflectance_step, hidden_step)
    _write_radar(area, root / "radar", db_step)
    _write_labels(area, root)
    io.write_json(root / "area.json", area_json(area))
    io.write_text(root / "README.md", _readme(area))


def area_json(area: SimulatedArea) -> dict[str, Any]:
    """The content of area.json."""
    return {
        "name": area.name,
        "simulated": True,
        "season": [area.season.start.isoformat(), area.season.end.isoformat()],
        "labels": "parcels.gpkg",
        "field": "crop",
        "optical": {"scale": SCALE, "nodata": 0, "mask": SCL},
        "radar": {"unit": "dB", "backscatter": "sigma0", "orbit": area.settings.orbit},
    }


def radar_grid(grid: Grid) -> Grid:
    """The 20 m grid of the radar images over the area's 10 m grid."""
    x0, dx, rx, y0, ry, dy = grid.transform
    transform = (x0, 2 * dx, 2 * rx, y0, 2 * ry, 2 * dy)
    return replace(grid, transform=transform, height=grid.height // 2, width=grid.width // 2)


def _tags(day: date) -> dict[str, str]:
    return {
        "ACQUISITION_DATE": day.isoformat(),
        "TIFFTAG_DATETIME": f"{day:%Y:%m:%d} 00:00:00",
        "SIMULATED": "YES",
    }


def _write_optical(area: SimulatedArea, folder: Path, step: float, hidden_step: float) -> None:
    for image, codes, day in zip(area.optical, area.scl, area.optical_dates):
        hidden = np.isin(codes, CLOUDY_SCL)
        digits = np.where(hidden, _digits(image, hidden_step), _digits(image, step))
        # 0 means "no data" in every band
        digits = np.where(codes == 0, 0, digits)
        stack = np.concatenate([digits, codes[None]]).astype(np.uint16)
        path = folder / f"S2_L2A_{day:%Y%m%d}.tif"
        io.write_array(path, stack, area.grid, (*OPTICAL_BANDS, SCL), nodata=0, tags=_tags(day))


def _digits(image: npt.NDArray[np.float32], step: float) -> npt.NDArray[np.float32]:
    """Digital numbers of reflectances rounded to multiples of `step`, at least one of them."""
    return np.asarray(np.maximum(np.rint(image / step), 1) * round(step / SCALE), np.float32)


def _write_radar(area: SimulatedArea, folder: Path, step: float | None) -> None:
    grid, nan = radar_grid(area.grid), float("nan")
    orbit = "ASC" if area.settings.orbit == "ascending" else "DES"
    for image, day in zip(area.radar, area.radar_dates):
        values = image if step is None else (np.rint(image / step) * step).astype(np.float32)
        path = folder / f"S1_GRD_{orbit}_{day:%Y%m%d}.tif"
        io.write_array(path, values, grid, RADAR_BANDS, nodata=nan, tags=_tags(day))


def _write_labels(area: SimulatedArea, root: Path) -> None:
    parcels = [
        io.Parcel(str(p.id), p.crop, str(p.code), None, p.wkb(), p.area_ha) for p in area.parcels
    ]
    # numbers, not text, as in the real areas
    columns = {
        "parcel_id": [p.id for p in area.parcels],
        "crop_code": [p.code for p in area.parcels],
    }
    io.write_parcels(root / "parcels.gpkg", parcels, area.grid.crs_wkt, columns)
    tags = {"SIMULATED": "YES"}
    path = root / "reference.tif"
    io.write_array(path, _codes(area)[None], area.grid, ("crop_code",), nodata=0, tags=tags)


def _codes(area: SimulatedArea) -> npt.NDArray[np.uint16]:
    codes = np.array([0, *(p.code for p in area.parcels)], np.uint16)
    return np.asarray(codes[area.parcel_index])


def _readme(area: SimulatedArea) -> str:
    crops = ", ".join(area.legend.names)
    return (
        f"# {area.name}\n\n"
        "**Simulated.** Nothing in this folder was observed: images, parcels and crops come from\n"
        "`s4_core.simulate` (PROSAIL, Water Cloud Model; see docs/simulator.md). Accuracies found\n"
        "here say nothing about real fields.\n\n"
        f"Seed {area.settings.seed}; {area.grid.width} x {area.grid.height} px at 10 m; "
        f"{len(area.optical_dates)} optical and {len(area.radar_dates)} radar dates;\n"
        f"{len(area.parcels)} parcels: {crops}.\n"
    )
