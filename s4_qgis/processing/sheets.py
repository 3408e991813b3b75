"""A map sheet of an exported map, from what the map's file says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qgis.core import QgsProject, QgsRasterLayer

from s4_core.errors import RasterError
from s4_core.simulated import NONE, sentence, word_of_map
from s4_qgis.export.layout import Sheet, build_layout, credits_text, map_title, write_pdf, write_png
from s4_qgis.export.map_classes import open_raster
from s4_qgis.i18n import tr


def sheet_of(path: str, title: str) -> Sheet:
    """The words on the sheet of a class map.

    Args:
        title: empty takes one from the name of the map's area.

    Raises:
        RasterError: the map cannot be opened.
    """
    tags: Mapping[str, str] = open_raster(path).GetMetadata()
    season = tags.get("S4_SEASON", "")
    sources = tags.get("S4_SIMULATED", NONE)
    simulated = word_of_map(sources)
    days = season.split(":") if season else []
    parts = (tr(tags.get("S4_MODALITY", "")), " – ".join(days))
    years = sorted({day[:4] for day in days})
    return Sheet(
        title=title or map_title(tags.get("S4_AREA", "")),
        subtitle=" · ".join(filter(None, parts)),
        credits=credits_text("-".join(years), simulated),
        simulated=simulated,
        note=tr(sentence(sources) or ""),
    )


def write_sheets(path: str, sheet: Sheet, confidence: str, pdf: str, png: str) -> None:
    """Write a sheet as PDF and as PNG, where they are asked for; in QGIS's main thread.

    Args:
        confidence: raster for the inset; "" leaves it out. pdf, png: "" where not asked for.

    Raises:
        RasterError: the map cannot be opened. OutputError: a file cannot be written.
    """
    layer = QgsRasterLayer(path, Path(path).stem, "gdal")
    inset = QgsRasterLayer(confidence, tr("Confidence"), "gdal") if confidence else None
    for needed in filter(None, (layer, inset)):
        if not needed.isValid():
            raise RasterError(
                tr("{path} cannot be opened.").format(path=needed.source()), tr("Check the path.")
            )
    if inset is not None:
        inset.loadDefaultStyle()
    project = QgsProject()  # the user's own stays as it is
    project.setCrs(layer.crs())
    layout = build_layout(project, layer, sheet, inset)
    if pdf:
        write_pdf(layout, Path(pdf))
    if png:
        write_png(layout, Path(png))
