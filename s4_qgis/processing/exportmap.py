"""s4:exportmap: a class map with its styles and legend for others, also above a confidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputFile,
    QgsProcessingOutputRasterLayer,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from s4_core.errors import ConfigurationError, RasterError
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.layers.sources import required_raster_path
from s4_qgis.measuring import settle
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.given import Given
from s4_qgis.processing.vectors import VectorInput, read_vector

if TYPE_CHECKING:
    from s4_qgis.export import map_classes, map_export, parcel_votes
    from s4_qgis.export.map_classes import Classes
    from s4_qgis.processing import parcel_crops, sheets, styled
else:
    map_classes = Later("s4_qgis.export.map_classes")
    map_export = Later("s4_qgis.export.map_export")
    parcel_votes = Later("s4_qgis.export.parcel_votes")
    parcel_crops = Later("s4_qgis.processing.parcel_crops")
    sheets = Later("s4_qgis.processing.sheets")
    styled = Later("s4_qgis.processing.styled")

MAP, CONFIDENCE, MIN_CONFIDENCE, NAME = "MAP", "CONFIDENCE", "MIN_CONFIDENCE", "NAME"
LOAD, FOLDER, OUTPUT = "LOAD", "FOLDER", "OUTPUT"
TITLE, PDF, PNG = "TITLE", "PDF", "PNG"
PARCELS, PARCEL_CROPS = "PARCELS", "PARCEL_CROPS"


class ExportMapAlgorithm(S4Algorithm):
    """GeoTIFF, QML, SLD and legend of a map, as its layer is styled now."""

    ID, GROUP = "exportmap", "maps"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Export a crop map")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        for parameter in (
            QgsProcessingParameterRasterLayer(MAP, tr("Crop map")),
            QgsProcessingParameterRasterLayer(CONFIDENCE, tr("Confidence"), optional=True),
            QgsProcessingParameterNumber(
                MIN_CONFIDENCE,
                tr("Minimum confidence (0..1); pixels below become 'uncertain'"),
                QgsProcessingParameterNumber.Type.Double,
                0.0,
                minValue=0.0,
                maxValue=1.0,
            ),
            QgsProcessingParameterString(
                NAME, tr("Name of the files (empty: the map's)"), optional=True
            ),
            QgsProcessingParameterFeatureSource(
                PARCELS,
                tr("Give these parcels their majority class"),
                [QgsProcessing.SourceType.TypeVectorPolygon],
                optional=True,
            ),
            QgsProcessingParameterString(
                TITLE, tr("Title of the map sheet (empty: from the area's name)"), optional=True
            ),
            QgsProcessingParameterBoolean(LOAD, tr("Add the exported map to the project"), False),
            QgsProcessingParameterFolderDestination(FOLDER, tr("Folder of the exported files")),
        ):
            self.addParameter(parameter)
        sheets = {
            PDF: (tr("Map sheet (PDF)"), "PDF (*.pdf)"),
            PNG: (tr("Map sheet (PNG)"), "PNG (*.png)"),
        }
        for name, (description, files) in sheets.items():
            self.addParameter(
                QgsProcessingParameterFileDestination(
                    name, description, files, optional=True, createByDefault=False
                )
            )
        self.addParameter(
            QgsProcessingParameterFeatureSink(
                PARCEL_CROPS,
                tr("Parcels with their majority class"),
                QgsProcessing.SourceType.TypeVectorPolygon,
                optional=True,
                createByDefault=False,
            )
        )
        self.addOutput(QgsProcessingOutputRasterLayer(OUTPUT, tr("Exported map")))
        self.addOutput(QgsProcessingOutputFile("QML", tr("QGIS style")))
        self.addOutput(QgsProcessingOutputFile("SLD", tr("SLD style")))
        self.addOutput(QgsProcessingOutputFile("LEGEND", tr("Legend (JSON)")))

    def check(self, given: Given) -> None:
        """A minimum confidence needs the confidence; a name is no path."""
        if given.number(MIN_CONFIDENCE) and not given.parameters.get(CONFIDENCE):
            raise ConfigurationError(
                tr("A minimum confidence needs the confidence raster."),
                tr("Choose the one that was made with the map."),
            )
        if given.parameters.get(PARCEL_CROPS) and not given.parameters.get(PARCELS):
            raise ConfigurationError(
                tr("No parcels are chosen that could get their majority class."),
                tr("Choose the parcels, or skip the layer of parcels."),
            )
        name = given.text(NAME)
        if name != Path(name).name and name:
            raise ConfigurationError(
                tr("'{name}' is no name of a file.").format(name=name),
                tr("Give a name without folders; choose the folder below."),
            )

    def prepare(self, given: Given) -> None:
        """The layer's file, and its classes as they are named and coloured now."""
        layer = given.raster(MAP)
        if layer is None:
            raise RasterError(tr("No map is chosen."), tr("Choose a class map made by S4."))
        settle(layer.crs())
        self._map = required_raster_path(layer)
        self._classes = map_classes.classes_of_layer(layer, self._map)
        self._confidence = given.raster_path(CONFIDENCE)
        self._parcels = read_vector(given, PARCELS)
        self._title = given.text(TITLE)

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Write the files."""

        def told(fraction: float) -> bool:
            feedback.setProgress(100 * fraction)
            return not feedback.isCanceled()

        folder = given.text(FOLDER)
        exported = map_export.export_map(
            self._map,
            Path(folder),
            given.text(NAME) or Path(self._map).stem,
            self._classes,
            confidence=self._confidence,
            least=given.number(MIN_CONFIDENCE) or 0.0,
            progress=told,
        )
        out = str(exported.tif)
        if given.flag(LOAD) and given.context.project() is not None:
            details = QgsProcessingContext.LayerDetails(
                exported.tif.stem, given.context.project(), OUTPUT
            )
            given.context.addLayerToLoadOnCompletion(out, details)
            styled.load_styled(given.context, out, exported.tif.stem)
        self._results = {
            FOLDER: folder,
            OUTPUT: out,
            "QML": str(exported.qml),
            "SLD": str(exported.sld),
            "LEGEND": str(exported.legend),
        }
        if self._parcels is not None and given.parameters.get(PARCEL_CROPS):
            self._results[PARCEL_CROPS] = self._write_parcels(
                given, self._parcels, out, exported.classes
            )
        self._sheets = {PDF: given.file_out(PDF), PNG: given.file_out(PNG)}
        return self._results

    def _write_parcels(
        self, given: Given, parcels: VectorInput, path: str, classes: Classes
    ) -> str:
        """The parcels with what the exported map says of them."""
        votes = parcel_votes.MapVotes(path, self._confidence, classes, parcels.crs)
        return str(
            parcel_crops.write_parcel_crops(
                given, PARCEL_CROPS, parcels, votes, classes=list(classes.values())
            )
        )

    def finish(self) -> Values:
        """Draw the map sheet: layouts belong to QGIS's main thread."""
        wanted = {name: path for name, path in self._sheets.items() if path}
        if not wanted:
            return self._results
        out = self._results[OUTPUT]
        sheet = sheets.sheet_of(out, self._title)
        sheets.write_sheets(out, sheet, self._confidence, self._sheets[PDF], self._sheets[PNG])
        return {**self._results, **wanted}
