"""s4:segment"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsProcessingException,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from s4_qgis.export.parcel_copy import voted_fields
from s4_qgis.export.parcel_votes import COLUMNS
from s4_qgis.layers.runs import RUN_PROPERTY
from tests.s4_qgis.processing.conftest import Heard, Project, Run
from tests.tiny_project import truth

CPU = {"DEVICE": "cpu", "THREADS": 1}


def test_a_styled_map(run: Run, project: Project, tmp_path: Path) -> None:
    out = tmp_path / "maps" / "july.tif"
    done = run(
        "segment",
        AREA=project.area,
        MODEL=project.model,
        MODALITY="optical",
        MIN_CONFIDENCE=0.5,
        OUTPUT=str(out),
        CONFIDENCE=str(tmp_path / "maps" / "sure.tif"),
        AREAS=str(tmp_path / "hectares.csv"),
        **CPU,
    )
    dataset = gdal.Open(str(out))
    values = dataset.ReadAsArray()
    assert (values == truth() + 1).mean() > 0.95
    table = dataset.GetRasterBand(1).GetDefaultRAT()
    names = [table.GetValueAsString(row, 2) for row in range(table.GetRowCount())]
    assert names == ["beet", "wheat", "uncertain"]

    layer = done.load("OUTPUT")
    assert layer.crs().authid() == "EPSG:32631"
    assert (layer.width(), layer.height()) == (32, 32)
    assert layer.renderer().type() == "paletted"
    assert [entry.label for entry in layer.renderer().classes()] == names
    assert layer.customProperty(RUN_PROPERTY) == str(out.parent)
    assert done.load("CONFIDENCE").renderer().type() == "singlebandpseudocolor"
    assert done.details("OUTPUT").name == "Crops"
    assert done.details("OUTPUT").groupName.startswith("S4 area optical ")
    assert done.details("CONFIDENCE").groupName == done.details("OUTPUT").groupName

    rows = list(csv.DictReader((tmp_path / "hectares.csv").open()))
    assert [row["class"] for row in rows] == names
    assert done["MAPPED_HA"] == pytest.approx(10.24, rel=1e-3)
    assert sum(float(row["hectares"]) for row in rows) == pytest.approx(done["MAPPED_HA"])


def test_extent_in_another_crs_and_parcels(run: Run, project: Project, tmp_path: Path) -> None:
    # the western half, in degrees: a box that covers it fully
    done = run(
        "segment",
        AREA=project.area,
        MODEL=project.model,
        EXTENT="3.0,3.00228,50.5,50.6 [EPSG:4326]",
        PARCELS=project.parcels,
        PARCEL_CROPS=str(tmp_path / "crops.gpkg"),
        OUTPUT=str(tmp_path / "map.tif"),
        **CPU,
    )
    layer = QgsRasterLayer(str(tmp_path / "map.tif"), "map", "gdal")
    assert layer.width() in (16, 17)
    assert layer.extent().xMinimum() == 500_000
    assert "CONFIDENCE" not in done.outputs
    assert not (tmp_path / "confidence.tif").exists()

    parcels = done.load("PARCEL_CROPS")
    assert isinstance(parcels.renderer(), QgsCategorizedSymbolRenderer)
    labels = [category.label() for category in parcels.renderer().categories()]
    assert labels == ["beet", "wheat"]
    crops = {f["parcel_id"]: f["s4_class"] for f in parcels.getFeatures()}
    assert {crops[str(i)] for i in range(1, 5)} == {"beet"}
    assert all(not crops[str(i)] for i in range(5, 9))  # outside the extent
    # votes of an earlier map are replaced
    again, own = voted_fields(parcels.fields())
    assert again.names() == parcels.fields().names()
    assert len(own) == again.count() - len(COLUMNS)
    first = next(parcels.getFeatures())
    assert first["crop"] == "beet"
    assert first["s4_confidence"] > 0.5
    assert first["s4_pixels"] == 60


def test_only_within_a_layer_in_memory(run: Run, project: Project, tmp_path: Path) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:32631", "fields", "memory")
    source = QgsVectorLayer(project.parcels, "parcels", "ogr")
    layer.dataProvider().addFeatures(list(source.getFeatures())[:2])
    QgsProject.instance().addMapLayer(layer)
    run(
        "segment",
        AREA=project.area,
        MODEL=project.model,
        WITHIN=layer.id(),
        OUTPUT=str(tmp_path / "map.tif"),
        **CPU,
    )
    values = gdal.Open(str(tmp_path / "map.tif")).ReadAsArray()
    assert int((values > 0).sum()) == 2 * 60


def test_only_within_a_raster(run: Run, project: Project, tmp_path: Path) -> None:
    mask = gdal.GetDriverByName("GTiff").CreateCopy(
        str(tmp_path / "mask.tif"), gdal.Open(project.map)
    )
    inside = np.zeros((32, 32), np.uint8)
    inside[4:9, 4:12] = 1
    mask.GetRasterBand(1).WriteArray(inside)
    mask = None
    done = run(
        "segment",
        AREA=project.area,
        MODEL=project.model,
        WITHIN_RASTER=str(tmp_path / "mask.tif"),
        OUTPUT=str(tmp_path / "map.tif"),
        **CPU,
    )
    assert done["MAPPED_HA"] == pytest.approx(0.4, rel=1e-3)


def test_cancelled_in_the_middle(run: Run, project: Project, tmp_path: Path) -> None:
    feedback = Heard(cancel_at=1.0)
    done = run(
        "segment",
        feedback,
        AREA=project.area,
        MODEL=project.model,
        TILE=8,
        OUTPUT=str(tmp_path / "map.tif"),
        **CPU,
    )
    assert done.outputs == {}
    assert feedback.infos[-1] == "Cancelled."
    assert feedback.progress[-1] < 100
    assert not list(tmp_path.glob("*.tif"))


def test_a_model_without_classes(run: Run, project: Project, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException) as caught:
        run(
            "segment",
            AREA=project.area,
            MODEL=project.pretrained,
            OUTPUT=str(tmp_path / "map.tif"),
            **CPU,
        )
    message, remedy = str(caught.value).splitlines()
    assert "pretrained.safetensors" in message
    assert remedy


def test_a_map_that_is_no_geotiff(run: Run, project: Project, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match=r"ends in \.tif"):
        run("segment", AREA=project.area, MODEL=project.model, OUTPUT=str(tmp_path / "map.png"))


def test_a_modality_that_the_model_was_not_trained_for(
    run: Run, project: Project, tmp_path: Path
) -> None:
    with pytest.raises(QgsProcessingException, match="radar"):
        run(
            "segment",
            AREA=project.area,
            MODEL=project.model,
            MODALITY="radar",
            OUTPUT=str(tmp_path / "map.tif"),
            **CPU,
        )


def test_values_that_cannot_be_right(refusal: Callable[..., str], project: Project) -> None:
    given = {"AREA": project.area, "MODEL": project.model, "OUTPUT": "/tmp/map.tif"}
    both = {"WITHIN": project.parcels, "WITHIN_RASTER": project.map}
    assert "Both polygons and a raster" in refusal("segment", **given, **both)
    crops = {"PARCEL_CROPS": "TEMPORARY_OUTPUT"}
    assert "No parcels are chosen" in refusal("segment", **given, **crops)
    assert "is not a season" in refusal("segment", **given, SEASON="summer")
