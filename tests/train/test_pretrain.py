from dataclasses import replace

import numpy as np
import pytest
import torch

from s4_core import nn
from s4_core.errors import AreaError, Cancelled, ConfigurationError, TrainingError
from s4_core.model_card import read_card
from s4_core.train.history import history_path, read_history
from s4_core.train.pretrain import check_pairs, pretrain, pretrain_on
from s4_core.train.run import state_path
from s4_core.types import Acquisition, Area, Grid, LossSettings, Modality, RasterFile
from tests.train.toys import ToySource, open_toy, stopping, with_epochs, write_toy_area

GRID = Grid("", (0.0, 10.0, 0.0, 0.0, 0.0, -10.0), 32, 32)


@pytest.fixture
def run(tiny_settings, toy_preparation, tiny_network, silent):
    def start(out, settings=tiny_settings, sources=None, *, stage=silent, resume=False):
        return pretrain_on(
            sources or [ToySource()],
            toy_preparation,
            settings,
            out,
            tiny_network(),
            resume=resume,
            stage=stage,
        )

    return start


def weights(path):
    return nn.load_network(path)[0].state_dict()


def curve(out):
    return [{k: v for k, v in e.items() if k != "seconds"} for e in read_history(history_path(out))]


def assert_same_weights(first, second):
    a, b = weights(first), weights(second)
    assert a.keys() == b.keys()
    for name in a:
        torch.testing.assert_close(a[name], b[name], rtol=0, atol=0, msg=name)


def test_both_losses_fall_on_correlated_modalities(run, tmp_path, tiny_settings):
    out = tmp_path / "model.safetensors"
    schedule = replace(tiny_settings.pretrain, epochs=6, steps_per_epoch=12, learning_rate=3e-3)
    run(out, replace(tiny_settings, pretrain=schedule))
    lines = curve(out)
    assert lines[-1]["contrastive"] < 0.8 * lines[0]["contrastive"]
    assert lines[-1]["reconstruction"] < 0.7 * lines[0]["reconstruction"]
    assert lines[-1]["validation_loss"] < 0.8 * lines[0]["validation_loss"]


def test_patches_cut_apart_teach_too_and_the_record_tells_the_noise_floor(
    run, tmp_path, tiny_settings
):
    out = tmp_path / "model.safetensors"
    schedule = replace(
        tiny_settings.pretrain, epochs=6, steps_per_epoch=12, learning_rate=3e-3, shift_px=4
    )
    run(out, replace(tiny_settings, pretrain=schedule))
    lines = curve(out)
    assert lines[-1]["contrastive"] < 0.9 * lines[0]["contrastive"]
    floor = read_card(out).record["noise_floor"]
    assert floor["pairs"] < floor["noise"]
    assert floor["pairs"] < floor["chance"]


def test_the_curve_has_a_line_an_epoch(run, tmp_path):
    out = tmp_path / "model.safetensors"
    run(out)
    lines = read_history(history_path(out))
    assert [line["epoch"] for line in lines] == [1, 2, 3, 4]
    assert [line["step"] for line in lines] == [3, 6, 9, 12]
    assert set(lines[0]) == {
        "epoch",
        "step",
        "loss",
        "contrastive",
        "reconstruction",
        "validation_loss",
        "seconds",
        "learning_rate",
    }
    for line in lines:
        # Eq. 1 with lambda 1
        assert line["loss"] == pytest.approx(line["contrastive"] + line["reconstruction"], rel=1e-5)


def test_the_same_seed_gives_the_same_result(run, tmp_path, tiny_settings, tiny_network):
    run(tmp_path / "a.safetensors")
    run(tmp_path / "b.safetensors")
    assert_same_weights(tmp_path / "a.safetensors", tmp_path / "b.safetensors")
    assert curve(tmp_path / "a.safetensors") == curve(tmp_path / "b.safetensors")
    run(tmp_path / "c.safetensors", replace(tiny_settings, seed=2))
    assert curve(tmp_path / "c.safetensors") != curve(tmp_path / "a.safetensors")


def test_a_killed_training_goes_on_bit_for_bit(run, tmp_path):
    whole, parts = tmp_path / "whole.safetensors", tmp_path / "parts.safetensors"
    run(whole)
    # killed in the third epoch: 3 steps an epoch, the 8th step is not reached
    with pytest.raises(Cancelled):
        run(parts, stage=stopping(after=7))
    assert not parts.exists()
    assert [e["epoch"] for e in curve(parts)] == [1, 2]
    # what the network was at the kill does not matter
    run(parts, resume=True)
    assert_same_weights(whole, parts)
    assert curve(parts) == curve(whole)
    assert not state_path(parts).exists()


def test_a_cancel_leaves_state_and_curve_but_no_model(run, tmp_path):
    out = tmp_path / "model.safetensors"
    with pytest.raises(Cancelled):
        run(out, stage=stopping(after=4))
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "model.history.jsonl",
        "model.state.safetensors",
    ]


def test_an_earlier_model_survives_a_cancel(run, tmp_path):
    out = tmp_path / "model.safetensors"
    run(out)
    before = out.read_bytes()
    with pytest.raises(Cancelled):
        run(out, stage=stopping(after=4))
    assert out.read_bytes() == before


