"""What all algorithms share: names and help, the way to the engine, errors, cancelling."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
)
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtGui import QIcon

from s4_core.errors import Cancelled, S4Error
from s4_qgis.i18n import tr
from s4_qgis.icons import icon
from s4_qgis.later import Later
from s4_qgis.main_thread import in_main_thread
from s4_qgis.processing.feedback import Teller
from s4_qgis.processing.given import Given

if TYPE_CHECKING:
    from s4_core.protocol import Job
    from s4_qgis.export import aside
else:
    aside = Later("s4_qgis.export.aside")

HELP = Path(__file__).resolve().parent.parent / "help"

Values = dict[str, Any]
"""Parameters or results of an algorithm, by name."""


class S4Algorithm(QgsProcessingAlgorithm):
    """An algorithm over a job of the engine, or over a finished map.

    QGIS calls `prepareAlgorithm` in its main thread, `processAlgorithm` in another one: what needs
    layers of the project is read in `prepare`, what takes time is done in `work`. Both, and
    `check`, may raise an `S4Error`; users read its message and its remedy.
    """

    ID = ""
    GROUP = ""
    _refusal: S4Error | None = None
    _has_worked = False

    def declare(self) -> None:
        """Declare parameters and outputs."""
        raise NotImplementedError

    def prepare(self, given: Given) -> None:
        """Read what belongs to QGIS's main thread."""

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Do it and return the outputs."""
        raise NotImplementedError

    def finish(self) -> Values:
        """Do what must be done in QGIS's main thread after `work`; all outputs, or {}."""
        return {}

    def check(self, given: Given) -> None:
        """Refuse values that cannot be right, before anything starts."""

    def run_engine(
        self,
        job: Job,
        feedback: QgsProcessingFeedback,
        start: float = 0.0,
        end: float = 1.0,
        network: Mapping[str, str] | None = None,
    ) -> Values:
        """Do a job in the engine, its progress being a share `start`..`end` of the algorithm's.

        Args:
            network: variables of the worker's environment, see `engine/network.py`.

        Raises:
            Cancelled: the user stopped it. S4Error: it failed, or there is no engine.
        """
        # not before a job runs: QGIS loads this module when it starts
        from s4_qgis.engine.environment import engine_python  # noqa: PLC0415
        from s4_qgis.engine.process import run_job  # noqa: PLC0415

        teller = Teller(feedback, start, end)
        python = engine_python()
        return run_job(job, python, teller.tell, feedback.isCanceled, network=network)

    def initAlgorithm(self, _configuration: Values | None = None) -> None:
        """QGIS asks for parameters and outputs."""
        self.declare()

    def name(self) -> str:
        """The stable part of the id after "s4:"."""
        return self.ID

    def group(self) -> str:
        """Group in the toolbox."""
        names = {"images": tr("Images"), "models": tr("Models"), "maps": tr("Maps")}
        return names[self.GROUP]

    def groupId(self) -> str:
        """Stable id of the group."""
        return self.GROUP

    def createInstance(self) -> S4Algorithm:
        """A new one; QGIS runs each instance once."""
        return type(self)()

    def icon(self) -> QIcon:
        """Icon in the toolbox."""
        return icon("s4")

    def shortHelpString(self) -> str:
        """The help page in the user's language."""
        return help_page(self.ID).read_text(encoding="utf-8")

    def helpUrl(self) -> str:
        """The same page for the Help button."""
        return str(QUrl.fromLocalFile(str(help_page(self.ID))).toString())

    def checkParameterValues(
        self, parameters: Values, context: QgsProcessingContext
    ) -> tuple[bool, str]:
        """QGIS's own checks, then ours."""
        fine, message = super().checkParameterValues(parameters, context)
        if not fine:
            return fine, message
        try:
            self.check(Given(self, parameters, context))
        except S4Error as error:
            return False, str(error)
        return True, ""

    def prepareAlgorithm(
        self, parameters: Values, context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers of the project; in QGIS's main thread."""
        try:
            self.prepare(Given(self, parameters, context))
        except S4Error as error:
            # raised here, QGIS would log it and tell scripts only that there was an error
            self._refusal = error
        return True

    def processAlgorithm(
        self, parameters: Values, context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Values:
        """Do the work; a cancelled algorithm has no outputs."""
        try:
            if self._refusal is not None:
                raise self._refusal
            results = self.work(Given(self, parameters, context), feedback)
            self._has_worked = True
            return results
        except Cancelled:
            feedback.pushInfo(tr("Cancelled."))
            return {}
        except S4Error as error:
            raise _exception(error) from error
        except OSError as error:
            raise _exception(aside.unwritable(error)) from error

    def postProcessAlgorithm(
        self, _context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> Values:
        """Finish the work; in QGIS's main thread, also where a model runs in another one."""
        if not self._has_worked:
            return {}
        try:
            return in_main_thread(self.finish)
        except S4Error as error:
            raise _exception(error) from error


def help_page(name: str) -> Path:
    """The help page of an algorithm in the user's language, else in English."""
    language = QgsApplication.locale()[:2]
    page = HELP / f"{name}.{language}.html"
    return page if page.is_file() else HELP / f"{name}.en.html"


def _exception(error: S4Error) -> QgsProcessingException:
    return QgsProcessingException("\n".join(filter(None, (error.message, error.remedy))))
