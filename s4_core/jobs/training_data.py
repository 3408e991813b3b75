"""Which parcels a model learned from, and which of them nobody may judge its map by."""

from __future__ import annotations

import json
from pathlib import Path

from s4_core.report import RECORD_SUFFIX


def parcels_path(model: Path) -> Path:
    """Where the parcels lie that a model learned from: `<stem>.training_parcels.gpkg`."""
    return model.with_name(f"{model.stem}.training_parcels.gpkg")


def not_left_out(class_map: Path) -> list[str]:
    """A caveat where the parcels that trained a map's model are known and were not left out."""
    model = _model_of(class_map)
    if model is None or not parcels_path(model).is_file():
        return []
    return [
        f"The parcels that trained the model ({parcels_path(model).name}) were not left out: where"
        " the reference holds them, the scores are better than elsewhere."
    ]


def _model_of(class_map: Path) -> Path | None:
    """The model in the record beside a map; None where that is missing or damaged."""
    try:
        record = json.loads(class_map.with_suffix(RECORD_SUFFIX).read_text(encoding="utf-8"))
        return Path(record["model"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
