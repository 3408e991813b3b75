"""The places that a map is least sure of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

from s4_qgis.layers.suggest import SuggestTask, suggestion_layer

X0, Y0 = 500_000.0, 5_600_000.0


@pytest.fixture
def confidence(tmp_path: Path) -> str:
    """40 x 60 px: sure on the left, less so on the right, nothing known in the last 20 columns.

    The margin is the narrowest of a block whose confidence is not the lowest.
    """
    values = np.full((40, 60), 0.9, np.float32)
    values[:, 20:40] = 0.5
    values[10:20, 20:30] = 0.2
    values[:, 40:] = np.nan
    margins = np.where(values > 0.8, 0.8, 0.3).astype(np.float32)
    margins[20:30, 20:30] = 0.05
    margins[:, 40:] = np.nan
    path = str(tmp_path / "confidence.tif")
    dataset = gdal.GetDriverByName("GTiff").Create(path, 60, 40, 2, gdal.GDT_Float32)
    dataset.SetGeoTransform((X0, 10, 0, Y0, 0, -10))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32631)
    dataset.SetProjection(reference.ExportToWkt())
    dataset.GetRasterBand(1).WriteArray(values)
    dataset.GetRasterBand(2).WriteArray(margins)
    del dataset
    return path


def suggested(task: SuggestTask) -> dict[str, Any]:
    got: list[dict[str, Any]] = []
    task.succeeded.connect(got.append)
    assert task.run_serial()
    return got[0]


def test_blocks_are_ranked(confidence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s4_qgis.layers.suggest.STRIP_ROWS", 20)  # several strips
    found = suggested(SuggestTask(confidence, most=3))["suggestions"]
    assert [round(s.margin, 3) for s in found] == [0.05, 0.3, 0.3]
    assert [round(s.confidence, 3) for s in found] == [0.5, 0.5, 0.5]
    box = QgsGeometry.fromWkt(found[0].wkt).boundingBox()
    assert box == QgsRectangle(X0 + 200, Y0 - 300, X0 + 300, Y0 - 200)
    assert found[0].pixels == 100
    assert len(suggested(SuggestTask(confidence, most=99))["suggestions"]) == 16  # none unmapped


def test_parcels_without_a_class_are_ranked(confidence: str, qgis_app: Any) -> None:
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=crop:string", "p", "memory")
    squares = [
        (X0 + 10, Y0 - 90, 80, None),  # sure
        (X0 + 205, Y0 - 195, 90, None),  # not sure, one class ahead
        (X0 + 205, Y0 - 295, 90, None),  # surer, but two classes alike
        (X0 + 205, Y0 - 395, 90, "maize"),  # known already
        (X0 + 410, Y0 - 190, 90, None),  # not mapped
    ]
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject

    to_degrees = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32631"), layer.crs(), QgsProject.instance()
    )
    for x, y, side, name in squares:
        feature = QgsFeature(layer.fields())
        outline = QgsGeometry.fromRect(QgsRectangle(x, y, x + side, y + side))
        outline.transform(to_degrees)
        feature.setGeometry(outline)
        feature.setAttributes([name])
        layer.dataProvider().addFeatures([feature])
    result = suggested(SuggestTask(confidence, layer, "crop"))
    assert [round(s.confidence, 2) for s in result["suggestions"]] == [0.5, 0.2, 0.9]
    shown = suggestion_layer(result["suggestions"], result["crs"], "Label more here")
    assert shown.crs().authid() == "EPSG:32631"
    ranks = [(f["rank"], f["confidence"], f["margin"]) for f in shown.getFeatures()]
    assert ranks == [(1, 0.5, 0.05), (2, 0.2, 0.3), (3, 0.9, 0.8)]
    assert shown.extent().xMinimum() == pytest.approx(X0 + 10, abs=0.1)
    assert shown.labelsEnabled()


def test_a_confidence_that_has_gone(tmp_path: Path) -> None:
    task, got = SuggestTask(str(tmp_path / "none.tif")), []
    task.failed.connect(lambda *said: got.append(said))
    assert not task.run_serial()
    assert got[0][0] == "raster"
    assert "cannot be read" in got[0][1]
