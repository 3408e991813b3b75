"""What a map rests on: its tags, and the fingerprint that lets a killed run go on."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from s4_core import __version__
from s4_core.data.masking import mask_path
from s4_core.errors import CheckpointError
from s4_core.model_card import ModelCard
from s4_core.protocol import SegmentJob
from s4_core.simulated import NONE, sources_of_map
from s4_core.types import Area, Modality

_CHUNK = 2**20


def digest_of(path: str) -> str:
    """SHA-256 of a model file, hexadecimal.

    Raises:
        CheckpointError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with Path(path).open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise CheckpointError(
            f"The model {path} cannot be read: {error.strerror or error}.", "Check the path."
        ) from error
    return digest.hexdigest()


def tags(
    area: Area,
    card: ModelCard,
    request: SegmentJob,
    model_digest: str,
    dates: Mapping[Modality, int],
) -> dict[str, str]:
    """Provenance tags of the rasters of a map.

    Args:
        dates: acquisition dates used, by modality.
    """
    found = {
        "S4_VERSION": __version__,
        "S4_MODEL": f"{Path(request.model).name} sha256:{model_digest}",
        "S4_MODALITY": request.modality,
        "S4_SEASON": "" if area.season is None else str(area.season),
        "S4_AREA": area.name,
        "S4_UNTIL": "" if area.until is None else area.until.isoformat(),
        "S4_DATES": ", ".join(f"{modality} {count}" for modality, count in dates.items()),
        "S4_MIN_CONFIDENCE": "" if request.min_confidence is None else f"{request.min_confidence}",
    }
    simulated = sources_of_map(area.simulated, card)
    if simulated != NONE:
        found["S4_SIMULATED"] = simulated
    return {key: text for key, text in found.items() if text}


def fingerprint(area: Area, request: SegmentJob, model_digest: str, decided: Sequence[Any]) -> str:
    """Whatever must be equal for the pixels to be equal, as a SHA-256.

    Args:
        decided: further plain values: tile, halo, device, precision.
    """
    mask = area.optical.mask
    parts = {
        "version": __version__,
        "area": [repr(area.grid), repr(area.season), repr(area.until)],
        "options": [asdict(area.optical), asdict(area.radar)],
        "images": [
            [place_of(a.raster.path), a.indices, _state(a.raster.path)] for a in area.acquisitions
        ],
        "masks": [_state(mask_path(a, mask)) for a in area.acquisitions if mask],
        "model": model_digest,
        "modality": request.modality,
        "extent": request.extent,
        "min_confidence": request.min_confidence,
        "files": [
            [path and place_of(path), _state(path)] for path in (request.within, request.parcels)
        ],
        "decided": list(decided),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def place_of(path: str) -> str:
    """The same for every process, whatever folder it was started in."""
    return path if not path or path.startswith("/vsi") or "://" in path else os.path.abspath(path)


def _state(path: str | None) -> list[int] | None:
    """Size and time of change of a file; None where it is no file of this machine."""
    if path is None:
        return None
    try:
        status = os.stat(path)
    except OSError:  # such as /vsicurl/...
        return None
    return [status.st_size, status.st_mtime_ns]
