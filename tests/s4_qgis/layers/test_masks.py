"""Cloud masks as layers with a legend."""

from __future__ import annotations

from datetime import date
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer

from s4_core.types import CLOUDY_SCL
from s4_qgis.layers.images import add_images
from s4_qgis.layers.masks import add_masks, mask_layer
from s4_qgis.layers.sources import layers_of_paths, source_tree
from tests.s4_qgis.layers.test_images import BANDS, INFO, entry


def test_a_mask_a_date_above_the_images(qgis_app: Any) -> None:
    project = QgsProject.instance()
    area = add_images(project, INFO)
    group = add_masks(project, INFO)
    assert group is not None
    assert [child.name() for child in area.children()] == ["Cloud masks", "optical", "radar"]
    nodes = group.children()
    assert [n.name() for n in nodes] == ["2019-05-17 cloud mask", "2019-05-07 cloud mask"]
    assert [n.itemVisibilityChecked() for n in nodes] == [True, False]
    span = nodes[0].layer().temporalProperties().fixedTemporalRange()
    assert span.begin().date().toPyDate() == date(2019, 5, 17)
    again = add_masks(project, INFO)
    assert again is not None
    assert len(again.children()) == 2


def test_its_legend_tells_what_is_masked(qgis_app: Any) -> None:
    layer = mask_layer(entry("optical", "2019-05-07", 0.05))
    assert isinstance(layer, QgsRasterLayer)
    renderer = layer.renderer()
    assert renderer.inputBand() == BANDS.index("SCL") + 1
    classes = {c.value: c for c in renderer.classes()}
    assert classes[9].label == "Cloud: masked"
    assert classes[9].color.name() == "#ffffff"
    assert classes[6].label == "Water"
    assert {v for v, c in classes.items() if c.color.alpha() == 255} == set(CLOUDY_SCL) - {0}


def test_masks_are_no_images(qgis_app: Any) -> None:
    project = QgsProject.instance()
    add_masks(project, INFO)
    assert source_tree(project.layerTreeRoot()) == ()
    assert layers_of_paths(project, [i["path"] for i in INFO["acquisitions"]]) == []
    add_images(project, INFO)  # they come although their files are shown by masks
    assert len(layers_of_paths(project, [i["path"] for i in INFO["acquisitions"]])) == 4


def test_without_a_mask_there_is_no_group(qgis_app: Any) -> None:
    project = QgsProject.instance()
    radar = [image for image in INFO["acquisitions"] if image["modality"] == "radar"]
    assert add_masks(project, {**INFO, "acquisitions": radar}) is None
    assert project.layerTreeRoot().children() == []
    gone = {**entry("optical", "2019-05-07", 1.0), "path": "/nowhere/S2_20190507.tif"}
    assert mask_layer(gone) is None
