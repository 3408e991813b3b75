"""Areas of a study."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from s4_core.benchmark.study_areas import day_of, open_field, simulated_folder
from s4_core.errors import AreaError
from s4_core.protocol import AreaRequest
from s4_core.simulate import SimulationSettings
from s4_core.types import Season
from tests.tiny_project import write_area

SMALL = SimulationSettings(seed=5, size_px=32, optical_count=3, radar_count=3, parcel_ha=0.8)


def test_a_simulated_area_is_written_once(tmp_path):
    folder = simulated_folder(SMALL, tmp_path)
    written = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    assert simulated_folder(SMALL, tmp_path) == folder
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*")} == written
    # another sky is another folder of an area of the same name; nothing unfinished stays
    other = simulated_folder(replace(SMALL, cloudiness=0.8), tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([folder, other])
    fields = [open_field(AreaRequest(path=str(path))) for path in (folder, other)]
    assert fields[0].area.name == fields[1].area.name == SMALL.area_name
    assert fields[0].area.simulated
    assert [p.id for p in fields[0].labels.parcels] == [p.id for p in fields[1].labels.parcels]


def test_an_area_has_to_name_its_parcels(tmp_path):
    folder = write_area(tmp_path / "tiny")
    (folder / "area.json").unlink()
    with pytest.raises(AreaError, match="names no parcels"):
        open_field(AreaRequest(path=str(folder)))


def test_the_last_day_of_a_share_of_the_season():
    season = Season(date(2019, 1, 1), date(2019, 1, 20))
    assert day_of(season, 0.25) == date(2019, 1, 5)
    assert day_of(season, 0.5) == date(2019, 1, 10)
    assert day_of(season, 1.0) == season.end
    assert day_of(season, 0.001) == season.start
