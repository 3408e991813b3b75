"""s4:evaluate: compare a map with a reference, and draw its report."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
)

from s4_core.errors import ConfigurationError
from s4_qgis.choices import SAMPLINGS
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.processing.area import add_advanced
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.choice import ChoiceParameter
from s4_qgis.processing.given import Given
from s4_qgis.processing.vectors import read_vector

if TYPE_CHECKING:
    from s4_qgis import forms, requests
else:
    forms = Later("s4_qgis.forms")
    requests = Later("s4_qgis.requests")

MAP, CONFIDENCE, SAMPLING = "MAP", "CONFIDENCE", "SAMPLING"
REFERENCE, FIELD, REFERENCE_RASTER = "REFERENCE", "FIELD", "REFERENCE_RASTER"
EXCLUDE, METRICS, REPORT = "EXCLUDE", "METRICS", "REPORT"

NO_SAMPLE = "none"
"""Choice of the sampling: the reference is no probability sample."""


class EvaluateAlgorithm(S4Algorithm):
    """Accuracy of a map with its spread, and a report."""

    ID, GROUP = "evaluate", "maps"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Assess a crop map")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        samplings = (
            tr("No random sample"),
            tr("A random sample of the map"),
            tr("A random sample within each mapped class"),
        )
        for parameter in (
            QgsProcessingParameterRasterLayer(MAP, tr("Crop map")),
            QgsProcessingParameterFeatureSource(
                REFERENCE, tr("Reference parcels"), polygons, optional=True
            ),
            QgsProcessingParameterField(
                FIELD, tr("Class field"), parentLayerParameterName=REFERENCE, optional=True
            ),
            QgsProcessingParameterRasterLayer(
                REFERENCE_RASTER, tr("... or reference raster of class codes"), optional=True
            ),
            QgsProcessingParameterFeatureSource(
                EXCLUDE, tr("Parcels that trained the model (left out)"), polygons, optional=True
            ),
            ChoiceParameter(
                SAMPLING, tr("The reference is"), (NO_SAMPLE, *SAMPLINGS), samplings, NO_SAMPLE
            ),
        ):
            self.addParameter(parameter)
        confidence = tr("Confidence (empty: confidence.tif beside the map)")
        add_advanced(self, QgsProcessingParameterRasterLayer(CONFIDENCE, confidence, optional=True))
        self._add_outputs()

    def _add_outputs(self) -> None:
        self.addParameter(
            QgsProcessingParameterFileDestination(
                METRICS, tr("Metrics (JSON)"), tr("JSON files (*.json)")
            )
        )
        self.addParameter(
            QgsProcessingParameterFileDestination(
                REPORT,
                tr("Report (HTML)"),
                tr("HTML files (*.html)"),
                optional=True,
                createByDefault=False,
            )
        )
        self.addOutput(QgsProcessingOutputNumber("MIOU", tr("Mean intersection over union")))
        self.addOutput(QgsProcessingOutputNumber("OA", tr("Overall accuracy")))
        self.addOutput(QgsProcessingOutputNumber("PARCELS", tr("Reference parcels counted")))
        self.addOutput(QgsProcessingOutputString("CAVEATS", tr("What to know about the scores")))

    def check(self, given: Given) -> None:
        """One reference, with its field."""
        vector, raster = given.parameters.get(REFERENCE), given.parameters.get(REFERENCE_RASTER)
        if bool(vector) == bool(raster):
            raise ConfigurationError(
                tr("Both parcels and a raster are chosen as reference.")
                if vector
                else tr("No reference is chosen."),
                tr("Choose parcels or a raster."),
            )
        if vector and not given.text(FIELD):
            raise ConfigurationError(
                tr("The class field of the reference is missing."), tr("Choose the field.")
            )

    def prepare(self, given: Given) -> None:
        """The layers' files and features."""
        self._reference = read_vector(given, REFERENCE)
        self._exclude = read_vector(given, EXCLUDE)
        sampling = given.choice(SAMPLING)
        self._form = forms.EvaluateForm(
            map=given.raster_path(MAP),
            reference=given.raster_path(REFERENCE_RASTER),
            field_name=given.text(FIELD),
            confidence=given.raster_path(CONFIDENCE),
            sampling="" if sampling == NO_SAMPLE else sampling,
        )

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Compare, then draw the report."""
        form = replace(self._form, out=given.file_out(METRICS))
        if self._reference is not None:
            file = self._reference.as_file(given.context, feedback)
            form = replace(form, reference=file.path, layer=file.layer)
        if self._exclude is not None:
            exclude = self._exclude.as_single_file(given.context, feedback)
            form = replace(form, exclude_parcels=exclude)
        report = given.file_out(REPORT)
        metrics = self.run_engine(
            requests.evaluate_job(form), feedback, 0.0, 0.5 if report else 1.0
        )
        results: Values = {
            METRICS: form.out,
            "MIOU": metrics["miou"]["value"],
            "OA": metrics["oa"],
            "PARCELS": metrics["n_parcels"],
            "CAVEATS": "\n".join(metrics["caveats"]),
        }
        if report:
            folder = Path(QgsProcessingUtils.generateTempFilename("run", given.context))
            gather_run(folder, form)
            page = forms.ReportForm(str(folder), report, Path(form.map).stem)
            self.run_engine(requests.report_job(page), feedback, 0.5, 1.0)
            results[REPORT] = report
        return results


def gather_run(folder: Path, form: forms.EvaluateForm) -> None:
    """A run's folder with this map and these metrics alone, for the report.

    The map's own folder may hold other maps, to which the metrics do not belong.
    """
    folder.mkdir(parents=True)
    source = Path(form.map)
    confidence = Path(form.confidence) if form.confidence else source.with_name("confidence.tif")
    wanted = {
        source: source.name,
        Path(f"{source}.aux.xml"): f"{source.name}.aux.xml",
        source.with_suffix(".record.json"): f"{source.stem}.record.json",
        source.with_name("areas.csv"): "areas.csv",
        confidence: "confidence.tif",
        Path(form.out): "metrics.json",
    }
    for path, name in wanted.items():
        if path.is_file():
            _place(path, folder / name)


def _place(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system cannot do that."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
