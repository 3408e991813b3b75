"""Cloud masks for optical images that come without one."""

from __future__ import annotations

import importlib.util
from types import SimpleNamespace

import numpy as np
import pytest

from s4_core import io
from s4_core.data import open_area
from s4_core.errors import ConfigurationError, SourceError
from s4_core.fetch import clouds, fetch, import_images
from s4_core.progress import Silent
from s4_core.protocol import AreaRequest
from s4_core.types import OPTICAL_BANDS, Grid, Window
from s4_core.types.fetching import ImportJob
from tests.fetch.conftest import QUICK
from tests.fetch.scenes import ORIGIN, grid, wkt
from tests.fetch.test_fetch import job, stored

SIDE = 192  # 32 pixels of 60 m
BANDS = tuple(dict.fromkeys((*OPTICAL_BANDS, *clouds.WANTED)))
FIELD = {"B01": 0.12, "B02": 0.09, "B04": 0.05, "B05": 0.10, "B08": 0.35, "B8A": 0.37,
         "B09": 0.12, "B10": 0.002, "B11": 0.18, "B12": 0.08}  # fmt: skip
CLOUD = {"B09": 0.4, "B10": 0.03, "B11": 0.45, "B12": 0.35}
AREA = f"{ORIGIN[0]},{ORIGIN[1] - 10 * SIDE},{ORIGIN[0] + 10 * SIDE},{ORIGIN[1]}"
IS_INSTALLED = importlib.util.find_spec(clouds.NAME) is not None


