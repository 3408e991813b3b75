"""From what a form holds to the request of a job: pure, for the panel and the algorithms alike.

What cannot be right is refused here, before a worker starts; what only the files can tell (bands,
dates, classes) the engine says. Relative paths become absolute: the worker runs elsewhere.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from s4_core.errors import ConfigurationError
from s4_core.protocol import (
    AreaRequest,
    EvaluateJob,
    FewParcelsJob,
    FinetuneJob,
    InfoJob,
    PretrainJob,
    ReportJob,
    Runtime,
    SegmentJob,
)
from s4_core.types import Season
from s4_qgis.choices import (
    DEVICES,
    METHODS,
    MODALITIES,
    MODES,
    PRESETS,
    RADAR_UNITS,
    SAMPLINGS,
)
from s4_qgis.forms import (
    AreaForm,
    EvaluateForm,
    Extent,
    FewParcelsForm,
    FinetuneForm,
    PretrainForm,
    ReportForm,
    SegmentForm,
)
from s4_qgis.i18n import tr

MODEL_SUFFIX = ".safetensors"
RESULT_SUFFIX = ".json"
MAP_SUFFIXES = (".tif", ".tiff")


def area_request(form: AreaForm) -> AreaRequest:
    """The area of a job.

    Raises:
        ConfigurationError: no images, two sources of them, or a statement that cannot be right.
    """
    if not form.folder and not form.rasters:
        raise ConfigurationError(
            tr("No images are chosen."), tr("Choose a folder of images or raster layers.")
        )
    if form.folder and form.rasters:
        raise ConfigurationError(
            tr("Both a folder and raster layers are chosen."), tr("Choose one of them.")
        )
    if form.scale is not None and not form.scale > 0:
        raise ConfigurationError(
            tr("The reflectance scale is {scale}.").format(scale=form.scale),
            tr("Give a number above zero; Sentinel-2 L2A has 0.0001."),
        )
    one_of(tr("Radar unit"), form.radar_unit, RADAR_UNITS)
    return AreaRequest(
        path=absolute(form.folder) or "",
        rasters=tuple(absolute(path) or "" for path in form.rasters),
        season=_season(form.season),
        until=_day(form.until),
        mask=form.mask.strip() or None,
        scale=form.scale,
        radar_unit=form.radar_unit or None,
        dates={absolute(path) or "": _day(day) or "" for path, day in form.dates.items()},
        bands={absolute(path) or "": tuple(names) for path, names in form.bands.items()},
    )


def info_job(form: AreaForm) -> InfoJob:
    """The request to describe an area.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    return InfoJob(area_request(form))


def pretrain_job(form: PretrainForm) -> PretrainJob:
    """The request to pretrain.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    if not form.areas:
        raise ConfigurationError(
            tr("No area is chosen to learn from."), tr("Choose a folder of images.")
        )
    one_of(tr("Preset"), form.preset, PRESETS)
    return PretrainJob(
        areas=tuple(area_request(area) for area in form.areas),
        out=_model_out(form.out, form.init),
        preset=form.preset or "field",
        config=absolute(form.config),
        overrides=_overrides(form.overrides, "pretrain", form.epochs),
        init=absolute(form.init),
        stats=absolute(form.stats),
        resume=form.resume,
        runtime=_runtime(form.runtime),
    )


def finetune_job(form: FinetuneForm) -> FinetuneJob:
    """The request to learn classes.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    required(form.init, tr("No model to start from is chosen."), tr("Choose a pretrained model."))
    _modality(form.modality)
    one_of(tr("Training mode"), form.mode, MODES)
    _at_least(tr("Number of parcels per class"), form.parcels_per_class, 1)
    return FinetuneJob(
        area=area_request(form.area),
        init=absolute(form.init) or "",
        out=_model_out(form.out, form.init),
        modality=form.modality,
        labels=absolute(form.labels),
        field=form.field_name or None,
        layer=form.layer or None,
        mode=form.mode or None,
        legend=absolute(form.legend),
        parcels_per_class=form.parcels_per_class,
        seed=form.seed,
        overrides=_overrides(form.overrides, "finetune", form.epochs),
        resume=form.resume,
        compare=form.compare,
        runtime=_runtime(form.runtime),
    )


