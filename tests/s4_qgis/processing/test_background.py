"""Algorithms in the background, as QGIS's dialogs run them, while the user goes on working."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsProcessingAlgRunnerTask,
    QgsProcessingContext,
    QgsProject,
    QgsRasterLayer,
    QgsVectorLayer,
)

from s4_qgis.processing.provider import S4Provider
from tests.s4_qgis.processing.conftest import Heard, Project

Wait = Callable[[Callable[[], Any], float], None]


class Background:
    """One run in QGIS's task manager."""

    def __init__(self, provider: S4Provider, name: str, **parameters: Any) -> None:
        # all of these must live as long as the task
        self.algorithm = provider.algorithm(name).create()
        self.context = QgsProcessingContext()
        self.context.setProject(QgsProject.instance())
        self.feedback = Heard()
        self.ended: list[tuple[bool, dict[str, Any]]] = []
        self.task = QgsProcessingAlgRunnerTask(
            self.algorithm, parameters, self.context, self.feedback
        )
        self.task.executed.connect(lambda fine, results: self.ended.append((fine, results)))
        QgsApplication.taskManager().addTask(self.task)


def test_layers_are_deleted_while_it_runs(
    provider: S4Provider, project: Project, engine: str, wait: Wait, tmp_path: Path
) -> None:
    parcels = QgsVectorLayer(project.parcels, "parcels", "ogr")
    parcels.setSubsetString("crop = 'beet'")
    images = [
        QgsRasterLayer(str(path), path.stem, "gdal")
        for path in sorted(Path(project.area, "optical").glob("*.tif"))
    ]
    QgsProject.instance().addMapLayers([parcels, *images])
    background = Background(
        provider,
        "segment",
        RASTERS=[image.id() for image in images],
        SEASON="2019-03-01:2019-08-01",
        MODEL=project.model,
        WITHIN=parcels.id(),
        DEVICE="cpu",
        THREADS=1,
        OUTPUT=str(tmp_path / "map.tif"),
    )
    del parcels, images
    QgsProject.instance().clear()
    wait(lambda: background.ended, 60)
    ((fine, results),) = background.ended
    assert fine, background.feedback.errors
    layer = QgsRasterLayer(results["OUTPUT"], "map", "gdal")
    assert layer.isValid()
    assert results["MAPPED_HA"] < 4  # the beet parcels alone


def test_the_main_thread_stays_free_and_may_cancel(
    provider: S4Provider, project: Project, engine: str, wait: Wait, tmp_path: Path
) -> None:
    background = Background(
        provider,
        "pretrain",
        AREA=project.area,
        INIT=project.pretrained,
        EPOCHS=500,
        DEVICE="cpu",
        THREADS=1,
        OUTPUT=str(tmp_path / "base.safetensors"),
    )
    wait(lambda: any("loss" in line for line in background.feedback.infos), 60)
    assert threading.current_thread() is threading.main_thread()
    background.task.cancel()
    wait(lambda: background.ended, 30)
    ((_, results),) = background.ended
    assert results == {}
    assert "Cancelled." in background.feedback.infos
