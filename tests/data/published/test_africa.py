from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from s4_core.data.published import (
    IGNORED,
    Africa,
    PatchContent,
    write_africa,
    write_africa_items,
)
from s4_core.errors import ConfigurationError, InputError
from s4_core.types import RATIO, Modality
from tests.data.published.small_patches import content

Write = Callable[[Path, list[PatchContent]], None]


@pytest.fixture(scope="module")
def contents() -> list[PatchContent]:
    return [content(number, number, codes=7) for number in range(1, 6)]


@pytest.fixture(scope="module", params=[write_africa, write_africa_items], ids=["hdf5", "items"])
def folder(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    contents: list[PatchContent],
) -> Path:
    path = tmp_path_factory.mktemp("africa")
    request.param(path, contents)
    return path


def test_series_come_back_by_date_and_by_name(folder: Path, contents: list[PatchContent]) -> None:
    given = contents[1].series[Modality.OPTICAL]
    patches = Africa(folder)
    read = patches.series("000002", Modality.OPTICAL, ("B11", "B02"))
    # the HDF5 form tells days of the year alone: 3 November comes last
    order = sorted(range(3), key=lambda i: read_key(given.dates[i], patches))
    np.testing.assert_allclose(read.values, given.values[order][:, [8, 0]], atol=1e-5)
    assert list(read.dates) == sorted(read.dates)
    radar = patches.series("000002", Modality.RADAR, (RATIO, "VV"))
    vv, vh = contents[1].series[Modality.RADAR].values[:, :2].swapaxes(0, 1)
    np.testing.assert_allclose(radar.values[:, 0], vv - vh, atol=1e-6)
    assert patches.length("000002", Modality.RADAR) == 4


def read_key(day, patches: Africa):
    by_day_of_year = (patches.folder / "data.hdf5").exists()
    return day.timetuple().tm_yday if by_day_of_year else day


def test_the_split_is_that_of_the_lists(folder: Path) -> None:
    split = Africa(folder).split()
    assert split.train == ("000001", "000002", "000003")
    assert (split.validation, split.test) == (("000004",), ("000005",))
    with pytest.raises(ConfigurationError, match="no folds"):
        Africa(folder).split(1)


def test_background_and_other_crops_are_ignored(folder: Path, contents: list[PatchContent]) -> None:
    patches, given = Africa(folder), contents[0].target
    assert given is not None
    target = patches.target("000001")
    assert patches.class_names == ("Sorghum", "Maize", "Rice", "Groundnut")
    assert ((target == IGNORED) == ((given == 0) | (given > 4))).all()
    kept = target != IGNORED
    assert (target[kept] == given[kept] - 1).all()


def test_cloud_masks_are_optional(folder: Path) -> None:
    assert Africa(folder).cloud_cover("000001") == 0.0
    assert Africa(folder).cloud_cover("000002") is None


def test_statistics_are_measured_on_the_patches(folder: Path, contents: list[PatchContent]) -> None:
    known = Africa(folder).statistics(Modality.RADAR, ("VV",), ("000001", "000003"))
    pixels = np.stack([contents[i].series[Modality.RADAR].values[:, 0] for i in (0, 2)])
    assert known.mean == pytest.approx((float(pixels.mean(dtype=np.float64)),), abs=1e-6)


def test_ghana_has_classes_of_its_own(tmp_path: Path, contents: list[PatchContent]) -> None:
    write_africa(tmp_path, contents, "ghana")
    assert Africa(tmp_path).class_names[0] == "Groundnut"


def test_the_authors_quarter_tiles(tmp_path: Path, contents: list[PatchContent]) -> None:
    write_africa(tmp_path, contents)
    lists = tmp_path / "dataset_splits"
    lists.mkdir()
    for path in tmp_path.glob("ssudan_*.txt"):
        shutil.move(path, lists / path.name)
    assert Africa(tmp_path).split().test == ("000005",)


def test_a_missing_data_set_tells_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"ssudan_train\.txt.*rdnt\.v6kx6n"):
        Africa(tmp_path)


def test_a_part_without_patches_is_told(tmp_path: Path, contents: list[PatchContent]) -> None:
    write_africa(tmp_path, contents)
    (tmp_path / "ssudan_val.txt").write_text("999999\n")
    with pytest.raises(InputError, match=r"ssudan_val\.txt"):
        Africa(tmp_path)
