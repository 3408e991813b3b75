"""Vector inputs as files."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsField,
    QgsProcessingContext,
    QgsProcessingFeatureSourceDefinition,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsVectorLayerJoinInfo,
)
from qgis.PyQt.QtCore import QMetaType

from s4_core.errors import Cancelled, LabelError
from s4_qgis.processing.given import Given
from s4_qgis.processing.provider import S4Provider
from s4_qgis.processing.vectors import VectorFile, VectorInput, file_of, read_vector
from tests.s4_qgis.processing.conftest import Heard, Project

CONTEXT_CRS = "EPSG:32631"


@pytest.fixture
def layer(project: Project) -> QgsVectorLayer:
    made = QgsVectorLayer(project.parcels, "parcels", "ogr")
    QgsProject.instance().addMapLayer(made)
    return made


def read(provider: S4Provider, value: object) -> VectorInput | None:
    algorithm = provider.algorithm("segment").create()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return read_vector(Given(algorithm, {"PARCELS": value}, context), "PARCELS")


def copied(found: VectorInput | None) -> QgsVectorLayer:
    assert found is not None
    file = found.as_file(QgsProcessingContext(), Heard())
    assert file.layer == ""
    return QgsVectorLayer(file.path, "copy", "ogr")


def test_a_plain_file_is_passed_by_its_path(
    provider: S4Provider, project: Project, layer: QgsVectorLayer
) -> None:
    for value in (project.parcels, layer.id(), layer):
        found = read(provider, value)
        assert found is not None
        assert found.file == VectorFile(project.parcels)
        assert found.as_single_file(QgsProcessingContext(), Heard()) == project.parcels


def test_nothing_given(provider: S4Provider) -> None:
    assert read(provider, None) is None
    assert read(provider, "") is None


def test_a_selection_an_expression_and_a_limit(provider: S4Provider, layer: QgsVectorLayer) -> None:
    layer.selectByExpression("crop = 'beet'")
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
    assert copied(read(provider, chosen)).featureCount() == 4
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), filterExpression="parcel_id = '7'")
    only = copied(read(provider, chosen))
    assert [f["crop"] for f in only.getFeatures()] == ["wheat"]
    assert only.crs().authid() == CONTEXT_CRS
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), False, 3)
    assert copied(read(provider, chosen)).featureCount() == 3


def test_nothing_selected(provider: S4Provider, layer: QgsVectorLayer) -> None:
    chosen = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
    with pytest.raises(LabelError, match="Nothing is selected in the layer 'parcels'"):
        read(provider, chosen)


def test_a_filter(provider: S4Provider, layer: QgsVectorLayer) -> None:
    layer.setSubsetString("crop = 'wheat'")
    assert {f["crop"] for f in copied(read(provider, layer.id())).getFeatures()} == {"wheat"}


def test_edits_that_are_not_saved(provider: S4Provider, layer: QgsVectorLayer) -> None:
    layer.startEditing()
    first = next(layer.getFeatures())
    layer.changeAttributeValue(first.id(), layer.fields().lookupField("crop"), "potato")
    found = copied(read(provider, layer.id()))
    layer.rollBack()
    assert next(found.getFeatures())["crop"] == "potato"


def test_joined_and_computed_fields(provider: S4Provider, layer: QgsVectorLayer) -> None:
    layer.addExpressionField("upper(crop)", QgsField("name", QMetaType.Type.QString))
    assert file_of(layer) is None
    found = copied(read(provider, layer.id()))
    assert {f["name"] for f in found.getFeatures()} == {"BEET", "WHEAT"}

    other = QgsVectorLayer("None?field=crop:string&field=group:string", "groups", "memory")
    QgsProject.instance().addMapLayer(other)
    join = QgsVectorLayerJoinInfo()
    join.setJoinLayer(other)
    join.setJoinFieldName("crop")
    join.setTargetFieldName("crop")
    assert layer.addJoin(join)
    assert "groups_group" in copied(read(provider, layer.id())).fields().names()


def test_another_crs_than_the_files(provider: S4Provider, layer: QgsVectorLayer) -> None:
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32632"))
    assert copied(read(provider, layer.id())).crs().authid() == "EPSG:32632"


def test_a_layer_in_memory_keeps_its_numbers(provider: S4Provider, layer: QgsVectorLayer) -> None:
    memory = QgsVectorLayer("Polygon?crs=EPSG:32631&field=fid:integer", "drawn", "memory")
    features = list(layer.getFeatures())[:2]
    for feature in features:
        feature.setAttributes([7])  # not unique, as after a copy and paste
    memory.dataProvider().addFeatures(features)
    QgsProject.instance().addMapLayer(memory)
    found = read(provider, memory.id())
    assert found is not None
    path = found.as_single_file(QgsProcessingContext(), Heard())
    rows = list(QgsVectorLayer(path, "copy", "ogr").getFeatures())
    assert [row["fid"] for row in rows] == [7, 7]
    assert [row["parcel_id"] for row in rows] == [str(f.id()) for f in memory.getFeatures()]
    # labels and references are matched by ids only where they have ids of their own
    assert "parcel_id" not in copied(found).fields().names()


def test_one_of_several_layers_of_a_file(
    provider: S4Provider, project: Project, tmp_path: Path
) -> None:
    source = QgsVectorLayer(project.parcels, "parcels", "ogr")
    path = str(tmp_path / "many.gpkg")
    for number, name in enumerate(("first", "second")):
        options = QgsVectorFileWriter.SaveVectorOptions()
        options.layerName = name
        if number:
            overwrite = QgsVectorFileWriter.ActionOnExistingFile.CreateOrOverwriteLayer
            options.actionOnExistingFile = overwrite
        QgsVectorFileWriter.writeAsVectorFormatV3(
            source, path, QgsProject.instance().transformContext(), options
        )
    found = read(provider, f"{path}|layername=second")
    assert found is not None
    assert found.file == VectorFile(path, "second")
    single = found.as_single_file(QgsProcessingContext(), Heard())
    assert single != path
    assert QgsVectorLayer(single, "copy", "ogr").featureCount() == 8


def test_the_layer_may_be_gone_before_it_is_written(
    provider: S4Provider, layer: QgsVectorLayer
) -> None:
    layer.setSubsetString("crop = 'wheat'")
    found = read(provider, layer.id())
    QgsProject.instance().removeMapLayer(layer.id())
    assert copied(found).featureCount() == 4


def test_cancelled_while_it_is_written(provider: S4Provider, layer: QgsVectorLayer) -> None:
    layer.setSubsetString("crop = 'wheat'")
    found = read(provider, layer.id())
    feedback = Heard()
    feedback.cancel()
    assert found is not None
    with pytest.raises(Cancelled):
        found.as_file(QgsProcessingContext(), feedback)


def test_no_vector_layer(provider: S4Provider, project: Project) -> None:
    with pytest.raises(LabelError, match="is no vector layer") as caught:
        read(provider, project.map)
    assert caught.value.remedy
