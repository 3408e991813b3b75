"""s4:pretrain"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from qgis.core import QgsProcessingContext, QgsProcessingException

from s4_core.model_card import read_card
from s4_core.types import Modality
from s4_qgis.forms import AreaForm
from s4_qgis.processing.given import Given
from s4_qgis.processing.pretrain import read_areas
from s4_qgis.processing.provider import S4Provider
from tests.s4_qgis.processing.conftest import Project, Run
from tests.tiny_project import SMALL

SETTINGS = "\n".join(f"{key} = {json.dumps(value)}" for key, value in SMALL.items())


def test_a_new_model(run: Run, project: Project, tmp_path: Path) -> None:
    out = tmp_path / "base.safetensors"
    done = run(
        "pretrain", AREA=project.area, SETTINGS=SETTINGS, DEVICE="cpu", THREADS=1, OUTPUT=str(out)
    )
    card = read_card(done["OUTPUT"])
    assert set(card.modalities) == set(Modality)
    assert card.settings["network"]["widths"] == [8, 8, 16]
    assert len(Path(done["HISTORY"]).read_text().splitlines()) == 1
    assert done["SIMULATED"] == "no"
    assert done.feedback.progress[-1] == 100
    assert any("loss" in line for line in done.feedback.infos)


def test_further_folders_share_what_is_stated(provider: S4Provider) -> None:
    algorithm = provider.algorithm("pretrain").create()
    parameters = {"AREA": "/a", "FOLDERS": "/b\n\n /c ", "RADAR_UNIT": "dB"}
    areas = read_areas(Given(algorithm, parameters, QgsProcessingContext()))
    assert areas == tuple(AreaForm(folder=f, radar_unit="dB") for f in ("/a", "/b", "/c"))
    parameters = {"FOLDERS": "/b"}
    assert [a.folder for a in read_areas(Given(algorithm, parameters, QgsProcessingContext()))] == [
        "/b"
    ]


def test_values_that_cannot_be_right(refusal: Callable[..., str]) -> None:
    assert "No images are chosen" in refusal("pretrain", OUTPUT="/x.safetensors")
    wrong = {"AREA": "/a", "OUTPUT": "/x.safetensors", "SETTINGS": "epochs"}
    assert "'epochs' is not a setting" in refusal("pretrain", **wrong)


def test_an_unknown_setting_names_the_nearest(run: Run, project: Project, tmp_path: Path) -> None:
    with pytest.raises(QgsProcessingException, match=r"pretrain\.epochs"):
        run(
            "pretrain",
            AREA=project.area,
            SETTINGS="pretrain.epoch = 1",
            OUTPUT=str(tmp_path / "x.safetensors"),
        )
    assert not list(tmp_path.iterdir())
