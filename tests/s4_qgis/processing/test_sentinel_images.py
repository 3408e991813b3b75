"""The whole way on images as satellites made them, with the model that the plugin ships."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from osgeo import gdal

from tests.conftest import REPOSITORY
from tests.s4_qgis.processing.conftest import Run

SIDE = 40
CPU = {"DEVICE": "cpu", "THREADS": 1}


@pytest.fixture(scope="module")
def area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corner of a real area, else of the embedded sample: every second optical image."""
    shared = Path(os.environ.get("S4_DATA", REPOSITORY.parent / "shared" / "data"))
    real = shared / "flanders" / "brabant_2019"
    source = real if real.is_dir() else REPOSITORY / "resources" / "sample"
    folder = tmp_path_factory.mktemp("area")
    (folder / "optical").mkdir()
    for path in sorted(source.glob("optical/*.tif"))[::2]:
        gdal.Translate(str(folder / "optical" / path.name), str(path), srcWin=[0, 0, SIDE, SIDE])
    for name in ("area.json", "parcels.gpkg"):
        shutil.copy(source / name, folder / name)
    return folder


def test_from_parcels_to_polygons(run: Run, area: Path, tmp_path: Path) -> None:
    parcels = str(area / "parcels.gpkg")
    seen = run("inspect", AREA=str(area))
    assert seen["OPTICAL"] == len(list((area / "optical").iterdir()))
    learned = run(
        "finetune",
        AREA=str(area),
        LABELS=parcels,
        FIELD="crop",
        OUTPUT=str(tmp_path / "crops.safetensors"),
        **CPU,
    )
    mapped = run(
        "segment",
        AREA=str(area),
        MODEL=learned["OUTPUT"],
        OUTPUT=str(tmp_path / "map.tif"),
        CONFIDENCE=str(tmp_path / "confidence.tif"),
        **CPU,
    )
    # what it was taught it must at least give back
    judged = run(
        "evaluate",
        MAP=mapped["OUTPUT"],
        REFERENCE=parcels,
        FIELD="crop",
        METRICS=str(tmp_path / "metrics.json"),
    )
    assert judged["OA"] > 0.8
    classes = mapped.load("OUTPUT").renderer().classes()
    assert ", ".join(entry.label for entry in classes) == learned["CLASSES"]
    drawn = run("vectorize", MAP=mapped["OUTPUT"], OUTPUT=str(tmp_path / "map.gpkg"), TOLERANCE=10)
    layer = drawn.load("OUTPUT")
    assert layer.crs() == mapped.load("OUTPUT").crs()
    total = sum(feature["area_ha"] for feature in layer.getFeatures())
    assert total == pytest.approx(mapped["MAPPED_HA"], rel=0.05)
