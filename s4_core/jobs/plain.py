"""Results as plain values that JSON can say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import Any


def plain(value: Any) -> Any:
    """Dicts, lists, text, whole numbers, finite floats, booleans and None; NaN becomes None.

    JSON has no NaN, and readers in other languages reject what Python writes for it.

    Raises:
        TypeError: a value of a kind that no result holds.
    """
    if hasattr(value, "tolist"):  # numpy arrays and scalars, without importing numpy
        value = value.tolist()
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (date, PurePath)):
        return str(value)
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"A result cannot hold a {type(value).__name__}.")
