"""Whether files beside a map are what S4 writes: others may have edited or replaced them.

What is not sound is treated as missing, so that the page is drawn without it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

_SCORES = ("iou", "f1", "precision", "recall")
_TEXTS = ("reference", "field", "layer", "exclude_parcels", "areas_reason")


def is_metrics(raw: Mapping[str, Any], classes: int) -> bool:
    """Whether values are the metrics of a map with so many classes (`s4 evaluate`)."""
    miou, parcels = raw.get("miou"), raw.get("parcels")
    return (
        isinstance(miou, dict)
        and {"value", "low", "high"} <= miou.keys()
        and all(_is_score(miou[key]) for key in ("value", "low", "high"))
        and all(_is_score(raw.get(key)) for key in ("oa", "ece", "n_parcels", "reference_px"))
        and all(_is_named(raw.get(key), _is_score) for key in _SCORES)
        and (parcels is None or (_is_named(parcels, _is_number) and parcels.keys() >= _scored(raw)))
        and _is_matrix(raw.get("confusion"), classes)
        and _is_list(raw.get("caveats"), lambda item: isinstance(item, str))
        and _is_list(raw.get("areas"), _is_area)
        and _is_list(raw.get("reliability") or [], _is_bin)
        and all(isinstance(raw.get(key, ""), (str, type(None))) for key in _TEXTS)
    )


def is_area_row(row: Mapping[Any, Any]) -> bool:
    """Whether a line is one of `areas.csv`."""
    try:
        return isinstance(row["class"], str) and math.isfinite(float(row["hectares"]))
    except (KeyError, TypeError, ValueError):
        return False


def is_epoch(row: Any) -> bool:
    """Whether a line is one of a curve file."""
    return isinstance(row, dict) and _is_number(row.get("epoch"))


def _scored(raw: Mapping[str, Any]) -> set[str]:
    return {name for name, value in raw["iou"].items() if value is not None}


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _is_score(value: Any) -> bool:
    return value is None or _is_number(value)


def _is_named(value: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(fits(item) for item in value.values())


def _is_list(value: Any, fits: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and all(fits(item) for item in value)


def _is_matrix(value: Any, size: int) -> bool:
    return (
        _is_list(value, lambda row: _is_list(row, _is_number) and len(row) == size)
        and len(value) == size
    )


def _is_area(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return False
    adjusted = value.get("adjusted") or {"value": 0, "low": 0, "high": 0}
    return isinstance(adjusted, dict) and all(
        _is_number(adjusted.get(key)) for key in ("value", "low", "high")
    )


def _is_bin(value: Any) -> bool:
    return isinstance(value, dict) and all(
        _is_number(value.get(key)) for key in ("confidence", "accuracy", "pixels")
    )
