"""s4:vectorize"""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsProcessingException

from tests.s4_qgis.maps import write_run
from tests.s4_qgis.processing.conftest import Heard, Run


def test_styled_polygons(run: Run, tmp_path: Path) -> None:
    result = write_run(tmp_path)
    done = run("vectorize", MAP=result["map"], OUTPUT=str(tmp_path / "crops.gpkg"))
    layer = done.load("OUTPUT")
    assert done["COUNT"] == layer.featureCount() == 3
    hectares = {f["class"]: f["area_ha"] for f in layer.getFeatures()}
    counted = {area["name"]: area["hectares"] for area in result["areas"]}
    assert hectares == pytest.approx(counted, rel=2e-3)
    assert [c.label() for c in layer.renderer().categories()] == list(counted)
    assert layer.renderer().categories()[0].symbol().color().name() == "#f4c430"
    assert layer.crs().authid() == "EPSG:32631"


def test_into_memory_of_the_run(run: Run, tmp_path: Path) -> None:
    done = run(
        "vectorize", MAP=write_run(tmp_path)["map"], OUTPUT="TEMPORARY_OUTPUT", DISSOLVE=True
    )
    assert Path(done["OUTPUT"]).suffix == ".gpkg"
    assert done["COUNT"] == 3


def test_cancelled(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "crops.gpkg"
    done = run("vectorize", Heard(cancel_at=0.1), MAP=write_run(tmp_path)["map"], OUTPUT=str(out))
    assert done.outputs == {}
    assert not out.exists()


def test_a_folder_that_is_not_there(run: Run, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match="cannot be written") as caught:
        run("vectorize", MAP=write_run(tmp_path)["map"], OUTPUT="/proc/nowhere/crops.gpkg")
    assert "Choose another file or folder." in str(caught.value)
