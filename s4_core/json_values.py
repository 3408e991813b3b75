"""Results as plain values that JSON can say. Standard library only."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import PurePath
from typing import Any


def plain_value(value: Any) -> Any:
    """Dicts, lists, text, whole numbers, finite floats, booleans and None.

    Numpy scalars and arrays, dataclasses, dates, paths and enumerations become what they hold.
    NaN and infinities become None: JSON has neither, and readers in other languages reject what
    Python writes for them.

    Raises:
        TypeError: a value of a kind that no result holds.
    """
    if hasattr(value, "tolist"):  # numpy arrays and scalars, without importing numpy
        value = value.tolist()
    if isinstance(value, Enum):
        value = value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(plain_value(key)): plain_value(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain_value(item) for item in value]
    if isinstance(value, (date, PurePath)):
        return str(value)
    if value is None or isinstance(value, (str, int)):
        return value
    raise TypeError(f"{type(value).__name__} cannot be said in JSON.")
