from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsProject

from s4_qgis.panel.checkpoint_choice import CheckpointChoice
from s4_qgis.panel.pretrain import PretrainBox, estimate_text, pace
from s4_qgis.panel.train import TrainPage, mode_texts
from s4_qgis.shipped import shipped_checkpoint


@pytest.fixture
def page(labelled, tiny_pretrained):
    labelled.init_model = str(tiny_pretrained)
    return TrainPage(labelled, None)


def trained(page, wait, mode="head"):
    page.modes[mode].setChecked(True)
    page.start()
    assert page.job_row.is_running
    wait(lambda: not page.job_row.is_running, 90)


def test_without_parcels_the_page_says_what_is_missing(session):
    page = TrainPage(session, None)
    assert page.state_of(session).kind == "todo"
    assert page.state_of(session).summary == "Choose images first"
    assert not page.start_button.isEnabled()


def test_one_class_is_not_enough(page, labelled):
    labelled.labels = replace(labelled.labels, taught=1)
    assert page.state_of(labelled).kind == "todo"
    assert page.state_of(labelled).summary == "Label two classes first"
    assert not page.start_button.isEnabled()
    labelled.labels = replace(labelled.labels, taught=2)
    assert page.start_button.isEnabled()


def test_the_form_holds_what_the_page_shows(page, labelled, tiny_pretrained):
    assert page.state_of(labelled).kind == "ready"
    page.modes["full"].setChecked(True)
    page.epochs.setValue(7)
    page.per_class.setValue(3)
    form = page.form()
    assert form.init == str(tiny_pretrained)
    assert (form.mode, form.epochs, form.parcels_per_class) == ("full", 7, 3)
    assert (form.field_name, form.modality, form.compare) == ("crop", "optical", True)
    assert form.out.startswith(str(Path(form.out).parents[2] / "tiny" / "models" / "optical-full"))
    page.modes["head"].setChecked(True)
    assert page.form().epochs is None
    assert not page.epochs.isEnabled()
    assert set(mode_texts()) == {"head", "decoder", "full"}


def test_a_quick_training_shows_score_rival_and_device(page, labelled, engine, wait):
    trained(page, wait)
    assert page.notice.text() == ""
    assert Path(labelled.model).is_file()
    assert page.state_of(labelled).kind == "done"
    record = labelled.train_result["record"]
    assert record["rival"]["name"] == "random forest"
    assert not page.score.isHidden()
    assert "same parcels" in page.score.words.text()
    assert page.device.text().startswith("Runs on CPU: ")
    assert page.curve.isHidden()  # a readout has no curve


def test_a_decoder_training_draws_both_curves(page, labelled, engine, wait):
    page.epochs.setValue(2)
    page.compare.setChecked(False)
    trained(page, wait, "decoder")
    assert not page.curve.isHidden()
    assert [epoch for epoch, _ in page.curve.curves.losses] == [1, 2]
    assert [epoch for epoch, _ in page.curve.curves.scores] == [1, 2]
    assert labelled.train_result["record"]["validation"]["scheme"] == "hold-out"
    assert "rival" not in labelled.train_result["record"]


def test_a_stopped_training_can_go_on(page, labelled, engine, wait):
    page.epochs.setValue(400)
    page.compare.setChecked(False)
    page.modes["decoder"].setChecked(True)
    page.start()
    wait(lambda: len(page.curve.curves.scores) >= 1, 90)
    page.job_row.cancel()
    wait(lambda: not page.job_row.is_running, 60)
    assert labelled.model == ""
    assert not page.resume_button.isHidden()
    page.resume()
    assert page.job_row.is_running
    assert len(page.curve.curves.scores) >= 1, "the finished epochs are shown at once"
    wait(lambda: len(page.curve.curves.losses) > 1, 60)
    page.job_row.cancel()
    wait(lambda: not page.job_row.is_running, 60)


def test_an_error_of_the_engine_is_shown_with_its_remedy(page, labelled, engine, wait):
    labelled.init_model = str(Path(__file__))
    trained(page, wait)
    assert page.running_state().kind == "failed"
    assert page.notice.text()
    assert labelled.model == ""


def test_what_cannot_be_right_is_said_before_a_worker_starts(page, labelled, tiny_pretrained):
    page.out.setFilePath(str(tiny_pretrained))
    page.start()
    assert "would replace" in page.notice.text()
    assert not page.job_row.is_running


def test_a_result_for_a_closed_project_is_only_told(page, labelled, engine, wait):
    page.compare.setChecked(False)
    page.start()
    QgsProject.instance().clear()
    wait(lambda: not page.job_row.is_running, 90)
    assert labelled.model == ""
    assert "its project is closed" in page.notice.text()


def test_pretraining_becomes_the_model_to_start_from(page, labelled, tiny_pretrained, engine, wait):
    box = page.pretrain
    assert box.folders.item(0).text() == "This area: tiny"
    box.epochs.setValue(2)
    box.steps.setValue(1)
    assert "2 steps" in box.estimate.text()
    box.start()
    wait(lambda: not box.job_row.is_running, 120)
    assert labelled.init_model != str(tiny_pretrained)
    assert Path(labelled.init_model).is_file()
    assert page.init.path() == labelled.init_model
    assert [epoch for epoch, _ in box.curve.curves.losses] == [1, 2]
    assert len(box.curve.curves.scores) == 2
    assert pace() > 0


def test_areas_are_the_current_one_and_more_folders(labelled, tmp_path):
    box = PretrainBox(labelled)
    box.add_folder(str(tmp_path))
    box.add_folder(str(tmp_path))
    assert [area.folder for area in box.areas()] == [labelled.area.folder, str(tmp_path)]


def test_estimates_come_from_measurements_only():
    assert "measured once it runs" in estimate_text(300, 0)
    assert "about 10 min" in estimate_text(300, 2.0)
    assert "about 2.5 h" in estimate_text(300, 30.0)


def test_shipped_and_own_models_can_be_chosen(qgis_app, tmp_path):
    choice = CheckpointChoice()
    told = []
    choice.chosen.connect(told.append)
    assert choice.path() == str(shipped_checkpoint())
    assert "Reads" in choice.about.text()
    choice.show_path(str(tmp_path / "own.safetensors"))
    assert told == []
    assert choice.path() == str(tmp_path / "own.safetensors")
    assert not choice.file.isHidden()
    choice.list.setCurrentIndex(0)
    assert told == [str(shipped_checkpoint())]
