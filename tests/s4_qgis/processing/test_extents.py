"""Extents in the area's coordinate system."""

from __future__ import annotations

from pathlib import Path

import pytest
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)

from s4_core.errors import AreaError, ConfigurationError
from s4_qgis.forms import AreaForm
from s4_qgis.processing.extents import GivenExtent, ground_of, in_area, read_extent
from s4_qgis.processing.given import Given
from s4_qgis.processing.provider import S4Provider
from tests.s4_qgis.processing.conftest import Project


def degrees() -> str:
    return str(QgsCoordinateReferenceSystem("EPSG:4326").toWkt())


def read(provider: S4Provider, value: object) -> GivenExtent | None:
    algorithm = provider.algorithm("segment").create()
    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    return read_extent(Given(algorithm, {"EXTENT": value}, context), "EXTENT")


def test_nothing_given(provider: S4Provider) -> None:
    assert read(provider, None) is None
    assert read(provider, "") is None


def test_bare_numbers_are_the_areas_own(provider: S4Provider, project: Project) -> None:
    QgsProject.instance().setCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    extent = read(provider, "500000, 500160,5599680,5600000")
    assert extent is not None
    area = AreaForm(folder=project.area)
    assert in_area(extent, area) == (500000, 5599680, 500160, 5600000)


def test_numbers_with_a_crs(provider: S4Provider, project: Project) -> None:
    extent = read(provider, "500000,500160,5599680,5600000 [EPSG:32631]")
    assert extent is not None
    area = AreaForm(folder=project.area)
    assert in_area(extent, area) == (500000, 5599680, 500160, 5600000)


def test_a_layer_and_a_rectangle_in_another_crs(provider: S4Provider, project: Project) -> None:
    layer = QgsRasterLayer(project.map, "map", "gdal")
    QgsProject.instance().addMapLayer(layer)
    area = AreaForm(rasters=tuple(map(str, sorted(Path(project.area, "optical").glob("*.tif")))))
    whole = (500000, 5599680, 500320, 5600000)
    extent = read(provider, layer.id())
    assert extent is not None
    assert in_area(extent, area) == pytest.approx(whole)
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    box = QgsReferencedRectangle(QgsRectangle(2.99, 50.54, 3.01, 50.56), degrees)
    extent = read(provider, box)
    assert extent is not None
    xmin, ymin, xmax, ymax = in_area(extent, area)
    assert 499_900 < xmin <= whole[0] < whole[2] <= xmax < 500_420
    assert 5_599_600 < ymin <= whole[1] < whole[3] <= ymax < 5_600_100


@pytest.mark.parametrize("box", [(-179, -90, 179, 90), (-30, 20, 60, 89)])
def test_a_far_larger_extent_covers_the_images(
    project: Project, box: tuple[float, float, float, float]
) -> None:
    world = GivenExtent(box, degrees())
    xmin, ymin, xmax, ymax = in_area(world, AreaForm(folder=project.area))
    assert 499_900 < xmin <= 500_000
    assert 5_599_600 < ymin <= 5_599_680
    assert 500_320 <= xmax < 500_420
    assert 5_600_000 <= ymax < 5_600_100


@pytest.mark.parametrize("box", [(0, 95, 1, 99), (100, 10, 110, 20)])
def test_an_extent_elsewhere(project: Project, box: tuple[float, float, float, float]) -> None:
    extent = GivenExtent(box, degrees())
    with pytest.raises(ConfigurationError, match="does not touch the images"):
        in_area(extent, AreaForm(folder=project.area))


def write(path: Path, crs: str, size: float) -> str:
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), 4, 4)
    if crs:
        dataset.SetProjection(QgsCoordinateReferenceSystem(crs).toWkt())
    dataset.SetGeoTransform((3.0, size, 0, 50.0, 0, -size))
    return str(path)


def test_the_finest_pixels_decide_and_of_these_the_most(tmp_path: Path) -> None:
    rasters = (
        write(tmp_path / "a.tif", "EPSG:32632", 20),
        write(tmp_path / "b.tif", "EPSG:32632", 20),
        write(tmp_path / "c.tif", "EPSG:32632", 10),
        write(tmp_path / "d.tif", "EPSG:32631", 10),
        write(tmp_path / "e.tif", "EPSG:32631", 10),
        write(tmp_path / "f.tif", "EPSG:4326", 0.01),  # about 1 km
        write(tmp_path / "g.tif", "", 1),
        str(tmp_path / "missing.tif"),
    )
    assert "UTM zone 31N" in ground_of(AreaForm(rasters=rasters))[0]


def test_images_without_a_crs(tmp_path: Path) -> None:
    with pytest.raises(AreaError, match="None of the images"):
        ground_of(AreaForm(rasters=(write(tmp_path / "a.tif", "", 10),)))
