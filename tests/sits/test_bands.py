from __future__ import annotations

from datetime import date

import pytest

from s4_core.sits import BandName, read_band_name
from s4_core.types import Modality

OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR


@pytest.mark.parametrize(
    ("description", "name", "modality"),
    [
        ("B04", "B04", OPTICAL),
        ("b4", "B04", OPTICAL),
        ("B8A", "B8A", OPTICAL),
        ("B8a_20m", "B8A", OPTICAL),
        ("B12", "B12", OPTICAL),
        ("B4, central wavelength 665 nm", "B04", OPTICAL),
        ("SCL", "SCL", OPTICAL),
        ("Red", "B04", OPTICAL),
        ("rededge 2", "B06", OPTICAL),
        ("nir", "B08", OPTICAL),
        ("swir16", "B11", OPTICAL),
        ("VV", "VV", RADAR),
        ("Sigma0_VH_db", "VH", RADAR),
        ("hh", "HH", RADAR),
        ("NDVI", "NDVI", None),
        ("VV/VH", "VV/VH", None),
        ("B99", "B99", None),
        ("Band 1", "Band 1", None),
    ],
)
def test_band_names(description, name, modality):
    assert read_band_name(description) == BandName(name, modality)


@pytest.mark.parametrize(
    "description", ["2019-04-12_B04", "B04_20190412", "20190412T105031_20190412T105029_T31UFS_B4"]
)
def test_dated_bands(description):
    assert read_band_name(description) == BandName("B04", OPTICAL, date(2019, 4, 12))


def test_a_dated_common_name():
    assert read_band_name("red 2019-04-12") == BandName("B04", OPTICAL, date(2019, 4, 12))


@pytest.mark.parametrize("description", ["", "  "])
def test_no_name(description):
    assert read_band_name(description) is None
