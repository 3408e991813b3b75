"""The embedded sample, as it lies in the repository."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from s4_core import data, io
from s4_core.protocol import AreaRequest
from s4_core.types import Modality

SAMPLE = Path(__file__).resolve().parents[2] / "resources" / "sample"


@pytest.fixture(scope="module")
def sample():
    return data.open_area(AreaRequest(path=str(SAMPLE)))


def test_it_is_small():
    # QGIS leaves statistics (*.aux.xml) beside images that it has drawn; they are not shipped
    shipped = [p for p in SAMPLE.rglob("*") if p.is_file() and p.suffix != ".xml"]
    assert sum(path.stat().st_size for path in shipped) < 3_000_000


def test_it_calls_itself_simulated(sample):
    assert sample.simulated
    assert sample.name.startswith("simulated")
    stated = json.loads((SAMPLE / "area.json").read_text())
    assert stated["simulated"] is True
    assert {a.raster.tags["SIMULATED"] for a in sample.acquisitions} == {"YES"}


def test_it_has_both_modalities_on_their_own_dates(sample):
    assert min(sample.grid.height, sample.grid.width) >= 128
    optical, radar = sample.of(Modality.OPTICAL), sample.of(Modality.RADAR)
    assert 30 <= len(optical) <= 60
    assert 40 <= len(radar) <= 80
    assert {a.date for a in optical} != {a.date for a in radar}
    assert not sample.warnings


def test_every_crop_has_parcels_to_learn_from_and_to_test_on(sample):
    labels = data.read_labels(sample, io.read_parcels(SAMPLE / "parcels.gpkg", "crop"))
    counts = Counter(parcel.name for parcel in labels.parcels)
    assert len(counts) >= 6
    assert min(counts.values()) >= 4
    assert not labels.warnings
