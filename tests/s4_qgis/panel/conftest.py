"""A session, and what the engine said of the sample."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from s4_core import io
from s4_core.jobs import run
from s4_core.progress import Silent
from s4_core.protocol import AreaRequest, InfoJob
from s4_qgis.panel.state import SessionState

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the sample: every fourth date, and its parcels."""
    folder = tmp_path_factory.mktemp("sample")
    for modality in ("optical", "radar"):
        (folder / modality).mkdir()
        for path in sorted((SAMPLE / modality).glob("*.tif"))[::4]:
            shutil.copy(path, folder / modality / path.name)
    for name in ("area.json", "parcels.gpkg"):
        shutil.copy(SAMPLE / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def info(sample: Path) -> dict[str, Any]:
    """What the info job says of it."""
    found = dict(run(InfoJob(AreaRequest(path=str(sample))), Silent()))
    io.close_rasters()
    return found


@pytest.fixture
def session(qgis_app: Any) -> Iterator[SessionState]:
    state = SessionState()
    yield state
    state.close()
    state.deleteLater()
