"""The provider of the plugin's algorithms, id "s4"."""

from __future__ import annotations

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from s4_qgis.icons import FOLDER, icon
from s4_qgis.processing.benchmark import BenchmarkAlgorithm
from s4_qgis.processing.evaluate import EvaluateAlgorithm
from s4_qgis.processing.exportmap import ExportMapAlgorithm
from s4_qgis.processing.fetch import FetchAlgorithm
from s4_qgis.processing.finetune import FinetuneAlgorithm
from s4_qgis.processing.importing import ImportAlgorithm
from s4_qgis.processing.inspect import InspectAlgorithm
from s4_qgis.processing.pretrain import PretrainAlgorithm
from s4_qgis.processing.segment import SegmentAlgorithm
from s4_qgis.processing.vectorize import VectorizeAlgorithm

ALGORITHMS = (
    FetchAlgorithm,
    ImportAlgorithm,
    InspectAlgorithm,
    PretrainAlgorithm,
    FinetuneAlgorithm,
    BenchmarkAlgorithm,
    SegmentAlgorithm,
    EvaluateAlgorithm,
    ExportMapAlgorithm,
    VectorizeAlgorithm,
)


class S4Provider(QgsProcessingProvider):
    """The algorithms `s4:fetch` ... `s4:vectorize`."""

    def id(self) -> str:
        """Stable: models, scripts and `qgis_process` name it."""
        return "s4"

    def name(self) -> str:
        """Name in the toolbox."""
        return "S4 Crop Mapper"

    def icon(self) -> QIcon:
        """Icon in the toolbox."""
        return icon("s4")

    def svgIconPath(self) -> str:
        """The same as a file."""
        return str(FOLDER / "s4.svg")

    def supportedOutputRasterLayerExtensions(self) -> list[str]:
        """Maps are GeoTIFFs."""
        return ["tif", "tiff"]

    def defaultRasterFileExtension(self) -> str:
        """Whatever the user's default is, maps are GeoTIFFs."""
        return "tif"

    def loadAlgorithms(self) -> None:
        """Called by QGIS when the provider is added, and to refresh it."""
        for kind in ALGORITHMS:
            self.addAlgorithm(kind())
