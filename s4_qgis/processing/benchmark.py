"""s4:benchmark: compare S4 with what one would otherwise use, taught by few parcels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
)

from s4_qgis.choices import METHODS
from s4_qgis.columns import columns
from s4_qgis.comparing import about, kept, left_out, method_rows, method_texts, verdict
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.processing.area import (
    MODALITY,
    add_advanced,
    add_area,
    add_modality,
    add_statements,
    read_area,
)
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.choice import ChoiceParameter
from s4_qgis.processing.given import Given
from s4_qgis.processing.labels import FIELD, add_labels, read_labels
from s4_qgis.processing.models import OUTPUT, add_model_in
from s4_qgis.processing.runtime import add_runtime, add_settings, read_runtime, read_settings
from s4_qgis.processing.tables import add_table, write_table

if TYPE_CHECKING:
    from s4_qgis import forms, requests, shipped, words
else:
    forms = Later("s4_qgis.forms")
    requests = Later("s4_qgis.requests")
    shipped = Later("s4_qgis.shipped")
    words = Later("s4_qgis.words")

CHOSEN, MOST, DRAWS = "METHODS", "PARCELS_PER_CLASS", "DRAWS"
INIT, AREA_STEPS, SCRATCH_STEPS = "INIT", "AREA_STEPS", "SCRATCH_STEPS"
SEED, RESUME = "SEED", "RESUME"
PLOT, BEST, VERDICT, NOTES = "PLOT", "BEST_RIVAL", "VERDICT", "NOTES"
_NUMBERS = ("DIFFERENCE", "LOW", "HIGH")
_COLUMNS = {
    "method": "text",
    "what": "text",
    "miou": "real",
    "miou_vote": "real",
    "ece": "real",
    "difference": "real",
    "low": "real",
    "high": "real",
}


class BenchmarkAlgorithm(S4Algorithm):
    """Teach several methods by few parcels, judge them by all others."""

    ID, GROUP = "benchmark", "models"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Compare methods on few parcels")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        add_area(self)
        add_labels(self)
        add_modality(self)
        self.addParameter(
            ChoiceParameter(
                CHOSEN,
                tr("Methods to compare"),
                METHODS,
                tuple(method_texts().values()),
                ("s4", "rf", "logistic"),
                several=True,
            )
        )
        for name, text, value in (
            (MOST, tr("Training parcels per class: 1 to"), 2),
            (DRAWS, tr("Draws of these parcels"), 5),
        ):
            self.addParameter(_whole(name, text, value))
        self._add_advanced()
        self._add_outputs()

    def _add_advanced(self) -> None:
        model = tr("Model to start from (empty: the one of the plugin)")
        add_model_in(self, INIT, model, optional=True)
        for name, text in (
            (AREA_STEPS, tr("Steps of fitting S4 to these images (empty: the engine's)")),
            (SCRATCH_STEPS, tr("Steps of training on parcels only (empty: the engine's)")),
            (SEED, tr("Seed of every random draw")),
        ):
            add_advanced(self, _whole(name, text, None, least=0 if name == SEED else 1))
        resume = tr("Take over the methods that a stopped run has finished")
        add_advanced(self, QgsProcessingParameterBoolean(RESUME, resume, False))
        add_settings(self)
        add_statements(self)
        add_runtime(self)

    def _add_outputs(self) -> None:
        result = tr("Every draw with its scores (JSON)")
        filter_ = tr("JSON files (*.json)")
        self.addParameter(QgsProcessingParameterFileDestination(OUTPUT, result, filter_))
        add_table(self, tr("Table of the methods"))
        self.addOutput(QgsProcessingOutputFile(PLOT, tr("Plot")))
        self.addOutput(QgsProcessingOutputString(BEST, tr("The best without S4")))
        differences = (
            tr("mIoU of S4 minus that of the best without it"),
            tr("... lower end of the 95 % interval"),
            tr("... upper end of the 95 % interval"),
        )
        for name, text in zip(_NUMBERS, differences):
            self.addOutput(QgsProcessingOutputNumber(name, text))
        self.addOutput(QgsProcessingOutputString(VERDICT, tr("Who is ahead")))
        self.addOutput(QgsProcessingOutputString(NOTES, tr("What was left out, and why")))

    def check(self, given: Given) -> None:
        """Season, dates, images and settings."""
        requests.area_request(read_area(given))
        read_settings(given)

    def prepare(self, given: Given) -> None:
        """The layers' files and features."""
        self._labels = read_labels(given)
        self._form = forms.FewParcelsForm(
            area=read_area(given),
            init=given.text(INIT) or str(shipped.shipped_checkpoint()),
            out="",
            modality=given.choice(MODALITY),
            field_name=given.text(FIELD),
            most=given.whole(MOST) or 1,
            draws=given.whole(DRAWS) or 1,
            methods=given.choices(CHOSEN),
            area_steps=given.whole(AREA_STEPS),
            scratch_steps=given.whole(SCRATCH_STEPS),
            seed=given.whole(SEED),
            overrides=read_settings(given),
            resume=given.flag(RESUME),
            runtime=read_runtime(given),
        )

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Compare, and tell who is ahead."""
        labels = self._labels.as_file(given.context, feedback)
        form = replace(
            self._form, out=given.file_out(OUTPUT), labels=labels.path, layer=labels.layer
        )
        result = self.run_engine(requests.few_parcels_job(form), feedback)
        shown = kept(result)
        simulated = words.simulated_text(shown)
        if simulated:
            feedback.pushWarning(simulated)
        notes = [about(shown), *left_out(shown)]
        for text in (verdict(shown), *notes):
            feedback.pushInfo(text)
        found = result["difference"] or {}
        ends = (found.get(key) for key in ("mean", "low", "high"))
        rows = [_row(row.name, row.text, result) for row in method_rows(shown)]
        return {
            OUTPUT: str(result["out"]),
            PLOT: str(result["plot"]),
            BEST: result["best_rival"] or "",
            **dict(zip(_NUMBERS, ends)),
            VERDICT: verdict(shown),
            NOTES: "\n".join(notes),
            **write_table(given, tr("Methods that were compared"), columns(**_COLUMNS), rows),
        }


def _whole(name: str, text: str, value: int | None, least: int = 1) -> QgsProcessingParameterNumber:
    """A whole number; one without a value may be left open."""
    return QgsProcessingParameterNumber(
        name,
        text,
        QgsProcessingParameterNumber.Type.Integer,
        value,
        optional=value is None,
        minValue=least,
    )


def _row(name: str, text: str, result: Values) -> tuple[Any, ...]:
    """A method as the table tells it; the best without S4 has no difference."""
    means = result["methods"][name]
    against = result["differences"].get(name, {}).get("miou", {})
    ends = (against.get(key) for key in ("mean", "low", "high"))
    return name, text, means["mean"], means["mean_vote"], means["ece"], *ends
