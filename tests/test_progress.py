from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from s4_core.errors import Cancelled
from s4_core.progress import Stage


@dataclass
class Recorder:
    stop: bool = False
    seen: list[tuple[float, str, float | None, dict[str, float]]] = field(default_factory=list)

    def progress(self, fraction, stage, eta_s, metrics) -> None:
        self.seen.append((fraction, stage, eta_s, metrics))

    def log(self, level: str, message: str) -> None: ...

    def cancelled(self) -> bool:
        return self.stop


def test_a_part_maps_its_steps_onto_its_share() -> None:
    recorder = Recorder()
    part = Stage(recorder, "all", 0.5, 1.0).part("tiles", 0.0, 0.5)
    part.step(1, 2, loss=0.25)
    assert recorder.seen == [(0.625, "tiles", pytest.approx(0.0, abs=1e-3), {"loss": 0.25})]


def test_the_eta_grows_from_the_steps_behind() -> None:
    recorder = Recorder()
    now = iter([0.0, 10.0, 20.0])
    stage = Stage(recorder, "epochs", clock=lambda: next(now))
    stage.step(0, 4)
    stage.step(1, 4)
    stage.step(2, 4)
    assert [eta for _, _, eta, _ in recorder.seen] == [None, 30.0, 20.0]


def test_a_cancelled_job_stops_at_its_next_step() -> None:
    stage = Stage(Recorder(stop=True), "epochs")
    with pytest.raises(Cancelled):
        stage.step(1, 2)
