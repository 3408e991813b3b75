"""A set like m2s2-SITS, gathered from a real STAC API on loopback."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pytest

from s4_core import fetch, io
from s4_core.data.published import M2s2
from s4_core.errors import AreaError, ConfigurationError, SourceError
from s4_core.reproduce.gathering import Gathering, gather
from s4_core.types import Modality
from tests.fetch.conftest import QUICK
from tests.fetch.scenes import footprint, grid
from tests.fetch.server import Fault
from training.gather_m2s2 import table

BEFORE = date(2021, 9, 1)
DAYS = ("2019-10-01", "2020-04-01", "2020-06-01")  # of the year until 2020-09-01
PATCH = 16
SCENE = grid(side=256)
get = partial(fetch.fetch, patience=QUICK)


@pytest.fixture
def wanted(catalogue, api, tmp_path):
    """Scenes over a square of 2.56 km, and others out of the year."""
    for n, day in enumerate((*DAYS, "2020-12-01"), start=1):
        catalogue.optical(f"S2B_{day}", day, n, on=SCENE)
        catalogue.radar(f"S1A_{day}", day, n, on=SCENE)
        later = f"{day[:8]}15"
        catalogue.radar(f"S1D_{later}", later, n + 9, orbit="descending", on=SCENE)
    polygon = tmp_path / "region.geojson"
    polygon.write_text(json.dumps(footprint(grid(side=230))[0]))
    return Gathering(str(polygon), 3, BEFORE, PATCH, 0, (api(),))


def test_series_of_random_places(wanted, tmp_path):
    out = tmp_path / "set"
    told = gather(out, wanted, get=get)
    assert wanted.season == "2019-09-02:2020-09-01"
    assert told == {
        "time_series": 3,
        "sentinel_1_images": 18,  # both orbits
        "sentinel_2_images": 9,
        "places_without_images": 0,
    }
    patches = M2s2(out)
    assert len(patches.ids) == 3
    assert len({patches.place(name) for name in patches.ids}) == 3
    for name in patches.ids:
        optical = patches.series(name, Modality.OPTICAL, ("B04", "B8A"))
        assert optical.values.shape == (3, 2, PATCH, PATCH)
        assert [day.isoformat() for day in optical.dates] == list(DAYS)
        assert patches.length(name, Modality.RADAR) == 6
    assert not (out / ".place").exists()
    assert "| 18 | 9 |" in table({"here": told})


def test_the_numbers_are_the_scenes(wanted, catalogue, tmp_path):
    out = tmp_path / "set"
    gather(out, wanted, get=get)
    scene = io.read_array(catalogue.folder / f"S2B_{DAYS[1]}" / "B04.tif")[0][0]
    patches = M2s2(out)
    for name in patches.ids:
        x, y = patches.place(name)
        row = round((SCENE.transform[3] - y) / 10 - PATCH / 2)
        col = round((x - SCENE.transform[0]) / 10 - PATCH / 2)
        expected = scene[row : row + PATCH, col : col + PATCH] / 1e4
        values = patches.series(name, Modality.OPTICAL, ("B04",)).values[1, 0]
        np.testing.assert_allclose(values, expected, atol=1e-6)


def test_a_run_that_failed_goes_on(wanted, shop, tmp_path):
    out = tmp_path / "set"
    asked = []

    def fails_later(job, reporter):
        asked.append(job.out)
        if len(asked) == 2:
            shop.faults.append(Fault("search", "status", 503))
        return get(job, reporter)

    with pytest.raises(SourceError, match="503"):
        gather(out, wanted, get=fails_later)
    assert not (out / "metadata.geojson").exists()
    assert len(list((out / "DATA_S2").iterdir())) == 1
    shop.faults.clear()
    again = []
    told = gather(out, wanted, get=lambda job, reporter: again.append(1) or get(job, reporter))
    assert (told["time_series"], len(again)) == (3, 2)
    assert len(M2s2(out).ids) == 3
    whole = tmp_path / "whole"
    gather(whole, wanted, get=get)
    for path in sorted(whole.rglob("*.npy")):
        assert (out / path.relative_to(whole)).read_bytes() == path.read_bytes()


def test_places_without_images_are_passed_by(wanted, tmp_path):
    calls = []

    def sometimes(job, reporter):
        calls.append(job)
        if len(calls) == 1:
            raise fetch.NothingThere("there are no optical images", "")
        return get(job, reporter)

    out = tmp_path / "set"
    told = gather(out, wanted, get=sometimes)
    assert (told["time_series"], told["places_without_images"], len(calls)) == (3, 1, 4)
    assert gather(out, wanted, get=sometimes)["places_without_images"] == 1
    assert len(calls) == 4  # nothing is asked for twice


def test_a_year_without_images_is_told(wanted, tmp_path, monkeypatch):
    monkeypatch.setattr("s4_core.fetch.places._TRIES", 20)
    with pytest.raises(AreaError, match=r"Only .* places"):
        gather(tmp_path / "set", replace(wanted, before=date(2016, 9, 1)), get=get)


def test_another_request_wants_another_folder(wanted, tmp_path):
    out = tmp_path / "set"
    gather(out, replace(wanted, count=1), get=get)
    assert gather(out, replace(wanted, count=2), get=get)["time_series"] == 2  # more is no other
    with pytest.raises(ConfigurationError, match="was gathered otherwise"):
        gather(out, replace(wanted, seed=5), get=get)
