"""The user's way through the panel, inside QGIS's desktop, with a picture after each step.

QGIS runs this file (`--code`); `tools.screenshots` starts it and names the folders in
S4_SCREENSHOT_AREA and S4_SCREENSHOT_FOLDER, and a catalogue of images in
S4_SCREENSHOT_CATALOGUE (address, coordinate system, box, first and last day). The way is a
generator: it yields conditions, and goes on when one holds, so that QGIS works meanwhile as under
a user's hands.
"""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar
from qgis.utils import iface, plugins

AREA = Path(os.environ["S4_SCREENSHOT_AREA"])
FOLDER = Path(os.environ["S4_SCREENSHOT_FOLDER"])
SIZE = (1400, 900)
LOOK_MS = 100
PATIENCE_S = 180
DOCK_PX = 430

Condition = Callable[[], Any]


class Walker:
    """Takes one step after the other; a step that takes too long ends everything."""

    def __init__(self, way: Iterator[Condition]) -> None:
        self._way = way
        self._condition: Condition = lambda: True
        self._since = time.monotonic()
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_MS)

    def _look(self) -> None:
        try:
            if self._condition():
                self._condition = next(self._way)
                self._since = time.monotonic()
            elif time.monotonic() - self._since > PATIENCE_S:
                take("timeout")
                raise TimeoutError("this step took too long")
        except StopIteration:
            (FOLDER / "end").touch()
            leave()
            return
        except Exception:  # the boundary: whatever it is, QGIS must not stay open
            traceback.print_exc()
            leave()
            return
        self._timer.start(LOOK_MS)


def leave() -> None:
    """End QGIS without questions."""
    sys.stderr.flush()
    QgsProject.instance().setDirty(False)
    iface.mainWindow().setProperty("s4_left", True)
    os._exit(0)


def take(name: str) -> None:
    """A picture of the whole window, without what QGIS says of fonts that it cannot download."""
    for item in iface.messageBar().items():
        if "font" in item.text().lower():
            iface.messageBar().popWidget(item)
    iface.mainWindow().grab().save(str(FOLDER / f"{name}.png"))


def pause(seconds: float) -> Condition:
    """A condition that holds after a while."""
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def drawn() -> Iterator[Condition]:
    """Wait until the map is drawn and nothing of ours runs."""
    yield pause(0.5)
    yield lambda: not iface.mapCanvas().isDrawing()
    yield lambda: QgsApplication.taskManager().countActiveTasks() == 0
    yield pause(0.7)


def arrange() -> Any:
    """A window as a user has it who works with the panel; returns the panel."""
    window = iface.mainWindow()
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() != "Layers":
            dock.hide()
    for bar in window.findChildren(QToolBar):
        if bar.objectName() not in ("mFileToolBar", "mMapNavToolBar", "mPluginToolBar"):
            bar.hide()
    plugin = plugins["s4_crop_mapper"]
    plugin._toggle.trigger()
    dock = plugin._dock
    window.resizeDocks([dock], [DOCK_PX], Qt.Orientation.Horizontal)
    layers = window.findChild(QDockWidget, "Layers")
    window.resizeDocks([layers], [330], Qt.Orientation.Horizontal)
    window.showNormal()
    window.setGeometry(0, 0, *SIZE)
    return dock


def start() -> Iterator[Condition]:
    """The whole way."""
    yield pause(2)
    iface.newProject()
    dock = arrange()
    yield pause(1)
    take("01-open")
    yield from get_images(dock)
    iface.newProject()
    yield from images(dock)
    yield from modality(dock)
    yield from labels(dock)
    yield from train(dock)
    yield from compare(dock)
    yield from map_area(dock)
    yield from report(dock)


def idle(page: Any) -> Condition:
    """The page's job is over."""
    return lambda: not page.job_row.is_running


