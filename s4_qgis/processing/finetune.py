"""s4:finetune: teach a pretrained model the classes of labelled parcels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingOutputVectorLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFile,
    QgsProcessingParameterNumber,
)

from s4_qgis.choices import MODES
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
from s4_qgis.processing.models import OUTPUT, add_model_in, add_model_out
from s4_qgis.processing.runtime import add_runtime, add_settings, read_runtime, read_settings

if TYPE_CHECKING:
    from s4_qgis import forms, requests, shipped
else:
    forms = Later("s4_qgis.forms")
    requests = Later("s4_qgis.requests")
    shipped = Later("s4_qgis.shipped")

INIT, MODE, EPOCHS = "INIT", "MODE", "EPOCHS"
PARCELS_PER_CLASS, LEGEND, SEED, RESUME = "PARCELS_PER_CLASS", "LEGEND", "SEED", "RESUME"
COMPARE, FOREST_MIOU = "COMPARE", "FOREST_MIOU"
TRAINING_PARCELS, MIOU, CLASSES = "TRAINING_PARCELS", "MIOU", "CLASSES"


class FinetuneAlgorithm(S4Algorithm):
    """Learn classes from parcels, and say how well."""

    ID, GROUP = "finetune", "models"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Train on parcels")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        add_area(self)
        add_labels(self)
        add_modality(self)
        modes = (
            tr("Quick: a linear head (seconds to minutes)"),
            tr("Decoder (longer)"),
            tr("Full: the whole network (longest)"),
        )
        self.addParameter(ChoiceParameter(MODE, tr("What learns"), MODES, modes, "head"))
        add_model_in(
            self, INIT, tr("Model to start from (empty: the one of the plugin)"), optional=True
        )
        compare = tr("Judge a random forest by the same parcels, for comparison")
        self.addParameter(QgsProcessingParameterBoolean(COMPARE, compare, False))
        self._add_advanced()
        add_model_out(self, tr("Trained model"))
        self.addOutput(
            QgsProcessingOutputVectorLayer(TRAINING_PARCELS, tr("Parcels that it learned from"))
        )
        self.addOutput(QgsProcessingOutputNumber(MIOU, tr("mIoU on parcels held back")))
        self.addOutput(QgsProcessingOutputNumber(FOREST_MIOU, tr("mIoU of the random forest")))
        self.addOutput(QgsProcessingOutputString(CLASSES, tr("Classes")))

    def _add_advanced(self) -> None:
        numbers = {
            PARCELS_PER_CLASS: tr("Train on so many parcels a class (empty: all)"),
            EPOCHS: tr("Epochs of decoder and full (empty: the model's)"),
            SEED: tr("Seed of every random draw"),
        }
        for name, description in numbers.items():
            number = QgsProcessingParameterNumber(
                name,
                description,
                QgsProcessingParameterNumber.Type.Integer,
                optional=True,
                minValue=0 if name == SEED else 1,
            )
            add_advanced(self, number)
        legend = QgsProcessingParameterFile(
            LEGEND,
            tr("Legend: names, codes and colours of the classes (JSON)"),
            extension="json",
            optional=True,
        )
        add_advanced(self, legend)
        resume = tr("Go on after the last finished epoch of a stopped run")
        add_advanced(self, QgsProcessingParameterBoolean(RESUME, resume, False))
        add_settings(self)
        add_statements(self)
        add_runtime(self)

    def check(self, given: Given) -> None:
        """Season, dates, images and settings."""
        requests.area_request(read_area(given))
        read_settings(given)

    def prepare(self, given: Given) -> None:
        """The layers' files and features."""
        self._labels = read_labels(given)
        self._form = forms.FinetuneForm(
            area=read_area(given),
            init=given.text(INIT) or str(shipped.shipped_checkpoint()),
            out="",
            modality=given.choice(MODALITY),
            field_name=given.text(FIELD),
            mode=given.choice(MODE),
            legend=given.text(LEGEND),
            parcels_per_class=given.whole(PARCELS_PER_CLASS),
            seed=given.whole(SEED),
            epochs=given.whole(EPOCHS),
            overrides=read_settings(given),
            resume=given.flag(RESUME),
            compare=given.flag(COMPARE),
            runtime=read_runtime(given),
        )

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Train."""
        labels = self._labels.as_file(given.context, feedback)
        form = replace(
            self._form, out=given.file_out(OUTPUT), labels=labels.path, layer=labels.layer
        )
        result = self.run_engine(requests.finetune_job(form), feedback)
        score = result["validation"]["miou"]["value"]
        if score is None:
            feedback.pushWarning(tr("No class has a parcel to spare: accuracy is not known."))
        rival = result["record"].get("rival")
        if rival:
            feedback.pushInfo(
                tr("A random forest, judged by the same parcels: mIoU {value}").format(
                    value=f"{rival['miou']['value']:.2f}"
                )
            )
        return {
            OUTPUT: result["model"],
            "HISTORY": result["history"],
            TRAINING_PARCELS: result["training_parcels"],
            MIOU: score,
            FOREST_MIOU: rival["miou"]["value"] if rival else None,
            CLASSES: ", ".join(result["classes"]),
        }
