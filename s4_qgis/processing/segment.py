"""s4:segment: map an area with a fine-tuned model."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingUtils,
)

from s4_core.errors import ConfigurationError
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
from s4_qgis.processing.given import Given
from s4_qgis.processing.models import add_model_in
from s4_qgis.processing.runtime import add_runtime, read_runtime
from s4_qgis.processing.vectors import read_vector

if TYPE_CHECKING:
    from s4_qgis import forms, requests
    from s4_qgis.export import map_classes, parcel_votes
    from s4_qgis.layers import runs, styling
    from s4_qgis.processing import extents, parcel_crops, styled
else:
    forms = Later("s4_qgis.forms")
    requests = Later("s4_qgis.requests")
    map_classes = Later("s4_qgis.export.map_classes")
    parcel_votes = Later("s4_qgis.export.parcel_votes")
    runs = Later("s4_qgis.layers.runs")
    styling = Later("s4_qgis.layers.styling")
    extents = Later("s4_qgis.processing.extents")
    parcel_crops = Later("s4_qgis.processing.parcel_crops")
    styled = Later("s4_qgis.processing.styled")

MODEL, EXTENT, WITHIN, WITHIN_RASTER = "MODEL", "EXTENT", "WITHIN", "WITHIN_RASTER"
PARCELS, MIN_CONFIDENCE, TILE, HALO, RESUME = (
    "PARCELS",
    "MIN_CONFIDENCE",
    "TILE",
    "HALO",
    "RESUME",
)
OUTPUT, CONFIDENCE, AREAS, PARCEL_CROPS = "OUTPUT", "CONFIDENCE", "AREAS", "PARCEL_CROPS"


class SegmentAlgorithm(S4Algorithm):
    """Make a styled class map, its confidence and the areas of its classes."""

    ID, GROUP = "segment", "maps"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Map crops")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        add_area(self)
        add_model_in(self, MODEL, tr("Trained model"))
        add_modality(self)
        polygons = [QgsProcessing.SourceType.TypeVectorPolygon]
        for parameter in (
            QgsProcessingParameterExtent(EXTENT, tr("Extent (empty: all)"), optional=True),
            QgsProcessingParameterFeatureSource(
                WITHIN, tr("Map only inside these polygons"), polygons, optional=True
            ),
            QgsProcessingParameterFeatureSource(
                PARCELS, tr("Give these parcels their majority class"), polygons, optional=True
            ),
            QgsProcessingParameterNumber(
                MIN_CONFIDENCE,
                tr("Minimum confidence (0..1); pixels below become 'uncertain'"),
                QgsProcessingParameterNumber.Type.Double,
                0.0,
                minValue=0.0,
                maxValue=1.0,
            ),
        ):
            self.addParameter(parameter)
        self._add_advanced()
        self._add_outputs()

    def _add_advanced(self) -> None:
        mask = tr("Map only where this raster is above 0")
        add_advanced(self, QgsProcessingParameterRasterLayer(WITHIN_RASTER, mask, optional=True))
        pixels = {
            TILE: tr("Side of a tile, pixels (empty: chosen)"),
            HALO: tr("Margin read around a tile, pixels (empty: chosen)"),
        }
        for name, description in pixels.items():
            number = QgsProcessingParameterNumber(
                name,
                description,
                QgsProcessingParameterNumber.Type.Integer,
                optional=True,
                minValue=0 if name == HALO else 1,
            )
            add_advanced(self, number)
        resume = tr("Go on with the finished tiles of a stopped run")
        add_advanced(self, QgsProcessingParameterBoolean(RESUME, resume, False))
        add_statements(self)
        add_runtime(self)

    def _add_outputs(self) -> None:
        for parameter in (
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Crop map")),
            QgsProcessingParameterRasterDestination(CONFIDENCE, tr("Confidence"), optional=True),
            QgsProcessingParameterFileDestination(
                AREAS,
                tr("Areas per class (CSV)"),
                tr("CSV files (*.csv)"),
                optional=True,
                createByDefault=False,
            ),
            QgsProcessingParameterFeatureSink(
                PARCEL_CROPS,
                tr("Parcels with their majority class"),
                QgsProcessing.SourceType.TypeVectorPolygon,
                optional=True,
                createByDefault=False,
            ),
        ):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputNumber("MAPPED_HA", tr("Mapped hectares")))
        self.addOutput(QgsProcessingOutputString("WARNINGS", tr("Warnings")))

    def check(self, given: Given) -> None:
        """Season, dates, the choice of images and of the mask."""
        requests.area_request(read_area(given))
        if given.parameters.get(WITHIN) and given.parameters.get(WITHIN_RASTER):
            raise ConfigurationError(
                tr("Both polygons and a raster say where to map."), tr("Choose one of them.")
            )
        if given.parameters.get(PARCEL_CROPS) and not given.parameters.get(PARCELS):
            raise ConfigurationError(
                tr("No parcels are chosen that could get their majority class."),
                tr("Choose the parcels, or skip the layer of parcels."),
            )

    def prepare(self, given: Given) -> None:
        """The layers' files, features and extents."""
        self._extent = extents.read_extent(given, EXTENT)
        self._within = read_vector(given, WITHIN)
        self._parcels = read_vector(given, PARCELS)
        self._form = forms.SegmentForm(
            area=read_area(given),
            model=given.text(MODEL),
            modality=given.choice(MODALITY),
            out="",
            within=given.raster_path(WITHIN_RASTER),
            min_confidence=given.number(MIN_CONFIDENCE),
            tile=given.whole(TILE),
            halo=given.whole(HALO),
            resume=given.flag(RESUME),
            runtime=read_runtime(given),
        )

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Map."""
        form = self._full_form(given, feedback)
        result = self.run_engine(requests.segment_job(form), feedback)
        results: Values = {
            OUTPUT: form.out,
            "MAPPED_HA": sum(entry["hectares"] for entry in result["areas"]),
            "WARNINGS": "\n".join(result["warnings"]),
        }
        for entry in result["areas"]:
            feedback.pushInfo(f"{entry['name']}: {entry['hectares']:.2f} ha")
        group = self._load(given, form, result["simulated"])
        if given.parameters.get(CONFIDENCE):
            results[CONFIDENCE] = form.confidence
        areas = given.file_out(AREAS)
        if areas:
            results[AREAS] = _copied(result["areas_csv"], areas)
        if self._parcels is not None and given.parameters.get(PARCEL_CROPS):
            votes = parcel_votes.job_votes(result["parcels_csv"], self._parcels)
            classes = map_classes.classes_in(result["legend"])
            results[PARCEL_CROPS] = parcel_crops.write_parcel_crops(
                given, PARCEL_CROPS, self._parcels, votes, classes=classes, group=group
            )
        return results

    def _load(self, given: Given, form: forms.SegmentForm, simulated: str) -> str:
        """Load map and confidence styled; the name of their group in the layer tree."""
        note = styling.simulated_note(simulated)
        area = Path(form.area.folder or form.area.rasters[0]).stem
        group = runs.run_title(area, form.modality, datetime.now()) + note
        style = styled.StoredStyle(run=str(Path(form.out).parent))
        styled.load_styled(given.context, form.out, tr("Crops") + note, group, style)
        styled.load_styled(given.context, form.confidence, tr("Confidence") + note, group)
        return str(group)

    def _full_form(self, given: Given, feedback: QgsProcessingFeedback) -> forms.SegmentForm:
        """With everything that takes time: copies of layers, the area's coordinate system."""
        form = replace(self._form, out=given.layer_out(OUTPUT))
        # what the user skipped goes where it disturbs nobody
        confidence = given.layer_out(CONFIDENCE) or QgsProcessingUtils.generateTempFilename(
            "confidence.tif", given.context
        )
        form = replace(form, confidence=confidence)
        if self._within is not None:
            form = replace(form, within=self._within.as_single_file(given.context, feedback))
        if self._parcels is not None:
            form = replace(form, parcels=self._parcels.as_single_file(given.context, feedback))
        if self._extent is None:
            return form
        return replace(form, extent=extents.in_area(self._extent, form.area))


def _copied(source: str, target: str) -> str:
    if Path(source) != Path(target):
        shutil.copyfile(source, target)
    return target
