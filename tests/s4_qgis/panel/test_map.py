from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRectangle, QgsVectorLayer

from s4_core import io
from s4_qgis.export.parcel_copy import write_parcel_copy
from s4_qgis.export.parcel_votes import job_votes
from s4_qgis.layers.runs import layer_by_id
from s4_qgis.panel.extent_choice import EVERYTHING, WithinChoice
from s4_qgis.panel.map import MapPage, judge_form
from s4_qgis.panel.mapping import vector_input
from s4_qgis.panel.state import SCOPE
from tests.tiny_project import ORIGIN


@pytest.fixture
def parcels(tiny_area):
    layer = QgsVectorLayer(str(tiny_area / "parcels.gpkg"), "parcels", "ogr")
    assert layer.isValid()
    QgsProject.instance().addMapLayer(layer)
    return layer


def mapped(page, wait):
    page.start()
    assert page.job_row.is_running, page.notice.text()
    wait(lambda: not page.job_row.is_running, 90)


def test_what_to_map_must_be_said_once_and_is_remembered(ready):
    page = MapPage(ready, None)
    assert not page.start_button.isEnabled()
    assert page.lacking.text() == "Say first what to map"
    page.within.everything.setChecked(True)
    assert page.start_button.isEnabled()
    assert QgsProject.instance().readEntry(SCOPE, "within", "")[0] == EVERYTHING
    assert MapPage(ready, None).within.everything.isChecked()


def test_a_layer_to_map_within_is_remembered_too(ready, parcels):
    choice = WithinChoice()
    choice.only.setChecked(True)
    assert choice.vector().id() == parcels.id()
    assert WithinChoice().layer().id() == parcels.id()
    choice.leave_out([parcels])
    assert not choice.is_answered


def test_a_map_arrives_as_layers_with_areas_accuracy_and_parcels(
    ready, parcels, iface, engine, wait
):
    page = MapPage(ready, iface)
    page.within.only.setChecked(True)
    page.within.layers.setLayer(parcels)
    page.majority.setChecked(True)
    page.parcels.setLayer(parcels)
    mapped(page, wait)
    assert page.notice.text() == ""
    result = ready.map_result
    layers = result["layers"]
    group = QgsProject.instance().layerTreeRoot().findGroup(layers["group"])
    assert layers["group"].startswith("S4 tiny optical")
    assert [(n.name(), n.isVisible()) for n in group.findLayers()] == [
        ("Parcels", False),
        ("Crops", True),
        ("Confidence", False),
    ]
    classes = layer_by_id(layers["map"]).renderer().classes()
    assert [(c.label, c.color.name()) for c in classes] == [
        ("beet", "#d64878"),
        ("wheat", "#c17d3a"),
    ] or [c.label for c in classes] == ["beet", "wheat"]
    # only the eight parcels of 6 x 10 px are mapped
    assert sum(a["pixels"] for a in result["areas"]) == 8 * 60
    assert ready.metrics["excluded_parcels"] == 4
    assert Path(ready.run_folder, "metrics.json").is_file()
    crops = layer_by_id(layers["parcels"])
    assert {str(f["s4_class"]) for f in crops.getFeatures()} <= {"beet", "wheat"}
    assert crops.featureCount() == 8
    wait(lambda: iface.messageBar().items(), 5)
    item = iface.messageBar().items()[-1]
    assert "ha" in item.text()
    assert page.state_of(ready).kind == "done"


def test_an_extent_in_another_coordinate_system_is_brought_into_the_areas(
    ready, iface, engine, wait
):
    page = MapPage(ready, iface)
    page.within.everything.setChecked(True)
    page.extent.setOutputCrs(QgsCoordinateReferenceSystem("EPSG:32631"))
    west, north = ORIGIN
    page.extent.setOutputExtentFromUser(
        QgsRectangle(west, north - 160, west + 160, north),
        QgsCoordinateReferenceSystem("EPSG:32631"),
    )
    page.extent.setOutputCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    assert '"EPSG","3857"' in page.extent.chosen().wkt
    mapped(page, wait)
    pixels = sum(a["pixels"] for a in ready.map_result["areas"])
    assert 16 * 16 <= pixels <= 20 * 20


