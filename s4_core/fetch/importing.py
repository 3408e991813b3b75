"""Downloaded images into an area's folder: recognised, harmonised and laid out as fetched ones."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from s4_core.errors import InputError
from s4_core.fetch.aoi import DEGREES, AreaOfInterest, read_aoi
from s4_core.fetch.carry_out import BEGUN, Prepared, carry_out, prepare
from s4_core.fetch.client import Pace, Patience
from s4_core.fetch.connections import Connection, connected
from s4_core.fetch.dates import images_of
from s4_core.fetch.items import Item
from s4_core.fetch.plan import plan_modality
from s4_core.fetch.products import Recognition, recognise
from s4_core.fetch.run import check
from s4_core.fetch.sources import Offer, Source
from s4_core.progress import Reporter, Stage
from s4_core.types import Modality, Season
from s4_core.types.fetching import ImportJob


def import_images(job: ImportJob, reporter: Reporter) -> dict[str, Any]:
    """Bring downloaded images into an area's folder; the result says what was recognised.

    Raises:
        InputError: nothing was recognised, or a path does not exist.
        S4Error: as `fetch`.
    """
    check(job)
    found = recognise(job.paths, Stage(reporter, "recognise", 0.0, BEGUN / 2).step)
    items = _in_season(found.items, job.season)
    if not items:
        raise _nothing(job, found)
    aoi = read_aoi(job.aoi, job.aoi_crs, job.layer) if job.aoi else _all_of(items)
    days = sorted(item.date for item in items)
    season = job.season or f"{days[0]}:{days[-1]}"
    pace = Pace(Patience(tries=1), Stage(reporter, "import").check)
    with ExitStack() as stack:
        connection = stack.enter_context(connected(_source(job.unit), pace))
        prepared = _prepare(job, aoi, items, connection)
        result = carry_out(job, season, prepared, reporter)
    return {**result, **_told(found)}


def _prepare(
    job: ImportJob, aoi: AreaOfInterest, items: Sequence[Item], connection: Connection
) -> Prepared:
    plans = []
    for modality in Modality:
        of_modality = [item for item in items if item.modality is modality]
        choice = images_of(of_modality, aoi.degrees, job.orbit, None)
        if choice.images:
            plans.append(plan_modality(job, aoi, connection.source, choice, connection.scenes))
    if not plans:
        raise InputError(
            f"None of the {len(items)} images lies inside the area.", "Check the area (--aoi)."
        )
    scenes = {plan.modality: connection.scenes for plan in plans}
    return prepare(Path(job.out or "."), tuple(plans), scenes)


def _source(unit: str | None) -> Source:
    offers = {Modality.OPTICAL: Offer("S2_L2A"), Modality.RADAR: Offer("S1", unit=unit)}
    return Source("import", "", offers=offers)


def _in_season(items: Sequence[Item], season: str | None) -> list[Item]:
    if season is None:
        return list(items)
    wanted = Season.parse(season)
    return [item for item in items if wanted.start <= item.date <= wanted.end]


def _all_of(items: Sequence[Item]) -> AreaOfInterest:
    """The box around all images."""
    points = [point for item in items for point in item.geometry["coordinates"][0]]
    west, south = (min(point[axis] for point in points) for axis in (0, 1))
    east, north = (max(point[axis] for point in points) for axis in (0, 1))
    bounds = (west, south, east, north)
    return AreaOfInterest(bounds, DEGREES, bounds)


def _nothing(job: ImportJob, found: Recognition) -> InputError:
    reason = f" {found.not_recognised[0][1]}" if found.not_recognised else ""
    if found.items:
        days = sorted(item.date for item in found.items)
        return InputError(
            f"The images are from {days[0]} to {days[-1]}, none is of the season {job.season}.",
            "Give another --season.",
        )
    return InputError(
        f"Nothing was recognised in {', '.join(job.paths)}.{reason}",
        "Give Sentinel-2 SAFE or Theia products, or rasters with band names and dates.",
    )


def _told(found: Recognition) -> dict[str, Any]:
    return {
        "recognised": [
            {"path": r.path, "what": r.what, "dates": list(r.dates), "bands": list(r.bands)}
            for r in found.recognised
        ],
        "not_recognised": [
            {"path": path, "reason": reason} for path, reason in found.not_recognised
        ],
    }
