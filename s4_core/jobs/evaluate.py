"""Compare a map with its reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from s4_core import assess, io, simulated
from s4_core.errors import ConfigurationError, LabelError
from s4_core.jobs.counting import MapStrips, Tally, count_parcels, count_points, count_raster
from s4_core.jobs.metrics import mapped_areas, per_parcel, summarise
from s4_core.jobs.outputs import require_writable
from s4_core.jobs.reference import (
    Excluded,
    ReferenceParcels,
    ReferenceRaster,
    open_excluded,
    open_parcels,
    open_raster,
)
from s4_core.jobs.training_data import not_left_out
from s4_core.progress import Reporter, Stage
from s4_core.protocol import EvaluateJob
from s4_core.types import RasterFile


def run(job: EvaluateJob, reporter: Reporter) -> dict[str, Any]:
    """Metrics of a map, written to `job.out` where it names a file.

    Raises:
        ConfigurationError: `job.sampling` is no kind of sample.
        RasterError, LabelError: map or reference cannot be used, or they have nothing in common.
    """
    if job.sampling not in (None, *assess.DESIGNS):
        raise ConfigurationError(
            f"'{job.sampling}' is not a kind of sample.",
            f"Choose one of: {', '.join(assess.DESIGNS)}.",
        )
    if job.out is not None:
        given = (job.map, job.reference, job.exclude_parcels, job.confidence)
        io.atomic.refuse_overwriting([job.out], given)
        require_writable(Path(job.out))
    raster = io.describe(job.map)
    legend = io.legend_of_map(job.map)
    strips = MapStrips(job.map, raster.grid, legend, _confidence(job, raster))
    excluded = None if job.exclude_parcels is None else open_excluded(job.exclude_parcels)
    stage = Stage(reporter, "evaluate")
    sources = raster.tags.get("S4_SIMULATED", simulated.NONE)
    metrics = {
        "modality": raster.tags.get("S4_MODALITY"),
        "simulated": simulated.word_of_map(sources),
        "simulated_note": simulated.sentence(sources),
        "map": job.map,
        "reference": job.reference,
        "field": job.field,
        "layer": job.layer,
        "exclude_parcels": job.exclude_parcels,
        "sampling": job.sampling,
        **_compare(job, strips, excluded, stage),
    }
    if job.out is not None:
        io.write_json(job.out, metrics)
    return metrics


def _compare(
    job: EvaluateJob, strips: MapStrips, excluded: Excluded | None, stage: Stage
) -> dict[str, Any]:
    legend = strips.legend
    reference: ReferenceParcels | ReferenceRaster
    if io.is_raster(job.reference):
        reference = open_raster(job.reference, legend, strips.grid, strips.windows)
        tally, values = count_raster(strips, reference, excluded, stage), None
        parcels = None
    else:
        reference = open_parcels(job.reference, job.field, job.layer, legend)
        count = count_points if reference.are_points else count_parcels
        tally, values = count(strips, reference, excluded, stage), reference.values
        parcels = per_parcel(legend, tally, reference.parcels, values)
    if not tally.matrix.sum():
        raise _nothing_to_compare(job, tally)
    metrics = summarise(legend, tally, values)
    metrics["caveats"] += _warnings(job, tally, reference.unmatched, excluded)
    metrics["caveats"] += _missing_confidence(job, strips)
    if excluded is None and job.sampling is None:
        metrics["caveats"] += not_left_out(Path(job.map))
    return {
        **metrics,
        **mapped_areas(legend, tally, values, job.sampling, reference.unmatched),
        "unmatched": reference.unmatched,
        "per_parcel": parcels,
    }


def _confidence(job: EvaluateJob, class_map: RasterFile) -> RasterFile | None:
    if job.confidence is not None:
        return io.describe(job.confidence)
    found: RasterFile | None = io.confidence_beside(class_map)
    return found


def _missing_confidence(job: EvaluateJob, strips: MapStrips) -> list[str]:
    beside = Path(job.map).with_name(io.CONFIDENCE_NAME)
    if strips.confidence is not None or not beside.exists():
        return []
    return [f"{beside} is of another map: the calibration is not judged."]


def _warnings(
    job: EvaluateJob, tally: Tally, unmatched: dict[str, int], excluded: Excluded | None
) -> list[str]:
    said = []
    if unmatched:
        listed = ", ".join(f"{name} ({count})" for name, count in unmatched.items())
        said.append(f"The map does not know these reference classes; left out: {listed}.")
    if excluded is not None and tally.unit == "parcels" and not tally.excluded.any():
        said.append(
            f"None of the {len(excluded.parcels)} parcels of {job.exclude_parcels} is in the"
            " reference: check that it is the right file."
        )
    if job.sampling is None:
        return said
    if tally.excluded.any():
        said.append(
            f"{tally.unit.capitalize()} that trained the model were left out, so the sample stands"
            " only for what was not trained on."
        )
    if tally.touching_px > 0.1 * tally.reference_px:
        said.append(
            "Many reference pixels touch: they are no independent sample units, so the"
            " intervals are too narrow. Give the sample as points or parcels."
        )
    return said


def _nothing_to_compare(job: EvaluateJob, tally: Tally) -> LabelError:
    if tally.excluded.size and tally.excluded.all():
        return LabelError(
            f"All {tally.unit} of {job.reference} lie in {job.exclude_parcels}: none is left to"
            " judge the map.",
            "Keep parcels back from training (--parcels-per-class), or give others.",
        )
    if tally.reference_px:
        return LabelError(
            f"The map {job.map} is empty wherever {job.reference} has a class.",
            "Map the area of the reference.",
        )
    return LabelError(
        f"{job.reference} does not overlap the map {job.map}.",
        "Give a reference of the same place, with a right CRS.",
    )
