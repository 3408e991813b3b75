"""A small map with its reference, written as real files."""

from __future__ import annotations

from pathlib import Path

import pytest

from s4_core import io
from tests.jobs.small_map import PARCELS, WKT, map_values, write_map


@pytest.fixture
def class_map(tmp_path: Path) -> Path:
    return write_map(tmp_path / "crop_map.tif", map_values(), {"S4_MODALITY": "optical"})


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    path = tmp_path / "parcels.gpkg"
    io.write_parcels(path, PARCELS, WKT)
    return path
