"""A stand-in for QgisInterface: a real main window, canvas and message bar, and lists of what a
plugin added."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsMapCanvas, QgsMessageBar
from qgis.PyQt.QtCore import QObject, pyqtSignal
from qgis.PyQt.QtWidgets import QMainWindow


class MainWindow(QObject):
    """What a plugin may ask of QgisInterface, so far as ours does."""

    currentLayerChanged = pyqtSignal(object)

    def __init__(self) -> None:
        super().__init__()
        self.window = QMainWindow()
        self.window.resize(1280, 720)
        self.canvas = QgsMapCanvas(self.window)
        self.bar = QgsMessageBar(self.window)
        self.window.setCentralWidget(self.canvas)
        self.tool_bar: list[Any] = []
        self.menu: list[Any] = []
        self.options: list[Any] = []
        self.active: Any = None

    def close(self) -> None:
        self.canvas.setLayers([])
        self.window.close()
        self.window.deleteLater()

    def mainWindow(self) -> QMainWindow:
        return self.window

    def mapCanvas(self) -> QgsMapCanvas:
        return self.canvas

    def messageBar(self) -> QgsMessageBar:
        return self.bar

    def activeLayer(self) -> Any:
        return self.active

    def setActiveLayer(self, layer: Any) -> bool:
        self.active = layer
        self.currentLayerChanged.emit(layer)
        return True

    def layerTreeView(self) -> None:
        return None

    def addToolBarIcon(self, action: Any) -> int:
        self.tool_bar.append(action)
        return 0

    def removeToolBarIcon(self, action: Any) -> None:
        if action in self.tool_bar:
            self.tool_bar.remove(action)

    def addPluginToRasterMenu(self, name: str, action: Any) -> None:
        self.menu.append(action)

    def removePluginRasterMenu(self, name: str, action: Any) -> None:
        if action in self.menu:
            self.menu.remove(action)

    def registerOptionsWidgetFactory(self, factory: Any) -> None:
        self.options.append(factory)

    def unregisterOptionsWidgetFactory(self, factory: Any) -> None:
        self.options.remove(factory)

    def addDockWidget(self, area: Any, dock: Any) -> None:
        self.window.addDockWidget(area, dock)

    def removeDockWidget(self, dock: Any) -> None:
        self.window.removeDockWidget(dock)

    def showOptionsDialog(self, parent: Any = None, page: str = "") -> None:
        return None
