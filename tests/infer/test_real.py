"""Maps of a real area: no seams, parcels vote."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.infer.small_area import Mapper, arrays


@pytest.mark.real
def test_a_real_area_has_no_seams_and_its_parcels_vote(
    map_area: Mapper, real_areas: Path, tmp_path: Path
) -> None:
    folder = real_areas / "flanders" / "brabant_2019"
    area = {"path": str(folder), "season": "2019-01-03:2019-06-11"}
    whole = arrays(map_area("both", area=area))
    assert whole[0].shape == (64, 64)
    parcels = str(folder / "parcels.gpkg")
    options = {"tile": 24, "out": str(tmp_path / "tiles.tif")}
    for found, expected in zip(arrays(map_area("both", area=area, **options)), whole):
        assert np.allclose(found, expected, atol=1e-4, equal_nan=True)
    voted = map_area("both", area=area, parcels=parcels, **options)
    assert len(voted.parcels) == 17
    assert all(row.pixels > 0 and row.value > 0 for row in voted.parcels)
    assert sum(row.hectares for row in voted.areas) == pytest.approx(64 * 64 / 100)
