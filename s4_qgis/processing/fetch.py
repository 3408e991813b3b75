"""s4:fetch: Sentinel images of an extent and a season from a STAC catalogue, into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingParameterAuthConfig,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from s4_qgis.choices import BACKSCATTERS, MODALITIES
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.processing.area import MODALITY, add_advanced
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
    from s4_qgis.engine import network
else:
    forms = Later("s4_qgis.forms")
    image_requests = Later("s4_qgis.image_requests")
    network = Later("s4_qgis.engine.network")

SOURCES, COLLECTIONS, MAX_CLOUD = "SOURCES", "COLLECTIONS", "MAX_CLOUD"
BACKSCATTER, RADAR_PIXEL, AUTH = "BACKSCATTER", "RADAR_PIXEL", "AUTH"
MARGIN = "MARGIN"

MARGIN_DAYS = 30
"""As in forms.py, which is not loaded when QGIS starts."""

AS_IT_IS = "source"
"""Choice of the backscatter: as the source has it."""


class FetchAlgorithm(S4Algorithm):
    """Get images from a catalogue."""

    ID, GROUP = "fetch", "images"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Get images")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        add_where(self, tr("Season as START:END, for example 2018-10-15:2019-10-31"))
        texts = (tr("Optical"), tr("Radar"), tr("Both"))
        self.addParameter(
            ChoiceParameter(MODALITY, tr("Modality"), MODALITIES, texts, MODALITIES[-1])
        )
        self.addParameter(
            QgsProcessingParameterString(
                SOURCES,
                tr("Sources, one a line: names or addresses (empty: the usual ones)"),
                multiLine=True,
                optional=True,
            )
        )
        self._declare_more()
        add_how(self)
        add_results(self)

    def _declare_more(self) -> None:
        number = QgsProcessingParameterNumber
        for parameter in (
            QgsProcessingParameterString(
                COLLECTIONS, tr("Collections to search, one a line"), multiLine=True, optional=True
            ),
            number(
                MAX_CLOUD,
                tr("Largest cloud cover of a scene (%)"),
                number.Type.Double,
                optional=True,
                minValue=0,
                maxValue=100,
            ),
            number(
                MARGIN,
                tr("Days before and after the season, of which images are got too"),
                number.Type.Integer,
                defaultValue=MARGIN_DAYS,
                minValue=0,
                maxValue=180,
            ),
            number(
                RADAR_PIXEL,
                tr("Size of radar pixels (m; empty: as the source has it)"),
                number.Type.Double,
                optional=True,
                minValue=1,
            ),
            ChoiceParameter(
                BACKSCATTER,
                tr("Backscatter"),
                (AS_IT_IS, *BACKSCATTERS),
                (tr("As the source has it"), "gamma0", "sigma0"),
                AS_IT_IS,
            ),
            QgsProcessingParameterAuthConfig(
                AUTH, tr("Authentication, where the source wants one"), optional=True
            ),
        ):
            add_advanced(self, parameter)

    def check(self, given: Given) -> None:
        """Extent, season and source."""
        image_requests.fetch_job(_form(given))

    def prepare(self, given: Given) -> None:
        """The request, and QGIS's proxy and authentication."""
        form = _form(given)
        self._job = image_requests.fetch_job(form, plan_only=given.flag(PLAN_ONLY))
        known = image_requests.place_of(form)
        self._network = network.worker_network(
            network.Place(known.address, known.has_keys), form.authcfg
        )

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Fetch, and tell what came of it."""
        result = self.run_engine(self._job, feedback, network=self._network)
        return outputs_of(given, result, feedback)


def _form(given: Given) -> forms.FetchForm:
    where = read_where(given)
    modality, backscatter = given.choice(MODALITY), given.choice(BACKSCATTER)
    return forms.FetchForm(
        box=where.box,
        crs=where.crs,
        season=given.text(SEASON),
        out=given.text(OUTPUT),
        modalities=MODALITIES[:2] if modality == "both" else (modality,),
        sources=_lines(given.text(SOURCES)),
        collections=_lines(given.text(COLLECTIONS)),
        orbit=read_orbit(given),
        backscatter="" if backscatter == AS_IT_IS else backscatter,
        radar_pixel_m=given.number(RADAR_PIXEL),
        margin_days=given.whole(MARGIN) or 0,
        max_cloud=given.number(MAX_CLOUD),
        authcfg=given.text(AUTH),
        makes_mask=given.flag(MAKES_MASK),
        confirmed=given.flag(CONFIRMED),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
