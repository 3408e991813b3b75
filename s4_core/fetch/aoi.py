"""Where images are wanted: a box in coordinates, or the box around a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from s4_core import io
from s4_core.errors import ConfigurationError, RasterError

Bounds = tuple[float, float, float, float]

DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class AreaOfInterest:
    """A box on the ground.

    Args:
        bounds: xmin, ymin, xmax, ymax in `crs`.
        degrees: west, south, east, north of the box around it.
    """

    bounds: Bounds
    crs: str
    degrees: Bounds


def read_aoi(text: str, crs: str | None = None, layer: str | None = None) -> AreaOfInterest:
    """Understand `xmin,ymin,xmax,ymax`, or take the box around a vector or raster file.

    Args:
        crs: of the four numbers; None is longitude and latitude.

    Raises:
        ConfigurationError: neither four numbers nor a file, or no box on the ground.
        RasterError, LabelError: the file cannot be used.
    """
    if Path(text).exists():
        bounds, own = io.extent_of(text, layer)
    else:
        bounds, own = _numbers(text), crs or DEGREES
    try:
        degrees = io.box_in(bounds, own, DEGREES)
    except RasterError as error:
        raise ConfigurationError(f"The area {text}: {error.message}", error.remedy) from error
    if not (-180 <= degrees[0] < degrees[2] <= 180 and -90 <= degrees[1] < degrees[3] <= 90):
        raise ConfigurationError(
            f"The area {text} is no box on the ground.",
            "Give xmin,ymin,xmax,ymax as west,south,east,north in degrees, or their system too"
            " (--aoi-crs EPSG:32631).",
        )
    return AreaOfInterest(bounds, own, degrees)


def _numbers(text: str) -> Bounds:
    try:
        xmin, ymin, xmax, ymax = (float(part) for part in text.split(","))
    except ValueError as error:
        raise ConfigurationError(
            f"The area '{text}' is neither a file nor four numbers.",
            "Give a file of parcels, or xmin,ymin,xmax,ymax in degrees.",
        ) from error
    if not (xmin < xmax and ymin < ymax):
        raise ConfigurationError(
            f"The area '{text}' is empty: its west or south lies behind its east or north.",
            "Give xmin,ymin,xmax,ymax: west, south, east, north.",
        )
    return (xmin, ymin, xmax, ymax)
