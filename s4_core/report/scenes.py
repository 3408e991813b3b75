"""The pictures of a run: the ground in true colour, the reference, the maps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from s4_core import data, io
from s4_core.errors import S4Error
from s4_core.report.collect import MapRun, Run
from s4_core.report.display import (
    Picture,
    class_picture,
    display_grid,
    outlined,
    read_picture,
    stretched,
    striped,
)
from s4_core.types import Acquisition, Area, Grid, Modality

TRUE_COLOUR = ("B04", "B03", "B02")
_MID_JUNE = 165
"""Day of the year when northern crops differ most to the eye."""


@dataclass(frozen=True)
class Scene:
    """A picture of the ground with what stands under it."""

    picture: Picture
    title: str
    note: str = ""


@dataclass(frozen=True)
class Reference:
    """The reference on the display grid.

    Args:
        values: map values `(H, W)`, 0 = none.
        index: `(H, W)`, a number for each parcel, for its outline.
        trained: `(H, W)`, True inside parcels that trained the model.
    """

    values: NDArray[np.int64]
    index: NDArray[np.int32]
    trained: NDArray[np.bool_]


def true_colour(run: Run, grid: Grid, missing: list[str]) -> Scene | None:
    """The clearest optical date of the season in true colour."""
    if run.area is None:
        return None
    chosen = _clearest(run.area)
    if chosen is None:
        missing.append("an optical image with the bands B04, B03 and B02 in the season")
        return None
    try:
        bands = read_picture(chosen.raster, [chosen.indices[b] for b in TRUE_COLOUR], grid)
    except S4Error as error:
        missing.append(f"the true-colour picture: {error.message}")
        return None
    note = "simulated Sentinel-2" if run.area.simulated else "Sentinel-2"
    return Scene(stretched(bands), f"True colour, {chosen.date.isoformat()}", note)


def _clearest(area: Area) -> Acquisition | None:
    """The optical image with the most usable pixels; of equal ones that closest to mid June."""
    usable = {e["path"]: e["valid_share"] for e in data.inspect(area)["acquisitions"]}
    able = [
        a
        for a in area.of(Modality.OPTICAL)
        if set(TRUE_COLOUR) <= set(a.indices) and _in_season(a.date, area)
    ]
    return max(
        able,
        key=lambda a: (
            usable[a.raster.path],
            -abs(a.date.timetuple().tm_yday - _MID_JUNE),
        ),
        default=None,
    )


def _in_season(day: date, area: Area) -> bool:
    return area.season is None or area.season.start <= day <= area.season.end


def reference_of(run: MapRun, grid: Grid, missing: list[str]) -> Reference | None:
    """The reference that the metrics were measured on, matched to the map's legend."""
    metrics = run.metrics or {}
    path = metrics.get("reference")
    if not path:
        return None
    try:
        if io.is_raster(path):
            return _from_raster(run, path, grid)
        return _from_parcels(run, metrics, grid)
    except S4Error as error:
        missing.append(f"the picture of the reference: {error.message}")
        return None


def _from_parcels(run: MapRun, metrics: dict[str, Any], grid: Grid) -> Reference:
    named = metrics["reference"], metrics.get("field"), metrics.get("layer")
    layer = io.read_parcels(*named, points=True)
    index = io.rasterize(layer, range(1, len(layer.parcels) + 1), layer.crs_wkt, grid)
    matched = [run.legend.match(parcel.name, parcel.code) or 0 for parcel in layer.parcels]
    values = np.array([0, *matched], np.int64)[index]
    trained = np.zeros(grid.shape, np.bool_)
    if metrics.get("exclude_parcels"):
        used = io.read_parcels(metrics["exclude_parcels"])
        trained = io.rasterize(used, [1] * len(used.parcels), used.crs_wkt, grid) > 0
    return Reference(values, index, trained)


def _from_raster(run: MapRun, path: str, grid: Grid) -> Reference:
    codes = np.nan_to_num(read_picture(io.describe(path), [1], grid)[0]).astype(np.int64)
    values = np.zeros(codes.shape, np.int64)
    names = io.stored_classes(path)
    for code in np.unique(codes[codes != 0]).tolist():
        values[codes == code] = run.legend.match(*names.get(code, ("", str(code)))) or 0
    return Reference(values, values.astype(np.int32), np.zeros(grid.shape, np.bool_))


def reference_scene(run: MapRun, reference: Reference) -> Scene:
    """The reference in the map's colours; parcels that trained the model are striped."""
    picture = striped(class_picture(reference.values, run.legend), reference.trained)
    note = "striped: used for training, not for the scores" if reference.trained.any() else ""
    title = (
        "Reference points" if (run.metrics or {}).get("unit") == "points" else "Reference parcels"
    )
    return Scene(outlined(picture, reference.index, 0.8), title, note)


def map_scene(run: MapRun, grid: Grid, reference: Reference | None) -> Scene:
    """The class map, with the reference's outlines."""
    picture = class_picture(read_picture(run.raster, [1], grid)[0], run.legend)
    if reference is not None:
        picture = outlined(picture, reference.index, 0.55)
    dates = re.sub(r"(\w+) (\d+)", r"\2 \1 dates", run.raster.tags.get("S4_DATES", ""))
    return Scene(picture, f"Map from {run.name} images", dates)


def confidence_values(run: MapRun, grid: Grid) -> NDArray[np.float32] | None:
    """Probability of the mapped class `(H, W)`, NaN where there is none."""
    if run.confidence is None:
        return None
    values: NDArray[np.float32] = read_picture(run.confidence, [1], grid)[0]
    return values


def picture_grid(run: Run) -> Grid:
    """The display grid of a run's pictures: that of its first map."""
    return display_grid(run.maps[0].raster.grid)
