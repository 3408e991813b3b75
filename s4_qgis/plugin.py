"""The plugin in QGIS's main window: actions, the dock, the Processing provider, the options page.

Nothing is loaded at start-up but this: panels, engine and dialogs are imported when first used.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QAction

from s4_qgis.i18n import install_translator, remove_translator, tr
from s4_qgis.icons import icon

NAME = "S4 Crop Mapper"


class S4Plugin:
    """What QGIS loads and unloads.

    Args:
        iface: QgisInterface. on_unloaded: called last of all when the plugin is unloaded.
    """

    def __init__(self, iface: Any, on_unloaded: Callable[[], None] | None = None) -> None:
        self._iface = iface
        self._on_unloaded = on_unloaded
        self._actions: list[QAction] = []
        self._dock: Any = None
        self._provider: Any = None
        self._options: Any = None
        self._translator: Any = install_translator()  # qgis_process never calls initGui

    def initGui(self) -> None:
        """Add the actions, the options page and the Processing provider."""
        self._toggle = self._add_action(icon("s4"), NAME, self._show_dock)
        self._toggle.setCheckable(True)
        self._toggle.setObjectName("s4_crop_mapper_toggle")
        self._iface.addToolBarIcon(self._toggle)
        self._add_action(icon("diagnostics"), tr("Copy diagnostics"), self._copy_diagnostics)
        self._add_action(icon("settings"), tr("Settings …"), self._show_options)
        self._register_options()
        self.initProcessing()

    def initProcessing(self) -> None:
        """Add the Processing provider; `qgis_process` calls this alone."""
        from s4_qgis.processing.provider import S4Provider  # noqa: PLC0415 - qgis_process only

        self._provider = S4Provider()
        QgsApplication.processingRegistry().addProvider(self._provider)

    def unload(self) -> None:
        """Take away everything that was added, and stop what still runs."""
        self._stop_jobs()
        for action in self._actions:
            self._iface.removePluginRasterMenu(NAME, action)
            self._iface.removeToolBarIcon(action)
            action.deleteLater()
        self._actions = []
        if self._options is not None:
            self._iface.unregisterOptionsWidgetFactory(self._options)
            self._options = None
        if self._provider is not None:
            QgsApplication.processingRegistry().removeProvider(self._provider)
            self._provider = None
        self._remove_dock()
        remove_translator(self._translator)
        self._translator = None
        if self._on_unloaded is not None:
            self._on_unloaded()

    def _add_action(self, image: Any, text: str, slot: Callable[..., None]) -> QAction:
        action = QAction(image, text, self._iface.mainWindow())
        action.triggered.connect(slot)
        self._iface.addPluginToRasterMenu(NAME, action)
        self._actions.append(action)
        return action

    def _show_dock(self, wanted: bool) -> None:
        if self._dock is None:
            from s4_qgis.panel.dock import S4Dock  # noqa: PLC0415 - on first use

            self._dock = S4Dock(self._iface, self._iface.mainWindow())
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self._dock)
            self._dock.visibilityChanged.connect(self._toggle.setChecked)
        self._dock.setVisible(wanted)
        if wanted:
            self._dock.raise_()  # it may be one of several tabs

    def _remove_dock(self) -> None:
        if self._dock is None:
            return
        self._dock.visibilityChanged.disconnect(self._toggle.setChecked)
        self._iface.removeDockWidget(self._dock)
        self._dock.close()
        self._dock.deleteLater()
        self._dock = None

    def _register_options(self) -> None:
        from s4_qgis.options import S4OptionsFactory  # noqa: PLC0415 - not in qgis_process

        self._options = S4OptionsFactory()
        self._iface.registerOptionsWidgetFactory(self._options)

    def _show_options(self) -> None:
        self._iface.showOptionsDialog(self._iface.mainWindow(), "s4_crop_mapper")

    def _copy_diagnostics(self) -> None:
        from s4_qgis.diagnostics import copy_diagnostics  # noqa: PLC0415 - on first use

        copy_diagnostics(self._iface.messageBar())

    def _stop_jobs(self) -> None:
        tasks = sys.modules.get("s4_qgis.engine.task")  # not loaded: nothing ever ran
        if tasks is not None:
            tasks.stop_all()
