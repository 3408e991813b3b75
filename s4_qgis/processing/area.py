"""Parameters of every algorithm that reads images: the area, and what the user states about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessing,
    QgsProcessingAlgorithm,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFile,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from s4_qgis.choices import MODALITIES, RADAR_UNITS
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.layers.sources import required_raster_path
from s4_qgis.processing.choice import ChoiceParameter
from s4_qgis.processing.given import Given

if TYPE_CHECKING:
    from s4_qgis import forms
    from s4_qgis.layers import sources, temporal
else:
    forms = Later("s4_qgis.forms")
    sources = Later("s4_qgis.layers.sources")
    temporal = Later("s4_qgis.layers.temporal")

FOLDER, RASTERS, SEASON, UNTIL = "AREA", "RASTERS", "SEASON", "UNTIL"
MASK, SCALE, RADAR_UNIT, MODALITY = "MASK", "SCALE", "RADAR_UNIT", "MODALITY"

AS_DECLARED = "declared"
"""Choice of the radar unit: what area.json says, else dB."""


def add_area(algorithm: QgsProcessingAlgorithm) -> None:
    """The images: a folder or raster layers; and the season."""
    algorithm.addParameter(
        QgsProcessingParameterFile(
            FOLDER,
            tr("Folder of the images"),
            QgsProcessingParameterFile.Behavior.Folder,
            optional=True,
        )
    )
    algorithm.addParameter(
        QgsProcessingParameterMultipleLayers(
            RASTERS,
            tr("... or raster layers"),
            QgsProcessing.SourceType.TypeRaster,
            optional=True,
        )
    )
    algorithm.addParameter(
        QgsProcessingParameterString(
            SEASON, tr("Season as START:END, for example 2018-10-15:2019-10-31"), optional=True
        )
    )


def add_statements(algorithm: QgsProcessingAlgorithm) -> None:
    """What the user may state about the images, under Advanced."""
    units = (tr("As declared, else dB"), tr("dB"), tr("Linear power"))
    for parameter in (
        QgsProcessingParameterString(
            UNTIL, tr("Use no image after this day (YYYY-MM-DD)"), optional=True
        ),
        QgsProcessingParameterString(
            MASK,
            tr("Cloud mask: a band (SCL), a raster path with {date} in it, or none"),
            optional=True,
        ),
        QgsProcessingParameterNumber(
            SCALE,
            tr("Reflectance per digital number (Sentinel-2: 0.0001)"),
            QgsProcessingParameterNumber.Type.Double,
            optional=True,
            minValue=0.0,
        ),
        ChoiceParameter(
            RADAR_UNIT,
            tr("Unit of the radar images"),
            (AS_DECLARED, *RADAR_UNITS),
            units,
            AS_DECLARED,
        ),
    ):
        add_advanced(algorithm, parameter)


def add_advanced(
    algorithm: QgsProcessingAlgorithm, parameter: QgsProcessingParameterDefinition
) -> None:
    """A parameter that dialogs show under Advanced."""
    flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
    parameter.setFlags(parameter.flags() | flag)
    algorithm.addParameter(parameter)


def read_area(given: Given) -> forms.AreaForm:
    """The area that was given; in QGIS's main thread.

    Raises:
        InputError: a layer that cannot be opened, or is no file which GDAL opens.
    """
    unit, folder = given.choice(RADAR_UNIT), given.text(FOLDER)
    layers = given.raster_layers(RASTERS)
    rasters = tuple(required_raster_path(layer) for layer in layers)
    dates, bands = _stated(given, rasters or (sources.folder_rasters(folder) if folder else ()))
    return forms.AreaForm(
        folder=folder,
        rasters=rasters,
        season=given.text(SEASON),
        until=given.text(UNTIL),
        mask=given.text(MASK),
        scale=given.number(SCALE),
        radar_unit="" if unit == AS_DECLARED else unit,
        dates={**dates, **temporal.stated_days(layers)},
        bands=bands,
    )


def _stated(
    given: Given, paths: Iterable[str]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Dates and bands of images that do not tell theirs, as the panel asked for them once."""
    project = given.context.project()
    known = {} if project is None else sources.read_stated(project)
    here = {path: known[path] for path in paths if path in known}
    dates = {path: stated.date for path, stated in here.items() if stated.date}
    return dates, {path: stated.bands for path, stated in here.items() if stated.bands}


def add_modality(algorithm: QgsProcessingAlgorithm) -> None:
    """Which of the images to use."""
    texts = (tr("Optical"), tr("Radar"), tr("Both"))
    algorithm.addParameter(
        ChoiceParameter(MODALITY, tr("Images to use"), MODALITIES, texts, "optical")
    )
