"""Comparing methods in the panel, by a real worker."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from qgis.core import QgsFeatureRequest, QgsProject, QgsVectorLayer
from qgis.PyQt.QtWidgets import QApplication

from s4_qgis.forms import AreaForm, FewParcelsForm
from s4_qgis.panel.comparison import ComparisonBox, estimate_text, has_cells, keep_pace, pace
from s4_qgis.panel.comparison_view import PlotWindow
from s4_qgis.panel.labels import LabelsPage
from s4_qgis.panel.state import LabelsChoice
from s4_qgis.panel.train import TrainPage
from s4_qgis.shipped import shipped_checkpoint
from tests.s4_qgis.processes import kill_workers, workers


@pytest.fixture
def box(ready: Any, tiny_pretrained: Path) -> ComparisonBox:
    """The section after a training on the tiny area: quick methods, one parcel, two draws."""
    ready.init_model = str(tiny_pretrained)
    made = ComparisonBox(ready)
    made.allow(True)
    choose(made, "s4", "logistic")
    made.most.setValue(1)
    made.draws.setValue(2)
    return made


def choose(box: ComparisonBox, *names: str) -> None:
    for name, tick in box.methods.items():
        tick.setChecked(name in names)


def compare(box: ComparisonBox, wait: Any) -> None:
    box.start()
    assert box.job_row.is_running, box.notice.text()
    wait(lambda: not box.job_row.is_running, 120)


def table_of(box: ComparisonBox) -> list[list[str]]:
    table = box.view.table
    return [
        [table.item(row, column).text() for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


def test_it_is_offered_after_a_training(labelled: Any, learned: dict[str, Any]) -> None:
    page = TrainPage(labelled, None)
    assert page.comparison.isHidden()
    labelled.update(model=str(learned["model"]), train_result=learned)
    assert not page.comparison.isHidden()
    assert page.comparison.start_button.isEnabled()
    labelled.labels = replace(labelled.labels, field="")
    assert not page.comparison.start_button.isEnabled()


def test_the_form_holds_what_the_section_shows(ready: Any) -> None:
    box = ComparisonBox(ready)
    form = box.form()
    defaults = FewParcelsForm(ready.area, "", "", "optical")
    assert (form.most, form.draws) == (defaults.most, defaults.draws) == (2, 5)
    assert form.methods == defaults.methods == ("s4", "rf", "logistic")
    assert form.init == str(shipped_checkpoint())
    assert (form.area, form.modality) == (ready.area, "optical")
    assert (form.labels, form.field_name) == (ready.labels.path, "crop")
    assert Path(form.out).parent.name == "comparisons"
    assert form.runtime.threads == 1
    box.methods["s4-area"].setChecked(True)
    assert "s4-area" in box.form().methods


def test_s4_needs_somebody_to_be_compared_with(box: ComparisonBox) -> None:
    assert not box.methods["s4"].isEnabled()
    choose(box, "s4")
    assert not box.start_button.isEnabled()
    choose(box, "s4", "rocket")
    assert box.start_button.isEnabled()


def test_the_sample_with_the_shipped_model(
    box: ComparisonBox, sample: Path, engine: str, wait: Any
) -> None:
    session = box._session
    session.update(
        area=AreaForm(folder=str(sample)),
        init_model="",
        labels=LabelsChoice(str(sample / "parcels.gpkg"), field="crop"),
    )
    stages: list[str] = []
    box.job_row.message.connect(lambda _: stages.append(box.job_row._stage.text()))
    compare(box, wait)
    assert box.notice.text() == ""
    assert {"Optical: Logistic regression", "Optical: S4"} <= set(stages)
    result = json.loads(Path(session.comparison["out"]).read_text(encoding="utf-8"))
    assert [row[0] for row in table_of(box)] == sorted(
        ("S4", "Logistic regression"),
        key=lambda text: -result["methods"]["s4" if text == "S4" else "logistic"]["mean"],
    )
    own = next(row for row in table_of(box) if row[0] == "S4")
    assert own[1] == f"{result['methods']['s4']['mean']:.2f}"
    assert own[2] == f"{result['methods']['s4']['mean_vote']:.2f}"
    assert own[3].startswith(f"{result['difference']['mean']:+.2f} (")
    assert own[4] == f"{result['methods']['s4']['ece']:.2f}"
    low, high = (result["difference"][end] for end in ("low", "high"))
    assert ("excludes zero" in box.view.verdict.text()) == (not low <= 0 <= high)
    assert box.view.simulated.text().startswith("SIMULATED DATA.")
    assert "1 parcel(s) per class teach, 2 draws each" in box.view.notes.text()
    assert not box.view.isHidden()
    assert pace("s4") > 0
    assert "as measured on this machine" in box.estimate.text()


def test_the_result_can_be_looked_at_and_taken_away(
    box: ComparisonBox, engine: str, wait: Any, tmp_path: Path
) -> None:
    compare(box, wait)
    box.view.show_plot()
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, PlotWindow)]
    assert [window.isVisible() for window in windows] == [True]
    windows[0].close()
    box.view.save_copy(str(tmp_path / "away" / "mine.json"))
    assert {path.name for path in (tmp_path / "away").iterdir()} == {"mine.json", "mine.png"}
    assert "mine.json" in box.notice.text()
    copied = json.loads((tmp_path / "away" / "mine.json").read_text(encoding="utf-8"))
    assert set(copied["methods"]) == {"s4", "logistic"}

    box.view.save_copy("/proc/mine.json")
    assert "/proc/mine.json cannot be written" in box.notice.text()
    for name in ("out", "plot"):
        Path(box._session.comparison[name]).unlink()
    for look in (box.view.show_plot, lambda: box.view.save_copy(str(tmp_path / "b.json"))):
        box.notice.clear()
        look()
        assert "compare again" in box.notice.text()


def test_a_project_brings_its_comparison_back(
    box: ComparisonBox, ready: Any, engine: str, wait: Any, tmp_path: Path
) -> None:
    compare(box, wait)
    shown, project = table_of(box), QgsProject.instance()
    assert project.write(str(tmp_path / "project.qgs"))
    project.clear()
    assert box.view.isHidden()
    project.read(str(tmp_path / "project.qgs"))
    assert table_of(box) == shown
    assert not box.view.isHidden()


def test_a_stopped_comparison_goes_on(box: ComparisonBox, engine: str, wait: Any) -> None:
    choose(box, "s4", "rf")
    box.most.setValue(2)
    box.draws.setValue(12)
    box.start()
    wait(lambda: has_cells(box._form.out) or not box.job_row.is_running, 120)
    box.job_row.cancel()
    wait(lambda: not box.job_row.is_running, 60)
    assert box.notice.text() == "Stopped. The methods that are finished are kept."
    assert not box.resume_button.isHidden()
    assert box._session.comparison == {}
    assert workers() == []
    box.draws.setValue(7)  # what was stopped goes on as it was
    box.resume()
    wait(lambda: not box.job_row.is_running, 120)
    assert [draw["asked"] for draw in box._session.comparison["draws"]] == [12, 12]
    assert box.resume_button.isHidden()


def test_a_killed_worker_is_told(box: ComparisonBox, engine: str, wait: Any) -> None:
    choose(box, "s4", "rf")
    box.draws.setValue(100)
    box.start()
    wait(workers, 30)
    kill_workers()
    wait(lambda: not box.job_row.is_running, 30)
    said = box.notice.text()
    assert "was killed" in said
    assert len(said.splitlines()) >= 2, "what happened, and what to do"
    assert box._session.comparison == {}
    assert box.start_button.isEnabled()


def memory_layer(area: Path, expression: str) -> QgsVectorLayer:
    """Some of the area's parcels in a layer that is in no file."""
    stored = QgsVectorLayer(str(area / "parcels.gpkg"), "parcels", "ogr")
    layer = stored.materialize(QgsFeatureRequest().setFilterExpression(expression))
    QgsProject.instance().addMapLayer(layer)
    return layer


