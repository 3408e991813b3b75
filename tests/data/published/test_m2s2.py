from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from s4_core.data.published import (
    M2s2,
    is_simulated,
    mark_simulated,
    measured_statistics,
    write_m2s2,
)
from s4_core.errors import InputError
from s4_core.types import RATIO, Modality
from tests.data.published.small_patches import content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("m2s2")
    assert write_m2s2(path, [replace(content(number, 1), target=None) for number in (1, 2)]) == 2
    return path


def test_both_series_come_back(folder: Path) -> None:
    patches = M2s2(folder)
    assert patches.ids == ("1", "2")
    radar = patches.series("2", Modality.RADAR, ("VV", "VH", RATIO))
    given = content(2, 1).series[Modality.RADAR].values
    np.testing.assert_array_equal(radar.values[:, :2], given[:, :2])
    np.testing.assert_allclose(radar.values[:, 2], given[:, 0] - given[:, 1], atol=1e-6)
    assert patches.series("1", Modality.OPTICAL, ("B11",)).values.shape == (3, 1, 8, 8)
    assert patches.place("2") == (240.0, 460.0)


def test_measured_statistics(folder: Path) -> None:
    patches = M2s2(folder)
    known = measured_statistics(patches, Modality.RADAR, ("VH",), patches.ids)
    pixels = np.stack([content(n, 1).series[Modality.RADAR].values[:, 1] for n in (1, 2)])
    assert known.mean == pytest.approx((float(pixels.mean(dtype=np.float64)),))
    assert known.std == pytest.approx((float(pixels.std(dtype=np.float64)),))


def test_a_missing_data_set_tells_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"DATA_S1.*CCOGD0"):
        M2s2(tmp_path)


def test_simulated_folders_say_so(tmp_path: Path) -> None:
    assert not is_simulated(tmp_path)
    mark_simulated(tmp_path, {"seed": 1})
    assert is_simulated(tmp_path)
