"""The plugin's icons: SVG files that read on light and dark themes."""

from __future__ import annotations

from pathlib import Path

from qgis.PyQt.QtGui import QIcon

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"


def icon(name: str) -> QIcon:
    """The icon `resources/icons/<name>.svg`: "s4", "step_images", "state_done", ..."""
    return QIcon(str(FOLDER / f"{name}.svg"))
