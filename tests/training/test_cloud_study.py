"""Only the sky may differ between the areas of the cloud study."""

from __future__ import annotations

from dataclasses import replace

import pytest

from s4_core.benchmark.study_areas import open_field, simulated_folder
from s4_core.errors import AreaError
from s4_core.protocol import AreaRequest
from s4_core.simulate import SimulationSettings
from training.cloud_study import require_equal_radar

SMALL = SimulationSettings(seed=5, size_px=32, optical_count=4, radar_count=3, parcel_ha=0.8)


def field(settings, root):
    return open_field(AreaRequest(path=str(simulated_folder(settings, root))))


def test_another_sky_leaves_radar_and_parcels_as_they_are(tmp_path):
    fields = [field(replace(SMALL, cloudiness=c), tmp_path) for c in (0.1, 0.8)]
    require_equal_radar(fields)
    assert (fields[0].labels.parcel_index == fields[1].labels.parcel_index).all()


def test_other_radar_images_are_told(tmp_path):
    fields = [field(one, tmp_path) for one in (SMALL, replace(SMALL, looks=(4.0, 4.0)))]
    with pytest.raises(AreaError, match="radar images"):
        require_equal_radar(fields)
