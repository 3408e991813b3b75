from __future__ import annotations

import json
from pathlib import Path

import pytest

from s4_core.nn import choose_device
from s4_core.types import RuntimeSettings
from training import place_study, reproduction_page

PAGE = """# Page
<!-- tables: by a program -->
old
<!-- end -->
between
<!-- place: by a program -->
<!-- end -->
after
"""

RUN = """# Reproduction of the paper

Written by `s4 reproduce`, never by hand.

## Table 4: losses

| a | b |

## Figure 9

![table4](table4.png)

![fig9](fig9.png)

## Systems

- **S4**
"""


def found(same: float, others: float) -> dict[str, float]:
    return {"sites": 9, "same_patch": same, "other_patches": others, "chance": 1 / 9}


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
    networks = {"untrained": (0.1, 0.1), "whole patches": (0.5, 0.4), "cut apart": (0.3, 0.2)}
    made = {"scale": "small", "shift_px": 8, "patches": 4, "simulated": True}
    place.write_text(json.dumps({**made, **{k: found(*v) for k, v in networks.items()}}))
    monkeypatch.setattr(reproduction_page, "PAGE", page)
    monkeypatch.setattr(reproduction_page, "IMAGES", tmp_path / "images")
    monkeypatch.setattr("sys.argv", ["page", str(run), "--place", str(place)])
    reproduction_page.main()
    text = page.read_text()
    assert "old" not in text
    assert "### Table 4: losses" in text
    assert "### Figure 9" in text
    assert "Systems" not in text
    assert "table4.png" not in text
    assert "![fig9](images/reproduction-fig9.png)" in text
    assert (tmp_path / "images" / "reproduction-fig9.png").read_bytes() == b"picture"
    assert "| cut apart (up to 8 px) | 30.0 % | 20.0 % | 11.1 % |" in text
    assert "4 simulated patches" in text
    assert text.endswith("after\n")


def test_the_study_of_places_runs_whole(tmp_path: Path) -> None:
    device = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
    result = place_study.study(tmp_path, "tiny", device)
    assert result["simulated"]
    for name in ("untrained", "whole patches", "cut apart"):
        one = result[name]
        # 16 px and 8 dates: 4 x 4 sites of two times
        assert one["sites"] == 32
        assert 0 <= one["same_patch"] <= 1
        assert 0 <= one["other_patches"] <= 1
