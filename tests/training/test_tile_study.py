from __future__ import annotations

import json
from pathlib import Path

import pytest

from s4_core.data.published import Pastis
from s4_core.nn import choose_device
from s4_core.types import Modality, RuntimeSettings
from tests.reproduce.test_run import MICRO
from training import tile_study


def test_systems_learn_on_areas_that_share_their_dates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
    monkeypatch.setattr(tile_study, "SEEDS", {100: 1})
    monkeypatch.setattr(tile_study, "AGAINST", ("bconvlstm-unet",))
    monkeypatch.setattr(tile_study, "TILES", 1)
    out = tmp_path / "tiles"
    monkeypatch.setattr(tile_study, "METHODS", ("bconvlstm-unet", "unet3d", "s4"))
    asked = tile_study.cells(("bconvlstm-unet", "unet3d"), (100,))
    found = tile_study.study(tmp_path / "usual", out, MICRO, asked, device)
    assert [(r["method"], r["modality"]) for r in found["rows"]] == [
        ("bconvlstm-unet", "optical"), ("unet3d", "optical"),
        ("bconvlstm-unet", "radar"), ("unet3d", "radar"),
    ]  # fmt: skip
    against, other, *_ = found["rows"]
    mean, low, high = other["bconvlstm-unet_minus_it_tiles"]
    assert mean == pytest.approx(against["tiles"][0] - other["tiles"][0])
    assert low <= mean <= high
    assert "bconvlstm-unet_minus_it_tiles" not in against
    # no such run, and nothing to compare with
    assert other["usual"] == []
    assert "bconvlstm-unet_minus_it_usual" not in other
    assert json.loads(json.dumps(found)) == found
    patches = Pastis(out / "data" / "pastis-r")
    for modality, channel in ((Modality.OPTICAL, "B04"), (Modality.RADAR, "VV")):
        dates = {patches.series(patch, modality, (channel,)).dates for patch in patches.ids}
        assert len(dates) == 1
