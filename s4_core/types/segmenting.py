"""The request for a map; part of the protocol."""

from __future__ import annotations

from dataclasses import dataclass

from s4_core.types.requested import CONFIGURED, AreaRequest, Runtime


@dataclass(frozen=True)
class SegmentJob:
    """Map an area.

    Args:
        out: class map; `confidence`: confidence raster (None: beside it as confidence.tif).
        extent: `xmin,ymin,xmax,ymax` in the area's CRS, or None.
        within: polygons (or a mask raster, > 0) outside which nothing is mapped.
        parcels: polygons that get their majority class.
        min_confidence: pixels below become "uncertain".
        tile, halo: pixels; None takes defaults. resume: keep finished tiles of a killed run.
        workers: processes on this machine that share the tiles; None makes them all in one.
        dask: address of a Dask scheduler, for example "tcp://host:8786", whose workers share the
            tiles; they must see the same files under the same paths.
        plan_only: tell what the map costs in time, memory and disk, make nothing.
    """

    area: AreaRequest
    model: str
    modality: str
    out: str
    confidence: str | None = None
    extent: str | None = None
    within: str | None = None
    parcels: str | None = None
    min_confidence: float | None = None
    tile: int | None = None
    halo: int | None = None
    resume: bool = False
    workers: int | None = None
    dask: str | None = None
    plan_only: bool = False
    runtime: Runtime = CONFIGURED
