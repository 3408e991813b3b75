from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from s4_core.json_values import plain_value
from s4_core.types import Modality, Window


def test_everything_that_a_result_holds_becomes_json():
    value = {
        Modality.RADAR: (1, 2.5, None, True),
        "array": np.array([[1, 2]], np.int64),
        "scalar": np.float32(0.5),
        "path": Path("a") / "b.tif",
        "date": date(2019, 6, 1),
        "kind": Modality.OPTICAL,
        "window": Window(1, 2, 3, 4),
        "nested": {"nan": float("nan"), "inf": np.inf, "array": np.array([np.nan, 1.0])},
    }
    found = plain_value(value)
    assert found == {
        "radar": [1, 2.5, None, True],
        "array": [[1, 2]],
        "scalar": 0.5,
        "path": "a/b.tif",
        "date": "2019-06-01",
        "kind": "optical",
        "window": {"row": 1, "col": 2, "height": 3, "width": 4},
        "nested": {"nan": None, "inf": None, "array": [None, 1.0]},
    }
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_what_no_result_holds_is_refused():
    with pytest.raises(TypeError, match="object"):
        plain_value({"a": object()})
