"""Map an area with a fine-tuned model."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from s4_core import data, infer, io, nn, simulated
from s4_core.jobs.settings import runtime_of
from s4_core.progress import Reporter, Stage
from s4_core.protocol import SegmentJob
from s4_core.report import RECORD_SUFFIX
from s4_core.types import Area


def run(job: SegmentJob, reporter: Reporter) -> dict[str, Any]:
    """Map an area and write map, confidence, styles, areas and the record of the request.

    With `plan_only` nothing is written; "plan" tells what the map would cost.

    Raises:
        S4Error: as `infer.segment`.
    """
    segmenter = nn.load_segmenter(job.model)
    area = data.open_area(job.area)
    for text in area.warnings:
        reporter.log("warning", text)
    if job.plan_only:
        return _plan(area, segmenter, job, reporter)
    result = infer.segment(area, segmenter, job, Stage(reporter, "segment"), runtime_of(job))
    io.write_json(Path(job.out).with_suffix(RECORD_SUFFIX), _record(job))
    return {
        **result.plain(),
        "simulated": simulated.word_of_map(result.simulated),
        "simulated_note": simulated.sentence(result.simulated),
        "warnings": [*area.warnings, *result.warnings],
    }


def _plan(
    area: Area, segmenter: nn.Segmenter, job: SegmentJob, reporter: Reporter
) -> dict[str, Any]:
    plan = infer.plan_map(area, segmenter, job, Stage(reporter, "segment"), runtime_of(job))
    return {"plan": plan.plain(), "warnings": [*area.warnings, *plan.warnings]}


def _record(job: SegmentJob) -> dict[str, Any]:
    """The request with absolute paths, so that a report finds the images again."""
    request = dataclasses.asdict(job)
    if job.area.path:
        request["area"]["path"] = str(Path(job.area.path).resolve())
    request["area"]["rasters"] = [str(Path(path).resolve()) for path in job.area.rasters]
    request["model"] = str(Path(job.model).resolve())
    return request