def segment_job(form: SegmentForm) -> SegmentJob:
    """The request to map an area.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    required(form.model, tr("No model is chosen."), tr("Choose a fine-tuned model."))
    _modality(form.modality)
    _share(form.min_confidence)
    _at_least(tr("Tile size"), form.tile, 1)
    _at_least(tr("Halo"), form.halo, 0)
    return SegmentJob(
        area=area_request(form.area),
        model=absolute(form.model) or "",
        modality=form.modality,
        out=_map_out(form.out),
        confidence=_map_out(form.confidence) if form.confidence else None,
        extent=None if form.extent is None else extent_text(form.extent),
        within=absolute(form.within),
        parcels=absolute(form.parcels),
        min_confidence=form.min_confidence or None,
        tile=form.tile,
        halo=form.halo,
        resume=form.resume,
        runtime=_runtime(form.runtime),
    )


def evaluate_job(form: EvaluateForm) -> EvaluateJob:
    """The request to compare a map with its reference.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    required(form.map, tr("No map is chosen."), tr("Choose a class map made by S4."))
    required(
        form.reference, tr("No reference is chosen."), tr("Choose parcels or a reference raster.")
    )
    one_of(tr("Sampling"), form.sampling, SAMPLINGS)
    return EvaluateJob(
        map=absolute(form.map) or "",
        reference=absolute(form.reference) or "",
        field=form.field_name or None,
        layer=form.layer or None,
        exclude_parcels=absolute(form.exclude_parcels),
        confidence=absolute(form.confidence),
        sampling=form.sampling or None,
        out=absolute(form.out),
    )