def test_training_can_go_on_longer_but_not_otherwise(run, tmp_path, tiny_settings):
    out = tmp_path / "model.safetensors"
    with pytest.raises(Cancelled):
        run(out, stage=stopping(after=4))
    other = replace(tiny_settings, loss=LossSettings(temperature=0.7))
    with pytest.raises(ConfigurationError, match=r"loss\.temperature: 0\.1, now 0\.7"):
        run(out, other, resume=True)
    run(out, with_epochs(tiny_settings, 5), resume=True)
    assert [e["epoch"] for e in curve(out)] == [1, 2, 3, 4, 5]


def test_the_card_tells_how_the_model_was_made(run, tmp_path, toy_preparation):
    out = tmp_path / "model.safetensors"
    card = run(out, sources=[ToySource(), ToySource("real", simulated=False, seed=5)])
    assert read_card(out) == card
    assert card.calendar == toy_preparation.calendar
    assert card.simulated == "in part"
    assert card.legend is None
    assert card.settings["network"]["widths"] == [8, 8, 16]
    record = card.record
    assert [area["name"] for area in record["areas"]] == ["toy", "real"]
    assert (record["epochs"], record["steps"], record["seed"]) == (4, 12, 1)
    best = min(curve(out), key=lambda e: e["validation_loss"])
    assert record["best_epoch"] == best["epoch"]
    assert record["losses"]["validation_loss"] == best["validation_loss"]
    assert {"software", "torch", "device", "duration_s"} <= record.keys()


def test_the_best_validation_epoch_is_kept(run, tmp_path, tiny_settings):
    out = tmp_path / "model.safetensors"
    # a rate so large that the losses jump up and down
    schedule = replace(tiny_settings.pretrain, epochs=6, learning_rate=0.05)
    card = run(out, replace(tiny_settings, pretrain=schedule))
    losses = [e["validation_loss"] for e in curve(out)]
    assert card.record["best_epoch"] == int(np.argmin(losses)) + 1


def test_an_infinite_value_stops_the_training_by_name(run, tmp_path):
    out = tmp_path / "model.safetensors"
    with pytest.raises(TrainingError, match=r"epoch 1, step \d") as caught:
        run(out, sources=[ToySource(spoilt=True)])
    assert "learning_rate" in caught.value.remedy
    assert not out.exists()


def test_two_losses_of_weight_zero_are_refused(run, tmp_path, tiny_settings):
    nothing = LossSettings(contrastive_weight=0, reconstruction_weight=0)
    with pytest.raises(ConfigurationError, match="weight 0"):
        run(tmp_path / "model.safetensors", replace(tiny_settings, loss=nothing))


def test_without_validation_patches_the_last_epoch_is_kept(run, tmp_path, tiny_settings):
    schedule = replace(tiny_settings.pretrain, validation_patches=0)
    card = run(tmp_path / "model.safetensors", replace(tiny_settings, pretrain=schedule))
    assert card.record["best_epoch"] == 4


def test_an_area_without_radar_is_named():
    raster = RasterFile("a.tif", GRID, ("B04",), (None,), "UInt16")
    optical = Acquisition(Modality.OPTICAL, np.datetime64("2021-01-01").item(), raster, {"B04": 1})
    area = Area("somewhere", ".", GRID, None, (optical,))
    with pytest.raises(AreaError, match="somewhere has no radar"):
        check_pairs([area])
    with pytest.raises(AreaError, match="No area"):
        check_pairs([])


def test_areas_on_disk_are_pretrained_on(tmp_path, toy_area, tiny_settings, silent):
    second = open_toy(write_toy_area(tmp_path / "second", "second", seed=3, simulated=True))
    out = tmp_path / "model.safetensors"
    card = pretrain([toy_area, second], with_epochs(tiny_settings, 2), out, stage=silent)
    assert [(a["name"], a["dates"]) for a in card.record["areas"]] == [
        ("toy", {"optical": 16, "radar": 16}),
        ("second", {"optical": 16, "radar": 16}),
    ]
    assert card.simulated == "in part"
    assert card.calendar.count == 8
    assert 0.15 < card.modalities[Modality.OPTICAL].mean[0] < 0.25
    assert -14 < card.modalities[Modality.RADAR].mean[0] < -12


def test_a_model_can_be_pretrained_further(tmp_path, toy_area, tiny_settings, silent, tiny_network):
    first, second = tmp_path / "first.safetensors", tmp_path / "second.safetensors"
    settings = with_epochs(tiny_settings, 1)
    card = pretrain([toy_area], settings, first, stage=silent)
    wider = replace(settings, network=replace(settings.network, widths=(16, 16, 16)))
    further = pretrain([toy_area], wider, second, init=str(first), stage=silent)
    assert further.settings["network"]["widths"] == [8, 8, 16]
    assert further.modalities == card.modalities
    assert further.record["pretraining"] == card.record


def test_nearest_pairs_of_preset_paper(tmp_path, toy_area, tiny_settings, silent):
    temporal = replace(tiny_settings.temporal, mode="nearest", mask_clouds=False)
    settings = with_epochs(replace(tiny_settings, temporal=temporal), 1)
    card = pretrain([toy_area], settings, tmp_path / "model.safetensors", stage=silent)
    assert card.calendar is None
    assert np.isfinite(card.record["losses"]["loss"])


def test_an_area_given_twice_is_read_once_and_recorded_once(
    tmp_path, toy_area, tiny_settings, silent
):
    areas = [toy_area, toy_area]
    card = pretrain(
        areas, with_epochs(tiny_settings, 1), tmp_path / "model.safetensors", stage=silent
    )
    assert len(card.record["areas"]) == 1
