"""A disk that is full while the panel writes: it is said, nothing is left, the rest stays usable.

The disk is a real one: a small file system in memory, which only root may mount.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsRectangle, QgsVectorLayer

from s4_qgis.layers.runs import add_run
from s4_qgis.panel.comparison import ComparisonBox
from s4_qgis.panel.map import MapPage
from s4_qgis.panel.report import ReportPage
from s4_qgis.panel.state import SessionState
from s4_qgis.panel.train import TrainPage
from tests.s4_qgis.maps import write_run

Wait = Callable[[Callable[[], Any], float], None]
SIZE = 4_000_000


class Disk:
    """A file system with so much room."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, left: int = 0) -> None:
        """Leave so many bytes, in whole blocks of 4096."""
        self.free()
        room = (
            SIZE // 4096
            - 1
            - sum(
                -(-path.stat().st_size // 4096) for path in self.folder.rglob("*") if path.is_file()
            )
        )
        self._filler.write_bytes(b"\0" * 4096 * max(room - left // 4096, 0))

    def free(self) -> None:
        """Make room again."""
        self._filler.unlink(missing_ok=True)

    @property
    def files(self) -> set[str]:
        """What lies there beside the filler; hidden files too."""
        return {path.name for path in self.folder.rglob("*") if path.is_file()} - {"filler"}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a small file system cannot be mounted: not root")
    yield Disk(folder)
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def report(session: SessionState, iface: Any, tmp_path: Path) -> ReportPage:
    """The last step, after a map that lies on another disk."""
    run = write_run(tmp_path / "run")
    layers = add_run(run, "S4 field optical")
    session.update(
        info={"name": "field", "season": ["2018-10-01", "2019-10-01"], "acquisitions": []},
        modality="optical",
        run_folder=str(tmp_path / "run"),
        map_result={**run, "layers": layers.plain()},
    )
    return ReportPage(session, iface)


@pytest.fixture
def farms() -> QgsVectorLayer:
    """Enough parcels to fill a few pages of a file."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32631&field=farm:string", "farms", "memory")
    for number in range(400):
        feature = QgsFeature(layer.fields())
        feature.setAttributes([f"farm {number} {'x' * 200}"])
        x, y = 500_020 + 8 * (number % 20), 5_599_960 - 8 * (number // 20)
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, y - 8, x + 8, y)))
        assert layer.dataProvider().addFeature(feature)
    QgsProject.instance().addMapLayer(layer)
    return layer


EXPORTS: dict[str, tuple[str, Callable[[ReportPage, Path], None]]] = {
    "styled": ("away", lambda page, path: page.export_styled(str(path))),
    "polygons": ("crops.gpkg", lambda page, path: page.export_polygons(str(path))),
    "parcels": ("parcels.gpkg", lambda page, path: page.export_parcels(str(path))),
    "pdf": ("sheet.pdf", lambda page, path: page.export_sheet(str(path))),
    "png": ("sheet.png", lambda page, path: page.export_sheet(str(path))),
}


@pytest.mark.parametrize("left", [0, 8192])
@pytest.mark.parametrize("kind", EXPORTS)
def test_exports(
    report: ReportPage,
    disk: Disk,
    wait: Wait,
    farms: QgsVectorLayer,
    gdal_exceptions: bool,
    *,
    kind: str,
    left: int,
) -> None:
    name, export = EXPORTS[kind]
    layers = set(QgsProject.instance().mapLayers())
    disk.fill(left)
    export(report, disk.folder / name)
    wait(lambda: not report.job_row.is_running, 60)
    check_refusal(report, disk)
    assert set(QgsProject.instance().mapLayers()) == layers
    disk.free()
    export(report, disk.folder / name)
    wait(lambda: not report.job_row.is_running, 60)
    assert (disk.folder / name).exists(), report.notice.text()
    assert name in report.notice.text()


def check_refusal(page: Any, disk: Disk) -> None:
    """What happened, and what to do; and nothing half-written."""
    said = page.notice.text()
    assert len(said.splitlines()) >= 2, said
    assert "fault of the plugin" not in said
    assert "Traceback" not in said
    assert disk.files == set()


def test_a_map(ready: SessionState, iface: Any, engine: str, disk: Disk, wait: Wait) -> None:
    page = MapPage(ready, iface)
    page.within.everything.setChecked(True)
    page.out.setFilePath(str(disk.folder / "run"))
    disk.fill()
    page.start()
    wait(lambda: not page.job_row.is_running, 90)
    said = page.notice.text()
    assert "space" in said, said
    assert len(said.splitlines()) >= 2
    assert ready.map_result == {}
    assert QgsProject.instance().mapLayers() == {}
    assert not [name for name in disk.files if name.endswith(".tif")]
    disk.free()
    page.start()
    wait(lambda: not page.job_row.is_running, 90)
    assert ready.map_result["map"] == str(disk.folder / "run" / "crop_map.tif"), page.notice.text()


def test_a_training(
    labelled: SessionState,
    tiny_pretrained: Path,
    engine: str,
    disk: Disk,
    wait: Wait,
) -> None:
    labelled.init_model = str(tiny_pretrained)
    page = TrainPage(labelled, None)
    page.compare.setChecked(False)
    page.out.setFilePath(str(disk.folder / "model.safetensors"))
    disk.fill(8192)
    page.start()
    wait(lambda: not page.job_row.is_running, 90)
    said = page.notice.text()
    assert "space" in said, said
    assert labelled.model == ""
    assert "model.safetensors" not in disk.files
    disk.free()
    page.start()
    wait(lambda: not page.job_row.is_running, 90)
    assert labelled.model == str(disk.folder / "model.safetensors"), page.notice.text()


def test_a_comparison(
    ready: SessionState, tiny_pretrained: Path, engine: str, disk: Disk, wait: Wait
) -> None:
    ready.init_model = str(tiny_pretrained)
    box = ComparisonBox(ready)
    box.allow(True)
    box.methods["rf"].setChecked(False)
    box.most.setValue(1)
    box.draws.setValue(1)
    box.out.setFilePath(str(disk.folder / "compared.json"))
    disk.fill()
    box.start()
    wait(lambda: not box.job_row.is_running, 90)
    said = box.notice.text()
    assert "space" in said, said
    assert len(said.splitlines()) >= 2
    assert ready.comparison == {}
    disk.free()
    box.start()
    wait(lambda: not box.job_row.is_running, 90)
    assert ready.comparison["out"] == str(disk.folder / "compared.json"), box.notice.text()