def few_parcels_job(form: FewParcelsForm) -> FewParcelsJob:
    """The request to compare methods.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    required(form.init, tr("No model to start from is chosen."), tr("Choose a pretrained model."))
    _modality(form.modality)
    _at_least(tr("Training parcels per class"), form.most, 1)
    _at_least(tr("Number of draws"), form.draws, 1)
    if not form.methods:
        raise ConfigurationError(tr("No method is chosen."), tr("Choose at least one."))
    for name in form.methods:
        one_of(tr("Method"), name, METHODS)
    budgets = {"area_steps": form.area_steps, "scratch_steps": form.scratch_steps}
    return FewParcelsJob(
        areas=(area_request(form.area),),
        init=absolute(form.init) or "",
        out=_result_out(form.out),
        modalities=(form.modality,),
        k=tuple(range(1, form.most + 1)),
        splits=form.draws,
        methods=form.methods,
        labels=absolute(form.labels),
        field=form.field_name or None,
        layer=form.layer or None,
        seed=form.seed,
        overrides=dict(form.overrides),
        resume=form.resume,
        runtime=_runtime(form.runtime),
        **{name: steps for name, steps in budgets.items() if steps is not None},
    )


def report_job(form: ReportForm) -> ReportJob:
    """The request to draw the page of a run.

    Raises:
        ConfigurationError: the form cannot be right.
    """
    required(form.run, tr("No run is chosen."), tr("Choose the folder of a map."))
    required(form.out, tr("The report has no file name."), tr("Name a file that ends in .html."))
    return ReportJob(absolute(form.run) or "", absolute(form.out) or "", form.title or None)


def extent_text(extent: Extent) -> str:
    """An extent as the engine reads it: `xmin,ymin,xmax,ymax`.

    Raises:
        ConfigurationError: it is empty.
    """
    xmin, ymin, xmax, ymax = extent
    if not (xmin < xmax and ymin < ymax):
        raise ConfigurationError(tr("The extent is empty."), tr("Choose one that has an area."))
    return ",".join(f"{value:.12g}" for value in extent)


def overrides_from_text(text: str) -> dict[str, Any]:
    """Settings from lines of `key = value`; values are read as JSON, else as text.

    Raises:
        ConfigurationError: a line that is not `key = value`.
    """
    found: dict[str, Any] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        key, equals, value = line.partition("=")
        if not equals or not key.strip():
            raise ConfigurationError(
                tr("'{line}' is not a setting.").format(line=line),
                tr("Write one a line, for example pretrain.epochs = 5."),
            )
        try:
            found[key.strip()] = json.loads(value)
        except json.JSONDecodeError:
            found[key.strip()] = value.strip()
    return found


def _overrides(stated: Mapping[str, Any], stage: str, epochs: int | None) -> dict[str, Any]:
    _at_least(tr("Number of epochs"), epochs, 1)
    chosen = {} if epochs is None else {f"{stage}.epochs": epochs}
    return {**stated, **chosen}


def absolute(path: str) -> str | None:
    """An absolute path; what GDAL opens by a name of another kind stays as it is."""
    path = path.strip()
    if not path:
        return None
    return path if path.startswith("/vsi") or "://" in path else os.path.abspath(path)


def _season(text: str) -> str | None:
    return str(Season.parse(text)) if text.strip() else None


def _day(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise ConfigurationError(
            tr("'{text}' is not a date.").format(text=text.strip()),
            tr("Give it as YYYY-MM-DD, for example 2019-07-01."),
        ) from error


def _model_out(out: str, init: str) -> str:
    path = absolute(out)
    if path is None or Path(path).suffix.lower() != MODEL_SUFFIX:
        raise ConfigurationError(
            tr("The model to write is called '{name}'.").format(name=out),
            tr("Give it a name that ends in .safetensors."),
        )
    if path == absolute(init):
        raise ConfigurationError(
            tr("The model would replace the one that it starts from."), tr("Give another name.")
        )
    return path


def _map_out(out: str) -> str:
    path = absolute(out)
    if path is None or Path(path).suffix.lower() not in MAP_SUFFIXES:
        raise ConfigurationError(
            tr("The map to write is called '{name}'.").format(name=out),
            tr("Give it a name that ends in .tif."),
        )
    return path


def _result_out(out: str) -> str:
    path = absolute(out)
    if path is None or Path(path).suffix.lower() != RESULT_SUFFIX:
        raise ConfigurationError(
            tr("The result to write is called '{name}'.").format(name=out),
            tr("Give it a name that ends in .json."),
        )
    return path


def _modality(choice: str) -> None:
    required(choice, tr("No modality is chosen."), tr("Choose optical, radar or both."))
    one_of(tr("Modality"), choice, MODALITIES)


def _share(value: float | None) -> None:
    if value is not None and not 0 <= value <= 1:
        raise ConfigurationError(
            tr("The minimum confidence is {value}.").format(value=value),
            tr("Give a number from 0 to 1."),
        )


def _runtime(stated: Runtime) -> Runtime:
    one_of(tr("Device"), stated.device or "", DEVICES)
    _at_least(tr("Number of threads"), stated.threads, 1)
    return stated


def required(value: str, message: str, remedy: str) -> None:
    """Refuse a value that is empty."""
    if not value.strip():
        raise ConfigurationError(message, remedy)


def one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    """A value that is one of the choices, or "" where the form may leave it open."""
    if value and value not in choices:
        raise ConfigurationError(
            tr("{name}: '{value}' is not possible.").format(name=name, value=value),
            tr("Choose one of: {choices}.").format(choices=", ".join(choices)),
        )


def _at_least(name: str, value: int | None, least: int) -> None:
    if value is not None and value < least:
        raise ConfigurationError(
            tr("{name}: {value} is not possible.").format(name=name, value=value),
            tr("Give at least {least}.").format(least=least),
        )
