import pytest

from s4_core.errors import OutputError
from s4_core.train.history import append_entry, history_path, keep_epochs, read_history


def test_the_curve_lies_beside_the_checkpoint(tmp_path):
    assert history_path(tmp_path / "model.safetensors") == tmp_path / "model.history.jsonl"


def test_lines_come_back_in_order(tmp_path):
    path = tmp_path / "curve.jsonl"
    append_entry(path, {"epoch": 1, "loss": 2.5, "validation_loss": None})
    append_entry(path, {"epoch": 2, "loss": 1.5, "validation_loss": 3.0})
    assert read_history(path) == [
        {"epoch": 1, "loss": 2.5, "validation_loss": None},
        {"epoch": 2, "loss": 1.5, "validation_loss": 3.0},
    ]


def test_a_line_cut_by_a_kill_is_left_out(tmp_path):
    path = tmp_path / "curve.jsonl"
    path.write_text('{"epoch": 1, "loss": 2.0}\n{"epoch": 2, "lo')
    assert read_history(path) == [{"epoch": 1, "loss": 2.0}]


def test_epochs_after_the_saved_state_are_cut(tmp_path):
    path = tmp_path / "curve.jsonl"
    for epoch in (1, 2, 3):
        append_entry(path, {"epoch": epoch, "loss": float(epoch)})
    keep_epochs(path, 2)
    assert [entry["epoch"] for entry in read_history(path)] == [1, 2]


def test_keeping_no_epoch_leaves_no_curve(tmp_path):
    path = tmp_path / "curve.jsonl"
    append_entry(path, {"epoch": 1, "loss": 1.0})
    keep_epochs(path, 0)
    keep_epochs(path, 0)
    assert list(tmp_path.iterdir()) == []


def test_numbers_that_are_not_finite_become_null(tmp_path):
    path = tmp_path / "curve.jsonl"
    append_entry(path, {"epoch": 1, "loss": float("nan")})
    assert read_history(path) == [{"epoch": 1, "loss": None}]


def test_a_missing_folder_is_an_output_error(tmp_path):
    with pytest.raises(OutputError, match="cannot be written"):
        append_entry(tmp_path / "absent" / "curve.jsonl", {"epoch": 1})
