"""Compare S4 with what a user would otherwise use, taught by few parcels a class."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from s4_core import benchmark, data, io, simulated
from s4_core.benchmark import Budgets, Field, Plan
from s4_core.errors import OutputError
from s4_core.jobs.finetune import parcel_layer
from s4_core.jobs.outputs import require_writable
from s4_core.jobs.settings import few_parcels_settings
from s4_core.model_card import read_card
from s4_core.progress import Reporter, Stage
from s4_core.protocol import AreaRequest, FewParcelsJob
from s4_core.types import modalities_of

_TAUGHT = (
    "The checkpoint's network has learned from labelled parcels. Where parcels that judge it are "
    "among them, the methods that use it look better than they are."
)


def run(job: FewParcelsJob, reporter: Reporter) -> dict[str, Any]:
    """Compare, write the result and its plot.

    Raises:
        LabelError: no parcels, no class field, or too few parcels everywhere.
        ConfigurationError: an unknown method or modality, real and simulated areas together.
        S4Error: as `benchmark.compare`.
    """
    settings = few_parcels_settings(job)
    methods = tuple(benchmark.methods_of(job.methods))
    modalities = tuple(dict.fromkeys(m for name in job.modalities for m in modalities_of(name)))
    out = Path(job.out)
    fields = [_field(job, request, settings.finetune.inner_buffer_m) for request in job.areas]
    warnings = [
        f"{field.area.name}: {text}"
        for field in fields
        for text in (*field.area.warnings, *field.labels.warnings)
    ]
    card = read_card(job.init)
    if _network_was_taught(card.record):
        warnings.append(_TAUGHT)
    for text in warnings:
        reporter.log("warning", text)
    if plot_path(out) == out:
        raise OutputError(
            f"{out} would be both the result and its plot.", "Give the result another ending: .json"
        )
    images = [a.raster.path for field in fields for a in field.area.acquisitions]
    given = [*images, *(field.labels_path for field in fields), job.init]
    io.atomic.refuse_overwriting((out, plot_path(out)), given)
    io.atomic.refuse_folder(plot_path(out))
    require_writable(out)
    plan = Plan(
        checkpoint=Path(job.init),
        modalities=modalities,
        k=tuple(dict.fromkeys(job.k)),
        splits=job.splits,
        methods=methods,
        settings=settings,
        budgets=Budgets(job.scratch_steps, job.area_steps, work_folder(out)),
    )
    with io.alone(out):
        result = benchmark.compare(
            fields, plan, resume=job.resume, stage=Stage(reporter, "few parcels")
        )
        io.write_json(out, result)
        benchmark.draw(result, plot_path(out))
        benchmark.Store(work_folder(out)).clear()
    sources = simulated.sources_of_map(bool(result["simulated"]), card)
    return {
        **result,
        "out": out,
        "plot": plot_path(out),
        "simulated_note": simulated.sentence(sources, "pretraining"),
        "warnings": [*warnings, *result["warnings"]],
    }


def plot_path(out: Path) -> Path:
    """The plot of a comparison, beside its result."""
    return out.with_suffix(".png")


def work_folder(out: Path) -> Path:
    """Where a comparison keeps its finished cells: `<stem>.work` beside its result."""
    return out.with_name(f"{out.stem}.work")


def _network_was_taught(record: Mapping[str, Any]) -> bool:
    """Whether a checkpoint's network itself, not only its readout, learned from parcels."""
    while record:
        if record.get("mode") in {"decoder", "full"}:
            return True
        record = record.get("pretraining") or {}
    return False


def _field(job: FewParcelsJob, request: AreaRequest, inner_buffer_m: float) -> Field:
    area = data.open_area(request)
    labels = data.read_labels(area, parcel_layer(job, area), None, inner_buffer_m)
    return Field(area, labels, str(job.labels or area.labels))
