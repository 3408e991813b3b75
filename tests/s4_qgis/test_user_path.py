"""The user's way through the panel, end to end: images, labels, quick training, styled map.

The area is a corner of the simulated sample; the model to start from is a narrow one, made in a
process of its own. Every click and choice that a user would make is counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from osgeo import gdal, ogr
from qgis.core import (
    Qgis,
    QgsApplication,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtWidgets import QAbstractButton

from s4_qgis.engine.task import running_tasks
from s4_qgis.layers.images import GROUP_PROPERTY
from s4_qgis.layers.styling import table_rows
from s4_qgis.panel.dock import S4Dock
from s4_qgis.settings import PluginSettings
from tests.s4_qgis.main_window import MainWindow
from tests.s4_qgis.processes import kill_workers, workers

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "sample"
SIDE = 48  # pixels of 10 m from the sample's north-west corner: a few parcels of four crops
SETTINGS = {
    "network.widths": [8, 8, 16],
    "network.decoder_widths": [8, 8, 8],
    "pretrain.epochs": 1,
    "pretrain.steps_per_epoch": 1,
    "pretrain.batch": 1,
    "pretrain.patch_px": 16,
    "pretrain.validation_patches": 1,
}

Wait = Callable[[Callable[[], Any], float], None]


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corner of the sample with every second image and the parcels that lie within it."""
    folder = tmp_path_factory.mktemp("user") / "corner"
    folder.mkdir()
    for modality in ("optical", "radar"):
        (folder / modality).mkdir()
        for path in sorted((SAMPLE / modality).glob("*.tif"))[::2]:
            crop(path, folder / modality / path.name)
    dataset = gdal.Open(str(SAMPLE / "reference.tif"))
    west, north = dataset.GetGeoTransform()[0], dataset.GetGeoTransform()[3]
    source = ogr.Open(str(SAMPLE / "parcels.gpkg"))
    layer = source.GetLayer(0)
    inside = [f.GetFID() for f in layer if is_inside(f.GetGeometryRef().GetEnvelope(), west, north)]
    layer.SetAttributeFilter(f"fid IN ({','.join(map(str, inside))})")
    target = ogr.GetDriverByName("GPKG").CreateDataSource(str(folder / "parcels.gpkg"))
    target.CopyLayer(layer, "parcels")
    target = None
    (folder / "area.json").write_text((SAMPLE / "area.json").read_text(encoding="utf-8"))
    return folder


