"""s4:pretrain: learn features from unlabelled optical and radar images of the same places."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterNumber,
    QgsProcessingParameterString,
)

from s4_qgis.choices import PRESETS
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.processing.area import add_advanced, add_area, add_statements, read_area
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.choice import ChoiceParameter
from s4_qgis.processing.given import Given
from s4_qgis.processing.models import OUTPUT, add_model_in, add_model_out
from s4_qgis.processing.runtime import add_runtime, add_settings, read_runtime, read_settings

if TYPE_CHECKING:
    from s4_qgis import forms, requests
else:
    forms = Later("s4_qgis.forms")
    requests = Later("s4_qgis.requests")

FOLDERS, INIT, PRESET, EPOCHS, STATS, RESUME = (
    "FOLDERS",
    "INIT",
    "PRESET",
    "EPOCHS",
    "STATS",
    "RESUME",
)


class PretrainAlgorithm(S4Algorithm):
    """Self-supervised pretraining (S4) on one or more areas."""

    ID, GROUP = "pretrain", "models"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Pretrain on unlabelled images")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        add_area(self)
        self.addParameter(
            QgsProcessingParameterString(
                FOLDERS,
                tr("Folders of further areas, one a line"),
                multiLine=True,
                optional=True,
            )
        )
        add_model_in(self, INIT, tr("Model to go on from (empty: a new one)"), optional=True)
        self.addParameter(
            QgsProcessingParameterNumber(
                EPOCHS,
                tr("Epochs (empty: the configuration's)"),
                QgsProcessingParameterNumber.Type.Integer,
                optional=True,
                minValue=1,
            )
        )
        self._add_advanced()
        add_model_out(self, tr("Pretrained model"))
        self.addOutput(
            QgsProcessingOutputString("SIMULATED", tr("Rests on simulated data: no, in part, only"))
        )

    def _add_advanced(self) -> None:
        presets = (tr("field: for crop maps"), tr("paper: as published"))
        add_advanced(
            self, ChoiceParameter(PRESET, tr("Preset of a new model"), PRESETS, presets, "field")
        )
        add_advanced(
            self,
            QgsProcessingParameterString(
                STATS,
                tr("Take the bands' mean and spread from this area, JSON file or model"),
                optional=True,
            ),
        )
        add_advanced(
            self,
            QgsProcessingParameterBoolean(
                RESUME, tr("Go on after the last finished epoch of a stopped run"), False
            ),
        )
        add_settings(self)
        add_statements(self)
        add_runtime(self)

    def check(self, given: Given) -> None:
        """Season, dates, areas and settings."""
        for area in read_areas(given):
            requests.area_request(area)
        read_settings(given)

    def prepare(self, given: Given) -> None:
        """The layers' files."""
        self._form = forms.PretrainForm(
            areas=read_areas(given),
            out="",
            preset=given.choice(PRESET),
            init=given.text(INIT),
            stats=given.text(STATS),
            epochs=given.whole(EPOCHS),
            overrides=read_settings(given),
            resume=given.flag(RESUME),
            runtime=read_runtime(given),
        )

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Train."""
        job = requests.pretrain_job(replace(self._form, out=given.file_out(OUTPUT)))
        result = self.run_engine(job, feedback)
        return {
            OUTPUT: result["model"],
            "HISTORY": result["history"],
            "SIMULATED": result["simulated"],
        }


def read_areas(given: Given) -> tuple[forms.AreaForm, ...]:
    """The area that was given and, with the same statements, the further folders."""
    first = read_area(given)
    lines = (line.strip() for line in given.text(FOLDERS).splitlines())
    further = tuple(replace(first, folder=line, rasters=()) for line in lines if line)
    has_first = bool(first.folder or first.rasters)
    return (first, *further) if has_first or not further else further
