from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from s4_core import io
from s4_core.errors import AreaError
from s4_core.fetch.places import random_places

RING = "[[4.0,50.0],[4.1,50.0],[4.1,50.05],[4.05,50.05],[4.05,50.1],[4.0,50.1],[4.0,50.0]]"


@pytest.fixture
def polygon(tmp_path):
    """An L in degrees."""
    path = tmp_path / "l.geojson"
    path.write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {},'
        f' "geometry": {{"type": "Polygon", "coordinates": [{RING}]}}}}]}}'
    )
    return io.read_parcels(str(path))


def test_places_lie_inside_apart_and_on_the_lattice(polygon):
    found = list(islice(random_places(polygon, 640.0, 0), 25))
    for place in found:
        west, south, east, north = place.degrees
        edge = 4e-4  # half a sixteenth of a side
        assert 4.0 - edge <= west < east <= 4.1 + edge
        assert 50.0 - edge <= south < north <= 50.1 + edge
        assert not (east > 4.05 + edge and north > 50.05 + edge)  # not in the notch of the L
        assert place.epsg == 32631
        xmin, ymin, xmax, ymax = place.bounds
        assert (xmax - xmin, ymax - ymin, xmin % 20, ymin % 20) == (640, 640, 0, 0)
    corners = np.array([place.bounds for place in found])
    apart = np.abs(corners[:, None, :2] - corners[None, :, :2]).max(axis=2)
    assert (apart[~np.eye(len(found), dtype=bool)] >= 600).all()


def test_a_seed_draws_the_same_places(polygon):
    first, again, other = (list(islice(random_places(polygon, 640.0, s), 5)) for s in (3, 3, 4))
    assert first == again != other


def test_no_room_is_told(polygon, monkeypatch):
    monkeypatch.setattr("s4_core.fetch.places._TRIES", 50)
    with pytest.raises(AreaError, match="Only 0 places of 20000 m fit"):
        list(random_places(polygon, 20_000.0, 0))


def test_the_southern_half_has_its_own_zones(tmp_path):
    path = tmp_path / "south.geojson"
    ring = "[[31,-5],[31.2,-5],[31.2,-4.8],[31,-4.8],[31,-5]]"
    path.write_text(f'{{"type": "Polygon", "coordinates": [{ring}]}}')
    place = next(random_places(io.read_parcels(str(path)), 640.0, 0))
    assert place.epsg == 32736
    assert 9_440_000 < place.bounds[1] < 9_480_000
