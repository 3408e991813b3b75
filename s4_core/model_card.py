"""What a checkpoint says of itself, readable without torch (and inside QGIS).

A checkpoint is one `.safetensors` file: eight bytes of header length (little endian), a JSON
header, then the tensors. Everything that is not a tensor stands as JSON text under the header's
`__metadata__` key `s4`. Reading it never executes code.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from s4_core.errors import CheckpointError, S4Error
from s4_core.types import Calendar, Legend, MapClass, Modality

SCHEMA = 1
"""Version of the header; a reader refuses any other."""

SIMULATED = ("no", "in part", "only")
"""How much of what a model learned from was simulated."""

UNITS = ("reflectance", "dB")
"""Of what networks see: optical, radar."""

_MAX_HEADER_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class BandStatistics:
    """Standardisation of one modality: what its channels are and their mean and spread.

    Args:
        channels: names in network order; "VV/VH" is derived.
        unit: one of UNITS.
        mean, std: per channel, in `unit`.
        backscatter, orbit: of the radar images learned from, where known.
    """

    channels: tuple[str, ...]
    unit: str
    mean: tuple[float, ...]
    std: tuple[float, ...]
    backscatter: str | None = None
    orbit: str | None = None

    def __post_init__(self) -> None:
        if not self.channels or not len(self.channels) == len(self.mean) == len(self.std):
            raise ValueError(
                f"{len(self.mean)} means and {len(self.std)} spreads of"
                f" {len(self.channels)} channels"
            )
        if len(set(self.channels)) < len(self.channels):
            raise ValueError(f"a channel that is named twice: {', '.join(self.channels)}")
        if self.unit not in UNITS:
            raise ValueError(f"the unit '{self.unit}', expected one of: {', '.join(UNITS)}")
        if not all(math.isfinite(value) for value in (*self.mean, *self.std)):
            raise ValueError("a mean or a spread that is no finite number")
        if min(self.std) <= 0:
            raise ValueError(f"the spread {min(self.std):g}, expected more than 0")


@dataclass(frozen=True)
class HeadCard:
    """The classifier of a fine-tuned model.

    Args:
        kind: "readout" (linear on per-date features; also what finetune.pooling "dates" trains),
            "mean" (paper: time mean of logits) or "convlstm" (paper 5.3: last state of a ConvLSTM).
        modalities: what it reads; both names for a `both` model.
        readout, readout_raw: see FinetuneSettings; None but for kind "readout".
        temperature: divides the logits before the softmax (calibration).
    """

    kind: str
    modalities: tuple[Modality, ...]
    readout: str | None = None
    readout_raw: bool = False
    temperature: float = 1.0


@dataclass(frozen=True)
class ModelCard:
    """Everything in a checkpoint that is not a tensor.

    Args:
        settings: the configuration as nested plain values (`config` rebuilds the dataclass).
        modalities: standardisation per modality, keyed by modality.
        calendar: target dates of a "calendar" model, None for "nearest".
        legend, head: None until fine-tuned.
        record: training record: areas, dates, epochs, seed, metrics, software version.
        simulated: learned from simulated data alone or in part ("no", "in part", "only").
    """

    settings: dict[str, Any]
    modalities: dict[Modality, BandStatistics]
    calendar: Calendar | None = None
    legend: Legend | None = None
    head: HeadCard | None = None
    record: dict[str, Any] = field(default_factory=dict)
    simulated: str = "no"


def card_to_json(card: ModelCard) -> str:
    """The header text of a card."""
    return json.dumps({"schema": SCHEMA, **asdict(card)}, sort_keys=True)


def card_from_json(text: str, source: str = "the model file") -> ModelCard:
    """Rebuild a card from header text.

    Raises:
        CheckpointError: not JSON, another schema, or keys missing.
    """
    try:
        raw = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise CheckpointError(
            f"The header of {source} is not JSON: {error}.", "Get the file again."
        ) from error
    found = raw.get("schema") if isinstance(raw, dict) else None
    if found != SCHEMA:
        raise CheckpointError(
            f"{source} has checkpoint schema {found!r}, this version reads schema {SCHEMA}.",
            "Use a model made by this version, or the version that made this model.",
        )
    try:
        return _card(raw)
    except (KeyError, TypeError, ValueError, AttributeError, S4Error) as error:
        raise CheckpointError(
            f"The header of {source} is incomplete or wrong: {error!r}.", "Get the file again."
        ) from error


def _card(raw: dict[str, Any]) -> ModelCard:
    legend = raw["legend"]
    head = raw["head"]
    for key in ("record", "settings"):
        if not isinstance(raw[key], dict):
            raise TypeError(f"'{key}' is {raw[key]!r}, expected an object")
    if raw["simulated"] not in SIMULATED:
        raise ValueError(f"'simulated' is {raw['simulated']!r}")
    return ModelCard(
        settings=raw["settings"],
        modalities={
            Modality(name): BandStatistics(**{k: _tupled(v) for k, v in stats.items()})
            for name, stats in raw["modalities"].items()
        },
        calendar=None if raw["calendar"] is None else Calendar(**raw["calendar"]),
        legend=None
        if legend is None
        else Legend(
            tuple(MapClass(c["name"], c["code"], tuple(c["colour"])) for c in legend["classes"])
        ),
        head=None
        if head is None
        else HeadCard(**{**head, "modalities": tuple(Modality(m) for m in head["modalities"])}),
        record=raw["record"],
        simulated=raw["simulated"],
    )


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def read_card(path: str | Path) -> ModelCard:
    """Read a checkpoint's card; the tensors stay on disk.

    Raises:
        CheckpointError: no such file, not a checkpoint of ours, another schema, or truncated.
    """
    header = _read_header(Path(path))
    metadata = header.get("__metadata__")
    text = metadata.get("s4") if isinstance(metadata, dict) else None
    if not isinstance(text, str):
        raise CheckpointError(
            f"{path} is a safetensors file but not an S4 model.",
            "Choose a model made by S4 (`s4 pretrain` or `s4 finetune`).",
        )
    return card_from_json(text, str(path))


def _read_header(path: Path) -> dict[str, Any]:
    not_ours = CheckpointError(
        f"{path} is not an S4 model file (.safetensors).",
        "Choose a model made by S4; pickled models (.pt, .pth) are never opened.",
    )
    try:
        with path.open("rb") as stream:
            prefix = stream.read(8)
            if len(prefix) < 8:
                raise not_ours
            (length,) = struct.unpack("<Q", prefix)
            if length > _MAX_HEADER_BYTES:
                raise not_ours
            body = stream.read(length)
        size = path.stat().st_size
    except OSError as error:
        raise CheckpointError(
            f"The model {path} cannot be read: {error.strerror or error}.", "Check the path."
        ) from error
    try:
        header: dict[str, Any] = json.loads(body)
        ends = [t["data_offsets"][1] for name, t in header.items() if name != "__metadata__"]
        expected = 8 + length + max(ends, default=0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise not_ours from error
    if size < expected:
        raise CheckpointError(
            f"{path} is truncated: {size} bytes of {expected}.", "Get the file again."
        )
    return header


def metric_record(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a model's record, or that of one it came from, says of its parcel metric; or nothing."""
    while "metric" not in record and "pretraining" in record:
        record = record["pretraining"]
    found: Mapping[str, Any] = record.get("metric", {})
    return found
