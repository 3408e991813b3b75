"""The values that an algorithm was given, read by name."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingContext,
    QgsRasterLayer,
)

from s4_core.errors import InputError, RasterError
from s4_qgis.i18n import tr
from s4_qgis.layers.sources import required_raster_path
from s4_qgis.processing.choice import ChoiceParameter


class Given:
    """Parameters of one run; "" and None stand for what was not given.

    Methods that return layers belong to QGIS's main thread: call them in `prepare`.
    """

    def __init__(
        self,
        algorithm: QgsProcessingAlgorithm,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
    ) -> None:
        self.algorithm = algorithm
        self.parameters = parameters
        self.context = context

    def text(self, name: str) -> str:
        """A text or path without blanks around it."""
        return str(self.algorithm.parameterAsString(self.parameters, name, self.context)).strip()

    def number(self, name: str) -> float | None:
        """A number."""
        if not self.text(name):
            return None
        return float(self.algorithm.parameterAsDouble(self.parameters, name, self.context))

    def whole(self, name: str) -> int | None:
        """A whole number."""
        if not self.text(name):
            return None
        return int(self.algorithm.parameterAsInt(self.parameters, name, self.context))

    def flag(self, name: str) -> bool:
        """A switch."""
        return bool(self.algorithm.parameterAsBoolean(self.parameters, name, self.context))

    def choice(self, name: str) -> str:
        """The word of a `ChoiceParameter`."""
        return self.choices(name)[0]

    def choices(self, name: str) -> tuple[str, ...]:
        """The words of a `ChoiceParameter` of which several may be chosen."""
        definition = self.algorithm.parameterDefinition(name)
        if not isinstance(definition, ChoiceParameter):
            raise TypeError(f"{name} is no choice.")
        named = definition.named(self.parameters.get(name))
        if named is not None:
            return named
        places = self.algorithm.parameterAsEnums(self.parameters, name, self.context)
        return tuple(definition.words[place] for place in places)

    def file_out(self, name: str) -> str:
        """A file to write; "" where the user skipped it."""
        return str(self.algorithm.parameterAsFileOutput(self.parameters, name, self.context))

    def layer_out(self, name: str) -> str:
        """A raster or vector to write, which QGIS then loads; "" where the user skipped it."""
        return str(self.algorithm.parameterAsOutputLayer(self.parameters, name, self.context))

    def raster(self, name: str) -> QgsRasterLayer | None:
        """A raster layer.

        Raises:
            RasterError: a name that is no raster.
        """
        layer = self.algorithm.parameterAsRasterLayer(self.parameters, name, self.context)
        if layer is None and self.parameters.get(name):
            raise RasterError(
                tr("'{name}' is no raster that QGIS can open.").format(name=self.parameters[name]),
                tr("Check the path, or choose a raster layer."),
            )
        return layer

    def raster_path(self, name: str) -> str:
        """What GDAL opens for a raster layer.

        Raises:
            RasterError: it is no file that GDAL opens.
        """
        layer = self.raster(name)
        return "" if layer is None else required_raster_path(layer)

    def raster_layers(self, name: str) -> list[QgsRasterLayer]:
        """Several raster layers.

        Raises:
            InputError: a value that is no layer. RasterError: a layer that is no raster file.
        """
        given = self.parameters.get(name) or []
        given = given if isinstance(given, (list, tuple)) else [given]
        layers = self.algorithm.parameterAsLayerList(self.parameters, name, self.context)
        if len(layers) < len(given):
            raise InputError(
                tr("{missing} of the {given} chosen layers cannot be opened.").format(
                    missing=len(given) - len(layers), given=len(given)
                ),
                tr("Check their paths, or take them out of the choice."),
            )
        for layer in layers:
            required_raster_path(layer)
        return list(layers)
