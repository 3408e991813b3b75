"""Step 3: parcels, classes, legend, suggestions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer

from s4_core.io import read_legend
from s4_qgis.forms import AreaForm
from s4_qgis.panel.labels import LabelsPage
from s4_qgis.panel.state import SessionState
from s4_qgis.settings import PluginSettings


@pytest.fixture
def page(session: SessionState, iface: Any, tmp_path: Path) -> Any:
    PluginSettings().cache_folder = str(tmp_path / "cache")
    page = LabelsPage(session, iface)
    yield page
    page.deleteLater()


@pytest.fixture
def ready(
    page: LabelsPage, session: SessionState, info: Any, sample: Path, wait: Any
) -> LabelsPage:
    """The page with the sample's parcels chosen and counted."""
    session.update(area=AreaForm(folder=str(sample)), info=info)
    page.form.offer.click()
    wait(lambda: session.labels and len(page.counts) == 7, 20)
    return page


def squares(layer: QgsVectorLayer, *classes: str) -> None:
    for index, name in enumerate(classes):
        x = 501_300 + 200 * index
        outline = QgsGeometry.fromRect(QgsRectangle(x, 5_635_000, x + 100, 5_635_100))
        outline.convertToMultiType()
        feature = QgsFeature(layer.fields())
        feature.setGeometry(outline)
        feature.setAttribute("crop", name)
        assert layer.addFeature(feature)


def test_the_folders_parcels(ready: LabelsPage, session: SessionState, sample: Path) -> None:
    labels = session.labels
    assert (labels.path, labels.field) == (str(sample / "parcels.gpkg"), "crop")
    assert [entry[0] for entry in labels.legend] == ready.form.table.names()
    assert labels.legend[0][:2] == ("grass", labels.legend[0][1])
    assert labels.legend[1][2] == "#f4c430"  # maize
    assert read_legend(labels.legend_path).names == tuple(entry[0] for entry in labels.legend)
    assert ready.form.table.item(0, 2).text() == "22"
    assert ready.state_of(session).summary == "91 parcels, 7 classes"
    assert ready.state_of(session).kind == "done"
    layer = ready.layer()
    assert layer is not None
    assert layer.renderer().classAttribute() == "crop"
    assert not ready._next.isHidden()
    assert ready.form.offer.isHidden()  # it is chosen


def test_a_colour_reaches_the_legend_the_file_and_the_layer(
    ready: LabelsPage, session: SessionState
) -> None:
    ready.form.table.coloured.emit("maize", "#010203")
    assert dict((n, c) for n, _, c in session.labels.legend)["maize"] == "#010203"
    assert read_legend(session.labels.legend_path).classes[1].colour == (1, 2, 3)
    layer = ready.layer()
    assert layer is not None
    (category,) = [c for c in layer.renderer().categories() if c.label() == "maize"]
    assert category.symbol().color().name() == "#010203"


