"""A whole fetch: search, plan, forecast, download, publish."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.errors import ConfigurationError, SourceError
from s4_core.fetch import folder
from s4_core.fetch.aoi import AreaOfInterest, read_aoi
from s4_core.fetch.catalogues import Query, search
from s4_core.fetch.client import USER_AGENT, Client, Pace, Patience, origin_of
from s4_core.fetch.dates import Image, LeftOut, images_of
from s4_core.fetch.download import Outcome, download
from s4_core.fetch.forecast import Forecast, forecast, require_confirmation, require_room
from s4_core.fetch.plan import ModalityPlan, plain_image, plan_modality
from s4_core.fetch.scenes import Scenes
from s4_core.fetch.signing import Signer
from s4_core.fetch.sources import Source, choose_sources
from s4_core.phrases import file_size
from s4_core.progress import Reporter, Stage
from s4_core.types import SCL, Modality, Season
from s4_core.types.fetching import FetchJob

MOST_PARALLEL = 16
TOKEN_VARIABLE = "S4_FETCH_TOKEN"  # nosec B105 - the name of a variable

_CREDENTIALS = f"Check your credentials for this source ({TOKEN_VARIABLE}, AWS_ACCESS_KEY_ID)."

_SEARCHED, _FORECAST = 0.05, 0.1
"""Shares of the progress after the search and after the forecast."""


@dataclass(frozen=True)
class Prepared:
    """All that a download needs."""

    plans: tuple[ModalityPlan, ...]
    todo: tuple[tuple[ModalityPlan, Image], ...]
    scenes: dict[Modality, Scenes]
    forecast: Forecast


def fetch(job: FetchJob, reporter: Reporter, patience: Patience | None = None) -> dict[str, Any]:
    """Fetch images into an area's folder, or only tell what would be fetched.

    Raises:
        ConfigurationError: an option cannot be meant. UnconfirmedError: the job is huge.
        SourceError: the source fails or has nothing; what was fetched is kept.
        OutputError: the folder cannot be used or the disk is too small.
        Cancelled: the user asked to stop; the next run goes on.
    """
    season = Season.parse(job.season)
    _check(job)
    pace = Pace(patience or Patience(), Stage(reporter, "fetch").check)
    with io.gdal_options(_options(pace.patience)):
        prepared = _prepare(job, season, reporter, pace)
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


def _options(patience: Patience) -> dict[str, str]:
    """GDAL's: only what is asked for is read, stalled connections end."""
    return {
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_HTTP_MAX_RETRY": "0",  # tried again here, with a pause for all threads
        "GDAL_HTTP_CONNECTTIMEOUT": f"{patience.timeout_s:.0f}",
        "GDAL_HTTP_LOW_SPEED_TIME": f"{patience.timeout_s:.0f}",
        "GDAL_HTTP_LOW_SPEED_LIMIT": "1",
        "GDAL_HTTP_USERAGENT": USER_AGENT,
        "GDAL_INGESTED_BYTES_AT_OPEN": "32768",
    }


def _prepare(job: FetchJob, season: Season, reporter: Reporter, pace: Pace) -> Prepared:
    modalities = tuple(dict.fromkeys(Modality(name) for name in job.modality))
    aoi = read_aoi(job.aoi, job.aoi_crs, job.layer)
    sources = choose_sources(job.source, modalities, job.collections)
    stage = Stage(reporter, "search", 0.0, _SEARCHED)
    plans, scenes = [], {}
    for number, modality in enumerate(modalities):
        stage.step(number, len(modalities))
        source = sources[modality]
        client = Client(pace, os.environ.get(TOKEN_VARIABLE), origin_of(source.url))
        scenes[modality] = Scenes(Signer(client, source.token_url), pace)
        images, left_out = _searched(job, season, aoi, source, modality, client)
        plans.append(
            plan_modality(job, aoi, source, images, scenes=scenes[modality], left_out=left_out)
        )
    Stage(reporter, "forecast", _SEARCHED, _FORECAST).step(0, 1)
    return _with_forecast(Path(job.out or "."), tuple(plans), scenes)


def _searched(  # noqa: PLR0917
    job: FetchJob,
    season: Season,
    aoi: AreaOfInterest,
    source: Source,
    modality: Modality,
    client: Client,
) -> tuple[tuple[Image, ...], tuple[LeftOut, ...]]:
    """The images of a modality that a source has, and what is left out.

    Raises:
        SourceError: it has none.
    """
    query = Query(aoi.degrees, season, modality, source.offers[modality].collections)
    found = search(client, source.url, query)
    images, left_out = images_of(found.items, aoi.degrees, job.orbit, job.max_cloud)
    left_out = (*found.left_out, *left_out)
    if not images:
        more = f" {len(left_out)} were left out: {left_out[0][1]}." if left_out else ""
        raise SourceError(
            f"{source.name} has no {modality} images of this area from {season.start} to "
            f"{season.end}.{more}",
            "Check the area and the season, or choose another source.",
        )
    return images, left_out


def _with_forecast(
    out: Path, plans: tuple[ModalityPlan, ...], scenes: dict[Modality, Scenes]
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
        remedy = _CREDENTIALS if outcome.was_refused else "Choose another source, or try later."
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
