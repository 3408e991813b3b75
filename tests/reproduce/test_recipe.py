"""What an earlier recipe has left is refused: simulated data, pretrained weights, cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from s4_core.errors import ConfigurationError
from s4_core.nn import choose_device
from s4_core.progress import Silent, Stage
from s4_core.reproduce import simulated_sets
from s4_core.reproduce.recipe import RECIPES
from s4_core.reproduce.run import reproduce
from s4_core.reproduce.simulated_sets import FRANCE, patches_of
from s4_core.types import Modality, RuntimeSettings
from tests.reproduce.test_run import MICRO, request

CPU = choose_device(RuntimeSettings(device="cpu", precision="fp32"))
ASKED = {"what": ("table4",), "methods": ("s4",), "data_sets": ("pastis-r",)}


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("earlier")
    assert reproduce(request(out, **ASKED), CPU, Silent())["cells_run_now"] == 2
    return out


def test_cells_of_another_recipe_are_refused(
    earlier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RECIPES, "pastis-r", RECIPES["pastis-r"] + 1)
    with pytest.raises(ConfigurationError, match="other settings, data or code"):
        reproduce(request(earlier, **ASKED), CPU, Silent())


def test_weights_that_were_pretrained_otherwise_are_not_fine_tuned(earlier: Path) -> None:
    # a cell that was removed, so that it runs again, must not find the weights of before
    results = earlier / "cells"
    results.rename(earlier / "elsewhere")
    try:
        longer = replace(MICRO, pretrain_epochs=MICRO.pretrain_epochs + 1)
        with pytest.raises(ConfigurationError, match="was pretrained with other settings"):
            reproduce(request(earlier, scale=longer, **ASKED), CPU, Silent())
    finally:
        for left in results.glob("*"):
            left.unlink()
        if results.exists():
            results.rmdir()
        (earlier / "elsewhere").rename(results)


@pytest.mark.parametrize("changed", ["recipe", "simulation"])
def test_data_that_were_simulated_otherwise_are_not_used(
    earlier: Path, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulation = MICRO.simulation
    assert simulation is not None
    if changed == "recipe":
        monkeypatch.setitem(RECIPES, "pastis-r", RECIPES["pastis-r"] + 1)
    else:
        simulation = replace(simulation, radar_dates=simulation.radar_dates - 1)
    with pytest.raises(ConfigurationError, match=f"simulated with another {changed}"):
        simulated_sets.simulated_folder(
            earlier / "data" / "pastis-r",
            FRANCE,
            simulation=simulation,
            areas=simulation.areas_per_fold * 5,
            write=lambda folder, patches: None,
            stage=Stage(Silent(), ""),
        )


def test_what_the_simulator_makes_belongs_to_its_recipe() -> None:
    """Where this fails, results of before cannot stand beside new ones: raise RECIPE."""
    assert MICRO.simulation is not None
    patches = list(patches_of(FRANCE, MICRO.simulation, 1, Stage(Silent(), "")))
    found = [
        float(np.mean([patch.series[m].values.astype(float).mean() for patch in patches]))
        for m in Modality
    ]
    labelled = int(sum((patch.target > 0).sum() for patch in patches))
    assert (RECIPES["pastis-r"], labelled) == (3, 853)
    assert found == pytest.approx([0.21341, -6.79163], rel=1e-4)
