"""The plugin's page in QGIS's options dialog."""

from __future__ import annotations

from typing import Any

from qgis.gui import QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QWidget

from s4_qgis.i18n import tr
from s4_qgis.icons import icon


class S4OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page when the dialog is opened."""

    def __init__(self) -> None:
        super().__init__(tr("S4 Crop Mapper"), icon("s4"))

    def icon(self) -> QIcon:
        """Shown beside the page's name."""
        return icon("s4")

    def createWidget(self, parent: QWidget) -> Any:
        """The page."""
        from s4_qgis.options_page import S4OptionsPage  # noqa: PLC0415 - when it is opened

        return S4OptionsPage(parent)
