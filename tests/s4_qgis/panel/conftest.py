"""A session over a tiny project, shared by the tests of the panel's later pages."""

from __future__ import annotations

import json

import pytest

from s4_core import jobs
from s4_core.protocol import AreaRequest, PretrainJob
from s4_qgis.forms import AreaForm
from s4_qgis.panel.state import LabelsChoice, SessionState
from s4_qgis.settings import PluginSettings
from tests.tiny_project import ONE_CORE, SMALL, write_area


@pytest.fixture(scope="session")
def tiny_area(tmp_path_factory):
    return write_area(tmp_path_factory.mktemp("panel") / "tiny")


@pytest.fixture(scope="session")
def tiny_pretrained(tiny_area):
    path = tiny_area.parent / "pretrained.safetensors"
    jobs.run(
        PretrainJob((AreaRequest(str(tiny_area)),), str(path), overrides=SMALL, runtime=ONE_CORE)
    )
    return path


@pytest.fixture
def session(qgis_app, tmp_path):
    found = SessionState()
    settings = PluginSettings()
    settings.output_folder, settings.threads, settings.device = str(tmp_path / "out"), 1, "cpu"
    yield found
    found.close()


@pytest.fixture
def labelled(session, tiny_area, tmp_path):
    """The session with images, modality and parcels chosen."""
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
