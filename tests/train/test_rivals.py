from dataclasses import replace

import numpy as np
import pytest

from s4_core.progress import Silent, Stage
from s4_core.train.finetune import finetune
from s4_core.train.pixels import Pixels
from s4_core.train.rivals import TREES, fill_gaps, judge_forest
from s4_core.types import FinetuneSettings, Modality
from tests.train.toys import toy_labels

DAYS = np.array([340, 350, 5, 15], np.float32)  # over the year's end


def test_gaps_are_filled_between_the_nearest_valid_dates():
    x = np.array([1.0, 99.0, 99.0, 4.0], np.float32)[None, :, None, None]
    valid = np.array([True, False, False, True])[:, None, None]
    filled = fill_gaps(x, valid, DAYS)[0, :, 0, 0]
    gap = 340 + np.array([0, 10, 30.25, 40.25])
    assert filled == pytest.approx(np.interp(gap, [340, 380.25], [1, 4]), abs=1e-5)


def test_ends_hold_the_nearest_date_and_unseen_pixels_are_zero():
    x = np.arange(8, dtype=np.float32).reshape(1, 4, 1, 2)
    valid = np.zeros((4, 1, 2), bool)
    valid[1, 0, 0] = True
    filled = fill_gaps(x, valid, DAYS)
    assert filled[0, :, 0, 0].tolist() == [2.0] * 4
    assert filled[0, :, 0, 1].tolist() == [0.0] * 4


def test_a_held_out_parcel_is_predicted_by_the_others():
    # parcel 3 says that it is of class 0, but looks like class 1
    parcels = np.repeat(np.arange(5), 4)
    classes = np.repeat([0, 0, 1, 0, 1], 4)
    looks = np.repeat([0.0, 0.0, 5.0, 5.0, 5.0], 4)[:, None].astype(np.float32)
    place = np.zeros(20, np.int64)
    pixels = Pixels(place, place, classes, parcels)
    held_out = judge_forest(
        looks,
        pixels,
        [np.array([3]), np.array([0])],
        class_count=2,
        scheme="leave-one-parcel-out",
        seed=0,
        threads=1,
        stage=Stage(Silent(), "forest"),
    )
    assert held_out.classes.tolist() == [0, 0]
    assert held_out.counts.tolist() == [[0, 4], [4, 0]]


@pytest.mark.parametrize("mode", ["head", "full"])
def test_the_record_holds_the_rivals_score_on_the_same_split(
    tmp_path, toy_area, untrained_model, tiny_settings, mode
):
    choices = FinetuneSettings(mode=mode, epochs=2, patch_px=16)
    card = finetune(
        toy_area,
        toy_labels(),
        untrained_model,
        replace(tiny_settings, finetune=choices),
        (Modality.RADAR,),
        tmp_path / "model.safetensors",
        compare=True,
        stage=Stage(Silent(), "train"),
    )
    rival, own = card.record["rival"], card.record["validation"]
    assert (rival["name"], rival["trees"]) == ("random forest", TREES)
    assert rival["scheme"] == own["scheme"]
    assert rival["not_assessable"] == own["not_assessable"]
    assert rival["miou"]["value"] > 0.9
    assert rival["miou"]["low"] <= rival["miou"]["value"] <= rival["miou"]["high"]


def test_without_held_out_parcels_there_is_no_rival(
    tmp_path, toy_area, untrained_model, tiny_settings
):
    card = finetune(
        toy_area,
        toy_labels(),
        untrained_model,
        replace(tiny_settings, finetune=FinetuneSettings(parcels_per_class=1)),
        (Modality.RADAR,),
        tmp_path / "model.safetensors",
        compare=True,
        stage=Stage(Silent(), "train"),
    )
    assert card.record["rival"] is None
