"""Images of a folder as styled, dated layers in groups."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsProject, QgsRasterLayer

from s4_qgis.layers.images import add_images
from s4_qgis.layers.stretch import band_numbers, image_renderer, shown_bands

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample"
BANDS = ["B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12", "SCL"]


def entry(modality: str, day: str, valid: float) -> dict[str, Any]:
    name = {"optical": "S2_L2A", "radar": "S1_GRD_ASC"}[modality]
    return {
        "date": day,
        "modality": modality,
        "bands": BANDS if modality == "optical" else ["VV", "VH"],
        "valid_share": valid,
        "cloud_share": None,
        "path": str(SAMPLE / modality / f"{name}_{day.replace('-', '')}.tif"),
    }


INFO = {
    "name": "field",
    "path": str(SAMPLE),
    "season": ["2018-10-15", "2019-10-31"],
    "acquisitions": [
        entry("optical", "2019-05-07", 0.05),
        entry("optical", "2019-05-17", 1.0),
        entry("radar", "2019-05-05", 1.0),
        entry("radar", "2019-05-11", 1.0),
    ],
}


def test_layers_come_grouped_folded_and_dated(qgis_app: Any) -> None:
    project = QgsProject.instance()
    group = add_images(project, INFO)
    assert [child.name() for child in group.children()] == ["optical", "radar"]
    optical, radar = group.children()
    assert not optical.isExpanded()
    assert [n.name() for n in optical.children()] == ["2019-05-17 optical", "2019-05-07 optical"]
    assert [n.itemVisibilityChecked() for n in optical.children()] == [True, False]
    assert [n.itemVisibilityChecked() for n in radar.children()] == [True, False]
    layer = optical.children()[0].layer()
    renderer = layer.renderer()
    assert (renderer.redBand(), renderer.greenBand(), renderer.blueBand()) == (3, 2, 1)
    assert renderer.redContrastEnhancement().maximumValue() == pytest.approx(2500)
    span = layer.temporalProperties().fixedTemporalRange()
    assert span.begin().date().toPyDate() == date(2019, 5, 17)


def test_adding_again_adds_only_what_is_new(qgis_app: Any) -> None:
    project = QgsProject.instance()
    add_images(project, {**INFO, "acquisitions": INFO["acquisitions"][:2]})
    add_images(project, INFO)
    assert len(project.mapLayers()) == 4
    assert len(project.layerTreeRoot().findGroups()) == 1
    gone = {**INFO["acquisitions"][0], "path": "/nowhere.tif"}
    add_images(project, {**INFO, "acquisitions": [gone]})
    assert len(project.mapLayers()) == 4


def test_bands_by_description_else_by_position() -> None:
    assert band_numbers(["x", "Band 2: B04_10m", "B02"], ["B02", "B04"]) == {"B04": 2, "B02": 3}
    assert band_numbers(["red", "nir"], ["B04", "B08"]) == {"B04": 1, "B08": 2}
    assert band_numbers(["", "", ""], ["B04"]) == {}


def test_bands_to_show() -> None:
    numbers = {band: i for i, band in enumerate(BANDS, start=1)}
    shown = shown_bands(numbers, "optical", is_whole=False, is_power=False)
    assert shown == [(3, 0.0, 0.25), (2, 0.0, 0.25), (1, 0.0, 0.25)]
    infrared = {band: i for i, band in enumerate(("B03", "B04", "B08"), start=1)}
    shown = shown_bands(infrared, "optical", is_whole=True, is_power=False)
    assert shown == [(3, 0.0, 5000.0), (2, 0.0, 2500.0), (1, 0.0, 2500.0)]
    radar = shown_bands({"VV": 1, "VH": 2}, "radar", is_whole=False, is_power=False)
    assert radar == [(1, -20.0, -3.0), (2, -27.0, -10.0), (1, -20.0, -3.0)]
    assert shown_bands({"VH": 1}, "radar", is_whole=False, is_power=True) == [(1, 0.0, 0.07)]
    assert shown_bands({}, "radar", is_whole=False, is_power=False) == []
    assert shown_bands({"SCL": 1}, "optical", is_whole=True, is_power=False) == []


def test_a_renderer_of_one_band(qgis_app: Any) -> None:
    layer = QgsRasterLayer(INFO["acquisitions"][2]["path"], "a")
    image = {"modality": "radar", "bands": ["VH", "x", "y"]}
    renderer = image_renderer(layer.dataProvider(), image)
    assert renderer is not None
    assert renderer.type() == "singlebandgray"
