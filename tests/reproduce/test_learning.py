"""The learning rate of fine-tuning."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from s4_core.nn import choose_device
from s4_core.progress import Silent
from s4_core.reproduce import learning
from s4_core.reproduce.learning import Schedule
from s4_core.reproduce.run import reproduce
from s4_core.types import RuntimeSettings
from tests.reproduce.test_run import MICRO, request

CPU = choose_device(RuntimeSettings(device="cpu", precision="fp32"))


def test_a_rate_that_fades_ends_at_nothing() -> None:
    steady = Schedule(4, 2, 1e-3, 0)
    assert [steady.rate(done) for done in (0.0, 0.5, 1.0)] == [1e-3] * 3
    fading = replace(steady, fades=True)
    found = [fading.rate(done) for done in (0.0, 0.25, 0.5, 1.0)]
    assert found == pytest.approx([1e-3, 8.53553e-4, 5e-4, 0.0], abs=1e-9)


@pytest.mark.parametrize("fades", [True, False])
def test_fine_tuning_learns_at_the_rate_of_its_scale(
    fades: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[float] = []
    descend = learning._descend

    def noted(optimizer: torch.optim.Optimizer, loss: torch.Tensor) -> None:
        used.append(optimizer.param_groups[0]["lr"])
        descend(optimizer, loss)

    monkeypatch.setattr(learning, "_descend", noted)
    scale = replace(MICRO, fades=fades, finetune_epochs=2)
    asked = {"what": ("table3",), "methods": ("unet3d",), "data_sets": ("pastis-r",)}
    reproduce(request(tmp_path, scale=scale, **asked), CPU, Silent())
    # three folds of four patches of this scale, four a step, two epochs; a tenth of them is one
    tenth, whole = used[:2], used[4:10]
    expected = [1e-3 * (0.5 + 0.5 * c) for c in (1.0, 0.8660254, 0.5, 0.0, -0.5, -0.8660254)]
    assert whole == pytest.approx(expected if fades else [1e-3] * 6)
    assert tenth == pytest.approx([1e-3, 5e-4] if fades else [1e-3] * 2)
