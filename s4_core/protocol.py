"""Jobs and messages between the engine and whoever runs it (DESIGN section 4).

A request is one JSON object on one line: `{"job": NAME, ...fields}`. The CLI, the worker and
the plugin build the same requests. Standard library only.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
import math
from collections.abc import Callable
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, Union

from s4_core.errors import ConfigurationError
from s4_core.types.caching import CacheJob
from s4_core.types.fetching import FetchJob, ImportJob
from s4_core.types.reproducing import ReproduceJob
from s4_core.types.requested import CONFIGURED, AreaRequest, Runtime
from s4_core.types.segmenting import SegmentJob

__all__ = [
    "JOBS",
    "PROTOCOL",
    "AreaRequest",
    "EvaluateJob",
    "FewParcelsJob",
    "FinetuneJob",
    "InfoJob",
    "Job",
    "PretrainJob",
    "ReportJob",
    "Runtime",
    "SegmentJob",
    "build",
    "cancelled_message",
    "error_message",
    "hello",
    "log_message",
    "progress_message",
    "request_from_json",
    "request_to_json",
    "result_message",
]

PROTOCOL = 1


@dataclass(frozen=True)
class InfoJob:
    """Describe an area."""

    area: AreaRequest


@dataclass(frozen=True)
class PretrainJob:
    """Self-supervised pretraining on unlabelled areas.

    Args:
        out: checkpoint to write; curves go beside it as `<stem>.history.jsonl`.
        preset, config: configuration: a preset's name and a YAML file over it.
        overrides: dotted keys over both, for example `{"pretrain.epochs": 5}`.
        init: checkpoint to start from (its settings hold). stats: area folder, JSON file with
            means and spreads, or a checkpoint whose standardisation to use.
        resume: go on after the last finished epoch.
    """

    areas: tuple[AreaRequest, ...]
    out: str
    preset: str = "field"
    config: str | None = None
    overrides: dict[str, Any] = dataclasses.field(default_factory=dict)
    init: str | None = None
    stats: str | None = None
    resume: bool = False
    runtime: Runtime = CONFIGURED


@dataclass(frozen=True)
class FinetuneJob:
    """Learn classes from parcels.

    Args:
        labels, field, layer: vector file, class field, layer name (None: the first); None takes
            area.json's.
        modality: "optical", "radar" or "both".
        mode: "head", "decoder", "full"; None takes the configuration's.
        legend: JSON or QML-free legend file with names and colours; None derives one.
        parcels_per_class: train on so many parcels a class, drawn by `seed`; the parcels used
            are written beside the model as `<stem>.training_parcels.gpkg`.
        compare: judge a random forest on the same split; its score is in the record as "rival".
    """

    area: AreaRequest
    init: str
    out: str
    modality: str
    labels: str | None = None
    field: str | None = None
    layer: str | None = None
    mode: str | None = None
    legend: str | None = None
    parcels_per_class: int | None = None
    seed: int | None = None
    overrides: dict[str, Any] = dataclasses.field(default_factory=dict)
    resume: bool = False
    compare: bool = False
    runtime: Runtime = CONFIGURED


@dataclass(frozen=True)
class EvaluateJob:
    """Compare a map with reference parcels, points or a reference raster.

    Args:
        reference: polygons, points (each is the pixel that holds it), or a raster of class codes.
        exclude_parcels: vector file of parcels that trained the model.
        sampling: "random" or "stratified" where the reference is a probability sample.
        out: metrics JSON to write, or None.
    """

    map: str
    reference: str
    field: str | None = None
    layer: str | None = None
    exclude_parcels: str | None = None
    confidence: str | None = None
    sampling: str | None = None
    out: str | None = None


@dataclass(frozen=True)
class ReportJob:
    """Draw one HTML report of a run's folder."""

    run: str
    out: str
    title: str | None = None


@dataclass(frozen=True)
class FewParcelsJob:
    """Compare S4 with what a user would otherwise use, taught by few parcels a class.

    Args:
        init: checkpoint to judge. out: result to write, JSON; its plot goes beside it.
        k: training parcels a class. splits: draws of training parcels of each.
        methods: names; see `s4 benchmark few-parcels --help`.
        labels, field, layer: of all areas; None takes each area.json's.
        scratch_steps, area_steps: budgets of training on the parcels, on the area's images.
        resume: take over the cells that a stopped run of the very same has finished.
    """

    areas: tuple[AreaRequest, ...]
    init: str
    out: str
    modalities: tuple[str, ...] = ("optical", "radar")
    k: tuple[int, ...] = (1, 2)
    splits: int = 10
    methods: tuple[str, ...] = ("rf", "logistic", "rocket", "s4", "s4-random")
    labels: str | None = None
    field: str | None = None
    layer: str | None = None
    scratch_steps: int = 50
    area_steps: int = 60
    seed: int | None = None
    overrides: dict[str, Any] = dataclasses.field(default_factory=dict)
    resume: bool = False
    runtime: Runtime = CONFIGURED


Job = Union[
    InfoJob,
    PretrainJob,
    FinetuneJob,
    SegmentJob,
    EvaluateJob,
    ReportJob,
    FewParcelsJob,
    FetchJob,
    ImportJob,
    ReproduceJob,
    CacheJob,
]

JOBS: dict[str, type] = {
    "info": InfoJob,
    "pretrain": PretrainJob,
    "finetune": FinetuneJob,
    "segment": SegmentJob,
    "evaluate": EvaluateJob,
    "report": ReportJob,
    "few_parcels": FewParcelsJob,
    "fetch": FetchJob,
    "import_images": ImportJob,
    "reproduce": ReproduceJob,
    "cache": CacheJob,
}

