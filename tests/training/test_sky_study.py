from __future__ import annotations

import json
from pathlib import Path

import pytest

from s4_core.data.published import Pastis
from s4_core.nn import choose_device
from s4_core.types import RuntimeSettings
from tests.reproduce.test_run import MICRO
from training import sky_study


def test_systems_learn_under_a_clear_sky(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
    monkeypatch.setattr(sky_study, "COLUMNS", (("optical", 100),))
    monkeypatch.setattr(sky_study, "AGAINST", "utae")
    out = tmp_path / "clear"
    found = sky_study.study(tmp_path / "usual", out, MICRO, ("unet3d",), device)
    (row,) = found["rows"]
    assert (row["modality"], row["share"]) == ("optical", 100)
    assert 0 < row["clear"] < 1
    # no such run, and nothing to compare with
    assert row["usual"] is None
    assert "s4_minus_it_clear" not in row
    assert found["cloudiness"]["clear"] == 0 < found["cloudiness"]["usual"]
    assert json.loads(json.dumps(found)) == found
    patches = Pastis(out / "data" / "pastis-r")
    shares = [patches.cloud_cover(patch) or 0.0 for patch in patches.ids]
    # shreds of clouds are left
    assert max(shares) < 0.1
