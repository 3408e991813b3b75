"""A whole reproduction, as small as it can be: simulate, pretrain, fine-tune, tables, figures."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from s4_core.errors import Cancelled, ConfigurationError, InputError
from s4_core.nn import choose_device
from s4_core.progress import Silent, Stage
from s4_core.reproduce import simulated_sets
from s4_core.reproduce.cells import Cell
from s4_core.reproduce.progress import CellProgress
from s4_core.reproduce.request import Request
from s4_core.reproduce.run import reproduce
from s4_core.reproduce.scales import Scale, Simulation, scale_named
from s4_core.types import RuntimeSettings

CPU = choose_device(RuntimeSettings(device="cpu", precision="fp32"))

SIZES = replace(
    scale_named("tiny").sizes,
    network={"widths": (4, 8, 8), "decoder_widths": (8, 4, 4), "projection_dim": 8},
    frame_widths=(4, 8),
)
MICRO = Scale("tiny", Simulation(16, 32, 1, 1, 4, 5), SIZES, 1, 1, 4, 1, 1)


def request(out: Path, **changes: object) -> Request:
    asked = Request(("table4", "fig5", "fig7", "fig9"), MICRO, out, methods=("s4", "caco"))
    return replace(asked, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("reproduce")
    with pytest.MonkeyPatch.context() as patch:
        # the only test area would be nearly cloudless, and Figure 9 have nothing to compare
        patch.setattr(simulated_sets, "_SKIES", (1.25,))
        result = reproduce(request(out), CPU, Silent())
    assert (result["cells"], result["cells_run_now"], result["simulated"]) == (3, 3, True)
    return out


def test_everything_that_was_asked_for_is_there(finished: Path) -> None:
    names = {path.name for path in finished.iterdir()}
    assert {"table4.md", "table4.csv", "table4.png", "fig5.png", "fig7.png", "fig9.png"} <= names
    assert (finished / "data" / "pastis-r" / "metadata.geojson").exists()
    page = (finished / "reproduction.md").read_text()
    assert "SIMULATED DATA" in page
    assert "Partial: 2 of 6 cells" in page
    assert "![fig9](fig9.png)" in page


def test_a_result_holds_what_the_table_shows(finished: Path) -> None:
    cell = Cell("s4", "pastis-r", "optical", 100, 0)
    found = json.loads((finished / "cells" / f"{cell.name}.json").read_text())
    assert found["origin"] == {"labels": "simulated", "pretraining": "simulated"}
    assert len(found["patches"]) == 4
    assert sum(count for *_, count in found["counts"]) > 0
    with (finished / "table4.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    (row,) = [r for r in rows if r["modality"] == "optical"]
    assert float(row["miou"]) == pytest.approx(found["miou"])


def test_a_second_run_does_nothing_again(finished: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (finished / "cells").iterdir()}
    assert reproduce(request(finished), CPU, Silent())["cells_run_now"] == 0
    assert {p: p.stat().st_mtime_ns for p in (finished / "cells").iterdir()} == before


def test_what_was_found_is_written_again_without_new_cells(finished: Path) -> None:
    (finished / "table4.md").unlink()
    asked = request(finished, methods=("s4", "caco", "s4-contrastive"), new_cells=False)
    result = reproduce(asked, CPU, Silent())
    assert (result["cells"], result["cells_run_now"], result["cells_missing"]) == (5, 0, 2)
    assert "Partial: 2 of 6 cells" in (finished / "table4.md").read_text()


def test_figure_9_says_whether_the_gain_is_larger_under_clouds(finished: Path) -> None:
    text = (finished / "fig9.md").read_text()
    assert "**SIMULATED DATA.**" in text
    assert "The paper's ordering: the gain is larger under clouds" in text


def test_other_settings_are_refused(finished: Path) -> None:
    other = request(finished, scale=replace(MICRO, finetune_epochs=2))
    with pytest.raises(ConfigurationError, match="other settings, data or code"):
        reproduce(other, CPU, Silent())


class StopsAfter(Silent):
    """Asks to stop when more than a third of the cells' work is done."""

    stop = False

    def progress(self, fraction: float, stage: str, eta_s: float | None, metrics: dict) -> None:
        self.stop = self.stop or fraction > 0.3

    def cancelled(self) -> bool:
        return self.stop


def test_a_stopped_run_keeps_its_cells_and_says_partial(tmp_path: Path) -> None:
    asked = request(tmp_path, what=("table4",))
    with pytest.raises(Cancelled):
        reproduce(replace(asked, methods=("s4", "s4-contrastive")), CPU, StopsAfter())
    done = list((tmp_path / "cells").glob("*.json"))
    assert 0 < len(done) < 4
    assert f"Partial: {len(done)} of 6 cells" in (tmp_path / "table4.md").read_text()
    assert f"Partial: {len(done)} of 6 cells" in (tmp_path / "reproduction.md").read_text()


def test_given_folders_must_hold_the_data_sets(tmp_path: Path) -> None:
    given = {"pastis-r": tmp_path / "none", "m2s2": tmp_path / "none"}
    with pytest.raises(InputError, match="PASTIS-R"):
        reproduce(request(tmp_path / "out", given=given), CPU, Silent())


def test_the_bar_is_of_all_cells() -> None:
    heard: list[tuple[float, str, float | None]] = []

    class Hears(Silent):
        def progress(self, fraction, stage, eta_s, metrics):
            heard.append((fraction, stage, eta_s))

    times = iter([0.0, 0.0, 10.0, 20.0, 40.0, 50.0])
    progress = CellProgress(Hears(), (1.0, 1.0, 2.0), clock=lambda: next(times))
    progress.begin("data")
    progress.finish()
    progress.begin("first")
    progress.progress(0.5, "pretrain", 1.0, {})
    progress.finish()
    stage = progress.begin("second")
    assert isinstance(stage, Stage)
    progress.progress(0.5, "fine-tune", None, {})
    assert heard[0] == (0.25, "data", pytest.approx(0.0))
    assert heard[1] == (0.375, "1 of 2: first, pretrain", pytest.approx(10 / 0.375 - 10))
    assert heard[2][0] == 0.5
    assert heard[3] == (0.75, "2 of 2: second, fine-tune", pytest.approx(40 / 3))


def test_a_method_may_pretrain_several_times_as_long(tmp_path: Path) -> None:
    asked = request(tmp_path, what=("ground",), methods=("s4-ground",), data_sets=("pastis-r",))
    assert reproduce(asked, CPU, Silent())["cells_run_now"] == 4
    (history,) = (tmp_path / "pretrained").glob("*.history.jsonl")
    assert len(history.read_text().splitlines()) == 4 * MICRO.pretrain_epochs
