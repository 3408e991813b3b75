from pathlib import Path

import pytest
from qgis.core import (
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    edit,
)
from qgis.PyQt.QtGui import QImage

from s4_qgis.forms import AreaForm
from s4_qgis.layers.runs import add_run, layer_by_id
from s4_qgis.panel.accuracy import accuracy_text, matrix_in
from s4_qgis.panel.areas_table import area_rows, interval_reason
from s4_qgis.panel.report import ReportPage, years_of
from s4_qgis.panel.state import LabelsChoice
from tests.s4_qgis.maps import LEGEND, class_values, write_run

NO_REASON = "no interval: the reference is not a random sample"


@pytest.fixture
def mapped(session, tmp_path):
    """The session after a map."""
    run = write_run(tmp_path / "run")
    layers = add_run(run, "S4 field optical")
    session.update(
        area=AreaForm(folder=str(tmp_path)),
        info={"name": "field", "season": ["2018-10-01", "2019-10-01"], "acquisitions": []},
        modality="optical",
        run_folder=str(tmp_path / "run"),
        map_result={**run, "layers": layers.plain()},
    )
    return session


@pytest.fixture
def page(mapped, iface):
    return ReportPage(mapped, iface)


def done(page, wait):
    wait(lambda: not page.job_row.is_running, 60)


def test_before_a_map_the_page_says_so(session):
    page = ReportPage(session, None)
    assert not page.empty.isHidden()
    assert page.inside.isHidden()
    assert page.state_of(session).kind == "todo"


def test_areas_are_listed_with_the_reason_for_no_interval(page, mapped):
    table = page.areas
    rows = [[table.item(r, c).text() for c in range(3)] for r in range(table.rowCount())]
    assert rows == [
        ["maize", "6.48", "50.0%"],
        ["winter wheat", "4.32", "33.3%"],
        ["grass", "2.16", "16.7%"],
    ]
    assert table.isColumnHidden(3)
    assert NO_REASON in page.reason.text()
    assert page.state_of(mapped).kind == "ready"


def test_intervals_count_only_for_this_map(mapped):
    result = mapped.map_result
    areas = [{"name": "maize", "adjusted": {"value": 6.0, "low": -1.0, "high": 9.0}}]
    metrics = {"map": result["map"], "areas": areas, "areas_reason": None}
    rows = area_rows(result, metrics)
    assert (rows[0].name, rows[0].interval) == ("maize", "6.0 (0.0–9.0)")
    assert "95 %" in interval_reason(rows, metrics)
    assert all(not row.interval for row in area_rows(result, {**metrics, "map": "other.tif"}))


def test_what_is_simulated_stands_above_the_numbers(page, mapped):
    assert page.simulated.isHidden()
    note = "This area is simulated."
    mapped.map_result = {**mapped.map_result, "simulated": "only", "simulated_note": note}
    assert page.simulated.text() == f"SIMULATED DATA. {note}"
    note = "The model was pretrained in part on simulated areas; the images are real."
    mapped.map_result = {**mapped.map_result, "simulated": "in part", "simulated_note": note}
    assert page.simulated.text() == note  # real images are not called simulated
    mapped.map_result = {**mapped.map_result, "simulated_note": None}
    assert page.simulated.isHidden()


def test_the_trainings_own_score_stands_in_until_the_map_is_judged(page, mapped):
    validation = {
        "scheme": "leave-one-parcel-out",
        "miou": {"value": 0.5, "low": 0.4, "high": 0.6},
        "not_assessable": [],
        "confusion": [[8, 2], [0, 5]],
    }
    mapped.train_result = {"record": {"validation": validation}, "classes": ["a", "b"]}
    assert not page.score.isHidden()
    assert page.confusion.matrix.counts == ((8, 2), (0, 5))
    assert "each parcel was judged by a model that had not seen it" in page.score.words.text()
    assert "not of this map" in page.accuracy.text()
    assert not page.accuracy.isHidden()
    assert matrix_in({}, {}, []).rows == ()


def test_the_styled_map_is_exported_with_its_styles(page, tmp_path, wait):
    page.export_styled(str(tmp_path / "away"))
    done(page, wait)
    names = {path.name for path in (tmp_path / "away").iterdir()}
    assert {"crop_map.tif", "crop_map.qml", "crop_map.sld"} <= names
    assert "Written" in page.notice.text()


def test_a_recoloured_layer_is_exported_in_its_colours(page, mapped, tmp_path, wait):
    from qgis.core import QgsPalettedRasterRenderer, QgsRasterLayer
    from qgis.PyQt.QtGui import QColor

    layer = layer_by_id(mapped.map_result["layers"]["map"])
    classes = layer.renderer().classes()
    classes[0].color = QColor("#010203")
    layer.setRenderer(QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes))
    page.export_styled(str(tmp_path / "away"))
    done(page, wait)
    written = QgsRasterLayer(str(tmp_path / "away" / "crop_map.tif"), "written")
    assert written.renderer().classes()[0].color.name() == "#010203"


def test_polygons_are_written_styled_and_added(page, tmp_path, wait):
    out = tmp_path / "crops.gpkg"
    page.export_polygons(str(out))
    done(page, wait)
    layers = [x for x in QgsProject.instance().mapLayers().values() if x.name() == "crops"]
    assert len(layers) == 1
    assert layers[0].featureCount() == 3
    assert {c.label() for c in layers[0].renderer().categories()} == set(LEGEND.names)
    assert "3 polygons" in page.notice.text()