def test_renaming_changes_the_parcels_after_a_question(
    ready: LabelsPage, session: SessionState, wait: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    colour = dict((n, c) for n, _, c in session.labels.legend)["maize"]
    monkeypatch.setattr(ready, "confirm", lambda question: bool(asked.append(question)))
    ready.form.table.item(1, 1).setText("corn")
    assert "Rename maize to corn in 15 parcel(s)" in asked[0]
    assert ready.form.table.names()[1] == "maize"
    monkeypatch.setattr(ready, "confirm", lambda question: True)
    ready.form.table.item(1, 1).setText("corn")
    wait(lambda: any(c.name == "corn" for c in ready.counts), 20)
    assert ready.form.table.names()[0] == "corn"
    assert dict((n, c) for n, _, c in session.labels.legend)["corn"] == colour
    ready.form.table.item(0, 1).setText("maize")  # back, for the other tests
    wait(lambda: any(c.name == "maize" for c in ready.counts), 20)


def test_a_new_layer_is_drawn_and_counted(  # noqa: PLR0917 - fixtures
    page: LabelsPage, session: SessionState, iface: Any, info: Any, tmp_path: Path, wait: Any
) -> None:
    session.info = info
    layer = page.create_layer(str(tmp_path / "new.gpkg"))
    assert layer is not None
    assert iface.activeLayer() is layer
    wait(lambda: session.labels is not None, 20)
    assert layer.crs().authid() == "EPSG:32631"
    assert page.state_of(session).kind == "ready"
    page.add_class("beet")
    squares(layer, "maize", "maize", "wheat")
    wait(lambda: len(page.counts) == 2, 20)
    texts = " ".join(page.form.warnings.texts())
    assert "Only one parcel: wheat." in texts
    assert "No parcel yet: beet." in texts
    assert "not saved" in texts
    assert read_legend(session.labels.legend_path).names == ("maize", "wheat")
    assert layer.commitChanges()
    wait(lambda: "not saved" not in " ".join(page.form.warnings.texts()), 20)
    assert page.form.table.names() == ["beet", "maize", "wheat"]


def test_a_layer_that_is_no_file_is_read_from_a_copy(
    page: LabelsPage, session: SessionState, tmp_path: Path, wait: Any
) -> None:
    PluginSettings().cache_folder = str(tmp_path / "cache")
    layer = QgsVectorLayer("Polygon?crs=EPSG:32631&field=crop:string", "scratch", "memory")
    QgsProject.instance().addMapLayer(layer)
    page.use_layer(layer)
    assert layer.startEditing()
    squares(layer, "maize", "maize", "wheat")
    wait(lambda: len(page.counts) == 2, 20)
    copied = QgsVectorLayer(session.labels.path, "copy", "ogr")
    assert [feature["crop"] for feature in copied.getFeatures()] == ["maize", "maize", "wheat"]
    assert len({feature["parcel_id"] for feature in copied.getFeatures()}) == 3
    assert "not saved" not in " ".join(page.form.warnings.texts()), "the copy has them"
    assert layer.commitChanges()


def test_a_filter_counts_for_the_engine_too(
    ready: LabelsPage, session: SessionState, tmp_path: Path, wait: Any
) -> None:
    PluginSettings().cache_folder = str(tmp_path / "cache")
    own = session.labels.path
    layer = ready.layer()
    layer.setSubsetString("\"crop\" IN ('maize', 'grass')")
    wait(lambda: session.labels.path != own, 20)
    copied = QgsVectorLayer(session.labels.path, "copy", "ogr")
    assert {feature["crop"] for feature in copied.getFeatures()} == {"maize", "grass"}
    assert copied.featureCount() == sum(count.parcels for count in ready.counts)
    layer.setSubsetString("")
    ready.count()
    wait(lambda: session.labels.path == own, 20)


def test_a_copy_that_cannot_be_written_is_told(
    page: LabelsPage, session: SessionState, tmp_path: Path, wait: Any
) -> None:
    (tmp_path / "cache").write_text("no folder")
    PluginSettings().cache_folder = str(tmp_path / "cache")
    layer = QgsVectorLayer("Polygon?crs=EPSG:32631&field=crop:string", "scratch", "memory")
    QgsProject.instance().addMapLayer(layer)
    page.use_layer(layer)
    wait(page.notice.text, 20)
    assert "cannot be written" in page.notice.text()
    assert session.labels is None


def test_a_layer_that_is_deleted_while_the_page_is_open(
    ready: LabelsPage, session: SessionState, wait: Any
) -> None:
    ready.count()  # and while its parcels are counted
    layer = ready.layer()
    assert layer is not None
    QgsProject.instance().removeMapLayer(layer.id())
    wait(lambda: session.labels is None, 20)
    assert ready.state_of(session).kind == "todo"
    assert ready.form.classes.isHidden()
    assert not ready.form.offer.isHidden()


def test_a_new_project_gets_nothing_of_the_old_one(
    ready: LabelsPage, session: SessionState, wait: Any
) -> None:
    QgsProject.instance().clear()  # its layers go after its entries
    assert (session.labels, session.area, session.info) == (None, None, {})
    ready.count()
    wait(lambda: ready._counting is None, 20)
    assert QgsProject.instance().readEntry("s4_crop_mapper", "session", "")[0] == ""
    assert ready.state_of(session).kind == "todo"
    session.modality = "radar"
    assert "radar" in QgsProject.instance().readEntry("s4_crop_mapper", "session", "")[0]


def test_a_saved_project_brings_the_labels_back(
    ready: LabelsPage, session: SessionState, tmp_path: Path, wait: Any
) -> None:
    ready.form.table.coloured.emit("maize", "#010203")
    labels, project, path = session.labels, QgsProject.instance(), str(tmp_path / "p.qgz")
    assert project.write(path)
    project.clear()
    assert session.labels is None
    assert ready.layer() is None
    assert project.read(path)
    wait(lambda: len(ready.counts) == 7, 20)
    assert session.labels == labels
    assert ready.layer().name() == "parcels"


def test_suggestions_after_a_first_map(
    ready: LabelsPage, session: SessionState, tmp_path: Path, wait: Any
) -> None:
    from osgeo import gdal

    assert ready.form.more.isHidden()
    path = str(tmp_path / "confidence.tif")
    source = str(Path(__file__).resolve().parents[3] / "resources" / "sample" / "reference.tif")
    gdal.Translate(path, source, outputType=gdal.GDT_Float32)
    session.map_result = {"confidence": path}
    assert not ready.form.more.isHidden()
    ready.form.most.setValue(5)
    for _ in range(2):  # the second takes the place of the first
        ready.form.suggest.click()
        wait(lambda: not ready.job_row.is_running, 20)
    (layer,) = QgsProject.instance().mapLayersByName("Label more here")
    assert layer.featureCount() == 5
    assert "5 places" in ready.notice.text()
    assert QgsProject.instance().layerTreeRoot().children()[0].layer() is layer
