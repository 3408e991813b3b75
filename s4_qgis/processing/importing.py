"""s4:import: downloaded images (SAFE, Theia, openEO, GeoTIFFs) into an area's folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterFile,
)

from s4_qgis.choices import RADAR_UNITS
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.processing.area import RADAR_UNIT, add_advanced
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.choice import ChoiceParameter
from s4_qgis.processing.getting import (
    CONFIRMED,
    MAKES_MASK,
    OUTPUT,
    PLAN_ONLY,
    SEASON,
    add_how,
    add_results,
    add_where,
    outputs_of,
    read_orbit,
    read_where,
)
from s4_qgis.processing.given import Given

if TYPE_CHECKING:
    from s4_qgis import forms, image_requests
else:
    forms = Later("s4_qgis.forms")
    image_requests = Later("s4_qgis.image_requests")

INPUT, NOT_RECOGNISED = "INPUT", "NOT_RECOGNISED"

AS_TOLD = "files"
"""Choice of the radar's unit: as the files say."""


class ImportAlgorithm(S4Algorithm):
    """Bring downloaded images in."""

    ID, GROUP = "import", "images"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Bring downloaded images in")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        self.addParameter(
            QgsProcessingParameterFile(
                INPUT, tr("Folder of the downloads"), QgsProcessingParameterFile.Behavior.Folder
            )
        )
        add_where(self, tr("Season as START:END (empty: all days)"), season_optional=True)
        texts = (tr("As the files say"), tr("dB"), tr("Linear power"))
        words = (AS_TOLD, *RADAR_UNITS)
        unit = ChoiceParameter(RADAR_UNIT, tr("Unit of the radar images"), words, texts, AS_TOLD)
        add_advanced(self, unit)
        add_how(self)
        add_results(self)
        self.addOutput(QgsProcessingOutputString(NOT_RECOGNISED, tr("Not recognised")))

    def check(self, given: Given) -> None:
        """Extent and season."""
        image_requests.import_job(_form(given))

    def prepare(self, given: Given) -> None:
        """The request: its extent may be a layer's."""
        self._job = image_requests.import_job(_form(given), plan_only=given.flag(PLAN_ONLY))

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Bring them in, and tell what was not recognised."""
        result = self.run_engine(self._job, feedback)
        odd = [f"{entry['path']}: {entry['reason']}" for entry in result["not_recognised"]]
        for text in odd:
            feedback.pushWarning(tr("Not recognised: {file}").format(file=text))
        return {
            **outputs_of(given, result, feedback),
            NOT_RECOGNISED: "\n".join(odd),
        }


def _form(given: Given) -> forms.ImportForm:
    where, unit = read_where(given), given.choice(RADAR_UNIT)
    return forms.ImportForm(
        paths=(given.text(INPUT),),
        out=given.text(OUTPUT),
        box=where.box,
        crs=where.crs,
        season=given.text(SEASON),
        unit="" if unit == AS_TOLD else unit,
        orbit=read_orbit(given),
        makes_mask=given.flag(MAKES_MASK),
        confirmed=given.flag(CONFIRMED),
    )
