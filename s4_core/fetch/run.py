"""A whole fetch: search, plan, forecast, download, publish."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.errors import ConfigurationError, SourceError
from s4_core.fetch import folder
from s4_core.fetch.aoi import AreaOfInterest, read_aoi
from s4_core.fetch.catalogues import Query, search
from s4_core.fetch.client import Pace, Patience
from s4_core.fetch.connections import Connection, connected, credentials_remedy
from s4_core.fetch.dates import Choice, Image, images_of
from s4_core.fetch.download import Outcome, download
from s4_core.fetch.forecast import Forecast, forecast, require_confirmation, require_room
from s4_core.fetch.plan import ModalityPlan, plain_image, plan_modality
from s4_core.fetch.scenes import Scenes
from s4_core.fetch.sources import choose_sources
from s4_core.phrases import file_size
from s4_core.progress import Reporter, Stage
from s4_core.types import SCL, Modality, Season
from s4_core.types.fetching import FetchJob

MOST_PARALLEL = 16

_SEARCHED, _FORECAST = 0.05, 0.1
"""Shares of the progress after the search and after the forecast."""


@dataclass(frozen=True)
class Prepared:
    """All that a download needs."""

    plans: tuple[ModalityPlan, ...]
    todo: tuple[tuple[ModalityPlan, Image], ...]
    scenes: Mapping[Modality, Scenes]
    forecast: Forecast


def fetch(job: FetchJob, reporter: Reporter, patience: Patience | None = None) -> dict[str, Any]:
    """Fetch images into an area's folder, or only tell what would be fetched.

    Raises:
        ConfigurationError: an option cannot be meant. UnconfirmedError: the job is huge.
        SourceError: the source fails or has nothing; what was fetched is kept.
        OutputError: the folder cannot be used or the disk is too small.
        Cancelled: the user asked to stop; the next run goes on.
    """
    Season.parse(job.season)
    _check(job)
    pace = Pace(patience or Patience(), Stage(reporter, "fetch").check)
    modalities = tuple(dict.fromkeys(Modality(name) for name in job.modality))
    aoi = read_aoi(job.aoi, job.aoi_crs, job.layer)
    sources = choose_sources(job.source, modalities, job.collections)
    with ExitStack() as stack:
        connections = {m: stack.enter_context(connected(s, pace)) for m, s in sources.items()}
        prepared = _prepare(job, aoi, connections, reporter)
        plain = _plain(job, prepared)
        if job.plan_only:
            return plain
        for text in _sentences(prepared):
            reporter.log("info", text)
        out = Path(job.out)
        folder.require_own_folder(out, prepared.plans)
        require_confirmation(prepared.forecast, len(prepared.todo), job.confirmed)
        require_room(prepared.forecast, out)
        stage = Stage(reporter, "download", _FORECAST, 1.0)
        outcome = download(out, prepared.todo, prepared.scenes, job.parallel, stage)
        return _finish(out, job, prepared, plain, outcome)


def _check(job: FetchJob) -> None:
    if not 1 <= job.parallel <= MOST_PARALLEL:
        raise ConfigurationError(
            f"{job.parallel} downloads at once are not possible.", f"Choose 1 to {MOST_PARALLEL}."
        )
    if job.max_cloud is not None and not 0 <= job.max_cloud <= 100:
        raise ConfigurationError(
            f"The largest cloud cover is {job.max_cloud} %.", "Give a percentage, 0 to 100."
        )
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
    Stage(reporter, "forecast", _SEARCHED, _FORECAST).step(0, 1)
    scenes = {modality: connection.scenes for modality, connection in connections.items()}
    return _with_forecast(Path(job.out or "."), tuple(plans), scenes)


def _searched(
    job: FetchJob, aoi: AreaOfInterest, modality: Modality, connection: Connection
) -> Choice:
    """The images of a modality that a source has, and what is left out.

    Raises:
        SourceError: it has none.
    """
    source = connection.source
    season = Season.parse(job.season)
    query = Query(aoi.degrees, season, modality, source.offers[modality].collections)
    found = search(connection.client, source.url, query)
    choice = images_of(found.items, aoi.degrees, job.orbit, job.max_cloud)
    left_out = (*found.left_out, *choice.left_out)
    if not choice.images:
        more = f" {len(left_out)} were left out: {left_out[0][1]}." if left_out else ""
        raise SourceError(
            f"{source.name} has no {modality} images of this area from {season.start} to "
            f"{season.end}.{more}",
            "Check the area and the season, or choose another source.",
        )
    return replace(choice, left_out=left_out)


def _with_forecast(
    out: Path, plans: tuple[ModalityPlan, ...], scenes: Mapping[Modality, Scenes]
) -> Prepared:
    todo = tuple(
        (plan, image)
        for plan in plans
        for image in plan.images
        if not folder.is_there(out, plan, image)
    )
    per_plan = [(plan, [image for p, image in todo if p is plan]) for plan in plans]
    return Prepared(plans, todo, scenes, forecast(per_plan, out, scenes))


def _finish(
    out: Path, job: FetchJob, prepared: Prepared, plain: dict[str, Any], outcome: Outcome
) -> dict[str, Any]:
    """Publish what was made; the result tells what is not among it."""
    plans = tuple(_made(plan, outcome) for plan in prepared.plans)
    failed = [
        {"date": image.date, "modality": plan.modality.value, "reason": reason}
        for plan, image, reason in outcome.left_out
    ]
    record = {"request": asdict(job), **plain, "failed": failed}
    folder.publish(out, plans, job.season, record)
    warnings = [*plain["warnings"], *(_sentence(entry) for entry in failed)]
    return {
        **plain,
        "area": str(out),
        "failed": failed,
        "written": [str(folder.place(out, p, image)) for p in plans for image in p.images],
        "fetched": len(prepared.todo) - len(failed),
        "warnings": warnings,
    }


def _made(plan: ModalityPlan, outcome: Outcome) -> ModalityPlan:
    """A plan with the images that could be made.

    Raises:
        SourceError: none could.
    """
    lost = {plan.name(image) for p, image, _ in outcome.left_out if p is plan}
    if len(lost) == len(plan.images):
        reason = next(reason for p, _, reason in outcome.left_out if p is plan)
        remedy = (
            credentials_remedy(plan.source)
            if outcome.was_refused
            else "Choose another source, or try later."
        )
        raise SourceError(
            f"None of the {len(lost)} {plan.modality} images could be read: {reason}", remedy
        )
    kept = tuple(image for image in plan.images if plan.name(image) not in lost)
    return replace(plan, images=kept)


def _sentence(entry: dict[str, Any]) -> str:
    return f"Left out {entry['modality']} {entry['date']}: {entry['reason']}"


def _sentences(prepared: Prepared) -> list[str]:
    """The plan in short, before anything is downloaded."""
    told = []
    for plan in prepared.plans:
        days = [image.date for image in plan.images]
        told.append(
            f"{plan.modality}: {len(days)} images, {min(days)} to {max(days)}, from"
            f" {plan.source.name}, {plan.grid.width} x {plan.grid.height} px"
        )
    cost = prepared.forecast
    there = sum(len(plan.images) for plan in prepared.plans) - len(prepared.todo)
    kept = f"; {there} are there already" if there else ""
    told.append(
        f"to download: {len(prepared.todo)} images, about {file_size(cost.download)}; on the disk"
        f" up to {file_size(cost.disk)} of {file_size(cost.free)}{kept}"
    )
    return told


def _plain(job: FetchJob, prepared: Prepared) -> dict[str, Any]:
    """What is planned, for JSON: what the panel shows before anything is downloaded."""
    plans = prepared.plans
    return {
        "out": job.out,
        "season": job.season,
        "modalities": [
            {
                "modality": plan.modality.value,
                "source": plan.source.name,
                "collections": sorted({i.collection for x in plan.images for i in x.items}),
                "bands": list(plan.bands),
                "mask": SCL if plan.has_mask else None,
                "backscatter": plan.backscatter,
                "grid": {
                    "width": plan.grid.width,
                    "height": plan.grid.height,
                    "pixel_size": list(plan.grid.pixel_size),
                    "bounds": list(plan.grid.bounds),
                    "crs": io.crs_name(plan.grid.crs_wkt),
                },
            }
            for plan in plans
        ],
        "images": [
            {**plain_image(plan, image), "is_there": (plan, image) not in prepared.todo}
            for plan in plans
            for image in plan.images
        ],
        "left_out": [
            {"item": name, "reason": reason} for plan in plans for name, reason in plan.left_out
        ],
        "download_bytes": prepared.forecast.download,
        "disk_bytes": prepared.forecast.disk,
        "free_bytes": prepared.forecast.free,
        "warnings": [text for plan in plans for text in plan.warnings],
    }
