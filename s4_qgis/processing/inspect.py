"""s4:inspect: what images there are, with their dates, bands and clouds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
)

from s4_qgis.columns import columns
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.processing.area import add_area, add_statements, read_area
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.given import Given
from s4_qgis.processing.tables import add_table, day, write_table

if TYPE_CHECKING:
    from s4_qgis import requests
else:
    requests = Later("s4_qgis.requests")

INFO = "INFO"
_COLUMNS = {
    "modality": "text",
    "date": "date",
    "bands": "text",
    "cloud_share": "real",
    "valid_share": "real",
    "path": "text",
}


class InspectAlgorithm(S4Algorithm):
    """Describe an area: a table of its images, and warnings."""

    ID, GROUP = "inspect", "images"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Inspect images")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        add_area(self)
        add_statements(self)
        add_table(self, tr("Table of the images"))
        self.addParameter(
            QgsProcessingParameterFileDestination(
                INFO,
                tr("Description (JSON)"),
                tr("JSON files (*.json)"),
                optional=True,
                createByDefault=False,
            )
        )
        self.addOutput(QgsProcessingOutputNumber("OPTICAL", tr("Optical images")))
        self.addOutput(QgsProcessingOutputNumber("RADAR", tr("Radar images")))
        self.addOutput(QgsProcessingOutputString("GRID_CRS", tr("Coordinate system of maps")))
        self.addOutput(QgsProcessingOutputString("WARNINGS", tr("Warnings")))

    def check(self, given: Given) -> None:
        """Season, dates and the choice of images."""
        requests.area_request(read_area(given))

    def prepare(self, given: Given) -> None:
        """The layers' files."""
        self._job = requests.info_job(read_area(given))

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Ask the engine and write the table."""
        info = self.run_engine(self._job, feedback)
        for text in info["warnings"]:
            feedback.pushWarning(text)
        images = info["acquisitions"]
        results: Values = {
            "OPTICAL": sum(image["modality"] == "optical" for image in images),
            "RADAR": sum(image["modality"] == "radar" for image in images),
            "GRID_CRS": info["grid"]["crs"],
            "WARNINGS": "\n".join(info["warnings"]),
        }
        title = tr("Images of {area}").format(area=info["name"])
        results.update(write_table(given, title, columns(**_COLUMNS), map(_row, images)))
        path = given.file_out(INFO)
        if path:
            Path(path).write_text(json.dumps(info, indent=1), encoding="utf-8")
            results[INFO] = path
        return results


def _row(image: dict[str, Any]) -> tuple[Any, ...]:
    """An image as the table tells it."""
    shares = (image["cloud_share"], image["valid_share"])
    return image["modality"], day(image["date"]), " ".join(image["bands"]), *shares, image["path"]
