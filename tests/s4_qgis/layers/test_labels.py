"""Counts, problems and new layers of parcels; legends as files and colours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsGeometry,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)

from s4_core.errors import OutputError
from s4_core.io import read_legend, read_parcels
from s4_qgis.layers.labels import (
    ClassCount,
    CountTask,
    Place,
    class_name,
    code_field_of,
    create_parcel_layer,
    problems,
    rename_class,
    source_of,
    usual_field,
)
from s4_qgis.layers.legend import legend_for, legend_path, style_by_class, write_legend

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample" / "parcels.gpkg"
UTM = "EPSG:32631"


def parcels(*classes: str | None, crs: str = UTM, side: float = 100.0) -> QgsVectorLayer:
    """Squares in a row, a hectare each."""
    layer = QgsVectorLayer(
        f"Polygon?crs={crs}&field=crop:string&field=crop_code:integer", "p", "memory"
    )
    features = []
    for index, name in enumerate(classes):
        feature = QgsFeature(layer.fields())
        x = 500_000 + 2 * side * index
        feature.setGeometry(
            QgsGeometry.fromRect(QgsRectangle(x, 5_600_000, x + side, 5_600_000 + side))
        )
        feature.setAttributes([name, 200 + index])
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    return layer


def counted(layer: QgsVectorLayer, field: str = "crop", **options: Any) -> dict[str, Any]:
    task, got = CountTask(layer, field, **options), []
    task.succeeded.connect(got.append)
    assert task.run_serial()
    return got[0]


def test_parcels_and_hectares_of_each_class(qgis_app: Any) -> None:
    layer = parcels("maize", "wheat", "maize", None, " ")
    found = counted(layer, code_field="crop_code")
    assert [(c.name, c.parcels, c.code) for c in found["counts"]] == [
        ("maize", 2, "200"),
        ("wheat", 1, "201"),
    ]
    # at the central meridian of a UTM zone a grid metre is 1.0004 metres
    assert [c.hectares for c in found["counts"]] == pytest.approx([2.0016, 1.0008], rel=1e-4)
    assert found["unlabelled"] == 2


def test_degrees_are_not_measured_as_metres(qgis_app: Any) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=crop:string", "p", "memory")
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(3.0, 50.0, 3.001, 50.001)))
    feature.setAttributes(["maize"])
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().setEllipsoid("NONE")
    assert counted(layer)["counts"][0].hectares == pytest.approx(0.797, abs=0.01)


def test_parcels_outside_of_the_images(qgis_app: Any) -> None:
    layer = parcels("maize", "wheat", "maize")
    place = Place(UTM, (499_990.0, 5_599_000.0, 500_310.0, 5_601_000.0))
    found = counted(layer, place=place)["counts"]
    assert [(c.name, c.outside) for c in found] == [("maize", 1), ("wheat", 0)]
    lonely = Place("", (0.0, 0.0, 1.0, 1.0))
    assert [c.outside for c in counted(layer, place=lonely)["counts"]] == [0, 0]


def test_the_samples_parcels_are_counted_as_the_engine_reads_them(qgis_app: Any) -> None:
    layer = QgsVectorLayer(str(SAMPLE), "p", "ogr")
    assert source_of(layer) == (str(SAMPLE), "")
    named = QgsVectorLayer(f"{SAMPLE}|layername=parcels", "p", "ogr")
    assert source_of(named) == (str(SAMPLE), "parcels")
    assert source_of(parcels("maize")) == ("", "")
    field = usual_field(layer.fields())
    code_field = code_field_of(layer.fields(), field)
    assert (field, code_field) == ("crop", "crop_code")
    theirs = read_parcels(SAMPLE, "crop").parcels
    ours = {c.name: c for c in counted(layer, code_field=code_field)["counts"]}
    assert set(ours) == {p.name for p in theirs}
    for name, count in ours.items():
        own = [p for p in theirs if p.name == name]
        assert (count.parcels, count.code) == (len(own), own[0].code)
        assert count.hectares == pytest.approx(sum(p.area_ha for p in own), rel=2e-3)


def test_what_is_the_matter_with_labels() -> None:
    counts = [ClassCount("maize", 3, 3.0), ClassCount("wheat", 1, 1.0)]
    found = problems(counts, ["beet"], 2, is_modified=True)
    assert [text.split(":")[0].split(" have")[0] for text in found] == [
        "Only one parcel",
        "No parcel yet",
        "2 parcel(s)",
        "The layer has edits that are not saved",
    ]
    assert problems(counts[:1], [], 0, is_modified=False)[0].startswith("Fewer than two classes")
    assert (
        problems([ClassCount("a", 3, 1.0), ClassCount("b", 2, 1.0)], [], 0, is_modified=False) == []
    )
    away = [ClassCount("a", 3, 1.0), ClassCount("b", 2, 1.0, outside=2)]
    assert len(problems(away, [], 0, is_modified=False)) == 2


@pytest.mark.parametrize(
    ("value", "name"), [(NULL, ""), (None, ""), (201, "201"), (201.0, "201"), (" maize ", "maize")]
)
def test_class_names(value: Any, name: str) -> None:
    assert class_name(value) == name


def test_a_new_layer_is_ready_to_draw(tmp_path: Path, qgis_app: Any) -> None:
    path = str(tmp_path / "fields.gpkg")
    layer = create_parcel_layer(path, QgsCoordinateReferenceSystem(UTM), QgsProject.instance())
    assert layer.isEditable()
    assert (layer.crs().authid(), layer.name()) == (UTM, "fields")
    assert [f.name() for f in layer.fields()] == ["fid", "parcel_id", "crop"]
    assert QgsProject.instance().mapLayer(layer.id()) is layer
    square = QgsGeometry.fromRect(QgsRectangle(500_000, 5_600_000, 500_100, 5_600_100))
    square.convertToMultiType()
    feature = QgsFeature(layer.fields())
    feature.setGeometry(square)
    feature.setAttribute("crop", "maize")
    assert layer.addFeature(feature)
    assert layer.commitChanges()
    assert [p.name for p in read_parcels(path, "crop").parcels] == ["maize"]
    assert source_of(layer) == (path, "")


def test_a_new_layer_where_nothing_can_be_written(tmp_path: Path, qgis_app: Any) -> None:
    with pytest.raises(OutputError, match="cannot be created") as caught:
        create_parcel_layer(
            str(tmp_path / "no" / "where.gpkg"),
            QgsCoordinateReferenceSystem(UTM),
            QgsProject.instance(),
        )
    assert caught.value.remedy
    assert QgsProject.instance().mapLayers() == {}


def test_renaming_saves_unless_the_user_is_editing(qgis_app: Any) -> None:
    layer = parcels("maize", "corn", "corn")
    assert rename_class(layer, "crop", "corn", "maize") == 2
    assert not layer.isEditable()
    assert {f["crop"] for f in layer.getFeatures()} == {"maize"}
    layer.startEditing()
    rename_class(layer, "crop", "maize", "wheat")
    assert layer.isEditable()
    layer.rollBack()
    assert {f["crop"] for f in layer.getFeatures()} == {"maize"}
    layer.setReadOnly(True)
    with pytest.raises(OutputError, match="cannot be edited"):
        rename_class(layer, "crop", "maize", "wheat")


def test_a_legend_keeps_known_colours_and_gives_distinct_ones() -> None:
    known = (("beet", "9", "#f4c430"),)  # the usual colour of maize
    found = legend_for(["wheat", "maize", "beet"], {"maize": "201"}, known)
    assert [(name, code) for name, code, _ in found] == [
        ("beet", ""),
        ("maize", "201"),
        ("wheat", ""),
    ]
    assert found[0][2] == "#f4c430"
    assert found[2][2] == "#c17d3a"
    assert len({colour for _, _, colour in found}) == 3


def test_a_legend_file_is_what_the_engine_reads(tmp_path: Path) -> None:
    path = str(tmp_path / "new" / "legend.json")
    write_legend(path, (("maize", "201", "#f4c430"), ("wheat", "", "#c17d3a")))
    assert json.loads(Path(path).read_text())[0] == {
        "name": "maize",
        "code": "201",
        "colour": "#f4c430",
    }
    legend = read_legend(path)
    assert legend.names == ("maize", "wheat")
    assert legend.classes[0].colour == (244, 196, 48)
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="legend cannot be written"):
        write_legend(str(tmp_path / "file" / "legend.json"), ())
    assert legend_path("/p.gpkg", "", "crop") != legend_path("/p.gpkg", "", "kind")


def test_parcels_are_coloured_by_class(qgis_app: Any) -> None:
    layer = parcels("maize", None)
    style_by_class(layer, "crop", (("maize", "", "#f4c430"),))
    categories = layer.renderer().categories()
    assert [c.label() for c in categories] == ["maize", "no class yet"]
    assert categories[0].symbol().color().name() == "#f4c430"
    assert categories[0].symbol().color().alpha() < 255
    assert layer.renderer().classAttribute() == "crop"
