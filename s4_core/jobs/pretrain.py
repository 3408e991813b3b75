"""Pretrain on unlabelled areas."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from s4_core import data, io, simulated, train
from s4_core.errors import ConfigurationError
from s4_core.jobs.outputs import require_writable
from s4_core.jobs.settings import pretrain_settings
from s4_core.model_card import BandStatistics, read_card
from s4_core.progress import Reporter, Stage
from s4_core.protocol import AreaRequest, PretrainJob
from s4_core.types import Modality, Settings

Statistics = dict[Modality, BandStatistics]


def run(job: PretrainJob, reporter: Reporter) -> dict[str, Any]:
    """Pretrain and write a checkpoint; several processes that `torchrun` started do it together.

    Raises:
        AreaError, RasterError: an area cannot be used.
        ConfigurationError, CheckpointError, TrainingError, OutputError: as their names say.
    """
    settings = pretrain_settings(job)
    with train.together(settings.runtime, reporter) as (ranks, agreed):
        return _pretrain(job, settings, ranks, agreed)


def _pretrain(
    job: PretrainJob, settings: Settings, ranks: train.Ranks, reporter: Reporter
) -> dict[str, Any]:
    areas = [data.open_area(request) for request in job.areas]
    warnings = [f"{area.name}: {text}" for area in areas for text in area.warnings]
    for text in warnings:
        reporter.log("warning", text)
    out = Path(job.out)
    images = [a.raster.path for area in areas for a in area.acquisitions]
    made = (out, train.history_path(out))
    io.atomic.refuse_overwriting(made, [*images, job.init, job.stats, job.config])
    if ranks.leads:
        require_writable(out)
    stats = None if job.stats is None else read_statistics(job.stats, settings)
    with io.alone(out) if ranks.leads else nullcontext():
        card = train.pretrain(
            areas,
            settings,
            out,
            init=job.init,
            stats=stats,
            resume=job.resume,
            stage=Stage(reporter, "pretrain"),
        )
    return {
        "model": out,
        "history": train.history_path(out),
        "simulated": card.simulated,
        "simulated_note": simulated.sentence(simulated.sources_of_model(card), "pretraining"),
        "record": card.record,
        "warnings": warnings,
    }


def read_statistics(source: str, settings: Settings) -> Statistics:
    """Standardisation from an area, a JSON file or a model.

    Raises:
        ConfigurationError: nothing is there, or a JSON file that holds something else.
    """
    path = Path(source)
    if not path.exists():
        raise ConfigurationError(
            f"There are no statistics at {source}: no such folder or file.",
            "Give an area's folder, a JSON file or a model.",
        )
    if path.is_dir():
        area = data.open_area(AreaRequest(path=source))
        return {
            modality: data.band_statistics(
                [area], modality, settings.input.channels(modality), settings.temporal.mask_clouds
            )
            for modality in area.modalities
        }
    if path.suffix.lower() == ".json":
        return _from_json(path)
    return read_card(path).modalities


def _from_json(path: Path) -> Statistics:
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        return {
            Modality(name): BandStatistics(
                channels=tuple(entry["channels"]),
                unit=str(entry["unit"]),
                mean=tuple(float(value) for value in entry["mean"]),
                std=tuple(float(value) for value in entry["std"]),
            )
            for name, entry in raw.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"{path} holds no band statistics that can be used: {_reason(error)}.",
            'Expected {"optical": {"channels": [...], "unit": "reflectance", "mean": [...],'
            ' "std": [...]}, "radar": {...}}.',
        ) from error


def _reason(error: Exception) -> str:
    return f"it lacks {error}" if isinstance(error, KeyError) else str(error)
