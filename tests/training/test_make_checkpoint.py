"""Areas that pretraining leaves out, and what standardises in their stead."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from s4_core.simulate import series_of, simulate_area
from s4_core.types import Modality
from training import make_checkpoint
from training.make_checkpoint import left_in, simulated_statistics, simulation

FOUND = [Path("flanders/here"), Path("flanders/there"), Path("elsewhere")]


def test_areas_are_left_out_by_name(tmp_path: Path) -> None:
    """The others stay, in their order."""
    assert left_in(FOUND, ["there", "here"], tmp_path) == [Path("elsewhere")]
    assert left_in(FOUND, [], tmp_path) == FOUND


def test_an_area_that_is_not_there_cannot_be_left_out(tmp_path: Path) -> None:
    """A slip of the pen must not train on what was to be left out."""
    with pytest.raises(SystemExit, match="no area heer; there are here, there, elsewhere"):
        left_in(FOUND, ["heer"], tmp_path)


def test_a_folder_that_holds_a_left_out_area_is_refused(tmp_path: Path) -> None:
    """Its patches and its statistics would be trained on all the same."""
    (tmp_path / "real_here.npz").touch()
    assert left_in(FOUND, ["there"], tmp_path)
    with pytest.raises(SystemExit, match="holds here"):
        left_in(FOUND, ["here"], tmp_path)


def test_statistics_of_simulated_areas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the usable pixels alone, channel by channel."""
    monkeypatch.setattr(make_checkpoint, "STANDARDISING", 1)
    found = simulated_statistics()[Modality.RADAR]
    series = series_of(simulate_area(simulation(0)), Modality.RADAR, found.channels)
    usable = series.values[:, 1][series.valid]
    assert found.unit == "dB"
    assert found.mean[1] == pytest.approx(usable.mean(), rel=1e-4)
    assert found.std[1] == pytest.approx(np.std(usable), rel=1e-3)
