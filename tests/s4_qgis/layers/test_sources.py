"""Rasters of the project and of folders, and what the user said of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import QgsProject, QgsRasterLayer, QgsVectorLayer

from s4_qgis.layers.sources import (
    SourceNode,
    Stated,
    folder_rasters,
    layers_of_paths,
    raster_path,
    read_stated,
    source_tree,
    write_stated,
)

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample"
OPTICAL = str(SAMPLE / "optical" / "S2_L2A_20190507.tif")
RADAR = str(SAMPLE / "radar" / "S1_GRD_ASC_20190505.tif")


def test_what_gdal_opens(qgis_app: Any) -> None:
    assert raster_path(QgsRasterLayer(OPTICAL, "a")) == OPTICAL
    assert raster_path(QgsRasterLayer(f"{OPTICAL}|option:NUM_THREADS=1", "a")) == OPTICAL
    assert raster_path(QgsVectorLayer("Polygon", "a", "memory")) == ""
    assert raster_path(None) == ""


def test_the_tree_has_rasters_and_their_groups_only(qgis_app: Any) -> None:
    project = QgsProject.instance()
    root = project.layerTreeRoot()
    inner = root.addGroup("S2").addGroup("May")
    root.addGroup("empty")
    a, b = QgsRasterLayer(OPTICAL, "a"), QgsRasterLayer(RADAR, "b")
    parcels = QgsVectorLayer("Polygon", "parcels", "memory")
    project.addMapLayers([a, b, parcels], False)
    inner.addLayer(a)
    inner.addLayer(parcels)
    root.addLayer(b)
    assert source_tree(root) == (
        SourceNode(
            "S2", children=(SourceNode("May", children=(SourceNode("a", a.id(), OPTICAL),)),)
        ),
        SourceNode("b", b.id(), RADAR),
    )
    assert layers_of_paths(project, [RADAR, "/other.tif"]) == [b]


def test_rasters_of_a_folder(tmp_path: Path) -> None:
    names = [Path(path).parent.name for path in folder_rasters(str(SAMPLE))]
    assert (names.count("optical"), names.count("radar"), len(names)) == (40, 46, 86)
    for name in ("b.TIF", "a.vrt", "notes.txt"):
        (tmp_path / name).touch()
    assert folder_rasters(str(tmp_path)) == (str(tmp_path / "a.vrt"), str(tmp_path / "b.TIF"))
    assert folder_rasters(str(tmp_path / "nowhere")) == ()


def test_what_was_said_of_rasters_is_kept_with_the_project(tmp_path: Path) -> None:
    project = QgsProject.instance()
    write_stated(project, {"/a.tif": Stated("2019-04-12"), "/b.tif": Stated("2019-05-01")})
    write_stated(project, {"/b.tif": Stated("", ("VV", "VH"))})
    path = str(tmp_path / "p.qgz")
    assert project.write(path)
    project.clear()
    assert read_stated(project) == {}
    assert project.read(path)
    assert read_stated(project) == {
        "/a.tif": Stated("2019-04-12"),
        "/b.tif": Stated("", ("VV", "VH")),
    }
    project.writeEntry("s4_crop_mapper", "stated", '{"/a": 1}')
    assert read_stated(project) == {}
