"""s4:inspect: what images there are, with their dates, bands and clouds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFileDestination,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QDate, Qt

from s4_qgis.columns import columns
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.processing.area import add_area, add_statements, read_area
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.given import Given

if TYPE_CHECKING:
    from s4_qgis import requests
    from s4_qgis.processing import styled
else:
    requests = Later("s4_qgis.requests")
    styled = Later("s4_qgis.processing.styled")

TABLE, INFO = "TABLE", "INFO"


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
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                TABLE,
                tr("Table of the images"),
                QgsProcessing.SourceType.TypeVector,
                optional=True,
            )
        )
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
        table = self._write_table(given, images)
        if table:
            results[TABLE] = table
            styled.load_styled(
                given.context, table, tr("Images of {area}").format(area=info["name"])
            )
        path = given.file_out(INFO)
        if path:
            Path(path).write_text(json.dumps(info, indent=1), encoding="utf-8")
            results[INFO] = path
        return results

    def _write_table(self, given: Given, images: list[dict[str, Any]]) -> str:
        fields = columns(
            modality="text",
            date="date",
            bands="text",
            cloud_share="real",
            valid_share="real",
            path="text",
        )
        sink, table = self.parameterAsSink(
            given.parameters,
            TABLE,
            given.context,
            fields,
            QgsWkbTypes.Type.NoGeometry,
            QgsCoordinateReferenceSystem(),
        )
        if sink is None:
            return ""
        for image in images:
            feature = QgsFeature(fields)
            day = QDate.fromString(image["date"], Qt.DateFormat.ISODate)
            shares = (image["cloud_share"], image["valid_share"])
            feature.setAttributes(
                [image["modality"], day, " ".join(image["bands"]), *shares, image["path"]]
            )
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        return str(table)
