"""Where `pretrain --stats` takes the standardisation from."""

from __future__ import annotations

import json

import pytest

from s4_core.config import load_settings
from s4_core.errors import ConfigurationError
from s4_core.jobs.pretrain import read_statistics
from s4_core.types import Modality
from tests.tiny_project import write_area

SETTINGS = load_settings()


def test_from_an_area(tmp_path):
    found = read_statistics(str(write_area(tmp_path / "area", days=range(0, 48, 16))), SETTINGS)
    assert found[Modality.OPTICAL].channels == SETTINGS.input.optical
    assert found[Modality.OPTICAL].mean[0] < found[Modality.OPTICAL].mean[9]
    assert found[Modality.RADAR].unit == "dB"
    assert found[Modality.RADAR].mean[2] == pytest.approx(
        found[Modality.RADAR].mean[0] - found[Modality.RADAR].mean[1], abs=1e-3
    )


def test_from_a_file(tmp_path):
    path = tmp_path / "stats.json"
    radar = {"channels": ["VV", "VH"], "unit": "dB", "mean": [-11, -17], "std": [2, 3]}
    path.write_text(json.dumps({"radar": radar}))
    found = read_statistics(str(path), SETTINGS)
    assert found[Modality.RADAR].mean == (-11.0, -17.0)
    assert list(found) == [Modality.RADAR]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"radar": {}}',
        '{"sonar": {}}',
        '{"radar": {"channels": 1, "unit": "dB", "mean": [], "std": []}}',
        '{"radar": {"channels": ["VV", "VH"], "unit": "dB", "mean": [-11], "std": [2, 3]}}',
        '{"radar": {"channels": ["VV"], "unit": "dB", "mean": [-11], "std": [0]}}',
        '{"radar": {"channels": ["VV"], "unit": "dB", "mean": [NaN], "std": [1]}}',
        '{"radar": {"channels": ["VV"], "unit": "volts", "mean": [-11], "std": [1]}}',
        '{"radar": {"channels": [], "unit": "dB", "mean": [], "std": []}}',
    ],
)
def test_a_file_that_holds_something_else(tmp_path, text):
    path = tmp_path / "stats.json"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match="no band statistics"):
        read_statistics(str(path), SETTINGS)