def get_images(dock: Any) -> Iterator[Condition]:
    """Look at what a catalogue has, get it, look at a cloud mask."""
    address, crs, *numbers, first, last = os.environ["S4_SCREENSHOT_CATALOGUE"].split()
    page, box = dock.pages["images"], dock.pages["images"].fetch
    fields = box.fields
    system = QgsCoordinateReferenceSystem(crs)
    QgsProject.instance().setCrs(system)
    fields.extent.extent.setOutputExtentFromUser(QgsRectangle(*map(float, numbers)), system)
    fields.season.show_days((first, last), stated=True)
    fields.source.setCurrentIndex(fields.source.count() - 1)
    fields.address.setText(address)
    fields.folder.setFilePath(str(FOLDER.parent / "my fields"))
    box.setCollapsed(False)
    box.look()
    yield lambda: not box.job_row.is_running
    yield pause(0.5)
    bar = dock._scrolls["images"].verticalScrollBar()
    bar.setValue(box.mapTo(page, box.fields.pos()).y() - 30)
    yield pause(0.5)
    take("02-get")
    box.get()
    yield lambda: page.session.info
    page._add_masks.click()
    show_mask(page.session.info)
    yield from drawn()
    iface.mapCanvas().zoomToFullExtent()
    iface.mapCanvas().zoomByFactor(1.6)
    yield from drawn()
    take("02-got")


def show_mask(info: dict[str, Any]) -> None:
    """Show an image that is half under cloud, and its mask with the legend."""
    optical = [i for i in info["acquisitions"] if i["modality"] == "optical"]
    image = min(optical, key=lambda i: abs(i["valid_share"] - 0.6))
    for node in QgsProject.instance().layerTreeRoot().findLayers():
        is_shown = node.layer().source() == image["path"]
        is_mask = node.parent().name() == "Cloud masks"
        node.setItemVisibilityChecked(is_shown)
        node.setExpanded(is_shown and is_mask)
        if is_shown and is_mask:
            view = iface.layerTreeView()
            view.scrollTo(view.node2index(node), view.ScrollHint.PositionAtTop)
    QgsProject.instance().setBackgroundColor(QColor("#8c8c8c"))  # clouds are white


def images(dock: Any) -> Iterator[Condition]:
    """Choose the folder and read it."""
    page = dock.pages["images"]
    page.source.choose(str(AREA), ())
    page.read()
    yield idle(page)
    page._add.click()
    yield from drawn()
    iface.mapCanvas().zoomToFullExtent()
    yield from drawn()
    take("02-images")


def modality(dock: Any) -> Iterator[Condition]:
    """Look at what the model expects."""
    dock.open_step("modality")
    yield pause(1)
    take("03-modality")


def labels(dock: Any) -> Iterator[Condition]:
    """Take the parcels of the images' folder."""
    dock.open_step("labels")
    yield pause(0.5)
    page = dock.pages["labels"]
    page.form.offer.click()
    yield lambda: page.counts
    yield from drawn()
    take("04-labels")


def train(dock: Any) -> Iterator[Condition]:
    """Train quickly, and compare with a random forest."""
    dock.open_step("train")
    page = dock.pages["train"]
    yield pause(0.5)
    page.start_button.click()
    yield lambda: page.job_row._bar.value() > 100 or not page.job_row.is_running
    take("05-training")
    yield idle(page)
    yield from drawn()
    take("06-trained")


def compare(dock: Any) -> Iterator[Condition]:
    """Compare methods on the same parcels; the view scrolls to the result by itself."""
    box = dock.pages["train"].comparison
    box.setCollapsed(False)
    yield pause(0.5)
    box.start_button.click()
    yield lambda: not box.job_row.is_running
    yield pause(0.5)
    take("06-compared")


def map_area(dock: Any) -> Iterator[Condition]:
    """Map everything; the parcels step back."""
    dock.open_step("map")
    page = dock.pages["map"]
    yield pause(0.5)
    page.within.everything.click()
    page.start_button.click()
    yield idle(page)
    yield from drawn()
    take("07-map")


def report(dock: Any) -> Iterator[Condition]:
    """Look at the report, top and bottom; a map sheet; the algorithm that does the same."""
    dock.open_step("report")
    yield from drawn()
    take("08-report")
    page = dock.pages["report"]
    bar = dock._scrolls["report"].verticalScrollBar()
    bar.setValue(bar.maximum())
    yield pause(0.5)
    take("09-exports")
    page.export_sheet(str(FOLDER / "10-sheet.png"))
    processing = import_module("processing")
    algorithm = processing.createAlgorithmDialog("s4:segment", {})
    algorithm.resize(900, 760)
    algorithm.show()
    yield pause(1)
    algorithm.grab().save(str(FOLDER / "11-processing.png"))
    algorithm.close()


WALKER = Walker(start())
