"""Real images as lossless COGs behind a real STAC API: fetched and mapped as from the folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from s4_core import io, jobs
from s4_core.protocol import AreaRequest, FinetuneJob, PretrainJob, SegmentJob
from s4_core.types.fetching import FetchJob
from tests.fetch.serving import offer
from tests.tiny_project import ONE_CORE, SMALL

EVERY = 8
"""So many times fewer dates than the area has."""


@pytest.fixture
def folder(real_areas: Path, tmp_path: Path) -> Path:
    """Some dates of the real area, as an area of their own."""
    real = real_areas / "flanders" / "brabant_2019"
    for modality in ("optical", "radar"):
        (tmp_path / "folder" / modality).mkdir(parents=True)
        for path in sorted((real / modality).glob("*.tif"))[::EVERY]:
            shutil.copy(path, tmp_path / "folder" / modality)
    for name in ("area.json", "parcels.gpkg"):
        shutil.copy(real / name, tmp_path / "folder")
    return tmp_path / "folder"


@pytest.mark.real
def test_fetch_then_segment_is_the_map_of_the_folder(catalogue, folder, api, tmp_path):
    offer(catalogue, folder)
    fetched = tmp_path / "fetched"
    season = ":".join(json.loads((folder / "area.json").read_text())["season"])
    asked = FetchJob(
        aoi=str(next((folder / "optical").iterdir())),
        season="2018-08-01:2019-12-31",
        out=str(fetched),
        source=(api(),),
    )
    result = jobs.run(asked)
    assert (result["failed"], result["warnings"]) == ([], [])
    ours = sorted(path.name for path in fetched.rglob("*.tif"))
    assert len(ours) == len(list(folder.rglob("S*.tif")))
    for path in sorted(folder.rglob("S*.tif")):
        (twin,) = (fetched / path.parent.name).glob(f"*{path.stem[-8:]}.tif")
        values, grid = io.read_array(path)
        again, its = io.read_array(twin)
        assert its.transform == grid.transform
        assert np.array_equal(values, again, equal_nan=True), path.name
    init, model = tmp_path / "init.safetensors", tmp_path / "model.safetensors"
    area = AreaRequest(path=str(folder))
    jobs.run(PretrainJob((area,), str(init), overrides=SMALL, runtime=ONE_CORE))
    jobs.run(FinetuneJob(area, str(init), str(model), "optical", mode="head", runtime=ONE_CORE))
    maps = {}
    for place in (folder, fetched):
        maps[place] = tmp_path / f"{place.name}.tif"
        request = AreaRequest(path=str(place), season=season)
        jobs.run(SegmentJob(request, str(model), "optical", str(maps[place]), runtime=ONE_CORE))
    first, second = (io.read_array(path)[0] for path in maps.values())
    assert len(np.unique(first)) > 2
    assert np.array_equal(first, second)