_NESTED: dict[str, type] = {"area": AreaRequest, "runtime": Runtime}


def request_to_json(job: Job) -> str:
    """One line of JSON for a job."""
    name = next(name for name, kind in JOBS.items() if type(job) is kind)
    return json.dumps({"job": name, **asdict(job)})


def request_from_json(line: str) -> Job:
    """Read a job request.

    Raises:
        ConfigurationError: not JSON, an unknown job or key, or a needed key missing.
    """
    try:
        raw = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ConfigurationError(
            f"The request is not JSON: {error}.", "Send one JSON object on one line."
        ) from error
    given = raw.get("job") if isinstance(raw, dict) else raw
    if not isinstance(raw, dict) or not isinstance(given, str) or given not in JOBS:
        raise ConfigurationError(
            f"There is no job {given!r}.", f"Choose one of: {', '.join(JOBS)}."
        )
    job: Job = build(JOBS[raw.pop("job")], raw)
    return job


def build(kind: type, raw: dict[str, Any]) -> Any:
    """A request dataclass from plain values; unknown and missing keys are errors.

    Raises:
        ConfigurationError: an unknown key (the nearest known is named), a missing one, or a value
            of another kind than its field.
    """
    known = {f.name: f for f in fields(kind)}
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known keys: {', '.join(known)}."
            raise ConfigurationError(f"{kind.__name__} has no key '{key}'.", hint)
    missing = [
        f.name
        for f in known.values()
        if f.name not in raw and f.default is MISSING and f.default_factory is MISSING
    ]
    if missing:
        raise ConfigurationError(
            f"{kind.__name__} lacks {', '.join(missing)}.", "Add it to the request."
        )
    for key, value in raw.items():
        _require_kind(f"{kind.__name__}.{key}", str(known[key].type), value)
    return kind(**{key: _value(key, value) for key, value in raw.items()})


def _require_kind(name: str, annotation: str, value: Any) -> None:
    """Refuse a value that is not what its field's annotation says.

    Raises:
        ConfigurationError: names the field, what it is and what it has to be.
    """
    choices = [_KINDS[part] for part in annotation.split(" | ") if part in _KINDS]
    if choices and not any(fits(value) for _, fits in choices):
        wanted = " or ".join(words for words, _ in choices)
        raise ConfigurationError(f"{name} is {value!r}.", f"Give {wanted}.")


def _is_number(value: Any) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))


def _is_list_of(kind: type, value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(type(item) is kind for item in value)


_KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "None": ("null", lambda value: value is None),
    "str": ("a text", lambda value: isinstance(value, str)),
    "bool": ("true or false", lambda value: isinstance(value, bool)),
    "int": ("a whole number", lambda value: type(value) is int),
    "float": ("a number", _is_number),
    "tuple[str, ...]": ("a list of texts", lambda value: _is_list_of(str, value)),
    "tuple[int, ...]": ("a list of whole numbers", lambda value: _is_list_of(int, value)),
    "tuple[int, int, int]": (
        "a list of three whole numbers",
        lambda value: _is_list_of(int, value) and len(value) == 3,
    ),
    "tuple[AreaRequest, ...]": (
        "a list of objects",
        lambda value: isinstance(value, (list, tuple)),
    ),
    "dict[str, str]": (
        "an object of texts",
        lambda value: isinstance(value, dict) and _is_list_of(str, list(value.values())),
    ),
    "dict[str, tuple[str, ...]]": (
        "an object of lists of texts",
        lambda value: isinstance(value, dict) and all(_is_list_of(str, v) for v in value.values()),
    ),
    "dict[str, Any]": ("an object", lambda value: isinstance(value, dict)),
}
"""What a value must be, in words and as a test, by the annotation of its field."""


def _value(key: str, value: Any) -> Any:
    if key == "areas" and isinstance(value, list):
        return tuple(_value("area", item) for item in value)
    if key in _NESTED:
        if not isinstance(value, dict):
            raise ConfigurationError(
                f"'{key}' is {value!r}.", 'Give an object, for example {"path": "..."}.'
            )
        return build(_NESTED[key], value)
    if key == "bands" and isinstance(value, dict):
        return {path: tuple(names) for path, names in value.items()}
    if isinstance(value, list):
        return tuple(value)
    return value


def hello(engine: str, device: str, reason: str) -> dict[str, Any]:
    """First message of a worker."""
    return {
        "type": "hello",
        "protocol": PROTOCOL,
        "engine": engine,
        "device": device,
        "reason": reason,
    }


def progress_message(
    fraction: float, stage: str, eta_s: float | None, metrics: dict[str, float]
) -> dict[str, Any]:
    """A progress message; `eta_s` in seconds, null if unknown."""
    return {
        "type": "progress",
        "fraction": round(fraction, 4),
        "stage": stage,
        "eta_s": eta_s,
        "metrics": metrics,
    }


def log_message(level: str, message: str) -> dict[str, Any]:
    """A log message; `level` is "info" or "warning"."""
    return {"type": "log", "level": level, "message": message}


def result_message(result: dict[str, Any]) -> dict[str, Any]:
    """The last message of a job that succeeded."""
    return {"type": "result", "result": result}


def cancelled_message() -> dict[str, Any]:
    """The last message of a job that was stopped."""
    return {"type": "cancelled"}


def error_message(code: str, message: str, remedy: str) -> dict[str, Any]:
    """The last message of a job that failed."""
    return {"type": "error", "code": code, "message": message, "remedy": remedy}
