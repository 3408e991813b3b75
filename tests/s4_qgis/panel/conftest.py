"""A session, and what the engine said of the sample."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from s4_core.protocol import AreaRequest, FinetuneJob, InfoJob, PretrainJob
from s4_qgis.forms import AreaForm
from s4_qgis.panel.state import LabelsChoice, SessionState
from s4_qgis.settings import PluginSettings
from tests.s4_qgis.worker_job import done
from tests.tiny_project import ONE_CORE, SMALL, write_area

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
    return done(InfoJob(AreaRequest(path=str(sample))))


@pytest.fixture
def session(qgis_app: Any) -> Iterator[SessionState]:
    state = SessionState()
    yield state
    state.close()
    state.deleteLater()


@pytest.fixture(scope="session")
def tiny_area(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An area on which an engine's job takes seconds."""
    return write_area(tmp_path_factory.mktemp("panel") / "tiny")


@pytest.fixture(scope="session")
def tiny_pretrained(tiny_area: Path) -> Path:
    """A model of it."""
    path = tiny_area.parent / "pretrained.safetensors"
    area = AreaRequest(str(tiny_area))
    done(PretrainJob((area,), str(path), overrides=SMALL, runtime=ONE_CORE))
    return path


@pytest.fixture
def labelled(session: SessionState, tiny_area: Path, tmp_path: Path) -> SessionState:
    """The session with images, modality and parcels chosen; outputs go to a temporary folder."""
    settings = PluginSettings()
    settings.output_folder, settings.threads, settings.device = str(tmp_path / "out"), 1, "cpu"
    legend = tmp_path / "legend.json"
    entries = (("beet", "10", "#d64878"), ("wheat", "20", "#c17d3a"))
    legend.write_text(json.dumps([dict(zip(("name", "code", "colour"), e)) for e in entries]))
    session.update(
        area=AreaForm(folder=str(tiny_area)),
        info={"name": "tiny", "season": ["2019-03-01", "2019-08-01"], "acquisitions": []},
        modality="optical",
        labels=LabelsChoice(
            str(tiny_area / "parcels.gpkg"),
            field="crop",
            legend=entries,
            legend_path=str(legend),
        ),
    )
    return session


@pytest.fixture(scope="session")
def learned(tiny_area: Path, tiny_pretrained: Path) -> dict[str, Any]:
    """What the finetune job said of two parcels a class."""
    return done(
        FinetuneJob(
            AreaRequest(str(tiny_area)),
            str(tiny_pretrained),
            str(tiny_area.parent / "model.safetensors"),
            "optical",
            parcels_per_class=2,
            runtime=ONE_CORE,
        )
    )


@pytest.fixture
def ready(labelled: SessionState, learned: dict[str, Any]) -> SessionState:
    """The session after a training."""
    labelled.update(model=str(learned["model"]), train_result={**learned, "parcels_per_class": 2})
    return labelled