@pytest.fixture(scope="module")
def narrow(corner: Path) -> Path:
    """A model to start from, small enough for a test."""
    path = corner.parent / "narrow.safetensors"
    command = [sys.executable, "-m", "s4_core", "pretrain", "--area", str(corner)]
    command += ["--out", str(path), "--device", "cpu", "--threads", "1", "--quiet"]
    for key, value in SETTINGS.items():
        command += ["--set", f"{key}={json.dumps(value)}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def dock(iface: MainWindow, engine: str, narrow: Path, tmp_path: Path) -> Iterator[S4Dock]:
    """The panel in a main window, as the plugin opens it; starts from the narrow model."""
    settings = PluginSettings()
    settings.output_folder, settings.threads, settings.device = str(tmp_path / "out"), 1, "cpu"
    iface.mainWindow().show()
    found = S4Dock(iface, iface.mainWindow())
    iface.mainWindow().addDockWidget(2, found)
    found.show()
    found.session.init_model = str(narrow)
    yield found
    for page in found.pages.values():
        page.job_row.cancel()
    settle(lambda: not running_tasks())
    found.session.close()
    found.close()
    found.deleteLater()


class Hand:
    """A user's hand: only uses what is shown and enabled, and counts what it does."""

    def __init__(self, dock: S4Dock, wait: Wait) -> None:
        self.dock, self.wait = dock, wait
        self.deeds: list[str] = []

    def click(self, button: QAbstractButton) -> None:
        assert button.isVisible(), f"{button.text()} is hidden"
        assert button.isEnabled(), f"{button.text()} is disabled: {button.toolTip()}"
        self.deeds.append(button.text())
        button.click()

    def choose_folder(self, folder: Path) -> None:
        self.deeds.append("folder")
        self.dock.pages["images"].source._folder.setFilePath(str(folder))

    def open(self, step: str) -> None:
        self.deeds.append(f"step {step}")
        self.dock.steps.setCurrentItem(self.dock.steps._items[step])

    def go_on(self, step: str) -> None:
        self.click(self.dock.pages[step]._next)

    def finish(self, step: str) -> None:
        """Wait for a step's job; what it says if it failed."""
        page = self.dock.pages[step]
        self.wait(lambda: not page.job_row.is_running, 90)
        assert page.running_state() is None, page.notice.text()


@pytest.fixture
def hand(dock: S4Dock, wait: Wait) -> Hand:
    return Hand(dock, wait)


def read_images(hand: Hand, corner: Path) -> None:
    page = hand.dock.pages["images"]
    hand.choose_folder(corner)
    hand.click(page._read)
    hand.finish("images")


def choose_labels(hand: Hand) -> None:
    page = hand.dock.pages["labels"]
    hand.open("labels")
    hand.click(page.form.offer)
    hand.wait(lambda: hand.dock.session.labels is not None and page.counts, 20)


def train_quickly(hand: Hand) -> None:
    hand.go_on("labels")
    hand.click(hand.dock.pages["train"].start_button)
    hand.finish("train")


def start_map(hand: Hand) -> None:
    page = hand.dock.pages["map"]
    hand.go_on("train")
    assert not page.start_button.isEnabled(), "what to map has not been answered"
    hand.click(page.within.everything)
    hand.click(page.start_button)


def to_the_map(hand: Hand, corner: Path) -> None:
    read_images(hand, corner)
    choose_labels(hand)
    hand.dock.pages["train"].compare.setChecked(False)
    train_quickly(hand)


def test_from_a_folder_to_a_styled_map_in_under_ten_clicks(
    hand: Hand, corner: Path, iface: MainWindow
) -> None:
    session = hand.dock.session
    read_images(hand, corner)
    states = {key: hand.dock.pages[key].state_of(session).kind for key in hand.dock.pages}
    assert (states["images"], states["modality"]) == ("done", "done")
    assert len(session.info["acquisitions"]) == 43
    assert session.info["simulated"] is True
    assert session.modality == "optical"

    choose_labels(hand)
    assert {entry[0] for entry in session.labels.legend} >= {"grass", "maize", "winter wheat"}
    train_quickly(hand)
    assert Path(session.model).is_file()
    assert session.train_result["record"]["rival"]["name"] == "random forest"

    start_map(hand)
    hand.finish("map")
    assert len(hand.deeds) < 10, hand.deeds
    check_layers(session)
    hand.wait(lambda: any(" ha" in item.text() for item in iface.messageBar().items()), 5)
    states = {key: hand.dock.pages[key].state_of(session).kind for key in hand.dock.pages}
    assert states["map"] == "done"
    project = session.map_result["layers"]
    assert QgsProject.instance().mapLayer(project["map"]) is not None


def check_layers(session: Any) -> None:
    """The map in the project: renderer, colours, nodata, place, confidence, group."""
    ids, project = session.map_result["layers"], QgsProject.instance()
    crops, confidence = project.mapLayer(ids["map"]), project.mapLayer(ids["confidence"])
    assert isinstance(crops, QgsRasterLayer)
    assert crops.isValid()

    renderer = crops.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    shown = {c.label: c.color.name() for c in renderer.classes()}
    wanted = {name: colour for name, _code, colour in session.labels.legend}
    trained = {c["name"] for c in session.map_result["legend"]}
    assert {name: shown[name] for name in trained} == {name: wanted[name] for name in trained}
    assert len(set(shown.values())) == len(shown)
    rows = table_rows(crops)
    assert {row.name: row.colour for row in rows if row.name in trained} == {
        name: wanted[name] for name in trained
    }
    assert sum(row.count for row in rows) == session.map_result["mapped_pixels"] == SIDE * SIDE

    provider = crops.dataProvider()
    assert provider.sourceHasNoDataValue(1)
    assert provider.sourceNoDataValue(1) == 0
    images = QgsRasterLayer(session.info["acquisitions"][0]["path"], "image", "gdal")
    assert crops.crs().authid() == images.crs().authid() == "EPSG:32631"
    assert (crops.width(), crops.height()) == (SIDE, SIDE)
    assert crops.extent().toString(1) == images.extent().toString(1)

    assert isinstance(confidence.renderer(), QgsSingleBandPseudoColorRenderer)
    assert confidence.extent() == crops.extent()

    root = project.layerTreeRoot()
    group = root.findGroup(ids["group"])
    assert group is not None
    assert root.children()[0] == group, "a new run comes on top"
    assert "corner" in group.name() or "simulated" in group.name()
    assert "simulated" in crops.name()
    assert group.findLayer(ids["map"]).isVisible()
    assert not group.findLayer(ids["confidence"]).isVisible()


def test_images_on_the_map_play_the_season(hand: Hand, corner: Path) -> None:
    read_images(hand, corner)
    hand.click(hand.dock.pages["images"]._add)
    project = QgsProject.instance()
    layers = list(project.mapLayers().values())
    assert len(layers) == 43
    for layer in layers:
        properties = layer.temporalProperties()
        assert properties.isActive()
        assert properties.mode() == Qgis.RasterTemporalMode.FixedTemporalRange
        stamp = Path(layer.source()).stem[-8:]
        assert properties.fixedTemporalRange().begin().toString("yyyyMMdd") == stamp
    season = project.timeSettings().temporalRange()
    assert season.begin().toString("yyyy-MM-dd") == min(
        image["date"] for image in hand.dock.session.info["acquisitions"]
    )
    groups = [g for g in project.layerTreeRoot().findGroups() if g.customProperty(GROUP_PROPERTY)]
    assert len(groups) == 1
    assert {child.name() for child in groups[0].findGroups()} == {"optical", "radar"}
    assert sum(node.isVisible() for node in groups[0].findLayers()) == 2


def test_a_cancelled_map_leaves_the_panel_ready(hand: Hand, corner: Path) -> None:
    to_the_map(hand, corner)
    layers = set(QgsProject.instance().mapLayers())
    page = hand.dock.pages["map"]
    start_map(hand)
    hand.wait(workers, 30)
    assert hand.dock.steps._items["map"].text(1) == "Running …"
    hand.click(page.job_row._cancel)
    hand.finish("map")
    assert hand.dock.steps._items["map"].text(1) == "Ready to map"
    session = hand.dock.session
    assert session.map_result == {}
    assert set(QgsProject.instance().mapLayers()) == layers
    assert page.state_of(session).kind == "ready"
    assert page.start_button.isEnabled()
    assert workers() == []


def test_a_killed_worker_is_told_and_leaves_nothing(hand: Hand, corner: Path) -> None:
    to_the_map(hand, corner)
    layers = set(QgsProject.instance().mapLayers())
    page, session = hand.dock.pages["map"], hand.dock.session
    start_map(hand)
    hand.wait(workers, 30)
    kill_workers()
    hand.wait(lambda: not page.job_row.is_running, 30)
    assert page.running_state().kind == "failed"
    said = page.notice.text()
    assert "Traceback" not in said
    assert len(said.splitlines()) >= 2, "what happened, and what to do"
    assert session.map_result == {}
    assert set(QgsProject.instance().mapLayers()) == layers
    hand.click(page.start_button)  # the panel is as usable as before
    hand.finish("map")
    check_layers(session)


def test_a_project_that_is_closed_meanwhile_gets_no_layers(
    hand: Hand, corner: Path, iface: MainWindow
) -> None:
    to_the_map(hand, corner)
    page, session = hand.dock.pages["map"], hand.dock.session
    start_map(hand)
    hand.wait(workers, 30)
    QgsProject.instance().clear()
    hand.wait(lambda: not page.job_row.is_running, 90)
    assert QgsProject.instance().mapLayers() == {}
    assert session.map_result == {}
    assert session.info == {}
    assert hand.dock.pages["images"].state_of(session).kind == "todo"
    assert not page.within.is_answered, "the new project has not been asked what to map"
    assert not QgsProject.instance().isDirty()
    said = "its project is closed"
    hand.wait(lambda: any(said in item.text() for item in iface.messageBar().items()), 5)


def crop(source: Path, target: Path) -> None:
    """The north-west corner of an image, at its own resolution."""
    image = gdal.Open(str(source))
    side = round(SIDE * 10 / image.GetGeoTransform()[1])
    gdal.Translate(str(target), image, srcWin=[0, 0, side, side])


def is_inside(envelope: tuple[float, float, float, float], west: float, north: float) -> bool:
    x0, x1, y0, y1 = envelope
    return x0 >= west and x1 <= west + SIDE * 10 and y1 <= north and y0 >= north - SIDE * 10


def settle(condition: Callable[[], Any], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        QgsApplication.processEvents()
        time.sleep(0.01)
