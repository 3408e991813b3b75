"""What s4:fetch and s4:import share: where on the ground, and what came of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
)

from s4_core.errors import ConfigurationError
from s4_qgis.choices import ORBITS
from s4_qgis.columns import columns
from s4_qgis.i18n import tr
from s4_qgis.processing.area import add_advanced
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.choice import ChoiceParameter
from s4_qgis.processing.given import Given
from s4_qgis.processing.tables import add_table, day, write_table

if TYPE_CHECKING:
    from s4_qgis.forms import Extent

EXTENT, AROUND, SEASON, ORBIT = "EXTENT", "AROUND", "SEASON", "ORBIT"
MAKES_MASK = "MAKES_MASK"
PLAN_ONLY, CONFIRMED, OUTPUT = "PLAN_ONLY", "CONFIRMED", "OUTPUT"
_COLUMNS = {
    "modality": "text",
    "date": "date",
    "orbit": "text",
    "cloud_share": "real",
    "covered_share": "real",
    "items": "text",
    "file": "text",
}

MOST_DATES = "most"
"""Choice of the orbit: the one with more dates."""


@dataclass(frozen=True)
class Box:
    """A box on the ground; `crs` is an authority's id or WKT, "" for longitude and latitude."""

    box: Extent | None = None
    crs: str = ""


def add_where(algorithm: S4Algorithm, season: str, *, season_optional: bool = False) -> None:
    """Extent or layer, and the season."""
    algorithm.addParameter(QgsProcessingParameterExtent(EXTENT, tr("Extent"), optional=True))
    algorithm.addParameter(
        QgsProcessingParameterFeatureSource(
            AROUND,
            tr("... or the box around the features of a layer"),
            [QgsProcessing.SourceType.TypeVectorAnyGeometry],
            optional=True,
        )
    )
    algorithm.addParameter(QgsProcessingParameterString(SEASON, season, optional=season_optional))


def add_how(algorithm: S4Algorithm) -> None:
    """The orbit, and what a run may do, under Advanced."""
    texts = (tr("The one with more dates"), tr("Ascending"), tr("Descending"))
    add_advanced(
        algorithm,
        ChoiceParameter(
            ORBIT,
            tr("Radar orbit"),
            (MOST_DATES, *ORBITS),
            (*texts, tr("Both, kept apart")),
            MOST_DATES,
        ),
    )
    for name, text in (
        (MAKES_MASK, tr("Make a cloud mask for images without one (by s2cloudless)")),
        (PLAN_ONLY, tr("Only tell what there is, get nothing")),
        (CONFIRMED, tr("Go on although it is large")),
    ):
        add_advanced(algorithm, QgsProcessingParameterBoolean(name, text, False))


def add_results(algorithm: S4Algorithm) -> None:
    """The folder, the table and the numbers."""
    folder = QgsProcessingParameterFolderDestination(OUTPUT, tr("Folder for the images"))
    algorithm.addParameter(folder)
    add_table(algorithm, tr("Table of the images"), by_default=False)
    algorithm.addOutput(QgsProcessingOutputNumber("OPTICAL", tr("Optical images")))
    algorithm.addOutput(QgsProcessingOutputNumber("RADAR", tr("Radar images")))
    algorithm.addOutput(QgsProcessingOutputNumber("DOWNLOAD_BYTES", tr("Bytes to download")))
    algorithm.addOutput(QgsProcessingOutputString("WARNINGS", tr("Warnings")))


def read_where(given: Given) -> Box:
    """The extent that was given; it may be a layer's, so in QGIS's main thread.

    Raises:
        ConfigurationError: both an extent and a layer, or a layer without features.
    """
    has_extent = given.parameters.get(EXTENT) not in (None, "")
    source = given.algorithm.parameterAsSource(given.parameters, AROUND, given.context)
    if source is not None and has_extent:
        raise ConfigurationError(
            tr("Both an extent and a layer are chosen."), tr("Choose one of them.")
        )
    if source is not None:
        rectangle, crs = source.sourceExtent(), source.sourceCrs()
        if rectangle.isNull():
            raise ConfigurationError(
                tr("The layer has no features."), tr("Choose another layer, or an extent.")
            )
    elif has_extent:
        rectangle = given.algorithm.parameterAsExtent(given.parameters, EXTENT, given.context)
        crs = given.algorithm.parameterAsExtentCrs(given.parameters, EXTENT, given.context)
    else:
        return Box()
    sides = ("xMinimum", "yMinimum", "xMaximum", "yMaximum")
    xmin, ymin, xmax, ymax = (float(getattr(rectangle, side)()) for side in sides)
    return Box((xmin, ymin, xmax, ymax), _name(crs))


def read_orbit(given: Given) -> str:
    """The orbit; "" for the one with more dates."""
    orbit = given.choice(ORBIT)
    return "" if orbit == MOST_DATES else orbit


def outputs_of(given: Given, result: Values, feedback: QgsProcessingFeedback) -> Values:
    """The algorithm's outputs from the job's result; warnings are told."""
    for text in result["warnings"]:
        feedback.pushWarning(text)
    for reason, count in Counter(entry["reason"] for entry in result["left_out"]).items():
        feedback.pushInfo(tr("{n} left out: {reason}").format(n=count, reason=reason))
    images = result["images"]
    outputs: Values = {
        OUTPUT: str(result.get("area", "")),
        "OPTICAL": sum(image["modality"] == "optical" for image in images),
        "RADAR": sum(image["modality"] == "radar" for image in images),
        "DOWNLOAD_BYTES": result["download_bytes"],
        "WARNINGS": "\n".join(result["warnings"]),
    }
    title = tr("Images that were found")
    outputs.update(write_table(given, title, columns(**_COLUMNS), map(_row, images)))
    return outputs


def _name(crs: QgsCoordinateReferenceSystem) -> str:
    return str(crs.authid() or crs.toWkt()) if crs.isValid() else ""


def _row(image: dict[str, Any]) -> tuple[Any, ...]:
    """An image as the table tells it."""
    shares = (image["cloud_share"], image["covered_share"])
    where = (image["modality"], day(image["date"]), image["orbit"] or "")
    return *where, *shares, " ".join(image["items"]), image["file"]
