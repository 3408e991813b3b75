"""The chosen parcels as a file that the engine reads: the layer's own, or a copy of the layer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsCoordinateTransformContext, QgsFeatureRequest, QgsProject, QgsVectorLayer

from s4_qgis.export.aside import aside
from s4_qgis.layers.labels import source_of
from s4_qgis.panel.places import slug
from s4_qgis.processing.vectors import VectorInput, id_column, shows_its_file
from s4_qgis.settings import cache_folder

Copy = Callable[[Callable[[], bool]], None]

_copying = threading.Lock()
"""Held while a layer is copied: a copy that was stopped takes its parts away, and the next one of
the same layer, in another task, would lose its own with them."""


def engine_file(layer: QgsVectorLayer) -> tuple[tuple[str, str], Copy | None]:
    """File and layer name of a layer, and what must be done in a task before they can be read.

    A layer in memory or in a database, a filter, joined or computed fields are QGIS's alone: such
    a layer is copied into the cache as it is shown. In QGIS's main thread.
    """
    path, name = source_of(layer) if shows_its_file(layer) else ("", "")
    if path:
        return (path, name), None
    target = _folder() / f"{slug(layer.id())}.gpkg"
    given = VectorInput(layer, None, QgsFeatureRequest())
    transforms = QgsCoordinateTransformContext(QgsProject.instance().transformContext())

    def copy(is_cancelled: Callable[[], bool]) -> None:
        numbered = id_column(given.fields) is None
        with _copying, aside(target) as part:
            given.write(str(part), transforms, is_cancelled, numbered=numbered)

    return (str(target), ""), copy


def is_copy(path: str) -> bool:
    """Whether parcels are read from a copy."""
    return Path(path).parent == _folder()


def _folder() -> Path:
    return cache_folder() / "parcels"
