from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from qgis.core import (
    QgsFeatureRequest,
    QgsLayerTreeRegistryBridge,
    QgsProject,
    QgsRasterLayer,
    edit,
)

from s4_core import io
from s4_core.errors import LabelError
from s4_qgis.layers.sampling import (
    LEAST,
    add_sample,
    allocate,
    draw_places,
    read_sample,
    write_sample,
)
from tests.s4_qgis.maps import LEGEND, class_values, write_run


@settings(deadline=None, max_examples=200)
@given(st.lists(st.integers(2, 5000), min_size=1, max_size=8), st.integers(1, 400))
def test_every_class_gets_units_and_no_more_than_it_has(counts, units):
    pixels = dict(enumerate(counts, start=1))
    if units < LEAST * len(counts):
        with pytest.raises(LabelError, match="too few"):
            allocate(pixels, units)
        return
    found = allocate(pixels, units)
    assert all(LEAST <= found[v] <= pixels[v] for v in pixels)
    assert sum(found.values()) <= units
    if all(count >= units for count in counts):
        assert sum(found.values()) == units


@pytest.mark.parametrize("design", ["random", "stratified"])
def test_places_are_distinct_mapped_pixels(tmp_path, design):
    path = write_run(tmp_path)["map"]
    places = draw_places(path, 60, design, seed=3)
    assert len(places) == len(set(places)) == 60
    values = class_values()
    drawn = Counter(int(values[place]) for place in places)
    assert 0 not in drawn
    if design == "stratified":
        pixels = {v: int((values == v).sum()) for v in (1, 2, 3)}
        assert drawn == allocate(pixels, 60)


def test_the_seed_decides_and_every_pixel_may_be_drawn(tmp_path):
    path = write_run(tmp_path)["map"]
    assert draw_places(path, 20, "random", 1) == draw_places(path, 20, "random", 1)
    assert draw_places(path, 20, "random", 1) != draw_places(path, 20, "random", 2)
    everything = draw_places(path, 10_000, "random", 0)
    assert set(everything) == set(zip(*(p.tolist() for p in np.nonzero(class_values()))))


def test_each_unit_is_exactly_its_pixel_for_the_engine(tmp_path):
    run = write_run(tmp_path)
    places = draw_places(run["map"], 30, "stratified", 0)
    out = str(tmp_path / "sample.gpkg")
    write_sample(run["map"], out, places, "stratified")
    parcels = io.read_parcels(out, "crop")
    grid = io.describe(run["map"]).grid
    index = io.rasterize(parcels.parcels, range(1, 31), parcels.crs_wkt, grid)
    assert [tuple(int(x[0]) for x in np.nonzero(index == i)) for i in range(1, 31)] == places
    assert (np.bincount(index.ravel())[1:] == 1).all()


def test_the_design_is_remembered_and_crops_can_be_filled_in(tmp_path):
    run = write_run(tmp_path)
    out = str(tmp_path / "sample.gpkg")
    write_sample(run["map"], out, draw_places(run["map"], 12, "random", 0), "random")
    layer = add_sample(out, LEGEND.names)
    sample = read_sample(out)
    assert (sample.design, sample.units, sample.filled) == ("random", 12, 0)
    setup = layer.editorWidgetSetup(layer.fields().lookupField("crop"))
    assert setup.type() == "ValueMap"
    assert setup.config()["map"] == [{name: name} for name in LEGEND.names]
    with edit(layer):
        for feature in layer.getFeatures(QgsFeatureRequest().setLimit(5)):
            layer.changeAttributeValue(feature.id(), layer.fields().lookupField("crop"), "grass")
    assert read_sample(out).filled == 5
    assert "maize" not in str([f.attributes() for f in layer.getFeatures()])  # labelled blindly


def test_a_sample_lies_above_the_map_whatever_layer_is_current(tmp_path):
    run = write_run(tmp_path)
    out = str(tmp_path / "sample.gpkg")
    write_sample(run["map"], out, draw_places(run["map"], 12, "random", 0), "random")
    project = QgsProject.instance()
    project.addMapLayer(QgsRasterLayer(run["map"], "Crops"))
    root = project.layerTreeRoot()
    point = QgsLayerTreeRegistryBridge.InsertionPoint(root, 1)  # as if a layer below were current
    project.layerTreeRegistryBridge().setLayerInsertionPoint(point)
    layer = add_sample(out, LEGEND.names)
    assert root.children()[0].layerId() == layer.id()


def test_other_layers_are_no_samples(tmp_path):
    assert read_sample(str(tmp_path / "gone.gpkg")) is None
