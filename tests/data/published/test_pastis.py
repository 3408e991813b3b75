from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from s4_core.data.published import IGNORED, Pastis, PatchContent, write_pastis
from s4_core.errors import ConfigurationError, InputError, LabelError, RasterError
from s4_core.types import Modality
from tests.data.published.small_patches import content


@pytest.fixture(scope="module")
def contents() -> list[PatchContent]:
    return [content(number, (number - 1) % 5 + 1) for number in range(1, 11)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, contents: list[PatchContent]) -> Path:
    path = tmp_path_factory.mktemp("pastis")
    write_pastis(path, contents)
    return path


def test_the_files_are_those_of_the_published_data_set(folder: Path) -> None:
    assert np.load(folder / "DATA_S2" / "S2_3.npy").shape == (3, 10, 8, 8)
    assert np.load(folder / "DATA_S2" / "S2_3.npy").dtype == np.int16
    assert np.load(folder / "DATA_S1D" / "S1D_3.npy").shape == (4, 3, 8, 8)
    assert np.load(folder / "ANNOTATIONS" / "TARGET_3.npy").shape == (3, 8, 8)
    patch = json.loads((folder / "metadata.geojson").read_text())["features"][2]["properties"]
    assert (patch["ID_PATCH"], patch["Fold"]) == (3, 3)
    assert patch["dates-S2"] == {"0": 20190501, "1": 20181103, "2": 20190709}
    norms = json.loads((folder / "NORM_S1A_patch.json").read_text())
    assert sorted(norms) == [f"Fold_{fold}" for fold in range(1, 6)]
    assert len(norms["Fold_2"]["std"]) == 3


def test_series_come_back_by_date_and_by_name(folder: Path, contents: list[PatchContent]) -> None:
    given = contents[2].series[Modality.OPTICAL]
    read = Pastis(folder).series("3", Modality.OPTICAL, ("B04", "B02"))
    assert read.dates == (date(2018, 11, 3), date(2019, 5, 1), date(2019, 7, 9))
    np.testing.assert_allclose(read.values, given.values[[1, 0, 2]][:, [2, 0]], atol=6e-5)
    assert read.valid.all()


def test_the_official_folds(folder: Path) -> None:
    patches = Pastis(folder)
    split = patches.split()
    assert split.train == ("1", "2", "3", "6", "7", "8")
    assert (split.validation, split.test) == (("4", "9"), ("5", "10"))
    assert patches.split(1).test == ("1", "6")
    tests = [set(patches.split(rotation).test) for rotation in range(5)]
    assert set.union(*tests) == set(patches.ids)


def test_void_is_ignored(folder: Path, contents: list[PatchContent]) -> None:
    target, given = Pastis(folder).target("4"), contents[3].target
    assert given is not None
    assert ((target == IGNORED) == (given == 19)).all()
    assert (target[given < 19] == given[given < 19]).all()
    assert len(Pastis(folder).class_names) == 19


def test_statistics_are_the_mean_of_the_folds_files(folder: Path) -> None:
    patches = Pastis(folder)
    stored = json.loads((folder / "NORM_S2_patch.json").read_text())
    known = patches.statistics(Modality.OPTICAL, ("B03",), patches.split().train)
    expected = np.mean([stored[f"Fold_{fold}"]["mean"][1] for fold in (1, 2, 3)]) * 1e-4
    assert known.mean == pytest.approx((expected,))


def test_dates_as_text_in_the_metadata(folder: Path, tmp_path: Path) -> None:
    raw = json.loads((folder / "metadata.geojson").read_text())
    for feature in raw["features"]:
        feature["properties"]["dates-S2"] = json.dumps(feature["properties"]["dates-S2"])
    for path in folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "metadata.geojson").unlink()
    (tmp_path / "metadata.geojson").write_text(json.dumps(raw))
    assert Pastis(tmp_path).length("1", Modality.OPTICAL) == 3


def test_cloud_masks_are_optional(folder: Path) -> None:
    assert Pastis(folder).cloud_cover("3") == 0.0
    judged = Pastis(folder).cloud_cover("4")
    assert judged is not None
    assert 0 < judged < 1


def test_a_missing_data_set_tells_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"DATA_S1A.*10\.5281/zenodo\.5735646"):
        Pastis(tmp_path)


def test_what_is_broken_is_named(tmp_path: Path, contents: list[PatchContent]) -> None:
    write_pastis(tmp_path, contents[:5])
    patches = Pastis(tmp_path)
    with pytest.raises(ConfigurationError, match="no channel B99"):
        patches.series("1", Modality.OPTICAL, ("B99",))
    (tmp_path / "DATA_S2" / "S2_1.npy").write_bytes(b"\x93NUMPY")
    with pytest.raises(RasterError, match=r"S2_1\.npy cannot be read"):
        patches.series("1", Modality.OPTICAL, ("B04",))
    np.save(tmp_path / "DATA_S2" / "S2_1.npy", np.zeros((2, 10, 8, 8), np.int16))
    with pytest.raises(RasterError, match="expected 3 dates of 10 bands"):
        patches.series("1", Modality.OPTICAL, ("B04",))
    np.save(tmp_path / "ANNOTATIONS" / "TARGET_1.npy", np.full((3, 8, 8), 33, np.uint8))
    with pytest.raises(LabelError, match="codes 33 to 33"):
        patches.target("1")
