"""Learn classes from parcels."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

from s4_core import data, io, simulated, train
from s4_core.errors import ConfigurationError, LabelError
from s4_core.jobs.outputs import require_writable
from s4_core.jobs.settings import finetune_settings
from s4_core.jobs.training_data import parcels_path
from s4_core.progress import Reporter, Stage
from s4_core.protocol import FewParcelsJob, FinetuneJob
from s4_core.types import Area, Settings, modalities_of


def run(job: FinetuneJob, reporter: Reporter) -> dict[str, Any]:
    """Fine-tune, write the model and beside it the parcels that it learned from.

    Several processes that `torchrun` started do it together, but for mode "head".

    Raises:
        LabelError: no parcels or no class field is named, or the parcels cannot be used.
        S4Error: as `train.finetune`.
    """
    settings = finetune_settings(job)
    with train.together(settings.runtime, reporter) as (ranks, agreed):
        if ranks.count > 1 and settings.finetune.mode == "head":
            raise ConfigurationError(
                f"The mode head learns in one process; {ranks.count} were started.",
                "Start it without torchrun, or choose --mode decoder or full.",
            )
        return _finetune(job, settings, ranks, agreed)


def _finetune(
    job: FinetuneJob, settings: Settings, ranks: train.Ranks, reporter: Reporter
) -> dict[str, Any]:
    modalities = modalities_of(job.modality)
    area = data.open_area(job.area)
    layer = parcel_layer(job, area)
    legend = None if job.legend is None else io.read_legend(job.legend)
    labels = data.read_labels(area, layer, legend, settings.finetune.inner_buffer_m)
    warnings = [*area.warnings, *labels.warnings]
    for text in warnings:
        reporter.log("warning", text)
    out = Path(job.out)
    trained = parcels_path(out)
    images = [acquisition.raster.path for acquisition in area.acquisitions]
    given = [*images, job.labels or area.labels, job.init, job.legend]
    io.atomic.refuse_overwriting((out, trained, train.history_path(out)), given)
    if ranks.leads:
        require_writable(out)
    with io.alone(out) if ranks.leads else nullcontext():
        card = train.finetune(
            area,
            labels,
            job.init,
            settings,
            modalities,
            out,
            resume=job.resume,
            compare=job.compare,
            stage=Stage(reporter, "finetune"),
        )
        if ranks.leads:
            _write_parcels(trained, layer, card.record["parcels"])
    history = train.history_path(out)
    return {
        "model": out,
        "training_parcels": trained,
        "history": history if history.exists() else None,
        "classes": list(labels.legend.names),
        "validation": card.record["validation"],
        "simulated": card.simulated,
        "simulated_note": simulated.sentence(simulated.sources_of_model(card), "classes"),
        "record": card.record,
        "warnings": warnings,
    }


def parcel_layer(job: FinetuneJob | FewParcelsJob, area: Area) -> io.ParcelLayer:
    """The parcels that a request names, else those of area.json.

    Raises:
        LabelError: nobody names parcels or their class field, or they cannot be read.
    """
    path, field = job.labels or area.labels, job.field or area.field
    if path is None:
        raise LabelError(
            f"No parcels are given, and area.json of {area.name} names none.",
            "Give them with --labels FILE --field NAME.",
        )
    if field is None:
        raise LabelError(
            f"No class field is given for {path}.", "Name it, for example with --field crop."
        )
    return io.read_parcels(path, field, job.layer)


def _write_parcels(path: Path, layer: io.ParcelLayer, used: dict[str, list[str]]) -> None:
    """Every parcel that a score of the model must not be measured on, and what it served for."""
    part_of = {name: part for part, names in used.items() for name in names}
    chosen = [parcel for parcel in layer.parcels if parcel.id in part_of]
    io.write_parcels(path, chosen, layer.crs_wkt, {"part": [part_of[p.id] for p in chosen]})
