"""The real Sentinel areas, from files to samples, labels and `info`."""

from __future__ import annotations

import numpy as np
import pytest

from s4_core import io
from s4_core.data import (
    Preparation,
    check_area,
    inspect,
    open_area,
    prepare,
    prepare_pair,
    read_labels,
    read_series,
)
from s4_core.protocol import AreaRequest
from s4_core.types import InputSettings, Modality, Settings, TemporalSettings, Window

pytestmark = pytest.mark.real
OPTICAL, RADAR = Modality.OPTICAL, Modality.RADAR
FLANDERS = ("flanders/brabant_2019", "flanders/westhoek_2018")


@pytest.fixture
def open_real(real_areas):
    return lambda name: open_area(AreaRequest(path=str(real_areas / name)))


@pytest.mark.parametrize(("name", "counts"), [*zip(FLANDERS, [(72, 80), (118, 159)])])
def test_catalogue(open_real, name, counts):
    area = open_real(name)
    assert tuple(len(area.of(m)) for m in Modality) == counts
    assert area.grid.shape == (64, 64)
    assert area.grid.pixel_size == (10.0, 10.0)
    assert area.warnings == ()
    found = inspect(area)
    clouds = [a["cloud_share"] for a in found["acquisitions"] if a["modality"] == "optical"]
    assert 0.2 < np.mean([share for share in clouds if share is not None]) < 0.7


@pytest.mark.parametrize("name", FLANDERS)
def test_samples(open_real, name):
    area = open_real(name)
    preparation = Preparation.of([area], Settings())
    pair = prepare_pair(area, preparation, area.grid.whole)
    for modality, channels in ((OPTICAL, 10), (RADAR, 3)):
        assert check_area(area, modality, preparation) == ()
        sample = pair[modality]
        assert sample.x.shape == (channels, 40, 64, 64)
        assert sample.valid.mean() > 0.95
        assert np.isfinite(sample.x).all()
        assert abs(sample.x[:, sample.valid].mean()) < 0.3
        window = Window(-4, 24, 16, 20)
        part = prepare(area, modality, preparation, window)
        np.testing.assert_array_equal(part.x[:, :, 4:], sample.x[:, :, :12, 24:44])
        assert not part.valid[:, :4].any()


def test_samples_of_the_paper(open_real):
    area = open_real(FLANDERS[0])
    settings = Settings(
        input=InputSettings(optical=("B04", "B03", "B02")),
        temporal=TemporalSettings(mode="nearest", mask_clouds=False),
    )
    preparation = Preparation.of([area], settings)
    pair = prepare_pair(area, preparation, area.grid.whole)
    lengths = {pair[m].x.shape[1] for m in Modality}
    assert lengths == {preparation.length}
    assert preparation.length % 4 == 0
    days = [abs((a - b).days) for a, b in zip(pair[OPTICAL].dates, pair[RADAR].dates)]
    assert max(days) <= 6  # Sentinel-1 came every six days


def test_reflectance_and_backscatter_are_physical(open_real):
    area = open_real(FLANDERS[0])
    optical = read_series(area, OPTICAL, ("B04", "B08"), area.grid.whole)
    red, nir = (optical.values[:, i][optical.valid] for i in (0, 1))
    assert 0.02 < red.mean() < 0.15
    assert 0.2 < nir.mean() < 0.5
    radar = read_series(area, RADAR, ("VV", "VH", "VV/VH"), area.grid.whole)
    vv, vh, ratio = (radar.values[:, i][radar.valid].mean() for i in range(3))
    assert -15 < vv < -5
    assert -25 < vh < -12
    assert ratio == pytest.approx(vv - vh, abs=1e-3)


@pytest.mark.parametrize(("name", "parcels", "classes"), [*zip(FLANDERS, (17, 16), (7, 5))])
def test_labels(open_real, real_areas, name, parcels, classes):
    area = open_real(name)
    labels = read_labels(area, io.read_parcels(area.labels, area.field))
    assert (len(labels.parcels), len(labels.legend)) == (parcels, classes)
    codes = np.array([0, *(int(c.code) for c in labels.legend.classes)])[labels.classes]
    reference = io.read_array(real_areas / name / "reference.tif")[0][0]
    assert (codes == reference).mean() > 0.99


def test_monthly_composites_and_an_absent_band(open_real):
    flanders, hesbaye = open_real(FLANDERS[0]), open_real("hesbaye_2021")
    assert {str(a.date) for a in hesbaye.of(OPTICAL)} >= {"2020-11-16", "2021-02-15"}
    assert all(a.is_composite for a in hesbaye.acquisitions)
    assert "91 days" in inspect(hesbaye)["warnings"][0]
    preparation = Preparation.of([flanders, hesbaye], Settings())
    pair = prepare_pair(hesbaye, preparation, hesbaye.grid.whole)
    np.testing.assert_array_equal(np.flatnonzero(~pair[OPTICAL].present_channels), [7])
    # the winter gap of three months is masked, not invented
    hidden = [str(d) for d, v in zip(pair[OPTICAL].dates, pair[OPTICAL].valid) if not v.any()]
    assert "2020-12-24" in hidden
    assert pair[RADAR].valid[pair[RADAR].dates.index(pair[OPTICAL].dates[7])].all()
