from __future__ import annotations

import json
from pathlib import Path

import pytest

from s4_core.nn import choose_device
from s4_core.progress import Silent
from s4_core.reproduce.methods import METHODS
from s4_core.reproduce.request import Request
from s4_core.reproduce.run import reproduce
from s4_core.types import RuntimeSettings
from tests.reproduce.test_run import MICRO
from training import fresh_areas, place_study, reproduction_page

PAGE = """# Page
<!-- tables: by a program -->
old
<!-- end -->
between
<!-- place: by a program -->
<!-- end -->
<!-- fresh: by a program -->
<!-- end -->
<!-- sky: by a program -->
<!-- end -->
<!-- tiles: by a program -->
<!-- end -->
after
"""

RUN = """# Reproduction of the paper

Written by `s4 reproduce`, never by hand.

## Table 4: losses

| a | b |

## Figure 9

![table4](table4.png)

![ground](ground.png)

![fig9](fig9.png)

## Systems

- **S4**
"""


def found(same: float, others: float) -> dict[str, float]:
    place = {"sites": 9, "same_patch": same, "other_patches": others, "chance": 1 / 9}
    return {**place, "own_ground": 0.4, "ground_chance": 0.25}


def made_tiles(path: Path) -> Path:
    row = {"method": "unet3d", "modality": "radar", "share": 10, "usual": [], "tiles": [0.2, 0.4]}
    row.update({"s4_minus_it_tiles": [0.1, 0.05, 0.2], "s4_seeds_tiles": [0.15, 0.05]})
    row["s4-ground_minus_it_tiles"] = [0.2, 0.1, 0.3]
    made = {"scale": "small", "simulated": True, "tiles": 4, "device": "CPU.", "rows": [row]}
    path.write_text(json.dumps(made))
    return path


def test_the_page_is_filled_between_its_markers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "small"
    run.mkdir()
    (run / "reproduction.md").write_text(RUN)
    (run / "fig9.png").write_bytes(b"picture")
    (tmp_path / "images").mkdir()
    page, place = tmp_path / "page.md", tmp_path / "place.json"
    page.write_text(PAGE)
    networks = {"untrained": (0.1, 0.1), "whole patches": (0.5, 0.4)}
    networks.update({name: (0.3, 0.2) for name in place_study.VARIANTS})
    made = {"scale": "small", "shift_px": 8, "patches": 4, "simulated": True}
    made.update({"temperatures": [0.5, 0.1], "epochs": [8, 32]})
    place.write_text(json.dumps({**made, **{k: found(*v) for k, v in networks.items()}}))
    monkeypatch.setattr(reproduction_page, "PAGE", page)
    monkeypatch.setattr(reproduction_page, "IMAGES", tmp_path / "images")
    s4 = {"system": "S4", "modality": "radar", "seeds": [0, 1], "test": [0.1, 0.2]}
    other = {**s4, "system": "other", "seeds": [0], "test": [0.3], "fresh": [0.25]}
    rows = [
        {**s4, "fresh": [0.15, 0.25]},
        {**other, "s4_minus_it_test": [-0.2, -0.3, -0.1], "s4_minus_it_fresh": [-0.1, -0.2, 0.1]},
    ]
    made = {"areas": 5, "area_px": 128, "test_areas": 3, "device": "CPU.", "rows": rows}
    areas = tmp_path / "fresh.json"
    areas.write_text(json.dumps(made))
    skies = tmp_path / "sky.json"
    row = {"system": "S4", "modality": "radar", "share": 10, "clear": 0.3, "usual": None}
    (run / "cells").mkdir()
    (run / "cells" / "pastis-r_s4_radar_10_seed0.json").write_text('{"miou": 0.25}')
    row["s4_minus_it_clear"] = [0.1, 0.05, 0.2]
    skies.write_text(
        json.dumps({"scale": "small", "simulated": True, "device": "CPU.", "rows": [row]})
    )
    tiles = made_tiles(tmp_path / "tiles.json")
    given = ["page", str(run), "--place", str(place), "--fresh", str(areas), "--sky", str(skies)]
    given += ["--tiles", str(tiles)]
    monkeypatch.setattr("sys.argv", given)
    reproduction_page.main()
    text = page.read_text()
    assert "old" not in text
    assert "### Table 4: losses" in text
    assert "### Figure 9" in text
    assert "Systems" not in text
    assert "table4.png" not in text
    assert "ground.png" not in text
    line = "Figure 9: gain of S4 over CaCo by cloud cover"
    assert f"*{line}*\n\n![{line}](images/reproduction-fig9.png)" in text
    assert (tmp_path / "images" / "reproduction-fig9.png").read_bytes() == b"picture"
    assert "| cut apart | 30.0 % | 20.0 % | 11.1 % | 40.0 % | 25.0 % |" in text
    assert "4 simulated patches" in text
    assert "a temperature of 0.1 instead of the paper's 0.5. Longer: 32 epochs instead of 8" in text
    assert "| S4 | radar | 0, 1 | 10.0, 20.0 | 15.0, 25.0 |  |  |" in text
    assert "| 30.0 | 25.0 | -20.0 (-30.0 to -10.0) | -10.0 (-20.0 to +10.0) |" in text
    assert "| radar | 10 % | S4 |  | 25.0 | 30.0 |  | +10.0 (+5.0 to +20.0) |" in text
    line = (
        "| radar | 10 % | Sup. (3D U-Net) | 2 |  | 30.0 |  | +10.0 (+5.0 to +20.0) | +15.0, +5.0 | "
        "+20.0 (+10.0 to +30.0) |"
    )
    assert line in text
    assert text.endswith("after\n")


def test_finished_models_are_tried_on_fresh_areas(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
    asked = Request(
        ("table4",), MICRO, tmp_path, methods=("s4", "s4-contrastive"), data_sets=("pastis-r",)
    )
    reproduce(asked, device, Silent())
    monkeypatch.setattr(fresh_areas, "scale_named", lambda _: MICRO)
    monkeypatch.setattr(fresh_areas.nn, "choose_device", lambda _: device)
    found = fresh_areas.study(tmp_path, 2)
    assert (found["areas"], found["test_areas"], found["area_px"]) == (2, 1, 32)
    assert [(r["system"], r["modality"]) for r in found["rows"]] == [
        ("S4", "radar"), ("S4, L_c alone", "radar"), ("S4", "optical"), ("S4, L_c alone", "optical")
    ]  # fmt: skip
    s4, other, *_ = found["rows"]
    assert other["s4_minus_it_fresh"][0] == pytest.approx(s4["fresh"][0] - other["fresh"][0])
    assert other["s4_minus_it_test"][0] == pytest.approx(s4["test"][0] - other["test"][0])
    fold = (tmp_path / "data" / "fresh" / "metadata.geojson").read_text()
    assert fold != (tmp_path / "data" / "pastis-r" / "metadata.geojson").read_text()
    assert "s4_minus_it_fresh" not in s4


def test_the_study_of_places_runs_whole(tmp_path: Path) -> None:
    device = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
    result = place_study.study(tmp_path, "tiny", device)
    assert result["simulated"]
    assert not [key for key in METHODS if key.startswith("place")]
    for name in ("untrained", "whole patches", *place_study.VARIANTS):
        one = result[name]
        # 16 px and 8 dates: 4 x 4 sites of two times
        assert one["sites"] == 32
        assert 0 <= one["same_patch"] <= 1
        assert 0 <= one["other_patches"] <= 1
        assert 0 <= one["own_ground"] <= 1
        assert one["ground_chance"] == pytest.approx(1 / 8)
