"""What cannot be mapped is refused with a reason, and leaves nothing behind."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from s4_core import data, io, nn
from s4_core.errors import (
    AreaError,
    CheckpointError,
    ConfigurationError,
    LabelError,
    OutputError,
    RasterError,
    S4Error,
)
from s4_core.infer import segment
from s4_core.progress import Silent, Stage
from s4_core.types import Window
from tests.infer.small_area import LEGEND, Mapper, boxes, make_model, write_area


def left_behind(folder: Path) -> list[str]:
    """Names of files in a folder and below, hidden ones too."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"modality": "radar"}, CheckpointError, "fine-tuned to read optical; radar was asked"),
        ({"modality": "both"}, CheckpointError, "optical and radar was asked"),
        ({"modality": "sonar"}, ConfigurationError, "sonar"),
        ({"extent": "0,0,1,1"}, ConfigurationError, "does not touch the area"),
        # the corner that no image has seen
        ({"extent": "500000,5649950,500050,5650000"}, AreaError, "No pixel of fields"),
        ({"min_confidence": 2.0}, ConfigurationError, r"2\.0"),
        ({"tile": 0}, ConfigurationError, "cannot be used"),
        ({"halo": -4}, ConfigurationError, "cannot be used"),
        ({"within": "/nowhere.gpkg"}, LabelError, "does not exist"),
        ({"parcels": "/nowhere.gpkg"}, LabelError, "does not exist"),
    ],
)
def test_refusals_leave_nothing(
    map_area: Mapper, tmp_path: Path, options: dict[str, Any], error: type[S4Error], words: str
) -> None:
    out = tmp_path / "out" / "map.tif"
    with pytest.raises(error, match=words) as caught:
        map_area(**{"out": str(out), **options})
    assert caught.value.remedy
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"out": "map.png"}, "GeoTIFF"),
        ({"out": "map.tif", "confidence": "conf.nc"}, "GeoTIFF"),
        ({"out": "map.tif", "confidence": "map.tif"}, "both be"),
    ],
)
def test_names_that_cannot_be_are_refused(
    map_area: Mapper, tmp_path: Path, options: dict[str, str], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        map_area(**{key: str(tmp_path / name) for key, name in options.items()})
    assert left_behind(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_found_out_first(
    map_area: Mapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("s4_core.infer.work.MapWork.make", lambda *_: pytest.fail("began"))
    for options in ({"out": "file/map.tif"}, {"out": "map.tif", "confidence": "file/c.tif"}):
        with pytest.raises(OutputError):
            map_area(**{key: str(tmp_path / name) for key, name in options.items()})
    assert left_behind(tmp_path) == ["file"]


def test_a_full_disk_leaves_the_old_map(
    map_area: Mapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    map_area()
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(self: io.MapWriter, window: Window, values: Any) -> None:
        raise OutputError("The disk is full.", "Free disk space.")

    monkeypatch.setattr(io.MapWriter, "write", full)
    with pytest.raises(OutputError, match="full"):
        map_area(tile=32)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_pretrained_model_is_refused(map_area: Mapper, tmp_path: Path) -> None:
    job = map_area.job()
    segmenter = nn.load_segmenter(job.model)
    segmenter.card = replace(segmenter.card, legend=None)
    with pytest.raises(CheckpointError, match="no classes"):
        segment(data.open_area(job.area), segmenter, job, Stage(Silent(), "segment"))


def test_an_area_that_is_all_cloud(map_area: Mapper, tmp_path: Path) -> None:
    cloudy = write_area(tmp_path / "cloudy", 16, 16, scl=9)
    with pytest.raises(AreaError, match="all is cloud, nodata or outside"):
        map_area(area={"path": str(cloudy)}, out=str(tmp_path / "out" / "map.tif"))
    assert not (tmp_path / "out").exists()


def test_a_file_that_breaks_during_the_run(map_area: Mapper, tmp_path: Path) -> None:
    folder = write_area(tmp_path / "fields", 40, 40)
    job = map_area.job(area={"path": str(folder)}, out=str(tmp_path / "out" / "map.tif"))
    area = data.open_area(job.area)
    broken = folder / "optical" / "S2_20190304.tif"
    broken.write_bytes(broken.read_bytes()[:3000])
    with pytest.raises(RasterError, match=r"S2_20190304\.tif"):
        segment(area, nn.load_segmenter(job.model), job, Stage(Silent(), "segment"))
    assert left_behind(tmp_path / "out") == []


def test_a_season_is_needed(map_area: Mapper, area_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "fields"
    shutil.copytree(area_folder, folder)
    (folder / "area.json").write_text(json.dumps({"name": "fields"}))
    with pytest.raises(AreaError, match="season"):
        map_area(area={"path": str(folder)})


def test_other_radar_and_parcels_elsewhere_are_warned_of(map_area: Mapper, tmp_path: Path) -> None:
    model = make_model(tmp_path / "m.safetensors", "stem", "radar")
    folder = write_area(tmp_path / "fields", 24, 24)
    described = json.loads((folder / "area.json").read_text())
    described["radar"]["orbit"] = "descending"
    (folder / "area.json").write_text(json.dumps(described))
    parcels = boxes(tmp_path / "elsewhere.gpkg", [Window(200, 200, 4, 4)])
    result = map_area("radar", area={"path": str(folder)}, model_path=model, parcels=parcels)
    assert any("orbit" in text and "descending" in text for text in result.warnings)
    assert result.warnings[-1] == "None of the parcels lies on a mapped pixel; none voted."
    assert [row.pixels for row in result.parcels] == [0]


def test_simulated_is_called_simulated(map_area: Mapper, tmp_path: Path) -> None:
    model = make_model(tmp_path / "m.safetensors", "stem", "optical", simulated="in part")
    folder = write_area(tmp_path / "fields", 24, 24)
    described = {**json.loads((folder / "area.json").read_text()), "simulated": True}
    (folder / "area.json").write_text(json.dumps(described))
    result = map_area(area={"path": str(folder)}, model_path=model)
    assert result.simulated == "area and model (in part)"
    for path in (result.map, result.confidence):
        assert io.describe(path).tags["S4_SIMULATED"] == "area and model (in part)"
    lines = result.areas_csv.read_text().splitlines()
    assert lines[0].endswith(",simulated")
    assert all(line.endswith(",area and model (in part)") for line in lines[1:])


def test_a_map_of_many_classes_fits(map_area: Mapper, tmp_path: Path) -> None:
    many = tuple(replace(LEGEND.classes[0], name=f"class {i}") for i in range(300))
    model = make_model(
        tmp_path / "m.safetensors", "stem", "optical", legend=replace(LEGEND, classes=many)
    )
    folder = write_area(tmp_path / "fields", 24, 24)
    result = map_area(area={"path": str(folder)}, model_path=model, tile=16)
    values = io.read_array(result.map)[0][0]
    assert values.dtype == np.uint16
    assert values.max() > 255
    assert len(result.areas) == 300