def half_clouded(band: str) -> np.ndarray:
    """Numbers of a band: a field in the west, a cloud in the east."""
    values = np.full((SIDE, SIDE), round(1e4 * FIELD.get(band, 0.1)), np.uint16)
    values[:, SIDE // 2 :] = round(1e4 * CLOUD.get(band, 0.6))
    return values


@pytest.fixture
def offer(catalogue):
    """Fills the catalogue with images of these bands and without SCL; the way to fetch them."""

    def make(bands=BANDS, **changes):
        for day in ("2021-04-01", "2021-05-01"):
            scene = {band: (half_clouded(band), grid(side=SIDE)) for band in bands}
            catalogue.add(day, day, "optical", scene)
        source = str(catalogue.write_collection())
        out = catalogue.folder.parent / "area"
        return job(source, out, aoi=AREA, modality=("optical",), **changes)

    return make


@pytest.fixture
def bright(monkeypatch):
    """A detector that calls bright blue a cloud, in place of the one that is not installed."""

    def masks(data):
        assert data.shape[0] == 1
        assert data.shape[-1] == 10
        return (data[..., clouds.WANTED.index("B02")] > 0.4).astype(np.uint8)

    monkeypatch.setattr(clouds, "_detector", lambda: SimpleNamespace(get_cloud_masks=masks))
    monkeypatch.setattr(clouds, "version", lambda _: "0")


@pytest.mark.skipif(IS_INSTALLED, reason="s2cloudless is installed")
def test_a_detector_that_is_not_installed_is_told_before_anything(offer, shop):
    asked = offer(cloud_mask="s2cloudless")
    with pytest.raises(ConfigurationError, match="s2cloudless is not installed") as told:
        fetch(asked, Silent(), QUICK)
    assert "pip install s2cloudless" in told.value.remedy
    assert shop.asked == []


def test_an_unknown_mask_is_told():
    with pytest.raises(ConfigurationError, match="no cloud mask 'fmask'"):
        clouds.check("fmask")


def test_a_mask_is_made_where_there_is_none(offer, bright, tmp_path):
    result = fetch(offer(cloud_mask="s2cloudless"), Silent(), QUICK)
    assert result["warnings"] == []
    assert result["modalities"][0]["mask"] == "SCL"
    path = tmp_path / "area" / "optical" / "S2_L2A_20210401.tif"
    assert io.describe(path).bands == (*OPTICAL_BANDS, "SCL")
    assert np.array_equal(stored(path, "B04"), half_clouded("B04"))
    scl = stored(path, "SCL")
    assert (scl[:, : SIDE // 2] == clouds.CLEAR).all()
    assert (scl[:, SIDE // 2 :] == clouds.CLOUD).all()
    told = "s2cloudless 0, probability over 0.4, at 60 m"
    assert io.describe(path).tags["CLOUD_MASK"] == told
    area = open_area(AreaRequest(path=str(tmp_path / "area")))
    assert area.optical.mask == "SCL"
    assert fetch(offer(cloud_mask="s2cloudless"), Silent(), QUICK)["fetched"] == 0


def test_without_cirrus_it_warns(offer, bright, tmp_path):
    bands = [band for band in BANDS if band != "B10"]
    result = fetch(offer(bands, cloud_mask="s2cloudless"), Silent(), QUICK)
    (warning,) = result["warnings"]
    assert "without B10" in warning
    assert "cirrus is missed" in warning
    path = tmp_path / "area" / "optical" / "S2_L2A_20210401.tif"
    assert io.describe(path).tags["CLOUD_MASK"].endswith("without B10: no cirrus")


def test_bands_that_it_needs_are_told(offer, bright):
    with pytest.raises(SourceError, match="s2cloudless needs B01, B09, which"):
        fetch(offer(OPTICAL_BANDS, cloud_mask="s2cloudless"), Silent(), QUICK)


def test_a_mask_that_is_there_is_kept(catalogue, bright, tmp_path):
    expected = catalogue.optical("S2", "2021-04-01", 1)
    catalogue.optical("later", "2021-05-01", 2)
    source = str(catalogue.write_collection())
    asked = job(source, tmp_path / "area", modality=("optical",), cloud_mask="s2cloudless")
    fetch(asked, Silent(), QUICK)
    path = tmp_path / "area" / "optical" / "S2_L2A_20210401.tif"
    assert np.array_equal(stored(path, "SCL"), expected["SCL"])
    assert io.describe(path).tags["CLOUD_MASK"] == "scene classification of the product"


def test_without_the_option_there_is_no_mask(offer):
    result = fetch(offer(), Silent(), QUICK)
    assert "no scene classification" in result["warnings"][0]


def test_downloads_get_a_mask_too(bright, tmp_path):
    for day in ("20210401", "20210411"):
        stack = np.stack([half_clouded(band) for band in BANDS])
        path = tmp_path / "down" / f"S2_{day}.tif"
        io.write_array(path, stack, grid(side=SIDE), list(BANDS), nodata=0)
    asked = ImportJob((str(tmp_path / "down"),), str(tmp_path / "area"), AREA,
                      aoi_crs="EPSG:32631", cloud_mask="s2cloudless")  # fmt: skip
    import_images(asked, Silent())
    scl = stored(tmp_path / "area" / "optical" / "S2_L2A_20210401.tif", "SCL")
    assert (scl[:, SIDE // 2 :] == clouds.CLOUD).all()


def test_grids_of_other_sizes():
    coarse, factor = clouds.coarse(Grid(wkt(32631), (600_000, 20, 0, 5_600_000, 0, -20), 50, 40))
    assert (factor, coarse.shape, coarse.pixel_size) == (3, (17, 14), (60.0, 60.0))
    degrees = Grid("EPSG:4326", (4.0, 1e-4, 0, 50.0, 0, -1e-4), 60, 60)
    assert clouds.coarse(degrees)[1] in (6, 7)
    sky = clouds.Sky(np.arange(6, dtype=np.float32).reshape(2, 3), 2)
    assert sky.on(Window(1, 1, 2, 3)).tolist() == [[0, 1, 1], [3, 4, 4]]


@pytest.mark.skipif(not IS_INSTALLED, reason="s2cloudless is not installed (the extra 'clouds')")
@pytest.mark.parametrize("bands", [BANDS, [band for band in BANDS if band != "B10"]])
def test_the_real_detector(bands, offer, tmp_path):
    fetch(offer(bands, cloud_mask="s2cloudless"), Silent(), QUICK)
    scl = stored(tmp_path / "area" / "optical" / "S2_L2A_20210401.tif", "SCL")
    assert (scl[:, : SIDE // 4] == clouds.CLEAR).all()
    assert (scl[:, SIDE // 2 :] == clouds.CLOUD).all()
    # its margin reaches over the cloud's edge
    assert (scl[:, SIDE // 2 - 6] == clouds.CLOUD).all()