def test_the_extent_follows_the_projects_coordinate_system(ready, iface):
    page = MapPage(ready, iface)
    assert page.extent.chosen() is None
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:32631"))
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    assert page.extent.chosen() is None  # still the whole area
    assert not page.extent.isValid()
    page.extent.setOutputExtentFromUser(
        QgsRectangle(3, 50, 3.1, 50.1), QgsCoordinateReferenceSystem("EPSG:4326")
    )
    found = page.extent.chosen()
    assert '"EPSG","3857"' in found.wkt
    assert found.box[0] == pytest.approx(333_958, abs=1)


def test_a_higher_confidence_makes_another_layer_without_the_engine(ready, iface, engine, wait):
    page = MapPage(ready, iface)
    page.within.everything.setChecked(True)
    mapped(page, wait)
    layers = ready.map_result["layers"]
    page.new_least.setValue(1.0)
    page.rethreshold()
    wait(lambda: not page.job_row.is_running, 60)
    nodes = QgsProject.instance().layerTreeRoot().findGroup(layers["group"]).findLayers()
    assert [(n.name(), n.isVisible()) for n in nodes] == [
        ("Crops, confidence at least 100%", True),
        ("Crops", False),
        ("Confidence", False),
    ]
    labels = [c.label for c in nodes[0].layer().renderer().classes()]
    assert labels == ["beet", "wheat", "uncertain"]
    derived = io.read_array(nodes[0].layer().source())[0][0]
    doubt = io.read_array(ready.map_result["confidence"])[0][0]
    assert ((derived == 3) == (doubt < 1)).all()


def test_a_map_for_a_closed_project_is_only_told(ready, iface, engine, wait):
    page = MapPage(ready, iface)
    page.within.everything.setChecked(True)
    page.start()
    QgsProject.instance().clear()
    wait(lambda: not page.job_row.is_running, 90)
    assert QgsProject.instance().mapLayers() == {}
    assert ready.map_result == {}
    assert "its project is closed" in iface.messageBar().items()[-1].text()


def test_deleting_the_layers_while_the_job_runs_does_no_harm(ready, parcels, iface, engine, wait):
    page = MapPage(ready, iface)
    page.within.only.setChecked(True)
    page.majority.setChecked(True)
    page.start()
    QgsProject.instance().removeMapLayer(parcels.id())
    wait(lambda: not page.job_row.is_running, 90)
    assert ready.map_result["layers"]["map"]


def test_until_and_another_season_go_into_the_form(ready):
    page = MapPage(ready, None)
    assert (page.plan().form.area.until, page.plan().form.area.season) == ("", "")
    page.season.show_days(("2019-04-01", "2019-09-01"), stated=True)
    from qgis.PyQt.QtCore import QDate

    page.until.setDate(QDate(2019, 6, 30))
    area = page.plan().form.area
    assert (area.until, area.season) == ("2019-06-30", "2019-04-01:2019-09-01")


def test_the_map_is_judged_only_where_parcels_were_kept_back(ready, tmp_path):
    form = judge_form(ready, tmp_path)
    assert form.exclude_parcels.endswith("model.training_parcels.gpkg")
    assert form.out == str(tmp_path / "metrics.json")
    ready.train_result = {**ready.train_result, "parcels_per_class": None}
    assert judge_form(ready, tmp_path) is None


def test_a_copy_of_a_copy_keeps_one_set_of_columns(parcels, tmp_path):
    votes = tmp_path / "parcels.csv"
    votes.write_text("parcel_id,class,code,value,confidence,pixels\n1,beet,10,1,0.75,60\n")
    first, second = str(tmp_path / "a.gpkg"), str(tmp_path / "b.gpkg")
    given = vector_input(parcels)
    assert write_parcel_copy(given, job_votes(str(votes), given), first) == 1
    copy = vector_input(QgsVectorLayer(first, "copy", "ogr"))
    assert write_parcel_copy(copy, job_votes(str(votes), copy), second) == 1
    again = QgsVectorLayer(second, "again", "ogr")
    assert [f.name() for f in again.fields()].count("s4_class") == 1
    row = next(f for f in again.getFeatures() if str(f["parcel_id"]) == "1")
    assert (row["s4_class"], row["s4_confidence"], row["s4_pixels"]) == ("beet", 0.75, 60)
    assert row["crop"] == "beet"