def test_parcels_are_copied_with_their_crop_styled_and_added(page, mapped, tmp_path, wait):
    page.export_parcels(str(tmp_path / "none.gpkg"))
    assert "no layer of polygons" in page.notice.text()
    layer = QgsVectorLayer("Polygon?crs=EPSG:32631&field=farm:string", "farms", "memory")
    for x, y in ((500_100, 5_599_900), (500_300, 5_599_700), (500_900, 5_599_700)):
        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, y - 40, x + 40, y)))
        assert layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    mapped.labels = LabelsChoice("farms.gpkg", layer_id=layer.id())
    assert page.export.parcel_layer.currentLayer().id() == layer.id()
    page.export_parcels(str(tmp_path / "crops.gpkg"))
    QgsProject.instance().removeMapLayer(layer.id())  # while the task runs
    done(page, wait)
    assert "2 of 3 parcels have a crop" in page.notice.text()
    (copy,) = [x for x in QgsProject.instance().mapLayers().values() if "crops.gpkg" in x.source()]
    assert [str(f["s4_class"]) for f in copy.getFeatures()] == ["maize", "grass", "NULL"]
    assert {c.label() for c in copy.renderer().categories()} == set(LEGEND.names)


def test_the_sheets_title_is_readable_and_may_be_changed(page, mapped):
    mapped.info = {**mapped.info, "name": "brabant_2019"}
    assert page._sheet().title == "Crop map of Brabant 2019"
    page.export.title.setText("My farm")
    assert page._sheet().title == "My farm"


@pytest.mark.parametrize("suffix", ["pdf", "png"])
def test_the_map_sheet_is_written(page, mapped, tmp_path, suffix):
    QgsProject.instance().removeMapLayer(mapped.map_result["layers"]["map"])  # opened anew
    out = tmp_path / f"sheet.{suffix}"
    page.export.inset.setChecked(True)
    page.export_sheet(str(out))
    assert out.stat().st_size > 5000, page.notice.text()
    if suffix == "png":
        image = QImage(str(out))
        found = {
            image.pixelColor(x, y).getRgb()[:3]
            for x in range(0, image.width(), 9)
            for y in range(0, image.height(), 9)
        }
        assert {known.colour for known in LEGEND.classes} <= found


def test_a_lost_map_is_said_with_a_remedy(page, mapped, tmp_path):
    mapped.map_result = {**mapped.map_result, "map": str(tmp_path / "gone.tif"), "layers": {}}
    page.export_sheet(str(tmp_path / "sheet.pdf"))
    assert "gone.tif" in page.notice.text()
    page.export_styled(str(tmp_path / "away"))
    assert not page.job_row.is_running


def test_the_report_page_is_drawn_by_the_engine(page, mapped, engine, wait):
    page.make_report(open_it=False)
    done(page, wait)
    assert Path(mapped.run_folder, "report.html").is_file(), page.notice.text()


def test_a_sample_gives_areas_with_intervals(page, mapped, engine, wait):
    page.draw_sample("stratified", 40)
    done(page, wait)
    path = mapped.map_result["sample"]
    assert "0 of 40" in page.sample.about.text()
    page.judge()
    assert "40 units have no crop yet" in page.notice.text()
    layer = next(x for x in QgsProject.instance().mapLayers().values() if path in x.source())
    values = class_values()
    with edit(layer):
        for feature in layer.getFeatures():
            centre = feature.geometry().centroid().asPoint()
            col, row = int((centre.x() - 500_000) // 10), int((5_600_000 - centre.y()) // 10)
            name = LEGEND.names[values[row, col] - 1]
            wrong = feature["unit"] % 10 == 0
            name = "grass" if wrong and name == "maize" else name
            layer.changeAttributeValue(feature.id(), layer.fields().lookupField("crop"), name)
    page.judge()
    done(page, wait)
    assert mapped.metrics["sampling"] == "stratified", page.notice.text()
    assert not page.areas.isColumnHidden(3)
    assert "Olofsson" in page.reason.text()
    assert "Overall accuracy by the sample" in page.accuracy.text()
    assert Path(mapped.run_folder, "metrics.json").is_file()
    assert page.state_of(mapped).kind == "done"
    page.draw_sample("stratified", 40)  # the filled-in one is kept
    assert "already" in page.notice.text()
    assert isinstance(layer, QgsVectorLayer)


def test_unsaved_edits_of_the_sample_are_not_judged(page, mapped, wait):
    page.draw_sample("random", 10)
    done(page, wait)
    path = mapped.map_result["sample"]
    layer = next(x for x in QgsProject.instance().mapLayers().values() if path in x.source())
    index = layer.fields().lookupField("crop")
    with edit(layer):
        for feature in layer.getFeatures():
            layer.changeAttributeValue(feature.id(), index, "maize")
    layer.startEditing()
    layer.changeAttributeValue(next(layer.getFeatures()).id(), index, "grass")
    page.judge()
    assert "unsaved edits" in page.notice.text()
    layer.rollBack()


def test_texts_of_scores_and_years():
    metrics = {
        "miou": {"value": 0.5, "low": 0.25, "high": 0.75},
        "oa": 0.8,
        "oa_spread": {"low": None, "high": None},
        "n_parcels": 7,
        "caveats": ["The scores rest on 7 parcels."],
    }
    assert accuracy_text(metrics).splitlines() == [
        "Mean IoU 0.50 (0.25 to 0.75)",
        "Overall accuracy 0.80",
        "7 reference parcels",
        "The scores rest on 7 parcels.",
    ]
    assert accuracy_text({}) == ""
    assert years_of({"season": ["2018-10-01", "2019-10-01"]}) == "2018-2019"
    assert years_of({"acquisitions": [{"date": "2019-05-01"}]}) == "2019"
    assert years_of({}) == ""
