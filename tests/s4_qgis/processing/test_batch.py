"""Algorithms row by row in QGIS's batch window."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsApplication
from qgis.PyQt import sip

from tests.s4_qgis.processing.conftest import Project

PLUGINS = "/usr/share/qgis/python/plugins"


@pytest.fixture
def batch_window(provider: object, engine: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Opens an algorithm's batch window."""
    if not Path(PLUGINS, "processing").is_dir():
        pytest.skip("QGIS's own Processing plugin is somewhere else")
    monkeypatch.syspath_prepend(PLUGINS)
    from processing.gui.BatchAlgorithmDialog import BatchAlgorithmDialog

    registry = QgsApplication.processingRegistry()
    return lambda name: BatchAlgorithmDialog(registry.createAlgorithmById(name))


def test_two_rows_of_a_batch(
    batch_window: Any, project: Project, tmp_path: Path, wait: Any
) -> None:
    window = batch_window("s4:inspect")
    rows = [{"AREA": project.area, "INFO": str(tmp_path / f"{number}.json")} for number in range(2)]
    window.execute(rows)
    wait(lambda: all(Path(row["INFO"]).is_file() for row in rows), 120)
    wait(lambda: not QgsApplication.taskManager().countActiveTasks(), 30)
    for row in rows:
        assert len(json.loads(Path(row["INFO"]).read_text())["acquisitions"]) == 20
    # a batch window that nobody sees goes when its rows are done
    wait(lambda: sip.isdeleted(window), 30)
