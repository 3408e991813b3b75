"""s4:vectorize: a class map as polygons, styled by its legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsProcessing,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterVectorDestination,
)

from s4_core.errors import RasterError
from s4_qgis.i18n import tr
from s4_qgis.later import Later
from s4_qgis.layers.sources import required_raster_path
from s4_qgis.measuring import settle
from s4_qgis.processing.base import S4Algorithm, Values
from s4_qgis.processing.given import Given

if TYPE_CHECKING:
    from s4_qgis.export import map_classes, vector
    from s4_qgis.processing import styled
else:
    map_classes = Later("s4_qgis.export.map_classes")
    vector = Later("s4_qgis.export.vector")
    styled = Later("s4_qgis.processing.styled")

MAP, MIN_AREA, TOLERANCE, DISSOLVE, OUTPUT = "MAP", "MIN_AREA", "TOLERANCE", "DISSOLVE", "OUTPUT"


class VectorizeAlgorithm(S4Algorithm):
    """Polygons of a map: sieved, simplified and dissolved on request."""

    ID, GROUP = "vectorize", "maps"

    def displayName(self) -> str:
        """Name in the toolbox."""
        return tr("Crop map to polygons")

    def declare(self) -> None:
        """Declare parameters and outputs."""
        double = QgsProcessingParameterNumber.Type.Double
        for parameter in (
            QgsProcessingParameterRasterLayer(MAP, tr("Crop map")),
            QgsProcessingParameterNumber(
                MIN_AREA,
                tr("Smaller patches join their largest neighbour, hectares"),
                double,
                0.1,
                minValue=0.0,
            ),
            QgsProcessingParameterNumber(
                TOLERANCE,
                tr("Simplify boundaries by at most, metres (0: keep pixel steps)"),
                double,
                0.0,
                minValue=0.0,
            ),
            QgsProcessingParameterBoolean(
                DISSOLVE, tr("One feature a class instead of one a patch"), False
            ),
            QgsProcessingParameterVectorDestination(
                OUTPUT, tr("Polygons"), QgsProcessing.SourceType.TypeVectorPolygon
            ),
        ):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputNumber("COUNT", tr("Polygons written")))

    def prepare(self, given: Given) -> None:
        """The layer's file, and its classes as they are named and coloured now."""
        layer = given.raster(MAP)
        if layer is None:
            raise RasterError(tr("No map is chosen."), tr("Choose a class map made by S4."))
        settle(layer.crs())
        self._map = required_raster_path(layer)
        self._classes = map_classes.classes_of_layer(layer, self._map)

    def work(self, given: Given, feedback: QgsProcessingFeedback) -> Values:
        """Write the polygons."""

        def told(fraction: float) -> bool:
            feedback.setProgress(100 * fraction)
            return not feedback.isCanceled()

        options = vector.PolygonOptions(
            min_area_ha=given.number(MIN_AREA) or 0.0,
            tolerance_m=given.number(TOLERANCE) or 0.0,
            dissolve=given.flag(DISSOLVE),
        )
        out = given.layer_out(OUTPUT)
        count = vector.vectorize(self._map, out, self._classes, options, told)
        styled.load_styled(given.context, out, tr("Crops (polygons)"))
        return {OUTPUT: out, "COUNT": count}
