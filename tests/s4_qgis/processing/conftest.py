"""The provider, a small project that went through every step, and a way to run algorithms."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingUtils,
    QgsProject,
)

from s4_qgis.processing.provider import S4Provider
from tests.conftest import REPOSITORY

_LAYERS = ("rasterDestination", "vectorDestination", "sink")

# torch and QGIS's libraries in one process do not always part in peace
_MAKE = "import sys, pathlib, tests.tiny_project as t; t.make_project(pathlib.Path(sys.argv[1]))"


@dataclass(frozen=True)
class Project:
    """Paths of a project that went through every step but the evaluation; 32 x 32 px."""

    folder: Path

    @property
    def area(self) -> str:
        return str(self.folder / "area")

    @property
    def parcels(self) -> str:
        return str(self.folder / "area" / "parcels.gpkg")

    @property
    def pretrained(self) -> str:
        return str(self.folder / "pretrained.safetensors")

    @property
    def model(self) -> str:
        return str(self.folder / "optical" / "model.safetensors")

    @property
    def trained(self) -> str:
        return str(self.folder / "optical" / "model.training_parcels.gpkg")

    @property
    def map(self) -> str:
        return str(self.folder / "optical" / "crop_map.tif")

    @property
    def confidence(self) -> str:
        return str(self.folder / "optical" / "confidence.tif")


class Heard(QgsProcessingFeedback):
    """A feedback that remembers what it was told, and may be told to cancel."""

    def __init__(self, cancel_at: float = 101.0) -> None:
        super().__init__(False)
        self.infos: list[str] = []
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.progress: list[float] = []
        self._cancel_at = cancel_at
        self.progressChanged.connect(self._take)

    def pushInfo(self, info: str) -> None:
        self.infos.append(info)

    def pushWarning(self, warning: str) -> None:
        self.warnings.append(warning)

    def reportError(self, error: str, fatalError: bool = False) -> None:
        self.errors.append(error)

    def _take(self, percent: float) -> None:
        self.progress.append(percent)
        if percent >= self._cancel_at:
            self.cancel()


@dataclass
class Done:
    """What a run gave: its outputs, what it said, and the context with the layers to load."""

    outputs: dict[str, Any]
    feedback: Heard
    context: QgsProcessingContext = field(repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.outputs[name]

    def load(self, output: str) -> Any:
        """The layer of an output as QGIS would add it to the project: styled."""
        path = self.outputs[output]
        details = self.context.layerToLoadOnCompletionDetails(path)
        layer = QgsProcessingUtils.mapLayerFromString(path, self.context)
        details.postProcessor().postProcessLayer(layer, self.context, self.feedback)
        return layer

    def details(self, output: str) -> Any:
        return self.context.layerToLoadOnCompletionDetails(self.outputs[output])


Run = Callable[..., Done]


@pytest.fixture(scope="session")
def provider(processing: Any) -> Iterator[S4Provider]:
    """The plugin's provider, registered."""
    made = S4Provider()
    QgsApplication.processingRegistry().addProvider(made)
    yield made
    QgsApplication.processingRegistry().removeProvider(made)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that was mapped by optical images; leave its files as they are."""
    folder = tmp_path_factory.mktemp("project")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    subprocess.run(
        [sys.executable, "-c", _MAKE, str(folder)], cwd=REPOSITORY, env=environment, check=True
    )
    return Project(folder)


@pytest.fixture
def run(provider: S4Provider, engine: str) -> Run:
    """`run("segment", AREA=..., feedback=...)` as QGIS does it, up to loading the layers."""

    def call(name: str, feedback: Heard | None = None, **parameters: Any) -> Done:
        algorithm = provider.algorithm(name).create()
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        feedback = feedback or Heard()
        definitions = {d.name(): d for d in algorithm.parameterDefinitions()}
        for key, definition in definitions.items():
            if definition.type() in _LAYERS and key in parameters:
                parameters[key] = _loaded(parameters[key])
        fine, message = algorithm.checkParameterValues(parameters, context)
        if not fine:
            raise QgsProcessingException(message)
        outputs, succeeded = algorithm.run(parameters, context, feedback, {}, False)
        assert succeeded
        outputs = algorithm.postProcess(context, feedback) or outputs
        return Done(outputs, feedback, context)

    return call


@pytest.fixture
def refusal(provider: S4Provider) -> Callable[..., str]:
    """`refusal("segment", AREA=...)`: what the check of the parameters says against them."""

    def call(name: str, **parameters: Any) -> str:
        fine, message = (
            provider.algorithm(name)
            .create()
            .checkParameterValues(parameters, QgsProcessingContext())
        )
        assert not fine
        return str(message)

    return call


def _loaded(destination: Any) -> Any:
    """An output that QGIS would load into the project."""
    from qgis.core import QgsProcessingOutputLayerDefinition

    return QgsProcessingOutputLayerDefinition(str(destination), QgsProject.instance())
