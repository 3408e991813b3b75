from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from s4_core import data
from s4_core.data.published import M2s2, NpyFolder, is_simulated
from s4_core.data.published.curating import Curation, curate, places
from s4_core.errors import AreaError
from s4_core.protocol import AreaRequest
from s4_core.simulate import SimulationSettings, simulate_area, write_area
from s4_core.simulate.settings import SEASON
from s4_core.types import Area, Modality, Season
from training import curate_m2s2

BEFORE = date(2020, 11, 15)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("area")
    settings = SimulationSettings(seed=4, size_px=32, optical_count=3, radar_count=4)
    write_area(simulate_area(settings), made)
    return made


@pytest.fixture(scope="module")
def area(folder: Path) -> Area:
    return data.open_area(AreaRequest(str(folder)))


def test_a_set_of_an_area(area: Area, tmp_path: Path) -> None:
    assert curate(tmp_path, [area], Curation(8, 5, BEFORE)) == 5
    patches = M2s2(tmp_path)
    assert is_simulated(tmp_path)
    for patch in patches.ids:
        assert patches.length(patch, Modality.OPTICAL) == 3
        assert patches.series(patch, Modality.RADAR, ("VH", "VV")).values.shape == (4, 2, 8, 8)
    boxes = np.array(NpyFolder.opened(tmp_path, ()).boxes)
    np.testing.assert_allclose(boxes[:, 2:] - boxes[:, :2], 80)
    xmin, ymin, xmax, ymax = area.grid.bounds
    assert (boxes >= (xmin, ymin, xmin, ymin)).all()
    assert (boxes <= (xmax, ymax, xmax, ymax)).all()


def test_patches_overlap_neither_each_other_nor_labelled_ones(area: Area) -> None:
    grid = area.grid
    labelled = grid.at(replace(grid.whole, row=0, col=0, height=16, width=32)).bounds
    found = places(area, Curation(8, 50, BEFORE, labelled=(labelled,)), np.random.default_rng(0))
    taken = np.zeros(grid.shape, int)
    for window in found:
        taken[window.slices] += 1
    assert taken.max() == 1
    assert not taken[:16].any()
    assert 3 <= len(found) <= 8


def test_images_must_be_a_year_older_than_the_labels(area: Area, tmp_path: Path) -> None:
    with pytest.raises(AreaError, match="end a year before the labelled season, by 2018-11-16"):
        curate(tmp_path, [area], Curation(8, 5, date(2019, 11, 16)))


def test_only_images_of_the_season_asked_for_are_taken(area: Area, tmp_path: Path) -> None:
    last = max(image.date for image in area.acquisitions)
    season = Season(SEASON.start, last - timedelta(days=1))
    asked = replace(area, season=season, season_is_explicit=True)
    # a labelled season a year after the last image but those of the last day
    before = last + timedelta(days=364)
    with pytest.raises(AreaError, match=f"images up to {last}"):
        curate(tmp_path / "all", [area], Curation(8, 5, before))
    assert curate(tmp_path / "some", [asked], Curation(8, 5, before)) == 5
    patches = M2s2(tmp_path / "some")
    kept = [patches.length(patches.ids[0], modality) for modality in Modality]
    assert sum(kept) == sum(image.date <= season.end for image in area.acquisitions) < 7


@pytest.mark.parametrize("season", [None, "2018-10-15:2019-10-31"])
def test_the_script_tells_users_what_is_wrong(
    folder: Path, tmp_path: Path, season: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ["curate", "--area", str(folder), "--before", "2019-01-01", "--out", str(tmp_path)]
    monkeypatch.setattr("sys.argv", [*given, *(["--season", season] if season else [])])
    with pytest.raises(SystemExit, match=r"error: The area .*\n  do: Give the season before"):
        curate_m2s2.main()


def test_both_modalities_are_needed(area: Area, tmp_path: Path) -> None:
    optical = replace(area, acquisitions=area.of(Modality.OPTICAL))
    with pytest.raises(AreaError, match="no radar images"):
        curate(tmp_path, [optical], Curation(8, 5, BEFORE))


def test_no_room_is_told(area: Area, tmp_path: Path) -> None:
    with pytest.raises(AreaError, match="No patch of 64 px fits"):
        curate(tmp_path, [area], Curation(64, 5, BEFORE))
