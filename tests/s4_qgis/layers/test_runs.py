from datetime import datetime
from pathlib import Path

import pytest
from qgis.core import (
    QgsLayerTreeModel,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsSingleBandPseudoColorRenderer,
)

from s4_core.errors import RasterError
from s4_qgis.layers.runs import (
    ProjectWatch,
    add_derived,
    add_run,
    areas_sentence,
    layer_by_id,
    run_title,
)
from s4_qgis.layers.styling import TableRow, style_class_map, table_rows
from tests.s4_qgis.maps import CRS, LEGEND, ORIGIN, SIDE, write_run

TITLE = "S4 field optical 2024-05-01 10:30"


def test_a_run_arrives_as_one_group_map_on_top_confidence_hidden(tmp_path):
    layers = add_run(write_run(tmp_path), TITLE)
    root = QgsProject.instance().layerTreeRoot()
    assert [group.name() for group in root.findGroups()] == [TITLE]
    nodes = root.findGroup(TITLE).findLayers()
    assert [(n.name(), n.isVisible()) for n in nodes] == [("Crops", True), ("Confidence", False)]
    assert (nodes[0].layerId(), nodes[1].layerId()) == (layers.map, layers.confidence)


def test_the_class_map_has_names_colours_nodata_crs_and_extent(tmp_path):
    layer = layer_by_id(add_run(write_run(tmp_path), TITLE).map)
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    found = [(int(c.value), c.label, c.color.getRgb()[:3]) for c in renderer.classes()]
    assert found == [(i, c.name, c.colour) for i, c in enumerate(LEGEND.classes, start=1)]
    provider = layer.dataProvider()
    assert provider.sourceHasNoDataValue(1)
    assert provider.sourceNoDataValue(1) == 0
    assert layer.crs().authid() == CRS
    extent = layer.extent()
    assert (extent.xMinimum(), extent.yMaximum()) == ORIGIN
    assert (extent.width(), extent.height()) == (SIDE * 10, SIDE * 10)


def test_qgis_reads_the_attribute_table(tmp_path):
    layer = layer_by_id(add_run(write_run(tmp_path), TITLE).map)
    assert table_rows(layer) == [
        TableRow(1, 18 * 36, "maize", "201", "#f4c430"),
        TableRow(2, 18 * 24, "winter wheat", "311", "#c17d3a"),
        TableRow(3, 18 * 12, "grass", "60", "#94c973"),
    ]


@pytest.mark.parametrize("with_style", [True, False])
def test_confidence_runs_from_red_to_green(tmp_path, with_style):
    result = write_run(tmp_path)
    if not with_style:
        Path(tmp_path, "confidence.qml").unlink()
    renderer = layer_by_id(add_run(result, TITLE).confidence).renderer()
    assert isinstance(renderer, QgsSingleBandPseudoColorRenderer)
    assert (renderer.classificationMin(), renderer.classificationMax()) == (0, 1)
    steps = renderer.shader().rasterShaderFunction().colorRampItemList()
    assert [s.color.name() for s in (steps[0], steps[-1])] == ["#a50026", "#006837"]


def test_without_its_style_file_the_map_shows_the_classes_of_its_table(tmp_path):
    result = write_run(tmp_path)
    Path(tmp_path, "crop_map.qml").unlink()
    layer = layer_by_id(add_run(result, TITLE).map)
    assert [c.label for c in layer.renderer().classes()] == list(LEGEND.names)
    assert style_class_map(layer)[1].code == "201"


def test_the_legend_shows_every_class(tmp_path):
    layers = add_run(write_run(tmp_path), TITLE)
    model = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot())
    node = QgsProject.instance().layerTreeRoot().findLayer(layers.map)
    labels = [str(n.data(0)) for n in model.layerLegendNodes(node)]
    assert [name for name in LEGEND.names if name not in labels] == []


def test_simulated_runs_say_so(tmp_path):
    layers = add_run(write_run(tmp_path, simulated="only"), TITLE)
    assert layers.group == f"{TITLE} (simulated)"
    assert layer_by_id(layers.map).name() == "Crops (simulated)"


def test_a_second_run_gets_a_group_of_its_own_above(tmp_path):
    first = add_run(write_run(tmp_path / "a"), TITLE)
    second = add_run(write_run(tmp_path / "b"), TITLE)
    names = [c.name() for c in QgsProject.instance().layerTreeRoot().children()]
    assert names == [second.group, first.group]


def test_a_derived_map_lies_on_top_and_hides_the_others(tmp_path):
    layers = add_run(write_run(tmp_path / "a"), TITLE)
    other = write_run(tmp_path / "b")
    added = add_derived(other["map"], "Crops at 60 %", layers.group)
    nodes = QgsProject.instance().layerTreeRoot().findGroup(layers.group).findLayers()
    assert [(n.layerId(), n.isVisible()) for n in nodes] == [
        (added, True),
        (layers.map, False),
        (layers.confidence, False),
    ]


def test_a_missing_map_is_an_error_and_leaves_no_group(tmp_path):
    result = {**write_run(tmp_path), "map": str(tmp_path / "gone.tif")}
    with pytest.raises(RasterError, match=r"gone\.tif"):
        add_run(result, TITLE)
    assert QgsProject.instance().layerTreeRoot().children() == []


def test_a_deleted_layer_is_none(tmp_path):
    layers = add_run(write_run(tmp_path), TITLE)
    QgsProject.instance().removeMapLayer(layers.map)
    assert layer_by_id(layers.map) is None
    assert layer_by_id("") is None


def test_the_watch_notices_another_project(tmp_path):
    watch = ProjectWatch()
    add_run(write_run(tmp_path), TITLE)
    assert watch.is_same
    QgsProject.instance().clear()
    assert not watch.is_same


def test_titles_and_sentences():
    assert run_title("field", "optical", datetime(2024, 5, 1, 10, 30)) == TITLE
    areas = [{"name": name, "hectares": ha} for name, ha in zip("abcdef", (1, 50.25, 0, 3, 4, 5))]
    assert areas_sentence(areas) == "b 50.2 ha, f 5.00 ha, e 4.00 ha, d 3.00 ha, others 1.00 ha"
    assert areas_sentence(areas, most=1) == "b 50.2 ha, others 13.0 ha"
    assert areas_sentence([{"name": "a", "hectares": 0}]) == "Nothing was mapped."