def choose_layer(session: Any, layer: QgsVectorLayer, wait: Any) -> None:
    """As the user does it on the page of the labels."""
    page = LabelsPage(session, None)
    page.use_layer(layer, "crop")
    wait(lambda: session.labels is not None and session.labels.layer_id == layer.id(), 20)


def test_parcels_that_are_in_no_file(
    box: ComparisonBox, ready: Any, tiny_area: Path, engine: str, wait: Any
) -> None:
    choose_layer(ready, memory_layer(tiny_area, "parcel_id < '7'"), wait)
    compare(box, wait)
    assert len(table_of(box)) == 2, box.notice.text()


def test_no_parcel_to_spare_is_told_with_what_to_do(
    box: ComparisonBox, ready: Any, tiny_area: Path, engine: str, wait: Any
) -> None:
    choose_layer(ready, memory_layer(tiny_area, "parcel_id in ('1', '2', '5')"), wait)
    box.most.setValue(2)
    compare(box, wait)
    said = box.notice.text()
    assert "Nothing can be compared: fewer than two classes of tiny have more than 1" in said
    assert "Label more parcels" in said
    assert box.view.isHidden()
    assert box.resume_button.isHidden()


def test_what_cannot_be_right_is_said_before_a_worker_starts(box: ComparisonBox) -> None:
    box.out.setFilePath("/somewhere/result.txt")
    box.start()
    assert "Give it a name that ends in .json." in box.notice.text()
    assert not box.job_row.is_running


def test_a_result_for_a_closed_project_is_only_told(
    box: ComparisonBox, engine: str, wait: Any
) -> None:
    box.start()
    QgsProject.instance().clear()
    wait(lambda: not box.job_row.is_running, 120)
    assert box._session.comparison == {}
    assert "its project is closed" in box.notice.text()
    assert box._form is not None
    assert box._form.out in box.notice.text()


def test_estimates_come_from_measurements_only() -> None:
    assert "measured once it runs" in estimate_text(10, [0.0, 2.0])
    cells = [
        {"method": "rf", "k": 1, "miou": [0.1] * 4, "seconds": 8.0, "prepared_s": 4.0},
        {"method": "rf", "k": 2, "miou": [0.1] * 4, "seconds": 12.0, "prepared_s": 4.0},
    ]
    keep_pace(cells)
    assert pace("rf") == 3.0
    assert "30 draws: about 2 min" in estimate_text(30, [pace("rf"), 1.0])
