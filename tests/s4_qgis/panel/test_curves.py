import json

import pytest

from s4_qgis.panel.curves import LOSS, SCORE, Curves, CurveWidget, nice_range, read_history


def entry(epoch, **values):
    return json.dumps({"epoch": epoch, "step": epoch * 4, "seconds": epoch * 2.0, **values})


def test_losses_of_an_unfinished_epoch_are_averaged():
    curves = Curves()
    assert curves.hear({"epoch": 1, "loss": 2.0}) is True
    assert curves.hear({"epoch": 1, "loss": 1.0}) is False
    assert curves.hear({"epoch": 2, "loss": 0.5}) is True
    assert curves.losses == ((1, 1.5), (2, 0.5))
    assert curves.scores == ()


def test_the_curve_file_counts_more_than_the_messages():
    curves = Curves()
    curves.hear({"epoch": 1, "loss": 9.0})
    curves.hear({"epoch": 2, "loss": 0.5})
    curves.read([entry(1, loss=1.25, validation_miou=0.4)])
    assert curves.losses == ((1, 1.25), (2, 0.5))
    assert curves.scores == ((1, 0.4),)
    assert curves.seconds_per_step == pytest.approx(0.5)


def test_what_is_not_finite_unknown_or_broken_is_left_out():
    curves = Curves()
    assert curves.hear({"tiles": 3.0}) is False
    assert curves.hear({"epoch": 1, "loss": float("nan")}) is False
    curves.read([entry(1, loss=1.0, validation_miou=None), '{"epoch": 2, "lo'])
    assert curves.losses == ((1, 1.0),)
    assert curves.scores == ()


def test_a_resumed_training_shows_its_earlier_epochs(tmp_path):
    (tmp_path / "m.history.jsonl").write_text(entry(1, loss=1.0) + "\n" + entry(2, loss=0.5))
    curves = Curves()
    read_history(curves, str(tmp_path / "m.safetensors"))
    curves.hear({"epoch": 3, "loss": 0.25})
    assert curves.losses == ((1, 1.0), (2, 0.5), (3, 0.25))
    read_history(Curves(), str(tmp_path / "none.safetensors"))


@pytest.mark.parametrize(
    ("values", "limits"),
    [([], (0, 1)), ([0.21, 0.99], (0.2, 1.0)), ([1.1, 1.3], (1.1, 1.3)), ([3, 48], (0, 50))],
)
def test_axes_have_round_ends(values, limits):
    assert nice_range(values) == pytest.approx(limits)


def test_equal_values_still_have_an_axis():
    low, high = nice_range([2.0, 2.0])
    assert low < 2.0 < high


@pytest.mark.parametrize("filled", [False, True])
def test_both_curves_are_drawn(filled):
    widget = CurveWidget("validation mIoU")
    curves = Curves()
    if filled:
        curves.read([entry(i, loss=1 / i, validation_miou=1 - 0.5 / i) for i in range(1, 20)])
    widget.show_curves(curves)
    widget.resize(360, 160)
    image = widget.grab().toImage()
    inner = {image.pixelColor(x, y).name() for x in range(70, 290) for y in range(30, 130)}
    assert (LOSS.name() in inner) is filled
    assert (SCORE.name() in inner) is filled
