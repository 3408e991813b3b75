"""Maps of a small area: the same whatever the tiles, complete, and honest about themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from s4_core.infer import SegmentResult
from tests.infer.small_area import arrays


@pytest.mark.parametrize("model", ["optical", "radar", "deep", "both"])
def test_the_map_does_not_depend_on_the_tile(
    map_area: Callable[..., SegmentResult], tmp_path: Path, model: str
) -> None:
    whole = arrays(map_area(model, tile=96))
    assert set(np.unique(whole[0])) == {0, 1, 2, 3}
    # nothing was seen of 8 x 12 px; bilinear radar of 20 m reaches one pixel into them
    rows, cols = (8, 12) if model in ("optical", "deep") else (7, 11)
    assert (whole[0][:rows, :cols] == 0).all()
    assert np.count_nonzero(whole[0] == 0) == rows * cols
    for part in whole[1:]:
        assert np.array_equal(np.isnan(part), whole[0] == 0)
    for tile in (32, 48, 64):
        parts = arrays(map_area(model, tile=tile, out=str(tmp_path / f"{tile}.tif")))
        assert np.array_equal(parts[0], whole[0])
        for part, expected in zip(parts[1:], whole[1:]):
            assert np.allclose(part, expected, atol=1e-4, equal_nan=True)
