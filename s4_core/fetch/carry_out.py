"""From plans to an area's folder: forecast, confirm, make the images, publish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from s4_core import io
from s4_core.errors import SourceError
from s4_core.fetch import folder
from s4_core.fetch.connections import credentials_remedy
from s4_core.fetch.dates import Image
from s4_core.fetch.download import Outcome, download
from s4_core.fetch.forecast import Forecast, forecast, require_confirmation, require_room
from s4_core.fetch.plan import ModalityPlan, plain_image
from s4_core.fetch.scenes import Scenes
from s4_core.phrases import file_size
from s4_core.progress import Reporter, Stage
from s4_core.types import SCL, Modality
from s4_core.types.fetching import ImagesJob

BEGUN = 0.1
"""Share of the progress when the first image is made."""


@dataclass(frozen=True)
class Prepared:
    """All that a download needs."""

    plans: tuple[ModalityPlan, ...]
    todo: tuple[tuple[ModalityPlan, Image], ...]
    scenes: Mapping[Modality, Scenes]
    forecast: Forecast


def prepare(
    out: Path, plans: tuple[ModalityPlan, ...], scenes: Mapping[Modality, Scenes]
) -> Prepared:
    """Plans with what is still to do and what it costs."""
    todo = tuple(
        (plan, image)
        for plan in plans
        for image in plan.images
        if not folder.is_there(out, plan, image)
    )
    per_plan = [(plan, [image for p, image in todo if p is plan]) for plan in plans]
    return Prepared(plans, todo, scenes, forecast(per_plan, out, scenes))


def carry_out(
    job: ImagesJob, season: str, prepared: Prepared, reporter: Reporter
) -> dict[str, Any]:
    """Tell the plan, and unless only that is wanted, make the images and publish the area.

    Raises:
        UnconfirmedError: it is huge. OutputError: the folder cannot be used, the disk is small.
        SourceError: images could not be reached. Cancelled: the user asked to stop.
    """
    plain = _plain(job, season, prepared)
    if job.plan_only:
        return plain
    for text in _sentences(prepared):
        reporter.log("info", text)
    out = Path(job.out)
    folder.require_own_folder(out, prepared.plans)
    require_confirmation(prepared.forecast, len(prepared.todo), job.confirmed)
    require_room(prepared.forecast, out)
    with io.alone(out):
        stage = Stage(reporter, "download", BEGUN, 1.0)
        outcome = download(out, prepared.todo, prepared.scenes, job.parallel, stage)
        return _finish(out, job, prepared, plain, outcome)


def _finish(
    out: Path, job: ImagesJob, prepared: Prepared, plain: dict[str, Any], outcome: Outcome
) -> dict[str, Any]:
    """Publish what was made; the result tells what is not among it."""
    plans = tuple(_made(plan, outcome) for plan in prepared.plans)
    failed = [
        {"date": image.date, "modality": plan.modality.value, "reason": reason}
        for plan, image, reason in outcome.left_out
    ]
    record = {"request": asdict(job), **plain, "failed": failed}
    folder.publish(out, plans, plain["season"], record)
    partial = [
        f"{plan.modality} {image.date} was made without a scene: {reason}"
        for plan, image, reason in outcome.partial
    ]
    warnings = [*plain["warnings"], *map(_sentence, failed), *partial]
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


def _plain(job: ImagesJob, season: str, prepared: Prepared) -> dict[str, Any]:
    """What is planned, for JSON: what the panel shows before anything is downloaded."""
    plans = prepared.plans
    return {
        "out": job.out,
        "season": season,
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
        "is_huge": prepared.forecast.is_huge,
        "has_room": prepared.forecast.has_room,
        "warnings": [text for plan in plans for text in plan.warnings],
    }
