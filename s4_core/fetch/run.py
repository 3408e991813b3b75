"""A whole fetch: search, plan, forecast, download, publish."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from s4_core.errors import ConfigurationError, SourceError
from s4_core.fetch import clouds
from s4_core.fetch.aoi import AreaOfInterest, read_aoi
from s4_core.fetch.carry_out import BEGUN, Prepared, carry_out, prepare
from s4_core.fetch.catalogues import Query, search
from s4_core.fetch.client import Pace, Patience
from s4_core.fetch.connections import Connection, connected
from s4_core.fetch.dates import Choice, images_of
from s4_core.fetch.plan import plan_modality
from s4_core.fetch.sources import choose_sources
from s4_core.progress import Reporter, Stage
from s4_core.types import Modality, Season
from s4_core.types.fetching import FetchJob, ImagesJob

MOST_PARALLEL = 16
MOST_MARGIN_DAYS = 180


class NothingThere(SourceError):
    """A source that answers, and has no images of an area and a season."""


_SEARCHED = 0.05
"""Share of the progress after the search."""


def fetch(job: FetchJob, reporter: Reporter, patience: Patience | None = None) -> dict[str, Any]:
    """Fetch images into an area's folder, or only tell what would be fetched.

    Raises:
        ConfigurationError: an option cannot be meant. UnconfirmedError: the job is huge.
        SourceError: the source fails or has nothing; what was fetched is kept.
        OutputError: the folder cannot be used or the disk is too small.
        Cancelled: the user asked to stop; the next run goes on.
    """
    Season.parse(job.season)
    check(job)
    if job.max_cloud is not None and not 0 <= job.max_cloud <= 100:
        raise ConfigurationError(
            f"The largest cloud cover is {job.max_cloud} %.", "Give a percentage, 0 to 100."
        )
    if not 0 <= job.margin_days <= MOST_MARGIN_DAYS:
        raise ConfigurationError(
            f"A margin of {job.margin_days} days is not possible.",
            f"Choose 0 to {MOST_MARGIN_DAYS}.",
        )
    pace = Pace(patience or Patience(), Stage(reporter, "fetch").check)
    modalities = tuple(dict.fromkeys(Modality(name) for name in job.modality))
    aoi = read_aoi(job.aoi, job.aoi_crs, job.layer)
    sources = choose_sources(job.source, modalities, job.collections)
    with ExitStack() as stack:
        connections = {m: stack.enter_context(connected(s, pace)) for m, s in sources.items()}
        prepared = _prepare(job, aoi, connections, reporter)
        return carry_out(job, job.season, prepared, reporter)


def check(job: ImagesJob) -> None:
    """Raise a ConfigurationError where an option cannot be meant."""
    if not 1 <= job.parallel <= MOST_PARALLEL:
        raise ConfigurationError(
            f"{job.parallel} downloads at once are not possible.", f"Choose 1 to {MOST_PARALLEL}."
        )
    clouds.check(job.cloud_mask)
    if not job.out and not job.plan_only:
        raise ConfigurationError("No folder was given to write to.", "Give --out DIR.")


def _prepare(
    job: FetchJob,
    aoi: AreaOfInterest,
    connections: Mapping[Modality, Connection],
    reporter: Reporter,
) -> Prepared:
    stage = Stage(reporter, "search", 0.0, _SEARCHED)
    plans = []
    for number, (modality, connection) in enumerate(connections.items()):
        stage.step(number, len(connections))
        found = _searched(job, aoi, modality, connection)
        plans.append(plan_modality(job, aoi, connection.source, found, connection.scenes))
    Stage(reporter, "forecast", _SEARCHED, BEGUN).step(0, 1)
    scenes = {modality: connection.scenes for modality, connection in connections.items()}
    return prepare(Path(job.out or "."), tuple(plans), scenes)


def _searched(
    job: FetchJob, aoi: AreaOfInterest, modality: Modality, connection: Connection
) -> Choice:
    """The images of a modality that a source has, and what is left out.

    Raises:
        SourceError: it has none.
    """
    source = connection.source
    season = Season.parse(job.season)
    margin = timedelta(days=job.margin_days)
    around = Season(season.start - margin, season.end + margin)
    query = Query(aoi.degrees, around, modality, source.offers[modality].collections)
    found = search(connection.client, source.url, query)
    choice = images_of(found.items, aoi.degrees, job.orbit, job.max_cloud)
    left_out = (*found.left_out, *choice.left_out)
    if not choice.images:
        more = f" {len(left_out)} were left out: {left_out[0][1]}." if left_out else ""
        raise NothingThere(
            f"{source.name} has no {modality} images of this area from {season.start} to "
            f"{season.end}.{more}",
            "Check the area and the season, or choose another source.",
        )
    return replace(choice, left_out=left_out)
